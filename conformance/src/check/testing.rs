//! A document, exchanges and the lines of findings, for the judges' own tests: no server answers.

use super::{Judged, Observed};
use crate::{Contract, Exchange, ExchangeId, Finding, Reply, Request, Severity};
use plumbline_specs::{Input, Options, read};
use serde_json::Value;

const DOCUMENT: &str = r##"
openapi: 3.0.3
info: {title: Rooms, version: "1"}
security: [{key: []}]
paths:
  /rooms:
    get:
      operationId: listRooms
      x-resource: {collection: rooms, role: list, output: $response.body#/rooms}
      responses: {"200": {description: Rooms., content: {application/json: {schema: {type: object, properties: {rooms: {type: array, items: {$ref: "#/components/schemas/Room"}}}}}}}, "404": {description: None.}}
    post:
      operationId: createRoom
      x-resource: {collection: rooms, role: create, id: $response.body#/id, chosen: $request.body#/id, again: 409}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Room"}}}}
      responses: {"201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Room"}}}}, "409": {description: There.}}
  /rooms/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getRoom
      x-resource: {collection: rooms, role: get, id: $request.path.id}
      responses:
        "200": {description: A room., content: {application/json: {schema: {$ref: "#/components/schemas/Room"}}}}
        "404": {description: None.}
    put:
      operationId: putRoom
      x-resource: {collection: rooms, role: update, id: $request.path.id}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Room"}}}}
      responses: {"200": {description: Changed.}, "404": {description: None.}}
    delete:
      operationId: deleteRoom
      x-resource: {collection: rooms, role: delete, id: $request.path.id}
      responses: {"204": {description: Gone.}, "404": {description: None.}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Room: {type: object, properties: {id: {type: string}, name: {type: string}, size: {type: integer}}}
"##;

/// Rooms that are listed, created, read, changed and deleted.
pub(super) fn contract() -> Contract {
    let input = Input {
        name: "rooms.yaml",
        bytes: DOCUMENT.as_bytes(),
    };
    Contract::new(read(input, &Options::default()).unwrap()).unwrap()
}

/// An exchange with an empty request.
pub(super) fn exchange(id: u64, status: u16, body: &Value) -> Exchange {
    Exchange {
        id: ExchangeId(id),
        request: Request::default(),
        answer: Ok(Reply {
            status,
            body: body.to_string().into_bytes(),
            ..Reply::default()
        }),
    }
}

pub(super) fn observed(id: u64, status: u16) -> Observed {
    Observed {
        id: ExchangeId(id),
        status: Some(status),
        actual: status.to_string(),
    }
}

/// Findings as lines: severity, message, the numbers of the exchanges that show it.
pub(super) fn lines<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<String> {
    findings
        .into_iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Warning => "warns",
                Severity::Failure => "fails",
            };
            let evidence: Vec<u64> = finding.evidence.iter().map(|id| id.0).collect();
            format!("{severity}: {} {evidence:?}", finding.message)
        })
        .collect()
}

/// What a judge looked at, and its findings as lines.
pub(super) fn counted(judged: &Judged) -> (usize, Vec<String>) {
    (judged.looked_at, lines(&judged.findings))
}
