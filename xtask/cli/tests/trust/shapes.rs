//! Documents whose schemas lead to one another in every way are read, generated, compared and planned
//! for in bounded time and memory, or refused with a reason.
#![cfg(unix)]

use serde_json::{Map, Value, json};
use std::process::{Command, Stdio};

/// Seconds of processor time after which a command has no end, and the addresses that it may have, in KiB.
const SECONDS: u32 = 120;
const ADDRESSES: u32 = 2_000_000;

fn to(index: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/S{index}")})
}

/// A document that answers with the first of some schemas, and takes it.
fn document(schemas: impl IntoIterator<Item = Value>) -> Value {
    let schemas: Map<String, Value> = (0..)
        .map(|index| format!("S{index}"))
        .zip(schemas)
        .collect();
    let content = json!({"application/json": {"schema": to(0)}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Shapes", "version": "1"},
        "paths": {"/shapes": {
            "get": {
                "operationId": "getShape",
                "responses": {"200": {"description": "One.", "content": content}},
            },
            "post": {
                "operationId": "createShape",
                "requestBody": {"required": true, "content": content},
                "responses": {"201": {"description": "It is made."}},
            },
        }},
        "components": {"schemas": schemas},
    })
}

fn shapes() -> Vec<(&'static str, Value, i32, &'static str)> {
    let text = json!({"type": "string"});
    let named = |from: usize, count: usize| -> Map<String, Value> {
        let names = (from..from + count).map(|index| format!("p{index}"));
        names.map(|name| (name, text.clone())).collect()
    };
    let all = |count: usize| -> Vec<Value> { (0..count).map(to).collect() };
    let members = |count: usize| -> Map<String, Value> {
        (0..count)
            .map(|index| (format!("p{index}"), to(index)))
            .collect()
    };
    vec![
        (
            "a union of itself within allOf",
            document([
                json!({"allOf": [{"properties": named(0, 1)}, {"oneOf": vec![to(0); 4_000]}]}),
            ]),
            2,
            "reference-cycle",
        ),
        (
            "unions of one another beside properties",
            document((0..100).map(
                |index| json!({"allOf": [{"properties": named(index, 1)}], "anyOf": all(100)}),
            )),
            2,
            "select the operations that you need",
        ),
        (
            "allOf of all that come after",
            document((0..38).map(|index| {
                let mut members: Vec<Value> = (index + 1..38).map(to).collect();
                members.push(json!({"properties": named(index, 1)}));
                json!({"allOf": members})
            })),
            0,
            "",
        ),
        (
            "objects of one another",
            document((0..150).map(|_| json!({"type": "object", "properties": members(150)}))),
            0,
            "",
        ),
        (
            "two demanded members at each of 24 levels",
            document((0..24).map(|index| match index {
                23 => text.clone(),
                _ => json!({
                    "type": "object", "required": ["a", "b"],
                    "properties": {"a": to(index + 1), "b": to(index + 1)},
                }),
            })),
            0,
            "",
        ),
        (
            "a member or a list of it, nested",
            document([(0..11).fold(
                text.clone(),
                |inner, _| json!({"oneOf": [inner, {"type": "array", "items": inner}]}),
            )]),
            0,
            "",
        ),
        (
            "lists of lists",
            document((0..2_000).map(|index| match index {
                1_999 => text.clone(),
                _ => json!({"type": "array", "items": to(index + 1)}),
            })),
            0,
            "",
        ),
        (
            "many values",
            document([
                json!({"type": "string", "enum": (0..20_000).map(|index| format!("v{index}")).collect::<Vec<_>>()}),
            ]),
            0,
            "",
        ),
        (
            "many properties",
            document([json!({"type": "object", "properties": named(0, 8_000)})]),
            0,
            "",
        ),
    ]
}

#[test]
fn every_shape_is_worked_through_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.json");
    let (spec, out) = (path.to_str().unwrap(), folder.path().join("client"));
    let verbs: [&[&str]; 5] = [
        &[
            "generate",
            "--spec",
            spec,
            "--name",
            "shapes",
            "--out",
            out.to_str().unwrap(),
        ],
        &["suggest", spec],
        &["diff", spec, spec],
        &["review", spec, spec],
        &[
            "verify",
            "--spec",
            spec,
            "--target",
            "http://127.0.0.1:9",
            "--writes",
            "--also",
            "createShape",
            "--dry-run",
        ],
    ];
    for (name, document, code, words) in shapes() {
        std::fs::write(&path, document.to_string()).unwrap();
        for verb in verbs {
            let output = Command::new("sh")
                .args([
                    "-c",
                    &format!("ulimit -t {SECONDS}; ulimit -v {ADDRESSES}; exec \"$@\""),
                    "sh",
                ])
                .arg(env!("CARGO_BIN_EXE_plumbline"))
                .args(verb)
                .env("MALLOC_ARENA_MAX", "2")
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let shown: String = said.chars().take(2_000).collect();
            assert_eq!(
                output.status.code(),
                Some(code),
                "{name}, {}: {shown}",
                verb[0]
            );
            assert!(said.contains(words), "{name}, {}: {shown}", verb[0]);
        }
        let _ = std::fs::remove_dir_all(&out);
    }
}
