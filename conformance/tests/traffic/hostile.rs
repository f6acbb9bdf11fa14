//! Files that are none, broken in a thousand ways: a diagnostic, never a panic.

use super::{file, options, phoenix};
use plumbline_conformance::{record, traffic};

#[test]
fn what_is_no_traffic_is_said_with_its_place() {
    for (text, code, line) in [
        ("{}", "unknown-traffic", 1),
        ("[1]", "unknown-traffic", 1),
        ("{\n \"log\": {\"entries\": 3}}", "not-har", 1),
        ("{\n \"log\": ", "syntax", 2),
        ("", "empty-document", 1),
        ("\u{0}", "syntax", 1),
    ] {
        let faults = traffic::read(text.as_bytes(), "x.har").unwrap_err();
        let fault = &faults[0];
        assert_eq!(fault.code.as_str(), code, "{text:?}: {faults:#?}");
        assert_eq!(fault.place.file, "x.har");
        if let Some(position) = fault.place.position {
            assert_eq!(position.line, line, "{text:?}: {faults:#?}");
        }
    }
    let broken = b"{\"log\": {\"entries\": [\n3,\n{\"request\": {\"url\": 7}, \"response\": {}},\n{\"request\": {\"url\": \"http://h/\"}, \"response\": {\"status\": 200}}]}}";
    let traffic = traffic::read(broken, "x.har").unwrap();
    let found: Vec<_> = traffic
        .notes
        .iter()
        .map(|note| (note.code.as_str(), note.place.position.unwrap().line))
        .collect();
    assert_eq!(
        found,
        [("har-entry", 2), ("har-entry", 3), ("har-entry", 4)]
    );
}

/// Every value of an archive becomes something else, one at a time.
#[test]
fn no_archive_makes_a_panic() {
    let contract = phoenix();
    let mut tried = 0;
    for name in ["devtools.har", "betamax.json"] {
        let value: serde_json::Value = serde_json::from_slice(&file(name)).unwrap();
        let mut pointers = Vec::new();
        collect(&value, String::new(), &mut pointers);
        for (index, pointer) in pointers.iter().enumerate() {
            let others = [
                serde_json::json!(null),
                serde_json::json!(-1),
                serde_json::json!("\u{0}%ff$${x}://[::"),
                serde_json::json!([{}]),
                serde_json::json!({"string": 1e300}),
            ];
            let mut broken = value.clone();
            *broken.pointer_mut(pointer).unwrap() = others[index % others.len()].clone();
            let bytes = broken.to_string();
            // Judging is what takes long.
            if let Ok(traffic) = traffic::read(bytes.as_bytes(), name)
                && index % 4 == 0
                && let Ok(recording) = record::recording(&contract, &traffic, &options())
                && let Some(fixture) = recording.fixture
            {
                super::fixture::save(&fixture).unwrap();
            }
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

fn collect(value: &serde_json::Value, pointer: String, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{index}"), found);
            }
        }
        serde_json::Value::Object(members) => {
            for (key, member) in members {
                collect(
                    member,
                    format!("{pointer}/{}", key.replace('/', "~1")),
                    found,
                );
            }
        }
        _ => {}
    }
    found.push(pointer);
}
