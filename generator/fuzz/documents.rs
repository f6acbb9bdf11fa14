//! Documents that nobody wrote go the whole way, and nothing panics: bytes as they come, or a
//! feature document with several of its nodes deleted or replaced.

#![no_main]

#[path = "../tests/mutate/mod.rs"]
mod mutate;

use libfuzzer_sys::fuzz_target;
use mutate::{documents, mutate, pointers, whole_way};
use plumbline_specs::{Input, read};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The feature documents, or those of the folder that `PLUMBLINE_FUZZ` names.
fn all() -> &'static [(PathBuf, Value)] {
    static ALL: OnceLock<Vec<(PathBuf, Value)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let features = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/features");
        let folder = std::env::var_os("PLUMBLINE_FUZZ").map_or(features, PathBuf::from);
        documents(&folder, u64::MAX)
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else {
        return;
    };
    if choice == 0 {
        let input = Input {
            name: "bytes",
            bytes: data,
        };
        if let Ok(reading) = read(input, &Default::default()) {
            whole_way(&reading.raw).expect("code that can be parsed");
        }
        return;
    }
    let documents = all();
    let mut value = documents[usize::from(choice) % documents.len()].1.clone();
    // Two bytes for the node, one for what becomes of it.
    for step in data.chunks_exact(3).take(8) {
        let mut places = Vec::new();
        pointers(&value, "", &mut places);
        if places.is_empty() {
            return;
        }
        let node = usize::from(step[0]) << 8 | usize::from(step[1]);
        mutate(&mut value, &places[node % places.len()], usize::from(step[2] % 5));
    }
    whole_way(&value).expect("code that can be parsed");
});
