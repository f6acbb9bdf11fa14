//! Recording: what passes the proxy becomes a fixture that loads, replays and hides its secrets.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod proxy;
mod redaction;
mod replays;
mod shapes;
mod upstream;

use plumbline_conformance::fixture::{self, Fixture, Provenance};
use plumbline_conformance::record::{self, Recording};
use plumbline_conformance::traffic::{Passed, Traffic};
use plumbline_conformance::{Contract, Reply};
use plumbline_specs::Input;

/// Reads a document that a test wrote.
fn contract(document: &str) -> Contract {
    let reading = plumbline_specs::read(
        Input {
            name: "test.yaml",
            bytes: document.as_bytes(),
        },
        &plumbline_specs::Options::default(),
    )
    .unwrap();
    Contract::new(reading).unwrap()
}

fn options() -> record::Options {
    record::Options {
        name: "recorded".to_owned(),
        spec: "test".to_owned(),
        base: None,
        provenance: Provenance::Recorded {
            server: "a test".to_owned(),
            version: "1".to_owned(),
            on: "2026-11-23".to_owned(),
        },
        maps: Vec::new(),
        places: Vec::new(),
        limits: plumbline_conformance::Limits::default(),
        keep: Vec::new(),
    }
}

/// An exchange as it passed.
fn passed(
    (method, url): (&str, &str),
    headers: &[(&str, &str)],
    body: &str,
    reply: (u16, &[(&str, &str)], &str),
) -> Passed {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    Passed {
        method: method.to_owned(),
        url: url.parse().unwrap(),
        headers: pairs(headers),
        body: (!body.is_empty()).then(|| body.as_bytes().to_vec()),
        answer: Ok(Reply {
            status: reply.0,
            headers: pairs(reply.1),
            body: reply.2.as_bytes().to_vec(),
            millis: 1,
        }),
        begun: None,
        place: plumbline_specs::Place::default(),
    }
}

fn traffic(exchanges: Vec<Passed>) -> Traffic {
    Traffic {
        tool: "a test".to_owned(),
        exchanges,
        ..Traffic::default()
    }
}

/// A fixture as it is read from its own file; what does not load fails.
fn loaded(contract: &Contract, recording: &Recording) -> (String, Fixture) {
    let text = fixture::save(recording.fixture.as_ref().unwrap()).unwrap();
    let fixture = fixture::load(text.as_bytes(), "recorded.yaml")
        .unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"));
    let faults: Vec<_> = fixture::check(contract, &fixture)
        .into_iter()
        .filter(|fault| fault.severity == plumbline_specs::Severity::Error)
        .collect();
    assert!(faults.is_empty(), "{faults:#?}\n{text}");
    (text, fixture)
}
