//! The one thing that touches the network: requests sent within bounds, and kept.

mod gate;
mod log;
mod pace;
mod secrets;
mod shown;

use crate::guard::{Guard, LeftOut, Sender};
use crate::secrets::{Declared, Given, user_info};
use crate::{
    Exchange, ExchangeId, Failure, Interrupt, Reply, Request, Target, UserHeader, UserText, tls,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gate::Gate;
use log::Log;
use pace::Pace;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrets::Secrets;
pub(crate) use secrets::WRONG;
use shown::without;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};
use tokio::sync::{OnceCell, Semaphore};

/// So many answers of one operation in a row that did not come in time, and no more are awaited.
const TIMEOUTS: u32 = 3;

/// So many failures before any answer at all, and the target counts as unreachable.
const FAILURES: u64 = 8;

/// The longest URL that is sent; the HTTP library takes 65,534 bytes, most servers 8,000.
const URL: usize = 65_000;

/// Why a session cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// A header names an environment variable that is not set.
    #[error("the header `{header}` names the environment variable `{variable}`, which is not set")]
    MissingVariable {
        /// The header.
        header: String,
        /// The variable.
        variable: String,
    },
    /// A header that HTTP does not allow.
    #[error("`{0}` is no header that HTTP allows")]
    Header(String),
    /// The client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
    /// The target is at https, and the kit was built without its feature `tls`.
    #[error("a target at https needs the feature `tls` of plumbline-conformance")]
    NoTls,
}

/// Called with each exchange when it is over.
type Observer = Box<dyn Fn(&Exchange) + Send + Sync>;

/// Sends requests to a target, bounded in time, size, number, rate and concurrency, and keeps
/// what was exchanged. Redirects are not followed: a redirect is an answer.
pub struct Session {
    target: Target,
    base: String,
    client: reqwest::Client,
    /// Keeps no connection.
    fresh: reqwest::Client,
    /// Whether an answer was a 5xx.
    erred: AtomicBool,
    headers: HeaderMap,
    secrets: RwLock<Secrets>,
    /// What the answers gave that have been cut.
    given: Mutex<Given>,
    jobs: Semaphore,
    pace: Option<Pace>,
    sent: AtomicU64,
    /// Whether a request was refused because all that the run may send were sent.
    is_spent: AtomicBool,
    answered: AtomicU64,
    failed: AtomicU64,
    /// Timeouts in a row, by operation.
    silent: Mutex<HashMap<String, u32>>,
    log: Mutex<Log>,
    /// The first answers, by request.
    shared: Mutex<HashMap<Request, Arc<OnceCell<ExchangeId>>>>,
    observer: OnceLock<Observer>,
    gate: Gate,
    guard: OnceLock<Arc<Guard>>,
}

/// The header that a user and a password in the target's URL stand for (RFC 7617), where the user
/// gives no other.
fn credentials_in(target: &Target) -> Option<UserHeader> {
    let (user, password) = user_info(&target.base)?;
    let mut headers = target.headers.iter();
    if headers.any(|own| own.name.eq_ignore_ascii_case("authorization")) {
        return None;
    }
    let credentials = STANDARD.encode(format!("{user}:{password}"));
    Some(UserHeader {
        name: "Authorization".to_owned(),
        value: UserText::literal(format!("Basic {credentials}")),
    })
}

impl Session {
    /// Makes the client ready; nothing is sent.
    ///
    /// # Errors
    ///
    /// A header that HTTP does not allow, or a system on which no client can be made.
    pub fn new(mut target: Target) -> Result<Self, SessionError> {
        if !tls::is_supported(target.base.scheme()) {
            return Err(SessionError::NoTls);
        }
        tls::choose();
        target.headers.extend(credentials_in(&target));
        let mut secrets = Secrets::new(&target.headers);
        secrets.keep_back_user_info(&target.base);
        let mut headers = HeaderMap::new();
        for own in &target.headers {
            let (name, mut value) = header(&own.name, &own.value.expose())?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        let client = pooled(&target, target.limits.jobs.max(1))?;
        let fresh = pooled(&target, 0)?;
        let base = crate::redacted::address(&target.base);
        Ok(Self {
            base: base.trim_end_matches('/').to_owned(),
            client,
            fresh,
            erred: AtomicBool::new(false),
            headers,
            secrets: RwLock::new(secrets),
            given: Mutex::default(),
            jobs: Semaphore::new(target.limits.jobs.clamp(1, 1024)),
            pace: Pace::new(target.limits.rate),
            sent: AtomicU64::new(0),
            is_spent: AtomicBool::new(false),
            answered: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            silent: Mutex::default(),
            log: Mutex::new(Log::new(target.limits.kept)),
            shared: Mutex::default(),
            observer: OnceLock::new(),
            gate: Gate::default(),
            guard: OnceLock::new(),
            target,
        })
    }

    /// Where requests go.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Also treats the values of these headers, which a document declares as credentials, as
    /// secrets.
    pub fn declare_credentials(&self, names: impl IntoIterator<Item = String>) {
        self.secrets
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .declare(names);
    }

    /// Has every exchange, when it is over, shown to `observer`; the first one set stays.
    pub fn observe(&self, observer: impl Fn(&Exchange) + Send + Sync + 'static) {
        let _ = self.observer.set(Box::new(observer));
    }

    /// Lets nothing pass from now on but what a guard permits; the first one set stays.
    pub(crate) fn set_guard(&self, guard: Arc<Guard>) {
        let _ = self.guard.set(guard);
    }

    /// What says what may be sent.
    pub(crate) fn guard(&self) -> Option<&Guard> {
        self.guard.get().map(Arc::as_ref)
    }

    /// Whether a request may be sent.
    pub(crate) fn permit(&self, request: &Request) -> Result<(), LeftOut> {
        self.guard().map_or(Ok(()), |guard| guard.permit(request))
    }

    /// How many requests were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// What the run lacks where it had more to send than its limit of requests allows.
    pub(crate) fn spent(&self) -> Option<String> {
        let most = self.target.limits.requests;
        self.is_spent
            .load(Ordering::Relaxed)
            .then(|| format!("the run's {most} requests are spent"))
    }

    /// Whether nothing ever answered.
    pub fn is_unreachable(&self) -> bool {
        self.answered.load(Ordering::Relaxed) == 0 && self.failed.load(Ordering::Relaxed) > 0
    }

    /// Sends a request; it always ends, with a reply or with the reason why there is none. The
    /// answer is what came, for judging; [`exchanges`](Self::exchanges) gives it as it may be shown.
    ///
    /// A header of the request takes the place of the target's of the same name.
    pub async fn send(&self, request: Request) -> Arc<Exchange> {
        let sent = self.guard().map_or(0, Guard::moment);
        let answer = match self.permit(&request) {
            Ok(()) => {
                let answer = self.answer(&request).await;
                self.count(&request.operation, &answer);
                answer
            }
            Err(left_out) => Err(Failure::NotSent(left_out.to_string())),
        };
        let exchange = {
            let secrets = self.secrets();
            let request = secrets.hidden(request);
            // What is cut cannot be read any more, so its secrets are found before.
            self.log().add(request, answer, |exchange| {
                let declared = Declared::by_name();
                let mut given = self.given();
                given.take(&declared, secrets.masks(), exchange);
                secrets.redacted_exchange(&without(&given, &declared, exchange))
            })
        };
        if let Some(guard) = self.guard() {
            guard.note(&exchange, sent);
        }
        if let Some(observer) = self.observer.get() {
            observer(&exchange);
        }
        exchange
    }

    /// The first answer to this same request, sent once however many ask for it.
    pub async fn fetch(&self, request: Request) -> Arc<Exchange> {
        let cell = {
            let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(shared.entry(request.clone()).or_default())
        };
        let mut sent = None;
        let id = *cell
            .get_or_init(|| async {
                let exchange = self.send(request.clone()).await;
                sent.insert(exchange).id
            })
            .await;
        match sent.or_else(|| self.kept(id)) {
            Some(exchange) => exchange,
            // It has been cut meanwhile.
            None => {
                let exchange = self.send(request.clone()).await;
                let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
                shared.insert(request, Arc::new(OnceCell::new_with(Some(exchange.id))));
                exchange
            }
        }
    }

    /// An exchange of that number, while it is kept whole.
    pub(crate) fn kept(&self, id: ExchangeId) -> Option<Arc<Exchange>> {
        self.log().whole(id)
    }

    /// A short text that no request has held yet, of this run or of one before.
    pub(crate) fn nonce(&self) -> String {
        let now = jiff::Timestamp::now().as_microsecond();
        format!("{:x}-{:x}", now, self.sent.load(Ordering::Relaxed))
    }

    /// Forgets the shared answers: what was written since makes them stale.
    pub fn forget(&self) {
        self.shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Lets an interruption stop requests at once.
    pub(crate) fn heed(&self, interrupt: &Interrupt) {
        self.gate.heed(interrupt);
    }

    /// Sends nothing more until [`resume`](Self::resume), and gives up what is under way and safe:
    /// who waits for an answer waits on, and is to be dropped.
    pub(crate) fn pause(&self) {
        self.gate.shut();
    }

    /// Sends again, once those are dropped that wait for answers from before the pause.
    pub(crate) fn resume(&self) {
        self.gate.reopen();
    }

    /// Ends when no request is under way that may change the target.
    pub(crate) async fn settled(&self) {
        self.gate.settled().await;
    }

    /// The operations of the requests under way that may change the target.
    pub(crate) fn changing(&self) -> Vec<String> {
        self.gate.changing()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn secrets(&self) -> RwLockReadGuard<'_, Secrets> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, operation: &str, answer: &Result<Reply, Failure>) {
        match answer {
            Ok(_) => self.answered.fetch_add(1, Ordering::Relaxed),
            Err(_) => self.failed.fetch_add(1, Ordering::Relaxed),
        };
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Err(Failure::Timeout(_)) => {
                *silent.entry(operation.to_owned()).or_default() += 1;
            }
            _ if !silent.is_empty() => {
                silent.remove(operation);
            }
            _ => {}
        }
    }

    /// Why no further request of this operation is sent.
    fn refusal(&self, operation: &str) -> Option<Failure> {
        if self.answered.load(Ordering::Relaxed) == 0
            && self.failed.load(Ordering::Relaxed) >= FAILURES
        {
            return Some(Failure::NotSent(format!(
                "the first {FAILURES} requests had no answer"
            )));
        }
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        let in_a_row = silent.get(operation).copied().unwrap_or(0);
        (in_a_row >= TIMEOUTS).then(|| {
            Failure::NotSent(format!(
                "{in_a_row} requests of this operation in a row had no answer in time"
            ))
        })
    }

    async fn answer(&self, request: &Request) -> Result<Reply, Failure> {
        let Ok(_permit) = self.jobs.acquire().await else {
            return Err(Failure::NotSent("the session is over".to_owned()));
        };
        // The end of a run is owed whatever its requests have come to; it is bounded by itself.
        let owed = Sender::now() == Some(Sender::CleanUp);
        if let Some(refusal) = self.refusal(&request.operation).filter(|_| !owed) {
            // Not a new fact about the target.
            return Err(refusal);
        }
        let most = self.target.limits.requests;
        let spent = || {
            self.is_spent.store(true, Ordering::Relaxed);
            Failure::NotSent(self.spent().unwrap_or_default())
        };
        if self.sent.load(Ordering::Relaxed) >= most && !owed {
            return Err(spent());
        }
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
        // Counted only now: what waits is not sent.
        self.gate.open().await;
        if self.sent.fetch_add(1, Ordering::Relaxed) >= most && !owed {
            self.sent.fetch_sub(1, Ordering::Relaxed);
            return Err(spent());
        }
        let first = self.once(request).await;
        // A kept connection may end just when it is used again; that says nothing of the server.
        match first {
            Err(Failure::Closed(_)) if matches!(request.method.as_str(), "GET" | "HEAD") => {
                self.once(request).await
            }
            first => first,
        }
    }

    async fn once(&self, request: &Request) -> Result<Reply, Failure> {
        let prepared = self.prepare(request)?;
        let limit = self.target.limits.timeout;
        let safe = prepared.method().is_safe();
        let exchange = async {
            let exchange = self.exchange(prepared, Instant::now());
            match tokio::time::timeout(limit, exchange).await {
                Ok(answer) => answer,
                Err(_) => Err(Failure::Timeout(millis(limit))),
            }
        };
        self.gate.pass(&request.operation, safe, exchange).await
    }

    fn prepare(&self, request: &Request) -> Result<reqwest::Request, Failure> {
        let not_sent = |what: &str| Failure::NotSent(what.to_owned());
        let url = format!("{}{}", self.base, request.path_and_query());
        if url.len() > URL {
            return Err(not_sent(&format!(
                "the URL has {} bytes, more than {URL}",
                url.len()
            )));
        }
        let url = crate::exchange::wire(&url)
            .and_then(|url| url::Url::parse(&url).ok())
            .ok_or_else(|| not_sent("the URL cannot be used, or its path has a segment of dots"))?;
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| not_sent("the method is none that HTTP allows"))?;
        let mut prepared = reqwest::Request::new(method, url);
        let headers = prepared.headers_mut();
        headers.clone_from(&self.headers);
        let own = request.headers.iter().map(|(name, _)| name);
        for name in own.chain(&request.withheld) {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                headers.remove(name);
            }
        }
        for (name, value) in &request.headers {
            let (name, value) =
                header(name, value).map_err(|error| not_sent(&error.to_string()))?;
            headers.append(name, value);
        }
        *prepared.body_mut() = request.body.clone().map(reqwest::Body::from);
        Ok(prepared)
    }

    async fn exchange(&self, request: reqwest::Request, begun: Instant) -> Result<Reply, Failure> {
        let safe = matches!(
            *request.method(),
            reqwest::Method::GET | reqwest::Method::HEAD
        );
        // A server that fails may end the connection after its answer without saying so, and what
        // is not safe cannot be sent again (RFC 9112, section 9.3.1): a kept one would be a trap.
        let client = if !safe && self.erred.load(Ordering::Relaxed) {
            &self.fresh
        } else {
            &self.client
        };
        let answer = client.execute(request).await;
        let mut response = answer.map_err(|error| self.failure(&error))?;
        let status = response.status().as_u16();
        if status >= 500 {
            self.erred.store(true, Ordering::Relaxed);
        }
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                let text = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), text.into_owned())
            })
            .collect();
        let limit = self.target.limits.body;
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.failure(&error))?
        {
            if (body.len() as u64).saturating_add(chunk.len() as u64) > limit {
                return Err(Failure::TooLarge(limit));
            }
            body.extend_from_slice(&chunk);
        }
        let values = self.target.limits.values();
        if crate::weight::of_json(&body) > values {
            return Err(Failure::Unfolds(values));
        }
        body.shrink_to_fit();
        Ok(Reply {
            status,
            headers,
            body,
            millis: millis(begun.elapsed()),
        })
    }

    /// What an error of the client means for the exchange.
    fn failure(&self, error: &reqwest::Error) -> Failure {
        let text = chain(error);
        if error.is_timeout() {
            return Failure::Timeout(millis(self.target.limits.timeout));
        }
        if error.is_connect() {
            return Failure::Unreachable(text);
        }
        if is_closed(error, &text) {
            return Failure::Closed(text);
        }
        Failure::Malformed(text)
    }
}

/// A client that keeps so many connections for later requests.
fn pooled(target: &Target, kept: usize) -> Result<reqwest::Client, SessionError> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(target.limits.timeout)
        .pool_max_idle_per_host(kept)
        .user_agent(concat!("plumbline/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| SessionError::Client(chain(&error)))
}

/// Whether the connection ended, rather than that what came was no HTTP or badly encoded.
fn is_closed(error: &reqwest::Error, text: &str) -> bool {
    use std::error::Error as _;
    use std::io::ErrorKind;
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && matches!(
                io.kind(),
                ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted
            )
        {
            return true;
        }
        source = cause.source();
    }
    [
        "connection closed before message completed",
        "end of file before message length reached",
        "unexpected EOF during chunk size line",
        "connection was not ready",
        "operation was canceled",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// An error with its causes, without the URL, which may hold what is secret.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let own = error.to_string();
        let own = own.split(" for url (").next().unwrap_or_default();
        if !text.contains(own) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(own);
        }
        next = error.source();
    }
    crate::shorten::shorten(&text, 400)
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), SessionError> {
    let refused = || SessionError::Header(name.to_owned());
    Ok((
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?,
        HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refused())?,
    ))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
