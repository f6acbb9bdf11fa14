//! Short sentences on what a type cannot say: defaults, bounds, values, lengths.

use crate::escape::code;
use plumbline_specs::api::{Bounds, Kind, Schema};
use serde_json::{Number, Value};

/// The longest value that is shown.
const LONGEST: usize = 40;

/// What is worth saying of a schema beside its type; of its default where that is wanted.
pub(super) fn notes(schema: &Schema, target: &Schema, with_default: bool) -> Vec<String> {
    let mut all = Vec::new();
    match &target.kind {
        Kind::Integer { bounds, values, .. } | Kind::Number { bounds, values, .. } => {
            match values {
                Some(values) => all.push(one_of(values.iter().map(Number::to_string))),
                None => all.extend(range(bounds)),
            }
        }
        Kind::Boolean {
            values: Some(values),
        } if values.len() == 1 => all.push(one_of(values.iter().map(bool::to_string))),
        Kind::Mixed { values } => all.push(one_of(values.iter().map(Value::to_string))),
        Kind::String {
            min_length,
            max_length,
            ..
        } => all.extend(length(*min_length, *max_length, "characters")),
        Kind::Array {
            min_items,
            max_items,
            ..
        } => all.extend(length(*min_items, *max_items, "items")),
        Kind::Null => all.push("Always null.".to_owned()),
        _ => {}
    }
    let default = schema.default.as_ref().or(target.default.as_ref());
    if let Some(default) = default.filter(|_| with_default).and_then(display) {
        all.push(format!("Default: {default}."));
    }
    all
}

fn display(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) if text.contains('`') => return None,
        other => code(&other.to_string()),
    };
    (text.chars().count() <= LONGEST).then_some(text)
}

fn one_of(values: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = values.collect();
    if all.len() > 12 {
        all.truncate(11);
        all.push("…".to_owned());
    }
    let quoted = |value: &String| {
        if value.starts_with(['"', '[', '{']) {
            code(value)
        } else {
            value.clone()
        }
    };
    match all.as_slice() {
        [only] => format!("Always {}.", quoted(only)),
        many => format!(
            "One of {}.",
            many.iter().map(quoted).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn range(bounds: &Bounds) -> Option<String> {
    let from = bounds.minimum.as_ref().map(|least| {
        if bounds.exclusive_minimum {
            format!("more than {least}")
        } else {
            format!("from {least}")
        }
    });
    let to = bounds.maximum.as_ref().map(|most| {
        if bounds.exclusive_maximum {
            format!("less than {most}")
        } else {
            format!("to {most}")
        }
    });
    let text = match (from, to) {
        (None, None) => return None,
        (Some(from), Some(to)) => format!("{from} {to}"),
        (Some(one), None) | (None, Some(one)) => one,
    };
    Some(sentence(&text))
}

fn length(least: Option<u64>, most: Option<u64>, what: &str) -> Option<String> {
    // That something is not empty goes without saying.
    let least = least.filter(|least| *least > 1);
    Some(match (least, most) {
        (None, None) => return None,
        (Some(least), None) => format!("At least {least} {what}."),
        (None, Some(most)) => format!("At most {most} {what}."),
        (Some(least), Some(most)) => format!("{least} to {most} {what}."),
    })
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}
