//! What is emitted for each document of `specs/features`: what a reviewer reads when the generator
//! changes.
//!
//! Left out is what says nothing of the feature: the runtime, the manifest and the README, the
//! header line, a `client.rs` that is the one of a document that asks for nothing.

#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use plumbline_generator::rust::Layout;
use plumbline_generator::{Files, Generated, Options, Source, generate};
use plumbline_specs::{Diagnostics, Input, Pointer, read};
use std::fmt::Write as _;
use std::fs;

/// A client of this document; its files are under `src/api` where it is a module.
fn client(name: &str, bytes: &[u8], layout: Layout) -> Generated {
    let input = Input { name, bytes };
    let api = match read(input, &Default::default()) {
        Ok(reading) => reading.api,
        Err(diagnostics) => panic!("{name}: {diagnostics:?}"),
    };
    let source = Source {
        name: "api",
        file: name,
        api: &api,
    };
    let options = Options {
        package: "api".to_owned(),
        version: "0.0.0".to_owned(),
        layout,
        command: "cargo test".to_owned(),
    };
    generate(&[source], &options)
}

/// A document that asks for nothing.
const BARE: &str = "
openapi: 3.0.3
info: {title: TITLE, version: '1'}
paths: {/a: {get: {responses: {'204': {description: Nothing.}}}}}
";

/// The files as one text, without what says nothing of the feature.
fn shown(files: &Files, title: &str) -> String {
    let bare = BARE.replace("TITLE", title);
    let bare = client("bare.yaml", bare.as_bytes(), Layout::Modules).files;
    let mut shown = String::new();
    for (path, text) in files.iter() {
        let Some(name) = path.strip_prefix("src/api/") else {
            continue;
        };
        let body = body(text);
        if name == "mod.rs" {
            // Its items follow from the other files; the document's own words do not.
            let docs = text.lines().filter(|line| line.starts_with("//!"));
            for (index, line) in docs.skip(2).enumerate() {
                if index == 0 {
                    let _ = writeln!(shown, "// ---- {name}");
                }
                let _ = writeln!(shown, "{line}");
            }
        } else if bare.get(path).map(self::body) != Some(body) {
            let _ = write!(shown, "// ---- {name}\n{body}");
        }
    }
    shown
}

/// A file below its header and its own documentation.
fn body(text: &str) -> &str {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        if !(line.is_empty() || line.starts_with("//")) {
            break;
        }
        rest = after;
    }
    rest
}

/// Diagnostics, one a line.
fn said(diagnostics: &Diagnostics) -> String {
    let mut said = String::new();
    for diagnostic in diagnostics.iter() {
        let pointer = diagnostic.place.pointer.as_ref();
        let pointer = pointer.map(Pointer::as_str).unwrap_or_default();
        let _ = writeln!(said, "// {} {pointer}", diagnostic.code);
    }
    if !said.is_empty() {
        said.insert_str(0, "// ---- diagnostics\n");
    }
    said
}

#[test]
fn a_large_document_has_a_feature_for_each_tag() {
    let document = include_bytes!("../../specs/features/tags.yaml");
    let files = client("tags.yaml", document, Layout::Root).files;
    let text = |path: &str| {
        let found = files.iter().find(|(name, _)| *name == path);
        found.map_or_else(String::new, |(_, text)| text.to_owned())
    };
    let manifest = text("Cargo.toml");
    let features = manifest.split("[dependencies]").next().unwrap_or_default();
    let features = features.split("[features]\n").nth(1).unwrap_or_default();
    let operations = text("src/operations.rs");
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(format!("{features}{}", body(&operations)));
    });
}

#[test]
fn each_feature_is_emitted_as_before() {
    insta::glob!("../../specs/features", "*.yaml", |path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        let document = fs::read_to_string(path).expect("a document");
        assert!(
            document.lines().count() <= 40,
            "{name} has more than 40 lines"
        );
        let title = document
            .lines()
            .find_map(|line| line.strip_prefix("info: {title: "))
            .and_then(|line| line.split(',').next())
            .unwrap_or_default();
        let client = client(&name, document.as_bytes(), Layout::Modules);
        let shown = shown(&client.files, title) + &said(&client.diagnostics);
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(shown);
        });
    });
}
