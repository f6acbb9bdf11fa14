//! The report as one HTML file: no script, no request to anywhere, light and dark.

use super::escape;
use super::view::{self, Group};
use crate::{Exchange, Family, Finding, Outcome, Report, Rules, Totals, Verdict};
use askama::Template;
use std::collections::HashMap;

/// How much of a body is shown, in characters.
const BODY: usize = 16 * 1024;

/// How long a message or a value may get, in characters.
const VALUE: usize = 2_000;

/// Writes the report as a page that stands alone. The template escapes every value, and a
/// content security policy forbids scripts, so that a hostile body stays text.
///
/// # Errors
///
/// When the page cannot be written into memory.
pub fn html(report: &Report, rules: &Rules) -> Result<String, askama::Error> {
    Page::new(report, rules).render()
}

/// The verdict in a few words, for a title.
fn verdict(report: &Report) -> &'static str {
    match (report.conforms(), report.totals().failed) {
        (true, _) => "Conforms",
        (false, 0) if report.incomplete.is_some() => "Incomplete",
        (false, 0) if !report.is_judged() => "Nothing was judged",
        (false, 0) => "The list of known failures no longer fits",
        (false, _) => "Does not conform",
    }
}

/// The verdict in one word.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Warned => "warned",
        Verdict::Failed => "failed",
        Verdict::Skipped => "skipped",
        Verdict::Known => "known",
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    title: String,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    verdict: &'static str,
    conclusion: String,
    conforms: bool,
    totals: Vec<(&'static str, usize)>,
    matrices: Vec<Matrix>,
    operations: Vec<Operation>,
    skipped: Vec<(String, String, String)>,
    uncovered: Vec<(String, String)>,
    remaining: Vec<(String, String, String)>,
}

/// One family's rules against the operations at which any of them was judged.
struct Matrix {
    title: &'static str,
    operations: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    rule: String,
    promise: String,
    cells: Vec<Option<Cell>>,
}

struct Cell {
    verdict: &'static str,
    glyph: char,
    /// What the cell says when pointed at.
    title: String,
    /// Where its findings stand on the page.
    anchor: Option<String>,
}

struct Operation {
    name: String,
    totals: Vec<(&'static str, usize)>,
    blocks: Vec<Block>,
}

struct Block {
    anchor: Option<String>,
    verdict: &'static str,
    glyph: char,
    rule: String,
    subject: Option<String>,
    promise: Option<String>,
    source: Option<String>,
    reason: Option<String>,
    findings: Vec<Item>,
}

struct Item {
    severity: &'static str,
    message: String,
    parts: Vec<(&'static str, String)>,
    exchanges: Vec<Shown>,
}

struct Shown {
    number: u64,
    method: String,
    path: String,
    answer: String,
    curl: String,
    headers: Vec<(String, String)>,
    request: Option<String>,
    reply: Option<String>,
}

impl Page {
    fn new(report: &Report, rules: &Rules) -> Self {
        let groups = view::groups(report);
        let anchors = anchors(&groups);
        Self {
            title: escape::line(&report.title),
            facts: view::facts(report),
            notes: view::notes(report),
            verdict: verdict(report),
            conclusion: view::conclusion(report),
            conforms: report.conforms(),
            totals: counted(report.totals()),
            matrices: [
                (Family::Law, "Laws of pagination"),
                (Family::Check, "Checks"),
                (Family::Fixture, "Fixtures"),
                (Family::Traffic, "Recorded requests"),
            ]
            .into_iter()
            .filter_map(|(family, title)| matrix(family, title, rules, &groups, &anchors))
            .collect(),
            operations: groups
                .iter()
                .map(|group| operation(report, rules, group, &anchors))
                .filter(|operation| !operation.blocks.is_empty())
                .collect(),
            skipped: view::skipped(report)
                .into_iter()
                .map(|(reason, rules, operations)| {
                    (
                        reason,
                        escape::line(&rules.join(", ")),
                        escape::line(&operations.join(", ")),
                    )
                })
                .collect(),
            remaining: view::remaining(report),
            uncovered: report
                .uncovered
                .iter()
                .map(|(operation, reason)| (escape::line(operation), escape::line(reason)))
                .collect(),
        }
    }
}

/// The anchor of the first outcome of a rule at an operation.
type Anchors<'a> = HashMap<(&'a str, &'a str), String>;

fn anchors<'a>(groups: &[Group<'a>]) -> Anchors<'a> {
    let mut anchors = HashMap::new();
    for group in groups {
        for outcome in view::displayed(group) {
            let next = format!("f{}", anchors.len() + 1);
            anchors
                .entry((outcome.operation.as_str(), outcome.rule.as_str()))
                .or_insert(next);
        }
    }
    anchors
}

fn counted(totals: Totals) -> Vec<(&'static str, usize)> {
    vec![
        ("passed", totals.passed),
        ("warned", totals.warned),
        ("failed", totals.failed),
        ("skipped", totals.skipped),
        ("known", totals.known),
    ]
}

fn matrix(
    family: Family,
    title: &'static str,
    rules: &Rules,
    groups: &[Group<'_>],
    anchors: &Anchors<'_>,
) -> Option<Matrix> {
    let of_family = |outcome: &&&Outcome| {
        rules
            .find(&outcome.rule)
            .map_or(Family::Check, |rule| rule.family)
            == family
    };
    let columns: Vec<&Group<'_>> = groups
        .iter()
        .filter(|group| group.outcomes.iter().any(|outcome| of_family(&outcome)))
        .collect();
    let mut names: Vec<&str> = rules
        .iter()
        .filter(|rule| rule.family == family)
        .map(|rule| rule.id)
        .collect();
    for outcome in columns.iter().flat_map(|group| &group.outcomes) {
        if of_family(&outcome) && !names.contains(&outcome.rule.as_str()) {
            names.push(&outcome.rule);
        }
    }
    let rows: Vec<Row> = names
        .into_iter()
        .map(|rule| Row {
            rule: escape::line(rule),
            promise: rules
                .find(rule)
                .map(|rule| rule.promise.to_owned())
                .unwrap_or_default(),
            cells: columns
                .iter()
                .map(|group| cell(rule, group, anchors))
                .collect(),
        })
        .filter(|row| row.cells.iter().any(Option::is_some))
        .collect();
    (!rows.is_empty()).then(|| Matrix {
        title,
        operations: columns
            .iter()
            .map(|group| escape::line(group.operation))
            .collect(),
        rows,
    })
}

/// The gravest of a rule's outcomes at an operation.
fn cell(rule: &str, group: &Group<'_>, anchors: &Anchors<'_>) -> Option<Cell> {
    let own: Vec<&&Outcome> = group
        .outcomes
        .iter()
        .filter(|outcome| outcome.rule == rule)
        .collect();
    let gravest = own
        .iter()
        .max_by_key(|outcome| view::weight(outcome.verdict))?;
    let mut title = format!("{}: {}", escape::line(rule), word(gravest.verdict));
    if own.len() > 1 {
        title.push_str(&format!(" (gravest of {})", own.len()));
    }
    if let Some(reason) = &gravest.reason {
        title.push_str(&format!(": {}", escape::line(reason)));
    }
    Some(Cell {
        verdict: word(gravest.verdict),
        glyph: view::glyph(gravest.verdict),
        title,
        anchor: anchors.get(&(group.operation, rule)).cloned(),
    })
}

fn operation(
    report: &Report,
    rules: &Rules,
    group: &Group<'_>,
    anchors: &Anchors<'_>,
) -> Operation {
    let mut used = Vec::new();
    let blocks = view::displayed(group)
        .into_iter()
        .map(|outcome| {
            let anchor = anchors
                .get(&(group.operation, outcome.rule.as_str()))
                .filter(|anchor| !used.contains(*anchor))
                .cloned();
            used.extend(anchor.clone());
            let rule = rules.find(&outcome.rule);
            Block {
                anchor,
                verdict: word(outcome.verdict),
                glyph: view::glyph(outcome.verdict),
                rule: escape::line(&outcome.rule),
                subject: outcome.subject.as_deref().map(escape::line),
                promise: rule.map(|rule| rule.promise.to_owned()),
                source: rule.map(|rule| rule.source.to_owned()),
                reason: outcome.reason.as_deref().map(escape::line),
                findings: outcome
                    .findings
                    .iter()
                    .map(|finding| item(report, finding))
                    .collect(),
            }
        })
        .collect();
    Operation {
        name: escape::line(group.operation),
        totals: counted(group.totals),
        blocks,
    }
}

fn item(report: &Report, finding: &Finding) -> Item {
    Item {
        severity: view::severity(finding.severity),
        message: view::cut(&escape::line(&finding.message), VALUE),
        parts: view::parts(finding)
            .into_iter()
            .map(|(label, value)| (label, view::cut(&value, VALUE)))
            .collect(),
        exchanges: view::evidence(report, finding)
            .map(|(exchange, curl)| display_exchange(exchange, curl))
            .collect(),
    }
}

fn display_exchange(exchange: &Exchange, curl: String) -> Shown {
    Shown {
        number: exchange.id.0,
        method: escape::line(&exchange.request.method),
        path: escape::line(&exchange.request.path_and_query()),
        answer: view::answer(exchange),
        curl,
        headers: exchange
            .reply()
            .map(|reply| {
                reply
                    .headers
                    .iter()
                    .map(|(name, value)| {
                        (escape::line(name), view::cut(&escape::line(value), VALUE))
                    })
                    .collect()
            })
            .unwrap_or_default(),
        request: exchange.request.body.as_deref().map(body),
        reply: exchange
            .reply()
            .filter(|reply| !reply.body.is_empty())
            .map(|reply| body(&reply.body)),
    }
}

/// A body for people: JSON indented, other text as it is, what is neither as a count.
fn body(bytes: &[u8]) -> String {
    // Only what can be shown is parsed: a body of many megabytes is not indented first.
    let indented = (bytes.len() <= BODY)
        .then(|| serde_json::from_slice::<serde_json::Value>(bytes).ok())
        .flatten()
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    let text = match (indented, std::str::from_utf8(bytes)) {
        (Some(text), _) => text,
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => format!("({} that are not UTF-8)", view::bytes(bytes.len() as u64)),
    };
    escape::lines(&view::cut(&text, BODY))
}
