//! What is suggested for small documents, for our vendors' and for labelled ones.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use plumbline_specs::suggest::score::{Score, labels};
use plumbline_specs::suggest::{Confidence, Kind};
use plumbline_specs::{Input, Options, Reading, Suggestions, is_hidden, read, suggest};
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

fn reading(bytes: &[u8], overlay: Option<&str>) -> Reading {
    let input = Input {
        name: "openapi.yaml",
        bytes,
    };
    let overlay = overlay.map(|text| Input {
        name: "overlay.yaml",
        bytes: text.as_bytes(),
    });
    let options = Options {
        overlay,
        ..Options::default()
    };
    read(input, &options).expect("a document that can be read")
}

/// Reads a document with what is suggested for it: nothing more may be wrong with it.
fn applies(bytes: &[u8], suggestions: &Suggestions) {
    let overlay = suggestions.overlay().expect("an overlay");
    if suggestions.certain() == 0 {
        return;
    }
    let before = reading(bytes, None).diagnostics;
    let after = reading(bytes, Some(&overlay)).diagnostics;
    let known: Vec<_> = before.iter().map(|one| one.code).collect();
    for one in &after {
        assert!(known.contains(&one.code), "{one:?} is new in\n{overlay}");
    }
}

#[test]
fn small_documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::glob!(folder, "suggest/*.yaml", |path| {
            let bytes = fs::read(path).expect("the document");
            let suggestions = suggest(&reading(&bytes, None));
            applies(&bytes, &suggestions);
            insta::assert_snapshot!("suggest", suggestions.overlay().expect("an overlay"));
        });
    });
}

#[test]
fn what_is_mended_is_not_suggested_again() {
    for name in ["dialect", "page", "cursor-below", "names", "strings-3.1"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("suggest/{name}.yaml"));
        let bytes = fs::read(path).expect("the document");
        let first = suggest(&reading(&bytes, None));
        let overlay = first.overlay().expect("an overlay");
        let again = suggest(&reading(&bytes, Some(&overlay)));
        assert!(first.certain() > 0, "{name}");
        assert_eq!(again.certain(), 0, "{name}: {again:?}");
    }
}

/// The members of a profile that a document shows.
const SHOWN: [&str; 9] = [
    "style", "number", "size", "offset", "limit", "cursor", "next", "total", "items",
];

fn shown(profile: &Map<String, Value>) -> Vec<(&'static str, &str)> {
    SHOWN
        .iter()
        .filter_map(|key| Some((*key, profile.get(*key)?.as_str()?)))
        .collect()
}

#[test]
fn the_vendors_profiles_are_found() {
    for (vendor, lists) in [("opik", 1), ("galileo", 2), ("phoenix", 5)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(vendor);
        let bytes = fs::read(folder.join("openapi.yaml")).expect("our document");
        let overlay = fs::read_to_string(folder.join("overlay.yaml")).expect("our overlay");
        let suggestions = suggest(&reading(&bytes, None));
        applies(&bytes, &suggestions);
        let ours = reading(&bytes, Some(&overlay));
        let mut found = 0;
        for operation in &ours.api.operations {
            let own = ours.raw.pointer(operation.place.as_str());
            let own = own.and_then(|own| own.get("x-pagination"));
            let suggested = suggestions.paging().find(|one| {
                one.operation == Some(operation.label()) && one.confidence == Confidence::Certain
            });
            let own = own.and_then(Value::as_object).map(shown);
            let suggested = suggested.and_then(|one| one.profile()).map(shown);
            assert_eq!(suggested, own, "{vendor} {}", operation.label());
            found += usize::from(own.is_some());
        }
        assert_eq!(found, lists, "{vendor}");
    }
}

#[test]
fn the_vendors_collections_are_not_contradicted() {
    for vendor in ["opik", "galileo", "phoenix"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(vendor);
        let bytes = fs::read(folder.join("openapi.yaml")).expect("our document");
        let overlay = fs::read_to_string(folder.join("overlay.yaml")).expect("our overlay");
        let ours = reading(&bytes, Some(&overlay));
        let suggestions = suggest(&reading(&bytes, None));
        let certain = suggestions
            .list
            .iter()
            .filter(|one| one.kind == Kind::Resources && one.confidence == Confidence::Certain);
        let mut compared = 0;
        for one in certain {
            let operation = ours
                .api
                .operations
                .iter()
                .find(|operation| Some(operation.label()) == one.operation)
                .expect("the operation");
            let own = ours.raw.pointer(operation.place.as_str());
            let own = own.and_then(|own| own.get("x-resource"));
            let own = own.unwrap_or_else(|| panic!("{vendor} {}", operation.label()));
            let suggested = &one.actions[0]["update"]["x-resource"];
            for key in ["role", "id"] {
                assert_eq!(suggested[key], own[key], "{vendor} {}", operation.label());
            }
            compared += 1;
        }
        assert!(compared > 2, "{vendor}");
    }
}

#[test]
fn what_is_certain_is_right() {
    let Some(shared) = std::env::var_os("PLUMBLINE_SHARED").filter(|value| !value.is_empty())
    else {
        eprintln!("PLUMBLINE_SHARED is not set: the labelled documents are not looked at");
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(folder.join("labels.tsv")).expect("the labels");
    let labels = labels(&text).expect("labels");
    let mut documents: Vec<&str> = labels.iter().map(|one| one.document.as_str()).collect();
    documents.dedup();
    assert_eq!(documents.len(), 10);
    let mut score = Score::default();
    for document in documents {
        let path = Path::new(&shared).join("corpus").join(document);
        let suggestions = suggest(&reading(&fs::read(path).expect("a document"), None));
        let own = labels.iter().filter(|label| label.document == document);
        score.add(own, &suggestions);
    }
    assert_eq!(score.labels, labels.len());
    assert!(score.precision() >= Some(95.0), "{score:?}");
    assert!(score.recall() >= Some(80.0), "{score:?}");
}

#[test]
fn no_document_makes_a_suggestion_fail() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
    for entry in fs::read_dir(folder).expect("a folder") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("a document");
        let suggestions = suggest(&reading(&bytes, None));
        applies(&bytes, &suggestions);
    }
}

#[test]
fn odd_names_make_an_overlay_all_the_same() {
    let parameters = r#"[
        {"name": "page\u0007 #'\"\n", "in": "query", "schema": {"type": "integer", "default": 1}},
        {"name": "size\ufeff\u202e: {{", "in": "query", "schema": {"type": "integer"}},
        {"name": "it's\u0001\\", "in": "query", "schema": {"type": "string", "example": "[1]"}}]"#;
    let document = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "Odd\u0000\n- \u202enames", "version": "1"}},
        "paths": {{"/a'b\u0007\\": {{"get": {{"operationId": "x'y\n\u0008\u2066", "parameters": {parameters},
        "responses": {{"200": {{"description": "", "content": {{"application/json": {{"schema":
        {{"type": "array", "items": {{"type": "string"}}}}}}}}}}}}}}}}}}}}"#
    );
    let suggestions = suggest(&reading(document.as_bytes(), None));
    assert_eq!(suggestions.certain(), 2, "{suggestions:?}");
    applies(document.as_bytes(), &suggestions);
    // A person goes through it: what it does is to be seen.
    let overlay = suggestions.overlay().expect("an overlay");
    let hidden = overlay.chars().find(|c| is_hidden(*c) && *c != '\n');
    assert_eq!(hidden, None, "{overlay}");
    assert!(overlay.contains("\\u{202e}names"), "{overlay}");
}
