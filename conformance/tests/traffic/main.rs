//! Traffic of other tools: imported, judged, replayed; and archives that others can read.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod export;
mod hostile;

use plumbline_conformance::fixture::{self, Provenance};
use plumbline_conformance::traffic::{self, Traffic};
use plumbline_conformance::{
    Contract, Limits, Session, Target, Values, Verdict, record, report, rule,
};
use plumbline_reference::vendor;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

fn phoenix() -> Contract {
    vendor("phoenix").unwrap().contract().unwrap()
}

fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traffic/data");
    std::fs::read(folder.join(name)).unwrap()
}

fn options() -> record::Options {
    record::Options {
        name: "imported".to_owned(),
        spec: "phoenix".to_owned(),
        base: None,
        provenance: Provenance::Recorded {
            server: "phoenix".to_owned(),
            version: "1".to_owned(),
            on: "2026-11-23".to_owned(),
        },
        maps: Vec::new(),
        places: Vec::new(),
        limits: plumbline_conformance::Limits::default(),
        keep: Vec::new(),
    }
}

/// What was read, in lines: tool, notes with their lines, and what became of each exchange.
fn summary(contract: &Contract, traffic: &Traffic) -> String {
    let base = traffic::base(contract, traffic).unwrap();
    let recording = record::recording(contract, traffic, &options()).unwrap();
    let mut text = format!("{} below {base}\n", traffic.tool);
    for note in &recording.notes {
        let line = note.place.position.map_or(0, |position| position.line);
        writeln!(text, "{} at line {line}: {}", note.code, note.message).unwrap();
    }
    for step in &recording.fixture.as_ref().unwrap().exchanges {
        let captures: Vec<_> = step.capture.keys().map(String::as_str).collect();
        writeln!(
            text,
            "{} {} {} {}",
            step.response.status,
            step.request.method,
            step.request.path,
            captures.join(" ")
        )
        .unwrap();
    }
    let findings: Vec<_> = recording
        .report
        .outcomes
        .iter()
        .flat_map(|outcome| &outcome.findings)
        .map(|finding| &finding.message)
        .collect();
    writeln!(text, "findings: {findings:?}").unwrap();
    text
}

#[test]
fn every_tool_is_read() {
    let contract = phoenix();
    let mut text = String::new();
    for name in [
        "devtools.har",
        "mitmproxy.har",
        "playwright.har",
        "vcr.yaml",
        "vcrpy.yaml",
        "vcrpy.json",
        "betamax.json",
    ] {
        let traffic = traffic::read(&file(name), name).unwrap();
        writeln!(text, "# {name}\n{}", summary(&contract, &traffic)).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn no_secret_of_an_archive_is_shown() {
    let contract = phoenix();
    for name in [
        "devtools.har",
        "mitmproxy.har",
        "playwright.har",
        "vcr.yaml",
        "betamax.json",
    ] {
        let bytes = file(name);
        assert!(
            String::from_utf8_lossy(&bytes).contains("h4r-s3cr3t-"),
            "{name}"
        );
        let traffic = traffic::read(&bytes, name).unwrap();
        let recording = record::recording(&contract, &traffic, &options()).unwrap();
        let fixture = fixture::save(recording.fixture.as_ref().unwrap()).unwrap();
        let shown = report::json(&recording.report);
        for text in [fixture, shown, format!("{:?}", recording.notes)] {
            assert!(!text.contains("h4r-s3cr3t"), "{name}: {text}");
        }
    }
}

/// What was imported from a server holds for the same server with a fresh store.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_imported_replays() {
    let contract = phoenix();
    for name in [
        "mitmproxy.har",
        "playwright.har",
        "vcrpy.yaml",
        "vcrpy.json",
        "betamax.json",
    ] {
        let traffic = traffic::read(&file(name), name).unwrap();
        let recording = record::recording(&contract, &traffic, &options()).unwrap();
        assert!(recording.report.conforms(), "{name}");
        let text = fixture::save(recording.fixture.as_ref().unwrap()).unwrap();
        let fixture = fixture::load(text.as_bytes(), "imported.yaml").unwrap();
        let three = plumbline_reference::Options {
            items: 3,
            ..plumbline_reference::Options::default()
        };
        let server = vendor("phoenix").unwrap().serve(three).unwrap();
        let session = Session::new(Target {
            base: server.url().parse().unwrap(),
            headers: Vec::new(),
            values: BTreeMap::new(),
            limits: Limits::default(),
        })
        .unwrap();
        let mut values = Values::new();
        values.set("AUTHORIZATION".to_owned(), "a-replayed-t0ken".to_owned());
        let outcomes = fixture::replay(&contract, &session, &fixture, &values).await;
        assert!(outcomes.len() > 20, "{name}: {}", outcomes.len());
        let unwell: Vec<_> = outcomes
            .iter()
            .filter(|outcome| outcome.verdict != Verdict::Passed)
            .collect();
        assert!(unwell.is_empty(), "{name}: {unwell:#?}\n{text}");
    }
}

/// Without the secret, what needs it is left out and says so.
#[tokio::test]
async fn a_secret_that_is_not_set_is_named() {
    let contract = phoenix();
    let bytes = file("vcr.yaml");
    let traffic = traffic::read(&bytes, "vcr.yaml").unwrap();
    let mut options = options();
    options.maps = vec!["Authorization=$PLUMBLINE_NO_SUCH_SECRET".parse().unwrap()];
    let recording = record::recording(&contract, &traffic, &options).unwrap();
    let session = Session::new(Target {
        base: "http://127.0.0.1:9".parse().unwrap(),
        headers: Vec::new(),
        values: BTreeMap::new(),
        limits: Limits::default(),
    })
    .unwrap();
    let fixture = recording.fixture.unwrap();
    let outcomes = fixture::replay(&contract, &session, &fixture, &Values::new()).await;
    assert_eq!(session.sent(), 0);
    for outcome in &outcomes {
        assert_eq!(outcome.verdict, Verdict::Skipped);
        assert_eq!(
            outcome.reason.as_deref(),
            Some(
                "the environment variable `PLUMBLINE_NO_SUCH_SECRET`, which holds a secret, is not set"
            )
        );
    }
    assert_eq!(outcomes.len(), 2);
}

#[test]
fn every_rule_of_traffic_is_in_the_table() {
    let rules = rule::rules();
    for rule in plumbline_conformance::rule::traffic::ALL {
        assert_eq!(
            rules.find(rule.id).map(|own| own.promise),
            Some(rule.promise)
        );
    }
}
