//! Why a run ended before its end.

use serde::{Deserialize, Serialize};

/// Why a run ended before its end: what comes after it was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Stopped {
    /// The target takes no request as that of somebody who may ask.
    Refused {
        /// The operation that was refused.
        operation: String,
        /// With this status.
        status: u16,
        /// What the document demands, and how to give it.
        demand: String,
    },
    /// A request that was answered before is refused for want of credentials.
    CredentialsDied {
        /// The last operation that was answered.
        after: String,
        /// The status of the refusal.
        status: u16,
    },
}

impl Stopped {
    /// In a sentence without its full stop.
    pub fn words(&self) -> String {
        match self {
            Self::Refused {
                operation,
                status,
                demand,
            } => {
                format!("the target refuses the credentials ({status} at `{operation}`): {demand}")
            }
            Self::CredentialsDied { after, status } => format!(
                "the credentials died after `{after}`: what was answered before is refused with {status} now"
            ),
        }
    }

    /// Why an operation that was not asked any more was left out.
    pub fn reason(&self) -> String {
        match self {
            Self::Refused { status, .. } => {
                format!("the target refuses the credentials with {status}")
            }
            Self::CredentialsDied { after, .. } => format!("the credentials died after `{after}`"),
        }
    }
}
