//! The kit tried on itself: every defect has to be caught by a rule that names it, every rule
//! has to be tripped by a defect, and a server without a defect has to pass.

use super::defect::Class;
use super::{DEFECTS, Defect, Options, Server};
use crate::run::{self, RunError};
use crate::{Contract, Family, Limits, Session, SessionError, Severity, Target, embedded, fixture};
use futures::StreamExt as _;
use plumbline_specs::Diagnostics;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The key that guarded operations of the subjects accept.
const KEY: &str = "sesame";

/// A document with the styles and promises that no vendor has.
const LIBRARY: &[u8] = include_bytes!("../../subjects/library.yaml");

/// What is tried.
#[derive(Clone, Debug)]
pub struct Trials {
    /// The defects to try, by id; all where there is none.
    pub only: Vec<String>,
    /// The documents to try them on: vendors' names, `library`; all where there is none.
    pub subjects: Vec<String>,
    /// How many items a server with a defect has.
    pub items: u64,
    /// How many trials run at once.
    pub jobs: usize,
    /// The healthy runs of each subject: seed and number of items.
    pub healthy: Vec<(u64, u64)>,
}

impl Default for Trials {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            subjects: Vec::new(),
            items: 57,
            jobs: 4,
            healthy: vec![(1, 0), (2, 1), (3, 2), (4, 57), (5, 1000)],
        }
    }
}

/// Why the trials did not take place.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// A subject's document is wrong.
    #[error("the document of {0} cannot be used: {1:?}")]
    Document(String, Diagnostics),
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
    /// What was found, which should be nothing: rule, operation and message.
    pub failures: Vec<String>,
    /// What was warned of.
    pub warnings: Vec<String>,
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
    /// The rules that are to catch it.
    pub expected: &'static [&'static str],
    /// Those of them that did.
    pub caught_by: BTreeSet<String>,
    /// How many requests were sent.
    pub requests: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

/// What came of all trials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// The runs against healthy servers.
    pub healthy: Vec<Healthy>,
    /// The runs against servers with a defect.
    pub mutants: Vec<Mutant>,
    /// Checks and laws that no defect tripped; not judged when only some defects were tried.
    pub untripped: Vec<String>,
}

/// A document, and what a run needs to know of a server made from it.
struct Subject {
    name: String,
    contract: Arc<Contract>,
    fixtures: Vec<fixture::Fixture>,
    headers: Vec<(String, String)>,
    values: BTreeMap<String, String>,
}

/// Tries every defect on every subject that it applies to, and healthy servers beside them.
///
/// # Errors
///
/// When a subject cannot be read or a server not started; what rules find or miss is in the
/// [`Matrix`].
pub async fn mutants(trials: &Trials) -> Result<Matrix, TrialError> {
    let mut subjects = subjects()?;
    subjects
        .retain(|subject| trials.subjects.is_empty() || trials.subjects.contains(&subject.name));
    if let Some(id) = trials
        .only
        .iter()
        .find(|id| id.as_str() != "none" && !DEFECTS.iter().any(|defect| defect.id == id.as_str()))
    {
        return Err(super::Error::UnknownDefect(id.clone()).into());
    }
    let mut wells = Vec::new();
    for subject in &subjects {
        for (seed, items) in &trials.healthy {
            wells.push((subject, *seed, *items));
        }
    }
    let healthy: Vec<Result<Healthy, TrialError>> = futures::stream::iter(wells)
        .map(|(subject, seed, items)| healthy(subject, seed, items))
        .buffered(trials.jobs.max(1))
        .collect()
        .await;
    let mut ills = Vec::new();
    for defect in DEFECTS.iter() {
        let tried = trials.only.is_empty() || trials.only.iter().any(|id| id == defect.id);
        for subject in subjects.iter().filter(|_| tried) {
            let api = &subject.contract.api;
            let operations: Vec<String> = api
                .operations
                .iter()
                .filter(|operation| defect.applies(api, operation))
                .map(plumbline_specs::api::Operation::label)
                .collect();
            if !operations.is_empty() {
                ills.push((defect, subject, operations));
            }
        }
    }
    let mutants: Vec<Result<Mutant, TrialError>> = futures::stream::iter(ills)
        .map(|(defect, subject, operations)| ill(defect, subject, operations, trials.items))
        .buffered(trials.jobs.max(1))
        .collect()
        .await;
    let mut matrix = Matrix {
        healthy: healthy.into_iter().collect::<Result<_, _>>()?,
        mutants: mutants.into_iter().collect::<Result<_, _>>()?,
        untripped: Vec::new(),
    };
    if trials.only.is_empty() && trials.subjects.is_empty() {
        matrix.untripped = untripped(&matrix.mutants);
    }
    Ok(matrix)
}

/// The checks and laws that no defect tripped.
fn untripped(mutants: &[Mutant]) -> Vec<String> {
    run::rules()
        .iter()
        .filter(|rule| rule.family != Family::Fixture)
        .map(|rule| rule.id.to_owned())
        .filter(|id| !mutants.iter().any(|mutant| mutant.caught_by.contains(id)))
        .collect()
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
    let verified = subject.run(options, asked).await?;
    let told = |severity: Severity| -> Vec<String> {
        let outcomes = verified.report.outcomes.iter();
        outcomes
            .flat_map(|outcome| {
                outcome
                    .findings
                    .iter()
                    .filter(move |finding| finding.severity == severity)
                    .map(|finding| {
                        format!(
                            "{} at {}: {}",
                            outcome.rule, outcome.operation, finding.message
                        )
                    })
            })
            .collect()
    };
    Ok(Healthy {
        subject: subject.name.clone(),
        seed,
        items,
        requests: verified.report.requests,
        millis: millis(begun.elapsed()),
        failures: told(Severity::Failure),
        warnings: told(Severity::Warning),
    })
}

async fn ill(
    defect: &'static Defect,
    subject: &Subject,
    operations: Vec<String>,
    items: u64,
) -> Result<Mutant, TrialError> {
    let begun = Instant::now();
    let options = Options {
        items,
        defects: vec![defect.id.to_owned()],
        ..Options::default()
    };
    let mut only: Vec<String> = defect.caught_by.iter().map(|id| (*id).to_owned()).collect();
    // A life is told at its beginning, whichever operation cuts it short.
    let lives = [
        "life-cycle",
        "read-back",
        "stability-under-writes",
        "other-parent",
    ];
    let writes = defect.caught_by.iter().any(|id| lives.contains(id));
    if !writes {
        only.extend(operations.into_iter().take(3));
    }
    // What is judged as exchanges pass needs exchanges that go wrong.
    if defect.class != Class::Pagination {
        only.extend(["bad-input", "unknown-id"].map(str::to_owned));
    }
    let asked = run::Options {
        spec: subject.name.clone(),
        only,
        writes: writes || defect.class != Class::Pagination,
        ..run::Options::default()
    };
    let verified = subject.run(options, asked).await?;
    let caught_by = verified
        .report
        .outcomes
        .iter()
        .filter(|outcome| {
            outcome.verdict == crate::Verdict::Failed
                && defect.caught_by.contains(&outcome.rule.as_str())
        })
        .map(|outcome| outcome.rule.clone())
        .collect();
    Ok(Mutant {
        defect: defect.id,
        class: defect.class,
        subject: subject.name.clone(),
        expected: defect.caught_by,
        caught_by,
        requests: verified.report.requests,
        millis: millis(begun.elapsed()),
    })
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

impl Subject {
    async fn run(
        &self,
        mut options: Options,
        asked: run::Options,
    ) -> Result<run::Verified, TrialError> {
        options.credentials = Some(KEY.to_owned());
        let server = Server::start(Arc::clone(&self.contract), options)?;
        let session = Session::new(Target {
            base: server.url().parse()?,
            headers: self.headers.clone(),
            values: self.values.clone(),
            limits: Limits::default(),
        })?;
        Ok(run::verify(Arc::clone(&self.contract), session, &asked, &|_| {}).await?)
    }
}

/// The vendors, and the lending library.
fn subjects() -> Result<Vec<Subject>, TrialError> {
    let wrong = |name: &str| {
        let name = name.to_owned();
        move |found: Diagnostics| TrialError::Document(name, found)
    };
    let contract = |name: &str, reading| {
        Contract::new(reading)
            .map(Arc::new)
            .map_err(|found| TrialError::Document(name.to_owned(), found.into_iter().collect()))
    };
    let mut subjects = Vec::new();
    for vendor in embedded::VENDORS {
        let reading = vendor.read().map_err(wrong(vendor.name))?;
        let fixtures = vendor
            .fixtures
            .iter()
            .filter_map(|(name, bytes)| fixture::load(bytes, name).ok())
            .collect();
        subjects.push(Subject {
            name: vendor.name.to_owned(),
            contract: contract(vendor.name, reading)?,
            fixtures,
            headers: Vec::new(),
            values: BTreeMap::new(),
        });
    }
    let input = plumbline_specs::Input {
        name: "library.yaml",
        bytes: LIBRARY,
    };
    let reading = plumbline_specs::read(input, &plumbline_specs::Options::default())
        .map_err(wrong("library"))?;
    subjects.push(Subject {
        name: "library".to_owned(),
        contract: contract("library", reading)?,
        fixtures: Vec::new(),
        headers: Vec::new(),
        values: BTreeMap::new(),
    });
    for subject in &mut subjects {
        let pairs: &[(&str, &str)] = match subject.name.as_str() {
            "opik" => &[("Authorization", KEY), ("Comet-Workspace", "default")],
            "galileo" => &[("Galileo-API-Key", KEY)],
            "library" => &[("X-Library-Key", KEY)],
            _ => &[],
        };
        let pairs = pairs.iter();
        subject.headers = pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        if subject.name == "galileo" {
            subject.values.insert(
                "project_id".to_owned(),
                "0b7d7fd4-6d0c-4f5a-9a4e-2f2f6c1f3a10".to_owned(),
            );
        }
    }
    Ok(subjects)
}

impl Matrix {
    /// The trials that went wrong, each in a sentence: findings on a healthy server, defects
    /// that nobody caught, rules that nothing tripped.
    pub fn faults(&self) -> Vec<String> {
        let sick = self.healthy.iter().flat_map(|run| {
            run.failures.iter().map(move |failure| {
                format!(
                    "healthy {} (seed {}, {} items): {failure}",
                    run.subject, run.seed, run.items
                )
            })
        });
        let missed = self
            .mutants
            .iter()
            .filter(|mutant| mutant.caught_by.is_empty());
        let missed = missed.map(|mutant| {
            format!(
                "{} on {} was not caught by {}",
                mutant.defect,
                mutant.subject,
                mutant.expected.join(" or ")
            )
        });
        let idle = self
            .untripped
            .iter()
            .map(|rule| format!("no defect trips {rule}"));
        sick.chain(missed).chain(idle).collect()
    }

    /// Whether all went as it should.
    pub fn holds(&self) -> bool {
        self.faults().is_empty()
    }

    /// The matrix as a person reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut last = "";
        for mutant in &self.mutants {
            let name = if mutant.defect == last {
                ""
            } else {
                mutant.defect
            };
            last = mutant.defect;
            let rules: Vec<_> = mutant.caught_by.iter().map(String::as_str).collect();
            let rules = if rules.is_empty() {
                "NOT CAUGHT".to_owned()
            } else {
                rules.join(" ")
            };
            let _ = writeln!(
                text,
                "{name:32} {:10} {:5} requests {:6} ms  {rules}",
                mutant.subject, mutant.requests, mutant.millis
            );
        }
        for run in &self.healthy {
            let _ = writeln!(
                text,
                "healthy {:10} seed {} items {:4} {:5} requests {:6} ms  {} failures, {} warnings",
                run.subject,
                run.seed,
                run.items,
                run.requests,
                run.millis,
                run.failures.len(),
                run.warnings.len()
            );
        }
        for fault in self.faults() {
            let _ = writeln!(text, "fault: {fault}");
        }
        text
    }
}
