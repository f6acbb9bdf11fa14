//! No document makes a panic: every feature document with any one node deleted or replaced.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use plumbline_generator::rust::Layout;
use plumbline_generator::{Options, Source, generate};
use plumbline_specs::{Input, read, value};
use serde_json::{Value, json};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// How many mutations are tried, over all documents.
const MUTATIONS: usize = 10_000;

/// How many threads share them.
const THREADS: usize = 4;

fn documents() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/features");
    let mut paths: Vec<PathBuf> = folder
        .read_dir()
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).expect("a document");
        let input = Input {
            name: "document",
            bytes: &bytes,
        };
        let value = value(input).expect("a value");
        (path, value)
    };
    paths.into_iter().map(read).collect()
}

/// A fixed sequence of numbers (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// The pointers of all nodes below the root.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut below = |token: &str, value: &Value| {
        let token = token.replace('~', "~0").replace('/', "~1");
        let at = format!("{at}/{token}");
        found.push(at.clone());
        pointers(value, &at, found);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                below(&index.to_string(), value);
            }
        }
        _ => {}
    }
}

/// Deletes or replaces the node, and says how.
fn mutate(value: &mut Value, pointer: &str, kind: usize) -> String {
    let replacement = match kind {
        0 => {
            let (parent, token) = pointer.rsplit_once('/').expect("a pointer");
            let token = token.replace("~1", "/").replace("~0", "~");
            match value.pointer_mut(parent).expect("a parent") {
                Value::Object(map) => drop(map.shift_remove(&token)),
                Value::Array(items) => drop(items.remove(token.parse().expect("an index"))),
                _ => unreachable!("a node has a parent"),
            }
            return "deleted".to_owned();
        }
        1 => Value::Null,
        2 => json!(-1.5),
        3 => json!("~text/"),
        _ => json!([]),
    };
    let said = format!("replaced by {replacement}");
    *value.pointer_mut(pointer).expect("a node") = replacement;
    said
}

/// From bytes to files; says what is wrong with the generator, if something is.
fn whole_way(value: &Value) -> Result<(), String> {
    let bytes = serde_json::to_vec(value).expect("JSON");
    let input = Input {
        name: "mutated.json",
        bytes: &bytes,
    };
    let Ok(reading) = read(input, &Default::default()) else {
        return Ok(());
    };
    let source = Source {
        name: "mutated",
        file: "mutated.json",
        api: &reading.api,
    };
    let options = Options {
        package: "mutated".to_owned(),
        version: "0.1.0".to_owned(),
        layout: Layout::Root,
        command: "test".to_owned(),
    };
    let generated = generate(&[source], &options);
    match generated.diagnostics.has_errors() {
        true => Err(generated.diagnostics.to_string()),
        false => Ok(()),
    }
}

#[test]
fn no_mutation_of_a_document_makes_a_panic_or_code_that_cannot_be_parsed() {
    let documents = documents();
    let places: Vec<Vec<String>> = documents
        .iter()
        .map(|(_, value)| {
            let mut found = Vec::new();
            pointers(value, "", &mut found);
            found
        })
        .collect();
    let some_of_them = |thread: usize| {
        let mut numbers = Numbers(20_261_122 + thread as u64);
        for _ in 0..MUTATIONS / THREADS {
            let which = numbers.below(documents.len());
            let (path, value) = &documents[which];
            let pointer = &places[which][numbers.below(places[which].len())];
            let mut value = value.clone();
            let how = mutate(&mut value, pointer, numbers.below(5));
            let outcome = catch_unwind(|| whole_way(&value));
            let name = path.display();
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(found)) => panic!("{name}#{pointer} {how}: {found}"),
                Err(_) => panic!("{name}#{pointer} {how}: a panic"),
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || some_of_them(thread));
        }
    });
}
