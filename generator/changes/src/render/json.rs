//! Changes for programs.

use super::{Comparison, Located, counts};
use crate::step;
use plumbline_specs::{Pointer, Position};
use serde_json::{Map, Value, json};

/// The version of this form; it grows when a member changes its meaning or goes away.
const VERSION: u32 = 1;

pub(super) fn render(comparison: &Comparison<'_>) -> String {
    let located = comparison.located();
    let severities: Map<String, Value> = counts(comparison.changes)
        .into_iter()
        .map(|(severity, count)| (word(&severity), json!(count)))
        .collect();
    let changes: Vec<Value> = located.iter().map(|one| change(comparison, one)).collect();
    let report = json!({
        "version": VERSION,
        "old": comparison.old.name,
        "new": comparison.new.name,
        "rust": step(comparison.changes),
        "severities": severities,
        "changes": changes,
    });
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn change(comparison: &Comparison<'_>, one: &Located<'_>) -> Value {
    let change = one.change;
    let mut value = serde_json::to_value(change).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        let old = place(comparison.old.name, change.old.as_ref(), one.old);
        let new = place(comparison.new.name, change.new.as_ref(), one.new);
        members.insert("old".to_owned(), old);
        members.insert("new".to_owned(), new);
        members.insert("severity".to_owned(), json!(change.severity()));
        members.insert("meaning".to_owned(), json!(change.code.meaning()));
        members.insert("breaking".to_owned(), json!(change.is_breaking()));
    }
    value
}

fn place(file: &str, pointer: Option<&Pointer>, position: Option<Position>) -> Value {
    let Some(pointer) = pointer else {
        return Value::Null;
    };
    json!({
        "file": file,
        "pointer": pointer,
        "line": position.map(|position| position.line),
        "column": position.map(|position| position.column),
    })
}

fn word(part: &impl serde::Serialize) -> String {
    match serde_json::to_value(part) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}
