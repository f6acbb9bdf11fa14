//! One node of a document deleted or replaced, and the whole way from what remains to files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]
#![allow(dead_code, reason = "the fuzz target takes a part of it")]

use plumbline_generator::rust::Layout;
use plumbline_generator::{Options, Source, generate};
use plumbline_specs::{Input, read, value};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The documents of a folder that are no larger than so many bytes, by path.
pub(crate) fn documents(folder: &Path, largest: u64) -> Vec<(PathBuf, Value)> {
    let mut paths: Vec<PathBuf> = folder
        .read_dir()
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|it| it == "yaml" || it == "json")
        })
        .filter(|path| path.metadata().expect("a file").len() <= largest)
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

/// A document of one operation, with what it refers to: small, so that many can be tried.
pub(crate) fn piece(whole: &Value, numbers: &mut Numbers) -> Value {
    let mut piece = Map::new();
    for (key, value) in whole.as_object().expect("a document") {
        match key.as_str() {
            "paths" => {
                let paths = value.as_object().expect("paths");
                if let Some((path, item)) = paths.iter().nth(numbers.below(paths.len().max(1))) {
                    piece.insert(key.clone(), json!({ path: item }));
                }
            }
            "components" | "definitions" | "parameters" | "responses" | "webhooks" | "tags" => {}
            _ => drop(piece.insert(key.clone(), value.clone())),
        }
    }
    let mut piece = Value::Object(piece);
    let mut left = references(&piece);
    let mut known = BTreeSet::new();
    while let Some(pointer) = left.pop() {
        let Some(target) = whole.pointer(&pointer) else {
            continue;
        };
        if known.insert(pointer.clone()) {
            left.extend(references(target));
            put(&mut piece, &pointer, target);
        }
    }
    if let Some(schemes) = whole.pointer("/components/securitySchemes") {
        put(&mut piece, "/components/securitySchemes", schemes);
    }
    piece
}

/// The pointers of the local references in a value.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|it| it.strip_prefix('#')).map(str::to_owned);
            own.into_iter()
                .chain(map.values().flat_map(references))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Puts a value where a pointer leads, with the maps above it.
fn put(root: &mut Value, pointer: &str, value: &Value) {
    let mut at = root;
    for token in pointer.split('/').skip(1) {
        let Value::Object(map) = at else {
            return;
        };
        let token = token.replace("~1", "/").replace("~0", "~");
        at = map.entry(token).or_insert_with(|| json!({}));
    }
    at.clone_from(value);
}

/// A fixed sequence of numbers (SplitMix64).
#[derive(Debug)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// The next one, below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// The pointers of all nodes below the root.
pub(crate) fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
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
pub(crate) fn mutate(value: &mut Value, pointer: &str, kind: usize) -> String {
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
pub(crate) fn whole_way(value: &Value) -> Result<(), String> {
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
