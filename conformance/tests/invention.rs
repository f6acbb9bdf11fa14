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

/// The contract of a document that has schemas alone.
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
fn contract(schemas: serde_json::Value) -> plumbline_conformance::Contract {
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    let bytes = document.to_string().into_bytes();
    let input = plumbline_specs::Input {
        name: "document.json",
        bytes: &bytes,
    };
    let reading = plumbline_specs::read(input, &plumbline_specs::Options::default());
    plumbline_conformance::Contract::new(reading.unwrap()).unwrap()
}

/// Sixteen million values at 24 levels of two members, and no end of them where members lead back.
#[test]
fn a_value_has_no_more_members_than_anybody_sends() {
    let to = |index: usize| serde_json::json!({"$ref": format!("#/components/schemas/S{index}")});
    let object = |names: &[usize]| {
        let members = names.iter().map(|index| (format!("p{index}"), to(*index)));
        let members: serde_json::Map<String, serde_json::Value> = members.collect();
        let required: Vec<&String> = members.keys().collect();
        serde_json::json!({"type": "object", "required": required, "properties": members})
    };
    let doubled = (0..24_usize).map(|index| match index {
        23 => serde_json::json!({"type": "string"}),
        _ => {
            let own = to(index + 1);
            serde_json::json!({"required": ["a", "b"], "properties": {"a": own, "b": own}})
        }
    });
    let all: Vec<usize> = (0..100).collect();
    let mutual = (0..100_usize).map(|_| object(&all));
    for schemas in [doubled.collect::<Vec<_>>(), mutual.collect()] {
        let schemas: serde_json::Map<String, serde_json::Value> = (0..)
            .map(|index: usize| format!("S{index}"))
            .zip(schemas)
            .collect();
        let contract = contract(schemas.into());
        let (id, _) = contract.api.schemas.iter().next().unwrap();
        let inventor = contract.inventor(Direction::Request).required_only();
        let text = inventor.value(id).to_string();
        assert!(text.len() < 4_000_000, "{} bytes", text.len());
    }
}
