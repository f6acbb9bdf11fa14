//! What came of the trials, judged: when a defect counts as caught, and the table that a
//! person reads.

use super::excuse::{LENIENT, lenient};
use super::{Healthy, Mutant};
use plumbline_conformance::{Family, rule};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How a defect fared on a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Catch {
    /// No rule that names it said anything.
    Missed,
    /// Nothing is promised there that it could break, and so nothing is said.
    Excused,
    /// A rule that names it warned. A healthy server has no warning, so this tells it apart.
    Warned,
    /// A rule that names it failed.
    Failed,
}

impl Catch {
    /// Its letter in the table.
    fn letter(self) -> char {
        match self {
            Self::Missed => '!',
            Self::Excused => 'o',
            Self::Warned => 'w',
            Self::Failed => 'F',
        }
    }
}

/// What the table's letters mean, and the rule of what counts as caught.
const LEGEND: &str = "\
F  a rule that names the defect failed
w  it warned, as the document promises less there; a healthy server has no warning
o  nothing is said there, as nothing is promised; the reasons stand below
!  nothing is said, and that is a fault of the kit
.  the document has nothing that the defect could break

A defect is caught where a rule that names it fails on one subject at least, and fails, warns or is
excused on every other one it applies to, in every seed; the few that the kit only ever warns of are
named below. A healthy server has no finding at all. Every check and every law is failed by a defect.
";

/// What came of all trials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// The documents that the defects were tried on.
    pub subjects: Vec<String>,
    /// The runs against healthy servers.
    pub healthy: Vec<Healthy>,
    /// The runs against servers with a defect.
    pub mutants: Vec<Mutant>,
    /// The subjects and the defects about which they say nothing.
    pub excused: Vec<(String, String)>,
    /// Whether all defects were tried on all subjects: only then rules are judged too.
    pub whole: bool,
}

impl Mutant {
    /// How it fared.
    pub fn catch(&self) -> Catch {
        if !self.failed.is_empty() {
            Catch::Failed
        } else if !self.warned.is_empty() {
            Catch::Warned
        } else if self.excuse.is_some() {
            Catch::Excused
        } else {
            Catch::Missed
        }
    }
}

impl Matrix {
    /// The defects in the order of their table, each with its trials.
    fn defects(&self) -> Vec<(&'static str, Vec<&Mutant>)> {
        let mut defects: Vec<(&'static str, Vec<&Mutant>)> = Vec::new();
        for mutant in &self.mutants {
            match defects.last_mut() {
                Some((id, trials)) if *id == mutant.defect => trials.push(mutant),
                _ => defects.push((mutant.defect, vec![mutant])),
            }
        }
        defects
    }

    /// The trials that went wrong, each in a sentence: findings on a healthy server, defects
    /// that nobody caught, rules that nothing tripped, excuses that are none.
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = Vec::new();
        for run in &self.healthy {
            let server = format!(
                "healthy {} (seed {}, {} items)",
                run.subject, run.seed, run.items
            );
            faults.extend(
                run.findings
                    .iter()
                    .map(|found| format!("{server}: {found}")),
            );
        }
        for (defect, trials) in self.defects() {
            for mutant in &trials {
                let place = format!("{defect} on {} (seed {})", mutant.subject, mutant.seed);
                match mutant.catch() {
                    Catch::Missed => faults.push(format!(
                        "{place} was not caught by {}",
                        mutant.expected.join(" or ")
                    )),
                    Catch::Failed | Catch::Warned if mutant.excuse.is_some() => {
                        faults.push(format!("{place} was caught: its excuse is none"));
                    }
                    _ => {}
                }
            }
            let fails = trials.iter().any(|mutant| mutant.catch() == Catch::Failed);
            match (lenient(defect), fails) {
                (None, false) if self.whole => {
                    faults.push(format!("{defect} fails no rule on any subject"));
                }
                (Some(_), true) => faults.push(format!("{defect} does fail a rule")),
                _ => {}
            }
        }
        if self.whole {
            for (subject, defect) in &self.excused {
                let tried = |own: &Mutant| own.defect == *defect && own.subject == *subject;
                if !self.mutants.iter().any(tried) {
                    faults.push(format!(
                        "{defect} on {subject} is excused and was not tried"
                    ));
                }
            }
            let idle = self.untripped();
            faults.extend(idle.iter().map(|rule| format!("no defect trips {rule}")));
        }
        faults
    }

    /// The checks and laws that no defect made fail.
    fn untripped(&self) -> Vec<&'static str> {
        let tripped: BTreeSet<&str> = self
            .mutants
            .iter()
            .flat_map(|mutant| &mutant.failed)
            .map(String::as_str)
            .collect();
        rule::rules()
            .iter()
            .filter(|rule| !matches!(rule.family, Family::Fixture | Family::Traffic))
            .map(|rule| rule.id)
            .filter(|id| !tripped.contains(id))
            .collect()
    }

    /// Whether all went as it should.
    pub fn holds(&self) -> bool {
        self.faults().is_empty()
    }

    /// The matrix as a person reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.mutants.is_empty() {
            self.table(&mut text);
        }
        self.wells(&mut text);
        let faults = self.faults();
        for fault in &faults {
            let _ = writeln!(text, "fault: {fault}");
        }
        if faults.is_empty() {
            text.push_str("no fault\n");
        }
        text
    }

    fn table(&self, text: &mut String) {
        let _ = write!(text, "{:34}", "defect");
        for subject in &self.subjects {
            let _ = write!(text, "{subject:>8} ");
        }
        text.push_str(" caught by\n");
        let mut counts: BTreeMap<Catch, usize> = BTreeMap::new();
        for (defect, trials) in self.defects() {
            let _ = write!(text, "{defect:34}");
            for subject in &self.subjects {
                // Of several seeds the worst counts.
                let worst = trials
                    .iter()
                    .filter(|mutant| mutant.subject == *subject)
                    .map(|mutant| mutant.catch())
                    .min();
                let letter = worst.map_or('.', Catch::letter);
                let _ = write!(text, "{letter:>8} ");
            }
            let rules: BTreeSet<&str> = trials
                .iter()
                .flat_map(|mutant| mutant.failed.iter().chain(&mutant.warned))
                .map(String::as_str)
                .collect();
            let rules: Vec<&str> = rules.into_iter().collect();
            let _ = writeln!(text, " {}", rules.join(" "));
        }
        for mutant in &self.mutants {
            *counts.entry(mutant.catch()).or_default() += 1;
        }
        let count = |catch| counts.get(&catch).copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "\n{} defects, {} trials: {} failed, {} warned, {} excused, {} missed\n\n{LEGEND}",
            self.defects().len(),
            self.mutants.len(),
            count(Catch::Failed),
            count(Catch::Warned),
            count(Catch::Excused),
            count(Catch::Missed),
        );
        for (defect, reason) in LENIENT {
            if self.mutants.iter().any(|mutant| mutant.defect == *defect) {
                let _ = writeln!(text, "w  {defect} only warns: {reason}");
            }
        }
        for mutant in &self.mutants {
            if let (Catch::Excused, Some(reason)) = (mutant.catch(), &mutant.excuse) {
                let _ = writeln!(text, "o  {} on {}: {reason}", mutant.defect, mutant.subject);
            }
        }
    }

    fn wells(&self, text: &mut String) {
        for run in &self.healthy {
            let _ = writeln!(
                text,
                "healthy {:8} seed {} items {:4}: {:5} requests in {:6} ms, {} findings",
                run.subject,
                run.seed,
                run.items,
                run.requests,
                run.millis,
                run.findings.len()
            );
        }
    }
}
