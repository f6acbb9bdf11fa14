//! The vendors' fixtures against the embedded server: what is healthy has no finding.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Limits, Outcome, Session, Target, Values, Verdict, fixture};
use plumbline_reference::{Options, Vendor, vendor};
use std::collections::BTreeMap;

async fn replay(vendor: &'static Vendor, items: u64) -> Vec<Outcome> {
    let contract = vendor.contract().unwrap();
    let options = Options {
        items,
        ..Options::default()
    };
    let server = vendor.serve(options).unwrap();
    let session = Session::new(Target {
        base: server.url().parse().unwrap(),
        headers: Vec::new(),
        values: BTreeMap::new(),
        limits: Limits::default(),
    })
    .unwrap();
    let mut outcomes = Vec::new();
    for (name, bytes) in vendor.fixtures {
        let fixture = fixture::load(bytes, name).unwrap();
        outcomes.extend(fixture::replay(&contract, &session, &fixture, &Values::new()).await);
    }
    let unwell: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !matches!(outcome.verdict, Verdict::Passed | Verdict::Skipped))
        .map(|outcome| {
            let finding = outcome.findings.first().unwrap();
            let shown = session.exchanges(finding.evidence.iter().copied());
            let body = shown
                .first()
                .and_then(|exchange| exchange.reply())
                .map(|reply| {
                    String::from_utf8_lossy(&reply.body)
                        .chars()
                        .take(300)
                        .collect::<String>()
                });
            format!(
                "{} {} at {}: {}: expected {}, came {} ({body:?})",
                outcome.subject.as_deref().unwrap_or_default(),
                outcome.rule,
                outcome.operation,
                finding.message,
                finding.expected,
                finding.actual
            )
        })
        .collect();
    assert!(
        unwell.is_empty(),
        "{} with {items} items:\n{}",
        vendor.name,
        unwell.join("\n")
    );
    outcomes
}

async fn replays(name: &str) {
    let vendor = vendor(name).unwrap();
    for items in [0, 1, 57] {
        let outcomes = replay(vendor, items).await;
        let skipped: Vec<_> = outcomes
            .iter()
            .filter(|outcome| outcome.verdict == Verdict::Skipped)
            .filter(|outcome| {
                let reason = outcome.reason.as_deref().unwrap_or_default();
                !reason.starts_with("a replay cannot see to what it needs")
            })
            .collect();
        assert!(skipped.is_empty(), "{skipped:#?}");
        assert!(outcomes.len() > 100);
    }
}

#[tokio::test]
async fn opik_replays() {
    replays("opik").await;
}

#[tokio::test]
async fn galileo_replays() {
    replays("galileo").await;
}

#[tokio::test]
async fn phoenix_replays() {
    replays("phoenix").await;
}

#[tokio::test]
async fn mlflow_replays() {
    replays("mlflow").await;
}
