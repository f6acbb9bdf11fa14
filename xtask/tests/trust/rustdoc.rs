//! No text of a document becomes code or markup in the documentation.

use crate::hostile::{MARKER, cargo, files, package, target, text};
use std::fs;

/// rustdoc looks for tests in what `cargo test --doc` would compile, were it not switched off; then
/// it writes its pages.
#[test]
fn no_text_becomes_a_test_or_markup() {
    let manifest = fs::read_to_string(package().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("[lib]\ndoctest = false\n"), "{manifest}");
    let output = cargo("rustdoc", &["--lib", "--", "--test"]);
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("running 0 tests"), "{said}");
    let output = cargo("doc", &["--no-deps"]);
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
    let mut shown = 0;
    for path in files(&target().join("doc/hostile")) {
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let page = fs::read_to_string(&path).unwrap();
        shown += page.matches(MARKER).count();
        for tag in page.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            // rustdoc's own tags name what they link to and describe, in attributes.
            let live = tag.starts_with("img") && tag.contains(MARKER)
                || tag.contains("href=\"javascript:")
                || tag.starts_with("script") && page.contains("<script>alert(");
            assert!(!live, "{}: <{tag}>", path.display());
        }
    }
    assert!(shown > 100, "the texts are shown {shown} times");
}

/// Where a package is shown is a question of Markdown too.
#[test]
fn the_readme_shows_a_title_as_text() {
    let readme = fs::read_to_string(package().join("README.md")).unwrap();
    let unescaped = |mark: &str| {
        readme
            .match_indices(mark)
            .any(|(at, _)| !readme[..at].ends_with('\\') && !in_code(&readme[..at]))
    };
    for mark in ["<script", "<img", "[x]", "```rust\n"] {
        assert!(!unescaped(mark), "{mark} is alive in:\n{readme}");
    }
}

/// Whether what follows stands in the one block of code.
fn in_code(before: &str) -> bool {
    before.matches("\n```").count() % 2 == 1
}
