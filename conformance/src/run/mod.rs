//! A whole run: what can be asked of a target is planned, asked, judged, and put into a report.

mod assemble;
mod clean;
mod discover;
mod plan;
mod read;
mod selection;
mod write;

pub use assemble::rules;
pub use plan::{Plan, Planned, plan};

use crate::check::Tally;
use crate::contract::Contract;
use crate::fixture::Fixture;
use crate::guard::{Guard, Sender};
use crate::known::KnownFailure;
use crate::{Interrupt, Outcome, Report, Session, Values};
use chrono::NaiveDate;
use plumbline_specs::Diagnostic;
use plumbline_specs::api::Operation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a run does, and what it leaves alone.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The document's name for the report.
    pub spec: String,
    /// Fixtures to replay.
    pub fixtures: Vec<Fixture>,
    /// Rules and operations to keep to; everything where there is none.
    pub only: Vec<String>,
    /// Whether the target may be written to.
    pub writes: bool,
    /// Operations that are sent though they may act on what the run has not created.
    pub also: Vec<String>,
    /// Operations, rules and `tag:NAME` to leave out.
    pub skip: Vec<String>,
    /// `(i, n)`: the `i`th of `n` parts of the run, from 1.
    pub shard: Option<(u32, u32)>,
    /// Failures that are known and tracked.
    pub known: Vec<KnownFailure>,
    /// The day by which known failures expire; none expires without it.
    pub today: Option<NaiveDate>,
    /// Ends the run before its end.
    pub interrupt: Interrupt,
}

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// So many steps lie ahead.
    Begun {
        /// Operations and fixtures.
        steps: usize,
    },
    /// An operation or a fixture is done.
    Done {
        /// Its label.
        label: String,
        /// How many requests were sent by then.
        requests: u64,
    },
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The verdicts.
    pub report: Report,
    /// Known failures that no longer apply: the list is to be mended.
    pub stale: Vec<Diagnostic>,
}

/// Why there was no run.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RunError {
    /// No connection to the target.
    #[error("the target {target} cannot be reached: {reason}")]
    Unreachable {
        /// Its base URL.
        target: String,
        /// Why.
        reason: String,
    },
    /// `only` names what is neither a rule nor an operation.
    #[error("`{0}` is neither a rule nor an operation")]
    Unknown(String),
    /// `also` names no operation.
    #[error("`{0}` is no operation")]
    NoOperation(String),
    /// `skip` names a tag that no operation has.
    #[error("no operation has the tag `{0}`")]
    NoTag(String),
    /// A shard that does not exist.
    #[error("there is no part {0} of {1}")]
    Shard(u32, u32),
}

/// Told of each event.
pub type Listener<'a> = &'a (dyn Fn(Event) + Send + Sync);

/// Holds a target against a contract: every operation that can be asked, the laws of those that
/// page, and the fixtures. It only reads unless `options.writes`.
///
/// Ids come from the target's values, from lists that the document has (the parent's first),
/// from fixtures' defaults and, where it may write, from what it creates. An operation for
/// which none is known is named as uncovered, with the reason.
///
/// # Errors
///
/// When the target takes no connection, or the options name what there is not.
pub async fn verify(
    contract: Arc<Contract>,
    session: Session,
    options: &Options,
    listener: Listener<'_>,
) -> Result<Verified, RunError> {
    let begun = Instant::now();
    check_options(&contract, options)?;
    session.declare_credentials(contract.credentials().into_iter().map(|(_, name)| name));
    let guard = Arc::new(selection::guard(Arc::clone(&contract), options));
    session.set_guard(Arc::clone(&guard));
    let tally = Arc::new(Tally::default());
    let (judge, judged_by) = (Arc::clone(&tally), Arc::clone(&contract));
    session.observe(move |exchange| {
        if Sender::now().is_none() && exchange.left_out().is_none() {
            judge.take(&judged_by, exchange);
        }
    });
    let run = Run {
        contract: &contract,
        session: &session,
        guard: &guard,
        options,
        tally: &tally,
        listener,
        outcomes: Mutex::default(),
        uncovered: Mutex::default(),
        done: Mutex::default(),
    };
    let ended = run.until_interrupted(run.walk()).await?;
    // The session sends again, so that what the run has created can be deleted.
    let remaining = run.clean_up(&given_values(session.target(), options)).await;
    Ok(run.assemble(begun.elapsed(), ended, remaining))
}

/// How long an interrupted run waits for answers that say what a request has changed.
const SETTLING: Duration = Duration::from_secs(5);

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ended {
    /// By itself.
    Whole,
    /// It was interrupted, and these operations had no answer yet that says what they changed.
    Interrupted { unsettled: Vec<String> },
}

/// A part of a run that is done or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Operation,
    Laws,
    /// What an operation creates, from its creation to its end.
    Life,
    Fixture,
}

/// A run under way.
struct Run<'a> {
    contract: &'a Contract,
    session: &'a Session,
    guard: &'a Guard,
    options: &'a Options,
    tally: &'a Tally,
    listener: Listener<'a>,
    outcomes: Mutex<Vec<Outcome>>,
    /// Operation to the reason why nothing was asked of it.
    uncovered: Mutex<BTreeMap<String, String>>,
    /// What is done, each with its label.
    done: Mutex<BTreeSet<(Step, String)>>,
}

impl Run<'_> {
    /// All of it, in order.
    async fn walk(&self) -> Result<(), RunError> {
        connect(self.session).await?;
        let mut values = given_values(self.session.target(), self.options);
        (self.listener)(Event::Begun {
            steps: self.steps(),
        });
        // A recording speaks of the store that it found: nothing is written before it is replayed.
        self.replay(&values, true).await;
        discover::discover(self, &mut values).await;
        self.read(&values).await;
        self.laws(&values).await;
        if self.options.writes {
            self.write(&values).await;
        }
        self.replay(&values, false).await;
        Ok(())
    }

    /// Lets the walk go on until it ends or is interrupted. Then it is dropped where it stands: it
    /// sees no answer that is none, and what it has found so far is kept.
    async fn until_interrupted(
        &self,
        walk: impl Future<Output = Result<(), RunError>>,
    ) -> Result<Ended, RunError> {
        let mut walk = Box::pin(walk);
        tokio::select! {
            biased;
            ended = &mut walk => return ended.map(|()| Ended::Whole),
            () = self.options.interrupt.interrupted() => {}
        }
        self.session.pause();
        let settled = tokio::time::timeout(SETTLING, self.session.settled());
        tokio::select! {
            biased;
            ended = &mut walk => return ended.map(|()| Ended::Whole),
            _ = settled => {}
        }
        let unsettled = self.session.changing();
        drop(walk);
        self.session.resume();
        Ok(Ended::Interrupted { unsettled })
    }

    /// How many steps there are.
    fn steps(&self) -> usize {
        let asked = self
            .operations()
            .filter(|operation| self.options.writes || self.contract.only_reads(operation));
        asked.count() + self.paged().count() + self.creations().count() + self.fixtures().count()
    }

    /// The operations whose laws are judged.
    fn paged(&self) -> impl Iterator<Item = &Operation> {
        self.operations()
            .filter(|operation| operation.pagination.is_some())
    }

    fn done(&self, step: Step, label: &str) {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((step, label.to_owned()));
        (self.listener)(Event::Done {
            label: label.to_owned(),
            requests: self.session.sent(),
        });
    }

    fn add(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.outcomes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(outcomes);
    }

    fn leave(&self, operation: &Operation, reason: impl Into<String>) {
        self.uncovered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(operation.label(), reason.into());
    }

    /// The operations of this run's part.
    fn operations(&self) -> impl Iterator<Item = &Operation> {
        let labels: Vec<&String> = self
            .options
            .only
            .iter()
            .filter(|id| self.contract.operation(id).is_some())
            .collect();
        self.contract
            .api
            .operations
            .iter()
            .enumerate()
            .filter(|(index, _)| self.is_mine(*index))
            .map(|(_, operation)| operation)
            .filter(move |operation| {
                labels.is_empty() || labels.iter().any(|label| **label == operation.label())
            })
    }

    fn fixtures(&self) -> impl Iterator<Item = &Fixture> {
        self.options
            .fixtures
            .iter()
            .enumerate()
            .filter(|(index, _)| self.is_mine(*index))
            .map(|(_, fixture)| fixture)
    }

    fn is_mine(&self, index: usize) -> bool {
        match self.options.shard {
            None => true,
            Some((part, parts)) => {
                index.checked_rem(parts as usize) == Some((part as usize).saturating_sub(1))
            }
        }
    }

    /// Whether a rule is asked for.
    fn wants(&self, rule: &str) -> bool {
        let mut rules = self
            .options
            .only
            .iter()
            .filter(|id| self.contract.operation(id).is_none())
            .peekable();
        let wanted = rules.peek().is_none() || rules.any(|id| id == rule);
        wanted && !self.options.skip.iter().any(|id| id == rule)
    }
}

fn check_options(contract: &Contract, options: &Options) -> Result<(), RunError> {
    let rules = rules();
    for id in &options.only {
        if rules.find(id).is_none() && contract.operation(id).is_none() {
            return Err(RunError::Unknown(id.clone()));
        }
    }
    selection::check(contract, options)?;
    match options.shard {
        Some((part, parts)) if part == 0 || part > parts => Err(RunError::Shard(part, parts)),
        _ => Ok(()),
    }
}

/// The target's values, then the fixtures' defaults below them.
fn given_values(target: &crate::Target, options: &Options) -> Values {
    let mut values = Values::new();
    for (name, value) in &target.values {
        values.set(name.clone(), value.clone());
    }
    for fixture in &options.fixtures {
        for (name, value) in &fixture.values {
            values.suggest(name.clone(), value.clone());
        }
    }
    values
}

/// Opens a connection, so that an address where nothing listens is told from a server that
/// answers badly.
async fn connect(session: &Session) -> Result<(), RunError> {
    let base = &session.target().base;
    let unreachable = |reason: String| RunError::Unreachable {
        target: crate::redacted::address(base),
        reason,
    };
    let host = base
        .host_str()
        .ok_or_else(|| unreachable("the URL names no host".to_owned()))?
        .trim_matches(['[', ']'])
        .to_owned();
    let port = base
        .port_or_known_default()
        .ok_or_else(|| unreachable("the URL names no port".to_owned()))?;
    let limit = session.target().limits.timeout.min(Duration::from_secs(30));
    match tokio::time::timeout(limit, tokio::net::TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable("no connection was made in time".to_owned())),
    }
}
