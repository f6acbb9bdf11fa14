//! Matchers for a recorded answer: what comes anew each time by its form, what was captured or
//! sent before by its value.

use super::capture::leaves;
use super::rewrite::Rewrite;
use crate::Request;
use crate::fixture::{Compare, Is, Matcher, Subject};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// So many comparisons are made of one answer; more would hide what the fixture is about.
pub(super) const MOST: usize = 16;

/// RFC 9562, section 4.
static UUID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$").ok());

/// What clients have sent so far: member and value.
#[derive(Default)]
pub(super) struct Sent(BTreeSet<(String, String)>);

impl Sent {
    /// Takes in the members of a request's body.
    pub(super) fn add(&mut self, request: &Request) {
        let body = request.body.as_deref().unwrap_or_default();
        if let Ok(body) = serde_json::from_slice::<Value>(body) {
            leaves(&body, "", &mut |pointer, value| {
                self.0.insert((last(pointer), value.to_string()));
            });
        }
    }

    fn holds(&self, pointer: &str, value: &Value) -> bool {
        !value.is_null() && self.0.contains(&(last(pointer), value.to_string()))
    }
}

fn last(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The comparisons of an answer: `before` as it came, `after` with variables in it. Items of
/// arrays are left alone: how many there are, and in which order, is not known of one recording.
pub(super) fn matchers(
    before: &Value,
    after: &Value,
    sent: &Sent,
    rewrite: &Rewrite,
) -> Vec<Compare> {
    let mut found = Vec::new();
    leaves(before, "", &mut |pointer, value| {
        let Some(path) = path(before, pointer) else {
            return;
        };
        let written = after.pointer(pointer).unwrap_or(value);
        if rewrite.knows(value) {
            return;
        }
        let captured = written.as_str().is_some_and(is_variable);
        let matcher = if captured || sent.holds(pointer, value) {
            Matcher::Equals(written.clone())
        } else if let Some(is) = form(value) {
            Matcher::Is(is)
        } else {
            return;
        };
        found.push(Compare {
            subject: Subject::Path(path),
            matcher,
        });
    });
    found.truncate(MOST);
    found
}

/// The form of a value that comes anew each time.
pub(super) fn form(value: &Value) -> Option<Is> {
    let text = value.as_str()?;
    if UUID.as_ref().is_some_and(|uuid| uuid.is_match(text)) {
        return Some(Is::Uuid);
    }
    let date_time = Matcher::Is(Is::DateTime);
    // The quick look first: compiling a schema for each text is slow.
    (text.len() >= 20 && text.starts_with(|first: char| first.is_ascii_digit()))
        .then(|| date_time.validator().ok())
        .flatten()
        .filter(|validator| validator.is_valid(value))
        .map(|_| Is::DateTime)
}

/// Whether a text is one variable and nothing else.
fn is_variable(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|text| text.strip_suffix('}'))
        .is_some_and(|name| !name.contains(['$', '{', '}']))
}

/// A pointer as a JSON Path; `None` where it leads through an array.
pub(super) fn path(body: &Value, pointer: &str) -> Option<String> {
    let mut path = "$".to_owned();
    let mut node = body;
    for token in pointer.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        node = node.as_object()?.get(&key)?;
        let plain = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && key
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if plain {
            path.push('.');
            path.push_str(&key);
        } else if key.contains(char::is_control) {
            return None;
        } else {
            let key = key.replace('\\', "\\\\").replace('\'', "\\'");
            path.push_str(&format!("['{key}']"));
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::{Rewrite, Sent, form, matchers, path};
    use crate::Request;
    use crate::fixture::Is;
    use serde_json::json;

    #[test]
    fn forms_are_told() {
        for (text, expected) in [
            ("0190b2a0-1111-7000-8000-000000000001", Some(Is::Uuid)),
            ("2026-11-22T10:00:00Z", Some(Is::DateTime)),
            ("2026-11-22T10:00:00.123456+01:00", Some(Is::DateTime)),
            ("2026-11-22", None),
            ("a text of some length here", None),
        ] {
            assert_eq!(form(&json!(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_came_before_is_compared_and_arrays_are_left() {
        let mut sent = Sent::default();
        sent.add(&Request {
            body: Some(br#"{"name": "first", "n": 3}"#.to_vec()),
            ..Request::default()
        });
        let before =
            json!({"id": "i-12345678", "name": "first", "n": 4, "a b": {"n": 3}, "l": [{"n": 3}]});
        let after =
            json!({"id": "${id}", "name": "first", "n": 4, "a b": {"n": 3}, "l": [{"n": 3}]});
        let found =
            serde_json::to_value(matchers(&before, &after, &sent, &Rewrite::default())).unwrap();
        assert_eq!(
            found,
            json!([
                {"at": "$.id", "equals": "${id}"},
                {"at": "$.name", "equals": "first"},
                {"at": "$['a b'].n", "equals": 3},
            ])
        );
        assert_eq!(path(&before, "/l/0/n"), None);
    }
}
