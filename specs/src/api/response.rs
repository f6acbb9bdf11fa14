//! Responses.

use super::{Header, MediaType};
use crate::Pointer;
use serde::Serialize;
use std::fmt;

/// A response (OpenAPI 3.0.3, Response Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    /// Where it stands, after references.
    pub place: Pointer,
    /// The key under `responses`.
    pub status: Status,
    /// `description`.
    pub description: String,
    /// `headers`, without `Content-Type`, which the specification ignores.
    pub headers: Vec<Header>,
    /// `content`, in document order.
    pub content: Vec<MediaType>,
}

/// A key of `responses` (OpenAPI 3.0.3, Responses Object).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Status {
    /// One status code.
    Code(u16),
    /// `1XX` to `5XX`, by the first digit.
    Range(u8),
    /// `default`.
    Default,
}

impl Status {
    /// Whether the key stands for success; `default` does not.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }

    /// Whether the key covers this code.
    pub fn covers(self, code: u16) -> bool {
        match self {
            Self::Code(own) => own == code,
            Self::Range(digit) => u16::from(digit) == code / 100,
            Self::Default => true,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(digit) => write!(formatter, "{digit}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}
