//! A whole run: what can be asked of a target is planned, asked, judged, and put into a report.

mod asked;
mod assemble;
mod clean;
mod credentials;
mod discover;
mod given;
mod needs;
mod plan;
mod read;
mod seen;
mod selection;
mod write;

pub use asked::Asked;
pub use plan::{Plan, Planned, plan};

use crate::check::Tally;
use crate::contract::Contract;
use crate::fixture::Fixture;
use crate::guard::{Guard, Sender};
use crate::known::KnownFailure;
use crate::{Coverage, Interrupt, Outcome, Report, Session, Values};
use credentials::Watch;
use jiff::civil::Date;
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
    pub today: Option<Date>,
    /// Ends the run before its end.
    pub interrupt: Interrupt,
    /// When the run is begun, by RFC 3339, for the report.
    pub now: Option<String>,
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
    /// A value by a name that nothing has, or that of a credential.
    #[error("nothing takes the value `{name}`: {why}")]
    Value {
        /// The name.
        name: String,
        /// Why.
        why: &'static str,
    },
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
    given::check(&contract, session.target(), options)?;
    session.declare_credentials(contract.credentials().into_iter().map(|(_, name)| name));
    let guard = Arc::new(selection::guard(
        Arc::clone(&contract),
        session.target().base.clone(),
        options,
    ));
    session.set_guard(Arc::clone(&guard));
    session.heed(&options.interrupt);
    let tally = Arc::new(Tally::default());
    let coverage = Arc::new(Mutex::new(Coverage::new(&contract)));
    let (judge, judged_by) = (Arc::clone(&tally), Arc::clone(&contract));
    let (seen, watch) = (Arc::clone(&coverage), Arc::new(Watch::default()));
    let watched = Arc::clone(&watch);
    session.observe(move |exchange| {
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .see(&judged_by, exchange);
        let is_checked = Sender::now().is_none() && exchange.left_out().is_none();
        let kept_back = watched.see(&judged_by, exchange, is_checked);
        if is_checked && !kept_back {
            judge.take(&judged_by, exchange);
        }
    });
    let run = Run {
        contract: &contract,
        session: &session,
        guard: &guard,
        options,
        tally: &tally,
        coverage: &coverage,
        watch: &watch,
        needed: needed(&contract, options),
        listener,
        outcomes: Mutex::default(),
        uncovered: Mutex::default(),
        done: Mutex::default(),
    };
    let ended = run.until_interrupted(run.walk()).await;
    // However the walk ended: what the run has created is to be deleted.
    session.resume();
    let ended = ended?;
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

/// The operations that have to be asked where a run is kept to some: them, and what gives the ids
/// that they take. All where it is kept to none.
fn needed(contract: &Contract, options: &Options) -> Option<BTreeSet<String>> {
    let wanted: Vec<&Operation> = options
        .only
        .iter()
        .filter_map(|id| contract.operation(id))
        .collect();
    (!wanted.is_empty()).then(|| needs::needed(contract, wanted))
}

/// A run under way.
struct Run<'a> {
    contract: &'a Contract,
    session: &'a Session,
    guard: &'a Guard,
    options: &'a Options,
    tally: &'a Tally,
    coverage: &'a Mutex<Coverage>,
    watch: &'a Watch,
    /// The operations that may be asked for their ids; all without it.
    needed: Option<BTreeSet<String>>,
    listener: Listener<'a>,
    outcomes: Mutex<Vec<Outcome>>,
    /// Operation to the reason why nothing was asked of it.
    uncovered: Mutex<BTreeMap<String, String>>,
    /// What is done, each with its label.
    done: Mutex<BTreeSet<(Step, String)>>,
}

impl Run<'_> {
    /// All of it, in order, as long as the target takes the run's credentials.
    async fn walk(&self) -> Result<(), RunError> {
        connect(self.session).await?;
        let mut values = given_values(self.session.target(), self.options);
        (self.listener)(Event::Begun {
            steps: self.steps(),
        });
        self.try_credentials(&values).await;
        // A recording speaks of the store that it found: nothing is written before it is replayed.
        self.replay(&values, true).await;
        discover::discover(self, &mut values).await;
        self.read(&values).await;
        self.laws(&values).await;
        // What is written cannot be taken back with credentials that are dead.
        if self.options.writes && self.are_credentials_good().await {
            self.write(&values).await;
        }
        self.replay(&values, false).await;
        Ok(())
    }

    /// Whether an operation gives ids that this run needs.
    fn is_needed(&self, operation: &Operation) -> bool {
        let needed = self.needed.as_ref();
        needed.is_none_or(|needed| needed.contains(&operation.label()))
    }

    /// Lets the walk go on until it ends or is interrupted. Then it is dropped where it stands: it
    /// sees no answer that is none, and what it has found so far is kept.
    async fn until_interrupted(
        &self,
        walk: impl Future<Output = Result<(), RunError>>,
    ) -> Result<Ended, RunError> {
        let mut walk = Box::pin(walk);
        tokio::select! {
            // First the interruption: once it has come, no further request is begun.
            biased;
            () = self.options.interrupt.interrupted() => {}
            ended = &mut walk => return ended.map(|()| Ended::Whole),
        }
        self.session.pause();
        let settled = tokio::time::timeout(SETTLING, self.session.settled());
        tokio::select! {
            biased;
            ended = &mut walk => return ended.map(|()| Ended::Whole),
            _ = settled => {}
        }
        let unsettled = self.session.changing();
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

    /// A step is done, unless the run was stopped in it.
    fn done(&self, step: Step, label: &str) {
        if self.is_stopped() {
            return;
        }
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

    fn mark_uncovered(&self, operation: &Operation, reason: impl Into<String>) {
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
            .filter(|fixture| {
                let mut steps = fixture.exchanges.iter();
                steps.any(|step| self.is_asked(&step.operation))
            })
    }

    /// Whether the run is not kept to other operations than this one.
    fn is_asked(&self, label: &str) -> bool {
        let mut kept = self
            .options
            .only
            .iter()
            .filter_map(|id| self.contract.operation(id))
            .peekable();
        kept.peek().is_none() || kept.any(|operation| operation.label() == label)
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
    let rules = crate::rule::rules();
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
