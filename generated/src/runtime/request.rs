//! Requests: their parts, how they are set, how they are sent.

use super::body::Body;
use super::encode::{self, Style};
use super::execute::{BoxFuture, execute};
use super::{Core, Error, ErrorBody, Mismatch, Part, Payload, Received, Response};
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// What is known of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Meta {
    /// What errors and spans call it.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The `Accept` header.
    pub accept: &'static str,
    /// Alternatives of security schemes, each of which suffices.
    pub security: &'static [&'static [&'static str]],
}

/// An operation of an API.
pub trait Operation: Send + Sync + Sized + 'static {
    /// What its success holds.
    type Success: Payload;
    /// Its documented failures.
    type Failure: ErrorBody;

    /// What is known of it.
    const META: &'static Meta;

    /// Whether a status is its documented success.
    fn is_success(status: u16) -> bool;
}

/// What an operation gives.
pub(super) type Output<O> = <<O as Operation>::Success as Payload>::Output;

/// A query parameter.
#[derive(Clone)]
struct Query {
    name: &'static str,
    value: Value,
    text: String,
}

/// What a request is made of. `Debug` shows names and no values, which may be secrets.
#[derive(Clone, Default)]
pub struct Parts {
    pub(super) path: Vec<(&'static str, String)>,
    query: Vec<Query>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) cookies: Vec<(&'static str, String)>,
    pub(super) body: Body,
    pub(super) timeout: Option<Duration>,
    /// What is asked for instead of path and query: a link that the server gave.
    pub(super) url: Option<reqwest::Url>,
    /// The first thing that was wrong with what was set.
    pub(super) fault: Option<String>,
}

impl fmt::Debug for Parts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<_> = self.path.iter().map(|(name, _)| name).collect();
        let query: Vec<_> = self.query.iter().map(|query| query.name).collect();
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        let cookies: Vec<_> = self.cookies.iter().map(|(name, _)| name).collect();
        out.debug_struct("Parts")
            .field("path", &path)
            .field("query", &query)
            .field("headers", &headers)
            .field("cookies", &cookies)
            .field("body", &self.body)
            .field("timeout", &self.timeout)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

#[allow(dead_code, reason = "which of them a client uses depends on its API")]
impl Parts {
    fn fail(&mut self, message: impl Into<String>) {
        self.fault.get_or_insert(message.into());
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Value {
        serde_json::to_value(value).unwrap_or_else(|error| {
            self.fail(format!("`{name}` cannot be written: {error}"));
            Value::Null
        })
    }

    /// JSON, its members in the order of the type's.
    fn text_of<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> String {
        serde_json::to_string(value).unwrap_or_else(|error| {
            self.fail(format!("`{name}` cannot be written: {error}"));
            String::new()
        })
    }

    pub(crate) fn path<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.path_as(name, Style::Simple, false, value);
    }

    pub(crate) fn path_as<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        value: &T,
    ) {
        let value = self.value(name, value);
        match encode::path(name, style, explode, &value) {
            Some(text) => self.path.push((name, text)),
            None => self.fail(format!("the path parameter `{name}` is empty")),
        }
    }

    pub(crate) fn path_json<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        let text = self.text_of(name, value);
        self.path.push((name, encode::escape(&text)));
    }

    pub(crate) fn query<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.query_as(name, Style::Form, true, false, value);
    }

    pub(crate) fn query_as<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        style: Style,
        explode: bool,
        reserved: bool,
        value: &T,
    ) {
        let value = self.value(name, value);
        let text = encode::query(name, style, explode, reserved, &value);
        self.put_query(name, value, text);
    }

    pub(crate) fn query_json<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        let text = self.text_of(name, value);
        let pair = format!("{}={}", encode::escape(name), encode::escape(&text));
        self.put_query(name, Value::String(text), Some(pair));
    }

    /// Puts a parameter in the place of an earlier one of its name; none where there is no text.
    fn put_query(&mut self, name: &'static str, value: Value, text: Option<String>) {
        let old = self.query.iter_mut().find(|query| query.name == name);
        match (old, text) {
            (Some(old), Some(text)) => {
                old.value = value;
                old.text = text;
            }
            (None, Some(text)) => self.query.push(Query { name, value, text }),
            (_, None) => self.query.retain(|query| query.name != name),
        }
    }

    pub(crate) fn header<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.header_as(name, false, value);
    }

    pub(crate) fn header_as<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        explode: bool,
        value: &T,
    ) {
        let value = self.value(name, value);
        if let Some(text) = encode::header(explode, &value) {
            self.put_header(name, &text);
        }
    }

    pub(crate) fn header_json<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        let text = self.text_of(name, value);
        self.put_header(name, &text);
    }

    fn put_header(&mut self, name: &str, text: &str) {
        let key = HeaderName::try_from(name).ok();
        // UTF-8 goes as it is; what would break a line does not.
        match key.zip(HeaderValue::from_bytes(text.as_bytes()).ok()) {
            Some((key, mut value)) => {
                value.set_sensitive(true);
                self.headers.retain(|(name, _)| *name != key);
                self.headers.push((key, value));
            }
            None => self.fail(format!(
                "the header `{name}` holds a character that a header cannot"
            )),
        }
    }

    pub(crate) fn cookie<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.cookie_as(name, true, value);
    }

    pub(crate) fn cookie_as<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        explode: bool,
        value: &T,
    ) {
        let value = self.value(name, value);
        self.cookies.retain(|(other, _)| *other != name);
        if let Some(text) = encode::cookie(name, explode, &value) {
            self.cookies.push((name, text));
        }
    }

    pub(crate) fn cookie_json<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        let text = self.text_of(name, value);
        let pair = format!("{}={}", encode::escape(name), encode::escape(&text));
        self.cookies.retain(|(other, _)| *other != name);
        self.cookies.push((name, pair));
    }

    pub(crate) fn json<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.json_as("application/json", value);
    }

    pub(crate) fn json_as<T: Serialize + ?Sized>(&mut self, media_type: &'static str, value: &T) {
        self.body = Body::Json(media_type, self.text_of("body", value).into_bytes());
    }

    pub(crate) fn form<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.body = Body::form(&self.value("body", value));
    }

    pub(crate) fn multipart<T: Serialize>(&mut self, value: &T) {
        match Body::multipart(value) {
            Ok(body) => self.body = body,
            Err(error) => self.fail(format!("the body cannot be written: {error}")),
        }
    }

    pub(crate) fn text(&mut self, media_type: &'static str, text: &impl AsRef<str>) {
        let text = text.as_ref().as_bytes().to_vec();
        self.body = Body::Ready(media_type.to_owned(), text);
    }

    pub(crate) fn bytes(&mut self, media_type: &'static str, bytes: &impl AsRef<[u8]>) {
        self.body = Body::Ready(media_type.to_owned(), bytes.as_ref().to_vec());
    }

    pub(super) fn query_text(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|query| query.text.as_str())
    }

    /// What stands at a place.
    pub(super) fn get(&self, part: Part) -> Option<Value> {
        match part {
            Part::Query(name) => {
                let query = self.query.iter().find(|query| query.name == name)?;
                Some(query.value.clone())
            }
            Part::Header(name) => {
                let (_, value) = self.headers.iter().find(|(key, _)| *key == name)?;
                Some(Value::from(value.to_str().ok()?))
            }
            Part::Body(pointer) => {
                let mut body = self.body.value();
                let value = body.pointer_mut(pointer)?.take();
                (!value.is_null()).then_some(value)
            }
        }
    }

    /// Sets what stands at a place; objects on the way to it are made.
    pub(super) fn set(&mut self, part: Part, value: Value) {
        match part {
            Part::Query(name) => self.query(name, &value),
            Part::Header(name) => self.header(name, &value),
            Part::Body(pointer) => {
                let media_type = match self.body {
                    Body::None => "application/json",
                    Body::Json(media_type, _) => media_type,
                    Body::Ready(..) => {
                        return self.fail("a page cannot be asked for in a body that is not JSON");
                    }
                };
                let mut body = self.body.value();
                if !place(&mut body, pointer, value) {
                    self.fail(format!("the body has no place {pointer}"));
                }
                self.body = Body::Json(media_type, body.to_string().into_bytes());
            }
        }
    }
}

/// Puts a value where a JSON Pointer says; false where an array or a scalar is in the way.
fn place(body: &mut Value, pointer: &str, value: Value) -> bool {
    let mut slot = body;
    for token in pointer.split('/').skip(1) {
        if slot.is_null() {
            *slot = Value::Object(serde_json::Map::new());
        }
        let Value::Object(members) = slot else {
            return false;
        };
        let key = token.replace("~1", "/").replace("~0", "~");
        slot = members.entry(key).or_insert(Value::Null);
    }
    *slot = value;
    true
}

/// A request that is ready to be sent: await it, or set more first.
#[must_use = "a request is sent when it is awaited"]
#[derive(Debug)]
pub struct Request<'c, O> {
    pub(super) core: &'c Core,
    pub(crate) parts: Parts,
    operation: PhantomData<fn() -> O>,
}

impl<'c, O: Operation> Request<'c, O> {
    /// A request without parts.
    pub fn new(core: &'c Core) -> Self {
        Self {
            core,
            parts: Parts::default(),
            operation: PhantomData,
        }
    }

    /// Sets a header of this request alone.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.parts.put_header(name, value);
        self
    }

    /// Sets the time to wait for this request's answer, repetitions and reading the body included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.timeout = Some(timeout);
        self
    }

    /// Sends it and gives what the answer holds.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<Output<O>, Error<O::Failure>> {
        self.response().await.map(Response::into_body)
    }

    /// Sends it and gives the answer with status and headers.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn response(self) -> Result<Response<O>, Error<O::Failure>> {
        let answer = receive::<O>(self.core, self.parts).await?;
        finish::<O>(answer)
    }
}

impl<'c, O: Operation> IntoFuture for Request<'c, O> {
    type Output = Result<Output<O>, Error<O::Failure>>;
    type IntoFuture = BoxFuture<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Sends a request of an operation.
pub(super) fn receive<'c, O: Operation>(
    core: &'c Core,
    parts: Parts,
) -> impl Future<Output = Result<Received, Error<O::Failure>>> + Send + 'c {
    let answer = execute(core, O::META, parts, O::is_success, O::Success::STREAM);
    async { answer.await.map_err(Error::widen) }
}

/// Types an operation's answer.
pub(super) fn finish<O: Operation>(mut answer: Received) -> Result<Response<O>, Error<O::Failure>> {
    let status = answer.status;
    if O::is_success(status) {
        return match O::Success::decode(&mut answer) {
            Ok(body) => Ok(Response::new(status, answer.headers, body)),
            Err(mismatch) => Err(Error::mismatch(answer.meta.id, status, mismatch).widen()),
        };
    }
    Err(match O::Failure::decode(&mut answer) {
        Some(Ok(failure)) => Error::Status(failure),
        Some(Err(late @ Mismatch::Late(_))) => {
            Error::mismatch(answer.meta.id, status, late).widen()
        }
        Some(Err(mismatch)) => Error::undocumented(answer, Some(&mismatch)).widen(),
        None => Error::undocumented(answer, None).widen(),
    })
}
