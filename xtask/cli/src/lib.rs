//! What every command shares: how a document is read from disk, and how a file is written there.

pub mod documents;
pub mod output;
