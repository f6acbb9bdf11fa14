//! No input makes a panic, overflows the stack or fills the memory: mutated documents, and
//! documents made to expand.

use plumbline_specs::{Diagnostics, Input, Options, Reading, read};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

fn read_value(document: &Value) -> Result<Reading, Diagnostics> {
    let bytes = document.to_string().into_bytes();
    let input = Input {
        name: "document.json",
        bytes: &bytes,
    };
    read(input, &Options::default())
}

fn document(schemas: Map<String, Value>) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    })
}

fn chain(length: usize, link: impl Fn(usize) -> Value) -> Value {
    let mut schemas = Map::new();
    for index in 0..length {
        schemas.insert(format!("S{index}"), link(index));
    }
    schemas.insert(format!("S{length}"), json!({"type": "string"}));
    document(schemas)
}

fn to(index: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/S{}", index + 1)})
}

fn codes(outcome: Result<Reading, Diagnostics>) -> Vec<&'static str> {
    let found = match outcome {
        Ok(reading) => reading.diagnostics,
        Err(diagnostics) => diagnostics,
    };
    let mut codes: Vec<&str> = found.iter().map(|found| found.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn a_long_chain_of_properties_is_no_recursion() {
    let document = chain(5_000, |index| json!({"properties": {"next": to(index)}}));
    assert_eq!(codes(read_value(&document)), Vec::<&str>::new());
}

#[test]
fn a_long_chain_of_all_of_is_too_deep() {
    let document = chain(
        300,
        |index| json!({"allOf": [to(index), {"type": "string"}]}),
    );
    assert_eq!(codes(read_value(&document)), ["too-deep"]);
}

#[test]
fn a_long_chain_of_references_is_followed() {
    let document = chain(5_000, to);
    assert_eq!(codes(read_value(&document)), Vec::<&str>::new());
}

#[test]
fn all_of_that_doubles_at_each_step_is_merged_once() {
    let document = chain(35, |index| json!({"allOf": [to(index), to(index)]}));
    assert_eq!(codes(read_value(&document)), Vec::<&str>::new());
}

#[test]
fn unions_that_multiply_are_passed_over() {
    let document = chain(12, |index| {
        let own = json!({"type": "object", "properties": {format!("p{index}"): {}}});
        json!({"properties": {"a": {}}, "oneOf": [own, to(index), to(index)], "anyOf": [to(index), own]})
    });
    let codes = codes(read_value(&document));
    assert!(
        codes.contains(&"ignored-keyword") || codes.contains(&"too-large"),
        "{codes:?}"
    );
}

/// Schemas that all refer to one another, made of references to all of them.
fn mutual(count: usize, link: impl Fn(usize, &[Value]) -> Value) -> Value {
    let all: Vec<Value> = (0..count)
        .map(|index| json!({"$ref": format!("#/components/schemas/S{index}")}))
        .collect();
    let schemas = (0..count).map(|index| (format!("S{index}"), link(index, &all)));
    document(schemas.collect())
}

/// Minutes and gigabytes each where a member reads the whole of its union again, or an error is kept
/// for each way that leads to it.
#[test]
fn unions_and_all_of_that_lead_to_one_another_come_to_an_end() {
    let own = |index: usize| json!({"properties": {format!("p{index}"): {"type": "string"}}});
    let itself: Vec<Value> = vec![json!({"$ref": "#/components/schemas/S0"}); 4_000];
    let cases = [
        (
            "one beside properties",
            mutual(1, |_, _| json!({"properties": {"a": {}}, "oneOf": itself})),
            "reference-cycle",
        ),
        (
            "one within allOf",
            mutual(1, |_, _| json!({"allOf": [own(0), {"oneOf": itself}]})),
            "reference-cycle",
        ),
        (
            "many beside properties",
            mutual(
                200,
                |index, all| json!({"allOf": [own(index)], "anyOf": all}),
            ),
            "too-large",
        ),
        (
            "many in allOf",
            mutual(200, |_, all| json!({"allOf": all})),
            "reference-cycle",
        ),
        (
            "many before it in allOf",
            mutual(400, |index, all| {
                let before = all.iter().take(index).skip(index.saturating_sub(30));
                let mut members: Vec<Value> = before.cloned().collect();
                members.push(own(index));
                json!({"allOf": members})
            }),
            "too-large",
        ),
        (
            "a hundred unions beside one another",
            mutual(100, |_, _| {
                let union = |index: usize| json!({"oneOf": [own(index), own(index + 1_000)]});
                json!({"allOf": (0..99).map(union).collect::<Vec<_>>()})
            }),
            "ignored-keyword",
        ),
    ];
    for (name, document, code) in cases {
        let begun = std::time::Instant::now();
        let codes = codes(read_value(&document));
        assert!(codes.contains(&code), "{name}: {codes:?}");
        let took = begun.elapsed();
        assert!(took.as_secs() < 20, "{name}: {took:?}");
    }
}

/// A base with a discriminator of many values, beside a union of as many members or below them.
#[test]
fn a_discriminator_of_two_thousand_values_is_read_once() {
    let named = |index: usize| json!({"$ref": format!("#/components/schemas/M{index}")});
    let mapping: Map<String, Value> = (0..2_000)
        .map(|index| (format!("v{index}"), Value::from(format!("M{index}"))))
        .collect();
    let discriminator = json!({"propertyName": "kind", "mapping": mapping});
    let base = json!({
        "type": "object", "required": ["kind"],
        "properties": {"kind": {"type": "string"}}, "discriminator": discriminator,
    });
    let mut union = base.clone();
    union["oneOf"] = (0..2_000).map(named).collect();
    let root = json!({"$ref": "#/components/schemas/Base"});
    for (base, member) in [
        (union, json!({"type": "object", "properties": {"a": {}}})),
        (base, json!({"allOf": [root, {"properties": {"a": {}}}]})),
    ] {
        let mut schemas = Map::from_iter([("Base".to_owned(), base)]);
        schemas.extend((0..2_000).map(|index| (format!("M{index}"), member.clone())));
        let begun = std::time::Instant::now();
        let reading = read_value(&document(schemas)).expect("the document is read");
        assert!(reading.api.schemas.len() > 2_000);
        let took = begun.elapsed();
        assert!(took.as_secs() < 3, "{took:?}");
    }
}

#[test]
fn callbacks_that_refer_to_one_another_are_written_once() {
    let mut callbacks = Map::new();
    for index in 0..40 {
        let all: Map<String, Value> = (0..40)
            .map(|other| {
                let reference = json!({"$ref": format!("#/components/callbacks/C{other}")});
                (format!("c{other}"), reference)
            })
            .collect();
        let operation = json!({"responses": {"200": {"description": ""}}, "callbacks": all});
        callbacks.insert(
            format!("C{index}"),
            json!({"{$request.body#/url}": {"post": operation}}),
        );
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {
            "responses": {"200": {"description": ""}},
            "callbacks": {"c": {"$ref": "#/components/callbacks/C0"}},
        }}},
        "components": {"callbacks": callbacks},
    });
    let reading = read_value(&document).expect("the document is read");
    assert!(reading.api.callbacks.len() <= 40);
}

/// A document whose extension is this text, in YAML.
fn yaml(extension: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\nx-a: {extension}\n")
}

fn read_yaml(text: &str) -> Result<Reading, Diagnostics> {
    let input = Input {
        name: "document.yaml",
        bytes: text.as_bytes(),
    };
    read(input, &Options::default())
}

/// Seconds for each of the first three where time is quadratic in the depth; hours for the last.
#[test]
fn brackets_that_nest_too_deep_are_refused_at_once() {
    const DEPTH: usize = 100_000;
    for open in [
        "[", "{", "{a: ", "[{a: ", "- ", "? ", "- [", "!t [", "&a [", "[\n ",
    ] {
        for text in [
            yaml(&open.repeat(DEPTH)),
            yaml(&format!("\n  {}", open.repeat(DEPTH))),
            yaml(&format!("\"]]\"\nx-b: {}1", open.repeat(DEPTH))),
        ] {
            let codes = codes(read_yaml(&text));
            assert!(
                codes == ["too-deep"] || codes == ["syntax"],
                "{open}: {codes:?}"
            );
        }
    }
    let closed = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    assert_eq!(codes(read_yaml(&yaml(&closed))), ["too-deep"]);
}

#[test]
fn brackets_in_texts_are_no_nesting() {
    let many = "[{".repeat(1_000);
    for text in [
        format!("'{many}'"),
        format!("\"{many}\""),
        format!("a {many}"),
        format!("|\n  {many}\n  {many}"),
        format!("- >-\n    {many}\n").replacen("- ", "\n  - ", 1),
        format!("1 # {many}"),
        format!("[{}]", "[], {}, ".repeat(1_000)),
    ] {
        assert_eq!(
            codes(read_yaml(&yaml(&text))),
            Vec::<&str>::new(),
            "{text:.40}"
        );
    }
}

#[test]
fn many_references_to_nothing_are_many_errors() {
    let mut schemas = Map::new();
    for index in 0..2_000 {
        schemas.insert(
            format!("SomethingWithALongName{index}"),
            json!({"$ref": format!("#/components/schemas/SomethingWithALongNam{index}")}),
        );
    }
    let found = read_value(&document(schemas)).expect_err("the references lead nowhere");
    assert_eq!(found.len(), 2_000);
}

#[test]
fn references_that_multiply_headers_stop_at_the_limit() {
    let headers: Map<String, Value> = (0..300)
        .map(|index| (format!("H{index}"), json!({"schema": {"type": "string"}})))
        .collect();
    let responses: Map<String, Value> = (100..599)
        .map(|code| {
            (
                code.to_string(),
                json!({"$ref": "#/components/responses/R"}),
            )
        })
        .collect();
    let paths: Map<String, Value> = (0..60)
        .map(|index| {
            (
                format!("/p{index}"),
                json!({"get": {"responses": responses}}),
            )
        })
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"responses": {"R": {"description": "", "headers": headers}}},
    });
    // The whole would be nine million headers.
    assert_eq!(codes(read_value(&document)), ["too-large"]);
}

/// Numbers that look random and are the same on every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap_or_default()
    }
}

fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn mutate(document: &mut Value, numbers: &mut Numbers) {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let other = all
        .get(numbers.below(all.len()))
        .cloned()
        .unwrap_or_default();
    let replacement = match numbers.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1e300),
        4 => json!(""),
        5 => json!("#/components/schemas"),
        6 => json!([]),
        7 => json!({}),
        8 => json!({"$ref": format!("#{other}")}),
        9 => json!([{"$ref": format!("#{other}")}, null, "a"]),
        10 => {
            json!({"allOf": [{"$ref": format!("#{other}")}], "oneOf": [{}, {"type": ["null", "x"]}]})
        }
        _ => document.pointer(&other).cloned().unwrap_or_default(),
    };
    let place = all
        .get(numbers.below(all.len()))
        .cloned()
        .unwrap_or_default();
    if let Some(node) = document.pointer_mut(&place) {
        *node = replacement;
    }
}

#[test]
fn mutated_documents_are_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
    let mut numbers = Numbers(0x5eed);
    for entry in fs::read_dir(folder).expect("the features") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a document");
        let input = Input {
            name: "document.yaml",
            bytes: &bytes,
        };
        let original = plumbline_specs::value(input).expect("a value");
        for _ in 0..12 {
            let mut document = original.clone();
            for _ in 0..=numbers.below(3) {
                mutate(&mut document, &mut numbers);
            }
            let _ = read_value(&document);
        }
        for _ in 0..12 {
            let mut bytes = bytes.clone();
            let at = numbers.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = u8::try_from(numbers.below(256)).unwrap_or_default();
            }
            let cut = numbers.below(bytes.len() * 2);
            bytes.truncate(cut);
            let input = Input {
                name: "document.yaml",
                bytes: &bytes,
            };
            if let Err(found) = read(input, &Options::default()) {
                let _ = plumbline_specs::render(&found, &[input]);
            }
        }
    }
}
