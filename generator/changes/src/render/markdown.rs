//! Changes for a pull request.

use super::{Comparison, Located, grouped, headline, operations, place};
use crate::change::{Change, Effect, Severity, Step};
use plumbline_generator::escape::{markdown as plain, markdown_code as code};
use plumbline_specs::visible;

/// How many Rust items are named for one change.
const MAX_ITEMS: usize = 6;

pub(super) fn render(comparison: &Comparison<'_>) -> String {
    let located = comparison.located();
    let mut lines = vec![plain(&headline(comparison))];
    for severity in Severity::ALL {
        let groups = grouped(&located, severity);
        if groups.is_empty() {
            continue;
        }
        let count: usize = groups.iter().map(|(_, group)| group.len()).sum();
        // What breaks nothing is there to be looked up, not to be read.
        let folded = severity >= Severity::Compatible;
        lines.push(String::new());
        if folded {
            lines.push(format!(
                "<details><summary>{} ({count})</summary>",
                severity.title()
            ));
        } else {
            lines.push(format!("## {} ({count})", severity.title()));
        }
        for (heading, group) in groups {
            lines.push(String::new());
            lines.push(format!("### {}", plain(heading)));
            lines.push(String::new());
            for one in group {
                change(comparison, &one, &mut lines);
            }
        }
        if folded {
            lines.push(String::new());
            lines.push("</details>".to_owned());
        }
    }
    lines.push(String::new());
    let shown: Vec<_> = lines.iter().map(|line| visible(line)).collect();
    shown.join("\n")
}

fn change(comparison: &Comparison<'_>, one: &Located<'_>, lines: &mut Vec<String>) {
    let change = one.change;
    let step = match (&change.before, &change.after) {
        (Some(old_text), Some(new_text)) => format!(": {} → {}", code(old_text), code(new_text)),
        (Some(old_text), None) => format!(": was {}", code(old_text)),
        (None, Some(new_text)) => format!(": is {}", code(new_text)),
        (None, None) => String::new(),
    };
    let way = change
        .direction
        .map(|direction| format!(", {direction}"))
        .unwrap_or_default();
    lines.push(format!(
        "- **{}** {}{step}{way} (`{}`, {})",
        code(&change.subject),
        change.code.meaning(),
        change.code,
        whereabouts(comparison, one),
    ));
    if let Some(names) = operations(change) {
        lines.push(format!("  - in {}", plain(&names)));
    }
    if let Some(why) = &change.guess {
        lines.push(format!("  - a guess: {}", plain(why)));
    }
    verdicts(change, lines);
}

fn verdicts(change: &Change, lines: &mut Vec<String>) {
    for (who, verdict) in [("clients", &change.client), ("servers", &change.server)] {
        if verdict.effect != Effect::Safe {
            lines.push(format!(
                "  - {who}: **{}**, {}",
                verdict.effect, verdict.reason
            ));
        }
    }
    if change.rust.step != Step::None {
        let step = change.rust.step;
        lines.push(format!("  - Rust: **{step}**, {}", change.rust.reason));
        for item in change.rust.items.iter().take(MAX_ITEMS) {
            lines.push(format!("    - {item}"));
        }
        if let Some(more @ 1..) = change.rust.items.len().checked_sub(MAX_ITEMS) {
            lines.push(format!("    - and {more} more"));
        }
    }
}

fn whereabouts(comparison: &Comparison<'_>, one: &Located<'_>) -> String {
    if one.change.new.is_some() {
        code(&place(comparison.new.name, one.new))
    } else {
        code(&place(comparison.old.name, one.old))
    }
}
