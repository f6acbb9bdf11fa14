//! What a document says and no client uses: nothing of a value is lost by it, and nothing is
//! passed over in silence.

use crate::diagnostic::{Diagnostic, Sink};
use crate::shape::{Object, Path};
use crate::{Code, codes};
use serde_json::{Map, Value};

/// Keywords that constrain values of one type alone (JSON Schema 2020-12 validation, section 6,
/// and core, section 10.3).
const APPLY: [(&str, &[&str]); 4] = [
    ("string", &["minLength", "maxLength", "pattern"]),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
];

/// Notes the keys of an object that no client uses, and those that do not apply to its type.
pub(crate) fn note(object: Object, map: &Map<String, Value>, path: &Path<'_>, sink: &mut Sink) {
    let mut say = |code: Code, key: &str, why: &str| {
        sink.push(
            Diagnostic::note(code, format!("`{key}` {why}")).pointer(&path.key(key).pointer()),
        );
    };
    let unused = match object {
        Object::Response => ("links", "is for people: no method follows it"),
        Object::Parameter => (
            "allowEmptyValue",
            "is not used: an empty text is sent as `name=`",
        ),
        Object::Schema => ("xml", "is not used: XML is kept as text"),
        _ => return,
    };
    let (key, why) = unused;
    if map.get(key).is_some_and(says_something) {
        say(codes::UNUSED_KEYWORD, key, why);
    }
    if object != Object::Schema {
        return;
    }
    let Some(own) = map.get("type").and_then(Value::as_str) else {
        return;
    };
    let own = if own == "integer" { "number" } else { own };
    if !["string", "number", "boolean", "array", "object", "null"].contains(&own) {
        return;
    }
    for (ty, keywords) in APPLY {
        for key in keywords {
            if ty != own && map.get(*key).is_some_and(says_something) {
                say(
                    codes::INAPPLICABLE_KEYWORD,
                    key,
                    &format!("constrains {ty}s, and this is of type {own}"),
                );
            }
        }
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}
