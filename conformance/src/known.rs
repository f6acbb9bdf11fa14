//! Known failures: a list of what is broken and tracked, as a ratchet.

use crate::{Family, Outcome, Report, Rule, Rules, Verdict, codes, rule};
use jiff::civil::Date;
use plumbline_specs::{Diagnostic, Pointer};
use serde::Deserialize;
use std::collections::HashSet;

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The rule's id.
    pub id: String,
    /// The operation's label; without it, the rule may fail at any operation.
    #[serde(default)]
    pub operation: Option<String>,
    /// Why it is not mended.
    pub reason: String,
    /// Where it is tracked, an address usually.
    pub tracked: String,
    /// The last day on which the entry counts.
    #[serde(default)]
    pub expires: Option<Date>,
}

impl KnownFailure {
    fn names(&self, outcome: &Outcome) -> bool {
        self.id == outcome.rule
            && self
                .operation
                .as_ref()
                .is_none_or(|operation| *operation == outcome.operation)
    }

    fn label(&self) -> String {
        match &self.operation {
            None => format!("`{}`", self.id),
            Some(operation) => format!("`{}` at `{operation}`", self.id),
        }
    }
}

/// Reads a list of known failures. An empty file is an empty list: the last entry was mended.
///
/// # Errors
///
/// All that is wrong with it: what YAML cannot be read, and `known-form`, `known-twice`.
pub fn load(bytes: &[u8], name: &str) -> Result<Vec<KnownFailure>, Vec<Diagnostic>> {
    let value = match crate::input::value(bytes, name) {
        Err(faults)
            if faults
                .iter()
                .all(|fault| fault.code == plumbline_specs::codes::EMPTY_DOCUMENT) =>
        {
            return Ok(Vec::new());
        }
        value => value?,
    };
    let fault =
        |code, message: String, place: &Pointer| Diagnostic::error(code, message).pointer(place);
    let Some(items) = value.as_array() else {
        return Err(crate::input::located(
            vec![fault(
                codes::KNOWN_FORM,
                "known failures are a list".to_owned(),
                &Pointer::root(),
            )],
            bytes,
            name,
        ));
    };
    let mut known = Vec::new();
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        let place = Pointer::root().index(index);
        match KnownFailure::deserialize(item) {
            Err(error) => faults.push(fault(codes::KNOWN_FORM, error.to_string(), &place)),
            Ok(entry) => {
                if !seen.insert((entry.id.clone(), entry.operation.clone())) {
                    let message = format!("{} comes twice", entry.label());
                    faults.push(fault(codes::KNOWN_TWICE, message, &place));
                }
                known.push(entry);
            }
        }
    }
    if faults.is_empty() {
        Ok(known)
    } else {
        Err(crate::input::located(faults, bytes, name))
    }
}

/// Turns what failed and is known into [`Verdict::Known`], and says which entries no longer apply:
/// `known-expired` from the day after `expires`, `known-holds` where the whole of what an entry
/// speaks of was judged and nothing of it failed, `known-unjudged` where there is nothing that it
/// speaks of. A part of a run (a shard, a few rules or operations, one that only reads) says
/// nothing of the rest. The report says it too, in place of what it said of another list.
pub fn apply(report: &mut Report, known: &[KnownFailure], today: Date) -> Vec<Diagnostic> {
    let rules = crate::rule::rules();
    let mut faults = Vec::new();
    for (index, entry) in known.iter().enumerate() {
        let place = Pointer::root().index(index);
        let mut fault = |code, message| {
            faults.push(
                Diagnostic::error(code, message)
                    .pointer(&place)
                    .help("remove the entry, or mend what it is about"),
            );
        };
        let label = entry.label();
        if entry.expires.is_some_and(|day| day < today) {
            fault(
                codes::KNOWN_EXPIRED,
                format!("{label} was known until {}", expiry(entry)),
            );
            continue;
        }
        if rules.find(&entry.id).is_none() {
            fault(
                codes::KNOWN_UNJUDGED,
                format!("{label}: there is no rule `{}`", entry.id),
            );
            continue;
        }
        if let Some(operation) = &entry.operation
            && !report.coverage.is_empty()
            && report.coverage.operation(operation).is_none()
        {
            fault(
                codes::KNOWN_UNJUDGED,
                format!("{label}: the document has no operation `{operation}`"),
            );
            continue;
        }
        let whole = is_whole(report, entry, &rules);
        let (mut met, mut judged, mut failed) = (false, false, false);
        for outcome in &mut report.outcomes {
            if !entry.names(outcome) {
                continue;
            }
            met = true;
            judged |= outcome.verdict != Verdict::Skipped;
            if matches!(outcome.verdict, Verdict::Failed | Verdict::Known) {
                failed = true;
                outcome.verdict = Verdict::Known;
                outcome.reason = Some(format!("{} ({})", entry.reason, entry.tracked));
            }
        }
        if judged && !failed && whole {
            fault(codes::KNOWN_HOLDS, format!("{label} holds now"));
        } else if !met && whole && !is_uncovered(report, entry) {
            fault(
                codes::KNOWN_UNJUDGED,
                format!("{label} is nothing that a run judges"),
            );
        }
    }
    report.outdated = faults.iter().map(|fault| fault.message.clone()).collect();
    faults
}

/// The rules of which a run that only reads sees a part, or nothing.
const WRITING: [Rule; 4] = [
    rule::check::LIFE_CYCLE,
    rule::check::CREATE_AGAIN,
    rule::law::READ_BACK,
    rule::law::STABILITY_UNDER_WRITES,
];

/// Whether a run has judged the whole of what an entry speaks of.
fn is_whole(report: &Report, entry: &KnownFailure, rules: &Rules) -> bool {
    if report.shard.is_some() || report.stopped.is_some() {
        return false;
    }
    if report.asked.skip.contains(&entry.id) {
        return false;
    }
    let only = &report.asked.only;
    let (of_rules, of_operations): (Vec<&String>, Vec<&String>) =
        only.iter().partition(|id| rules.find(id).is_some());
    if !of_rules.is_empty() && !of_rules.contains(&&entry.id) {
        return false;
    }
    if !of_operations.is_empty()
        && !entry
            .operation
            .as_ref()
            .is_some_and(|operation| of_operations.contains(&operation))
    {
        return false;
    }
    let family = rules.find(&entry.id).map(|rule| rule.family);
    let speaks_of = |operation: &str| entry.operation.as_ref().is_none_or(|own| own == operation);
    // What was left out of a fixture may be what breaks.
    let is_left_out = |outcome: &Outcome| {
        let of_fixture = rules.find(&outcome.rule).map(|rule| rule.family) == Some(Family::Fixture);
        of_fixture && outcome.verdict == Verdict::Skipped && speaks_of(&outcome.operation)
    };
    if family != Some(Family::Law) && report.outcomes.iter().any(is_left_out) {
        return false;
    }
    if !report.asked.writes && WRITING.iter().any(|rule| rule.id == entry.id) {
        return false;
    }
    entry.operation.is_some()
        || report.uncovered.keys().all(|operation| {
            let pages = |own: &crate::OperationCoverage| own.pages;
            let of_law = report.coverage.operation(operation).is_some_and(pages);
            family == Some(Family::Law) && !of_law
        })
}

/// Whether the operation that an entry names was not asked.
fn is_uncovered(report: &Report, entry: &KnownFailure) -> bool {
    entry
        .operation
        .as_ref()
        .is_some_and(|operation| report.uncovered.contains_key(operation))
}

fn expiry(entry: &KnownFailure) -> String {
    entry.expires.map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Finding, Severity};

    const LIST: &str = "\
- id: no-duplicates
  operation: list
  reason: pages overlap
  tracked: https://example.org/1
- id: total-true
  reason: counted late
  tracked: https://example.org/2
  expires: 2026-11-22
";

    fn failed(rule: &str, operation: &str) -> Outcome {
        Outcome::judged(
            crate::rule::named(rule),
            operation,
            std::num::NonZeroUsize::MIN,
            vec![Finding {
                severity: Severity::Failure,
                message: "x".to_owned(),
                expected: String::new(),
                actual: String::new(),
                pointer: None,
                place: None,
                keys: Vec::new(),
                evidence: Vec::new(),
                parameter: None,
            }],
        )
    }

    fn passed(rule: &str, operation: &str) -> Outcome {
        Outcome::judged(
            crate::rule::named(rule),
            operation,
            std::num::NonZeroUsize::MIN,
            Vec::new(),
        )
    }

    fn held(report: &mut Report, list: &str, day: &str) -> Vec<&'static str> {
        let known = load(list.as_bytes(), "known.yaml").unwrap();
        let faults = apply(report, &known, day.parse().unwrap());
        faults.iter().map(|fault| fault.code.as_str()).collect()
    }

    fn run(outcomes: Vec<Outcome>, day: &str) -> (Report, Vec<&'static str>) {
        let mut report = Report {
            outcomes,
            ..Report::default()
        };
        let faults = held(&mut report, LIST, day);
        (report, faults)
    }

    #[test]
    fn what_is_known_does_not_fail() {
        let (report, faults) = run(
            vec![
                failed("no-duplicates", "list"),
                failed("total-true", "other"),
            ],
            "2026-11-22",
        );
        assert!(report.conforms());
        assert_eq!(report.totals().known, 2);
        assert_eq!(faults, Vec::<&str>::new());
    }

    #[test]
    fn an_entry_is_for_its_operation_alone() {
        let (report, faults) = run(
            vec![
                failed("no-duplicates", "another"),
                failed("total-true", "list"),
            ],
            "2026-11-22",
        );
        assert!(!report.conforms());
        assert_eq!(faults, ["known-unjudged"]);
    }

    #[test]
    fn an_entry_that_no_longer_applies_is_an_error() {
        let outcomes = vec![
            passed("no-duplicates", "list"),
            failed("total-true", "list"),
        ];
        let (report, faults) = run(outcomes, "2026-11-23");
        assert!(!report.conforms(), "an expired entry covers nothing");
        assert_eq!(faults, ["known-holds", "known-expired"]);
    }

    /// Nothing failed, and yet the run is not as its list says: no form of the report says that the
    /// target conforms.
    #[test]
    fn a_report_says_which_entries_no_longer_apply() {
        for (outcome, day, why) in [
            (
                passed("no-duplicates", "list"),
                "2026-11-22",
                "`no-duplicates` at `list` holds now",
            ),
            (
                passed("body-schema", "list"),
                "2026-11-23",
                "`total-true` was known until 2026-11-22",
            ),
            (
                passed("body-schema", "list"),
                "2026-11-22",
                "`no-duplicates` at `list` is nothing that a run judges",
            ),
        ] {
            let (mut report, _) = run(vec![outcome], day);
            assert!(!report.conforms(), "{why}");
            let conclusion = crate::report::conclusion(&report);
            assert!(!conclusion.contains("Conforms"), "{conclusion}");
            let (_, entries) = conclusion.split_once("no longer fits: ").unwrap();
            assert!(entries.contains(why), "{conclusion}");
            let annotations = crate::report::github::annotations(&report);
            assert!(annotations.contains("::error "), "{annotations}");
            // A list that was mended is one that fits.
            assert_eq!(held(&mut report, "[]", day), Vec::<&str>::new());
            assert!(report.conforms(), "{why}");
        }
    }

    /// An entry is outdated where the whole of what it speaks of was judged, and nowhere else.
    #[test]
    fn a_part_of_a_run_says_nothing_of_the_rest() {
        let asked = |only: &[&str], writes: bool| crate::run::Asked {
            only: only.iter().map(|id| (*id).to_owned()).collect(),
            writes,
            ..crate::run::Asked::default()
        };
        let skipping = |id: &str| crate::run::Asked {
            skip: vec![id.to_owned()],
            ..crate::run::Asked::default()
        };
        let here = "- {id: body-schema, operation: list, reason: r, tracked: t}";
        let wrong = "- {id: bad-input, operation: list, reason: r, tracked: t}";
        let everywhere = "- {id: body-schema, reason: r, tracked: t}";
        let law = "- {id: total-true, reason: r, tracked: t}";
        let life = "- {id: life-cycle, operation: list, reason: r, tracked: t}";
        let none = Vec::<&str>::new();
        for (list, asked, shard, uncovered, expected) in [
            (here, asked(&[], false), None, "", &["known-holds"][..]),
            (here, asked(&[], true), Some((1, 2)), "", &none),
            (
                here,
                asked(&["body-schema"], false),
                None,
                "",
                &["known-holds"],
            ),
            (here, asked(&["total-true"], false), None, "", &none),
            (here, asked(&["list"], false), None, "", &["known-holds"]),
            (here, asked(&["other"], false), None, "", &none),
            (everywhere, asked(&[], true), None, "", &["known-holds"]),
            (everywhere, asked(&["list"], true), None, "", &none),
            (everywhere, asked(&[], false), None, "create", &none),
            (law, asked(&[], false), None, "create", &["known-holds"]),
            (life, asked(&[], false), None, "", &none),
            (wrong, asked(&[], false), None, "", &["known-unjudged"]),
            (wrong, skipping("bad-input"), None, "", &none),
        ] {
            let mut report = Report {
                outcomes: vec![passed("body-schema", "list"), passed("total-true", "list")],
                asked,
                shard,
                ..Report::default()
            };
            if !uncovered.is_empty() {
                let reason = "it writes".to_owned();
                report.uncovered.insert(uncovered.to_owned(), reason);
            }
            assert_eq!(
                held(&mut report, list, "2026-11-22"),
                expected,
                "{list} {report:?}"
            );
        }
    }

    #[test]
    fn what_was_left_out_may_still_be_broken() {
        let skipped = Outcome::skipped(crate::rule::law::NO_DUPLICATES, "list", "one item");
        let mut report = Report {
            outcomes: vec![skipped],
            ..Report::default()
        };
        let list = "- {id: no-duplicates, operation: list, reason: r, tracked: t}";
        assert_eq!(held(&mut report, list, "2026-11-22"), Vec::<&str>::new());
        let list = "- {id: no-duplicate, reason: r, tracked: t}";
        assert_eq!(held(&mut report, list, "2026-11-22"), ["known-unjudged"]);
    }

    #[test]
    fn faults_of_the_list_name_the_line() {
        let faults = load(
            b"- {id: a, reason: r, tracked: t}\n- {id: a, reason: r, tracked: t}\n- {id: b}\n",
            "known.yaml",
        )
        .unwrap_err();
        let seen: Vec<_> = faults
            .iter()
            .map(|fault| (fault.code.as_str(), fault.place.position.unwrap().line))
            .collect();
        assert_eq!(seen, [("known-twice", 2), ("known-form", 3)]);
        assert_eq!(load(b"{}", "known.yaml").unwrap_err().len(), 1);
        for empty in ["[]", "", "# All are mended.\n"] {
            assert_eq!(load(empty.as_bytes(), "known.yaml").unwrap(), []);
        }
    }
}
