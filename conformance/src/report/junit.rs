//! The report as JUnit XML: a suite for each operation, a case for each outcome.

use super::plain::describe_all;
use super::{escape, view};
use crate::{Outcome, Report, Rules, Verdict};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::fmt::Write as _;
use std::time::Duration;

/// Writes the report as JUnit XML that Jenkins' schema takes. A broken rule is a `failure`, whose text holds the evidence;
/// a warning is a passed case with `system-out`; a known failure is `skipped`; a run that did not come
/// to its end is an `error`, and every suite has the property `incomplete`.
///
/// # Errors
///
/// When the XML cannot be written into memory.
pub fn junit(report: &Report, rules: &Rules) -> Result<String, quick_junit::SerializeError> {
    let mut junit = quick_junit::Report::new(format!("plumbline {}", escape::line(&report.spec)));
    junit.set_time(Duration::from_millis(report.millis));
    junit.add_test_suite(run(report));
    for group in view::groups(report) {
        let mut suite = TestSuite::new(escape::line(group.operation));
        for outcome in &group.outcomes {
            suite.add_test_case(case(report, rules, outcome));
        }
        junit.add_test_suite(suite);
    }
    if let Some(why) = &report.incomplete {
        incomplete(&mut junit, &escape::line(why));
    }
    if !report.remaining.is_empty() {
        let mut suite = TestSuite::new("created and not deleted");
        for (operation, which, why) in view::remaining(report) {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{which}: {why}"));
            let mut case = TestCase::new(which, status);
            case.set_classname(operation);
            suite.add_test_case(case);
        }
        junit.add_test_suite(suite);
    }
    junit.to_string().map(without_root_skipped)
}

/// What the run says of itself, and a case that ends in an error where it did not come to its end or
/// judged nothing, so that a build does not pass on what was not judged, and one where the list of
/// known failures is to be mended.
fn run(report: &Report) -> TestSuite {
    let mut suite = TestSuite::new("plumbline");
    let mut told = String::new();
    for (label, value) in view::facts(report) {
        let _ = writeln!(told, "{label}: {value}");
    }
    for note in view::notes(report) {
        let _ = writeln!(told, "cannot be used: {note}");
    }
    suite.set_system_out(told);
    let mut case = |name: &str, kind: &str, why: &str| {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type(kind).set_message(why);
        let mut case = TestCase::new(name, status);
        case.set_classname("plumbline");
        suite.add_test_case(case);
    };
    if let Some(why) = &report.incomplete {
        case("the run is complete", "incomplete", &escape::line(why));
    } else if !report.is_judged() {
        case("something is judged", "unjudged", &view::conclusion(report));
    }
    if !report.outdated.is_empty() {
        let why = view::outdated(report);
        case("the list of known failures fits", "outdated", &why);
    }
    suite
}

/// Says on every suite that the run did not come to its end.
fn incomplete(junit: &mut quick_junit::Report, why: &str) {
    for suite in &mut junit.test_suites {
        suite.add_property(("incomplete", why));
    }
}

/// The library counts what was skipped on the root too, where Jenkins' schema knows no such
/// attribute and refuses the whole file.
fn without_root_skipped(mut text: String) -> String {
    // Quotes and angle brackets within values are escaped, so neither can be met there.
    let attribute = text.find("<testsuites").and_then(|begin| {
        let end = begin + text.get(begin..)?.find('>')?;
        let from = begin + text.get(begin..end)?.find(" skipped=\"")?;
        let value = from + " skipped=\"".len();
        let to = value + text.get(value..end)?.find('"')? + 1;
        Some(from..to)
    });
    if let Some(range) = attribute {
        text.replace_range(range, "");
    }
    text
}

fn case(report: &Report, rules: &Rules, outcome: &Outcome) -> TestCase {
    let status = match outcome.verdict {
        Verdict::Passed | Verdict::Warned => TestCaseStatus::success(),
        Verdict::Failed => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(escape::line(&outcome.rule));
            if let Some(finding) = outcome.findings.first() {
                status.set_message(escape::line(&finding.message));
            }
            status.set_description(description(report, rules, outcome));
            status
        }
        Verdict::Skipped | Verdict::Known => {
            let mut status = TestCaseStatus::skipped();
            let reason = escape::line(outcome.reason.as_deref().unwrap_or_default());
            status.set_message(match outcome.verdict {
                Verdict::Known => format!("known failure: {reason}"),
                _ => reason,
            });
            status
        }
    };
    let mut case = TestCase::new(escape::line(&view::name(outcome)), status);
    case.set_classname(escape::line(&outcome.operation));
    if matches!(outcome.verdict, Verdict::Warned | Verdict::Known) {
        case.set_system_out(description(report, rules, outcome));
    }
    case
}

fn description(report: &Report, rules: &Rules, outcome: &Outcome) -> String {
    let mut text = String::new();
    if let Some(rule) = rules.find(&outcome.rule) {
        let _ = writeln!(text, "{}", rule.promise);
    }
    describe_all(report, outcome, &mut text);
    text
}
