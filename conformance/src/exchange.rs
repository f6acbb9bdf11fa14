//! A request and its answer, as data; and as a curl command that shows it again.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// An exchange's number in its run, from 1, in the order of sending.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ExchangeId(pub u64);

/// A request as it goes over the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Besides what the target adds; a value that holds a secret is `$NAME` here and is
    /// resolved when it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body; `None` sends none.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "body")]
    pub body: Option<Vec<u8>>,
    /// Environment variables whose names (`$NAME`) stand for secrets in path, query and body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The request was not sent: the run leaves it out.
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

    /// A curl command that sends this request to `base`, to be pasted into a shell. Secrets
    /// stay the environment variables that they were given as.
    pub fn curl(&self, base: &str, headers: &[(String, String)]) -> String {
        let mut text = String::from("curl -sS -i");
        if self.method != "GET" || self.body.is_some() {
            let _ = write!(text, " -X {}", self.method);
        }
        let url = format!("{}{}", base.trim_end_matches('/'), self.path_and_query());
        let _ = write!(text, " {}", self.with_secrets(&url));
        for (name, value) in headers.iter().chain(&self.headers) {
            let _ = write!(text, " -H {}", with_variables(&format!("{name}: {value}")));
        }
        match self.body.as_deref().map(std::str::from_utf8) {
            None => {}
            Some(Ok(body)) => {
                let _ = write!(text, " --data-raw {}", self.with_secrets(body));
            }
            Some(Err(_)) => text.push_str(" --data-binary @body.bin"),
        }
        text
    }
}

impl Request {
    /// Quoted for a shell, but for the variables that stand for secrets, which it fills in.
    fn with_secrets(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        loop {
            let next = self
                .secrets
                .iter()
                .filter_map(|name| {
                    let variable = format!("${name}");
                    rest.find(&variable).map(|at| (at, variable))
                })
                .min_by_key(|(at, variable)| (*at, std::cmp::Reverse(variable.len())));
            let Some((at, variable)) = next else {
                break;
            };
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                out.push_str(&quoted(before));
            }
            let _ = write!(out, "\"{variable}\"");
            rest = from.get(variable.len()..).unwrap_or_default();
        }
        if out.is_empty() || !rest.is_empty() {
            out.push_str(&quoted(rest));
        }
        out
    }
}

/// Single quotes for a POSIX shell; where a control character or one that turns the direction
/// of writing stands in the text, `$'…'` (POSIX.1-2024), so that a terminal shows it as it is.
fn quoted(text: &str) -> String {
    if !text.chars().any(is_unprintable) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut out = String::from("$'");
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' | '\'' => {
                out.push('\\');
                out.push(character);
            }
            _ if is_unprintable(character) => {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
            _ => out.push(character),
        }
    }
    out.push('\'');
    out
}

/// Whether a character can act on a terminal, break XML 1.0, or reorder a line.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Double quotes where the text names an environment variable, so that the shell fills it in.
fn with_variables(text: &str) -> String {
    if text.contains('$') {
        format!(
            "\"{}\"",
            text.replace('\\', r"\\")
                .replace('"', "\\\"")
                .replace('`', "\\`")
        )
    } else {
        quoted(text)
    }
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

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_gets_back_what_was_quoted() {
        for text in [
            "it's",
            "a\r\n\tb",
            "\u{1b}[31m'\\x",
            "",
            "ä\u{202e}\u{7f}",
            "$HOME `x`",
        ] {
            let output = std::process::Command::new("bash")
                .arg("-c")
                .arg(format!("printf %s {}", quoted(text)))
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
            assert!(!quoted(text).contains(super::is_unprintable));
        }
    }
}
