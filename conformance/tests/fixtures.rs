//! The vendors' fixtures: each loads, fits its document, and together they cover it.

use plumbline_conformance::{Contract, embedded, fixture};
use plumbline_specs::api::Status;
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
                let place = fault.place.pointer.unwrap_or_default();
                faults.push(format!("{name}#{place}: {}: {}", fault.code, fault.message));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
