//! Changes for a terminal.

use super::{Comparison, Located, RenderedChange, grouped, headline, operations, place, step_of};
use crate::change::Severity;
use plumbline_specs::visible;

/// How many Rust items are named for one change.
const MAX_ITEMS: usize = 6;

pub(super) fn render(comparison: &Comparison<'_>) -> String {
    let located = comparison.located();
    let mut lines = vec![headline(comparison)];
    for severity in Severity::ALL {
        let groups = grouped(&located, severity);
        if groups.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(severity.title().to_owned());
        for (heading, group) in groups {
            lines.push(String::new());
            lines.push(format!("  {heading}"));
            for one in group {
                change(comparison, &one, &mut lines);
            }
        }
    }
    lines.push(String::new());
    let shown: Vec<_> = lines.iter().map(|line| visible(line)).collect();
    shown.join("\n")
}

/// Each change by itself.
pub(super) fn rendered<'a>(comparison: &'a Comparison<'_>) -> Vec<RenderedChange<'a>> {
    let located = comparison.located();
    let mut all = Vec::new();
    for severity in Severity::ALL {
        for (heading, group) in grouped(&located, severity) {
            for one in group {
                let mut lines = Vec::new();
                change(comparison, &one, &mut lines);
                all.push(RenderedChange {
                    severity,
                    heading: visible(heading),
                    change: one.change,
                    lines: lines
                        .iter()
                        .map(|line| visible(&line.replacen("    ", "", 1)).into_owned())
                        .collect(),
                });
            }
        }
    }
    all
}

fn change(comparison: &Comparison<'_>, one: &Located<'_>, lines: &mut Vec<String>) {
    let change = one.change;
    lines.push(format!(
        "    {}: {} [{}]",
        change.subject,
        change.code.meaning(),
        change.code
    ));
    let mut about: Vec<String> = step_of(change).into_iter().collect();
    about.extend(change.direction.map(|direction| direction.to_string()));
    if !about.is_empty() {
        lines.push(format!("      {}", about.join(", ")));
    }
    if let Some(names) = operations(change) {
        lines.push(format!("      in {names}"));
    }
    if let Some(why) = &change.guess {
        lines.push(format!("      a guess: {why}"));
    }
    let old = change
        .old
        .is_some()
        .then(|| place(comparison.old.name, one.old));
    let new = change
        .new
        .is_some()
        .then(|| place(comparison.new.name, one.new));
    let places: Vec<String> = [old, new].into_iter().flatten().collect();
    if !places.is_empty() {
        lines.push(format!("      at {}", places.join(" → ")));
    }
    let (client, server, rust) = (&change.client, &change.server, &change.rust);
    lines.push(format!(
        "      clients: {}, {}",
        client.effect, client.reason
    ));
    lines.push(format!(
        "      servers: {}, {}",
        server.effect, server.reason
    ));
    lines.push(format!("      Rust: {}, {}", rust.step, rust.reason));
    for item in rust.items.iter().take(MAX_ITEMS) {
        lines.push(format!("        {item}"));
    }
    if let Some(more @ 1..) = rust.items.len().checked_sub(MAX_ITEMS) {
        lines.push(format!("        and {more} more"));
    }
}
