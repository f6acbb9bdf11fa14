//! Schemas of Swagger 2.0.

use super::{map_values, reference};
use serde_json::{Map, Value, json};

/// The keywords that a parameter, a header or their items carry themselves in Swagger 2.0 and
/// that stand in their schema in OpenAPI 3.0.
const KEYWORDS: [&str; 20] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "title",
    "readOnly",
    "schema",
];

/// A schema in the dialect of 3.0.
pub(super) fn schema(value: &Value) -> Value {
    let Value::Object(old) = value else {
        return value.clone();
    };
    let mut new = Map::new();
    for (key, value) in old {
        let converted = match (key.as_str(), value) {
            ("$ref", Value::String(old)) => Value::from(reference(old)),
            ("properties", value) => map_schemas(value),
            ("allOf" | "oneOf" | "anyOf", Value::Array(members)) => {
                members.iter().map(schema).collect()
            }
            ("items" | "additionalProperties" | "not", value) => schema(value),
            ("discriminator", Value::String(property)) => json!({ "propertyName": property }),
            ("x-nullable", Value::Bool(nullable)) => {
                new.insert("nullable".to_owned(), Value::Bool(*nullable));
                continue;
            }
            ("type", Value::String(name)) if name == "file" => {
                new.insert("format".to_owned(), Value::from("binary"));
                Value::from("string")
            }
            ("format", _) if old.get("type").and_then(Value::as_str) == Some("file") => continue,
            // A way to write lists, which 3.0 says beside the schema.
            ("collectionFormat", _) => continue,
            (_, value) => value.clone(),
        };
        new.insert(key.clone(), converted);
    }
    Value::Object(new)
}

/// Properties are called as they like, `x-…` among them.
fn map_schemas(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), schema(value)))
            .collect(),
        other => map_values(other, |_, value| value.clone()),
    }
}

/// Takes the schema's keywords out of a parameter or a header.
pub(super) fn take(from: &mut Map<String, Value>) -> Value {
    let mut own = Map::new();
    for key in KEYWORDS {
        if let Some(value) = from.shift_remove(key) {
            own.insert(key.to_owned(), value);
        }
    }
    match own.shift_remove("schema") {
        // Not by the specification, but met.
        Some(written) if own.is_empty() => schema(&written),
        _ => schema(&Value::Object(own)),
    }
}
