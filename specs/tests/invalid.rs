//! Documents that must fail, and how: `specs/invalid/<stage>/`.
//!
//! Beside `name.yaml` may stand its overlay, `name.overlay.yaml`; a first line `# select: a, b`
//! gives selectors.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use plumbline_specs::{Input, Options, Selector, read, render};
use std::fs;
use std::path::Path;

fn rendered(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.expect("a file name");
    let bytes = fs::read(path).expect("the document");
    let input = Input {
        name,
        bytes: &bytes,
    };
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let overlay_name = format!("{}.overlay.yaml", stem.expect("a file stem"));
    let overlay = fs::read(path.with_file_name(&overlay_name)).ok();
    let overlay = overlay.as_ref().map(|bytes| Input {
        name: &overlay_name,
        bytes,
    });
    let first = bytes.split(|byte| *byte == b'\n').next();
    let select = first
        .and_then(|line| line.strip_prefix(b"# select: "))
        .map(|line| String::from_utf8_lossy(line).into_owned());
    let select = select.iter().flat_map(|line| line.split(", "));
    let options = Options {
        overlay,
        select: select.map(Selector::parse).collect(),
        strict: true,
        ..Options::default()
    };
    let found = read(input, &options).expect_err("the document must not be read");
    let sources: Vec<Input<'_>> = [Some(input), overlay].into_iter().flatten().collect();
    render(&found, &sources)
}

fn stage(stage: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("invalid");
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::glob!(folder, &format!("{stage}/*"), |path| {
            if !path.to_string_lossy().contains(".overlay.") {
                insta::assert_snapshot!(stage, rendered(path));
            }
        });
    });
}

#[test]
fn source() {
    stage("source");
}

#[test]
fn document() {
    stage("document");
}

#[test]
fn overlay() {
    stage("overlay");
}

#[test]
fn lower() {
    stage("lower");
}

#[test]
fn select() {
    stage("select");
}
