//! Documents as text, in one form, so that a change of a document is a change of few lines.
//!
//! Members keep their order, lists are indented, long sentences are folded; what would be read
//! as something else than a string is quoted.

use crate::source::scalar;
use serde_json::Value;
use std::fmt::Write as _;

/// The width that sentences are folded to.
const WIDTH: usize = 100;

/// How far each level is indented.
const INDENT: usize = 2;

/// Writes a value as YAML, its members in their order; [`crate::value`] reads the same back.
///
/// # Errors
///
/// What the writer says of a scalar.
pub fn to_yaml(value: &Value) -> Result<String, String> {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => node(value, 0, &mut out)?,
        Value::Array(items) if !items.is_empty() => node(value, 0, &mut out)?,
        _ => {
            out.push_str(&leaf(value, 0, 0)?);
            out.push('\n');
        }
    }
    Ok(out)
}

/// A list or a map with members, from the start of a line that is already indented.
fn node(value: &Value, depth: usize, out: &mut String) -> Result<(), String> {
    let mut first = true;
    let mut begin = |out: &mut String| {
        if !std::mem::take(&mut first) {
            out.push_str(&" ".repeat(depth * INDENT));
        }
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                begin(out);
                let key = key_text(key)?;
                out.push_str(&key);
                out.push(':');
                let column = depth * INDENT + key.chars().count() + 2;
                member(value, depth + 1, column, out)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                begin(out);
                out.push('-');
                if compound(item) {
                    out.push(' ');
                    node(item, depth + 1, out)?;
                } else {
                    member(item, depth + 1, depth * INDENT + 2, out)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A key, always on one line.
fn key_text(key: &str) -> Result<String, String> {
    let value = Value::String(key.to_owned());
    if key.chars().any(char::is_control) {
        return Ok(value.to_string());
    }
    scalar(&value)
}

/// What follows `key:` or the dash of a scalar.
fn member(value: &Value, depth: usize, column: usize, out: &mut String) -> Result<(), String> {
    if compound(value) {
        out.push('\n');
        out.push_str(&" ".repeat(depth * INDENT));
        return node(value, depth, out);
    }
    out.push(' ');
    out.push_str(&leaf(value, depth, column)?);
    out.push('\n');
    Ok(())
}

fn compound(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// A value without members, beginning at a column.
fn leaf(value: &Value, depth: usize, column: usize) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text,
        Value::Object(_) => return Ok("{}".to_owned()),
        Value::Array(_) => return Ok("[]".to_owned()),
        Value::Null | Value::Bool(_) | Value::Number(_) => return Ok(value.to_string()),
    };
    let indent = depth.max(1) * INDENT;
    // What a block cannot hold as it is: control characters, and spaces that it would lose.
    let plain = !text.chars().any(|c| c.is_control() && c != '\n');
    let edges = text.starts_with([' ', '\n']) || text.ends_with(' ') || text.contains(" \n");
    if text.contains('\n') {
        return Ok(if plain && !edges {
            literal(text, indent)
        } else {
            Value::String(text.clone()).to_string()
        });
    }
    let short = scalar(value)?;
    if column + short.chars().count() <= WIDTH || !plain || edges || text.contains("  ") {
        return Ok(if versionlike(text) && short == *text {
            format!("'{text}'")
        } else {
            short
        });
    }
    Ok(folded(text, indent).unwrap_or(short))
}

/// `1.0.0`, which is a string, but looks like a number to a person.
fn versionlike(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|part| {
            !part.is_empty() && part.chars().all(|character| character.is_ascii_digit())
        })
}

/// Lines as they are.
fn literal(text: &str, indent: usize) -> String {
    let body = text.trim_end_matches('\n');
    let mark = match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let mut out = mark.to_owned();
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            let _ = write!(out, "{:indent$}{line}", "");
        }
    }
    out
}

/// A sentence below its key, over as many lines as it takes; nothing where it has no place to
/// break.
fn folded(text: &str, indent: usize) -> Option<String> {
    if !text.contains(' ') {
        return None;
    }
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if indent + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let mut out = ">-".to_owned();
    for line in lines {
        let _ = write!(out, "\n{:indent$}{line}", "");
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::to_yaml;
    use crate::Input;
    use serde_json::{Value, json};

    #[test]
    fn a_document_in_the_one_form() {
        let long = "A sentence that is longer than a line may be, so that it is folded where a \
                    word ends and goes on below.";
        let value = json!({
            "openapi": "3.1.0",
            "info": {"description": long, "empty": {}},
            "tags": [{"name": "a", "list": [[1, 2.0], []]}, "yes", null],
            "'200'": "200",
            "text": "one\n  two\n",
        });
        let expected = "\
openapi: '3.1.0'
info:
  description: >-
    A sentence that is longer than a line may be, so that it is folded where a word ends and goes on
    below.
  empty: {}
tags:
  - name: a
    list:
      - - 1
        - 2.0
      - []
  - yes
  - null
'''200''': '200'
text: |
  one
    two
";
        assert_eq!(to_yaml(&value), Ok(expected.to_owned()));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let texts = [
            "",
            " ",
            "a: b",
            "- a",
            "#",
            "true",
            "1e3",
            "0x10",
            "~",
            "=",
            "a #b",
            "tab\there",
            "\u{7}",
            "one\ntwo",
            "\nfirst",
            "trailing \nspace",
            "last\n\n",
            "  indented\nline",
            "é ü 漢",
            "{a}",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "'a'",
            "\"a\"",
            "?",
            "? a",
            ":",
            "---",
            "...",
            "<<",
            "\u{feff}a",
            "2026-07-24",
        ];
        let long: String = "word ".repeat(60);
        for text in texts.into_iter().chain([long.trim(), long.as_str()]) {
            let value = json!({"a": {text: [text, {"b": text}]}});
            let written = to_yaml(&value).unwrap_or_default();
            let input = Input {
                name: "written",
                bytes: written.as_bytes(),
            };
            let read: Option<Value> = crate::value(input).ok();
            assert_eq!(read.as_ref(), Some(&value), "{text:?}:\n{written}");
        }
    }
}
