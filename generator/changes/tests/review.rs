//! A change of a small document beside the items that it changed, as a person goes through it.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use plumbline_changes::review::{Review, Side, html, review};
use plumbline_specs::{Input, Options, Reading, read};
use std::fs;
use std::path::Path;

fn between(old: &str, new: &str) -> Review {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review");
    let bytes = |name: &str| fs::read(folder.join(name)).expect("a document");
    let (old_bytes, new_bytes) = (bytes(old), bytes(new));
    let input = |name, bytes| Input { name, bytes };
    let (old, new) = (input(old, &old_bytes), input(new, &new_bytes));
    let reading = |input| -> Reading { read(input, &Options::default()).expect("a reading") };
    let (before, after) = (reading(old), reading(new));
    let sides = [(old, &before), (new, &after)].map(|(input, reading)| Side {
        input,
        api: &reading.api,
    });
    review(sides[0], sides[1])
}

#[test]
fn for_a_terminal() {
    insta::assert_snapshot!(between("old.yaml", "new.yaml").text(false));
}

#[test]
fn as_a_page() {
    let review = between("old.yaml", "new.yaml");
    let page = html(&[("shop".to_owned(), review)]).expect("a page");
    let body = page.split_once("<body>").expect("a body").1;
    assert!(!body.contains("<b>words"), "prose is not markup");
    insta::assert_snapshot!(body);
}

#[test]
fn nothing_is_nothing() {
    assert!(between("old.yaml", "old.yaml").is_empty());
    assert!(!between("old.yaml", "new.yaml").is_empty());
}

#[test]
fn colours_are_asked_for() {
    let review = between("old.yaml", "new.yaml");
    assert!(review.text(true).contains("\u{1b}[32m"));
    assert!(!review.text(false).contains('\u{1b}'));
}
