//! The recording proxy: it stands before a server, hands every byte on, and keeps what passed.
//!
//! httpmock can forward and record too, and falls short here: it reads an answer whole before it
//! hands it on, so that a stream does not stream; what it writes is its own mocks, in which
//! requests are matched and answers are texts; and its recorder sees an answer after decoding.

use super::gate::Gate;
use super::wire::{end_to_end, pairs};
use crate::codes;
use crate::secrets::user_info;
use crate::traffic::{self, Passed, Traffic};
use crate::{Failure, Limits, Reply};
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, LengthLimitError, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use plumbline_specs::Code;
use plumbline_specs::{Diagnostic, Place};
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use url::Url;

/// How long exchanges that are under way may take to end when the proxy stops.
const GRACE: Duration = Duration::from_secs(5);

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

/// Why a proxy does not start.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The address cannot be listened at.
    #[error("cannot listen at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The upstream is no http or https URL.
    #[error("the upstream is neither an http nor an https URL with a host")]
    Upstream,
    /// The client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
}

/// A proxy that listens and has not begun to answer.
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<State>,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Proxy")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

struct State {
    /// With user info, which is a secret.
    upstream: Url,
    gate: Gate,
    client: reqwest::Client,
    /// The greatest body that is kept, and what all of them may come to, in bytes. An answer for
    /// which there is no room passes and is not kept.
    limits: Limits,
    kept: AtomicU64,
    slots: Mutex<Vec<Option<Passed>>>,
    notes: Mutex<Vec<Diagnostic>>,
    /// How many exchanges are over, and how many under way.
    counts: Mutex<(u64, u64)>,
    changed: Notify,
}

impl Proxy {
    /// Listens at an address for an upstream; a path of the upstream's URL is put before each
    /// request's.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened at, the upstream is no http or https URL, or no client
    /// can be made.
    pub async fn listen(upstream: Url, listen: SocketAddr) -> Result<Self, ProxyError> {
        Self::within(Limits::default(), upstream, listen).await
    }

    /// As [`listen`](Self::listen), with other limits for a body and for all that is kept.
    ///
    /// # Errors
    ///
    /// As [`listen`](Self::listen).
    pub async fn within(
        limits: Limits,
        upstream: Url,
        listen: SocketAddr,
    ) -> Result<Self, ProxyError> {
        if !matches!(upstream.scheme(), "http" | "https") || upstream.host_str().is_none() {
            return Err(ProxyError::Upstream);
        }
        crate::tls::choose();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(30))
            .no_gzip()
            // A connection that the upstream is about to close would fail a request that must not
            // be sent twice, and the fixture would tell of a fault that nobody has.
            .pool_max_idle_per_host(0)
            // The client may well have been pointed at this proxy by the same variables.
            .no_proxy()
            .build()
            .map_err(|error| ProxyError::Client(error.to_string()))?;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| ProxyError::Listen(listen, error))?;
        let address = listener
            .local_addr()
            .map_err(|error| ProxyError::Listen(listen, error))?;
        Ok(Self {
            listener,
            address,
            state: Arc::new(State {
                gate: Gate::new(&upstream, format!("http://{address}")),
                upstream,
                client,
                limits,
                kept: AtomicU64::new(0),
                slots: Mutex::default(),
                notes: Mutex::default(),
                counts: Mutex::default(),
                changed: Notify::new(),
            }),
        })
    }

    /// Takes requests for further hosts besides addresses, `localhost` and that of the upstream:
    /// the names by which clients in other places call it.
    #[must_use]
    pub fn known_as(mut self, names: &[String]) -> Self {
        if let Some(state) = Arc::get_mut(&mut self.state) {
            state.gate.add(names);
        }
        self
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`, or until so many exchanges are over; then gives what passed, in the
    /// order in which requests came. What is under way is given a moment to end.
    pub async fn run(self, exchanges: Option<u64>, stop: impl Future<Output = ()>) -> Traffic {
        let state = self.state;
        let mut connections = tokio::task::JoinSet::new();
        let (ending, ended) = tokio::sync::watch::channel(());
        let enough = state.wait(|over, _| exchanges.is_some_and(|most| over >= most));
        tokio::pin!(enough, stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                () = &mut enough => break,
                accepted = self.listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        connections.spawn(serve(Arc::clone(&state), stream, ended.clone()));
                    }
                }
                Some(_) = connections.join_next() => {}
            }
        }
        drop((self.listener, ending));
        // What is under way may end, on both sides.
        let over = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, over).await.is_err() {
            lock(&state.notes).push(Diagnostic::warning(
                codes::UNDER_WAY,
                "an exchange was still under way when the recording ended, and its answer is not in it",
            ));
        }
        connections.shutdown().await;
        // A connection may be over before its exchange is: the bodies of answers pass in tasks of
        // their own, which end once nobody listens.
        state.wait(|_, under_way| under_way == 0).await;
        let slots = std::mem::take(&mut *lock(&state.slots));
        let notes = std::mem::take(&mut *lock(&state.notes));
        Traffic {
            tool: "plumbline record".to_owned(),
            exchanges: slots.into_iter().flatten().collect(),
            notes,
            ..Traffic::default()
        }
    }
}

/// Answers one client's connection until it ends, or until the recording does: then the exchange
/// that is under way is the last.
async fn serve(
    state: Arc<State>,
    stream: tokio::net::TcpStream,
    mut ended: tokio::sync::watch::Receiver<()>,
) {
    let service = hyper::service::service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { Ok::<_, Infallible>(state.handle(request).await) }
    });
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // A client that goes away ends its connection with an error.
        _ = connection.as_mut() => {}
        _ = ended.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An exchange that is under way; dropped, it is over.
struct Slot {
    state: Arc<State>,
    index: usize,
    passed: Option<Passed>,
}

impl Slot {
    /// Says what came of the exchange, and that it is over.
    fn end(mut self, answer: Result<Reply, Failure>) {
        if let Some(passed) = &mut self.passed {
            passed.answer = answer;
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(passed) = self.passed.take()
            && let Some(slot) = lock(&self.state.slots).get_mut(self.index)
        {
            *slot = Some(passed);
        }
        let mut counts = lock(&self.state.counts);
        counts.0 += 1;
        counts.1 = counts.1.saturating_sub(1);
        drop(counts);
        self.state.changed.notify_waiters();
    }
}

impl State {
    /// Waits until the counts of what is over and of what is under way are as they should be.
    async fn wait(&self, done: impl Fn(u64, u64) -> bool) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Listening first: a change between the look and the wait must not be missed.
            changed.as_mut().enable();
            let (over, under_way) = *lock(&self.counts);
            if done(over, under_way) {
                return;
            }
            changed.await;
        }
    }

    fn begin(self: &Arc<Self>) -> Slot {
        let mut slots = lock(&self.slots);
        slots.push(None);
        lock(&self.counts).1 += 1;
        Slot {
            state: Arc::clone(self),
            index: slots.len() - 1,
            passed: None,
        }
    }

    /// Says once of what kind requests were refused.
    fn note(&self, code: Code, message: impl Into<String>) {
        let mut notes = lock(&self.notes);
        if !notes.iter().any(|own| own.code == code) {
            notes.push(Diagnostic::warning(code, message.into()));
        }
    }

    async fn handle(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        if request.headers().contains_key(header::UPGRADE)
            || request.method() == hyper::Method::CONNECT
        {
            self.note(
                codes::UPGRADE_REFUSED,
                "a client asked for another protocol than HTTP, which is not recorded",
            );
            return plain_response(
                StatusCode::NOT_IMPLEMENTED,
                "plumbline record: only plain HTTP exchanges are recorded. Use its address as the base URL of your client.\n",
            );
        }
        let begun = Instant::now();
        let (parts, body) = request.into_parts();
        let url = match self.gate.target(&parts.uri, &parts.headers) {
            Ok(url) => url,
            Err(refusal) => {
                let text = format!("plumbline record: {}.\n", refusal.message);
                self.note(refusal.code, refusal.message);
                return plain_response(refusal.status, &text);
            }
        };
        let mut slot = self.begin();
        let most = usize::try_from(self.limits.body).unwrap_or(usize::MAX);
        let body = match Limited::new(body, most).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => {
                return plain_response(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "plumbline record: this body is larger than a recording holds.\n",
                );
            }
            Err(_) => {
                return plain_response(
                    StatusCode::BAD_REQUEST,
                    "plumbline record: the body broke off.\n",
                );
            }
        };
        let headers = end_to_end(&parts.headers);
        let mut passed = Passed {
            method: parts.method.as_str().to_owned(),
            url: self.recorded_url(&url),
            headers: pairs(&headers),
            body: None,
            answer: Err(gone()),
            begun: Some(jiff::Timestamp::now()),
            place: Place::default(),
        };
        // As in archives: hosts and lengths are of the wire alone, and so is a coding once it is off.
        let mut own = vec!["content-length", "host"];
        if !body.is_empty() {
            let plain = self.plain(body.to_vec(), &passed.headers);
            if plain != body {
                own.push("content-encoding");
            }
            passed.body = Some(plain);
        }
        let wire = |name: &str| own.contains(&name);
        let asked = url.clone();
        passed.headers.retain(|(name, _)| !wire(name));
        // From now on it is in the recording, whatever becomes of it.
        slot.passed = Some(passed);
        let sent = self.send(parts.method.clone(), url, headers, body).await;
        let response = match sent {
            Ok(response) => response,
            Err(error) => {
                let reason = crate::session::chain(&error);
                slot.end(Err(Failure::Unreachable(reason.clone())));
                return plain_response(
                    StatusCode::BAD_GATEWAY,
                    &format!("plumbline record: the upstream did not answer: {reason}\n"),
                );
            }
        };
        self.pass(slot, &parts.method, &asked, response, begun)
    }

    /// The upstream's URL of a request; its user info goes along, to be hidden where it shows.
    fn recorded_url(&self, url: &Url) -> Url {
        let mut url = url.clone();
        let _ = url.set_username(self.upstream.username());
        let _ = url.set_password(self.upstream.password());
        url
    }

    async fn send(
        &self,
        method: hyper::Method,
        url: Url,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<reqwest::Response, reqwest::Error> {
        // The length is told anew, and the host is the upstream's.
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        // What can be read here is asked for: a coding that cannot would stay in the recording.
        let gzip = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .any(|value| value.to_str().is_ok_and(|value| value.contains("gzip")));
        let coding = if gzip { "gzip" } else { "identity" };
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding));
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        // A client that has its own sends its own.
        if let Some((user, password)) = user_info(&self.upstream)
            && !request.headers().contains_key(header::AUTHORIZATION)
        {
            let (client, built) = reqwest::RequestBuilder::from_parts(self.client.clone(), request)
                .basic_auth(user, Some(password))
                .build_split();
            request = built?;
            drop(client);
        }
        if !body.is_empty() {
            *request.body_mut() = Some(reqwest::Body::from(body));
        }
        self.client.execute(request).await
    }

    /// Whether there is room for one more body; said where there is none.
    fn takes(&self, body: &[u8]) -> bool {
        let before = self.kept.fetch_add(body.len() as u64, Ordering::Relaxed);
        let fits = before + body.len() as u64 <= self.limits.kept;
        if !fits {
            self.kept.fetch_sub(body.len() as u64, Ordering::Relaxed);
            lock(&self.notes).push(Diagnostic::warning(
                codes::NOT_KEPT,
                format!(
                    "a body of {} bytes passed and is not kept: the recording holds {} of {} bytes",
                    body.len(),
                    before,
                    self.limits.kept
                ),
            ).help("record less at once, or give it more with --max-kept"));
        }
        fits
    }

    /// Hands an answer on, chunk by chunk as it comes, and keeps it.
    fn pass(
        self: &Arc<Self>,
        slot: Slot,
        method: &hyper::Method,
        asked: &Url,
        mut response: reqwest::Response,
        begun: Instant,
    ) -> Response<Body> {
        let status = response.status();
        let upstream = end_to_end(response.headers());
        let recorded = pairs(&upstream);
        let mut answer = Response::new(());
        *answer.status_mut() = status;
        *answer.headers_mut() = self.gate.for_client(upstream, asked);
        let bodiless = method == hyper::Method::HEAD
            || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let reply = move |body: Vec<u8>| Reply {
            status: status.as_u16(),
            headers: recorded,
            body,
            millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        if bodiless {
            slot.end(Ok(reply(Vec::new())));
            return answer.map(|()| Empty::new().map_err(|never| match never {}).boxed_unsync());
        }
        let (sender, receiver) = mpsc::channel::<Result<Frame<Bytes>, std::io::Error>>(16);
        let state = Arc::clone(self);
        tokio::spawn(async move {
            let length = response.content_length();
            let mut body = Vec::new();
            let mut came = 0_u64;
            // The last chunk, where the length tells which one that is.
            let mut last = None;
            let ended = loop {
                if length == Some(came) {
                    break Ok(());
                }
                let next = tokio::select! {
                    biased;
                    next = response.chunk() => next,
                    () = sender.closed() => break Err(gone()),
                };
                match next {
                    Ok(None) => break Ok(()),
                    Ok(Some(chunk)) => {
                        came = came.saturating_add(chunk.len() as u64);
                        if came <= state.limits.body {
                            body.extend_from_slice(&chunk);
                        } else {
                            body = Vec::new();
                        }
                        let frame = Ok(Frame::data(chunk));
                        if length == Some(came) {
                            last = Some(frame);
                        } else if sender.send(frame).await.is_err() {
                            break Err(gone());
                        }
                    }
                    Err(error) => {
                        // The client's connection ends as the upstream's did.
                        last = Some(Err(std::io::Error::other("the upstream broke off")));
                        break Err(Failure::Closed(crate::session::chain(&error)));
                    }
                }
            };
            // Over before the client knows, so that nobody waits for what has ended, and nobody
            // who has the whole answer stops a recording that does not have it.
            slot.end(match ended {
                Ok(()) if came <= state.limits.body => {
                    let mut reply = reply(Vec::new());
                    reply.body = state.plain(body, &reply.headers);
                    if state.takes(&reply.body) {
                        Ok(reply)
                    } else {
                        Err(Failure::TooLarge(state.limits.body))
                    }
                }
                Ok(()) => Err(Failure::TooLarge(state.limits.body)),
                Err(failure) => Err(failure),
            });
            if let Some(frame) = last {
                let _ = sender.send(frame).await;
            }
        });
        let stream = futures::stream::unfold(receiver, |mut receiver| async move {
            let frame = receiver.recv().await?;
            if frame.is_err() {
                // hyper drops what it has not sent yet when a body breaks off; a pause makes it send.
                tokio::task::yield_now().await;
            }
            Some((frame, receiver))
        });
        answer.map(|()| StreamBody::new(stream).boxed_unsync())
    }

    /// A body without its content coding; one that cannot be read stays, and a note says so.
    fn plain(&self, body: Vec<u8>, headers: &[(String, String)]) -> Vec<u8> {
        let coding = headers
            .iter()
            .find(|(name, _)| name == "content-encoding")
            .map_or("", |(_, value)| value.as_str());
        if coding.is_empty() {
            return body;
        }
        traffic::decoded(body.clone(), coding).unwrap_or_else(|reason| {
            lock(&self.notes).push(Diagnostic::warning(
                codes::CONTENT_CODING,
                reason.to_string(),
            ));
            body
        })
    }
}

/// What became of an exchange whose client did not wait for the end of the answer, or was not given
/// the time to.
fn gone() -> Failure {
    Failure::Closed(
        "the client went away, or the recording ended, before the answer did".to_owned(),
    )
}

/// An answer of the proxy's own.
fn plain_response(status: StatusCode, text: &str) -> Response<Body> {
    let body = Full::new(Bytes::from(text.to_owned()))
        .map_err(|never| match never {})
        .boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
