//! What an update leaves in a changelog.

use super::failure::{Failure, FailureKind};
use plumbline_changes::{Change, Code, Effect, Event, Step, Topic};
use std::fmt::Write as _;

/// What a changelog says of one update.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What the API is called.
    pub api: &'a str,
    /// The date or the version of the new document.
    pub dated: &'a str,
    /// The package that is made of it.
    pub package: &'a str,
    /// That package's new version.
    pub version: &'a str,
    /// What changed.
    pub changes: &'a [Change],
    /// The failures in spite of which the document was taken.
    pub accepted: Vec<&'a Failure>,
}

/// A section of Keep a Changelog 1.1.0, but for Fixed: no change of a document says that it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Added,
    Changed,
    Deprecated,
    Removed,
    Security,
}

/// The widest line.
const WIDTH: usize = 100;

impl Entry<'_> {
    /// The changelog with this entry as its newest version.
    pub fn inserted(&self, changelog: &str) -> String {
        let mut headings = changelog
            .match_indices("\n## ")
            .map(|(at, _)| at + 1)
            .filter(|at| {
                changelog
                    .get(*at..)
                    .is_some_and(|rest| !rest.starts_with("## Unreleased"))
            });
        let at = headings.next().unwrap_or(changelog.len());
        let (above, below) = changelog.split_at(at);
        let entry = self.text();
        if below.is_empty() {
            return format!("{}\n\n{entry}", above.trim_end());
        }
        format!("{}\n\n{entry}\n{below}", above.trim_end())
    }

    /// The entry alone.
    fn text(&self) -> String {
        let api = capitalised(self.api);
        let mut out = format!("## {} {}\n\n", self.package, self.version);
        let said = match self.dated.starts_with(|first: char| first.is_ascii_digit()) {
            true => format!("{api}'s document of {}.", self.dated),
            false => format!("{api}'s document, {}.", self.dated),
        };
        let _ = writeln!(out, "{}", wrapped(&format!("{said} {}", self.upshot()), 0));
        for section in Section::ALL {
            let lines = self.lines(section);
            if lines.is_empty() {
                continue;
            }
            let _ = writeln!(out, "\n### {}\n", section.title());
            for line in lines {
                let _ = writeln!(out, "- {}", wrapped(&line, 2));
            }
        }
        if !self.accepted.is_empty() {
            let _ = writeln!(out, "\n### Accepted with it\n");
            for line in self.taken() {
                let _ = writeln!(out, "- {}", wrapped(&line, 2));
            }
        }
        out
    }

    /// What was taken in spite of it: one line for each kind and reason.
    fn taken(&self) -> Vec<String> {
        let mut lines: Vec<(FailureKind, &str, Vec<Subject>)> = Vec::new();
        for failure in &self.accepted {
            let kind = failure.kind;
            let subject = Subject {
                name: failure.name.clone(),
                about: None,
            };
            let same = lines
                .iter_mut()
                .find(|(own, reason, _)| *own == kind && *reason == failure.reason);
            match same {
                Some((.., subjects)) => subjects.push(subject),
                None => lines.push((kind, &failure.reason, vec![subject])),
            }
        }
        lines
            .into_iter()
            .map(|(kind, reason, subjects)| {
                format!(
                    "{} {}: {reason}.",
                    capitalised(kind.as_str()),
                    listed(&subjects)
                )
            })
            .collect()
    }

    /// What it comes to for who reads no further.
    fn upshot(&self) -> String {
        let clients = self
            .changes
            .iter()
            .any(|change| change.client.effect == Effect::Breaks);
        let step = self.changes.iter().map(|change| change.rust.step).max();
        match (clients, step) {
            (true, _) => "Clients that are deployed break: see the lines in bold.",
            (false, Some(Step::Major)) => {
                "Deployed clients go on; code that uses the crate may have to change: see the \
                 lines in bold."
            }
            (false, Some(Step::Minor)) => "Nothing breaks; there is more to use.",
            _ => "Nothing breaks.",
        }
        .to_owned()
    }

    /// The lines of a section: one for each kind of change, its subjects after one another, what
    /// breaks first.
    fn lines(&self, section: Section) -> Vec<String> {
        let mut kinds: Vec<(Code, Weight, Vec<Subject>)> = Vec::new();
        for change in self.changes {
            if change.code.is_prose() || Section::of(change.code) != section {
                continue;
            }
            let weight = Weight::of(change);
            let subject = Subject::of(change);
            match kinds
                .iter_mut()
                .find(|(code, own, _)| *code == change.code && *own == weight)
            {
                Some((.., subjects)) => gather(subjects, subject),
                None => kinds.push((change.code, weight, vec![subject])),
            }
        }
        kinds.sort_by_key(|(_, weight, _)| *weight);
        kinds
            .into_iter()
            .map(|(code, weight, subjects)| {
                let (mark, meaning) = (weight.mark(), capitalised(code.meaning()));
                format!("{mark}{meaning}: {}.", listed(&subjects))
            })
            .collect()
    }
}

/// Adds a subject; what is said of one that is there already is said behind it.
fn gather(subjects: &mut Vec<Subject>, subject: Subject) {
    match subjects.iter_mut().find(|own| own.name == subject.name) {
        Some(own) if own.about == subject.about => {}
        Some(own) => {
            let both = [own.about.take(), subject.about];
            own.about = Some(both.into_iter().flatten().collect::<Vec<_>>().join(", "));
        }
        None => subjects.push(subject),
    }
}

/// The most subjects that a line names.
const MAX_SUBJECTS: usize = 12;

/// Subjects after one another. Of those of one object the later ones leave its name out.
fn listed(subjects: &[Subject]) -> String {
    let mut parts = Vec::new();
    let mut last = None;
    for subject in subjects.iter().take(MAX_SUBJECTS) {
        let owner = subject.name.split_once('.').map(|(owner, _)| owner);
        let name = match (owner, last) {
            (Some(owner), Some(last)) if owner == last => {
                subject.name.get(owner.len()..).unwrap_or_default()
            }
            _ => &subject.name,
        };
        last = owner;
        parts.push(match &subject.about {
            Some(about) => format!("`{name}` ({about})"),
            None => format!("`{name}`"),
        });
    }
    let mut text = parts.join(", ");
    if let Some(more @ 1..) = subjects.len().checked_sub(MAX_SUBJECTS) {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// Whom a line concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Clients,
    Code,
    Nobody,
}

impl Weight {
    fn of(change: &Change) -> Self {
        if change.client.effect == Effect::Breaks {
            Self::Clients
        } else if change.rust.step == Step::Major {
            Self::Code
        } else {
            Self::Nobody
        }
    }

    fn mark(self) -> &'static str {
        match self {
            Self::Clients => "**Breaks deployed clients.** ",
            Self::Code => "**Breaks code.** ",
            Self::Nobody => "",
        }
    }
}

impl Section {
    /// The sections in their order.
    const ALL: [Self; 5] = [
        Self::Added,
        Self::Changed,
        Self::Deprecated,
        Self::Removed,
        Self::Security,
    ];

    /// The section that changes of a code belong into.
    fn of(code: Code) -> Self {
        if code.topic() == Topic::Security {
            return Self::Security;
        }
        match code.event() {
            Event::Added => Self::Added,
            Event::Removed => Self::Removed,
            Event::Deprecated => Self::Deprecated,
            Event::Changed | Event::Undeprecated => Self::Changed,
        }
    }

    /// Its heading.
    fn title(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::Security => "Security",
        }
    }
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    /// A route, where it is an operation that comes or goes; else as a report names it.
    name: String,
    /// What it was and is, where that says more than the name.
    about: Option<String>,
}

impl Subject {
    fn of(change: &Change) -> Self {
        let (was, is) = (change.before.as_deref(), change.after.as_deref());
        if let (Code::OperationAdded | Code::OperationRemoved, Some(route)) =
            (change.code, was.or(is))
        {
            return Self {
                name: route.to_owned(),
                about: None,
            };
        }
        let about = match (was, is) {
            (Some(was), Some(is)) => Some(format!("{was} → {is}")),
            // What is gone is known by its name; of a value that is all there is to say.
            (Some(was), None) if change.code.topic() == Topic::EnumValue => Some(was.to_owned()),
            (_, Some(is)) => Some(is.to_owned()),
            _ => None,
        };
        Self {
            about: about.filter(|about| !change.subject.ends_with(about.as_str())),
            name: change.subject.clone(),
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// A text over lines no wider than [`WIDTH`], those after the first indented.
fn wrapped(text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(&indent)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    // The first line follows what stands there already, a mark of the same width.
    textwrap::fill(text, options).trim_start().to_owned()
}
