//! Requests and replies held against documents of both dialects.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Contract, Direction, Reply, Request, Severity, Values};
use plumbline_specs::{Input, Options, Pointer};
use serde_json::{Value, json};

const MODERN: &str = include_str!("samples/modern.yaml");
const OLD: &str = include_str!("samples/old.yaml");

fn contract(document: &str) -> Contract {
    let input = Input {
        name: "sample.yaml",
        bytes: document.as_bytes(),
    };
    let reading =
        plumbline_specs::read(input, &Options::default()).unwrap_or_else(|found| panic!("{found}"));
    Contract::new(reading).unwrap()
}

/// Severity, message and pointer of what is wrong with a value of a component.
fn faults(document: &str, schema: &str, direction: Direction, value: &Value) -> Vec<String> {
    let place = Pointer::parse(&format!("/components/schemas/{schema}")).unwrap();
    contract(document)
        .validate(&place, direction, value)
        .iter()
        .map(|violation| {
            let mark = if violation.severity == Severity::Warning {
                "?"
            } else {
                ""
            };
            format!(
                "{mark}{}: {}",
                violation.pointer.as_deref().unwrap_or_default(),
                violation.message
            )
        })
        .collect()
}

fn modern(schema: &str, value: Value) -> Vec<String> {
    faults(MODERN, schema, Direction::Response, &value)
}

fn old(schema: &str, value: Value) -> Vec<String> {
    faults(OLD, schema, Direction::Response, &value)
}

const NONE: [&str; 0] = [];

#[test]
fn keywords_of_3_0_are_honoured_in_either_dialect() {
    for document in [MODERN, OLD] {
        let describe = |schema, value| faults(document, schema, Direction::Response, &value);
        assert_eq!(describe("Above", json!(0.1)), NONE);
        assert_eq!(describe("Above", json!(0)), [": the number is too small"]);
        assert_eq!(describe("NotBelow", json!(0)), NONE);
        assert_eq!(describe("NullableText", Value::Null), NONE);
        assert_eq!(
            describe("NullableText", json!(1)),
            [": the value is a number"]
        );
        assert_eq!(describe("NullableEnum", Value::Null), NONE);
        assert_eq!(
            describe("NullableEnum", json!("c")),
            [": the value is none of the listed ones"]
        );
        assert_eq!(describe("NullableThing", Value::Null), NONE);
        assert_eq!(
            describe("NullableThing", json!({"id": 7})),
            ["/id: the value is a number"]
        );
    }
}

#[test]
fn what_stands_beside_a_reference_counts_in_3_1_alone() {
    assert_eq!(
        modern("Short", json!("longer")),
        [": the string is too long"]
    );
    assert_eq!(old("Short", json!("longer")), NONE);
}

#[test]
fn a_direction_excuses_what_does_not_travel_that_way() {
    let describe = |direction, value| faults(MODERN, "Account", direction, &value);
    let asked = json!({"name": "a", "password": "p"});
    let shown = json!({"name": "a", "id": "1"});
    assert_eq!(describe(Direction::Request, asked.clone()), NONE);
    assert_eq!(
        describe(Direction::Response, asked),
        [": the required member \"id\" is missing"]
    );
    assert_eq!(describe(Direction::Response, shown.clone()), NONE);
    assert_eq!(
        describe(Direction::Request, shown),
        [": the required member \"password\" is missing"]
    );
    // The same where `allOf` demands and another member defines.
    let describe = |direction| faults(MODERN, "Extended", direction, &json!({"name": "a"}));
    assert_eq!(describe(Direction::Request), NONE);
    assert_eq!(
        describe(Direction::Response),
        [": the required member \"id\" is missing"]
    );
}

#[test]
fn formats_are_asserted() {
    for (value, fault) in [
        ("0195f0a0-1111-7000-8000-000000000001", None),
        (
            "0195f0a011117000800000000000001",
            Some(": the string is no uuid"),
        ),
        ("0195f0a0", Some(": the string is no uuid")),
    ] {
        assert_eq!(modern("Id", json!(value)), Vec::from_iter(fault));
    }
    for (value, fault) in [
        ("2026-01-05T09:00:00Z", None),
        ("2026-01-05T09:00:00.123456789+01:00", None),
        (
            "2026-01-05T09:00:00.123",
            Some("?: the date-time has no offset from UTC"),
        ),
        ("5 January 2026", Some(": the string is no date-time")),
    ] {
        assert_eq!(modern("Moment", json!(value)), Vec::from_iter(fault));
    }
    assert_eq!(modern("Small", json!(2_147_483_647)), NONE);
    assert_eq!(
        modern("Small", json!(2_147_483_648_i64)),
        [": the number is too large"]
    );
}

#[test]
fn a_discriminator_names_the_branch_that_counts() {
    assert_eq!(modern("Pet", json!({"kind": "cat", "lives": 9})), NONE);
    assert_eq!(
        modern("Pet", json!({"kind": "cat", "lives": "nine"})),
        ["/lives: the value is a string"]
    );
    assert_eq!(modern("Pet", json!({"kind": "Dog", "lives": "nine"})), NONE);
    assert_eq!(
        modern("Pet", json!({"kind": "cow"})),
        ["/kind: the value is none of the listed ones"]
    );
}

#[test]
fn a_union_tells_of_the_branch_that_was_meant() {
    assert_eq!(modern("ThingOrNull", Value::Null), NONE);
    assert_eq!(
        modern("ThingOrNull", json!({"id": 7})),
        ["/id: the value is a number"]
    );
}

#[test]
fn json_in_a_string_is_looked_into() {
    assert_eq!(modern("Packed", json!("[\"a\"]")), NONE);
    let describe = modern("Packed", json!("[1]"));
    assert!(
        describe[0].contains("the JSON in the string, at `/0`"),
        "{describe:?}"
    );
    let describe = modern("Packed", json!("[1"));
    assert!(describe[0].contains("does not hold JSON"), "{describe:?}");
}

#[test]
fn a_schema_that_holds_itself_ends() {
    let mut value = json!({"children": []});
    for _ in 0..60 {
        value = json!({"children": [value]});
    }
    assert_eq!(modern("Tree", value), NONE);
}

#[test]
fn messages_are_bounded() {
    let place = Pointer::parse("/components/schemas/Above").unwrap();
    let describe =
        contract(MODERN).validate(&place, Direction::Response, &json!("x".repeat(5_000_000)));
    assert!(describe[0].actual.len() < 1_000);
    assert!(describe[0].message.len() < 1_000);
}

fn reply(status: u16, media_type: Option<&str>, body: &str) -> Reply {
    let headers = media_type.map(|name| ("content-type".to_owned(), name.to_owned()));
    Reply {
        status,
        headers: headers.into_iter().collect(),
        body: body.as_bytes().to_vec(),
        millis: 1,
    }
}

/// Rule and message of what is wrong with a reply.
fn describe(label: &str, reply: &Reply) -> Vec<String> {
    let contract = contract(MODERN);
    contract
        .check_reply(contract.operation(label).unwrap(), reply)
        .iter()
        .map(|violation| format!("{}: {}", violation.rule.id, violation.message))
        .collect()
}

#[test]
fn replies_are_held_against_status_media_type_headers_and_body() {
    let json = Some("application/json; charset=utf-8");
    assert_eq!(
        describe("getThing", &reply(200, json, r#"{"id": "a"}"#)),
        NONE
    );
    assert_eq!(
        describe("getThing", &reply(206, json, "{}")),
        ["documented-status: the status 206 is not documented"]
    );
    assert_eq!(
        describe("getThing", &reply(200, Some("text/html"), "<p>")),
        ["media-type: the media type is not documented for this status"]
    );
    assert_eq!(
        describe("getThing", &reply(200, None, r#"{"id": "a"}"#)),
        ["media-type: the reply has no Content-Type"]
    );
    assert_eq!(
        describe("getThing", &reply(200, json, "")),
        ["body-schema: the body is empty"]
    );
    assert_eq!(
        describe(
            "getThing",
            &reply(404, Some("application/problem+json"), r#"{"title": 1}"#)
        ),
        ["error-schema: the value is a number"]
    );
    assert_eq!(
        describe("GET /things/{id}/head", &reply(200, None, "")),
        ["documented-headers: the required header `X-Count` is missing"]
    );
    let mut counted = reply(200, None, "");
    counted
        .headers
        .push(("x-count".to_owned(), "many".to_owned()));
    assert_eq!(
        describe("GET /things/{id}/head", &counted),
        ["documented-headers: the header `X-Count`: the value is a string"]
    );
}

#[test]
fn streams_are_judged_record_by_record() {
    let stream = |body| {
        describe(
            "streamThings",
            &reply(200, Some("application/x-ndjson"), body),
        )
    };
    assert_eq!(stream("{\"id\": \"a\"}\r\n{\"id\": \"b\"}\r\n"), NONE);
    assert_eq!(stream(""), NONE);
    assert_eq!(
        stream("{\"id\": \"a\"}\r\n{\"id\": 2}\r\n{\"id\""),
        [
            "body-schema: record 1: the value is a number",
            "body-schema: the last record lacks its delimiter: the stream was cut off"
        ]
    );
    assert_eq!(
        stream("{\"code\": 500, \"message\": \"m\"}\r\n"),
        ["body-schema: record 0: the stream reports a failure"]
    );
}

fn request(method: &str, path: &str, query: &[(&str, &str)]) -> Request {
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Request::default()
    }
}

#[test]
fn parameters_are_read_by_style() {
    let contract = contract(MODERN);
    let operation = contract.operation("findThings").unwrap();
    let describe = |query: &[(&str, &str)]| -> Vec<String> {
        contract
            .check_request(operation, &request("GET", "/things", query))
            .iter()
            .map(|violation| {
                let mark = if violation.severity == Severity::Warning {
                    "?"
                } else {
                    ""
                };
                format!("{mark}{}", violation.message)
            })
            .collect()
    };
    assert_eq!(describe(&[("limit", "5")]), NONE);
    assert_eq!(describe(&[]), ["the query parameter `limit` is missing"]);
    assert_eq!(
        describe(&[("limit", "five")]),
        ["the query parameter `limit`: the value is a string"]
    );
    assert_eq!(
        describe(&[("limit", "5"), ("tags", "1"), ("tags", "x")]),
        ["the query parameter `tags`: the value is a string"]
    );
    assert_eq!(describe(&[("limit", "5"), ("pipes", "1%7C2")]), NONE);
    assert_eq!(describe(&[("limit", "5"), ("deep%5Bfrom%5D", "1")]), NONE);
    assert_eq!(
        describe(&[("limit", "5"), ("deep[from]", "x")]),
        ["the query parameter `deep`: the value is a string"]
    );
    assert_eq!(
        describe(&[("limit", "5"), ("packed", "%5B%22a%22%5D")]),
        NONE
    );
    assert_eq!(
        describe(&[("limit", "5"), ("packed", "%5B1%5D")]),
        ["the query parameter `packed`: the value is a number"]
    );
    assert!(describe(&[("limit", "5"), ("packed", "%5B")])[0].contains("is not JSON"));
    assert_eq!(
        describe(&[("limit", "5"), ("other", "1")]),
        ["?the query parameter `other` is not documented"]
    );
}

#[test]
fn a_known_path_with_another_method_is_told_from_an_unknown_one() {
    let contract = contract(MODERN);
    assert_eq!(
        contract.route("GET", "/things/a%20b").unwrap().values,
        [("id".to_owned(), "a b".to_owned())]
    );
    assert_eq!(
        contract
            .route("GET", "/things/stream")
            .unwrap()
            .operation
            .label(),
        "streamThings"
    );
    assert!(contract.route("DELETE", "/things/a").is_none());
    assert_eq!(contract.methods("/things/a").len(), 1);
    assert!(contract.methods("/nothing").is_empty());
}

#[test]
fn a_request_that_is_made_is_valid_and_lacks_no_id_in_silence() {
    let contract = contract(MODERN);
    let get = contract.operation("getThing").unwrap();
    let missing = contract.request(get, &Values::new()).unwrap_err();
    assert_eq!(missing.parameter, "id");
    let mut values = Values::new();
    values.set("id", "a/b");
    assert_eq!(
        contract.request(get, &values).unwrap().path,
        "/things/a%2Fb"
    );
    let find = contract.operation("findThings").unwrap();
    let made = contract.request(find, &values).unwrap();
    assert!(contract.check_request(find, &made).is_empty(), "{made:?}");
}
