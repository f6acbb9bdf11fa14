//! Changes: what differs between two documents, where, and whom it breaks.

pub use crate::effect::{Effect, Step, Verdict};

use crate::code::Code;
use plumbline_specs::Pointer;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What kind of change it is.
    pub code: Code,
    /// What changed, as a person names it, for example `Experiment.name` or
    /// `findExperiments query page`.
    pub subject: String,
    /// Where it stands in the old document; what holds it, when it is not there.
    pub old: Option<Pointer>,
    /// Where it stands in the new document; what holds it, when it is no longer there.
    pub new: Option<Pointer>,
    /// What it was, in few words.
    #[serde(rename = "was")]
    pub before: Option<String>,
    /// What it is, in few words.
    #[serde(rename = "is")]
    pub after: Option<String>,
    /// Which way it travels; `None` where that has no meaning or no operation reaches it.
    pub direction: Option<Direction>,
    /// The operations that it concerns, in document order.
    pub operations: Vec<String>,
    /// Why two things are taken for one, where that is not certain.
    pub guess: Option<String>,
    /// Whether a client that was built from the old document still works.
    pub client: Verdict,
    /// Whether a server that does what the old document says does what the new one says.
    pub server: Verdict,
    /// What it does to those who use the generated crate.
    pub rust: RustVerdict,
}

/// Which way a thing travels, as seen by a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A client writes it.
    Request,
    /// A client reads it.
    Response,
    /// A client does both.
    Both,
}

/// What a change does to the generated crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RustVerdict {
    /// The version step that it demands.
    pub step: Step,
    /// Why.
    pub reason: Cow<'static, str>,
    /// The items that differ, when both crates were compared.
    pub items: Vec<String>,
    /// The same items, for whoever looks for them in the generated files.
    #[serde(skip)]
    pub(crate) touched: Vec<Touched>,
}

/// What of the generated crate a difference touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// A type, or a set of documented failures.
    Type {
        name: String,
        before: Option<String>,
    },
    /// What is made for an operation, on either side.
    Operation(Vec<Method>),
    /// The client's builder.
    Builder,
}

/// What an operation is called in the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) name: String,
    /// Its marker type.
    pub(crate) marker: String,
}

impl Touched {
    /// A type that has the same name in both documents, or is in one alone.
    pub(crate) fn named(name: &str) -> Self {
        Self::Type {
            name: name.to_owned(),
            before: None,
        }
    }
}

/// The heading that a change stands under in a report: the gravest thing that it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A deployed client breaks.
    Client,
    /// Code that uses the generated crate may no longer compile.
    Rust,
    /// A deployed server does not meet the new document.
    Server,
    /// Some client or server may break.
    Risk,
    /// Nothing breaks.
    Compatible,
    /// Only prose changed.
    #[serde(rename = "words")]
    Prose,
}

/// Which changes make a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Those that break a deployed client or the Rust API. A new demand on a server alone is
    /// none: every new operation is one.
    Breaking,
    /// All of them, prose aside.
    Any,
}

impl Change {
    /// The gravest thing that it does.
    pub fn severity(&self) -> Severity {
        if self.client.effect == Effect::Breaks {
            Severity::Client
        } else if self.rust.step == Step::Major {
            Severity::Rust
        } else if self.server.effect == Effect::Breaks {
            Severity::Server
        } else if self.client.effect == Effect::May || self.server.effect == Effect::May {
            Severity::Risk
        } else if self.code.is_prose() {
            Severity::Prose
        } else {
            Severity::Compatible
        }
    }

    /// Whether it breaks a deployed client or the Rust API.
    pub fn is_breaking(&self) -> bool {
        self.severity() <= Severity::Rust
    }
}

impl FailOn {
    /// Whether one of the changes is such.
    pub fn fails(self, changes: &[Change]) -> bool {
        changes.iter().any(|change| match self {
            Self::Breaking => change.is_breaking(),
            Self::Any => !change.code.is_prose(),
        })
    }
}

/// The version step that all changes together demand of the generated crate.
pub fn step(changes: &[Change]) -> Step {
    changes
        .iter()
        .map(|change| change.rust.step)
        .max()
        .unwrap_or(Step::None)
}

impl Severity {
    /// Every severity, gravest first.
    pub const ALL: [Self; 6] = [
        Self::Client,
        Self::Rust,
        Self::Server,
        Self::Risk,
        Self::Compatible,
        Self::Prose,
    ];

    /// A heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Client => "Breaks deployed clients",
            Self::Rust => "Breaks the Rust API",
            Self::Server => "Asks more of deployed servers",
            Self::Risk => "May break",
            Self::Compatible => "Breaks nothing",
            Self::Prose => "Prose",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Request => "in requests",
            Self::Response => "in responses",
            Self::Both => "in requests and responses",
        })
    }
}
