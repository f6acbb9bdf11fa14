//! Verdicts and their findings, and the report that holds them all.

use crate::run::Asked;
use crate::shorten::{shorten, shorten_in_place};
use crate::{Coverage, Exchange, ExchangeId, Rule, Stopped};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something that was not promised, or that only other readers would mind.
    Warning,
    /// A promise is broken.
    Failure,
}

/// One fault: the promise, what was expected, what came, and the exchanges that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// One sentence that says what is wrong, concretely.
    pub message: String,
    /// What was expected, short enough for a line.
    pub expected: String,
    /// What came, short enough for a line.
    pub actual: String,
    /// Where in the body, as a JSON Pointer; empty for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Where in the document the promise stands, as a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The parameter that it is about, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Keys that were repeated, missing or out of order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// The smallest evidence: the exchanges that contradict the promise or each other.
    pub evidence: Vec<ExchangeId>,
}

/// The longest sentence of a finding, in characters; no value in it is longer either.
const SENTENCE: usize = 2_000;

/// The longest key or pointer of a finding, in characters.
const NAME: usize = 400;

impl Finding {
    /// A finding with nothing but the sentence that says what is wrong.
    pub(crate) fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            severity,
            message: message.into(),
            expected: String::new(),
            actual: String::new(),
            pointer: None,
            place: None,
            keys: Vec::new(),
            evidence: Vec::new(),
            parameter: None,
        }
    }

    /// Cuts what is long: a server may put megabytes into a cursor, a key or a member's name.
    pub(crate) fn shorten(&mut self) {
        for text in [&mut self.message, &mut self.expected, &mut self.actual] {
            shorten_in_place(text, SENTENCE);
        }
        for text in self.pointer.iter_mut().chain(&mut self.keys) {
            shorten_in_place(text, NAME);
        }
    }
}

/// What was found out about one rule at one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds.
    Passed,
    /// It holds as far as it was promised; something is worth knowing.
    Warned,
    /// It does not hold.
    Failed,
    /// It could not be judged; the outcome says why.
    Skipped,
    /// It does not hold, and the known failures say so.
    Known,
}

/// A rule judged at an operation, for a fixture or a case of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The rule's id, for example `no-duplicates`.
    pub rule: String,
    /// The operation's label.
    pub operation: String,
    /// The fixture's exchange or the case, where there are several of one rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// How many exchanges, pages, walks or pairs the verdict rests on. It is nobody's but this
    /// module's to set: a rule that looked at nothing has no other outcome than one left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    looked_at: Option<NonZeroUsize>,
    /// Why it was skipped, or where a known failure is tracked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// An outcome whose verdict follows from its findings in so many things that were looked at:
    /// failed with a failure among them, warned with warnings alone, else passed.
    pub fn judged(
        rule: Rule,
        operation: &str,
        looked_at: NonZeroUsize,
        mut findings: Vec<Finding>,
    ) -> Self {
        findings.iter_mut().for_each(Finding::shorten);
        let verdict = match findings.iter().map(|finding| finding.severity).max() {
            None => Verdict::Passed,
            Some(Severity::Warning) => Verdict::Warned,
            Some(Severity::Failure) => Verdict::Failed,
        };
        Self {
            rule: rule.id.to_owned(),
            operation: operation.to_owned(),
            subject: None,
            verdict,
            looked_at: Some(looked_at),
            reason: None,
            findings,
        }
    }

    /// As [`judged`](Self::judged), where it has to be seen whether anything was looked at: if
    /// nothing was, the rule is left out for the reason `nothing`.
    pub fn looked(
        rule: Rule,
        operation: &str,
        looked_at: usize,
        findings: Vec<Finding>,
        nothing: &str,
    ) -> Self {
        match NonZeroUsize::new(looked_at.max(findings.len())) {
            Some(looked_at) => Self::judged(rule, operation, looked_at, findings),
            None => Self::skipped(rule, operation, nothing),
        }
    }

    /// How many exchanges, pages, walks or pairs the verdict rests on; none where it was left out.
    pub fn looked_at(&self) -> usize {
        self.looked_at.map_or(0, NonZeroUsize::get)
    }

    /// An outcome that could not be judged.
    pub fn skipped(rule: Rule, operation: &str, reason: impl Into<String>) -> Self {
        Self {
            rule: rule.id.to_owned(),
            operation: operation.to_owned(),
            subject: None,
            verdict: Verdict::Skipped,
            looked_at: None,
            reason: Some(shorten(&reason.into(), SENTENCE)),
            findings: Vec::new(),
        }
    }

    /// The same outcome, for one fixture or case.
    #[must_use]
    pub fn of(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

/// The version of the form that a report has as data. It goes up where a member changes its
/// meaning, so that reports of two forms are never taken for one.
pub const FORMAT: u32 = 2;

/// Something about the document that a reader of verdicts has to know: a keyword that cannot be
/// used, for example, by which nothing was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A sentence without its full stop.
    pub message: String,
    /// The file, by the name that was given.
    pub file: String,
    /// The line, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The JSON Pointer.
    pub pointer: String,
}

/// A whole run, as data: every format of report is a view of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`] of the version that made it; 0 where none was said.
    #[serde(default)]
    pub format: u32,
    /// The version of Plumbline that made it.
    #[serde(default)]
    pub plumbline: String,
    /// When it was begun, by RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<String>,
    /// With which options.
    #[serde(default)]
    pub asked: Asked,
    /// The document's name as it was given.
    pub spec: String,
    /// A digest of the document, its overlay and the files that it refers to, where they were read
    /// for this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// `info.title` and `info.version` of the document.
    pub title: String,
    /// The target's base URL, without user info.
    pub target: String,
    /// Header names and values that every request carried, secrets as `$NAME`.
    pub headers: Vec<(String, String)>,
    /// Which part of the run this is: `(i, n)` of `--shard i/n`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<(u32, u32)>,
    /// Why the run ended before it was through, where it did: what was not reached is not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<String>,
    /// What the target did that ended it, where that was not an interrupt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// What of the document was seen.
    #[serde(default)]
    pub coverage: Coverage,
    /// What of the document cannot be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Every outcome, in the order of the document's operations, then of the rules.
    pub outcomes: Vec<Outcome>,
    /// The operations that no exchange covered, each with the reason.
    pub uncovered: BTreeMap<String, String>,
    /// What the run has created and not deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remaining: Vec<Remaining>,
    /// Why entries of the list of known failures no longer apply, a sentence each without its full
    /// stop: the list is to be mended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outdated: Vec<String>,
    /// The exchanges that findings name, by number.
    pub exchanges: Vec<Exchange>,
    /// How many requests were sent.
    pub requests: u64,
    /// From first to last, in milliseconds.
    pub millis: u64,
}

/// What a run has created and leaves behind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Remaining {
    /// The operation that created it.
    pub operation: String,
    /// Its id, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why it is still there.
    pub why: String,
}

/// How many outcomes there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the verdicts'")]
pub struct Totals {
    pub passed: usize,
    pub warned: usize,
    pub failed: usize,
    pub skipped: usize,
    pub known: usize,
}

impl Totals {
    /// Counts outcomes.
    pub fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut totals = Self::default();
        for outcome in outcomes {
            match outcome.verdict {
                Verdict::Passed => totals.passed += 1,
                Verdict::Warned => totals.warned += 1,
                Verdict::Failed => totals.failed += 1,
                Verdict::Skipped => totals.skipped += 1,
                Verdict::Known => totals.known += 1,
            }
        }
        totals
    }
}

impl Report {
    /// Counts the outcomes.
    pub fn totals(&self) -> Totals {
        Totals::of(&self.outcomes)
    }

    /// A report that says which version made it, and nothing else yet.
    pub fn begun() -> Self {
        Self {
            format: FORMAT,
            plumbline: env!("CARGO_PKG_VERSION").to_owned(),
            ..Self::default()
        }
    }

    /// Whether the target conforms: the run came to its end, something was judged, nothing failed,
    /// and what is known to fail still does.
    pub fn conforms(&self) -> bool {
        self.incomplete.is_none()
            && self.is_judged()
            && self.totals().failed == 0
            && self.outdated.is_empty()
    }

    /// Whether any rule was judged: one that was left out says nothing.
    pub fn is_judged(&self) -> bool {
        let totals = self.totals();
        totals.passed + totals.warned + totals.failed + totals.known > 0
    }

    /// An exchange that a finding names.
    pub fn exchange(&self, id: ExchangeId) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.id == id)
    }
}

/// A pointer or a message with its numbers taken out: item 3 is as wrong as item 4.
pub(crate) fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_number = false;
    for character in text.chars() {
        let digit = character.is_ascii_digit();
        if !digit {
            out.push(character);
        } else if !in_number {
            out.push('#');
        }
        in_number = digit;
    }
    out
}
