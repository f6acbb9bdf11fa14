//! What a recording makes of values, bodies and departures.

use super::{contract, loaded, options, passed, traffic};
use plumbline_conformance::record;

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      operationId: createThing
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Thing'}}
          text/csv: {schema: {type: string}}
      responses:
        '201':
          description: Made.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  /things/{thing_id}:
    get:
      operationId: getThing
      parameters: [{name: thing_id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: One.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}}
            image/png: {schema: {type: string, format: binary}}
            application/x-ndjson: {schema: {$ref: '#/components/schemas/Thing'}}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: integer}
        name: {type: string}
        parent_id: {type: integer}
        size: {type: number}
";

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

#[test]
fn values_bodies_and_departures() {
    let contract = contract(DOCUMENT);
    let base = "https://things.example/v2";
    let png = passed(
        ("GET", &format!("{base}/things/17")),
        &[("Accept", "image/png"), ("User-Agent", "a test")],
        "",
        (200, &[("content-type", "image/png")], "\u{89}PNG"),
    );
    let traffic = traffic(vec![
        passed(
            ("POST", &format!("{base}/things")),
            JSON,
            r#"{"name": "costs $$5 or ${x}"}"#,
            (
                201,
                JSON,
                r#"{"id":17,"name":"costs $$5 or ${x}","at":"2026-11-23T01:02:03Z"}"#,
            ),
        ),
        passed(
            ("POST", &format!("{base}/things")),
            JSON,
            r#"{"name":"child","parent_id":17,"size":1.0}"#,
            (201, JSON, r#"{"id":18,"parent_id":17,"size":1.0}"#),
        ),
        passed(
            ("GET", &format!("{base}/things/18")),
            &[],
            "",
            (200, JSON, r#"{"id":18,"name":3}"#),
        ),
        passed(
            ("POST", &format!("{base}/things")),
            JSON,
            r#"{"name":7}"#,
            (201, JSON, r#"{"id":19}"#),
        ),
        png,
        passed(
            ("GET", &format!("{base}/things/17")),
            &[("Accept", "application/x-ndjson")],
            "",
            (
                200,
                &[("content-type", "application/x-ndjson")],
                "{\"id\":17}\n{\"id\":18}\n",
            ),
        ),
        passed(
            ("POST", &format!("{base}/things")),
            JSON,
            r#"{"size":1e2,"size":100}"#,
            (201, JSON, r#"{"id":20}"#),
        ),
        passed(
            ("GET", &format!("{base}/health")),
            &[],
            "",
            (200, &[], "ok"),
        ),
        passed(
            ("GET", "https://cdn.example/things/17"),
            &[],
            "",
            (200, &[], ""),
        ),
    ]);
    let recording = record::recording(&contract, &traffic, &options()).unwrap();
    assert!(!recording.report.conforms());
    let notes: Vec<&str> = recording
        .notes
        .iter()
        .map(|note| note.code.as_str())
        .collect();
    assert_eq!(notes, ["not-an-operation", "not-an-operation"]);
    let (text, _) = loaded(&contract, &recording);
    insta::assert_snapshot!(text);
}

#[test]
fn traffic_of_something_else_becomes_nothing() {
    let contract = contract(DOCUMENT);
    let traffic = traffic(vec![passed(
        ("GET", "https://cdn.example/logo.png"),
        &[],
        "",
        (200, &[], ""),
    )]);
    let nothing = record::recording(&contract, &traffic, &options()).unwrap_err();
    assert_eq!(
        nothing.to_string(),
        "none of the 1 exchanges is an operation of the document"
    );
}
