//! What is invented from a schema is valid by that schema, for every schema of the vendors'
//! documents, in every mode.

use plumbline_conformance::Direction;
use plumbline_reference::VENDORS;

#[test]
fn inventions_are_valid_by_the_documents_own_schemas() {
    let mut checked = 0;
    let mut faults = Vec::new();
    for vendor in VENDORS {
        let contract = vendor.contract().unwrap();
        for (id, schema) in contract.api.schemas.iter() {
            // What lowering made up has no place in the document, and a stream's records take the
            // place of what its media type says.
            let place = &schema.place;
            let stands = contract.raw.pointer(schema.place.as_str()).is_some();
            let is_stream = contract
                .api
                .operations
                .iter()
                .flat_map(|operation| &operation.responses)
                .flat_map(|response| &response.content)
                .filter(|media| media.stream.is_some())
                .any(|media| {
                    let own = media.place.join("schema");
                    own == *place || own.join("items") == *place
                });
            if !stands || is_stream {
                continue;
            }
            for direction in [Direction::Request, Direction::Response] {
                let new = || contract.inventor(direction);
                let mut inventors = vec![new(), new().required_only()];
                inventors.extend((0..4).map(|seed| new().mixed().seed(seed).index(seed)));
                inventors.extend((0..8).map(|variant| new().variant(variant)));
                for inventor in inventors {
                    let value = inventor.value(id);
                    checked += 1;
                    if let Some(fault) = contract.validate(&schema.place, direction, &value).first()
                    {
                        faults.push(format!(
                            "{} {}: {} (expected {}, actual {}) at {:?} in {value}",
                            vendor.name,
                            schema.place,
                            fault.message,
                            fault.expected,
                            fault.actual,
                            fault.pointer
                        ));
                    }
                }
            }
        }
    }
    assert!(checked > 10_000, "{checked}");
    assert!(
        faults.is_empty(),
        "{} of {checked}:\n{}",
        faults.len(),
        faults
            .iter()
            .take(30)
            .map(|fault| fault.chars().take(600).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    );
}
