//! What a change does to those who rely on a document: whether it breaks them, and the step that it
//! demands of the crate.

use serde::Serialize;
use std::borrow::Cow;
use std::fmt;

/// How one kind of party fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it breaks.
    pub effect: Effect,
    /// Why.
    pub reason: Cow<'static, str>,
}

/// Whether something breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It does not.
    Safe,
    /// It does for some.
    May,
    /// It does.
    Breaks,
}

/// A step of a version number (Semantic Versioning 2.0.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The crate's source stays as it is.
    None,
    /// Its public API stays as it is.
    Patch,
    /// Something is added to its public API.
    Minor,
    /// Code that used it may no longer compile.
    Major,
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Safe => "safe",
            Self::May => "may break",
            Self::Breaks => "breaks",
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
