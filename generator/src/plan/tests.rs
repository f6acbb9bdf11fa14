//! Tests over whole documents.

use super::testing::planned;
use std::collections::HashMap;

/// Everything that has a name, by its place in the document. Which of the names of a shared type
/// is its first one may change, as the others are aliases of it.
fn names(text: &str) -> HashMap<String, String> {
    let (module, _) = planned(text);
    let mut all = HashMap::new();
    for operation in &module.operations {
        all.insert(operation.place.to_string(), operation.name.clone());
        for argument in operation.arguments.iter().chain(&operation.options) {
            let place = format!("{} {:?}", operation.place, argument.wire);
            all.insert(place, argument.name.clone());
        }
        all.insert(
            format!("{} error", operation.place),
            format!("{:?}", operation.error),
        );
    }
    for item in &module.items {
        all.insert(item.place().to_string(), item.name().to_owned());
    }
    all
}

#[test]
fn an_addition_in_front_or_behind_renames_nothing() {
    const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";
    const PATHS: &str = "
  /things:
    get:
      operationId: list_things_things_get
      parameters: [{name: order, in: query, schema: {type: string, enum: [asc, desc]}}]
      responses:
        '200':
          description: All.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing_Public'}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
    post:
      requestBody:
        content: {application/json: {schema: {type: object, properties: {size: {type: object, properties: {x: {type: number}}}}}}}
      responses: {'201': {description: Made.}}
";
    const SCHEMAS: &str = "
    Thing_Public:
      type: object
      properties:
        kind: {type: string, enum: [round, flat]}
        value: {oneOf: [{type: string}, {$ref: '#/components/schemas/Fault'}]}
        size: {type: object, properties: {x: {type: number}}}
    Fault: {type: object, properties: {kind: {type: string, enum: [mine, yours]}}}
";
    const MORE_PATHS: &str = "
  /a:
    get:
      operationId: list_a_a_get
      parameters: [{name: order, in: query, schema: {type: string, enum: [asc, desc]}}]
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Added'}}}}
        '400': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
";
    const MORE_SCHEMAS: &str = "
    Added:
      type: object
      properties:
        thing: {$ref: '#/components/schemas/Thing_Public'}
        kind: {type: string, enum: [round, flat]}
        fault: {type: object, properties: {kind: {type: string, enum: [mine, yours]}}}
";
    let document = |paths: &[&str], schemas: &[&str]| {
        format!(
            "{HEAD}paths:{}\ncomponents:\n  schemas:{}",
            paths.concat(),
            schemas.concat()
        )
    };
    let before = names(&document(&[PATHS], &[SCHEMAS]));
    for after in [
        document(&[MORE_PATHS, PATHS], &[MORE_SCHEMAS, SCHEMAS]),
        document(&[PATHS, MORE_PATHS], &[SCHEMAS, MORE_SCHEMAS]),
    ] {
        let after = names(&after);
        for (place, name) in &before {
            assert_eq!(after.get(place), Some(name), "{place}");
        }
    }
}

#[test]
fn planning_twice_gives_the_same() {
    insta::glob!("../../../specs/features", "*.yaml", |path| {
        let text = std::fs::read_to_string(path).expect("a document");
        assert_eq!(planned(&text).0, planned(&text).0, "{}", path.display());
    });
}

#[test]
fn what_is_not_carried_over_is_said() {
    let (_, diagnostics) = planned(
        "
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://example.com}]
paths:
  /a:
    post:
      servers: [{url: https://other.example.com}]
      x-pagination: {style: cursor, cursor: $request.query.cursor, next: $response.body#/mixed, items: $response.body#/any}
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: xml, in: query, content: {application/xml: {schema: {type: object}}}}
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {note: {type: string}, tags: {type: array, items: {type: string}}}}
            encoding: {note: {contentType: text/html}, tags: {contentType: text/plain}}
      responses:
        '200':
          description: Done.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Page'}}
            text/csv: {schema: {type: string}}
        '429': {description: Later., headers: {Retry-After: {schema: {type: integer}}}}
components:
  securitySchemes:
    digest: {type: http, scheme: digest}
  schemas:
    Page:
      type: object
      properties:
        items: {type: array, items: {$ref: '#/components/schemas/Either'}}
        mixed: {enum: [a, 1]}
        never: {not: {}}
        open: {type: array, prefixItems: [{type: string}, {type: integer}]}
        any: {anyOf: [{type: string}, {}]}
    Either:
      oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]
      discriminator: {propertyName: kind, mapping: {x: '#/components/schemas/A'}}
    A: {type: object, properties: {a: {type: string}}}
    B: {type: object, properties: {a: {type: string}, kind: {type: string, const: x}}}
",
    );
    let mut codes: Vec<&str> = diagnostics.iter().map(|it| it.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(
        codes,
        [
            "discriminator-dropped",
            "encoding-not-used",
            "enum-mixed",
            "failure-header",
            "media-type-passed-over",
            "operation-servers",
            "pagination-unresolved",
            "parameter-media-type",
            "schema-never",
            "security-scheme-unsupported",
            "tuple-open",
            "union-untagged",
            "union-with-any",
        ]
    );
}
