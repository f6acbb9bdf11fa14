//! How fast the kit is beside a bare client that checks nothing.

use futures::StreamExt as _;
use plumbline_conformance::{
    Contract, ExchangeId, Limits, Request, Session, SessionError, Target, Values, check,
};
use plumbline_specs::api::Operation;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use url::Url;

/// What was measured. Rates are per second; [`overhead`](Self::overhead) is what counts, as it
/// holds on any machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// How many requests each of the two loops sent.
    pub requests: u64,
    /// How many went on at once.
    pub jobs: usize,
    /// How long the bare loop took.
    pub bare: Duration,
    /// How long it took with keeping, routing and checking every reply.
    pub checked: Duration,
    /// How many replies were found at fault: none of a healthy server's.
    pub faults: u64,
    /// How many bodies were validated against their schemas within a second, on one core.
    pub validations: f64,
}

impl Measured {
    /// How much longer the checked loop took, as a part of the bare one: 0.3 is 30 %.
    pub fn overhead(&self) -> f64 {
        self.checked.as_secs_f64() / self.bare.as_secs_f64() - 1.0
    }

    /// Exchanges per second, checked.
    pub fn exchanges(&self) -> f64 {
        rate(self.requests, self.checked)
    }

    /// Exchanges per second of the bare loop.
    pub fn bare_exchanges(&self) -> f64 {
        rate(self.requests, self.bare)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no loop sends 2^52 requests")]
fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// Sends `requests` read requests to `base` twice: with a bare client, and through a session
/// with every reply checked; `jobs` at once. The operations are all that only read and need no
/// id, in turn. Rounds of both alternate, so that a machine that slows down slows both.
///
/// # Errors
///
/// When the session cannot be made, or the document has no operation that can be asked.
pub async fn measure(
    contract: Arc<Contract>,
    base: Url,
    requests: u64,
    jobs: usize,
) -> Result<Measured, BenchError> {
    let values = Values::new();
    let asked: Vec<(Operation, Request)> = contract
        .api
        .operations
        .iter()
        .filter(|operation| contract.only_reads(operation))
        .filter_map(|operation| {
            let request = contract.request(operation, &values).ok()?;
            Some((operation.clone(), request))
        })
        .collect();
    if asked.is_empty() {
        return Err(BenchError::NothingToAsk);
    }
    let session = Session::new(Target {
        base: base.clone(),
        headers: Vec::new(),
        values: std::collections::BTreeMap::new(),
        limits: Limits {
            jobs,
            requests: requests.saturating_mul(2),
            ..Limits::default()
        },
    })?;
    let bare = Bare::new(&base)?;
    let rounds = 10;
    let each = requests.div_ceil(rounds);
    let faults = AtomicU64::new(0);
    let (mut bare_took, mut checked_took) = (Duration::ZERO, Duration::ZERO);
    // Both are warm before the first round counts.
    bare.round(&asked, jobs as u64, jobs).await;
    checked(&contract, &session, &asked, jobs as u64, jobs, &faults).await;
    for _ in 0..rounds {
        let begun = Instant::now();
        bare.round(&asked, each, jobs).await;
        bare_took += begun.elapsed();
        let begun = Instant::now();
        checked(&contract, &session, &asked, each, jobs, &faults).await;
        checked_took += begun.elapsed();
    }
    Ok(Measured {
        requests: each * rounds,
        jobs,
        bare: bare_took,
        checked: checked_took,
        faults: faults.into_inner(),
        validations: validations(&contract, &session),
    })
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The session could not be made.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// No operation only reads and needs no id.
    #[error("the document has no operation that reads and needs no id")]
    NothingToAsk,
    /// The bare client could not be made.
    #[error("the bare client could not be made: {0}")]
    Client(String),
}

/// A client that sends and reads, and nothing else.
struct Bare {
    client: reqwest::Client,
    base: String,
}

impl Bare {
    fn new(base: &Url) -> Result<Self, BenchError> {
        Ok(Self {
            client: reqwest::Client::builder()
                .build()
                .map_err(|error| BenchError::Client(error.to_string()))?,
            base: base.as_str().trim_end_matches('/').to_owned(),
        })
    }

    async fn round(&self, asked: &[(Operation, Request)], count: u64, jobs: usize) {
        futures::stream::iter(asked.iter().cycle().zip(0..count))
            .for_each_concurrent(jobs, |((_, request), _)| async move {
                let method = reqwest::Method::from_bytes(request.method.as_bytes());
                let Ok(method) = method else {
                    return;
                };
                let url = format!("{}{}", self.base, request.path_and_query());
                let mut prepared = self.client.request(method, url);
                for (name, value) in &request.headers {
                    prepared = prepared.header(name, value);
                }
                if let Some(body) = &request.body {
                    prepared = prepared.body(body.clone());
                }
                // A failure here shows as faults of the other loop.
                if let Ok(response) = prepared.send().await {
                    let _ = response.bytes().await;
                }
            })
            .await;
    }
}

async fn checked(
    contract: &Contract,
    session: &Session,
    asked: &[(Operation, Request)],
    count: u64,
    jobs: usize,
    faults: &AtomicU64,
) {
    futures::stream::iter(asked.iter().cycle().zip(0..count))
        .for_each_concurrent(jobs, |((operation, request), _)| async move {
            let exchange = session.send(request.clone()).await;
            if !check::check_exchange(contract, operation, &exchange).is_empty() {
                faults.fetch_add(1, Ordering::Relaxed);
            }
        })
        .await;
}

/// Validates kept replies over and over for a quarter of a second.
#[expect(clippy::cast_precision_loss, reason = "nobody validates 2^52 bodies")]
fn validations(contract: &Contract, session: &Session) -> f64 {
    let kept: Vec<_> = session.exchanges((1..=64).map(ExchangeId));
    let replies: Vec<_> = kept
        .iter()
        .filter_map(|exchange| {
            let operation = contract.operation(&exchange.request.operation)?;
            Some((operation, exchange.reply()?))
        })
        .collect();
    if replies.is_empty() {
        return 0.0;
    }
    let begun = Instant::now();
    let mut done = 0_u64;
    while begun.elapsed() < Duration::from_millis(250) {
        for (operation, reply) in &replies {
            std::hint::black_box(contract.check_reply(operation, reply));
            done += 1;
        }
    }
    done as f64 / begun.elapsed().as_secs_f64()
}
