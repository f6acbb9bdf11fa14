//! How a law says what is wrong.

use super::observations::{Page, Walk, clip};
use crate::{ExchangeId, Finding, Severity};
use std::collections::BTreeMap;

/// As many findings of one law as are kept: a list of a thousand pages may have as many faults.
const KEPT: usize = 256;

/// As many keys as a finding names.
const KEYS: usize = 10;

/// A finding: a failure until [`warns`](Fault::warns) makes it less.
#[derive(Clone, Debug)]
pub(super) struct FindingBuilder(Finding);

impl FindingBuilder {
    /// Begins one with the sentence that says what is wrong.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(Finding::new(Severity::Failure, message))
    }

    /// What was expected, and what came.
    #[must_use]
    pub(super) fn expected_actual(
        mut self,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        self.0.expected = expected.into();
        self.0.actual = actual.into();
        self
    }

    /// What was expected, and the page that came.
    #[must_use]
    pub(super) fn expected_page(self, expected: impl Into<String>, page: &Page) -> Self {
        let came = page.describe_actual();
        self.expected_actual(expected, came).with_page(page)
    }

    /// The keys that are repeated, missing or out of order; the first of them are kept.
    #[must_use]
    pub(super) fn keys<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.keys = keys.into_iter().take(KEYS).map(clip).collect();
        self
    }

    /// An exchange that shows it.
    #[must_use]
    pub(super) fn with_page(self, page: &Page) -> Self {
        self.with_exchange(page.id)
    }

    /// As [`with_page`](Self::shown_by), by number.
    #[must_use]
    pub(super) fn with_exchange(mut self, id: ExchangeId) -> Self {
        if !self.0.evidence.contains(&id) {
            self.0.evidence.push(id);
        }
        self
    }

    /// Where in the response's body.
    #[must_use]
    pub(super) fn at(mut self, pointer: impl ToString) -> Self {
        self.0.pointer = Some(pointer.to_string());
        self
    }

    /// Where in the document the promise stands, if not in the profile.
    #[must_use]
    pub(super) fn promised_at(mut self, place: impl ToString) -> Self {
        self.0.place = Some(place.to_string());
        self
    }

    /// The parameter that it is about.
    #[must_use]
    pub(super) fn about(mut self, parameter: impl Into<String>) -> Self {
        self.0.parameter = Some(parameter.into());
        self
    }

    /// Makes it a warning: it was not promised.
    #[must_use]
    pub(super) fn warns(mut self) -> Self {
        self.0.severity = Severity::Warning;
        self
    }

    /// Makes it a warning unless it was promised.
    #[must_use]
    pub(super) fn warns_unless(self, promised: bool) -> Self {
        if promised { self } else { self.warns() }
    }
}

/// Makes findings of faults: each with a place, the gravest first. A report folds those of one kind;
/// here all are kept, as a fault of another kind would hide among them.
pub(super) fn into_findings(faults: Vec<FindingBuilder>, place: &str) -> Vec<Finding> {
    let mut findings: Vec<Finding> = faults.into_iter().map(|fault| fault.0).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.truncate(KEPT);
    for finding in &mut findings {
        finding.place.get_or_insert_with(|| place.to_owned());
    }
    findings
}

/// Keys in a sentence: `"a", "b" and 3 more`.
pub(super) fn join_keys(keys: &[&str]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = keys
        .iter()
        .take(SHOWN)
        .map(|key| format!("{:?}", clip(key)))
        .collect();
    match keys.len().checked_sub(SHOWN) {
        None | Some(0) if keys.is_empty() => "none".to_owned(),
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// How two lists of keys differ: those missing from `describe_actual`, those that came too much, and
/// whether the order differs where the sets do not. Keys may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference<'a> {
    /// Expected, and not there.
    pub(super) missing: Vec<&'a str>,
    /// There, and not expected.
    pub(super) extra: Vec<&'a str>,
    /// The first of the same keys that stands elsewhere.
    pub(super) moved: Option<usize>,
}

impl<'a> Difference<'a> {
    /// Compares; `None` when the lists are equal.
    pub(super) fn between(expected: &[&'a str], came: &[&'a str]) -> Option<Self> {
        if expected == came {
            return None;
        }
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for key in expected {
            *counts.entry(key).or_default() += 1;
        }
        let mut extra = Vec::new();
        for key in came {
            let count = counts.entry(key).or_default();
            *count -= 1;
            if *count < 0 {
                extra.push(*key);
            }
        }
        let missing: Vec<&str> = expected
            .iter()
            .filter(|key| {
                let count = counts.entry(key).or_default();
                let here = *count > 0;
                *count -= i64::from(here);
                here
            })
            .copied()
            .collect();
        let moved = (missing.is_empty() && extra.is_empty())
            .then(|| {
                expected
                    .iter()
                    .zip(came)
                    .position(|(expected, came)| expected != came)
            })
            .flatten();
        Some(Self {
            missing,
            extra,
            moved,
        })
    }

    /// Whether the sets are the same and only the order differs.
    pub(super) fn is_order(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }

    /// As words.
    pub(super) fn describe(&self) -> String {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("lacks {}", join_keys(&self.missing)));
        }
        if !self.extra.is_empty() {
            parts.push(format!("has {} besides", join_keys(&self.extra)));
        }
        if let Some(index) = self.moved {
            parts.push(format!("has another order from item {} on", index + 1));
        }
        parts.join(" and ")
    }

    /// The keys it is about.
    pub(super) fn keys(&self) -> Vec<&'a str> {
        self.missing.iter().chain(&self.extra).copied().collect()
    }
}

/// Where two walks first differ: a page of each that shows it.
pub(super) fn first_difference<'a>(one: &'a Walk, other: &'a Walk) -> Vec<&'a Page> {
    let (left, right) = (one.keys(), other.keys());
    let index = left
        .iter()
        .zip(&right)
        .position(|(left, right)| left != right)
        .unwrap_or(left.len().min(right.len()));
    [one, other]
        .into_iter()
        .filter_map(|walk| walk.page_of(index).or(walk.pages.last()))
        .collect()
}
