//! The report for GitHub: annotations for the log, and Markdown for the step's summary.

use super::{junit::describe_all, view};
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
            &view::clean(why),
        );
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
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let title = data(&view::clean(title))
        .replace(':', "%3A")
        .replace(',', "%2C");
    let _ = writeln!(out, "::{command} title={title}::{}", data(text));
}

/// Writes the summary in Markdown: the verdict, a table of operations, and each finding folded.
pub fn summary(report: &Report, rules: &Rules) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## {}\n", inline(&report.title));
    let _ = writeln!(out, "{}\n", inline(&view::conclusion(report)));
    let _ = writeln!(
        out,
        "{} against {}: {} in {}.\n",
        code(&report.spec),
        code(&report.target),
        view::count(report.requests as usize, "request", "requests"),
        view::duration(report.millis)
    );
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
        for outcome in view::shown(group) {
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
            inline(reason)
        );
    }
    for (operation, which, why) in view::remaining(report) {
        let _ = writeln!(
            out,
            "- Created and not deleted: {}: {}: {}",
            code(&operation),
            inline(&which),
            inline(&why)
        );
    }
    out
}

fn block(report: &Report, rules: &Rules, outcome: &Outcome) -> String {
    let mut text = String::new();
    describe_all(report, outcome, &mut text);
    let promise = rules
        .find(&outcome.rule)
        .map(|rule| format!("{}\n\n", inline(rule.promise)));
    let reason = outcome
        .reason
        .as_deref()
        .map(|reason| format!("{}\n\n", inline(reason)));
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
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

/// A code span that holds any text.
fn code(text: &str) -> String {
    let text = view::clean(text).replace('|', "\\|");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

/// Text inside an HTML element, where Markdown does not reach.
fn html(text: &str) -> String {
    view::clean(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "&#64;")
}

/// Text of which Markdown and HTML make nothing else.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::new();
    for character in view::clean(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '#' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_cannot_be_split() {
        let mut out = String::new();
        command_line(&mut out, "error", "a:b,c", "100 %\n::error::x");
        assert_eq!(out, "::error title=a%3Ab%2Cc::100 %25%0A::error::x\n");
    }

    #[test]
    fn markdown_stays_text() {
        assert_eq!(
            inline("<b>*x*</b> [a](b)"),
            "&lt;b&gt;\\*x\\*&lt;/b&gt; \\[a\\](b)"
        );
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("a|b"), "`a\\|b`");
    }
}
