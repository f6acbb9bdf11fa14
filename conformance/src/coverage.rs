//! How much of a document was seen: its operations, their statuses and parameters.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was seen of each of a document's operations, by label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Coverage(pub(crate) BTreeMap<String, OperationCoverage>);

/// What was seen of one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCoverage {
    /// Whether it changes nothing, so that a run that only reads may ask it.
    pub reads: bool,
    /// Whether it pages, so that the laws bind it.
    pub pages: bool,
    /// Whether it was answered.
    pub answered: bool,
    /// The documented statuses, and whether each came.
    pub statuses: BTreeMap<String, bool>,
    /// The documented parameters (`query.page`), and whether each was sent.
    pub parameters: BTreeMap<String, bool>,
}

/// How many of a kind were seen, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// So many were seen.
    pub seen: usize,
    /// So many there are.
    pub of: usize,
}

impl Seen {
    fn count<'a>(flags: impl IntoIterator<Item = &'a bool>) -> Self {
        let mut seen = Self::default();
        for flag in flags {
            seen.of += 1;
            seen.seen += usize::from(*flag);
        }
        seen
    }
}

impl Coverage {
    /// Adds what another part of the same run has seen.
    pub fn join(&mut self, other: Self) {
        for (label, theirs) in other.0 {
            let own = self.0.entry(label).or_insert_with(|| theirs.clone());
            own.answered |= theirs.answered;
            for (name, seen) in theirs.statuses {
                *own.statuses.entry(name).or_default() |= seen;
            }
            for (name, seen) in theirs.parameters {
                *own.parameters.entry(name).or_default() |= seen;
            }
        }
    }

    /// What is known of an operation; `None` where the document has none of that label.
    pub fn operation(&self, label: &str) -> Option<&OperationCoverage> {
        self.0.get(label)
    }

    /// Whether it is of no document: a report that was made by hand.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many operations were answered.
    pub fn operations(&self) -> Seen {
        Seen::count(self.0.values().map(|operation| &operation.answered))
    }

    /// How many of the documented statuses came.
    pub fn statuses(&self) -> Seen {
        Seen::count(
            self.0
                .values()
                .flat_map(|operation| operation.statuses.values()),
        )
    }

    /// How many of the documented parameters were sent.
    pub fn parameters(&self) -> Seen {
        Seen::count(
            self.0
                .values()
                .flat_map(|operation| operation.parameters.values()),
        )
    }
}
