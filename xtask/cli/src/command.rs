//! What a command comes to.

use crate::documents::DocumentError;
use crate::output::OutputError;
use crate::package;

/// How a command ended when nothing was wrong with the command or an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All is well.
    Ok,
    /// Something is not as it should be; the command has said what.
    Failed,
}

impl Status {
    /// [`Status::Ok`] where something is as it should be.
    pub fn of(is_well: bool) -> Self {
        match is_well {
            true => Self::Ok,
            false => Self::Failed,
        }
    }

    /// The exit code of a command that ended so.
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
        }
    }
}

/// Why a command ended before it could say anything: the command or an input is wrong, or something
/// cannot be written. Its exit code is 2.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A package cannot be compared or written.
    #[error(transparent)]
    Package(#[from] package::Error),
    /// What was asked for cannot be made of the document: the diagnostics, rendered.
    #[error("{0}")]
    Refused(String),
    /// Diagnostics are not accepted.
    #[error("{document}: {summary} denied")]
    Denied {
        /// The document that they are of.
        document: String,
        /// How many they are.
        summary: String,
    },
    /// A name that no package can have.
    #[error("`{0}` is no package name: use lower-case letters, digits, `-` and `_`")]
    PackageName(String),
    /// A page cannot be made.
    #[error("the page cannot be made: {0}")]
    Page(String),
}
