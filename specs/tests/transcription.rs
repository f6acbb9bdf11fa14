//! Our transcriptions say what the vendors' documents say, but for the departures.
//!
//! The vendors' documents are not ours to pass on: the test reads them from the directory that
//! `PLUMBLINE_SHARED` names, and where it is not set it says so and passes.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use plumbline_specs::{Input, Options, Selector, read, transcription};
use std::fs;
use std::path::{Path, PathBuf};

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("PLUMBLINE_SHARED");
    if shared.is_none() {
        eprintln!("PLUMBLINE_SHARED is not set: the vendors' documents are not compared");
    }
    shared.map(PathBuf::from)
}

fn compare(vendor: &str, document: &str, selectors: impl Fn(&[u8]) -> Vec<Selector>) {
    let Some(shared) = shared() else { return };
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(vendor);
    let ours = fs::read(own.join("openapi.yaml")).expect("our document");
    let departures = fs::read(own.join("departures.yaml")).expect("our departures");
    let theirs = fs::read(shared.join("vendor").join(document)).expect("the vendor's document");
    let found = transcription::compare(
        Input {
            name: "openapi.yaml",
            bytes: &ours,
        },
        Input {
            name: document,
            bytes: &theirs,
        },
        Input {
            name: "departures.yaml",
            bytes: &departures,
        },
        &selectors(&ours),
    );
    assert!(found.is_empty(), "{found}");
}

/// The endpoints of our own document, where no pattern of paths names them all.
fn endpoints(ours: &[u8]) -> Vec<Selector> {
    let input = Input {
        name: "openapi.yaml",
        bytes: ours,
    };
    let reading = read(input, &Options::default()).expect("our document is read");
    let operations = reading.api.operations.iter();
    operations
        .map(|operation| Selector::Endpoint(operation.method, operation.path.clone()))
        .collect()
}

fn below(pattern: &str) -> Vec<Selector> {
    vec![Selector::parse(pattern)]
}

#[test]
fn opik() {
    compare("opik", "opik/openapi.yaml", |_| {
        below("/v1/private/experiments*")
    });
}

#[test]
fn galileo() {
    compare("galileo", "galileo/history/2026-07-01.yaml", |_| {
        below("/projects/{project_id}/experiments*")
    });
}

#[test]
fn phoenix() {
    compare("phoenix", "phoenix/openapi.json", endpoints);
}
