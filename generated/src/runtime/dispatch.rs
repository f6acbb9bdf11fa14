//! Operations driven by name, from JSON and to JSON: what a conformance kit uses.

use super::decode::wanted;
use super::request::Output;
use super::{
    BoxFuture, Bytes, DateTime, Empty, Error, Events, Json, Lines, Operation, Payload, Records,
    Request, Text,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt;

/// What an operation is called with: `{"parameters": {name: value}, "body": …}`.
///
/// A name may say its place too, as `query.name`, where two parameters share one.
#[derive(Clone, Default)]
pub struct Input {
    parameters: Map<String, Value>,
    body: Option<Value>,
}

impl fmt::Debug for Input {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secrets.
        let names: Vec<_> = self.parameters.keys().collect();
        out.debug_struct("Input")
            .field("parameters", &names)
            .field("body", &self.body.is_some())
            .finish()
    }
}

impl Input {
    /// Takes an input apart.
    ///
    /// # Errors
    ///
    /// When it is no object, or holds something else.
    pub fn new(input: Value) -> Result<Self, DispatchError> {
        let mut read = Self::default();
        let Value::Object(members) = input else {
            return Err(DispatchError::input("an input must be an object"));
        };
        for (name, member) in members {
            match (name.as_str(), member) {
                ("parameters", Value::Object(parameters)) => read.parameters = parameters,
                ("parameters", Value::Null) => {}
                ("body", body) => read.body = Some(body),
                _ => return Err(DispatchError::input(format!("an input has no `{name}`"))),
            }
        }
        Ok(read)
    }

    /// Takes what must be given.
    ///
    /// # Errors
    ///
    /// When it is not there or does not fit its type.
    pub fn required<T: DeserializeOwned>(
        &mut self,
        how: &str,
        wire: &[&str],
    ) -> Result<T, DispatchError> {
        let name = wire_name(how, wire);
        self.optional(how, wire)?
            .ok_or_else(|| DispatchError::input(format!("`{name}` must be given")))
    }

    /// Takes what may be given.
    ///
    /// # Errors
    ///
    /// When it does not fit its type.
    pub fn optional<T: DeserializeOwned>(
        &mut self,
        how: &str,
        wire: &[&str],
    ) -> Result<Option<T>, DispatchError> {
        let name = wire_name(how, wire);
        let value = match how.split('_').next() {
            Some(place @ ("path" | "query" | "header" | "cookie")) => self
                .parameters
                .remove(&format!("{place}.{name}"))
                .or_else(|| self.parameters.remove(&name)),
            _ => self.body.take(),
        };
        value
            .map(|value| serde_path_to_error::deserialize(value))
            .transpose()
            .map_err(|error| {
                let (path, message) = (error.path().to_string(), error.into_inner().to_string());
                let expected = wanted(&message);
                DispatchError::input(format!("`{name}`: at {path}: expected {expected}"))
            })
    }

    /// Fails when something is left that no parameter took.
    fn finish(&self) -> Result<(), DispatchError> {
        match (self.parameters.keys().next(), &self.body) {
            (Some(name), _) => Err(DispatchError::input(format!("no parameter `{name}`"))),
            (None, Some(_)) => Err(DispatchError::input("the operation has no body")),
            (None, None) => Ok(()),
        }
    }
}

/// The name on the wire: the first of a setter's arguments, as it is written in the source.
fn wire_name(how: &str, wire: &[&str]) -> String {
    match how.split('_').next() {
        Some("path" | "query" | "header" | "cookie") => wire
            .first()
            .and_then(|literal| serde_json::from_str(literal).ok())
            .unwrap_or_default(),
        _ => "body".to_owned(),
    }
}

/// Why an operation that was driven by name gave nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum DispatchError {
    /// The client has no such operation.
    Unknown(String),
    /// The input does not fit the operation.
    Input(String),
    /// The operation failed.
    Failed {
        /// The status, where the failure is an answer.
        status: Option<u16>,
        /// The error, as it is printed.
        message: String,
    },
}

impl DispatchError {
    fn input(message: impl Into<String>) -> Self {
        Self::Input(message.into())
    }

    fn failed<E: fmt::Debug>(status: Option<u16>, error: &Error<E>) -> Self {
        Self::Failed {
            status,
            message: error.to_string(),
        }
    }
}

impl fmt::Display for DispatchError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(operation) => write!(out, "no operation {operation:?}"),
            Self::Input(message) | Self::Failed { message, .. } => out.write_str(message),
        }
    }
}

impl std::error::Error for DispatchError {}

/// What an argument is read as before it is passed.
pub trait FromInput<'a>: Sized {
    /// What holds it.
    type Owned: DeserializeOwned;

    /// Passes it.
    fn borrow(owned: &'a Self::Owned) -> Self;
}

impl<'a> FromInput<'a> for &'a str {
    type Owned = String;

    fn borrow(owned: &'a String) -> Self {
        owned
    }
}

impl<'a, T: DeserializeOwned> FromInput<'a> for &'a [T] {
    type Owned = Vec<T>;

    fn borrow(owned: &'a Vec<T>) -> Self {
        owned
    }
}

impl<'a, T: DeserializeOwned> FromInput<'a> for &'a T {
    type Owned = T;

    fn borrow(owned: &'a T) -> Self {
        owned
    }
}

macro_rules! copied {
    ($($ty:ty),*) => {$(
        impl FromInput<'_> for $ty {
            type Owned = $ty;

            fn borrow(owned: &$ty) -> Self {
                *owned
            }
        }
    )*};
}

copied!(
    (),
    bool,
    i32,
    i64,
    u64,
    f64,
    uuid::Uuid,
    DateTime,
    chrono::NaiveDate
);

impl<T: Copy + DeserializeOwned> FromInput<'_> for Option<T> {
    type Owned = Self;

    fn borrow(owned: &Self) -> Self {
        *owned
    }
}

/// An operation that can be driven from JSON.
pub trait Dispatch: Operation {
    /// The client that has it.
    type Client: Sync;

    /// Makes a request.
    ///
    /// # Errors
    ///
    /// When the input does not fit.
    fn prepare<'c>(
        client: &'c Self::Client,
        input: &mut Input,
    ) -> Result<Request<'c, Self>, DispatchError>;
}

/// A payload that can be written as JSON again.
pub trait Encode: Payload {
    /// Writes it; a stream as an array of its records.
    fn encode(output: Self::Output) -> BoxFuture<'static, Result<Value, DispatchError>>;
}

fn ready(
    value: Result<Value, serde_json::Error>,
) -> BoxFuture<'static, Result<Value, DispatchError>> {
    let value = value.map_err(|error| DispatchError::input(error.to_string()));
    Box::pin(std::future::ready(value))
}

impl Encode for Empty {
    fn encode(_: ()) -> BoxFuture<'static, Result<Value, DispatchError>> {
        ready(Ok(Value::Null))
    }
}

impl<T: DeserializeOwned + Serialize + Send + 'static> Encode for Json<T> {
    fn encode(output: T) -> BoxFuture<'static, Result<Value, DispatchError>> {
        ready(serde_json::to_value(output))
    }
}

impl Encode for Text {
    fn encode(output: String) -> BoxFuture<'static, Result<Value, DispatchError>> {
        ready(Ok(Value::String(output)))
    }
}

impl Encode for Bytes {
    fn encode(output: Vec<u8>) -> BoxFuture<'static, Result<Value, DispatchError>> {
        ready(Ok(Value::String(STANDARD.encode(output))))
    }
}

async fn drain<T, R>(mut records: Records<T, R>) -> Result<Value, DispatchError>
where
    T: Serialize,
    R: fmt::Debug,
{
    let mut all = Vec::new();
    while let Some(record) = records.next().await {
        let record = record.map_err(|error| DispatchError::failed(None, &error))?;
        let value = serde_json::to_value(record);
        all.push(value.map_err(|error| DispatchError::input(error.to_string()))?);
    }
    Ok(Value::Array(all))
}

impl<T, R> Encode for Lines<T, R>
where
    T: DeserializeOwned + Serialize + Send + 'static,
    R: DeserializeOwned + Serialize + fmt::Debug + Send + 'static,
{
    fn encode(output: Records<T, R>) -> BoxFuture<'static, Result<Value, DispatchError>> {
        Box::pin(drain(output))
    }
}

impl<T, R> Encode for Events<T, R>
where
    T: DeserializeOwned + Serialize + Send + 'static,
    R: DeserializeOwned + Serialize + fmt::Debug + Send + 'static,
{
    fn encode(output: Records<T, R>) -> BoxFuture<'static, Result<Value, DispatchError>> {
        Box::pin(drain(output))
    }
}

/// Sends an operation's request made from an input and writes what the answer holds.
pub fn run<D>(client: &D::Client, mut input: Input) -> BoxFuture<'_, Result<Value, DispatchError>>
where
    D: Dispatch,
    D::Success: Encode,
{
    Box::pin(async move {
        let request = D::prepare(client, &mut input)?;
        input.finish()?;
        let body: Output<D> = request
            .send()
            .await
            .map_err(|error| DispatchError::failed(status(&error), &error))?;
        D::Success::encode(body).await
    })
}

fn status<E>(error: &Error<E>) -> Option<u16> {
    match error {
        Error::Undocumented(fault) => Some(fault.status),
        Error::Decode(fault) => Some(fault.status),
        Error::ContentType(fault) => Some(fault.status),
        Error::Body(fault) => Some(fault.status),
        _ => None,
    }
}

/// A way to drive one operation of a client.
pub type Runner<C> = for<'c> fn(&'c C, Input) -> BoxFuture<'c, Result<Value, DispatchError>>;

/// Drives the operation of this name.
///
/// # Errors
///
/// See [`DispatchError`].
pub async fn drive<C: Sync>(
    operations: &[&[(&str, Runner<C>)]],
    client: &C,
    operation: &str,
    input: Value,
) -> Result<Value, DispatchError> {
    let mut all = operations.iter().copied().flatten();
    let found = all.find(|(name, _)| *name == operation);
    let (_, run) = found.ok_or_else(|| DispatchError::Unknown(operation.to_owned()))?;
    run(client, Input::new(input)?).await
}
