//! Typed answers.

use super::request::Output;
use super::{Error, Mismatch, Operation};
use reqwest::header::HeaderMap;
use std::str::FromStr;
use std::{fmt, ops};

/// An operation's successful answer; stands for its body where one is wanted.
pub struct Response<O: Operation> {
    status: u16,
    headers: HeaderMap,
    body: Output<O>,
}

impl<O: Operation> Response<O> {
    pub(super) fn new(status: u16, headers: HeaderMap, body: Output<O>) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What the body holds.
    pub fn body(&self) -> &Output<O> {
        &self.body
    }

    /// What the body holds.
    pub fn into_body(self) -> Output<O> {
        self.body
    }

    /// A header as a value; `None` when it is not there.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read.
    pub fn read_header<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        let Some(value) = self.headers.get(name) else {
            return Ok(None);
        };
        let read = value
            .to_str()
            .ok()
            .and_then(|text| text.trim().parse().ok());
        read.map(Some).ok_or_else(|| {
            let mismatch = Mismatch::Json {
                path: format!("header {name}"),
                expected: std::any::type_name::<T>().to_owned(),
                found: "another text".to_owned(),
            };
            Error::mismatch(O::META.id, self.status, mismatch)
        })
    }
}

impl<O: Operation> ops::Deref for Response<O> {
    type Target = Output<O>;

    fn deref(&self) -> &Self::Target {
        &self.body
    }
}

impl<O: Operation> fmt::Debug for Response<O>
where
    Output<O>: fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Response")
            .field("status", &self.status)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
