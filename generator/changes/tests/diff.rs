//! How changes are matched, told once, judged by the way they travel, and shown.

#![expect(clippy::panic, reason = "a test that cannot go on fails")]

use plumbline_changes::{
    Change, Comparison, Direction, Effect, FailOn, Format, Options, Severity, Step, compare, step,
};
use plumbline_specs::api::Api;
use plumbline_specs::{Input, read};

fn api(text: &str) -> Api {
    let input = Input {
        name: "openapi.yaml",
        bytes: text.as_bytes(),
    };
    match read(input, &plumbline_specs::Options::default()) {
        Ok(reading) => reading.api,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

fn changes(old: &str, new: &str) -> Vec<Change> {
    compare(&api(old), &api(new), Options::default())
}

fn codes(changes: &[Change]) -> Vec<&str> {
    changes.iter().map(|change| change.code.as_str()).collect()
}

/// A document of two operations: one sends `Order`, one receives `Answer`, both hold `Item`.
fn shop(item: &str) -> String {
    format!(
        r##"openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths:
  /orders:
    post:
      operationId: createOrder
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: "#/components/schemas/Item"}}}}}}}}
      responses: {{"204": {{description: Made.}}}}
  /items:
    get:
      operationId: listItems
      responses:
        "200": {{description: Items., content: {{application/json: {{schema: {{type: array, items: {{$ref: "#/components/schemas/Item"}}}}}}}}}}
  /items/{{id}}:
    get:
      operationId: getItem
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      responses:
        "200": {{description: An item., content: {{application/json: {{schema: {{$ref: "#/components/schemas/Item"}}}}}}}}
components:
  schemas:
    Item: {item}
"##
    )
}

#[test]
fn a_shared_schema_is_told_once() {
    let old = shop("{type: object, properties: {id: {type: string}}}");
    let new = shop("{type: object, required: [id], properties: {id: {type: string}}}");
    let found = changes(&old, &new);
    assert_eq!(codes(&found), ["property-required"]);
    assert_eq!(found[0].subject, "Item.id");
    assert_eq!(found[0].operations, ["createOrder", "listItems", "getItem"]);
    assert_eq!(found[0].direction, Some(Direction::Both));
    assert_eq!(found[0].client.reason, "requests without it are refused");
    assert_eq!(found[0].server.reason, "its answer must have it");
}

/// A document whose `Item` is only sent, or only received.
fn one_way(sent: bool, item: &str) -> String {
    let content = r##"content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}"##;
    let (body, answer) = if sent {
        (
            format!("requestBody: {{required: true, {content}}}"),
            "description: Made.".to_owned(),
        )
    } else {
        (
            "description: One way.".to_owned(),
            format!("description: Made., {content}"),
        )
    };
    format!(
        r#"openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths:
  /orders:
    post:
      operationId: createOrder
      {body}
      responses: {{"200": {{{answer}}}}}
components:
  schemas:
    Item: {item}
"#
    )
}

#[test]
fn the_way_decides() {
    let required = "{type: object, required: [id], properties: {id: {type: string, maxLength: 9}}}";
    let optional = "{type: object, properties: {id: {type: string, maxLength: 9}}}";
    let long = "{type: object, properties: {id: {type: string, maxLength: 99}}}";
    let effects = |sent, old, new| {
        let found = changes(&one_way(sent, old), &one_way(sent, new));
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].client.effect, found[0].server.effect)
    };
    use Effect::{Breaks, May, Safe};
    assert_eq!(effects(true, optional, required), (Breaks, Safe));
    assert_eq!(effects(false, optional, required), (Safe, Breaks));
    assert_eq!(effects(true, required, optional), (Safe, Breaks));
    assert_eq!(effects(false, required, optional), (Breaks, Safe));
    assert_eq!(effects(true, optional, long), (Safe, Breaks));
    assert_eq!(effects(false, optional, long), (May, Safe));
    assert_eq!(effects(true, long, optional), (Breaks, Safe));
    assert_eq!(effects(false, long, optional), (Safe, Breaks));
}

#[test]
fn a_new_value_in_an_answer_is_safe_and_said_to_be() {
    let old = one_way(false, "{type: string, enum: [cat]}");
    let new = one_way(false, "{type: string, enum: [cat, dog]}");
    let found = changes(&old, &new);
    assert_eq!(codes(&found), ["enum-value-added"]);
    assert_eq!(found[0].client.effect, Effect::Safe);
    assert_eq!(
        found[0].client.reason,
        "open enums keep a value that they do not know in `Other`"
    );
}

/// Two operations, and how they may fail.
fn failing(first: &str, second: &str) -> String {
    format!(
        r##"openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths:
  /items:
    get: {{operationId: listItems, responses: {{"204": {{description: None.}}, {first}}}}}
    delete: {{operationId: deleteItems, responses: {{"204": {{description: None.}}, {second}}}}}
components:
  responses:
    No: {{description: No., content: {{application/json: {{schema: {{$ref: "#/components/schemas/Fault"}}}}}}}}
  schemas:
    Fault: {{type: object, properties: {{message: {{type: string}}}}}}
"##
    )
}

/// The set of an operation's failures is called by what it holds.
#[test]
fn a_new_failure_breaks_only_those_who_name_the_old_set() {
    let missing = r##""404": {$ref: "#/components/responses/No"}"##;
    let both = format!(r##"{missing}, "409": {{$ref: "#/components/responses/No"}}"##);
    let rust = |old: &str, new: &str| {
        let found = changes(old, new);
        assert_eq!(codes(&found), ["response-error-added"]);
        (step(&found), found[0].rust.items.join("; "))
    };
    let new = "`delete_items()` fails with `Conflict(Fault)`, which is new";
    assert_eq!(
        rust(&failing(missing, missing), &failing(missing, &both)),
        (Step::Minor, new.to_owned())
    );
    assert_eq!(
        rust(&failing(&both, missing), &failing(&both, &both)),
        (Step::Major, format!("{new}; `Fault404` is gone"))
    );
}

#[test]
fn a_property_for_reading_alone_does_not_matter_in_requests() {
    let old = shop("{type: object, properties: {id: {type: string, readOnly: true}}}");
    let new =
        shop("{type: object, required: [id], properties: {id: {type: string, readOnly: true}}}");
    let found = changes(&old, &new);
    assert_eq!(codes(&found), ["property-required"]);
    assert_eq!(found[0].direction, Some(Direction::Response));
    assert_eq!(found[0].client.effect, Effect::Safe);
}

#[test]
fn recursion_ends() {
    let tree = |leaf: &str| {
        shop(&format!(
            r##"{{type: object, properties: {{leaf: {{type: {leaf}}}, below: {{type: array, items: {{$ref: "#/components/schemas/Item"}}}}}}}}"##
        ))
    };
    let found = changes(&tree("string"), &tree("integer"));
    assert_eq!(codes(&found), ["type-changed"]);
    assert_eq!(found[0].subject, "Item.leaf");
}

#[test]
fn what_is_not_certain_is_a_guess() {
    let document = |path: &str, id: &str, method: &str| {
        format!(
            r#"openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths:
  {path}:
    {method}:
      operationId: {id}
      responses:
        "200": {{description: Items., content: {{application/json: {{schema: {{type: array, items: {{type: string}}}}}}}}}}
"#
        )
    };
    let old = document("/items", "listItems", "get");
    let certain = changes(&old, &document("/v2/items", "listItems", "get"));
    assert_eq!(codes(&certain), ["path-changed"]);
    assert_eq!(certain[0].guess, None);
    let guessed = changes(&old, &document("/v2/items", "findItems", "get"));
    assert_eq!(codes(&guessed), ["operation-renamed", "path-changed"]);
    assert!(guessed.iter().all(|change| change.guess.is_some()));
    let neither = changes(&old, &document("/v2/items", "findItems", "post"));
    assert_eq!(codes(&neither), ["operation-removed", "operation-added"]);
}

#[test]
fn a_callback_is_judged_the_other_way_round() {
    let document = |required: &str| {
        format!(
            r#"openapi: 3.1.0
info: {{title: Shop, version: "1"}}
paths: {{}}
webhooks:
  sold:
    post:
      operationId: sold
      requestBody: {{required: true, content: {{application/json: {{schema: {{type: object, required: [{required}], properties: {{id: {{type: string}}}}}}}}}}}}
      responses: {{"204": {{description: Heard.}}}}
"#
        )
    };
    let found = changes(&document("id"), &document(""));
    assert_eq!(codes(&found), ["property-optional"]);
    assert_eq!(found[0].direction, Some(Direction::Response));
    assert_eq!(found[0].client.effect, Effect::Breaks);
}

const OLD: &str = r#"openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - {name: kind, in: query, schema: {type: string}}
      responses:
        "200": {description: Items., content: {application/json: {schema: {type: array, items: {type: string}}}}}
"#;

const NEW: &str = r#"openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /items:
    get:
      operationId: listItems
      deprecated: true
      parameters:
        - {name: kind, in: query, required: true, schema: {type: string}}
        - {name: "a_`tick`", in: query, schema: {type: string}}
      responses:
        "200": {description: Items., content: {application/json: {schema: {type: array, items: {type: string}}}}}
"#;

fn rendered(format: Format) -> String {
    let changes = changes(OLD, NEW);
    let input = |name, text: &'static str| Input {
        name,
        bytes: text.as_bytes(),
    };
    let comparison = Comparison {
        old: input("old.yaml", OLD),
        new: input("new.yaml", NEW),
        changes: &changes,
    };
    comparison.render(format)
}

#[test]
fn for_a_terminal() {
    insta::assert_snapshot!(rendered(Format::Text));
}

#[test]
fn for_a_pull_request() {
    insta::assert_snapshot!(rendered(Format::Markdown));
}

#[test]
fn for_programs() {
    insta::assert_snapshot!(rendered(Format::Json));
}

#[test]
fn for_github() {
    insta::assert_snapshot!(rendered(Format::Github));
}

#[test]
fn what_fails() {
    let found = changes(OLD, NEW);
    assert_eq!(step(&found), Step::Major);
    assert!(FailOn::Breaking.fails(&found));
    let added: Vec<Change> = found
        .iter()
        .filter(|change| change.severity() > Severity::Rust)
        .cloned()
        .collect();
    assert!(!added.is_empty());
    assert!(!FailOn::Breaking.fails(&added));
    assert!(FailOn::Any.fails(&added));
    assert!(!FailOn::Any.fails(&[]));
}
