//! Suggestions as an overlay that a person goes through.

use super::{Confidence, Kind, Suggestion, Suggestions};
use crate::visible::{is_hidden, visible};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The width that comments are folded to.
const WIDTH: usize = 100;

pub(super) fn overlay(suggestions: &Suggestions) -> Result<String, String> {
    let mut out = String::from(
        "# Suggested by `plumbline suggest`. What is certain is in force. The rest is commented out:\n\
         # read the evidence, and take away the `# ` of what is right.\n",
    );
    let title = format!("Suggestions for {}", visible(suggestions.title.trim()));
    let head = json!({"overlay": "1.0.0", "info": {"title": title.trim(), "version": "1.0.0"}});
    out.push_str(&crate::to_yaml(&head)?);
    out.push_str("actions:\n");
    let mut section = None;
    for suggestion in &suggestions.list {
        if section != Some(suggestion.kind) {
            if section.is_some() {
                out.push('\n');
            }
            section = Some(suggestion.kind);
            out.push_str(&format!("  # {}\n", heading(suggestion.kind)));
        }
        one(suggestion, &mut out)?;
    }
    if suggestions.list.is_empty() {
        out.push_str("  # Nothing is suggested.\n");
    }
    Ok(out)
}

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Dialect => "What a document of 3.1 says as 3.0 does.",
        Kind::Security => "Authentication.",
        Kind::Strings => "JSON inside of string parameters.",
        Kind::Paging => "Paging.",
        Kind::Resources => "Collections.",
        Kind::Names => "Names.",
    }
}

fn one(suggestion: &Suggestion, out: &mut String) -> Result<(), String> {
    let certain = suggestion.confidence == Confidence::Certain;
    let word = suggestion.confidence.word();
    // Without an action nothing below names the operation.
    let named = suggestion
        .operation
        .as_deref()
        .filter(|_| suggestion.actions.is_empty());
    let told = named.map_or(word.to_owned(), |operation| format!("{word}, {operation}"));
    if suggestion.evidence.is_empty() {
        comment(&told, &suggestion.doubts, out);
    } else {
        comment(&told, &suggestion.evidence, out);
        if !suggestion.doubts.is_empty() {
            comment("but", &suggestion.doubts, out);
        }
    }
    for action in &suggestion.actions {
        let text = yaml(action)?;
        for line in text.lines() {
            out.push_str("  ");
            if !certain {
                out.push_str("# ");
            }
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(())
}

/// An action as an item of a list. One that names what is hidden is written as JSON, where every
/// such character is an escape: a person is to see what the overlay does.
fn yaml(action: &Value) -> Result<String, String> {
    let text = crate::to_yaml(&Value::Array(vec![action.clone()]))?;
    if !text.contains(|c| is_hidden(c) && c != '\n') {
        return Ok(text);
    }
    let mut out = String::from("- ");
    for c in action.to_string().chars() {
        if is_hidden(c) {
            // None of them is beyond the basic plane.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    Ok(out)
}

/// Sentences as a comment on as many lines as they need.
fn comment(word: &str, sentences: &[String], out: &mut String) {
    // A document's names may hold what YAML forbids even in comments, or what nobody sees.
    let text: String = format!("{word}: {}.", sentences.join("; "))
        .chars()
        .map(|c| match c {
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c if c.is_whitespace() && !matches!(c, '\u{2028}' | '\u{2029}') => ' ',
            c => c,
        })
        .collect();
    let text = visible(&text);
    let mut line = String::from("  #");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 4 {
            out.push_str(&line);
            out.push('\n');
            line = String::from("  #  ");
        }
        line.push(' ');
        line.push_str(word);
    }
    out.push_str(&line);
    out.push('\n');
}
