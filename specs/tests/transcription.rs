//! Our transcriptions say what the vendors' documents say, but for the departures.
//!
//! The vendors' documents are not ours to pass on: the test reads them from the directory that
//! `PLUMBLINE_SHARED` names, and where it is not set it says so and passes.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "it says what it leaves out")]

mod folders;

use plumbline_specs::transcription::{self, Followed, renew};
use plumbline_specs::{Input, to_yaml, value};
use std::fs;
use std::path::{Path, PathBuf};

fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("PLUMBLINE_SHARED");
    if shared.is_none() {
        eprintln!("PLUMBLINE_SHARED is not set: the vendors' documents are not compared");
    }
    shared.map(PathBuf::from)
}

fn load(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a file")
}

/// Compares our document with the vendor's, and makes it anew from that: nothing may change.
fn compare(vendor: &str, document: &str) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(vendor);
    let input = |name: &'static str, bytes| Input { name, bytes };
    let followed = load(&own.join("followed.yaml"));
    let followed = Followed::read(input("followed.yaml", &followed)).expect("what we follow");
    let Some(shared) = shared() else { return };
    let bytes = load(&own.join("openapi.yaml"));
    let departures = load(&own.join("departures.yaml"));
    let theirs = load(&shared.join("vendor").join(document));
    let (ours, theirs) = (input("openapi.yaml", &bytes), input("vendor.yaml", &theirs));
    let departures = input("departures.yaml", &departures);
    let selectors = followed.selectors();
    let found = transcription::compare(ours, theirs, departures, &selectors);
    assert!(found.is_empty(), "{found}");
    let renewed = renew(ours, theirs, departures, &selectors, followed.prose).expect("a document");
    assert!(renewed.gone.is_empty(), "{}", renewed.gone);
    let text = String::from_utf8_lossy(&bytes);
    let diff = similar::TextDiff::from_lines(text.as_ref(), &renewed.text);
    assert_eq!(diff.unified_diff().to_string(), "", "{vendor} changes");
}

#[test]
fn opik() {
    compare("opik", "opik/openapi.yaml");
}

#[test]
fn galileo() {
    compare("galileo", "galileo/history/2026-07-01.yaml");
}

#[test]
fn phoenix() {
    compare("phoenix", "phoenix/openapi.json");
}

/// What stands in another form would change from the first line on when a vendor's document does.
#[test]
fn our_documents_are_in_the_one_form() {
    for folder in folders::vendors() {
        let path = folder.join("openapi.yaml");
        let text = fs::read_to_string(&path).expect("our document");
        let body: String = text
            .split_inclusive('\n')
            .skip_while(|line| line.starts_with('#'))
            .collect();
        let input = Input {
            name: "openapi.yaml",
            bytes: text.as_bytes(),
        };
        let printed = to_yaml(&value(input).expect("our document is read")).expect("text");
        assert!(body == printed, "{}", path.display());
    }
}
