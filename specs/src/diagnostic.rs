//! Diagnostics: what is wrong with an input, where, and what to do about it.

use crate::{Code, Pointer};
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
    /// A stable code, for example `missing-reference`.
    pub code: Code,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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

impl Diagnostic {
    /// Something that cannot be used; its place and help are added by the methods below.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// Something that is lost or doubtful.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    /// Something worth knowing.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message.into())
    }

    fn new(severity: Severity, code: Code, message: String) -> Self {
        Self {
            severity,
            code,
            message,
            place: Place::default(),
            help: None,
        }
    }

    /// Says in which input.
    #[must_use]
    pub fn file(mut self, name: &str) -> Self {
        name.clone_into(&mut self.place.file);
        self
    }

    /// Says where, by pointer.
    #[must_use]
    pub fn pointer(mut self, pointer: &Pointer) -> Self {
        self.place.pointer = Some(pointer.clone());
        self
    }

    /// Says where, by line and column.
    #[must_use]
    pub fn position(mut self, position: Position) -> Self {
        self.place.position = Some(position);
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// All findings about one or several inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// In order: as they were found, or as they were sorted.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many there are of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// How many there are of each severity, in words: `2 errors, 1 warning`.
    pub fn summary(&self) -> String {
        let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .filter_map(|severity| match self.count(severity) {
                0 => None,
                1 => Some(format!("1 {severity}")),
                count => Some(format!("{count} {severity}s")),
            })
            .collect();
        if parts.is_empty() {
            "nothing found".to_owned()
        } else {
            parts.join(", ")
        }
    }

    /// Removes what is said twice; the order stays.
    pub fn deduplicate(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.0.retain(|diagnostic| {
            seen.insert((
                diagnostic.code,
                diagnostic.message.clone(),
                diagnostic.place.pointer.clone(),
                diagnostic.place.file.clone(),
                diagnostic.place.position.map(|at| (at.line, at.column)),
            ))
        });
    }

    /// Sorts by severity, the gravest last, then by file and position where positions are known.
    pub fn sort(&mut self) {
        self.0.sort_by(|left, right| {
            left.severity
                .cmp(&right.severity)
                .then_with(|| left.place.file.cmp(&right.place.file))
                .then_with(|| left.place.position.cmp(&right.place.position))
        });
    }
}

impl Diagnostics {
    /// Changes where they point.
    pub(crate) fn move_pointers(&mut self, origin: impl Fn(&Pointer) -> Pointer) {
        for diagnostic in &mut self.0 {
            if let Some(pointer) = &mut diagnostic.place.pointer {
                *pointer = origin(pointer);
            }
        }
    }

    /// Changes the file and the pointer of those for which there are others.
    pub(crate) fn move_places(&mut self, other: impl Fn(&Place) -> Option<(String, Pointer)>) {
        for diagnostic in &mut self.0 {
            if let Some((file, pointer)) = other(&diagnostic.place) {
                diagnostic.place.file = file;
                diagnostic.place.pointer = Some(pointer);
            }
        }
    }

    pub(crate) fn set_position(&mut self, index: usize, position: Option<Position>) {
        if let Some(diagnostic) = self.0.get_mut(index) {
            diagnostic.place.position = position;
        }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        self.0.extend(iter);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(iter: T) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Without the source lines, one line each; [`crate::render`] shows those.
impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.0 {
            let Diagnostic {
                severity,
                code,
                message,
                place,
                ..
            } = diagnostic;
            write!(formatter, "{severity}[{code}]: {message} ({}", place.file)?;
            if let Some(pointer) = &place.pointer {
                write!(formatter, "#{pointer}")?;
            }
            formatter.write_str(")\n")?;
        }
        formatter.write_str(&self.summary())
    }
}

impl std::error::Error for Diagnostics {}

/// Where a stage puts what it finds in one input.
#[derive(Debug)]
pub(crate) struct Sink {
    file: String,
    found: Diagnostics,
    errors: usize,
    strict: bool,
}

impl Sink {
    /// For an input of that name.
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            found: Diagnostics::default(),
            errors: 0,
            strict: false,
        }
    }

    /// Refuses what could be repaired, or does not.
    pub(crate) fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Adds a fault that is repaired: `assumed` says how. It is a warning, and an error where
    /// reading is strict.
    pub(crate) fn repair(&mut self, mut fault: Diagnostic, assumed: &str) {
        if !self.strict {
            fault.severity = Severity::Warning;
            fault.message = format!("{}; {assumed}", fault.message);
        }
        self.push(fault);
    }

    /// Adds one; its file is the sink's.
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.place.file.is_empty() {
            diagnostic.place.file.clone_from(&self.file);
        }
        self.errors += usize::from(diagnostic.severity == Severity::Error);
        self.found.push(diagnostic);
    }

    /// Adds what another one holds.
    pub(crate) fn take(&mut self, other: Self) {
        self.errors += other.errors;
        self.found.extend(other.found);
    }

    /// How many errors it holds.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// What it holds.
    pub(crate) fn into_found(self) -> Diagnostics {
        self.found
    }
}
