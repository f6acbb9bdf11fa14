//! What several formats share: grouping, counting in words, and making hostile text harmless.

use super::escape::line;
use crate::outcome::without_numbers;
use crate::{Exchange, Failure, Finding, Outcome, Report, Severity, Totals, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// One operation's outcomes.
pub(super) struct Group<'a> {
    pub(super) operation: &'a str,
    pub(super) outcomes: Vec<&'a Outcome>,
    pub(super) totals: Totals,
}

/// The outcomes by operation, in the order in which operations first come.
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for outcome in &report.outcomes {
        match groups
            .iter_mut()
            .find(|group| group.operation == outcome.operation)
        {
            Some(group) => group.outcomes.push(outcome),
            None => groups.push(Group {
                operation: &outcome.operation,
                outcomes: vec![outcome],
                totals: Totals::default(),
            }),
        }
    }
    for group in &mut groups {
        group.totals = Totals::of(group.outcomes.iter().copied());
    }
    groups
}

/// The outcomes that have something to show, gravest first: failed, warned, known.
pub(super) fn displayed<'a>(group: &Group<'a>) -> Vec<&'a Outcome> {
    let mut shown: Vec<&Outcome> = group
        .outcomes
        .iter()
        .copied()
        .filter(|outcome| {
            matches!(
                outcome.verdict,
                Verdict::Failed | Verdict::Warned | Verdict::Known
            )
        })
        .collect();
    shown.sort_by_key(|outcome| std::cmp::Reverse(weight(outcome.verdict)));
    shown
}

/// How many findings of one kind a folding format shows.
const OF_A_KIND: usize = 3;

/// Findings of one kind, of which the first are shown.
pub(super) struct Kind<'a> {
    pub(super) shown: Vec<&'a Finding>,
    /// How many more there are.
    pub(super) more: usize,
}

impl Kind<'_> {
    /// What stands in the place of those that are not shown; `None` where all are.
    pub(super) fn rest(&self) -> Option<String> {
        let more = self.more;
        (more > 0).then(|| {
            format!("And {more} more of this kind; the JSON and HTML reports hold them all.")
        })
    }
}

/// The findings of an outcome by kind, in the order in which the kinds first come. Findings of one
/// kind have one severity, one parameter, one promise, one status and one place in the body, but for
/// the numbers of items: a fault of another kind never hides among them.
pub(super) fn kinds<'a>(report: &'a Report, outcome: &'a Outcome) -> Vec<Kind<'a>> {
    let mut kinds: Vec<(_, Kind<'a>)> = Vec::new();
    for finding in &outcome.findings {
        let last = finding.evidence.last().and_then(|id| report.exchange(*id));
        let key = (
            finding.severity,
            finding.parameter.as_deref(),
            finding.place.as_deref(),
            finding.pointer.as_deref().map(without_numbers),
            last.and_then(Exchange::status),
        );
        match kinds.iter_mut().find(|(own, _)| *own == key) {
            Some((_, kind)) if kind.shown.len() < OF_A_KIND => kind.shown.push(finding),
            Some((_, kind)) => kind.more += 1,
            None => kinds.push((
                key,
                Kind {
                    shown: vec![finding],
                    more: 0,
                },
            )),
        }
    }
    kinds.into_iter().map(|(_, kind)| kind).collect()
}

/// Orders verdicts: the greater, the more a person wants to see it.
pub(super) fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Failed => 4,
        Verdict::Warned => 3,
        Verdict::Known => 2,
        Verdict::Passed => 1,
        Verdict::Skipped => 0,
    }
}

/// The verdict in one character.
pub(super) fn glyph(verdict: Verdict) -> char {
    match verdict {
        Verdict::Passed => '✓',
        Verdict::Warned => '!',
        Verdict::Failed => '✗',
        Verdict::Skipped => '–',
        Verdict::Known => '~',
    }
}

/// The rule and what it was judged on: `no-duplicates (size 10)`.
pub(super) fn name(outcome: &Outcome) -> String {
    match &outcome.subject {
        None => outcome.rule.clone(),
        Some(subject) => format!("{} ({subject})", outcome.rule),
    }
}

/// The parts of a finding that are not empty, each with its label.
pub(super) fn parts(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut parts = Vec::new();
    let mut add = |label, text: &str| {
        if !text.is_empty() {
            parts.push((label, line(text)));
        }
    };
    add("expected", &finding.expected);
    add("came", &finding.actual);
    match finding.pointer.as_deref() {
        None => {}
        Some("") => add("where", "the whole body"),
        Some(pointer) => add("where", pointer),
    }
    add("promised at", finding.place.as_deref().unwrap_or_default());
    add("keys", &keys(finding));
    parts
}

/// How many keys are written out.
const KEYS: usize = 8;

fn keys(finding: &Finding) -> String {
    let mut text = finding
        .keys
        .iter()
        .take(KEYS)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more @ 1..) = finding.keys.len().checked_sub(KEYS) {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// The evidence of a finding: each exchange, its curl command, and its answer in a line.
pub(super) fn evidence<'a>(
    report: &'a Report,
    finding: &'a Finding,
) -> impl Iterator<Item = (&'a Exchange, String)> {
    finding
        .evidence
        .iter()
        .filter_map(|id| report.exchange(*id))
        .map(|exchange| (exchange, curl(report, exchange)))
}

/// The curl command of an exchange, in one line that a shell takes and a terminal survives.
pub(super) fn curl(report: &Report, exchange: &Exchange) -> String {
    exchange.request.curl(&report.target, &report.headers)
}

/// What became of an exchange, in a line: `200, 1.2 kB in 4 ms`.
pub(super) fn answer(exchange: &Exchange) -> String {
    match &exchange.answer {
        Ok(reply) => format!(
            "{}, {} in {}",
            reply.status,
            bytes(reply.body.len() as u64),
            duration(reply.millis)
        ),
        Err(failure) => describe_failure(failure),
    }
}

/// Why nothing came back, in a line.
pub(crate) fn describe_failure(failure: &Failure) -> String {
    match failure {
        Failure::NotSent(reason) => format!("not sent: {}", line(reason)),
        Failure::Unreachable(detail) => format!("no connection: {}", line(detail)),
        Failure::Timeout(millis) => format!("no answer within {}", duration(*millis)),
        Failure::Closed(detail) => format!("the connection ended: {}", line(detail)),
        Failure::TooLarge(limit) => format!("a body of more than {}", bytes(*limit)),
        Failure::Unfolds(limit) => {
            format!("JSON whose values take more than {}", bytes(*limit))
        }
        Failure::Malformed(detail) => format!("not valid HTTP: {}", line(detail)),
    }
}

/// A size for people.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(super) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// A duration for people.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(super) fn duration(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..60_000 => format!("{:.1} s", millis as f64 / 1e3),
        _ => format!("{} min {} s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

/// A count with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What a report says of itself, each fact with its label: what was held against what, by which
/// version, when, with which options, and how much of the document was seen.
pub(super) fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("spec", line(&report.spec)),
        ("target", line(&report.target)),
        (
            "sent",
            format!(
                "{} in {}",
                count(report.requests as usize, "request", "requests"),
                duration(report.millis)
            ),
        ),
    ];
    if let Some((index, of)) = report.shard {
        facts.push(("shard", format!("{index} of {of}")));
    }
    if !report.coverage.is_empty() {
        let part = |seen: crate::Seen, many: &str| format!("{} of {} {many}", seen.seen, seen.of);
        let parts = [
            part(report.coverage.operations(), "operations"),
            part(report.coverage.statuses(), "statuses"),
            part(report.coverage.parameters(), "parameters"),
        ];
        facts.push(("seen", parts.join(", ")));
    }
    let options = line(&report.asked.words());
    if !options.is_empty() {
        facts.push(("options", options));
    }
    if !report.plumbline.is_empty() {
        let begun = report.begun.as_deref().map(line);
        let begun = begun.map_or_else(String::new, |begun| format!(", on {begun}"));
        let made = format!(
            "plumbline {}, report format {}{begun}",
            line(&report.plumbline),
            report.format
        );
        facts.push(("made by", made));
    }
    facts
}

/// What of the document cannot be used, a line each.
pub(super) fn notes(report: &Report) -> Vec<String> {
    report
        .notes
        .iter()
        .map(|note| {
            let position = note
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            line(&format!(
                "{}{position}: {} ({})",
                note.file, note.message, note.pointer
            ))
        })
        .collect()
}

/// The last line of a report: the verdict on the whole run.
pub fn conclusion(report: &Report) -> String {
    let totals = report.totals();
    let mut text = report
        .incomplete
        .as_deref()
        .map(|why| format!("Incomplete: {}. ", line(why)))
        .unwrap_or_default();
    text += &if !report.is_judged() {
        "Nothing was judged.".to_owned()
    } else if report.incomplete.is_some() && totals.failed == 0 {
        "Nothing that was judged so far failed.".to_owned()
    } else if totals.passed + totals.warned + totals.failed == 0 {
        "Nothing was judged but what is known to fail.".to_owned()
    } else if totals.failed == 0 {
        let verdict = match report.outdated.is_empty() {
            true => "Conforms",
            false => "Nothing failed that is not known",
        };
        format!(
            "{verdict}: {} in {}.",
            count(
                distinct(report, |verdict| {
                    matches!(verdict, Verdict::Passed | Verdict::Warned)
                }),
                "rule holds",
                "rules hold"
            ),
            count(totals.passed + totals.warned, "judgement", "judgements")
        )
    } else {
        let operations = groups(report)
            .iter()
            .filter(|group| group.totals.failed > 0)
            .count();
        format!(
            "Does not conform: {} at {}.",
            count(
                distinct(report, |verdict| verdict == Verdict::Failed),
                "rule is broken",
                "rules are broken"
            ),
            count(operations, "operation", "operations")
        )
    };
    for (number, one, many) in [
        (totals.warned, "warning", "warnings"),
        (totals.known, "known failure", "known failures"),
        (
            totals.skipped,
            "judgement was left out",
            "judgements were left out",
        ),
        (
            report.uncovered.len(),
            "operation is not covered",
            "operations are not covered",
        ),
    ] {
        if number > 0 {
            let _ = write!(text, " {}.", count(number, one, many));
        }
    }
    if !report.outdated.is_empty() {
        let _ = write!(text, " {}.", outdated(report));
    }
    text
}

/// How many entries of a list of known failures are told one by one.
const ENTRIES: usize = 5;

/// Which entries of the list of known failures no longer apply.
pub(super) fn outdated(report: &Report) -> String {
    let told = report.outdated.iter().take(ENTRIES);
    let mut entries: Vec<String> = told.map(|entry| line(entry)).collect();
    let more = report.outdated.len().saturating_sub(ENTRIES);
    if more > 0 {
        entries.push(format!("{more} more"));
    }
    format!(
        "The list of known failures no longer fits: {}",
        entries.join("; ")
    )
}

/// How many rules there are among the outcomes of some verdicts.
fn distinct(report: &Report, wanted: impl Fn(Verdict) -> bool) -> usize {
    let outcomes = report.outcomes.iter();
    outcomes
        .filter(|outcome| wanted(outcome.verdict))
        .map(|outcome| outcome.rule.as_str())
        .collect::<BTreeSet<_>>()
        .len()
}

/// A reason, with the rules and the operations that it kept back.
pub(super) type Skipped<'a> = (String, Vec<&'a str>, Vec<&'a str>);

/// Why outcomes were skipped.
pub(super) fn skipped(report: &Report) -> Vec<Skipped<'_>> {
    let mut reasons: Vec<Skipped<'_>> = Vec::new();
    for outcome in &report.outcomes {
        if outcome.verdict != Verdict::Skipped {
            continue;
        }
        let reason = line(outcome.reason.as_deref().unwrap_or("no reason was given"));
        let index = reasons
            .iter()
            .position(|(own, ..)| *own == reason)
            .unwrap_or_else(|| {
                reasons.push((reason, Vec::new(), Vec::new()));
                reasons.len() - 1
            });
        if let Some((_, rules, operations)) = reasons.get_mut(index) {
            add_once(rules, &outcome.rule);
            add_once(operations, &outcome.operation);
        }
    }
    reasons
}

/// Puts reasons that begin alike, up to a colon, into one where there are more than three.
pub(super) fn gathered(skipped: Vec<Skipped<'_>>) -> Vec<Skipped<'_>> {
    let head = |reason: &str| {
        reason
            .split_once(": ")
            .map_or_else(|| reason.to_owned(), |(head, _)| head.to_owned())
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (reason, ..) in &skipped {
        *counts.entry(head(reason)).or_default() += 1;
    }
    let mut gathered: Vec<Skipped<'_>> = Vec::new();
    for (reason, rules, operations) in skipped {
        let head = head(&reason);
        let many = counts.get(&head).copied().unwrap_or_default();
        let reason = if many > 3 {
            format!("{head} ({many} reasons, each in the JSON and HTML reports)")
        } else {
            reason
        };
        match gathered.iter_mut().find(|(own, ..)| *own == reason) {
            Some((_, own, at)) => {
                rules.into_iter().for_each(|rule| add_once(own, rule));
                operations
                    .into_iter()
                    .for_each(|operation| add_once(at, operation));
            }
            None => gathered.push((reason, rules, operations)),
        }
    }
    gathered
}

fn add_once<'a>(list: &mut Vec<&'a str>, item: &'a str) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// What the run has created and leaves behind: the operation, which items, and why; what has these
/// in common comes once.
pub(super) fn remaining(report: &Report) -> Vec<(String, String, String)> {
    const NAMED: usize = 5;
    let mut gathered: Vec<(&str, &str, Vec<Option<&str>>)> = Vec::new();
    for one in &report.remaining {
        let same = gathered
            .iter_mut()
            .find(|(operation, why, _)| *operation == one.operation && *why == one.why);
        match same {
            Some((.., ids)) => ids.push(one.id.as_deref()),
            None => gathered.push((&one.operation, &one.why, vec![one.id.as_deref()])),
        }
    }
    gathered
        .into_iter()
        .map(|(operation, why, ids)| {
            let all = count(ids.len(), "item", "items");
            let mut named: Vec<String> = ids
                .iter()
                .flatten()
                .take(NAMED)
                .map(|id| line(id))
                .collect();
            if named.len() < ids.len() && !named.is_empty() {
                named.push("…".to_owned());
            }
            let which = if named.is_empty() {
                all
            } else {
                format!("{all}, {}", named.join(", "))
            };
            (line(operation), which, line(why))
        })
        .collect()
}

/// A severity in one word.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Failure => "failure",
    }
}

/// Cuts a text that is too long to read, and says how much is missing.
pub(super) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((index, _)) => {
            let (head, tail) = text.split_at(index);
            format!("{head} … {} more", bytes(tail.len() as u64))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü", 1), "ä … 4 B more");
    }

    #[test]
    fn sizes_and_durations_read_well() {
        assert_eq!(
            [bytes(0), bytes(999), bytes(1_000), bytes(2_500_000)],
            ["0 B", "999 B", "1.0 kB", "2.5 MB"]
        );
        assert_eq!(
            [duration(999), duration(1_500), duration(61_000)],
            ["999 ms", "1.5 s", "1 min 1 s"]
        );
    }
}
