//! Tests over whole documents.

use super::testing::{feature, outline, planned, said};
use std::collections::HashMap;

#[test]
fn every_feature_is_planned_as_before() {
    insta::glob!("../../../specs/features", "*.yaml", |path| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        let (module, diagnostics) = feature(&name);
        insta::assert_snapshot!(format!("{}{}", outline(&module), said(&diagnostics)));
    });
}

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
    for name in ["names", "recursion", "responses-errors", "type-names"] {
        assert_eq!(feature(name).0, feature(name).0, "{name}");
    }
}
