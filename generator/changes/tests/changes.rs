//! Every code has a pair of documents that gives it, and gives nothing else.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use plumbline_changes::{Change, Code, Comparison, Format, Options, compare};
use plumbline_specs::api::Api;
use plumbline_specs::{Input, read};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Codes that no document alone gives.
const WITHOUT_PAIR: &[Code] = &[Code::RustNameMoved, Code::RustUnexplained];

struct Pair {
    code: String,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Pair {
    fn changes(&self) -> Vec<Change> {
        compare(
            &api(&self.code, &self.old),
            &api(&self.code, &self.new),
            Options { prose: true },
        )
    }
}

fn pairs() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/changes");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of pairs")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    let pair = |folder: PathBuf| {
        let name = folder.file_name().and_then(|name| name.to_str());
        let bytes = |name: &str| fs::read(folder.join(name)).expect("a document");
        Pair {
            code: name.expect("a name").to_owned(),
            old: bytes("old.yaml"),
            new: bytes("new.yaml"),
        }
    };
    folders.into_iter().map(pair).collect()
}

fn api(code: &str, bytes: &[u8]) -> Api {
    let input = Input { name: code, bytes };
    match read(input, &plumbline_specs::Options::default()) {
        Ok(reading) => reading.api,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

#[test]
fn a_pair_gives_its_code_and_no_other() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let changes = pair.changes();
        let given: BTreeSet<&str> = changes.iter().map(|change| change.code.as_str()).collect();
        if given != BTreeSet::from([pair.code.as_str()]) {
            wrong.push(format!("{}: {given:?}", pair.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_pair() {
    let folders: BTreeSet<String> = pairs().into_iter().map(|pair| pair.code).collect();
    let codes: BTreeSet<String> = Code::ALL
        .iter()
        .filter(|code| !WITHOUT_PAIR.contains(code))
        .map(Code::to_string)
        .collect();
    assert_eq!(folders, codes);
}

#[test]
fn documents_are_short() {
    for pair in pairs() {
        for bytes in [&pair.old, &pair.new] {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
            assert!(lines < 40, "{} has {lines} lines", pair.code);
        }
    }
}

#[test]
fn a_document_and_itself_differ_in_nothing() {
    for pair in pairs() {
        let api = api(&pair.code, &pair.old);
        let changes = compare(&api, &api, Options { prose: true });
        assert_eq!(changes, [], "{}", pair.code);
    }
}

#[test]
fn text_of_every_pair() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/changes");
    for pair in pairs() {
        let changes = pair.changes();
        let comparison = Comparison {
            old: Input {
                name: "old.yaml",
                bytes: &pair.old,
            },
            new: Input {
                name: "new.yaml",
                bytes: &pair.new,
            },
            changes: &changes,
        };
        let text = comparison.render(Format::Text);
        settings.bind(|| insta::assert_snapshot!(pair.code.as_str(), text));
    }
}
