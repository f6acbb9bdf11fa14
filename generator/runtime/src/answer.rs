//! Answers and what their bodies hold.

use super::deadline::Deadline;
use super::decode::{self, Mismatch};
use super::{Meta, NoError, Records};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// What a server answered, not yet typed.
pub struct Received {
    pub(super) meta: &'static Meta,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) url: reqwest::Url,
    /// When the body must be read.
    pub(super) deadline: Deadline,
    pub(super) body: Vec<u8>,
    pub(super) stream: Option<Flow>,
}

impl fmt::Debug for Received {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL, a header or a body may hold a key.
        out.debug_struct("Received")
            .field("operation", &self.meta.id)
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A body that is read while it comes.
pub(super) struct Flow {
    pub(super) response: reqwest::Response,
    pub(super) limit: usize,
    pub(super) timeout: Option<Duration>,
}

impl Received {
    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The media type without its parameters, in lower case.
    fn essence(&self) -> Option<String> {
        let value = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = value.split(';').next().unwrap_or_default();
        Some(essence.trim().to_ascii_lowercase())
    }

    /// Fails unless the media type fits; a server that names none is believed.
    fn expect(&self, expected: &'static str, fits: fn(&str) -> bool) -> Result<(), Mismatch> {
        match self.essence() {
            Some(found) if !fits(&found) => Err(Mismatch::ContentType { expected, found }),
            _ => Ok(()),
        }
    }
}

/// How a body becomes a value.
pub trait Payload {
    /// The value.
    type Output: Send + 'static;

    /// The `Accept` header that asks for it.
    const ACCEPT: &'static str = "application/json";

    /// Whether the body is read while it comes.
    const STREAM: bool = false;

    /// Reads the body.
    fn decode(answer: &mut Received) -> Result<Self::Output, Mismatch>;
}

/// The documented failures of an operation.
pub trait ErrorBody: fmt::Debug + Send + Sized + 'static {
    /// Reads the failure; `None` when the status is not documented.
    fn decode(answer: &mut Received) -> Option<Result<Self, Mismatch>>;
}

impl ErrorBody for NoError {
    fn decode(_: &mut Received) -> Option<Result<Self, Mismatch>> {
        None
    }
}

/// Nothing; what comes all the same is passed over.
#[derive(Debug)]
pub enum Empty {}

impl Payload for Empty {
    type Output = ();

    const ACCEPT: &'static str = "*/*";

    fn decode(_: &mut Received) -> Result<(), Mismatch> {
        Ok(())
    }
}

/// JSON of a type.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send + 'static> Payload for Json<T> {
    type Output = T;

    fn decode(answer: &mut Received) -> Result<T, Mismatch> {
        answer.expect("application/json", |found| {
            found.ends_with("/json") || found.ends_with("+json")
        })?;
        decode::json(&answer.body, answer.deadline)
    }
}

/// UTF-8 text.
#[derive(Debug)]
pub enum Text {}

impl Payload for Text {
    type Output = String;

    const ACCEPT: &'static str = "text/plain, */*;q=0.1";

    fn decode(answer: &mut Received) -> Result<String, Mismatch> {
        str::from_utf8(&answer.body)
            .map(str::to_owned)
            .map_err(|error| Mismatch::Utf8(error.valid_up_to()))
    }
}

/// What a server says in one of two ways.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OrText<T> {
    /// As JSON.
    Json(T),
    /// As text.
    Text(String),
}

/// JSON of a type or plain text, as the media type says that comes.
#[derive(Debug)]
pub struct JsonOrText<T>(PhantomData<T>);

impl<T: DeserializeOwned + Send + 'static> Payload for JsonOrText<T> {
    type Output = OrText<T>;

    fn decode(answer: &mut Received) -> Result<OrText<T>, Mismatch> {
        match answer.essence() {
            Some(essence) if essence == "text/plain" => Text::decode(answer).map(OrText::Text),
            _ => Json::decode(answer).map(OrText::Json),
        }
    }
}

/// Bytes.
#[derive(Debug)]
pub enum Bytes {}

impl Payload for Bytes {
    type Output = Vec<u8>;

    const ACCEPT: &'static str = "*/*";

    fn decode(answer: &mut Received) -> Result<Vec<u8>, Mismatch> {
        Ok(std::mem::take(&mut answer.body))
    }
}

/// One JSON text a line; `R` is the type of a record that reports a failure.
#[derive(Debug)]
pub struct Lines<T, R = NoError>(PhantomData<(T, R)>);

impl<T, R> Payload for Lines<T, R>
where
    T: DeserializeOwned + serde::Serialize + Send + 'static,
    R: DeserializeOwned + serde::Serialize + Send + 'static,
{
    type Output = Records<T, R>;

    const ACCEPT: &'static str = "application/x-ndjson, application/octet-stream, */*;q=0.1";
    const STREAM: bool = true;

    fn decode(answer: &mut Received) -> Result<Records<T, R>, Mismatch> {
        Ok(Records::lines(answer))
    }
}

/// Server-sent events, the data of each being one JSON text; `R` is the type of data that
/// reports a failure.
#[derive(Debug)]
pub struct Events<T, R = NoError>(PhantomData<(T, R)>);

impl<T, R> Payload for Events<T, R>
where
    T: DeserializeOwned + serde::Serialize + Send + 'static,
    R: DeserializeOwned + serde::Serialize + Send + 'static,
{
    type Output = Records<T, R>;

    const ACCEPT: &'static str = "text/event-stream";
    const STREAM: bool = true;

    fn decode(answer: &mut Received) -> Result<Records<T, R>, Mismatch> {
        answer.expect("text/event-stream", |found| found == "text/event-stream")?;
        Ok(Records::events(answer))
    }
}
