//! Known failures: a list of what is broken and tracked, as a ratchet.

use crate::{Outcome, Report, Verdict};
use chrono::NaiveDate;
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
    pub expires: Option<NaiveDate>,
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

/// Reads a list of known failures.
///
/// # Errors
///
/// All that is wrong with it: what YAML cannot be read, and `known-form`, `known-twice`.
pub fn load(bytes: &[u8], name: &str) -> Result<Vec<KnownFailure>, Vec<Diagnostic>> {
    let value = crate::input::value(bytes, name)?;
    let fault =
        |code, message: String, place: &Pointer| Diagnostic::error(code, message).pointer(place);
    let Some(items) = value.as_array() else {
        return Err(crate::input::located(
            vec![fault(
                "known-form",
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
            Err(error) => faults.push(fault("known-form", error.to_string(), &place)),
            Ok(entry) => {
                if !seen.insert((entry.id.clone(), entry.operation.clone())) {
                    let message = format!("{} comes twice", entry.label());
                    faults.push(fault("known-twice", message, &place));
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

/// Turns what failed and is known into [`Verdict::Known`], and says which entries no longer
/// apply: `known-expired` from the day after `expires`, `known-holds` where the rule was judged
/// and did not fail, `known-unjudged` where a whole run did not judge it. A part of a run, such
/// as a shard, is not `whole`.
pub fn apply(
    report: &mut Report,
    known: &[KnownFailure],
    today: NaiveDate,
    whole: bool,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (index, entry) in known.iter().enumerate() {
        let place = Pointer::root().index(index);
        let fault = |code, message| {
            Diagnostic::error(code, message)
                .pointer(&place)
                .help("remove the entry, or mend what it is about")
        };
        if entry.expires.is_some_and(|day| day < today) {
            faults.push(fault(
                "known-expired",
                format!("{} was known until {}", entry.label(), expiry(entry)),
            ));
            continue;
        }
        let mut judged = false;
        let mut failed = false;
        for outcome in &mut report.outcomes {
            if !entry.names(outcome) {
                continue;
            }
            judged |= outcome.verdict != Verdict::Skipped;
            if matches!(outcome.verdict, Verdict::Failed | Verdict::Known) {
                failed = true;
                outcome.verdict = Verdict::Known;
                outcome.reason = Some(format!("{} ({})", entry.reason, entry.tracked));
            }
        }
        if judged && !failed {
            faults.push(fault("known-holds", format!("{} holds now", entry.label())));
        } else if !judged && whole {
            faults.push(fault(
                "known-unjudged",
                format!("{} was not judged in this run", entry.label()),
            ));
        }
    }
    faults
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
            rule,
            operation,
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

    fn run(outcomes: Vec<Outcome>, day: &str, whole: bool) -> (Report, Vec<&'static str>) {
        let known = load(LIST.as_bytes(), "known.yaml").unwrap();
        let mut report = Report {
            outcomes,
            ..Report::default()
        };
        let faults = apply(&mut report, &known, day.parse().unwrap(), whole);
        (report, faults.iter().map(|fault| fault.code).collect())
    }

    #[test]
    fn what_is_known_does_not_fail() {
        let (report, faults) = run(
            vec![
                failed("no-duplicates", "list"),
                failed("total-true", "other"),
            ],
            "2026-11-22",
            true,
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
            true,
        );
        assert!(!report.conforms());
        assert_eq!(faults, ["known-unjudged"]);
    }

    #[test]
    fn an_entry_that_no_longer_applies_is_an_error() {
        let outcomes = vec![
            Outcome::judged("no-duplicates", "list", Vec::new()),
            failed("total-true", "list"),
        ];
        let (report, faults) = run(outcomes, "2026-11-23", true);
        assert!(!report.conforms(), "an expired entry covers nothing");
        assert_eq!(faults, ["known-holds", "known-expired"]);
    }

    #[test]
    fn a_part_of_a_run_may_leave_an_entry_unjudged() {
        let skipped = Outcome::skipped("no-duplicates", "list", "one item");
        assert_eq!(
            run(vec![skipped.clone()], "2026-11-22", false).1,
            Vec::<&str>::new()
        );
        assert_eq!(
            run(vec![skipped], "2026-11-22", true).1,
            ["known-unjudged", "known-unjudged"]
        );
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
            .map(|fault| (fault.code, fault.place.position.unwrap().line))
            .collect();
        assert_eq!(seen, [("known-twice", 2), ("known-form", 3)]);
        assert_eq!(load(b"{}", "known.yaml").unwrap_err().len(), 1);
        assert_eq!(load(b"[]", "known.yaml").unwrap(), []);
    }
}
