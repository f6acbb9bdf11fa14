//! Findings in plain lines, as the formats take them that hold text.

use super::{escape, view};
use crate::{Finding, Outcome, Report};
use std::fmt::Write as _;

/// The findings of an outcome in plain lines, those of one kind folded.
pub(super) fn describe_all(report: &Report, outcome: &Outcome, text: &mut String) {
    for kind in view::kinds(report, outcome) {
        for finding in &kind.shown {
            if !text.is_empty() {
                text.push('\n');
            }
            describe(report, finding, text);
        }
        if let Some(rest) = kind.rest() {
            let _ = writeln!(text, "{rest}");
        }
    }
}

/// A finding in plain lines.
fn describe(report: &Report, finding: &Finding, text: &mut String) {
    let _ = writeln!(
        text,
        "{}: {}",
        view::severity(finding.severity),
        escape::line(&finding.message)
    );
    for (label, value) in view::parts(finding) {
        let _ = writeln!(text, "  {label}: {value}");
    }
    for (exchange, curl) in view::evidence(report, finding) {
        let _ = writeln!(text, "  #{}: {}", exchange.id.0, view::answer(exchange));
        let _ = writeln!(text, "    {curl}");
    }
}
