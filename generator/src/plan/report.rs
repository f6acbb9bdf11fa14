//! What plan has to say about its input.

use plumbline_specs::Code;
use plumbline_specs::{Diagnostic, Diagnostics, Pointer};

/// Collects diagnostics about one document.
#[derive(Debug, Default)]
pub(super) struct Report {
    file: String,
    diagnostics: Diagnostics,
}

impl Report {
    /// A report about the document of this name.
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            diagnostics: Diagnostics::default(),
        }
    }

    /// Something is carried over in another way than it was written, and nothing is lost.
    pub(super) fn note(&mut self, code: Code, place: &Pointer, message: impl Into<String>) {
        self.add(Diagnostic::note(code, message), place);
    }

    /// Something is not carried over; `help` says what to do about it.
    pub(super) fn warning(
        &mut self,
        code: Code,
        place: &Pointer,
        message: impl Into<String>,
        help: &str,
    ) {
        self.add(Diagnostic::warning(code, message).help(help), place);
    }

    fn add(&mut self, diagnostic: Diagnostic, place: &Pointer) {
        self.diagnostics
            .push(diagnostic.file(&self.file).pointer(place));
    }

    /// All that was said.
    pub(super) fn finish(mut self) -> Diagnostics {
        self.diagnostics.deduplicate();
        self.diagnostics
    }
}
