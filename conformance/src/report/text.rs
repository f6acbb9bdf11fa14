//! The report for a terminal: findings by operation, then a table, then the verdict.

use super::escape;
use super::view::{self, Group};
use crate::{Finding, Outcome, Report, Rules, Severity, Totals, Verdict};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;
use textwrap::core::display_width;

/// How the text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether ANSI colours are used.
    pub colour: bool,
    /// How many columns a line of prose takes at most; commands are never broken.
    pub width: usize,
}

impl Default for TextOptions {
    /// Plain, 100 columns: what a pipe gets.
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
        }
    }
}

/// How many kinds of findings of one outcome are written out.
const KINDS: usize = 8;

/// How long a message or a value may get.
const VALUE: usize = 400;

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
const COMMAND: Style = AnsiColor::Cyan.on_default();

/// Writes the report for a person. What comes from the server is made harmless first: no
/// escape sequence of its own reaches the terminal.
pub fn text(report: &Report, rules: &Rules, look: TextOptions) -> String {
    let mut page = Page {
        out: String::new(),
        look,
    };
    page.head(report);
    for group in view::groups(report) {
        page.group(report, rules, &group);
    }
    page.skipped(report);
    page.uncovered(report);
    page.remaining(report);
    page.table(report);
    let style = if report.conforms() { GOOD } else { BAD };
    let conclusion = page.paint(style, &view::conclusion(report));
    page.line(&conclusion);
    page.out
}

/// What a run left out, each reason once: what could not be judged, then the operations that
/// nothing covered. Empty where nothing was left out.
pub fn left_out(report: &Report, look: TextOptions) -> String {
    let mut page = Page {
        out: String::new(),
        look,
    };
    page.skipped(report);
    page.uncovered(report);
    page.remaining(report);
    page.out
}

struct Page {
    out: String,
    look: TextOptions,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.look.colour {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A paragraph: the first line after `first`, the others indented as far.
    fn prose(&mut self, first: &str, indent: usize, style: Style, text: &str) {
        let width = self.look.width.max(40).saturating_sub(indent);
        // Pointers, ids and URLs stay whole, so that they can be copied.
        let options = textwrap::Options::new(width)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for (index, line) in textwrap::wrap(text, options).iter().enumerate() {
            let painted = self.paint(style, line);
            if index == 0 {
                self.line(&format!("{first}{painted}"));
            } else {
                self.line(&format!("{}{painted}", " ".repeat(indent)));
            }
        }
    }

    fn head(&mut self, report: &Report) {
        let title = self.paint(STRONG, &escape::line(&report.title));
        self.line(&title);
        for (label, value) in view::facts(report) {
            let label = self.paint(FAINT, &format!("{label:<8}"));
            self.line(&format!("  {label}{value}"));
        }
        for note in view::notes(report) {
            let sign = self.paint(DOUBTFUL, "!");
            self.prose(&format!("  {sign} "), 4, DOUBTFUL, &note);
        }
        self.line("");
    }

    fn group(&mut self, report: &Report, rules: &Rules, group: &Group<'_>) {
        let shown = view::displayed(group);
        if shown.is_empty() {
            return;
        }
        let operation = self.paint(STRONG, &escape::line(group.operation));
        self.line(&operation);
        for outcome in shown {
            self.outcome(report, rules, outcome);
        }
    }

    fn outcome(&mut self, report: &Report, rules: &Rules, outcome: &Outcome) {
        let style = style_of(outcome.verdict);
        let sign = self.paint(style, &view::glyph(outcome.verdict).to_string());
        let rule = self.paint(style, &escape::line(&outcome.rule));
        let subject = outcome
            .subject
            .as_deref()
            .map(|subject| self.paint(FAINT, &format!("  {}", escape::line(subject))));
        self.line(&format!("  {sign} {rule}{}", subject.unwrap_or_default()));
        if let Some(rule) = rules.find(&outcome.rule) {
            self.prose("    ", 4, FAINT, rule.promise);
        }
        if let Some(reason) = &outcome.reason {
            let reason = view::cut(&escape::line(reason), VALUE);
            self.prose("    ", 4, DOUBTFUL, &format!("Known: {reason}"));
        }
        let kinds = view::kinds(report, outcome);
        for kind in kinds.iter().take(KINDS) {
            for finding in &kind.shown {
                self.line("");
                self.finding(report, finding);
            }
            if let Some(rest) = kind.rest() {
                let rest = self.paint(FAINT, &format!("    {rest}"));
                self.line(&rest);
            }
        }
        if let Some(more @ 1..) = kinds.len().checked_sub(KINDS) {
            let more = view::count(more, "more kind of fault", "more kinds of fault");
            let more = format!("    And {more}; the JSON and HTML reports hold them all.");
            let more = self.paint(FAINT, &more);
            self.line(&more);
        }
        self.line("");
    }

    fn finding(&mut self, report: &Report, finding: &Finding) {
        let style = match finding.severity {
            Severity::Failure => STRONG,
            Severity::Warning => Style::new(),
        };
        let message = view::cut(&escape::line(&finding.message), VALUE);
        self.prose("    ", 4, style, &message);
        for (label, value) in view::parts(finding) {
            let label = self.paint(FAINT, &format!("{label:<12}"));
            self.prose(
                &format!("      {label}"),
                18,
                Style::new(),
                &view::cut(&value, VALUE),
            );
        }
        for (exchange, curl) in view::evidence(report, finding) {
            let number = format!("#{}", exchange.id.0);
            let label = self.paint(FAINT, &format!("{number:<12}"));
            let answer = view::answer(exchange);
            self.line(&format!("      {label}{answer}"));
            let curl = self.paint(COMMAND, &curl);
            self.line(&format!("        {curl}"));
        }
    }

    fn skipped(&mut self, report: &Report) {
        let skipped = view::skipped(report);
        if skipped.is_empty() {
            return;
        }
        let title = self.paint(STRONG, "Not judged");
        self.line(&title);
        for (reason, rules, operations) in view::gathered(skipped) {
            let text = format!(
                "{reason}: {} at {}",
                join_names(&rules, "rules"),
                join_names(&operations, "operations")
            );
            self.prose("  – ", 4, FAINT, &text);
        }
        self.line("");
    }

    fn uncovered(&mut self, report: &Report) {
        if report.uncovered.is_empty() {
            return;
        }
        let title = self.paint(STRONG, "Not covered");
        self.line(&title);
        for (operation, reason) in &report.uncovered {
            let text = format!("{}: {}", escape::line(operation), escape::line(reason));
            self.prose("  – ", 4, FAINT, &text);
        }
        self.line("");
    }

    fn remaining(&mut self, report: &Report) {
        if report.remaining.is_empty() {
            return;
        }
        let title = self.paint(STRONG, "Created and not deleted");
        self.line(&title);
        for (operation, which, why) in view::remaining(report) {
            let text = format!("{operation}: {which}: {why}");
            self.prose("  – ", 4, DOUBTFUL, &text);
        }
        self.line("");
    }

    fn table(&mut self, report: &Report) {
        let groups = view::groups(report);
        if groups.is_empty() {
            return;
        }
        let names: Vec<String> = groups
            .iter()
            .map(|group| escape::line(group.operation))
            .collect();
        let widest = names
            .iter()
            .map(|name| display_width(name))
            .max()
            .unwrap_or_default()
            .clamp(9, self.look.width.max(40).saturating_sub(45));
        let heads = ["passed", "warned", "failed", "skipped", "known"];
        let mut head = format!("{:<widest$}", "operation");
        for name in heads {
            let _ = write!(head, "{name:>9}");
        }
        let head = self.paint(FAINT, &head);
        self.line(&head);
        for (name, group) in names.iter().zip(&groups) {
            self.row(name, widest, group.totals);
        }
        if groups.len() > 1 {
            self.row("all", widest, report.totals());
        }
        self.line("");
    }

    fn row(&mut self, name: &str, widest: usize, totals: Totals) {
        let mut line = shortened(name, widest);
        for (count, verdict) in [
            (totals.passed, Verdict::Passed),
            (totals.warned, Verdict::Warned),
            (totals.failed, Verdict::Failed),
            (totals.skipped, Verdict::Skipped),
            (totals.known, Verdict::Known),
        ] {
            let cell = if count == 0 {
                self.paint(FAINT, &format!("{:>9}", "·"))
            } else {
                self.paint(style_of(verdict), &format!("{count:>9}"))
            };
            line.push_str(&cell);
        }
        self.line(&line);
    }
}

fn style_of(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Passed => GOOD,
        Verdict::Warned => DOUBTFUL,
        Verdict::Failed => BAD,
        Verdict::Skipped | Verdict::Known => FAINT,
    }
}

/// Up to three names, or how many there are.
fn join_names(names: &[&str], noun: &str) -> String {
    if names.len() > 3 {
        format!("{} {noun}", names.len())
    } else {
        names
            .iter()
            .map(|name| escape::line(name))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A name padded to a width, its middle left out where it is longer.
fn shortened(name: &str, width: usize) -> String {
    let own = display_width(name);
    if own <= width {
        return format!("{name}{}", " ".repeat(width - own));
    }
    let characters: Vec<char> = name.chars().collect();
    let half = width.saturating_sub(1) / 2;
    let head: String = characters.iter().take(half).collect();
    let tail: String = characters
        .iter()
        .skip(characters.len().saturating_sub(width - 1 - half))
        .collect();
    let text = format!("{head}…{tail}");
    let missing = width.saturating_sub(display_width(&text));
    format!("{text}{}", " ".repeat(missing))
}
