//! The vendors' fixtures: each loads, fits its document, and together they cover it.

use plumbline_conformance::{Contract, embedded, fixture};
use plumbline_specs::{Input, Severity};
use std::collections::BTreeSet;

fn contract(vendor: &embedded::Vendor) -> Contract {
    Contract::new(vendor.read().unwrap()).unwrap()
}

#[test]
fn every_fixture_fits_its_document() {
    let mut faults = Vec::new();
    for vendor in embedded::VENDORS {
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
fn shown(vendor: &embedded::Vendor, contract: &Contract) -> BTreeSet<(String, String)> {
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
    for vendor in embedded::VENDORS {
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
    for vendor in embedded::VENDORS {
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
