//! What every command shares: how a document is read from disk, how a file and a package are
//! written there, how a command writes to standard output, and how it is asked to end.

pub mod documents;
pub mod output;
pub mod package;
pub mod signals;
pub mod stdout;
