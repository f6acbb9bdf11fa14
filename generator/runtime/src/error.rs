//! Errors.

use super::{Mismatch, Received, decode};
use reqwest::header::HeaderMap;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// What can go wrong with an operation; `E` is the type of its documented failures.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = NoError> {
    /// A documented failure.
    Status(E),
    /// A status that the document does not name, or a body that does not fit it.
    Undocumented(Box<Undocumented>),
    /// A successful answer whose body is not what the document says.
    Decode(Box<Decode>),
    /// A successful answer of another media type.
    ContentType(Box<ContentType>),
    /// A body that could not be read to its end: cut off, too large, no UTF-8.
    Body(Box<BodyFault>),
    /// No answer: the server could not be reached or the connection broke.
    Transport(Box<Transport>),
    /// No answer in time, repetitions and reading the body included.
    Timeout {
        /// The operation.
        operation: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// The request or the client could not be built.
    Request(Box<RequestFault>),
    /// The server's pages do not lead to an end.
    Paging(Box<PagingFault>),
    /// A stream's record that reports a failure.
    Record(E),
}

/// The failures of an operation that documents none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoError {}

impl serde::Serialize for NoError {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> serde::Deserialize<'de> for NoError {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("no failure is documented"))
    }
}

/// An answer that the document does not describe, whole. `Debug` shows no secret of it.
#[derive(Clone)]
pub struct Undocumented {
    /// The operation.
    pub operation: &'static str,
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// How the body departs from what the document says for this status, when it says anything.
    pub mismatch: Option<String>,
}

impl fmt::Debug for Undocumented {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Undocumented")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &decode::described(&self.body))
            .field("mismatch", &self.mismatch)
            .finish()
    }
}

/// A body that is not what the document says.
#[derive(Clone, Debug)]
pub struct Decode {
    /// The operation.
    pub operation: &'static str,
    /// The status code.
    pub status: u16,
    /// The way to the fault, for example `content[3].id`; `.` is the whole body.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What came, shortened, without secrets.
    pub found: String,
}

/// A body of another media type than the document says.
#[derive(Clone, Debug)]
pub struct ContentType {
    /// The operation.
    pub operation: &'static str,
    /// The status code.
    pub status: u16,
    /// What was expected.
    pub expected: &'static str,
    /// What came.
    pub found: String,
}

/// A body that could not be read to its end.
#[derive(Debug)]
pub struct BodyFault {
    /// The operation.
    pub operation: &'static str,
    /// The status code.
    pub status: u16,
    /// What is wrong.
    pub message: String,
    /// The connection's error, when there is one.
    pub source: Option<reqwest::Error>,
}

/// A connection that could not be made or broke.
#[derive(Debug)]
pub struct Transport {
    /// The operation.
    pub operation: &'static str,
    /// How often it was tried.
    pub attempts: u32,
    /// The connection's or a middleware's error.
    pub source: Box<dyn StdError + Send + Sync>,
}

/// A request that could not be built.
#[derive(Clone, Debug)]
pub struct RequestFault {
    /// The operation; empty when the client itself could not be built.
    pub operation: &'static str,
    /// What is wrong.
    pub message: String,
}

/// Pages that do not lead to an end.
#[derive(Clone, Debug)]
pub struct PagingFault {
    /// The operation.
    pub operation: &'static str,
    /// What is wrong.
    pub message: String,
}

impl Error {
    /// The same error where documented failures are possible.
    pub(super) fn widen<E>(self) -> Error<E> {
        match self {
            Self::Status(never) | Self::Record(never) => match never {},
            Self::Undocumented(fault) => Error::Undocumented(fault),
            Self::Decode(fault) => Error::Decode(fault),
            Self::ContentType(fault) => Error::ContentType(fault),
            Self::Body(fault) => Error::Body(fault),
            Self::Transport(fault) => Error::Transport(fault),
            Self::Timeout { operation, after } => Error::Timeout { operation, after },
            Self::Request(fault) => Error::Request(fault),
            Self::Paging(fault) => Error::Paging(fault),
        }
    }

    pub(super) fn request(operation: &'static str, message: impl Into<String>) -> Self {
        Self::Request(Box::new(RequestFault {
            operation,
            message: message.into(),
        }))
    }

    pub(super) fn paging(operation: &'static str, message: impl Into<String>) -> Self {
        Self::Paging(Box::new(PagingFault {
            operation,
            message: message.into(),
        }))
    }

    /// A successful answer whose body does not fit.
    pub(super) fn mismatch(operation: &'static str, status: u16, mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch::ContentType { expected, found } => Self::ContentType(Box::new(ContentType {
                operation,
                status,
                expected,
                found,
            })),
            Mismatch::Utf8(byte) => Self::Body(Box::new(BodyFault {
                operation,
                status,
                message: format!("no UTF-8 from byte {byte} on"),
                source: None,
            })),
            Mismatch::Late(after) => Self::Timeout { operation, after },
            Mismatch::Json {
                path,
                expected,
                found,
            } => Self::Decode(Box::new(Decode {
                operation,
                status,
                path,
                expected,
                found,
            })),
        }
    }

    /// An answer that the document does not describe.
    pub(super) fn undocumented(answer: Received, mismatch: Option<&Mismatch>) -> Self {
        Self::Undocumented(Box::new(Undocumented {
            operation: answer.meta.id,
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
            mismatch: mismatch.map(ToString::to_string),
        }))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContentType { expected, found } => {
                write!(out, "expected {expected}, found {found}")
            }
            Self::Utf8(byte) => write!(out, "no UTF-8 from byte {byte} on"),
            Self::Late(after) => write!(out, "not read within {after:?}"),
            Self::Json {
                path,
                expected,
                found,
            } => write!(out, "at {path}: expected {expected}, found {found}"),
        }
    }
}

impl<E: fmt::Debug> fmt::Display for Error<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(body) => write!(out, "the server answered {body:?}"),
            Self::Record(record) => write!(out, "the stream reported {record:?}"),
            Self::Undocumented(fault) => {
                let Undocumented {
                    operation, status, ..
                } = &**fault;
                match &fault.mismatch {
                    None => write!(out, "{operation}: undocumented status {status}"),
                    Some(mismatch) => write!(
                        out,
                        "{operation}: status {status} with an undocumented body: {mismatch}"
                    ),
                }
            }
            Self::Decode(fault) => write!(
                out,
                "{}: status {}: at {}: expected {}, found {}",
                fault.operation, fault.status, fault.path, fault.expected, fault.found
            ),
            Self::ContentType(fault) => write!(
                out,
                "{}: status {}: expected {}, found {}",
                fault.operation, fault.status, fault.expected, fault.found
            ),
            Self::Body(fault) => write!(
                out,
                "{}: status {}: {}",
                fault.operation, fault.status, fault.message
            ),
            Self::Transport(fault) => write!(
                out,
                "{}: no answer ({} attempts): {}",
                fault.operation, fault.attempts, fault.source
            ),
            Self::Timeout { operation, after } => {
                write!(out, "{operation}: no answer within {after:?}")
            }
            Self::Request(fault) if fault.operation.is_empty() => out.write_str(&fault.message),
            Self::Request(fault) => write!(out, "{}: {}", fault.operation, fault.message),
            Self::Paging(fault) => write!(out, "{}: {}", fault.operation, fault.message),
        }
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(fault) => Some(&*fault.source),
            Self::Body(fault) => fault.source.as_ref().map(|source| source as _),
            _ => None,
        }
    }
}
