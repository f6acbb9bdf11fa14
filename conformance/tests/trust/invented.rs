//! What is made for a request is bounded, whatever bounds a document has.

use super::answering::serve;
use plumbline_conformance::{Contract, Direction, Verify, invent, verify};

/// Schemas whose bounds are beyond what a request can hold.
const SCHEMAS: [(&str, &str); 9] = [
    (
        "shorter than no memory",
        "{type: string, minLength: 4611686018427387904}",
    ),
    (
        "shorter than much memory",
        "{type: string, minLength: 300000000}",
    ),
    (
        "longer than no memory",
        "{type: string, maxLength: 18446744073709551615}",
    ),
    (
        "a repetition",
        "{type: string, pattern: '^((a{999}){999}){999}$'}",
    ),
    (
        "lists of lists",
        "{type: array, minItems: 1000, items: {type: array, minItems: 1000, items: {type: array, minItems: 1000, items: {type: integer}}}}",
    ),
    (
        "an object of two of itself",
        "{type: object, required: [a, b], properties: {a: {$ref: '#/components/schemas/S'}, b: {$ref: '#/components/schemas/S'}}}",
    ),
    (
        "many members",
        "{type: object, minProperties: 4611686018427387904, additionalProperties: {type: string, minLength: 100000}}",
    ),
    (
        "names of members",
        "{type: object, minProperties: 100, propertyNames: {minLength: 100000000}, additionalProperties: true}",
    ),
    (
        "texts in lists",
        "{type: array, minItems: 1000, items: {type: string, minLength: 900000}}",
    ),
];

fn document(schema: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{title: T, version: '1'}}
paths:
  /things:
    post:
      parameters: [{{name: q, in: query, required: true, schema: {{$ref: '#/components/schemas/S'}}}}]
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S'}}}}}}}}
      responses: {{'201': {{description: d}}}}
components:
  schemas:
    S: {schema}
"
    )
}

#[test]
fn values_have_a_size() {
    for (what, schema) in SCHEMAS {
        let contract = contract(schema);
        let operation = &contract.api.operations[0];
        let body = operation.body.as_ref().unwrap();
        let schema = body.content[0].schema.unwrap();
        for seed in 0..3 {
            let value = invent::value(&contract.api, schema, seed, Direction::Request);
            let size = value.to_string().len();
            assert!(size < 3 << 20, "{what}: {size} bytes");
        }
    }
}

#[test]
fn wrong_requests_have_a_size() {
    for (what, schema) in SCHEMAS {
        let contract = contract(schema);
        let operation = &contract.api.operations[0];
        let values = plumbline_conformance::Values::new();
        let valid = contract.request(operation, &values).unwrap();
        let wrong = invent::invalid::requests(&contract, operation, &valid, &values);
        let size: usize = wrong
            .iter()
            .map(|wrong| {
                let body = wrong.request.body.as_ref().map_or(0, Vec::len);
                body + wrong.request.path_and_query().len()
            })
            .sum();
        assert!(size < 256 << 20, "{what}: {size} bytes");
    }
}

/// What Plumbline cannot make is no fault of the server that refuses it.
#[test]
fn a_refusal_of_what_is_no_valid_request_says_nothing() {
    const DOCUMENT: &str = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /codes:
    get:
      parameters: [{name: c, in: query, required: true, schema: {type: string, pattern: '^(?!a)[a-z]{3}$'}}]
      responses: {'200': {description: d}}
  /words:
    get:
      parameters: [{name: c, in: query, required: true, schema: {type: string, pattern: '^[a-z]{3}$'}}]
      responses: {'200': {description: d}}
";
    let url = serve(|_| (422, "{}".to_owned()));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let verify = verify(url).document("d.yaml", DOCUMENT);
    let verified = runtime.block_on(verify.run()).unwrap();
    let refused: Vec<&str> = verified
        .report()
        .outcomes
        .iter()
        .filter(|outcome| {
            let mut findings = outcome.findings.iter();
            findings.any(|own| {
                own.message
                    .starts_with("a request that the document allows")
            })
        })
        .map(|outcome| outcome.operation.as_str())
        .collect();
    assert_eq!(refused, ["GET /words"]);
}

fn contract(schema: &str) -> Contract {
    let document = document(schema);
    let verify: Verify = verify("http://127.0.0.1:1").document("d.yaml", document);
    verify.contract().unwrap().1
}
