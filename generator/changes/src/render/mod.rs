//! Changes for readers: text, Markdown, JSON and annotations, all of them pure.

mod github;
mod json;
mod markdown;
mod text;

use crate::change::{Change, Severity};
use plumbline_specs::{Input, Pointer, Position, visible};
use std::borrow::Cow;

/// Changes with the documents that they are between.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The old document, to name and to find lines in.
    pub old: Input<'a>,
    /// The new one.
    pub new: Input<'a>,
    /// What [`compare`](crate::compare()) found.
    pub changes: &'a [Change],
}

/// A form that changes are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
    /// For programs; stable.
    Json,
    /// Workflow commands that GitHub turns into annotations.
    Github,
}

impl Comparison<'_> {
    /// The changes in a form.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self),
            Format::Markdown => markdown::render(self),
            Format::Json => json::render(self),
            Format::Github => github::render(self),
        }
    }

    /// The first line of a report.
    pub(crate) fn headline(&self) -> String {
        visible(&headline(self)).into_owned()
    }

    /// Each change as a terminal shows it, in that order.
    pub(crate) fn rendered(&self) -> Vec<RenderedChange<'_>> {
        text::rendered(self)
    }

    /// Each change with its places found.
    fn located(&self) -> Vec<Located<'_>> {
        let of = |input, place: fn(&Change) -> Option<&Pointer>| {
            positions(input, self.changes.iter().map(place))
        };
        // Finding lines reads each document again, and neither needs the other.
        let (olds, news) = std::thread::scope(|scope| {
            let olds = scope.spawn(|| of(self.old, |change| change.old.as_ref()));
            let news = of(self.new, |change| change.new.as_ref());
            (olds.join(), news)
        });
        // Without its lines a change is shown all the same.
        let olds = olds.unwrap_or_else(|_| vec![None; self.changes.len()]);
        self.changes
            .iter()
            .zip(olds)
            .zip(news)
            .map(|((change, old), new)| Located { change, old, new })
            .collect()
    }
}

/// A change in words.
pub(crate) struct RenderedChange<'a> {
    pub(crate) severity: Severity,
    /// The operation that it is shown under.
    pub(crate) heading: Cow<'a, str>,
    pub(crate) change: &'a Change,
    /// The first says what changed, the others more of it.
    pub(crate) lines: Vec<String>,
}

/// A change with the lines that it stands on.
#[derive(Clone, Copy, Debug)]
struct Located<'a> {
    change: &'a Change,
    old: Option<Position>,
    new: Option<Position>,
}

/// The positions of places in one document.
fn positions<'p>(
    input: Input<'_>,
    places: impl Iterator<Item = Option<&'p Pointer>>,
) -> Vec<Option<Position>> {
    let places: Vec<Option<&Pointer>> = places.collect();
    let known: Vec<Pointer> = places.iter().copied().flatten().cloned().collect();
    let mut found = plumbline_specs::positions(input, &known).into_iter();
    let positions = places
        .iter()
        .map(|place| place.and_then(|_| found.next().flatten()));
    positions.collect()
}

/// A name with a line and a column where they are known.
fn place(name: &str, position: Option<Position>) -> String {
    match position {
        Some(Position { line, column }) => format!("{name}:{line}:{column}"),
        None => name.to_owned(),
    }
}

/// What a change did, in few words: `optional → required`.
fn step_of(change: &Change) -> Option<String> {
    match (&change.before, &change.after) {
        (Some(old_text), Some(new_text)) => Some(format!("{old_text} → {new_text}")),
        (Some(old_text), None) => Some(format!("was {old_text}")),
        (None, Some(new_text)) => Some(format!("is {new_text}")),
        (None, None) => None,
    }
}

/// How many changes there are of each severity that occurs.
fn counts(changes: &[Change]) -> Vec<(Severity, usize)> {
    Severity::ALL
        .into_iter()
        .map(|severity| {
            let of = changes
                .iter()
                .filter(|change| change.severity() == severity);
            (severity, of.count())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The first line of a report.
fn headline(comparison: &Comparison<'_>) -> String {
    let changes = comparison.changes;
    let parts: Vec<String> = counts(changes)
        .into_iter()
        .map(|(severity, count)| format!("{count} {}", clause(severity, count)))
        .collect();
    let (old, new) = (comparison.old.name, comparison.new.name);
    if changes.is_empty() {
        return format!("{old} → {new}: nothing changed");
    }
    let noun = if changes.len() == 1 {
        "change"
    } else {
        "changes"
    };
    format!(
        "{old} → {new}: {} {noun}: {}. Rust API: {}.",
        changes.len(),
        parts.join(", "),
        crate::step(changes)
    )
}

fn clause(severity: Severity, count: usize) -> &'static str {
    match (severity, count) {
        (Severity::Client, 1) => "breaks deployed clients",
        (Severity::Client, _) => "break deployed clients",
        (Severity::Rust, 1) => "breaks only the Rust API",
        (Severity::Rust, _) => "break only the Rust API",
        (Severity::Server, 1) => "asks more of deployed servers",
        (Severity::Server, _) => "ask more of deployed servers",
        (Severity::Risk, _) => "may break something",
        (Severity::Compatible, 1) => "breaks nothing",
        (Severity::Compatible, _) => "break nothing",
        (Severity::Prose, _) => "of prose",
    }
}

/// The heading of what concerns no operation alone, nor several.
const DOCUMENT: &str = "the document";

/// The heading of what concerns several operations.
const SEVERAL: &str = "several operations";

/// The operation that a change is shown under.
fn heading(change: &Change) -> &str {
    match change.operations.as_slice() {
        [] => DOCUMENT,
        [only] => only,
        _ => SEVERAL,
    }
}

/// Changes of one severity in groups: what concerns the document, what concerns several
/// operations, then each operation in the order of its first change.
fn grouped<'a>(located: &[Located<'a>], severity: Severity) -> Vec<(&'a str, Vec<Located<'a>>)> {
    let mut groups: Vec<(&str, Vec<Located<'_>>)> = Vec::new();
    let mut index = std::collections::HashMap::new();
    for one in located
        .iter()
        .filter(|one| one.change.severity() == severity)
    {
        let heading = heading(one.change);
        let at = *index.entry(heading).or_insert_with(|| {
            groups.push((heading, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, group)) = groups.get_mut(at) {
            group.push(*one);
        }
    }
    groups.sort_by_key(|(heading, _)| (*heading != DOCUMENT, *heading != SEVERAL));
    groups
}

/// The operations of a change that has several, the first few by name.
fn operations(change: &Change) -> Option<String> {
    if change.operations.len() < 2 {
        return None;
    }
    let names: Vec<&str> = change.operations.iter().map(String::as_str).collect();
    Some(crate::text::list(&names))
}
