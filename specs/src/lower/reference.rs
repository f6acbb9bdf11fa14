//! `$ref`: a reference becomes the pointer to what it names (OpenAPI 3.0.3, Reference Object).

use super::Lowerer;
use crate::Pointer;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::fragment::fragment;
use crate::text::nearest;

/// How many references may follow one another before something that is not one.
pub(super) const MAX_CHAIN: usize = 100;

/// For how many errors a name that may be meant is looked for: it takes time.
const MAX_GUESSES: usize = 10;

impl<'d> Lowerer<'d, '_> {
    /// The reference at a place, when there is one.
    pub(super) fn reference_at(&self, place: &Pointer) -> Option<&'d str> {
        let document = self.document;
        document.map(place)?.get("$ref")?.as_str()
    }

    /// Where a reference leads, one step.
    ///
    /// # Errors
    ///
    /// `None` with `missing-reference`, `external-reference` or `unread-file` in the sink.
    pub(super) fn target(&mut self, reference: &str, place: &Pointer) -> Option<Pointer> {
        if let Some(known) = self.targets.get(reference) {
            let known = known.clone();
            if known.is_none() {
                // Each place that refers to nothing is a fault of its own.
                self.report(reference, place);
            }
            return known;
        }
        let target = fragment(reference).filter(|target| self.document.get(target).is_some());
        if target.is_none() {
            self.report(reference, place);
        }
        self.targets.insert(reference.to_owned(), target.clone());
        target
    }

    /// The place of what a place holds, after references.
    ///
    /// # Errors
    ///
    /// `None` with what [`Lowerer::target`] says or `reference-cycle` in the sink.
    pub(super) fn follow(&mut self, place: &Pointer) -> Option<Pointer> {
        let mut at = place.clone();
        for _ in 0..MAX_CHAIN {
            let Some(reference) = self.reference_at(&at) else {
                return Some(at);
            };
            at = self.target(reference, &at)?;
        }
        self.sink.push(
            Diagnostic::error(
                codes::REFERENCE_CYCLE,
                "the references lead round in a circle",
            )
            .pointer(place)
            .help("let one of them name what is meant"),
        );
        None
    }

    fn report(&mut self, reference: &str, place: &Pointer) {
        let place = place.join("$ref");
        let place = if self.document.get(&place).is_some() {
            place
        } else {
            place.parent().unwrap_or_default()
        };
        let file = reference.split('#').next().unwrap_or_default();
        if let Some(unread) = self.unread.iter().find(|unread| unread.file == file) {
            self.sink.push(
                Diagnostic::error(
                    codes::UNREAD_FILE,
                    format!("`{file}` is not read: {}", unread.why),
                )
                .pointer(&place)
                .help(unread.help.clone()),
            );
            return;
        }
        if !reference.starts_with('#') {
            self.sink.push(
                Diagnostic::error(
                    codes::EXTERNAL_REFERENCE,
                    format!("`{reference}` lies in another document"),
                )
                .pointer(&place)
                .help("hand the file in with the document; files of the web are not fetched"),
            );
            return;
        }
        let mut diagnostic = Diagnostic::error(
            codes::MISSING_REFERENCE,
            format!("`{reference}` names nothing in this document"),
        )
        .pointer(&place);
        if self.sink.errors() < MAX_GUESSES
            && let Some(target) = fragment(reference)
            && let Some(parent) = target.parent()
            && let Some(map) = self.document.map(&parent)
            && let Some(last) = target.tokens().last()
            && let Some(near) = nearest(&last, map.keys().map(String::as_str))
        {
            diagnostic = diagnostic.help(format!("did you mean `#{}`?", parent.join(near)));
        }
        self.sink.push(diagnostic);
    }
}
