//! Faults of real documents, which are repaired: each is a warning that says what is assumed,
//! and an error where reading is strict.

use plumbline_specs::api::{Kind, Location};
use plumbline_specs::{Input, Options, Severity, read};

const DOCUMENT: &str = r#"
openapi: 3.0.3
info: {title: Faults}
security: [{key: []}, {nowhere: []}]
paths:
  /items/{id}:
    get:
      operationId: getItem
      parameters:
        - {name: size, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: string}}
      responses: {"204": {description: None.}}
    delete:
      operationId: getItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: None.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
"#;

const CODES: [&str; 5] = [
    "missing-info",
    "unknown-security-scheme",
    "duplicate-parameter",
    "undeclared-path-parameter",
    "duplicate-operation-id",
];

fn input() -> Input<'static> {
    Input {
        name: "faults.yaml",
        bytes: DOCUMENT.as_bytes(),
    }
}

#[test]
fn each_repair_is_a_warning_that_says_what_is_assumed() {
    let reading = read(input(), &Options::default()).expect("a reading");
    let messages: Vec<(&str, &str)> = reading
        .diagnostics
        .iter()
        .map(|one| (one.code, one.message.as_str()))
        .collect();
    assert_eq!(
        messages,
        [
            (CODES[0], "the document has no version; `0` is assumed"),
            (
                CODES[1],
                "the security scheme `nowhere` is not declared; this alternative is left out"
            ),
            (
                CODES[2],
                "the parameter `size` is declared twice; the first one counts"
            ),
            (
                CODES[3],
                "`{id}` in the path is declared by no parameter; a string is assumed"
            ),
            (
                CODES[4],
                "two operations have the operationId `getItem`; this one goes by its method and path"
            ),
        ]
    );
    assert!(
        reading
            .diagnostics
            .iter()
            .all(|one| one.severity == Severity::Warning)
    );
}

#[test]
fn what_is_assumed_stands_in_the_api() {
    let api = read(input(), &Options::default()).expect("a reading").api;
    assert_eq!(api.version, "0");
    let [get, delete] = api.operations.as_slice() else {
        panic!("two operations, not {}", api.operations.len());
    };
    assert_eq!(
        (get.id.as_deref(), delete.id.as_deref()),
        (Some("getItem"), None)
    );
    let parameters: Vec<_> = get
        .parameters
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.location,
                it.required,
                &api.schemas[it.schema].kind,
            )
        })
        .collect();
    let [
        ("size", Location::Query, false, Kind::Integer { .. }),
        ("id", Location::Path, true, Kind::String { .. }),
    ] = parameters.as_slice()
    else {
        panic!("{parameters:?}");
    };
    assert_eq!(get.security.len(), 1, "{:?}", get.security);
}

#[test]
fn nothing_is_repaired_where_reading_is_strict() {
    let options = Options {
        strict: true,
        ..Options::default()
    };
    let found = read(input(), &options).expect_err("errors");
    let codes: Vec<&str> = found.iter().map(|one| one.code).collect();
    assert_eq!(codes, CODES);
    assert_eq!(found.count(Severity::Error), CODES.len());
}
