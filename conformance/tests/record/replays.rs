//! Record, replay and verify agree: what was recorded from a server holds for the same server with
//! a fresh store, three times in a row.

use super::{loaded, options};
use plumbline_conformance::fixture::{self, Fixture};
use plumbline_conformance::record::{self, Proxy};
use plumbline_conformance::traffic::Traffic;
use plumbline_conformance::{Contract, Limits, Outcome, Session, Target, Values, Verdict};
use plumbline_reference::{Options, Vendor, vendor};
use std::collections::BTreeMap;

fn session(base: &str) -> Session {
    Session::new(Target {
        base: base.parse().unwrap(),
        headers: Vec::new(),
        values: BTreeMap::new(),
        limits: Limits::default(),
    })
    .unwrap()
}

/// The traffic of a client that does what a vendor's fixtures say.
async fn recorded(contract: &Contract, vendor: &'static Vendor) -> Traffic {
    let server = vendor.serve(Options::default()).unwrap();
    let proxy = Proxy::listen(
        server.url().parse().unwrap(),
        "127.0.0.1:0".parse().unwrap(),
    )
    .await
    .unwrap();
    let base = format!("http://{}", proxy.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let recording = tokio::spawn(proxy.run(None, async {
        let _ = stopped.await;
    }));
    let session = session(&base);
    for (name, bytes) in vendor.fixtures {
        let fixture = fixture::load(bytes, name).unwrap();
        fixture::replay(contract, &session, &fixture, &Values::new()).await;
    }
    stop.send(()).unwrap();
    recording.await.unwrap()
}

async fn verdicts(contract: &Contract, vendor: &'static Vendor, fixture: &Fixture) -> Vec<Outcome> {
    let server = vendor.serve(Options::default()).unwrap();
    let session = session(&server.url());
    fixture::replay(contract, &session, fixture, &Values::new()).await
}

async fn agrees(name: &str, least: usize) {
    let vendor = vendor(name).unwrap();
    let contract = vendor.contract().unwrap();
    let first = recorded(&contract, vendor).await;
    assert!(first.exchanges.len() >= least, "{}", first.exchanges.len());
    let recording = record::recording(&contract, &first, &options()).unwrap();
    assert!(
        recording.report.conforms(),
        "{:#?}",
        recording.report.outcomes
    );
    let (text, fixture) = loaded(&contract, &recording);
    assert_eq!(
        fixture.exchanges.len(),
        first.exchanges.len(),
        "{:#?}",
        recording.notes
    );
    assert!(text.contains("    capture:\n"), "nothing was captured");

    let second = recorded(&contract, vendor).await;
    let second = record::recording(&contract, &second, &options()).unwrap();
    let mut notes = Vec::new();
    let merged = record::again(
        &contract,
        &fixture,
        second.fixture.as_ref().unwrap(),
        &mut notes,
    );
    assert!(notes.is_empty(), "{notes:#?}");

    for fixture in [&fixture, &merged] {
        for time in 1..=3 {
            let outcomes = verdicts(&contract, vendor, fixture).await;
            let unwell: Vec<_> = outcomes
                .iter()
                .filter(|outcome| outcome.verdict != Verdict::Passed)
                .map(|outcome| {
                    let finding = outcome.findings.first();
                    format!(
                        "{} {:?} {:?} {:?}",
                        outcome.rule,
                        outcome.subject,
                        outcome.reason,
                        finding.map(|own| (&own.message, &own.expected, &own.actual))
                    )
                })
                .collect();
            assert!(
                unwell.is_empty(),
                "{}, time {time}: {unwell:#?}",
                vendor.name
            );
            assert!(outcomes.len() > 2 * fixture.exchanges.len());
        }
    }
    let compared = |fixture: &Fixture| -> usize {
        fixture
            .exchanges
            .iter()
            .map(|step| step.compare.len())
            .sum()
    };
    assert!(compared(&merged) > compared(&fixture));
}

#[tokio::test(flavor = "multi_thread")]
async fn opik_agrees_with_its_recording() {
    agrees("opik", 40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn galileo_agrees_with_its_recording() {
    agrees("galileo", 40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phoenix_agrees_with_its_recording() {
    agrees("phoenix", 40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mlflow_agrees_with_its_recording() {
    agrees("mlflow", 40).await;
}
