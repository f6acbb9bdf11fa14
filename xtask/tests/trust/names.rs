//! No name of a document decides a path or escapes into a file.

use crate::hostile::{cargo, files, package, text};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn no_name_decides_a_path() {
    let mut met = BTreeSet::new();
    for path in files(package()) {
        let path = path.strip_prefix(package()).unwrap();
        let name = path.to_str().unwrap();
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.');
        assert!(name.chars().all(known) && !name.contains(".."), "{name:?}");
        assert!(name.len() < 100, "{name}");
        assert!(met.insert(name.to_ascii_lowercase()), "{name} comes twice");
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let device = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        assert!(
            !["con", "nul", "com", "prn", "aux", "lpt"].contains(&device),
            "{name}"
        );
    }
    let operations: Vec<&String> = met
        .iter()
        .filter(|name| name.starts_with("src/operations/"))
        .collect();
    // Ten texts, of which two have the same words, and nineteen tags, of which two differ in case
    // alone and two in how an umlaut is spelt.
    assert_eq!(operations.len(), 26, "{operations:#?}");
}

#[test]
fn every_name_compiles() {
    let output = cargo("check", &["--lib"]);
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn no_character_of_a_name_is_obeyed() {
    for path in files(package()) {
        let text = fs::read_to_string(&path).unwrap();
        let found = text
            .chars()
            .find(|c| plumbline_specs::is_hidden(*c) && !matches!(c, '\n' | '\t'));
        assert_eq!(found, None, "{}", path.display());
    }
}
