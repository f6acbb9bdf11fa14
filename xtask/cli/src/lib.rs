//! What every command shares: how a document is read from disk, how a file is written there, and
//! how a command writes to standard output.

pub mod documents;
pub mod output;
pub mod stdout;
