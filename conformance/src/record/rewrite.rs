//! Values replaced by the variables that stand for them, in every part of an exchange.

use super::capture::plain;
use super::redact::LONG;
use crate::contract::encoded;
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;
use std::collections::HashMap;

/// A value and the variable that stands for it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) value: String,
    pub(super) name: String,
}

/// The values that are known at one point of a recording.
#[derive(Clone, Debug, Default)]
pub(super) struct Rewrite {
    known: Vec<Known>,
    /// The place of each value.
    by_value: HashMap<String, usize>,
    /// Those that are replaced wherever they stand, as they are and percent-encoded.
    as_is: Long,
    encoded: Long,
}

/// How values are spelled in a text.
#[derive(Clone, Copy)]
enum Spelling {
    AsIs,
    Encoded,
}

/// The long values in one spelling.
#[derive(Clone, Debug, Default)]
struct Long {
    automaton: Option<AhoCorasick>,
    /// The place of the value of each pattern.
    places: Vec<usize>,
}

impl Long {
    fn new(known: &[Known], spell: impl Fn(&str) -> String) -> Self {
        let long = known.iter().enumerate();
        let long = long.filter(|(_, known)| known.value.len() >= LONG);
        let (places, texts): (Vec<usize>, Vec<String>) = long
            .map(|(place, known)| (place, spell(&known.value)))
            .unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(texts)
            // It is too large for none but values of many megabytes.
            .ok()
            .filter(|_| !places.is_empty());
        Self { automaton, places }
    }

    fn is_in(&self, text: &str) -> bool {
        let automaton = self.automaton.as_ref();
        automaton.is_some_and(|automaton| automaton.is_match(text))
    }
}

impl Rewrite {
    pub(super) fn new(mut known: Vec<Known>) -> Self {
        // The longest first: one value may hold another.
        known.sort_by_key(|known| std::cmp::Reverse(known.value.len()));
        let mut by_value = HashMap::new();
        for (place, own) in known.iter().enumerate() {
            by_value.entry(own.value.clone()).or_insert(place);
        }
        Self {
            as_is: Long::new(&known, str::to_owned),
            encoded: Long::new(&known, encoded),
            by_value,
            known,
        }
    }

    /// Whether a number is a known value, which will be another one in a replay.
    pub(super) fn knows(&self, value: &Value) -> bool {
        value.is_number() && self.whole(&value.to_string()).is_some()
    }

    fn whole(&self, text: &str) -> Option<String> {
        let known = self.known.get(*self.by_value.get(text)?)?;
        Some(format!("${{{}}}", known.name))
    }

    /// A text: long values wherever they stand, short ones where they are the whole of it.
    pub(super) fn text(&self, text: &str) -> String {
        self.whole(text)
            .unwrap_or_else(|| self.parts(text, Spelling::AsIs, str::to_owned))
    }

    /// A segment of a path, or a value of a query or a form: percent-encoded, in whichever way.
    fn encoded(&self, text: &str) -> String {
        let plain = plain(text);
        if let Some(whole) = self.whole(&plain) {
            return whole;
        }
        // What stands beside a value keeps its spelling where the value has the usual one.
        let as_is = self.parts(text, Spelling::Encoded, str::to_owned);
        let left = super::capture::plain(&as_is);
        if self.as_is.is_in(&left) {
            self.parts(&plain, Spelling::AsIs, encoded)
        } else {
            as_is
        }
    }

    /// The body of a form.
    pub(super) fn form(&self, body: &str) -> String {
        body.split('&')
            .map(|field| match field.split_once('=') {
                Some((name, value)) => format!("{}={}", escaped(name), self.encoded(value)),
                None => escaped(field),
            })
            .collect::<Vec<_>>()
            .join("&")
    }

    pub(super) fn path(&self, path: &str) -> String {
        path.split('/')
            .map(|segment| self.encoded(segment))
            .collect::<Vec<_>>()
            .join("/")
    }

    pub(super) fn query(&self, query: &[(String, String)]) -> Vec<(String, String)> {
        query
            .iter()
            .map(|(name, value)| (escaped(name), self.encoded(value)))
            .collect()
    }

    /// Long values within a text, in which they stand in a spelling; `write` writes what is between.
    fn parts(&self, text: &str, spelling: Spelling, write: impl Fn(&str) -> String) -> String {
        let long = match spelling {
            Spelling::AsIs => &self.as_is,
            Spelling::Encoded => &self.encoded,
        };
        let mut out = String::new();
        let mut done = 0;
        let found = long.automaton.iter();
        for own in found.flat_map(|automaton| automaton.find_iter(text)) {
            let place = long.places.get(own.pattern().as_usize());
            let Some(known) = place.and_then(|place| self.known.get(*place)) else {
                continue;
            };
            let before = text.get(done..own.start()).unwrap_or_default();
            out.push_str(&escaped(&write(before)));
            out.push_str(&format!("${{{}}}", known.name));
            done = own.end();
        }
        out.push_str(&escaped(&write(text.get(done..).unwrap_or_default())));
        out
    }

    /// The texts of a JSON value; numbers stay.
    pub(super) fn json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, member)| (key.clone(), self.json(member)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    /// A JSON value in which a number is a known value, as a JSON text with variables; `None`
    /// where there is no such number. `is_id` says of a member's name whether its number counts.
    pub(super) fn json_text(&self, value: &Value, is_id: impl Fn(&str) -> bool) -> Option<String> {
        let mut found = false;
        let marked = self.marked(value, "", &is_id, &mut found);
        found.then(|| {
            let mut text = marked.to_string();
            for known in &self.known {
                text = text.replace(&mark(&known.name), &format!("${{{}}}", known.name));
            }
            text
        })
    }

    fn marked(
        &self,
        value: &Value,
        key: &str,
        is_id: &impl Fn(&str) -> bool,
        found: &mut bool,
    ) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Number(number) if is_id(key) => {
                let text = number.to_string();
                match self
                    .by_value
                    .get(&text)
                    .and_then(|own| self.known.get(*own))
                {
                    Some(known) => {
                        *found = true;
                        let mark = mark(&known.name);
                        Value::from(mark.trim_matches('"'))
                    }
                    None => value.clone(),
                }
            }
            Value::Array(items) => items
                .iter()
                .map(|item| self.marked(item, key, is_id, found))
                .collect(),
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, member)| (key.clone(), self.marked(member, key, is_id, found)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }
}

/// What stands in a JSON text for a number that is to become a variable.
fn mark(name: &str) -> String {
    format!("\"@plumbline-number-{name}@\"")
}

/// Dollar signs as a fixture writes them where they would name a variable.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        if letter == '$' && matches!(letters.peek(), Some('$' | '{')) {
            out.push('$');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Known, Rewrite, escaped};
    use serde_json::json;

    fn rewrite() -> Rewrite {
        let known = |value: &str, name: &str| Known {
            value: value.to_owned(),
            name: name.to_owned(),
        };
        Rewrite::new(vec![
            known("7", "thing_id"),
            known("id/with space", "path_id"),
            known("0190b2a0-1111", "uuid"),
        ])
    }

    #[test]
    fn values_become_variables() {
        let rewrite = rewrite();
        assert_eq!(
            rewrite.path("/a/7/77/id%2Fwith%20space/0190b2a0-1111:cancel"),
            "/a/${thing_id}/77/${path_id}/${uuid}:cancel"
        );
        assert_eq!(
            rewrite.json(&json!({"7": ["7", 7, "17", "at 0190b2a0-1111, $5 ${x}"]})),
            json!({"7": ["${thing_id}", 7, "17", "at ${uuid}, $5 $${x}"]})
        );
        assert_eq!(
            rewrite.json_text(&json!({"id": 7, "n": 7}), |key| key == "id"),
            Some(r#"{"id":${thing_id},"n":7}"#.to_owned())
        );
        assert_eq!(rewrite.json_text(&json!({"id": 8}), |_| true), None);
    }

    #[test]
    fn forms_hold_values_in_any_spelling() {
        assert_eq!(
            rewrite().form("a=7&b=id%2fwith+space&c=x+id/with%20space!&d&e=$%7bx"),
            "a=${thing_id}&b=${path_id}&c=x%20${path_id}%21&d&e=$%7bx"
        );
    }

    #[test]
    fn dollar_signs_stay_what_they_are() {
        assert_eq!(escaped("$ $a $$b ${c}"), "$ $a $$$b $${c}");
    }
}
