//! The vendors' fixtures against the embedded server: what is healthy has no finding.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{
    Contract, Limits, Outcome, Session, Target, Values, Verdict, embedded, fixture, reference,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the embedded server does not do yet, as a ratchet: subject and rule. A line that no
/// longer applies, at any number of items, fails.
const PENDING: &[(&str, &str, &str)] = &[(
    "phoenix",
    "runs/examples",
    "an upload does not make examples",
)];

async fn replay(vendor: &embedded::Vendor, items: u64) -> (Vec<Outcome>, BTreeSet<String>) {
    let contract = Arc::new(Contract::new(vendor.read().unwrap()).unwrap());
    let server = reference::Server::start(
        Arc::clone(&contract),
        reference::Options {
            items,
            ..reference::Options::default()
        },
    )
    .unwrap();
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
    let mut pending = BTreeSet::new();
    let unwell: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !matches!(outcome.verdict, Verdict::Passed | Verdict::Skipped))
        .filter(|outcome| {
            let subject = outcome.subject.as_deref().unwrap_or_default();
            let known = PENDING
                .iter()
                .any(|(name, own, _)| *name == vendor.name && *own == subject);
            if known {
                pending.insert(subject.to_owned());
            }
            !known
        })
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
    (outcomes, pending)
}

async fn replays(vendor: &str) {
    let vendor = embedded::vendor(vendor).unwrap();
    let mut pending = BTreeSet::new();
    for items in [0, 1, 57] {
        let (outcomes, seen) = replay(vendor, items).await;
        let broken = seen.iter().any(|subject| subject == "runs/examples");
        pending.extend(seen);
        let skipped: Vec<_> = outcomes
            .iter()
            .filter(|outcome| outcome.verdict == Verdict::Skipped)
            .filter(|outcome| {
                let reason = outcome.reason.as_deref().unwrap_or_default();
                let follows =
                    broken && (reason.ends_with("`example_id`") || reason.ends_with("`run_id`"));
                !follows && !reason.starts_with("a replay cannot see to what it needs")
            })
            .collect();
        assert!(skipped.is_empty(), "{skipped:#?}");
        assert!(outcomes.len() > 100);
    }
    for (name, subject, reason) in PENDING {
        assert!(
            *name != vendor.name || pending.contains(*subject),
            "{subject} is mended: {reason}"
        );
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
