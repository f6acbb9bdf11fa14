//! The table of checks and laws: id, promise, and the rule of the specification behind it.

use serde::Serialize;

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// A rule about one exchange, or a few of one operation.
    Check,
    /// A law of pagination.
    Law,
}

/// A check or a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// In kebab-case, stable, for example `no-duplicates`.
    pub id: &'static str,
    /// What kind of rule it is.
    pub family: Family,
    /// What a server promises, in one sentence.
    pub promise: &'static str,
    /// Where that comes from, for example `OpenAPI 3.0.3, Responses Object`.
    pub source: &'static str,
    /// A short example that breaks it.
    pub example: &'static str,
}
