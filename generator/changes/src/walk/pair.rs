//! What is one operation in both documents.

use plumbline_specs::api::Operation;

/// An operation of both documents, or of one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) old: Option<&'a Operation>,
    pub(crate) new: Option<&'a Operation>,
    pub(crate) guess: Option<&'static str>,
    /// Whether the server sends the request.
    pub(crate) flipped: bool,
}

impl Pair<'_> {
    /// What a person calls it.
    pub(crate) fn label(&self) -> String {
        self.new
            .or(self.old)
            .map(Operation::label)
            .unwrap_or_default()
    }
}
