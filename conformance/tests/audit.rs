//! Nothing is lost on the way through the generated types: what is invented from the schemas of
//! every feature document is decoded and encoded again, and is the same.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use plumbline_conformance::Contract;
use plumbline_conformance::invent::audit::{difference, trials};
use plumbline_features::{TYPES, round_trip};
use plumbline_specs::{Input, Options, Pointer, read};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Types that do not keep every value, and why; one that does is to be taken off the list.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("constants", "Event", WRITTEN),
    ("union_const", "NameFilter", WRITTEN),
    ("union_const", "AgeFilter", WRITTEN),
];

/// An absent one reads as there.
const WRITTEN: &str = "A constant that tells the members of a union apart is written always, \
    also where the document does not demand it: servers read the tag.";

fn contract(module: &str) -> Contract {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/features");
    let name = format!("{}.yaml", module.replace('_', "-"));
    let bytes = fs::read(folder.join(&name)).unwrap();
    let input = Input {
        name: &name,
        bytes: &bytes,
    };
    Contract::new(read(input, &Options::default()).unwrap()).unwrap()
}

#[test]
fn the_types_of_every_feature_document_keep_every_value() {
    let mut contracts: HashMap<&str, Contract> = HashMap::new();
    let mut faults = String::new();
    let mut faulty: Vec<(&str, &str)> = Vec::new();
    let (mut types, mut values) = (0, 0);
    for (module, name, place) in TYPES {
        let contract = contracts.entry(module).or_insert_with(|| contract(module));
        let place = Pointer::parse(place).unwrap();
        let at = |schemas: &plumbline_specs::api::Schemas| {
            let mut all = schemas.iter().filter(|(_, schema)| schema.place == place);
            let first = all.next().map(|(id, _)| id);
            first.filter(|_| all.next().is_none())
        };
        // The part of a schema that shares its place is tried with the type that holds it.
        let Some(schema) = at(&contract.api.schemas) else {
            continue;
        };
        types += 1;
        for trial in trials(contract, &contract.api.schema_usage(), schema, &place) {
            values += 1;
            let sent = trial.value.to_string();
            let fault = match round_trip(module, name, &sent).unwrap() {
                Err(error) => Some(error),
                Ok(text) => {
                    let came: Value = serde_json::from_str(&text).unwrap();
                    let found = difference(&trial.value, &came);
                    found.map(|(at, one, other)| format!("at `{at}` {one} became {other}"))
                }
            };
            if let Some(fault) = fault {
                if !faulty.contains(&(module, name)) {
                    faulty.push((module, name));
                }
                let _ = writeln!(faults, "{module}::{name}: {sent}\n    {fault}");
            }
        }
    }
    assert!(types > 50 && values > 500, "{types} types, {values} values");
    for (module, name, _) in EXCEPTIONS {
        assert!(
            faulty.contains(&(module, name)),
            "{module}::{name} keeps every value: take it off the list"
        );
    }
    let known = |(module, name): &(&str, &str)| {
        EXCEPTIONS
            .iter()
            .any(|(one, other, _)| one == module && other == name)
    };
    assert!(faulty.iter().all(known), "{faults}");
}
