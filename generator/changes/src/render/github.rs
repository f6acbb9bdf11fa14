//! Changes as workflow commands, one a line, that GitHub shows beside the line they speak of.

use super::{Comparison, Located, step_of};
use crate::change::{Change, Severity};
use plumbline_generator::escape::{github, github_property};
use std::fmt::Write;

pub(super) fn render(comparison: &Comparison<'_>) -> String {
    let mut text = String::new();
    let mut located = comparison.located();
    // GitHub shows the first few of a run alone.
    located.sort_by_key(|one| one.change.severity());
    for one in &located {
        line(comparison, one, &mut text);
    }
    text
}

fn line(comparison: &Comparison<'_>, one: &Located<'_>, text: &mut String) {
    let change = one.change;
    let command = match change.severity() {
        Severity::Client | Severity::Rust => "error",
        Severity::Server | Severity::Risk => "warning",
        Severity::Compatible | Severity::Prose => "notice",
    };
    let (file, position) = if change.new.is_some() {
        (comparison.new.name, one.new)
    } else {
        (comparison.old.name, one.old)
    };
    let _ = write!(text, "::{command} file={}", github_property(file));
    if let Some(position) = position {
        let _ = write!(text, ",line={},col={}", position.line, position.column);
    }
    let _ = writeln!(
        text,
        ",title={}::{}",
        github_property(change.code.as_str()),
        github(&message(change))
    );
}

fn message(change: &Change) -> String {
    let step = step_of(change)
        .map(|step| format!(" ({step})"))
        .unwrap_or_default();
    format!(
        "{}: {}{step}. Clients: {}, {}. Servers: {}, {}. Rust: {}, {}.",
        change.subject,
        change.code.meaning(),
        change.client.effect,
        change.client.reason,
        change.server.effect,
        change.server.reason,
        change.rust.step,
        change.rust.reason,
    )
}
