//! Diagnostics: what is wrong with an input, where, and what to do about it.

use crate::Pointer;
use serde::Serialize;
use std::fmt;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing: something is read in another way than it was written.
    Note,
    /// Something is lost or doubtful.
    Warning,
    /// The input cannot be used.
    Error,
}

/// One finding about an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// A stable kebab-case code, for example `missing-reference`; ARCHITECTURE.md lists all.
    pub code: &'static str,
    /// A lower-case fragment that says what is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do about it.
    pub help: Option<String>,
}

/// A place in an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The input's name as it was given, a path usually.
    pub file: String,
    /// Line and column from 1; found by pointer when a diagnostic is rendered or by the parser.
    pub position: Option<Position>,
    /// The JSON Pointer, when the input could be parsed.
    pub pointer: Option<Pointer>,
}

/// A line and a column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
