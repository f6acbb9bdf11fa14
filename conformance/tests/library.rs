//! The kit as a server's own test uses it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Contract, Verdict, run::Verified};
use plumbline_reference::{Options, Server, Vendor};

fn vendor(name: &str) -> &'static Vendor {
    plumbline_reference::vendor(name).unwrap()
}

fn server(name: &str, options: Options) -> Server {
    vendor(name).serve(options).unwrap()
}

#[tokio::test]
async fn a_server_that_conforms() {
    let server = server("opik", Options::default());
    let verified = vendor("opik")
        .verify(server.url())
        .writes(true)
        .run()
        .await
        .unwrap();
    verified.assert_conforms();
    let report = verified.report();
    assert!(report.requests < 1_500, "{} requests", report.requests);
    assert!(report.outcomes.len() > 100);
    assert!(report.uncovered.is_empty(), "{:?}", report.uncovered);
}

/// The rules that fail.
fn failed(verified: &Verified) -> Vec<&str> {
    let mut rules: Vec<&str> = verified
        .report()
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::Failed)
        .map(|outcome| outcome.rule.as_str())
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[tokio::test]
async fn a_defect_is_found_under_the_rule_that_names_it() {
    for (defect, rule, operation) in [
        ("uuid-malformed", "body-schema", "findExperiments"),
        ("error-of-wrong-form", "error-schema", "getExperimentById"),
        ("media-type-html", "media-type", "getExperimentById"),
        (
            "required-header-missing",
            "documented-headers",
            "createExperiment",
        ),
        (
            "status-undocumented",
            "documented-status",
            "getExperimentById",
        ),
        ("bad-input-500", "no-server-error", "findExperimentGroups"),
        ("bad-input-accepted", "bad-input", "findExperimentGroups"),
        ("unknown-id-200", "unknown-id", "getExperimentById"),
        ("update-lost", "life-cycle", "createExperiment"),
        ("deleted-item-readable", "life-cycle", "createExperiment"),
    ] {
        let server = server(
            "opik",
            Options {
                items: 5,
                defects: vec![defect.to_owned()],
                ..Options::default()
            },
        );
        let verified = vendor("opik")
            .verify(server.url())
            .fixtures(Vec::new())
            .only(rule)
            .only(operation)
            .writes(true)
            .run()
            .await
            .unwrap();
        assert_eq!(failed(&verified), [rule], "{defect}: {}", verified.text());
    }
}

#[tokio::test]
async fn credentials_are_demanded_where_the_target_was_given_some() {
    for (defects, expected) in [
        (vec![], vec![]),
        (vec!["auth-not-checked".to_owned()], vec!["credentials"]),
    ] {
        let server = server(
            "galileo",
            Options {
                items: 5,
                defects,
                credentials: Some("s3cr3t-key".to_owned()),
                ..Options::default()
            },
        );
        let verified = vendor("galileo")
            .verify(server.url())
            .set("project_id", "0e1c7e64-1f6c-4a57-9d0b-8d4f6a1d2c3b")
            .header("Galileo-API-Key", "s3cr3t-key")
            .only("credentials")
            .run()
            .await
            .unwrap();
        assert_eq!(failed(&verified), expected, "{}", verified.text());
        let judged = verified.report().outcomes.iter();
        assert!(
            judged
                .filter(|outcome| outcome.verdict != Verdict::Skipped)
                .count()
                > 3
        );
        let everything = plumbline_conformance::report::json(verified.report());
        assert!(!everything.contains("s3cr3t-key"), "{everything}");
    }
}

#[tokio::test]
async fn an_item_under_another_parent_is_found() {
    let server = server(
        "galileo",
        Options {
            items: 5,
            defects: vec!["other-owners-item-readable".to_owned()],
            ..Options::default()
        },
    );
    let verified = vendor("galileo")
        .verify(server.url())
        .set("project_id", "0e1c7e64-1f6c-4a57-9d0b-8d4f6a1d2c3b")
        .only("other-parent")
        .run()
        .await
        .unwrap();
    assert_eq!(failed(&verified), ["other-parent"], "{}", verified.text());
}

#[tokio::test]
async fn parts_of_a_run_cover_the_whole_once() {
    let server = server(
        "phoenix",
        Options {
            items: 3,
            ..Options::default()
        },
    );
    let mut labels = Vec::new();
    for part in 1..=3 {
        let verified = vendor("phoenix")
            .verify(server.url())
            .fixtures(Vec::new())
            .only("body-schema")
            .shard(part, 3)
            .run()
            .await
            .unwrap();
        let report = verified.report();
        labels.extend(
            report
                .outcomes
                .iter()
                .map(|outcome| outcome.operation.clone()),
        );
        labels.extend(report.uncovered.keys().cloned());
    }
    labels.sort();
    let mut all: Vec<String> = Contract::new(vendor("phoenix").read().unwrap())
        .unwrap()
        .api
        .operations
        .iter()
        .map(plumbline_specs::api::Operation::label)
        .collect();
    all.sort();
    assert_eq!(labels, all);
}
