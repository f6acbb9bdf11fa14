//! What real documents do: faults, which are repaired, each a warning that says what is assumed
//! and an error where reading is strict; keywords that no client uses; files beside them.

use plumbline_specs::api::{Kind, Location, Schema};
use plumbline_specs::{Input, Options, Severity, files_beside, read, render};

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
        .map(|one| (one.code.as_str(), one.message.as_str()))
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
    let codes: Vec<&str> = found.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, CODES);
    assert_eq!(found.count(Severity::Error), CODES.len());
}

#[test]
fn what_no_client_uses_is_noted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/features/unused.yaml");
    let bytes = std::fs::read(path).expect("the document");
    let input = Input {
        name: "unused.yaml",
        bytes: &bytes,
    };
    let reading = read(input, &Options::default()).expect("a reading");
    let said: Vec<(&str, &str)> = reading
        .diagnostics
        .iter()
        .map(|one| (one.code.as_str(), one.message.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                "unused-keyword",
                "`allowEmptyValue` is not used: an empty text is sent as `name=`"
            ),
            (
                "unused-keyword",
                "`links` is for people: no method follows it"
            ),
            ("unused-keyword", "`xml` is not used: XML is kept as text"),
            (
                "inapplicable-keyword",
                "`minLength` constrains strings, and this is of type object"
            ),
            (
                "inapplicable-keyword",
                "`minimum` constrains numbers, and this is of type string"
            ),
            (
                "inapplicable-keyword",
                "`items` constrains arrays, and this is of type string"
            ),
            (
                "inapplicable-keyword",
                "`maxLength` constrains strings, and this is of type number"
            ),
        ]
    );
}

const MAIN: &str = r"
openapi: 3.0.3
info: {title: In several files, version: '1'}
paths:
  /things: {$ref: 'paths/things.yaml'}
components:
  schemas:
    Thing: {type: string}
";

const THINGS: &str = r"
get:
  responses:
    '200':
      description: Things.
      content:
        application/json:
          schema: {type: array, items: {$ref: '../schemas.yaml#/Thing'}}
";

const SCHEMAS: &str = r"
Thing:
  type: object
  properties:
    parent: {$ref: '#/Thing'}
    name: {$ref: 'openapi.yaml#/components/schemas/Thing'}
    size: {$ref: '#/Size'}
Size: {type: integer}
";

#[test]
fn files_beside_a_document_are_taken_in() {
    let input = |name: &'static str, text: &'static str| Input {
        name,
        bytes: text.as_bytes(),
    };
    let main = input("openapi.yaml", MAIN);
    assert_eq!(files_beside(main, "openapi.yaml"), ["paths/things.yaml"]);
    assert_eq!(
        files_beside(input("things", THINGS), "paths/things.yaml"),
        ["schemas.yaml"]
    );
    let options = Options {
        files: vec![
            input("paths/things.yaml", THINGS),
            input("schemas.yaml", SCHEMAS),
        ],
        ..Options::default()
    };
    let api = read(main, &options).expect("a reading").api;
    assert_eq!(api.operations.len(), 1);
    let properties = |name: &str| {
        let named = |schema: &&Schema| schema.name.as_deref() == Some(name);
        let found = api.schemas.iter().map(|(_, schema)| schema).find(named);
        match &found.expect("a schema").kind {
            Kind::Object { properties, .. } => properties
                .iter()
                .map(|(key, it)| {
                    (
                        key.clone(),
                        api.schemas[api.schemas.resolve(it.schema)].name.clone(),
                    )
                })
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    // The name is taken by the document's own schema.
    let own = |key: &str, name: &str| (key.to_owned(), Some(name.to_owned()));
    assert_eq!(
        properties("Thing2"),
        [
            own("parent", "Thing2"),
            own("name", "Thing"),
            own("size", "Size")
        ]
    );
}

#[test]
fn what_is_wrong_in_a_file_beside_is_said_of_that_file() {
    let main = Input {
        name: "openapi.yaml",
        bytes: MAIN.as_bytes(),
    };
    let things = Input {
        name: "paths/things.yaml",
        bytes: b"get: {responses: {'200': {description: [no text]}}}",
    };
    let options = Options {
        files: vec![things],
        ..Options::default()
    };
    let found = read(main, &options).expect_err("an error");
    let text = render(&found, &[main, things]);
    assert!(text.contains("paths/things.yaml:1:"), "{text}");
}
