//! The one way in which every request is built, sent, repeated and read.

use super::answer::Flow;
use super::client::Inner;
use super::deadline::Deadline;
use super::error::{BodyFault, Transport};
use super::{Core, Error, Location, Meta, Parts, Received, auth, decode, encode, retry};
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a middleware answers.
type Sent = Result<reqwest::Response, Box<dyn std::error::Error + Send + Sync>>;

/// Sees every request on its way out and its answer on the way back.
pub trait Middleware: Send + Sync + 'static {
    /// Passes the request on with [`Next::run`], or answers it itself.
    fn handle<'a>(&'a self, request: reqwest::Request, next: Next<'a>) -> BoxFuture<'a, Sent>;
}

/// What comes after a middleware: the next one, or the network.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    http: &'a reqwest::Client,
    rest: &'a [Arc<dyn Middleware>],
}

impl std::fmt::Debug for Next<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Next").finish_non_exhaustive()
    }
}

impl<'a> Next<'a> {
    /// Sends the request.
    pub fn run(self, request: reqwest::Request) -> BoxFuture<'a, Sent> {
        match self.rest.split_first() {
            Some((first, rest)) => first.handle(request, Next { rest, ..self }),
            None => Box::pin(async move {
                // The URL is left out of the error, as it may hold a key.
                let sent = self.http.execute(request).await;
                sent.map_err(|error| error.without_url().into())
            }),
        }
    }
}

/// Sends a request until its answer stands, and reads the body unless a success is a stream.
pub(super) async fn execute(
    core: &Core,
    meta: &'static Meta,
    parts: Parts,
    is_success: fn(u16) -> bool,
    stream: bool,
) -> Result<Received, Error> {
    let core = &*core.0;
    let request = build(core, meta, &parts)?;
    let timeout = parts.timeout.or(core.timeout);
    let deadline = Deadline::new(timeout);
    let work = async {
        let response = exchange(core, meta, request, deadline).await?;
        let stream = stream && is_success(response.status().as_u16());
        receive(core, meta, response, timeout, deadline, stream).await
    };
    deadline.hold(meta.id, work).await
}

/// Sends a request, again where [`Retry`](super::Retry) says so and the deadline leaves time.
async fn exchange(
    core: &Inner,
    meta: &'static Meta,
    request: reqwest::Request,
    deadline: Deadline,
) -> Result<reqwest::Response, Error> {
    let idempotent = retry::is_idempotent(meta.method);
    let next = Next {
        http: &core.http,
        rest: &core.middleware,
    };
    let mut delays = core.retry.delays();
    let mut attempt = 1;
    loop {
        let delay = delays.next();
        let again = delay.and_then(|_| request.try_clone());
        let span = tracing::info_span!(
            "exchange",
            operation = meta.id,
            method = meta.method,
            path = meta.path,
            attempt,
            status = tracing::field::Empty,
        );
        let Some(once) = again.as_ref().unwrap_or(&request).try_clone() else {
            return Err(Error::request(meta.id, "the body cannot be sent"));
        };
        let sent = next.run(once).instrument(span.clone()).await;
        if let Ok(response) = &sent {
            span.record("status", response.status().as_u16());
        }
        let wait = match (&sent, delay) {
            (_, None) => None,
            (Ok(response), Some(delay)) => core.retry.after_answer(
                idempotent,
                response.status().as_u16(),
                response.headers(),
                delay,
            ),
            (Err(error), Some(delay)) => error
                .downcast_ref::<reqwest::Error>()
                .is_some_and(|error| error.is_connect() || (idempotent && error.is_request()))
                .then_some(delay),
        };
        match wait.filter(|wait| deadline.allows(*wait)) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => {
                return sent.map_err(|source| {
                    Error::Transport(Box::new(Transport {
                        operation: meta.id,
                        attempts: attempt,
                        source,
                    }))
                });
            }
        }
        attempt += 1;
    }
}

async fn receive(
    core: &Inner,
    meta: &'static Meta,
    mut response: reqwest::Response,
    timeout: Option<Duration>,
    deadline: Deadline,
    stream: bool,
) -> Result<Received, Error> {
    let mut headers = std::mem::take(response.headers_mut());
    decode::hide_secrets(&mut headers);
    let mut answer = Received {
        meta,
        status: response.status().as_u16(),
        headers,
        deadline,
        url: response.url().clone(),
        body: Vec::new(),
        stream: None,
    };
    if stream {
        answer.stream = Some(Flow {
            response,
            limit: core.max_body,
            timeout,
        });
        return Ok(answer);
    }
    let fault = |message: String, source| {
        Error::Body(Box::new(BodyFault {
            operation: meta.id,
            status: answer.status,
            message,
            source,
        }))
    };
    loop {
        deadline.check(meta.id)?;
        match response.chunk().await {
            Ok(None) => return Ok(answer),
            Ok(Some(chunk)) if answer.body.len() + chunk.len() > core.max_body => {
                let limit = core.max_body;
                return Err(fault(format!("the body has more than {limit} bytes"), None));
            }
            Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
            Err(error) => {
                let bytes = answer.body.len();
                let message = format!("the body broke off after {bytes} bytes");
                return Err(fault(message, Some(error.without_url())));
            }
        }
    }
}

fn build(core: &Inner, meta: &'static Meta, parts: &Parts) -> Result<reqwest::Request, Error> {
    let fault = |message: String| Error::request(meta.id, message);
    if let Some(message) = &parts.fault {
        return Err(fault(message.clone()));
    }
    let method = reqwest::Method::from_bytes(meta.method.as_bytes())
        .map_err(|error| fault(error.to_string()))?;
    let mut url = match &parts.url {
        Some(url) => url.clone(),
        None => address(core, meta, parts).map_err(fault)?,
    };
    let mut cookies: Vec<String> = parts.cookies.iter().map(|(_, text)| text.clone()).collect();
    let mut credentials: Vec<(HeaderName, HeaderValue)> = Vec::new();
    for credential in chosen(core, meta) {
        let pair = || format!("{}={}", credential.name, encode::escape(&credential.value));
        match credential.location {
            auth::Location::Header => credentials.extend(
                HeaderName::try_from(credential.name)
                    .ok()
                    .zip(credential.header()),
            ),
            Location::Cookie => cookies.push(pair()),
            Location::Query => {
                if url.query_pairs().all(|(name, _)| name != credential.name) {
                    let query = url.query().filter(|query| !query.is_empty());
                    let query = query.map_or_else(pair, |query| format!("{query}&{}", pair()));
                    url.set_query(Some(&query));
                }
            }
        }
    }
    let mut request = reqwest::Request::new(method, url);
    let headers = request.headers_mut();
    headers.extend(core.headers.clone());
    if let Ok(accept) = HeaderValue::from_str(meta.accept) {
        headers.insert(ACCEPT, accept);
    }
    if !cookies.is_empty() {
        let mut cookie =
            HeaderValue::from_str(&cookies.join("; ")).map_err(|error| fault(error.to_string()))?;
        cookie.set_sensitive(true);
        headers.insert(COOKIE, cookie);
    }
    let body = parts.body.bytes();
    if let Some((media_type, _)) = &body {
        let media_type =
            HeaderValue::from_str(media_type).map_err(|error| fault(error.to_string()))?;
        headers.insert(CONTENT_TYPE, media_type);
    }
    for (name, value) in credentials.into_iter().chain(parts.headers.iter().cloned()) {
        headers.insert(name, value);
    }
    *request.body_mut() = body.map(|(_, bytes)| bytes.into());
    Ok(request)
}

/// The credentials of the operation's security that are sent.
fn chosen<'c>(core: &'c Inner, meta: &'static Meta) -> impl Iterator<Item = &'c super::Credential> {
    let find = |scheme: &str| {
        let mut credentials = core.credentials.iter();
        credentials.find_map(|(name, credential)| (*name == scheme).then_some(credential))
    };
    auth::choose(meta.security, |scheme| find(scheme).is_some())
        .unwrap_or_default()
        .iter()
        .filter_map(move |scheme| find(scheme))
}

/// The base URL, its path kept, then the operation's path and query.
fn address(core: &Inner, meta: &'static Meta, parts: &Parts) -> Result<reqwest::Url, String> {
    let mut path = String::new();
    let mut rest = meta.path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = parts.path.iter().find(|(key, _)| *key == name);
        let (_, value) = value.ok_or_else(|| format!("the path parameter `{name}` is missing"))?;
        path.push_str(before);
        path.push_str(value);
        rest = after;
    }
    path.push_str(rest);
    // A URL drops such segments, so that the request would go to another operation.
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("a path parameter must not be `.` or `..`".to_owned());
    }
    let mut text = core.base.as_str().trim_end_matches('/').to_owned();
    text.push_str(&path.replace('#', "%23"));
    let mut separator = if path.contains('?') { '&' } else { '?' };
    for pair in parts.query_text() {
        text.push(separator);
        text.push_str(pair);
        separator = '&';
    }
    reqwest::Url::parse(&text).map_err(|error| error.to_string())
}
