//! Files that a document refers to and that are not read.

/// A file that a document refers to and that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its path from the document's folder.
    pub file: String,
    /// Why not, as a sentence that goes on after "is not read: ".
    pub why: String,
    /// What to do about it.
    pub help: String,
}
