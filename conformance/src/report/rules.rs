//! The tables of rules, as Markdown for the README and as an explanation of one of them.

use super::escape::markdown;
use crate::{Family, Rules};
use plumbline_specs::text::distance;
use std::fmt::Write as _;

/// Writes one table for each family: id, promise, source. Same rules, same text.
pub fn rules_markdown(rules: &Rules) -> String {
    let mut out = String::new();
    for (family, title) in [
        (Family::Check, "Checks"),
        (Family::Law, "Laws of pagination"),
        (Family::Fixture, "Fixtures"),
        (Family::Traffic, "Recorded requests"),
    ] {
        let mut rows = rules.iter().filter(|rule| rule.family == family).peekable();
        if rows.peek().is_none() {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "**{title}**\n");
        out.push_str("| id | the promise | where it comes from |\n|---|---|---|\n");
        for rule in rows {
            let _ = writeln!(
                out,
                "| `{}` | {} | {} |",
                rule.id,
                markdown(rule.promise),
                markdown(rule.source)
            );
        }
    }
    out
}

/// Explains one rule: its promise, an example that breaks it, and its source.
///
/// # Errors
///
/// A sentence that names the ids that come closest, when there is no such rule.
pub fn explain(rules: &Rules, id: &str) -> Result<String, String> {
    let Some(rule) = rules.find(id) else {
        return Err(unknown(rules, id));
    };
    let family = match rule.family {
        Family::Check => "check",
        Family::Law => "law of pagination",
        Family::Fixture => "fixture rule",
        Family::Traffic => "rule of recorded requests",
    };
    let mut out = format!("{id} ({family})\n\n");
    for (title, text) in [
        ("Promise", rule.promise),
        ("Broken by", rule.example),
        ("Source", rule.source),
    ] {
        let wrapped = textwrap::fill(
            text,
            textwrap::Options::new(88)
                .initial_indent("  ")
                .subsequent_indent("  "),
        );
        let _ = writeln!(out, "{title}\n{wrapped}\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    Ok(out)
}

fn unknown(rules: &Rules, id: &str) -> String {
    let mut near: Vec<(usize, &str)> = rules
        .iter()
        .map(|rule| (distance(id, rule.id), rule.id))
        .filter(|(distance, own)| *distance <= 3 || own.contains(id))
        .collect();
    near.sort_unstable();
    let names: Vec<String> = near
        .iter()
        .take(3)
        .map(|(_, id)| format!("`{id}`"))
        .collect();
    if names.is_empty() {
        format!("there is no rule `{id}`")
    } else {
        format!(
            "there is no rule `{id}`; did you mean {}?",
            names.join(" or ")
        )
    }
}
