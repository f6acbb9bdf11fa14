//! The vendors' fixtures: each loads, fits its document, and together they cover it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Contract, fixture};
use plumbline_reference::{VENDORS, Vendor, vendor};
use plumbline_specs::{Diagnostics, Input, Severity};
use std::collections::BTreeSet;

fn contract(vendor: &'static Vendor) -> Contract {
    vendor.contract().unwrap()
}

#[test]
fn every_fixture_fits_its_document() {
    let mut faults = Vec::new();
    for vendor in VENDORS {
        let contract = contract(vendor);
        assert!(!vendor.fixtures.is_empty(), "{} has fixtures", vendor.name);
        for (name, bytes) in vendor.fixtures {
            let name = format!("{}/{name}", vendor.name);
            let found = match fixture::load(bytes, &name) {
                Err(found) => found,
                Ok(fixture) => fixture::check(&contract, &fixture),
            };
            for fault in found {
                if fault.severity < Severity::Error {
                    continue;
                }
                let place = fault.place.pointer.unwrap_or_default();
                faults.push(format!("{name}#{place}: {}: {}", fault.code, fault.message));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What the fixtures of a vendor show: the operation and the key of `responses`.
fn shown(vendor: &Vendor, contract: &Contract) -> BTreeSet<(String, String)> {
    let mut shown = BTreeSet::new();
    for (name, bytes) in vendor.fixtures {
        let fixture = fixture::load(bytes, name).unwrap();
        for step in &fixture.exchanges {
            let operation = contract.operation(&step.operation).unwrap();
            // The closest key counts: the code, then its range, then `default`.
            let key = operation
                .responses
                .iter()
                .map(|response| response.status)
                .filter(|status| status.covers(step.response.status))
                .min();
            if let Some(key) = key {
                shown.insert((operation.label(), key.to_string()));
            }
        }
    }
    shown
}

#[test]
fn every_documented_status_is_shown_or_named() {
    let list = include_bytes!("../fixtures/uncovered.yaml");
    let list = plumbline_specs::value(Input {
        name: "uncovered.yaml",
        bytes: list,
    })
    .unwrap();
    let mut faults = Vec::new();
    for vendor in VENDORS {
        let contract = contract(vendor);
        let shown = shown(vendor, &contract);
        let mut missing: BTreeSet<(String, String)> = contract
            .api
            .operations
            .iter()
            .flat_map(|operation| {
                operation
                    .responses
                    .iter()
                    .map(|response| (operation.label(), response.status.to_string()))
            })
            .collect();
        missing.retain(|pair| !shown.contains(pair));
        for entry in list[vendor.name].as_array().unwrap() {
            let text = |key: &str| match &entry[key] {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert!(!text("reason").is_empty());
            let before = missing.len();
            missing.retain(|(operation, status)| {
                *status != text("status")
                    || (text("operation") != "any" && *operation != text("operation"))
            });
            if missing.len() == before {
                faults.push(format!("{}: {entry} covers nothing", vendor.name));
            }
        }
        for (operation, status) in missing {
            faults.push(format!(
                "{}: nothing shows {status} of {operation}",
                vendor.name
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_saved_loads_as_the_same() {
    for vendor in VENDORS {
        for (name, bytes) in vendor.fixtures {
            let fixture = fixture::load(bytes, name).unwrap();
            let saved = fixture::save(&fixture).unwrap();
            assert_eq!(
                fixture::load(saved.as_bytes(), name).unwrap(),
                fixture,
                "{name}"
            );
            let again = fixture::save(&fixture::load(saved.as_bytes(), name).unwrap()).unwrap();
            assert_eq!(again, saved, "{name}");
        }
    }
}

/// The samples of a folder: name and contents.
fn samples(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(folder);
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

fn value(bytes: &[u8], name: &str) -> serde_json::Value {
    plumbline_specs::value(Input { name, bytes }).unwrap()
}

/// The schema and the loader's own types are written apart and must say the same.
#[test]
fn the_schema_and_the_types_accept_the_same() {
    let schema: serde_json::Value = serde_json::from_str(fixture::SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let bad = samples("bad");
    let good = samples("good");
    assert!(bad.len() > 20 && good.len() > 1);
    for (accepted, (name, bytes)) in good
        .iter()
        .map(|sample| (true, sample))
        .chain(bad.iter().map(|sample| (false, sample)))
    {
        let value = value(bytes, name);
        assert_eq!(schema.is_valid(&value), accepted, "{name} by the schema");
        let read = serde_json::from_value::<fixture::Fixture>(value);
        assert_eq!(read.is_ok(), accepted, "{name} by the types");
        assert_eq!(fixture::load(bytes, name).is_ok(), accepted, "{name}");
    }
    for vendor in VENDORS {
        for (name, bytes) in vendor.fixtures {
            assert!(schema.is_valid(&value(bytes, name)), "{name}");
        }
    }
}

#[test]
fn faults_of_the_form_name_the_line() {
    let faults: Vec<String> = samples("bad")
        .into_iter()
        .flat_map(|(name, bytes)| fixture::load(&bytes, &name).unwrap_err())
        .map(|fault| {
            let at = fault.place.position.unwrap();
            format!(
                "{}:{}:{}: {}: {}",
                fault.place.file, at.line, at.column, fault.code, fault.message
            )
        })
        .collect();
    insta::assert_snapshot!(faults.join("\n"));
}

/// Faults that only a document can show; the fixture's lines are literal.
#[test]
fn faults_against_a_document_name_the_line() {
    const FIXTURE: &str = "\
about: Every fault.
provenance: {written: To test.}
values: {unused: x, id: 0190b2a0-0000-7000-8000-000000000001}
exchanges:
  - id: operation
    operation: findExperiment
    request: {method: GET, path: /v1/private/experiments}
    response: {status: 200}
  - id: method
    operation: findExperiments
    request: {method: POST, path: /v1/private/experiments}
    response: {status: 200}
  - id: path
    operation: findExperiments
    request: {method: GET, path: /v1/private/nothing}
    response: {status: 200}
  - id: parameter
    operation: findExperiments
    request: {method: GET, path: /v1/private/experiments, query: [[page, '0']]}
    response: {status: 200}
  - id: not-invalid
    operation: findExperiments
    request: {method: GET, path: /v1/private/experiments, invalid: it is not}
    response: {status: 200}
  - id: response
    operation: getExperimentById
    request: {method: GET, path: '/v1/private/experiments/${id}'}
    response: {status: 200, body: {json: {id: 5}}}
    capture: {id: $response.body#/id, other: $response.body#/id}
  - id: comparison
    operation: getExperimentById
    request: {method: GET, path: '/v1/private/experiments/${id}'}
    response: {status: 200, body: {json: {name: a}}}
    compare: [{at: $.name, equals: b}]
  - id: writes
    operation: deleteExperimentsById
    request:
      method: POST
      path: /v1/private/experiments/delete
      body: {json: {ids: ['${id}']}}
    response: {status: 204}
";
    let faults = |text: &str| {
        let input = Input {
            name: "life.yaml",
            bytes: text.as_bytes(),
        };
        let fixture = fixture::load(input.bytes, input.name).unwrap();
        let contract = contract(vendor("opik").unwrap());
        let mut faults: Diagnostics = fixture::check(&contract, &fixture).into_iter().collect();
        plumbline_specs::find_positions(&mut faults, &[input]);
        faults.sort();
        let lines: Vec<String> = faults
            .into_iter()
            .map(|fault| {
                let at = fault.place.position.unwrap();
                format!(
                    "{}:{}: {}: {}",
                    at.line, at.column, fault.code, fault.message
                )
            })
            .collect();
        lines.join("\n")
    };
    let unbound = FIXTURE
        .replace(
            "/v1/private/experiments/${id}",
            "/v1/private/experiments/${ids}",
        )
        .replace("other: $response.body#/id", "other: $response.body#/none");
    insta::assert_snapshot!(format!(
        "{}\n\nunbound:\n{}",
        faults(FIXTURE),
        faults(&unbound)
    ));
}
