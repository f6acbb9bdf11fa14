//! A request and its answer, as data.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An exchange's number in its run, from 1, in the order of sending.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ExchangeId(pub u64);

/// A request as it goes over the wire.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// The operation that it is meant for, by [`plumbline_specs::api::Operation::label`].
    pub operation: String,
    /// In upper case.
    pub method: String,
    /// Below the target's base URL, percent-encoded, without the query.
    pub path: String,
    /// Percent-encoded names and values, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<(String, String)>,
    /// Besides what the target adds. Like everything here they are sent as they are: no `$NAME`
    /// in them is a variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Headers of the target's that this request goes without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// The body; `None` sends none.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "body")]
    pub body: Option<Vec<u8>>,
    /// The environment variables whose names (`$NAME`) stand for secrets in a request that is shown;
    /// empty in one that is to be sent. Every other `$NAME` is a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
}

/// What came back.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// In the order of arrival, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body after content decoding.
    #[serde(with = "reply_body")]
    pub body: Vec<u8>,
    /// From the first byte sent to the last received, in milliseconds.
    pub millis: u64,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "failure", content = "detail", rename_all = "kebab-case")]
pub enum Failure {
    /// The request was not sent, for this reason: the run leaves it out, or a limit is reached.
    NotSent(String),
    /// No connection was made.
    Unreachable(String),
    /// The answer, or the rest of it, did not come in time.
    Timeout(u64),
    /// The connection ended before the answer did.
    Closed(String),
    /// The body passed the limit, in bytes.
    TooLarge(u64),
    /// The body's JSON would take more memory than the limit, in bytes.
    Unfolds(u64),
    /// The answer is not HTTP, or its content encoding is not what it says.
    Malformed(String),
}

/// A request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its number in the run.
    pub id: ExchangeId,
    /// What was sent.
    pub request: Request,
    /// What came.
    pub answer: Result<Reply, Failure>,
}

impl Reply {
    /// The value of a header, its name compared without case; the first where it is repeated.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a header, its name compared without case.
    pub fn lines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl Exchange {
    /// The reply, when one came.
    pub fn reply(&self) -> Option<&Reply> {
        self.answer.as_ref().ok()
    }

    /// Why it was not sent, when the run left it out.
    pub fn left_out(&self) -> Option<&str> {
        match &self.answer {
            Err(Failure::NotSent(reason)) => Some(reason),
            _ => None,
        }
    }

    /// The status code, when a reply came.
    pub fn status(&self) -> Option<u16> {
        self.reply().map(|reply| reply.status)
    }
}

impl Request {
    /// The path with its query.
    pub fn path_and_query(&self) -> String {
        let mut text = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            text.push(if index == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        text
    }

    /// Whether the target's header of that name is not sent.
    pub(crate) fn replaces(&self, name: &str) -> bool {
        let own = self.headers.iter().map(|(own, _)| own);
        own.chain(&self.withheld)
            .any(|own| own.eq_ignore_ascii_case(name))
    }

    /// The words behind each `$` in it, as long as the name of a variable could go on.
    pub(crate) fn words_behind_dollars(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for text in self.texts() {
            for at in memchr::memchr_iter(b'$', text) {
                let rest = text.get(at + 1..).unwrap_or_default().iter();
                let word = rest.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
                words.insert(word.map(|byte| char::from(*byte)).collect());
            }
        }
        words
    }

    /// All that is sent: the path, the names and values of query and headers, the body.
    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let pairs = self.query.iter().chain(&self.headers);
        let pairs = pairs.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        let body = self.body.as_deref().unwrap_or_default();
        [self.path.as_bytes(), body].into_iter().chain(pairs)
    }
}

/// A URL as it goes over the wire; `None` where it cannot be sent as it is: it is none, or its path
/// has dots that a client follows, to what nobody asked for.
pub(crate) fn wire(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let has_dots = path.split(['/', '\\']).any(|segment| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment == "." || segment == ".."
    });
    (!has_dots).then(|| url.into())
}

/// Bodies as text where they are UTF-8, else as base64.
mod body {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        body: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        body.as_deref()
            .map(super::Bytes::from_slice)
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        Option::<super::Bytes>::deserialize(deserializer)?
            .map(super::Bytes::into_vec)
            .transpose()
            .map_err(serde::de::Error::custom)
    }
}

/// As [`body`], for a body that is always there.
mod reply_body {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(body: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        super::Bytes::from_slice(body).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        super::Bytes::deserialize(deserializer)?
            .into_vec()
            .map_err(serde::de::Error::custom)
    }
}

/// Bytes in a report: text, or base64 in an object that says so.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
}

impl Bytes {
    fn from_slice(bytes: &[u8]) -> Self {
        use base64::Engine as _;
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64 {
                base64: base64::engine::general_purpose::STANDARD.encode(bytes),
            },
        }
    }

    fn into_vec(self) -> Result<Vec<u8>, base64::DecodeError> {
        use base64::Engine as _;
        match self {
            Self::Text(text) => Ok(text.into_bytes()),
            Self::Base64 { base64 } => base64::engine::general_purpose::STANDARD.decode(base64),
        }
    }
}
