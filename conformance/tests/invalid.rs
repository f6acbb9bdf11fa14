//! What is invented to be refused: each constraint broken once, and nothing that is allowed.

use plumbline_conformance::invent::invalid::{self, ExpectedOutcome};
use plumbline_conformance::{Contract, Severity, Values};
use plumbline_reference::VENDORS;
use plumbline_specs::api::{Expression, Location, Parameter};
use plumbline_specs::{Input, Options};

const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: Strict, version: "1"}
paths:
  /things/{id}:
    put:
      operationId: put
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: must, in: query, required: true, schema: {type: string, enum: [a, b]}}
        - {name: number, in: query, schema: {type: integer, minimum: 2, maximum: 9}}
        - {name: text, in: query, schema: {type: string}}
        - {name: flag, in: query, schema: {type: boolean}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
        - {name: packed, in: query, content: {application/json: {schema: {type: array, items: {type: string}}}}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, size]
              properties:
                name: {type: string, minLength: 2, maxLength: 5}
                size: {type: number, exclusiveMinimum: 0}
                kind: {type: string, enum: [x]}
                free: {}
                when: {type: string, format: date}
                ids: {type: array, items: {type: string, format: uuid}}
      responses:
        "204": {description: Done.}
"#;

#[test]
fn every_constraint_is_broken_once() {
    let input = Input {
        name: "strict.yaml",
        bytes: DOCUMENT.as_bytes(),
    };
    let contract =
        Contract::new(plumbline_specs::read(input, &Options::default()).unwrap()).unwrap();
    let operation = contract.operation("put").unwrap();
    let mut values = Values::new();
    values.set("id", "0195f0a0-1111-7000-8000-000000000001");
    let valid = contract.request(operation, &values).unwrap();
    assert_eq!(contract.check_request(operation, &valid), []);
    let forms = invalid::requests(&contract, operation, &valid, &values);
    let mut told: Vec<String> = forms
        .iter()
        .map(|form| match form.owed {
            ExpectedOutcome::Refusal => form.what.clone(),
            ExpectedOutcome::RefusalOrLenience => format!("{} (lenient)", form.what),
            ExpectedOutcome::Answer => format!("{} (odd)", form.what),
        })
        .collect();
    told.sort();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn what_is_owed_a_refusal_breaks_the_document() {
    let mut checked = 0;
    for vendor in VENDORS {
        let contract = vendor.contract().unwrap();
        let mut values = Values::new();
        for operation in &contract.api.operations {
            let resource = operation.resource.as_ref();
            let is_id = |parameter: &&Parameter| {
                let queried = Expression::RequestQuery(parameter.name.clone());
                parameter.location == Location::Path
                    || resource.is_some_and(|own| own.id.as_ref() == Some(&queried))
            };
            for parameter in operation.parameters.iter().filter(is_id) {
                values.suggest(
                    parameter.name.clone(),
                    "0195f0a0-1111-7000-8000-000000000001",
                );
            }
        }
        for operation in &contract.api.operations {
            let valid = contract.request(operation, &values).unwrap();
            let own: Vec<_> = contract.check_request(operation, &valid);
            assert_eq!(own, [], "{}: {valid:?}", operation.label());
            for form in invalid::requests(&contract, operation, &valid, &values) {
                let faults = contract.check_request(operation, &form.request);
                let broken = faults
                    .iter()
                    .any(|fault| fault.severity == Severity::Failure);
                assert!(
                    broken || form.owed == ExpectedOutcome::Answer,
                    "{}: {}",
                    operation.label(),
                    form.what
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 300, "{checked}");
}
