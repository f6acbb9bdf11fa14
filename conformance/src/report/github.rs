//! The report for GitHub: annotations for the log, and Markdown for the step's summary.

use super::escape::{self, code, html, markdown};
use super::plain::describe_all;
use super::view;
use crate::{Outcome, Report, Rules, Verdict};
use std::fmt::Write as _;

/// How many annotations of one kind GitHub shows for a step.
const SHOWN: usize = 10;

/// How long a summary may get; GitHub refuses more than 1 MiB.
const SUMMARY: usize = 900 * 1024;

/// Writes workflow commands, one line each: `::error` for a broken rule, `::warning` for a
/// warning. GitHub shows ten of each kind; a last one says how many more there are.
pub fn annotations(report: &Report) -> String {
    let mut out = String::new();
    if let Some(why) = &report.incomplete {
        command_line(
            &mut out,
            "error",
            "the run is incomplete",
            &escape::line(why),
        );
    } else if !report.is_judged() {
        // Without a failed rule nothing else would say why the step is red.
        command_line(&mut out, "error", "plumbline", &view::conclusion(report));
    }
    if !report.outdated.is_empty() {
        command_line(&mut out, "error", "plumbline", &view::outdated(report));
    }
    for (command, verdict) in [("error", Verdict::Failed), ("warning", Verdict::Warned)] {
        let outcomes: Vec<&Outcome> = report
            .outcomes
            .iter()
            .filter(|outcome| outcome.verdict == verdict)
            .collect();
        let many = outcomes.len() > SHOWN;
        let written = if many { SHOWN - 1 } else { outcomes.len() };
        for outcome in outcomes.iter().take(written) {
            let title = format!("{} at {}", view::name(outcome), outcome.operation);
            let mut text = String::new();
            describe_all(report, outcome, &mut text);
            command_line(&mut out, command, &title, text.trim_end());
        }
        if many {
            let more = outcomes.len() - written;
            let text = format!("{more} more; the step's summary lists them all");
            command_line(&mut out, command, "plumbline", &text);
        }
    }
    for (operation, which, why) in view::remaining(report) {
        let title = format!("created by {operation} and not deleted");
        command_line(&mut out, "notice", &title, &format!("{which}: {why}"));
    }
    out
}

/// A workflow command, with what would end or split it written as GitHub wants it.
fn command_line(out: &mut String, command: &str, title: &str, text: &str) {
    let (title, text) = (escape::property(title), escape::command(text));
    let _ = writeln!(out, "::{command} title={title}::{text}");
}

/// Writes the summary in Markdown: the verdict, a table of operations, and each finding folded.
pub fn summary(report: &Report, rules: &Rules) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## {}\n", markdown(&report.title));
    let _ = writeln!(out, "{}\n", markdown(&view::conclusion(report)));
    for (label, value) in view::facts(report) {
        let _ = writeln!(out, "- {label}: {}", code(&value));
    }
    for note in view::notes(report) {
        let _ = writeln!(out, "- Cannot be used: {}", markdown(&note));
    }
    out.push('\n');
    let groups = view::groups(report);
    if !groups.is_empty() {
        out.push_str("| operation | passed | warned | failed | skipped | known |\n");
        out.push_str("|---|--:|--:|--:|--:|--:|\n");
        for group in &groups {
            let totals = group.totals;
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                code(group.operation),
                totals.passed,
                totals.warned,
                totals.failed,
                totals.skipped,
                totals.known
            );
        }
        out.push('\n');
    }
    let mut left = 0_usize;
    for group in &groups {
        for outcome in view::displayed(group) {
            let block = block(report, rules, outcome);
            if out.len() + block.len() > SUMMARY {
                left += 1;
            } else {
                out.push_str(&block);
            }
        }
    }
    if left > 0 {
        let _ = writeln!(out, "And {left} more that did not fit.\n");
    }
    for (operation, reason) in &report.uncovered {
        let _ = writeln!(
            out,
            "- Not covered: {}: {}",
            code(operation),
            markdown(reason)
        );
    }
    for (operation, which, why) in view::remaining(report) {
        let _ = writeln!(
            out,
            "- Created and not deleted: {}: {}: {}",
            code(&operation),
            markdown(&which),
            markdown(&why)
        );
    }
    out
}

fn block(report: &Report, rules: &Rules, outcome: &Outcome) -> String {
    let mut text = String::new();
    describe_all(report, outcome, &mut text);
    let promise = rules
        .find(&outcome.rule)
        .map(|rule| format!("{}\n\n", markdown(rule.promise)));
    let reason = outcome
        .reason
        .as_deref()
        .map(|reason| format!("{}\n\n", markdown(reason)));
    let fence = escape::fence(&text);
    format!(
        "<details><summary>{} {} at {}</summary>\n\n{}{}{fence}text\n{}\n{fence}\n\n</details>\n\n",
        view::glyph(outcome.verdict),
        html(&view::name(outcome)),
        html(&outcome.operation),
        promise.unwrap_or_default(),
        reason.unwrap_or_default(),
        text.trim_end()
    )
}
