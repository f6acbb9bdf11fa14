//! Parameters read out of a request, by `style` and `explode` (OpenAPI 3.0.3, Style Values).

use super::media;
use crate::Request;
use plumbline_specs::api::{Api, Kind, Location, Parameter, SchemaId, Serialization, Style};
use serde_json::{Map, Number, Value};

/// What a request says for a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Decoded {
    /// Nothing.
    Absent,
    /// This value; text that is not of the schema's type stays a string, so that validation
    /// finds it.
    Value(Value),
    /// Something that is no value at all, and why.
    Malformed(String),
}

/// Reads one parameter; `path` are the decoded values of the path, by name.
pub(super) fn parameter(
    api: &Api,
    parameter: &Parameter,
    request: &Request,
    path: &[(String, String)],
) -> Decoded {
    let (style, explode) = match &parameter.serialization {
        Serialization::Content(media_type) => {
            return content(
                media_type,
                raw_texts(parameter, request, path).into_iter().next(),
            );
        }
        Serialization::Style { style, explode, .. } => (*style, *explode),
    };
    let id = container(api, parameter.schema);
    match &api.schemas[id].kind {
        Kind::Array { .. } | Kind::Tuple { .. } => {
            array(api, id, style, explode, raw_texts(parameter, request, path))
        }
        Kind::Object { .. } if style == Style::DeepObject => deep(api, id, parameter, request),
        Kind::Object { .. } if style == Style::Form && explode => form(api, id, request),
        Kind::Object { .. } => object(
            api,
            id,
            style,
            explode,
            raw_texts(parameter, request, path).into_iter().next(),
        ),
        _ => match raw_texts(parameter, request, path).into_iter().next() {
            None => Decoded::Absent,
            Some(text) => {
                let text = match style {
                    Style::Matrix => text
                        .strip_prefix(&format!(";{}=", parameter.name))
                        .unwrap_or(&text),
                    Style::Label => text.strip_prefix('.').unwrap_or(&text),
                    _ => &text,
                };
                Decoded::Value(scalar(api, id, &decoded(text, parameter.location)))
            }
        },
    }
}

/// The value of a parameter outside of the path as it was sent: an array or an object as the
/// document writes one, else the text. Where the name comes several times, and only one of its
/// texts would be read, all texts: nothing that was sent is passed over. `None` where nothing was.
pub(crate) fn sent(api: &Api, own: &Parameter, request: &Request) -> Option<Value> {
    let texts = raw_texts(own, request, &[]);
    let one_is_read = matches!(own.serialization, Serialization::Content(_));
    if !(one_is_read && texts.len() > 1)
        && let Decoded::Value(value @ (Value::Array(_) | Value::Object(_))) =
            parameter(api, own, request, &[])
    {
        return Some(value);
    }
    let texts = texts.into_iter();
    let mut texts: Vec<Value> = texts
        .map(|text| Value::String(decoded(&text, own.location)))
        .collect();
    match texts.len() {
        0 => None,
        1 => texts.pop(),
        _ => Some(Value::Array(texts)),
    }
}

/// The schema that says whether the value is an array or an object: past aliases, and into a
/// union where one member alone is such.
fn container(api: &Api, id: SchemaId) -> SchemaId {
    let id = api.schemas.resolve(id);
    if let Kind::Union { variants, .. } = &api.schemas[id].kind {
        let mut containers = variants
            .iter()
            .map(|variant| api.schemas.resolve(variant.schema))
            .filter(|id| {
                matches!(
                    api.schemas[*id].kind,
                    Kind::Array { .. } | Kind::Tuple { .. } | Kind::Object { .. }
                )
            });
        if let (Some(only), None) = (containers.next(), containers.next())
            && variants.len() == 1
        {
            return only;
        }
    }
    id
}

/// The texts that stand for a parameter, still percent-encoded where the location encodes.
fn raw_texts(parameter: &Parameter, request: &Request, path: &[(String, String)]) -> Vec<String> {
    let name = &parameter.name;
    match parameter.location {
        Location::Path => path
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, value)| value.clone())
            .collect(),
        Location::Query => request
            .query
            .iter()
            .filter(|(own, _)| decoded(own, Location::Query) == *name)
            .map(|(_, value)| value.clone())
            .collect(),
        Location::Header => request
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
            .collect(),
        Location::Cookie => request
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(own, _)| own == name)
            .map(|(_, value)| value.to_owned())
            .collect(),
    }
}

/// Query text is percent-encoded, `+` for a blank; path values are decoded before; headers
/// are plain.
fn decoded(text: &str, location: Location) -> String {
    match location {
        Location::Query => super::route::decoded(&text.replace('+', " ")),
        Location::Path | Location::Header | Location::Cookie => text.to_owned(),
    }
}

fn content(media_type: &str, text: Option<String>) -> Decoded {
    let Some(text) = text else {
        return Decoded::Absent;
    };
    let text = decoded(&text, Location::Query);
    if !media::is_json(media_type) {
        return Decoded::Value(Value::String(text));
    }
    match serde_json::from_str(&text) {
        Ok(value) => Decoded::Value(value),
        Err(error) => Decoded::Malformed(format!("the value is not JSON: {error}")),
    }
}

fn array(api: &Api, id: SchemaId, style: Style, explode: bool, texts: Vec<String>) -> Decoded {
    if texts.is_empty() {
        return Decoded::Absent;
    }
    let pieces: Vec<String> = if style == Style::Form && explode {
        texts
    } else {
        // A name that comes again adds to the list: servers read all of it.
        texts.iter().flat_map(|text| split(text, style)).collect()
    };
    let items = pieces
        .iter()
        .enumerate()
        .map(|(index, piece)| {
            let item = match &api.schemas[id].kind {
                Kind::Array { items, .. } => Some(*items),
                Kind::Tuple { items, rest } => items.get(index).copied().or(*rest),
                _ => None,
            };
            let text = decoded(piece, Location::Query);
            item.map_or(Value::String(text.clone()), |item| scalar(api, item, &text))
        })
        .collect();
    Decoded::Value(Value::Array(items))
}

/// The pieces of a value that is not exploded.
fn split(text: &str, style: Style) -> Vec<String> {
    let pieces: Vec<&str> = match style {
        Style::SpaceDelimited => text
            .split(['+', ' '])
            .flat_map(|piece| piece.split("%20"))
            .collect(),
        Style::PipeDelimited => text
            .split('|')
            .flat_map(|piece| piece.split("%7C"))
            .flat_map(|piece| piece.split("%7c"))
            .collect(),
        Style::Label => text.trim_start_matches('.').split(['.', ',']).collect(),
        Style::Matrix => text
            .split_once('=')
            .map_or(text, |(_, value)| value)
            .split(',')
            .collect(),
        _ if text.contains(',') => text.split(',').collect(),
        // A client may percent-encode the comma that it joins with.
        _ => text
            .split("%2C")
            .flat_map(|piece| piece.split("%2c"))
            .collect(),
    };
    pieces.into_iter().map(str::to_owned).collect()
}

fn deep(api: &Api, id: SchemaId, parameter: &Parameter, request: &Request) -> Decoded {
    let mut members = Map::new();
    for (name, value) in &request.query {
        let name = decoded(name, Location::Query);
        if let Some(key) = name
            .strip_prefix(&parameter.name)
            .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'))
        {
            members.insert(
                key.to_owned(),
                member(api, id, key, &decoded(value, Location::Query)),
            );
        }
    }
    present(members)
}

fn form(api: &Api, id: SchemaId, request: &Request) -> Decoded {
    let Kind::Object { properties, .. } = &api.schemas[id].kind else {
        return Decoded::Absent;
    };
    let members = request
        .query
        .iter()
        .map(|(name, value)| (decoded(name, Location::Query), value))
        .filter(|(name, _)| properties.contains_key(name))
        .map(|(name, value)| {
            let value = member(api, id, &name, &decoded(value, Location::Query));
            (name, value)
        })
        .collect();
    present(members)
}

fn object(api: &Api, id: SchemaId, style: Style, explode: bool, text: Option<String>) -> Decoded {
    let Some(text) = text else {
        return Decoded::Absent;
    };
    let pieces = split(&text, style);
    let mut members = Map::new();
    if explode {
        for piece in &pieces {
            if let Some((name, value)) = piece.split_once('=') {
                members.insert(name.to_owned(), member(api, id, name, value));
            }
        }
    } else {
        let mut pieces = pieces.iter();
        while let (Some(name), Some(value)) = (pieces.next(), pieces.next()) {
            let value = decoded(value, Location::Query);
            members.insert(name.clone(), member(api, id, name, &value));
        }
    }
    Decoded::Value(Value::Object(members))
}

fn present(members: Map<String, Value>) -> Decoded {
    if members.is_empty() {
        Decoded::Absent
    } else {
        Decoded::Value(Value::Object(members))
    }
}

fn member(api: &Api, id: SchemaId, name: &str, text: &str) -> Value {
    match &api.schemas[id].kind {
        Kind::Object { properties, .. } => match properties.get(name) {
            Some(property) => scalar(api, property.schema, text),
            None => Value::String(text.to_owned()),
        },
        _ => Value::String(text.to_owned()),
    }
}

/// Text as the value that the schema means, or as a string.
pub(super) fn scalar(api: &Api, id: SchemaId, text: &str) -> Value {
    scalar_within(api, id, text, 8)
}

/// Unions may hold each other: `depth` ends what a document does not.
fn scalar_within(api: &Api, id: SchemaId, text: &str, depth: usize) -> Value {
    let string = || Value::String(text.to_owned());
    let schema = &api.schemas[api.schemas.resolve(id)];
    match &schema.kind {
        Kind::Integer { .. } | Kind::Number { .. } => number(text).unwrap_or_else(string),
        Kind::Boolean { .. } => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => string(),
        },
        Kind::Union { variants, .. } if depth > 0 => variants
            .iter()
            .map(|variant| scalar_within(api, variant.schema, text, depth - 1))
            .find(|value| !value.is_string())
            .unwrap_or_else(string),
        Kind::Mixed { values } => serde_json::from_str(text)
            .ok()
            .filter(|value| values.contains(value))
            .unwrap_or_else(string),
        Kind::Null if text.is_empty() || text == "null" => Value::Null,
        // The API has no string here but text always is one: JSON's own scalars are meant.
        _ => string(),
    }
}

fn number(text: &str) -> Option<Value> {
    let begins = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let ends = text.ends_with(|last: char| last.is_ascii_digit());
    (begins && ends)
        .then(|| serde_json::from_str::<Number>(text).ok())
        .flatten()
        .map(Value::Number)
}

/// A response header's value (`style` is always `simple`).
pub(super) fn header(api: &Api, schema: SchemaId, text: &str) -> Value {
    let id = container(api, schema);
    match &api.schemas[id].kind {
        Kind::Array { items, .. } => text
            .split(',')
            .map(|piece| scalar(api, *items, piece.trim()))
            .collect(),
        _ => scalar(api, id, text),
    }
}
