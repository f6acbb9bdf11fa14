//! The kit tried on itself: every defect has to be caught by a rule that names it, every rule
//! has to be tripped by a defect, and a server without a defect has to pass.

mod excuse;
mod matrix;
mod subject;

pub use matrix::{Catch, Matrix};

use super::defect::Class;
use super::{DEFECTS, Defect, Options};
use futures::StreamExt as _;
use plumbline_conformance::run::{self, RunError};
use plumbline_conformance::{Finding, Outcome, SessionError, Severity, Verdict, rule};
use plumbline_specs::Diagnostics;
use plumbline_specs::api::Operation;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use subject::{Subject, subjects};

/// Of the operations that a defect of paging applies to, so many are asked: walks are dear, and
/// it is the same everywhere.
const LISTS: usize = 3;

/// Of other defects so many: not every operation has what they spoil.
const OPERATIONS: usize = 12;

/// What is tried.
#[derive(Clone, Debug)]
pub struct Trials {
    /// The defects to try, by id; all where there is none.
    pub only: Vec<String>,
    /// The documents to try them on: vendors' names, `library`; all where there is none.
    pub subjects: Vec<String>,
    /// The servers with a defect: the seed and the number of their items. Each defect is tried
    /// in each; none tries the healthy servers alone.
    pub ill: Vec<(u64, u64)>,
    /// The healthy servers of each subject, likewise.
    pub healthy: Vec<(u64, u64)>,
    /// How many trials run at once.
    pub jobs: usize,
}

/// Why the trials did not take place.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// A subject's document or fixture is wrong.
    #[error("the document of {0} cannot be used: {1:?}")]
    Document(String, Diagnostics),
    /// A subject is named that there is none of.
    #[error("there is no subject `{0}`: they are the vendors, and `library`")]
    Subject(String),
    /// A defect is named that there is none of.
    #[error(transparent)]
    Server(#[from] super::Error),
    /// No session.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// No run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The server's own address is no URL.
    #[error(transparent)]
    Url(#[from] url::ParseError),
    /// A trial ended before its time.
    #[error("a trial broke off: {0}")]
    Broken(String),
}

/// A run against a server without a defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Healthy {
    /// The document.
    pub subject: String,
    /// The seed of the items.
    pub seed: u64,
    /// How many items there were.
    pub items: u64,
    /// How many requests were sent.
    pub requests: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// What was found, which should be nothing: severity, rule, operation and message.
    pub findings: Vec<String>,
}

/// A run against a server with one defect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mutant {
    /// The defect.
    pub defect: &'static str,
    /// Its class.
    pub class: Class,
    /// The document.
    pub subject: String,
    /// The seed of the items.
    pub seed: u64,
    /// The rules that are to catch it.
    pub expected: Vec<&'static str>,
    /// Those of them that failed.
    pub failed: BTreeSet<String>,
    /// Those of them that warned, and did not fail anywhere.
    pub warned: BTreeSet<String>,
    /// Why nothing is said of it on this document, where that is so.
    pub excuse: Option<String>,
    /// How many requests were sent.
    pub requests: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// What came of one trial, as it is done.
#[derive(Clone, Copy, Debug)]
pub enum Trial<'a> {
    /// Of a server without a defect.
    Healthy(&'a Healthy),
    /// Of one with a defect.
    Mutant(&'a Mutant),
}

/// Tries every defect on every subject that it applies to, and healthy servers beside them.
/// `told` hears of each trial as it is done, in the order of the matrix.
///
/// # Errors
///
/// When a subject cannot be read or a server not started; what rules find or miss is in the
/// [`Matrix`].
pub async fn mutants(
    trials: &Trials,
    told: &(dyn Fn(Trial<'_>) + Send + Sync),
) -> Result<Matrix, TrialError> {
    let subjects = subjects(&trials.subjects)?;
    if let Some(id) = trials
        .only
        .iter()
        .find(|id| !DEFECTS.iter().any(|defect| defect.id == id.as_str()))
    {
        return Err(super::Error::UnknownDefect(id.clone()).into());
    }
    let mut matrix = Matrix {
        subjects: subjects.iter().map(|own| own.name.clone()).collect(),
        excused: subjects.iter().flat_map(|own| own.excused()).collect(),
        whole: trials.only.is_empty() && trials.subjects.is_empty() && !trials.ill.is_empty(),
        ..Matrix::default()
    };
    let mut ills = Vec::new();
    for defect in DEFECTS.iter() {
        let tried = trials.only.is_empty() || trials.only.iter().any(|id| id == defect.id);
        for subject in subjects.iter().filter(|_| tried) {
            let api = &subject.contract.api;
            let operations: Vec<String> = api
                .operations
                .iter()
                .filter(|operation| defect.applies(api, operation))
                .map(Operation::label)
                .collect();
            for (seed, items) in trials.ill.iter().filter(|_| !operations.is_empty()) {
                ills.push((
                    defect,
                    Arc::clone(subject),
                    operations.clone(),
                    *seed,
                    *items,
                ));
            }
        }
    }
    let jobs = trials.jobs.max(1);
    let mut running = futures::stream::iter(ills)
        .map(|(defect, subject, operations, seed, items)| {
            tokio::spawn(async move { ill(defect, &subject, operations, seed, items).await })
        })
        .buffered(jobs);
    while let Some(done) = running.next().await {
        let mutant = done.map_err(|error| TrialError::Broken(error.to_string()))??;
        told(Trial::Mutant(&mutant));
        matrix.mutants.push(mutant);
    }
    let mut wells = Vec::new();
    for subject in &subjects {
        for (seed, items) in &trials.healthy {
            wells.push((Arc::clone(subject), *seed, *items));
        }
    }
    let mut running = futures::stream::iter(wells)
        .map(|(subject, seed, items)| {
            tokio::spawn(async move { healthy(&subject, seed, items).await })
        })
        .buffered(jobs);
    while let Some(done) = running.next().await {
        let run = done.map_err(|error| TrialError::Broken(error.to_string()))??;
        told(Trial::Healthy(&run));
        matrix.healthy.push(run);
    }
    Ok(matrix)
}

async fn healthy(subject: &Subject, seed: u64, items: u64) -> Result<Healthy, TrialError> {
    let begun = Instant::now();
    let options = Options {
        items,
        seed,
        ..Options::default()
    };
    let asked = run::Options {
        spec: subject.name.clone(),
        fixtures: subject.fixtures.clone(),
        writes: true,
        ..run::Options::default()
    };
    let report = subject.run(options, asked).await?.report;
    let findings = report.outcomes.iter().flat_map(|outcome| {
        let findings = outcome.findings.iter();
        findings.map(move |finding| in_words(outcome, finding))
    });
    Ok(Healthy {
        subject: subject.name.clone(),
        seed,
        items,
        requests: report.requests,
        millis: millis(begun.elapsed()),
        findings: findings.collect(),
    })
}

fn in_words(outcome: &Outcome, finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Failure => "failure",
        Severity::Warning => "warning",
    };
    let mut words = format!("{severity} of {} at {}", outcome.rule, outcome.operation);
    if let Some(subject) = &outcome.subject {
        words.push_str(&format!(" ({subject})"));
    }
    format!(
        "{words}: {}; expected {}, came {}",
        finding.message, finding.expected, finding.actual
    )
}

async fn ill(
    defect: &'static Defect,
    subject: &Subject,
    operations: Vec<String>,
    seed: u64,
    items: u64,
) -> Result<Mutant, TrialError> {
    let begun = Instant::now();
    let options = Options {
        items,
        seed,
        defects: vec![defect.id.to_owned()],
        ..Options::default()
    };
    let mut only: Vec<String> = defect
        .caught_by
        .iter()
        .map(|rule| rule.id.to_owned())
        .collect();
    // A life is told at its beginning, whichever operation cuts it short.
    let lives = [
        rule::check::LIFE_CYCLE,
        rule::law::READ_BACK,
        rule::law::STABILITY_UNDER_WRITES,
        rule::check::OTHER_PARENT,
    ];
    let writes = defect.caught_by.iter().any(|rule| lives.contains(rule));
    if !writes {
        let most = match defect.class {
            Class::Pagination => LISTS,
            Class::Schema | Class::Behaviour => OPERATIONS,
        };
        only.extend(operations.into_iter().take(most));
    }
    // What is judged as exchanges pass needs exchanges that go wrong.
    if defect.class != Class::Pagination {
        only.extend(
            [rule::check::BAD_INPUT, rule::check::UNKNOWN_ID].map(|rule| rule.id.to_owned()),
        );
    }
    let asked = run::Options {
        spec: subject.name.clone(),
        only,
        writes: writes || defect.class != Class::Pagination,
        ..run::Options::default()
    };
    let report = subject.run(options, asked).await?.report;
    let expected: Vec<&str> = defect.caught_by.iter().map(|rule| rule.id).collect();
    let of = |verdict: Verdict| -> BTreeSet<String> {
        let outcomes = report.outcomes.iter();
        outcomes
            .filter(|outcome| {
                outcome.verdict == verdict && expected.contains(&outcome.rule.as_str())
            })
            .map(|outcome| outcome.rule.clone())
            .collect()
    };
    let failed = of(Verdict::Failed);
    let mut warned = of(Verdict::Warned);
    warned.retain(|rule| !failed.contains(rule));
    Ok(Mutant {
        defect: defect.id,
        class: defect.class,
        subject: subject.name.clone(),
        seed,
        expected,
        failed,
        warned,
        excuse: subject.excuses.get(defect.id).cloned(),
        requests: report.requests,
        millis: millis(begun.elapsed()),
    })
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
