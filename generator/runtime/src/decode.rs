//! Decoding, and errors that say where a body departs from what was expected.

use super::deadline::Deadline;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::{self, BufReader, Read};
use std::str::FromStr;
use std::time::Duration;

/// The most characters of a body that an error shows.
const SNIPPET: usize = 120;

/// Stands in a message between the path within a variant of a union and the message proper.
const NEST: char = '\u{1f}';

/// How a body departs from what was expected.
#[derive(Debug)]
pub enum Mismatch {
    /// The wrong media type.
    ContentType {
        /// What was expected.
        expected: &'static str,
        /// What came.
        found: String,
    },
    /// Text that is no UTF-8 from this byte on.
    Utf8(usize),
    /// A body that could not be read in the time allowed.
    Late(Duration),
    /// JSON of another form.
    Json {
        /// The way to the fault, for example `content[3].id`; `.` is the whole body.
        path: String,
        /// What was expected there.
        expected: String,
        /// What came, shortened, without secrets.
        found: String,
    },
}

impl Mismatch {
    /// A status that the operation does not tell apart.
    pub fn status() -> Self {
        Self::Json {
            path: ".".to_owned(),
            expected: "a documented status".to_owned(),
            found: "another one".to_owned(),
        }
    }
}

/// The longest body that is read at once; a longer one is read with an eye on the clock, and is not
/// made a tree of values when it does not fit.
const AT_ONCE: usize = 1024 * 1024;

/// Reads JSON. Only a body that does not fit is read again, to find the place.
pub(super) fn json<T: DeserializeOwned>(body: &[u8], deadline: Deadline) -> Result<T, Mismatch> {
    // RFC 8259, section 8.1: a reader may pass over a byte order mark.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.len() <= AT_ONCE {
        return serde_json::from_slice(body).map_err(|error| explain::<T>(body, &error));
    }
    let mut from = timed(body, deadline);
    T::deserialize(&mut from)
        .and_then(|value| from.end().map(|()| value))
        .map_err(|error| match deadline.late(&error) {
            Some(late) => late,
            None => explain_long::<T>(body, deadline, &error),
        })
}

type Timed<'b> = serde_json::Deserializer<serde_json::de::IoRead<BufReader<Watched<'b>>>>;

fn timed(body: &[u8], deadline: Deadline) -> Timed<'_> {
    let watched = Watched { body, deadline };
    serde_json::Deserializer::from_reader(BufReader::with_capacity(AT_ONCE / 16, watched))
}

/// Bytes that can be read until a deadline.
struct Watched<'b> {
    body: &'b [u8],
    deadline: Deadline,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.deadline.is_over() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.body.read(buffer)
    }
}

/// Says how a long body departs, in constant memory.
#[cold]
fn explain_long<T: DeserializeOwned>(
    body: &[u8],
    deadline: Deadline,
    error: &serde_json::Error,
) -> Mismatch {
    let bytes = body.len();
    if !error.is_data() {
        return Mismatch::Json {
            path: ".".to_owned(),
            expected: "JSON".to_owned(),
            found: format!("{bytes} bytes: {error}"),
        };
    }
    let located = serde_path_to_error::deserialize::<_, T>(&mut timed(body, deadline)).err();
    let (path, message) = match located {
        Some(error) if deadline.late(error.inner()).is_some() => {
            return Mismatch::Late(deadline.allowed());
        }
        Some(error) => (error.path().to_string(), error.into_inner().to_string()),
        None => (".".to_owned(), error.to_string()),
    };
    let message = message
        .rsplit_once(" at line ")
        .map_or(&*message, |it| it.0);
    let (path, message) = nested(path, message);
    Mismatch::Json {
        path,
        expected: wanted(&message),
        found: format!("something else, in a body of {bytes} bytes"),
    }
}

#[cold]
fn explain<T: DeserializeOwned>(body: &[u8], error: &serde_json::Error) -> Mismatch {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        let found = match str::from_utf8(body) {
            Ok("") => "an empty body".to_owned(),
            // What is not JSON may hold anything, secrets too.
            Ok(_) => format!("{} bytes: {error}", body.len()),
            Err(fault) => format!("no UTF-8 from byte {} on", fault.valid_up_to()),
        };
        return Mismatch::Json {
            path: broken(body),
            expected: "JSON".to_owned(),
            found,
        };
    };
    mismatch::<T>(&value).unwrap_or_else(|| Mismatch::Json {
        path: ".".to_owned(),
        expected: error.to_string(),
        found: snippet("", &value),
    })
}

/// The path to where a body stops being JSON.
fn broken(body: &[u8]) -> String {
    let mut body = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize::<_, Value>(&mut body)
        .map_or_else(|error| error.path().to_string(), |_| ".".to_owned())
}

/// Says how a value departs from a type; `None` when it does not.
pub(super) fn mismatch<T: DeserializeOwned>(value: &Value) -> Option<Mismatch> {
    let (path, message) = locate::<T>(value)?;
    let expected = wanted(&message);
    let (name, found) = follow(value, &path);
    Some(Mismatch::Json {
        found: snippet(name, found),
        path,
        expected,
    })
}

/// What a message of serde's says was expected.
pub(super) fn wanted(message: &str) -> String {
    if let Some((_, expected)) = message.rsplit_once(", expected ") {
        return expected.to_owned();
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("a member {name}");
    }
    // These types say what is wrong with the text, not what it should have been.
    if message.starts_with("UUID parsing failed") {
        return "a UUID".to_owned();
    }
    if message.contains("input") {
        return "a date".to_owned();
    }
    message.to_owned()
}

/// The path to where a value departs from a type, and the message.
pub(super) fn locate<T: DeserializeOwned>(value: &Value) -> Option<(String, String)> {
    let error = serde_path_to_error::deserialize::<_, T>(value).err()?;
    let path = error.path().to_string();
    let message = error.into_inner().to_string();
    Some(nested(path, &message))
}

/// Takes the path within a variant off a message.
fn nested(path: String, message: &str) -> (String, String) {
    match message.split_once(NEST) {
        None => (path, message.to_owned()),
        Some((within, message)) => (join(&path, within), message.to_owned()),
    }
}

/// Writes a path within a variant before a message, for [`locate`] to find.
pub(super) fn nest(path: &str, message: &str) -> String {
    format!("{path}{NEST}{message}")
}

fn join(path: &str, within: &str) -> String {
    match (path, within) {
        (path, ".") => path.to_owned(),
        (".", within) => within.to_owned(),
        (path, within) if within.starts_with('[') => format!("{path}{within}"),
        (path, within) => format!("{path}.{within}"),
    }
}

/// The value that a path leads to, or the last one on the way, with its name.
fn follow<'v>(mut value: &'v Value, path: &str) -> (&'v str, &'v Value) {
    let mut name = "";
    let mut rest = path;
    while !rest.is_empty() && rest != "." {
        rest = rest.trim_start_matches('.');
        if let Some((index, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let Some(next) = usize::from_str(index).ok().and_then(|at| value.get(at)) else {
                break;
            };
            value = next;
            rest = after;
            continue;
        }
        // A name may itself hold dots and brackets: the longest that is there is meant.
        let Some((key, next)) = value.as_object().and_then(|members| {
            members
                .iter()
                .filter(|(key, _)| {
                    rest.strip_prefix(key.as_str())
                        .is_some_and(|after| matches!(after.chars().next(), None | Some('.' | '[')))
                })
                .max_by_key(|(key, _)| key.len())
        }) else {
            break;
        };
        name = key;
        value = next;
        rest = rest.get(key.len()..).unwrap_or_default();
    }
    (name, value)
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A value in words and, shortened, as JSON; what a secret's name stands before is left out.
fn snippet(name: &str, value: &Value) -> String {
    let text = masked(name, value, 0).to_string();
    let short: String = text.chars().take(SNIPPET).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{} {short}{more}", kind(value))
}

fn masked(name: &str, value: &Value, depth: usize) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        _ if is_secret(name) => Value::from("***"),
        // What lies deeper would not be shown anyway.
        _ if depth > 4 => Value::from("…"),
        Value::Array(elements) => elements
            .iter()
            .take(8)
            .map(|element| masked(name, element, depth + 1))
            .collect(),
        Value::Object(members) => members
            .iter()
            .take(16)
            .map(|(key, member)| (key.clone(), masked(key, member, depth + 1)))
            .collect(),
        _ => value.clone(),
    }
}

/// A body in words and shortened, without what stands before a secret's name.
pub(super) fn described(body: &[u8]) -> String {
    let value = (body.len() <= AT_ONCE).then(|| serde_json::from_slice(body).ok());
    match value.flatten() {
        Some(value) => snippet("", &value),
        // What is not JSON may hold anything, secrets too.
        None => format!("{} bytes", body.len()),
    }
}

/// Marks headers that may hold a secret, so that nothing prints them.
pub(super) fn hide_secrets(headers: &mut HeaderMap) {
    for (name, value) in headers {
        if is_secret(name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

/// Whether a member of this name may hold a secret.
fn is_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    [
        "apikey",
        "authorization",
        "cookie",
        "credential",
        "jwt",
        "passphrase",
        "password",
        "privatekey",
        "secret",
        "token",
    ]
    .iter()
    .any(|secret| name.contains(secret))
}

/// Reads a value that is already parsed.
pub(super) fn value<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    T::deserialize(value).map_err(|error| {
        mismatch::<T>(value).unwrap_or_else(|| Mismatch::Json {
            path: ".".to_owned(),
            expected: error.to_string(),
            found: snippet("", value),
        })
    })
}
