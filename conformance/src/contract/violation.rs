//! A violation: one promise of the document that a request or a reply breaks.

use crate::Rule;
use crate::{ExchangeId, Finding, Severity};
use plumbline_specs::Pointer;

/// One promise of the document that a request or a reply breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The id of the check behind it, for example `body-schema`.
    pub rule: Rule,
    /// How grave it is: what only other readers would mind is a warning.
    pub severity: Severity,
    /// One sentence that says what is wrong; bounded in length.
    pub message: String,
    /// What was expected, short enough for a line.
    pub expected: String,
    /// What came, short enough for a line.
    pub actual: String,
    /// Where in the body, as a JSON Pointer; empty for the whole.
    pub pointer: Option<String>,
    /// Where in the document the promise stands, as a JSON Pointer.
    pub place: Option<String>,
    /// Whether another violation of the same value says it better.
    pub(super) vague: bool,
}

impl Violation {
    /// A failure without further details.
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Failure,
            message: message.into(),
            expected: String::new(),
            actual: String::new(),
            pointer: None,
            place: None,
            vague: false,
        }
    }

    /// With what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// With what came.
    #[must_use]
    pub fn actual(mut self, actual: impl Into<String>) -> Self {
        self.actual = actual.into();
        self
    }

    /// With the place in the body.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// With the place in the document.
    #[must_use]
    pub fn at_place(mut self, place: &Pointer) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// As a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// As another check's.
    #[must_use]
    pub(crate) fn of(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// Below a record or a parameter: the pointer and the message say which.
    #[must_use]
    pub(super) fn within(mut self, prefix: &str, subject: &str) -> Self {
        self.pointer = Some(format!("{prefix}{}", self.pointer.unwrap_or_default()));
        if !subject.is_empty() {
            self.message = format!("{subject}: {}", self.message);
        }
        self
    }

    /// As a finding that the given exchanges show.
    pub fn finding(&self, evidence: Vec<ExchangeId>) -> Finding {
        Finding {
            expected: self.expected.clone(),
            actual: self.actual.clone(),
            pointer: self.pointer.clone(),
            place: self.place.clone(),
            evidence,
            ..Finding::new(self.severity, self.message.clone())
        }
    }
}
