//! Traffic: exchanges that others had, from a proxy, an archive or a cassette, matched to the
//! operations of a document and judged.

mod admit;
mod binary;
mod content;
mod cookies;
mod judge;
mod matching;
mod read;

pub(crate) use admit::admit;
pub use content::{Encoded, decoded};
pub use judge::judge;
pub use matching::{Matched, base, matched};
pub use read::{of_fixture, read};

use crate::{Failure, Reply};
use plumbline_specs::{Diagnostic, Place};
use std::collections::BTreeSet;
use url::Url;

/// Exchanges in the order in which their requests were sent.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// What recorded them, for example `mitmproxy 11.0.2`.
    pub tool: String,
    /// The exchanges.
    pub exchanges: Vec<Passed>,
    /// What was left out, each with its place in the file.
    pub notes: Vec<Diagnostic>,
    /// The variables that stand in it for secrets, as a fixture names them. Any other `$NAME` is a
    /// text that somebody sent.
    pub variables: BTreeSet<String>,
}

/// An exchange as it passed.
#[derive(Clone)]
pub struct Passed {
    /// In upper case.
    pub method: String,
    /// The whole URL; user info in it is a secret.
    pub url: Url,
    /// The request's headers, as they were sent.
    pub headers: Vec<(String, String)>,
    /// The request's body after content decoding; `None` where there was none.
    pub body: Option<Vec<u8>>,
    /// What came, the body after content decoding.
    pub answer: Result<Reply, Failure>,
    /// When the request was sent.
    pub begun: Option<jiff::Timestamp>,
    /// Where it stands in the file that it was read from.
    pub place: Place,
}
