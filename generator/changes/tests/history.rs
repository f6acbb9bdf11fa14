//! What changed between the vendors' documents, version by version.
//!
//! The documents are not ours to pass on: the tests read them from the directory that
//! `PLUMBLINE_SHARED` names, and where it is not set they say so and pass.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "it says what it leaves out")]
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use plumbline_changes::{
    Change, Code, Comparison, Direction, Effect, Format, Options, Severity, Step, compare,
};
use plumbline_specs::api::Api;
use plumbline_specs::{Input, read};
use std::fs;
use std::path::{Path, PathBuf};

fn history(vendor: &str) -> Vec<PathBuf> {
    let Some(shared) = std::env::var_os("PLUMBLINE_SHARED") else {
        eprintln!("PLUMBLINE_SHARED is not set: {vendor}'s history is not compared");
        return Vec::new();
    };
    let folder = Path::new(&shared)
        .join("vendor")
        .join(vendor)
        .join("history");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the history")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn api(bytes: &[u8]) -> Api {
    let input = Input {
        name: "openapi.yaml",
        bytes,
    };
    match read(input, &plumbline_specs::Options::default()) {
        Ok(reading) => reading.api,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

/// Compares each version with the next and checks what holds of all changes; gives them by the
/// date of the newer version.
fn walk(vendor: &str) -> Vec<(String, Vec<Change>)> {
    let files = history(vendor);
    let versions: Vec<(String, Vec<u8>, Api)> = files
        .iter()
        .map(|file| {
            let bytes = fs::read(file).expect("a version");
            let date = file.file_stem().and_then(|stem| stem.to_str());
            let api = api(&bytes);
            (date.expect("a date").to_owned(), bytes, api)
        })
        .collect();
    let mut found = Vec::new();
    for pair in versions.windows(2) {
        let [(old_date, old_bytes, old), (date, bytes, new)] = pair else {
            continue;
        };
        let changes = compare(old, new, Options::default());
        assert!(
            !changes.is_empty(),
            "nothing changed from {old_date} to {date}"
        );
        for change in &changes {
            assert_ne!(change.code, Code::RustUnexplained, "{date}: {change:?}");
            assert!(!change.client.reason.is_empty(), "{change:?}");
            assert!(!change.server.reason.is_empty(), "{change:?}");
            assert!(!change.rust.reason.is_empty(), "{change:?}");
            assert!(change.old.is_some() || change.new.is_some(), "{change:?}");
        }
        let comparison = Comparison {
            old: Input {
                name: old_date,
                bytes: old_bytes,
            },
            new: Input { name: date, bytes },
            changes: &changes,
        };
        let github = comparison.render(Format::Github);
        assert_eq!(github.lines().count(), changes.len());
        assert!(
            github.lines().all(|line| line.contains(",line=")),
            "a place was not found"
        );
        found.push((date.clone(), changes));
    }
    found
}

fn of<'c>(found: &'c [(String, Vec<Change>)], date: &str, code: Code) -> Vec<&'c Change> {
    let version = found.iter().find(|(own, _)| own == date);
    let changes = version.map(|(_, changes)| changes.as_slice());
    let changes = changes.unwrap_or_default().iter();
    changes.filter(|change| change.code == code).collect()
}

#[test]
fn galileo() {
    let found = walk("galileo");
    if found.is_empty() {
        return;
    }
    let [renamed] = of(&found, "2026-07-13", Code::ApiKeyRenamed)[..] else {
        panic!("the API key's header was renamed once");
    };
    assert_eq!(renamed.before.as_deref(), Some("Galileo-API-Key"));
    assert_eq!(renamed.after.as_deref(), Some("Splunk-AO-API-Key"));
    assert_eq!(renamed.client.effect, Effect::Breaks);
    assert_eq!(renamed.severity(), Severity::Client);
    assert_eq!(renamed.rust.step, Step::Patch);
    assert!(
        renamed.operations.len() > 100,
        "nearly every operation asks for the key"
    );
    // One value more for requests: no deployed client breaks.
    let [(_, small)] = found
        .iter()
        .filter(|(date, _)| date == "2026-07-01")
        .collect::<Vec<_>>()[..]
    else {
        panic!("there is such a version");
    };
    let [value] = &small[..] else {
        panic!("one change was made: {small:?}");
    };
    assert_eq!(value.code, Code::EnumValueAdded);
    assert_eq!(value.after.as_deref(), Some("\"jsonl_flat\""));
    assert_eq!(value.direction, Some(Direction::Request));
    assert_eq!(value.client.effect, Effect::Safe);
}

#[test]
fn opik() {
    let found = walk("opik");
    if found.is_empty() {
        return;
    }
    // The generator of the document changed how it calls views: nothing that is sent did.
    let renamed = of(&found, "2026-04-14", Code::SchemaRenamed);
    assert!(renamed.len() > 100, "{}", renamed.len());
    for change in renamed {
        assert_eq!(change.client.effect, Effect::Safe, "{change:?}");
        assert_eq!(change.server.effect, Effect::Safe, "{change:?}");
    }
    let removed = of(&found, "2026-07-24", Code::OperationRemoved);
    assert_eq!(removed.len(), 1);
    assert!(removed.iter().all(|change| change.is_breaking()));
}
