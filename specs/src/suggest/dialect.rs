//! What a 3.1 document says as 3.0 does, said as 3.1 does.
//!
//! A keyword that a document has hundreds of times is corrected by one action for each type, not
//! by one for each place.

use super::{Confidence, Kind, Suggestion, path};
use crate::document::SpecVersion;
use crate::{Pointer, Reading};
use serde_json::{Map, Number, Value, json};
use std::collections::BTreeMap;

/// Keys below which no schemas stand but data.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];

/// What a walk through the document met.
#[derive(Default)]
struct Met {
    /// `nullable: true` beside a type, by the type.
    nullable: BTreeMap<String, usize>,
    /// `nullable: true` beside `anyOf` or `oneOf`, by the keyword.
    unions: BTreeMap<&'static str, usize>,
    /// `nullable: true` beside what is not mended by adding null to it.
    others: usize,
    not_nullable: usize,
    /// `exclusiveMinimum: false` and its kin, by keyword.
    open: BTreeMap<&'static str, usize>,
    /// `exclusiveMinimum: true` and its kin beside the bound, with the bound.
    bounds: Vec<(Pointer, &'static str, &'static str, Number)>,
}

pub(super) fn suggest(reading: &Reading) -> Vec<Suggestion> {
    if reading.version != SpecVersion::V3_1 {
        return Vec::new();
    }
    let mut met = Met::default();
    walk(&reading.raw, &Pointer::root(), &mut met);
    let mut list = Vec::new();
    let mut certain = |actions: Vec<Value>, evidence: String| {
        list.push(Suggestion {
            kind: Kind::Dialect,
            operation: None,
            confidence: Confidence::Certain,
            actions,
            evidence: vec![evidence],
            doubts: Vec::new(),
        });
    };
    for (name, count) in &met.nullable {
        let own = format!(
            "@.nullable == true && @.type == {} && !@.enum",
            path::quoted(name)
        );
        let both = json!([name, "null"]);
        // The keyword goes first where its filter can still tell the schemas apart, and the type
        // is what tells them: so the type is changed last, and by another sign.
        certain(
            vec![
                json!({
                    "target": format!("$..[?{own}]"),
                    "description": format!("3.1 has no nullable; null is a type beside {name}."),
                    "update": {"type": both},
                }),
                json!({
                    "target": "$..[?@.nullable == true && @.type[1] == 'null'].nullable",
                    "description": "The type says it now.",
                    "remove": true,
                }),
            ],
            format!("`nullable: true` beside `type: {name}`, {}", times(*count)),
        );
    }
    for (keyword, count) in &met.unions {
        let own = format!("@.nullable == true && @.{keyword} && !@.type && !@.enum");
        certain(
            vec![
                json!({
                    "target": format!("$..[?{own}]"),
                    "description": "3.1 has no nullable; null is a member of the union.",
                    "update": {*keyword: [{"type": "null"}]},
                }),
                json!({
                    "target": format!("$..[?{own}].nullable"),
                    "description": "The union says it now.",
                    "remove": true,
                }),
            ],
            format!("`nullable: true` beside `{keyword}`, {}", times(*count)),
        );
    }
    if met.not_nullable > 0 {
        certain(
            vec![json!({
                "target": "$..[?@.nullable == false].nullable",
                "description": "3.1 has no nullable, and nothing is null unless it says so.",
                "remove": true,
            })],
            format!("`nullable: false`, {}", times(met.not_nullable)),
        );
    }
    for (keyword, count) in &met.open {
        certain(
            vec![json!({
                "target": format!("$..[?@.{keyword} == false].{keyword}"),
                "description": format!("In 3.1 {keyword} is a number; false said nothing."),
                "remove": true,
            })],
            format!("`{keyword}: false`, {}", times(*count)),
        );
    }
    for (at, exclusive, inclusive, bound) in &met.bounds {
        let target = path::place(at);
        certain(
            vec![
                json!({
                    "target": target,
                    "description": format!("In 3.1 {exclusive} is the bound itself."),
                    "update": {*exclusive: bound},
                }),
                json!({
                    "target": format!("{target}.{inclusive}"),
                    "description": "The bound stands there now.",
                    "remove": true,
                }),
            ],
            format!("`{exclusive}: true` beside `{inclusive}: {bound}`"),
        );
    }
    if met.others > 0 {
        list.push(Suggestion {
            kind: Kind::Dialect,
            operation: None,
            confidence: Confidence::Possible,
            actions: Vec::new(),
            evidence: Vec::new(),
            doubts: vec![format!(
                "`nullable: true` beside a reference or an enum, {}: write `anyOf` with null, or \
                 null among the values",
                times(met.others)
            )],
        });
    }
    list
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// The reader bounds how deep a document nests, so this ends with stack to spare.
fn walk(value: &Value, at: &Pointer, met: &mut Met) {
    match value {
        Value::Object(map) => {
            look(map, at, met);
            for (key, value) in map {
                // A property may be called as a keyword is; then it holds a schema.
                if !DATA.contains(&key.as_str()) || value.is_object() && names(at) {
                    walk(value, &at.join(key), met);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &at.index(index), met);
            }
        }
        _ => {}
    }
}

/// Whether the keys of the map at a place are names, not keywords.
fn names(at: &Pointer) -> bool {
    at.tokens()
        .last()
        .is_some_and(|token| matches!(token.as_str(), "properties" | "schemas" | "parameters"))
}

fn look(map: &Map<String, Value>, at: &Pointer, met: &mut Met) {
    match map.get("nullable") {
        Some(Value::Bool(true)) => {
            let kind = map.get("type").and_then(Value::as_str);
            let union = ["anyOf", "oneOf"]
                .into_iter()
                .find(|keyword| map.get(*keyword).is_some_and(Value::is_array));
            match (kind, union) {
                _ if map.contains_key("enum") || map.contains_key("$ref") => met.others += 1,
                (Some(kind), None) => *met.nullable.entry(kind.to_owned()).or_default() += 1,
                (None, Some(keyword)) => *met.unions.entry(keyword).or_default() += 1,
                _ => met.others += 1,
            }
        }
        Some(Value::Bool(false)) => met.not_nullable += 1,
        _ => {}
    }
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match (map.get(exclusive), map.get(inclusive)) {
            (Some(Value::Bool(false)), _) => *met.open.entry(exclusive).or_default() += 1,
            (Some(Value::Bool(true)), Some(Value::Number(bound))) => {
                met.bounds
                    .push((at.clone(), exclusive, inclusive, bound.clone()));
            }
            _ => {}
        }
    }
}
