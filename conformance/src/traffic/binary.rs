//! Bytes in YAML: what has the tag `!!binary` is base64, and a reader of values does not see tags.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_specs::{Input, Pointer, Position};
use serde_json::Value;

/// The tag as it is written: short, and in full.
const TAGS: [&str; 2] = ["!!binary", "!<tag:yaml.org,2002:binary>"];

/// The member in which cassettes say that a body is base64.
const BASE64: &str = "base64_string";

/// Decodes every text that has the tag. One that is no text when it is decoded, and so a body, is
/// said to be base64 as cassettes say it.
pub(super) fn decode(value: &mut Value, input: Input<'_>) {
    let Ok(text) = std::str::from_utf8(input.bytes) else {
        return;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !TAGS.iter().any(|tag| text.contains(tag)) {
        return;
    }
    let mut pointers = Vec::new();
    texts(value, &Pointer::root(), &mut pointers);
    let lines: Vec<&str> = text.split('\n').collect();
    let positions = plumbline_specs::positions(input, &pointers);
    for (pointer, position) in pointers.iter().zip(positions) {
        if position.is_some_and(|at| is_tagged(&lines, at, pointer)) {
            replace(value, pointer);
        }
    }
}

fn texts(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::String(_) => found.push(at.clone()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &at.index(index), found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                texts(member, &at.join(key), found);
            }
        }
        _ => {}
    }
}

/// Whether the tag stands at a scalar, or an alias leads to one at which it stands. The place of a
/// member is that of its key.
fn is_tagged(lines: &[&str], at: Position, pointer: &Pointer) -> bool {
    let Some(index) = at.line.checked_sub(1) else {
        return false;
    };
    let line = lines.get(index).copied().unwrap_or_default();
    let place = line.char_indices().nth(at.column.saturating_sub(1));
    let place = place.map_or(line.len(), |(place, _)| place);
    let (before, from) = line.split_at_checked(place).unwrap_or((line, ""));
    let key = pointer.tokens().last().unwrap_or_default();
    let keys = [
        format!("{key}:"),
        format!("\"{key}\":"),
        format!("'{key}':"),
    ];
    let value = keys.iter().find_map(|key| from.strip_prefix(key.as_str()));
    let mut ahead = value.unwrap_or(from).trim_start();
    if value.is_some() && ahead.is_empty() {
        ahead = lines.get(index + 1).map_or("", |next| next.trim_start());
    }
    if let Some(alias) = ahead.strip_prefix('*') {
        let name: String = alias
            .chars()
            .take_while(|letter| !letter.is_whitespace() && !matches!(letter, ',' | ']' | '}'))
            .collect();
        let anchor = format!("&{name}");
        let mut known = lines.get(..=index).unwrap_or_default().iter().rev();
        return known.any(|line| {
            let mut words = line.split_whitespace();
            words.any(|word| word == anchor) && line.split_whitespace().any(is_tag)
        });
    }
    // The tag and an anchor come in either order.
    let is_anchor = |word: &&str| word.starts_with('&');
    if ahead
        .split_whitespace()
        .find(|word| !is_anchor(word))
        .is_some_and(is_tag)
    {
        return true;
    }
    let mut behind = before.split_whitespace().rev();
    value.is_none() && behind.find(|word| !is_anchor(word)).is_some_and(is_tag)
}

fn is_tag(word: &str) -> bool {
    TAGS.contains(&word)
}

fn replace(value: &mut Value, pointer: &Pointer) {
    let Some(Value::String(coded)) = value.pointer(pointer.as_str()) else {
        return;
    };
    let bare: String = coded.split_whitespace().collect();
    let Ok(bytes) = STANDARD.decode(&bare) else {
        return;
    };
    let is_member = |name: &str| pointer.as_str().ends_with(&format!("/{name}"));
    let after = match String::from_utf8(bytes) {
        Ok(text) => Value::String(text),
        Err(_) if is_member("body") => serde_json::json!({BASE64: bare}),
        Err(_) if is_member("string") => {
            let above = pointer
                .as_str()
                .rsplit_once('/')
                .map_or("", |(above, _)| above);
            if let Some(Value::Object(body)) = value.pointer_mut(above) {
                body.insert(BASE64.to_owned(), Value::String(bare));
            }
            return;
        }
        Err(_) => return,
    };
    if let Some(own) = value.pointer_mut(pointer.as_str()) {
        *own = after;
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use plumbline_specs::Input;
    use serde_json::json;

    #[test]
    fn what_has_the_tag_is_decoded() {
        let bytes = b"\
plain: YWJj
short: !!binary YWJj
quoted: !!binary 'YWJj'
full: !<tag:yaml.org,2002:binary> YWJj
block: !!binary |
  YW
  Jj
folded: &one !!binary >-
  YWJj
below: !!binary
  YWJj
anchored: !!binary &two YWJj
again: *one
also: [ *two, !!binary YWJj , YWJj]
flow: {a: !!binary YWJj, b: YWJj}
next:
  !!binary YWJj
list:
- !!binary YWJj
- YWJj
none: !!binary '?'
body: !!binary /w==
wrapped: {string: !!binary /w==, other: !!binary /w==}
";
        let mut value = crate::input::value(bytes, "x").unwrap();
        decode(&mut value, Input { name: "x", bytes });
        assert_eq!(
            value,
            json!({
                "plain": "YWJj",
                "short": "abc",
                "quoted": "abc",
                "full": "abc",
                "block": "abc",
                "folded": "abc",
                "below": "abc",
                "anchored": "abc",
                "again": "abc",
                "also": ["abc", "abc", "YWJj"],
                "flow": {"a": "abc", "b": "YWJj"},
                "next": "abc",
                "list": ["abc", "YWJj"],
                "none": "?",
                "body": {"base64_string": "/w=="},
                "wrapped": {"string": "/w==", "base64_string": "/w==", "other": "/w=="},
            })
        );
    }
}
