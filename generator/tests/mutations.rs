//! No document makes a panic: feature documents, and pieces of real ones, with any one node
//! deleted or replaced.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod mutate;

use mutate::{Numbers, documents, mutate, piece, pointers, whole_way};
use serde_json::Value;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// How many mutations are tried, over all documents.
const MUTATIONS: usize = 10_000;

/// How many mutations of a piece are tried before another piece is cut out.
const EACH: usize = 20;

/// How many threads share them.
const THREADS: usize = 4;

/// The largest real document that is read: a larger one takes longer than all its pieces.
const LARGEST: u64 = 1_000_000;

/// Tries mutations of what `next` gives; it is asked for another one from time to time.
fn try_all(next: impl Fn(&mut Numbers) -> (String, Value) + Sync) {
    let some_of_them = |thread: usize| {
        let mut numbers = Numbers(20_261_122 + thread as u64);
        for _ in 0..MUTATIONS / THREADS / EACH {
            let (name, whole) = next(&mut numbers);
            let mut places = Vec::new();
            pointers(&whole, "", &mut places);
            for _ in 0..EACH {
                let pointer = &places[numbers.below(places.len())];
                let mut value = whole.clone();
                let how = mutate(&mut value, pointer, numbers.below(5));
                match catch_unwind(|| whole_way(&value)) {
                    Ok(Ok(())) => {}
                    Ok(Err(found)) => panic!("{name}#{pointer} {how}: {found}"),
                    Err(_) => panic!("{name}#{pointer} {how}: a panic"),
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || some_of_them(thread));
        }
    });
}

fn any<'d>(documents: &'d [(PathBuf, Value)], numbers: &mut Numbers) -> (String, &'d Value) {
    let (path, value) = &documents[numbers.below(documents.len())];
    (path.display().to_string(), value)
}

#[test]
fn no_mutation_of_a_feature_document_makes_a_panic_or_code_that_cannot_be_parsed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/features");
    let documents = documents(&folder, u64::MAX);
    try_all(|numbers| {
        let (name, value) = any(&documents, numbers);
        (name, value.clone())
    });
}

#[test]
fn no_mutation_of_a_real_document_makes_a_panic_or_code_that_cannot_be_parsed() {
    let Some(shared) = std::env::var_os("PLUMBLINE_SHARED") else {
        eprintln!("PLUMBLINE_SHARED is not set: no real document is tried");
        return;
    };
    let documents = documents(&Path::new(&shared).join("corpus"), LARGEST);
    assert!(documents.len() > 20, "{} documents", documents.len());
    try_all(|numbers| {
        let (name, value) = any(&documents, numbers);
        (name, piece(value, numbers))
    });
}
