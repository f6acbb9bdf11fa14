//! JSON in a string parameter, which a document cannot say before 3.1 and often does not after.

use super::path::{place, quoted};
use super::{Confidence, Kind, Suggestion};
use crate::api::{Kind as SchemaKind, Location, Operation, Parameter, Serialization};
use crate::document::SpecVersion;
use crate::{Pointer, Reading};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Words that are said of JSON in a string and of nothing else.
const PLAIN: [&str; 8] = [
    "json-encoded",
    "json encoded",
    "json-serialized",
    "json serialized",
    "json-serialised",
    "json-formatted",
    "stringified json",
    "encoded as json",
];

/// Words that are said of the parameter where its text begins with them, and of other things
/// further on.
const FIRST: [&str; 3] = ["json string", "json array", "json object"];

/// How near the beginning, in bytes.
const BEGINNING: usize = 24;

/// How many words on either side of `json` say what it is.
const NEAR: usize = 4;

/// Names of formats that contain the word and mean something else.
const OTHERWISE: [&str; 3] = ["jsonpath", "json path", "json pointer"];

pub(super) fn suggest(reading: &Reading) -> Vec<Suggestion> {
    if reading.swagger {
        return Vec::new();
    }
    let mut met: HashSet<Pointer> = HashSet::new();
    let mut list = Vec::new();
    for operation in &reading.api.operations {
        for parameter in &operation.parameters {
            if parameter.location == Location::Query && met.insert(parameter.place.clone()) {
                list.extend(one(reading, operation, parameter));
            }
        }
    }
    list
}

fn one(reading: &Reading, operation: &Operation, parameter: &Parameter) -> Option<Suggestion> {
    let schemas = &reading.api.schemas;
    let schema = &schemas[schemas.resolve(parameter.schema)];
    let SchemaKind::String {
        content: None,
        values: None,
        ..
    } = &schema.kind
    else {
        return None;
    };
    if matches!(parameter.serialization, Serialization::Content(_)) {
        return None;
    }
    let description = parameter
        .description
        .as_deref()
        .or(schema.description.as_deref())
        .unwrap_or_default()
        .to_lowercase();
    let raw = reading.raw.pointer(parameter.place.as_str())?;
    let shown = [
        raw.get("example"),
        raw.pointer("/schema/example"),
        raw.pointer("/schema/examples/0"),
        raw.pointer("/schema/default"),
    ];
    let sample = shown.into_iter().flatten().find_map(|value| {
        let text = value.as_str()?.trim();
        let value: Value = serde_json::from_str(text).ok()?;
        (value.is_array() || value.is_object()).then(|| (text.to_owned(), value))
    });
    let mut evidence = Vec::new();
    let mut doubts = Vec::new();
    if let Some((text, _)) = &sample {
        evidence.push(format!("an example is `{}`", cut(text)));
    }
    let begins = |words: &&&str| description.find(**words).is_some_and(|at| at < BEGINNING);
    let anywhere = PLAIN.iter().find(|words| description.contains(*words));
    if let Some(words) = anywhere.or_else(|| FIRST.iter().find(begins)) {
        evidence.push(format!("its text says \"{words}\""));
    } else if sample.is_none() {
        let other = OTHERWISE.iter().any(|words| description.contains(words));
        if other || !description.contains("json") {
            return None;
        }
        evidence.push("its text speaks of JSON".to_owned());
        doubts.push("whether it is JSON in a string is not said".to_owned());
    }
    let plain = raw.pointer("/schema/type") == Some(&json!("string"));
    if !plain {
        doubts.push("its schema is not written as a plain string".to_owned());
    }
    let said = said_form(&description);
    let list = matches!(&sample, Some((_, Value::Array(_)))) || said == Some(Form::List);
    let map = matches!(&sample, Some((_, Value::Object(_)))) || said == Some(Form::Map);
    let content = match (list, map) {
        (true, false) => json!({"type": "array", "items": {}}),
        (false, true) => json!({"type": "object"}),
        _ => json!({}),
    };
    let target = target(parameter);
    let sentence = format!("The string `{}` holds JSON.", parameter.name);
    let actions = match reading.version {
        SpecVersion::V3_1 => vec![json!({
            "target": format!("{target}.schema"),
            "description": sentence,
            "update": {"contentMediaType": "application/json", "contentSchema": content},
        })],
        // 3.0 says it in the place of the schema.
        SpecVersion::V3_0 => vec![
            json!({
                "target": format!("{target}.schema"),
                "description": sentence,
                "remove": true,
            }),
            json!({
                "target": target,
                "description": sentence,
                "update": {"content": {"application/json": {"schema": content}}},
            }),
        ],
    };
    evidence.insert(0, format!("`{}` of {}", parameter.name, operation.label()));
    Some(Suggestion {
        kind: Kind::Strings,
        operation: Some(operation.label()),
        confidence: Confidence::of(doubts.len()),
        actions,
        evidence,
        doubts,
    })
}

/// What JSON in a string is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    List,
    Map,
}

/// What a text says that the JSON is: a word for a list or for a map in the words just around `json`.
/// Anywhere else such a word speaks of something within, as in "the filters stand in its items
/// array". Two words that contradict each other say nothing.
fn said_form(description: &str) -> Option<Form> {
    const LISTS: [&str; 4] = ["array", "list", "arrays", "lists"];
    const MAPS: [&str; 6] = ["object", "dict", "dictionary", "map", "mapping", "hash"];
    let words: Vec<&str> = description
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let json = words.iter().position(|word| word.contains("json"))?;
    let near = words.get(json.saturating_sub(NEAR)..words.len().min(json + 1 + NEAR))?;
    let list = near.iter().any(|word| LISTS.contains(word));
    let map = near.iter().any(|word| MAPS.contains(word));
    match (list, map) {
        (true, false) => Some(Form::List),
        (false, true) => Some(Form::Map),
        _ => None,
    }
}

/// A parameter by its name, as its index is nobody's.
fn target(parameter: &Parameter) -> String {
    let listed = parameter
        .place
        .tokens()
        .last()
        .is_some_and(|token| token.bytes().all(|byte| byte.is_ascii_digit()));
    match parameter.place.parent() {
        Some(above) if listed => {
            format!("{}[?@.name == {}]", place(&above), quoted(&parameter.name))
        }
        _ => place(&parameter.place),
    }
}

/// So much of a text as shows what it is.
fn cut(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    if plain.chars().count() > 60 {
        format!("{}…", plain.chars().take(60).collect::<String>())
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, said_form};

    #[test]
    fn words_far_from_json_are_no_evidence_of_its_form() {
        let far = "a json encoded string of dict; the filters stand in its items array.";
        for (text, form) in [
            (far, Some(Form::Map)),
            ("json array of ids", Some(Form::List)),
            ("an array of filters, json-encoded", Some(Form::List)),
            ("json string", None),
            ("a json object or array", None),
            ("an array", None),
        ] {
            assert_eq!(said_form(text), form, "{text}");
        }
    }
}
