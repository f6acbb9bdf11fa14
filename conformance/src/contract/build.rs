//! A valid request made for an operation.

use super::{Contract, Direction, Missing, Values, collection_of, media};
use crate::{Request, invent};
use plumbline_specs::Pointer;
use plumbline_specs::api::{
    Expression, Kind, Location, MediaType, Operation, Parameter, RequestBody, Serialization, Style,
};
use plumbline_specs::collection::item_paths;
use serde_json::{Map, Value};

pub(super) fn request(
    contract: &Contract,
    operation: &Operation,
    values: &Values,
) -> Result<Request, Missing> {
    let mut request = Request {
        operation: operation.label(),
        method: operation.method.as_str().to_owned(),
        path: operation.path.clone(),
        ..Request::default()
    };
    for parameter in &operation.parameters {
        let value = parameter_value(contract, operation, parameter, values)?;
        if let Some(value) = value {
            put(&mut request, parameter, &value);
        }
    }
    let accepted: Vec<_> = operation
        .responses
        .iter()
        .filter(|response| response.status.is_success())
        .flat_map(|response| &response.content)
        .map(|media| media.name.clone())
        .collect();
    if !accepted.is_empty() && !has_header(&request, "accept") {
        request
            .headers
            .push(("Accept".to_owned(), accepted.join(", ")));
    }
    if let Some(body) = &operation.body {
        put_body(contract, operation, body, values, &mut request);
    }
    Ok(request)
}

fn has_header(request: &Request, name: &str) -> bool {
    request
        .headers
        .iter()
        .any(|(own, _)| own.eq_ignore_ascii_case(name))
}

/// A given value first; for what is required the document's example, its default, or an
/// invention. An id in a path is never invented: it would only ever be unknown.
fn parameter_value(
    contract: &Contract,
    operation: &Operation,
    parameter: &Parameter,
    values: &Values,
) -> Result<Option<Value>, Missing> {
    if let Some(value) = values.candidates(operation, parameter).into_iter().next() {
        return Ok(Some(value.clone()));
    }
    if !parameter.required && parameter.location != Location::Path {
        return Ok(None);
    }
    let items = item_paths(&contract.api, parameter);
    if let [path] = items.as_slice()
        && let Some(id) = values.at(path).first()
    {
        return Ok(Some(id.clone()));
    }
    let schema = &contract.api.schemas[contract.api.schemas.resolve(parameter.schema)];
    if let Some(example) = example(contract, &parameter.place)
        && contract.is_valid(&schema.place, Direction::Request, &example)
    {
        return Ok(Some(example));
    }
    let own = &contract.api.schemas[parameter.schema];
    if let Some(default) = own.default.clone().or_else(|| schema.default.clone()) {
        return Ok(Some(default));
    }
    // An id that is invented would only ever be unknown.
    let names = parameter.location == Location::Path
        || collection_of(operation, parameter).is_some()
        || !items.is_empty();
    let free = names && !invent::has_few_values(&contract.api, parameter.schema);
    if free {
        return Err(Missing {
            operation: operation.label(),
            parameter: parameter.name.clone(),
            location: parameter.location,
        });
    }
    Ok(Some(
        contract
            .inventor(Direction::Request)
            .required_only()
            .value(parameter.schema),
    ))
}

/// `example`, or the first of `examples`.
fn example(contract: &Contract, place: &Pointer) -> Option<Value> {
    let node = contract.raw.pointer(place.as_str())?;
    if let Some(example) = node.get("example") {
        return Some(example.clone());
    }
    node.get("examples")?
        .as_object()?
        .values()
        .find_map(|example| example.get("value"))
        .cloned()
}

/// Writes a parameter's value into a request, by style.
pub(crate) fn put(request: &mut Request, parameter: &Parameter, value: &Value) {
    let name = encoded(&parameter.name);
    let (style, explode) = match &parameter.serialization {
        Serialization::Content(_) => {
            let text = match value {
                // Already a JSON text, as a user gives it.
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            return place(request, parameter, vec![(name, encoded(&text))]);
        }
        Serialization::Style { style, explode, .. } => (*style, *explode),
    };
    let texts = match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| encoded(&text(item))).collect();
            match style {
                Style::Form if explode => {
                    items.into_iter().map(|item| (name.clone(), item)).collect()
                }
                Style::SpaceDelimited => vec![(name, items.join("%20"))],
                Style::PipeDelimited => vec![(name, items.join("%7C"))],
                Style::Label => vec![(
                    name,
                    format!(".{}", items.join(if explode { "." } else { "," })),
                )],
                Style::Matrix => vec![(name.clone(), format!(";{name}={}", items.join(",")))],
                _ => vec![(name, items.join(","))],
            }
        }
        Value::Object(members) => object(&name, members, style, explode),
        scalar => {
            let text = encoded(&text(scalar));
            let text = match style {
                Style::Label => format!(".{text}"),
                Style::Matrix => format!(";{name}={text}"),
                _ => text,
            };
            vec![(name, text)]
        }
    };
    place(request, parameter, texts);
}

fn object(
    name: &str,
    members: &Map<String, Value>,
    style: Style,
    explode: bool,
) -> Vec<(String, String)> {
    let pairs = members
        .iter()
        .map(|(key, value)| (encoded(key), encoded(&text(value))));
    match style {
        Style::DeepObject => pairs
            .map(|(key, value)| (format!("{name}%5B{key}%5D"), value))
            .collect(),
        Style::Form if explode => pairs.collect(),
        _ => {
            let joint = if explode { "=" } else { "," };
            let pieces: Vec<_> = pairs
                .map(|(key, value)| format!("{key}{joint}{value}"))
                .collect();
            vec![(name.to_owned(), pieces.join(","))]
        }
    }
}

fn place(request: &mut Request, parameter: &Parameter, texts: Vec<(String, String)>) {
    match parameter.location {
        Location::Query => {
            request
                .query
                .retain(|(own, _)| !texts.iter().any(|(name, _)| name == own));
            request.query.extend(texts);
        }
        Location::Path => {
            let text = texts
                .into_iter()
                .next()
                .map(|(_, text)| text)
                .unwrap_or_default();
            request.path = request
                .path
                .replace(&format!("{{{}}}", parameter.name), &text);
        }
        Location::Header => {
            request
                .headers
                .retain(|(own, _)| !own.eq_ignore_ascii_case(&parameter.name));
            for (_, text) in texts {
                request
                    .headers
                    .push((parameter.name.clone(), super::route::decoded(&text)));
            }
        }
        Location::Cookie => {
            // All cookies of a request stand in one header (RFC 6265, section 5.4).
            let mut pairs = Vec::new();
            request.headers.retain(|(name, line)| {
                let is_cookie = name.eq_ignore_ascii_case("cookie");
                if is_cookie {
                    pairs.extend(line.split(';').map(|pair| pair.trim().to_owned()));
                }
                !is_cookie
            });
            pairs.retain(|pair| {
                let own = pair.split_once('=').map_or(pair.as_str(), |(name, _)| name);
                !own.is_empty() && !texts.iter().any(|(name, _)| name == own)
            });
            pairs.extend(texts.iter().map(|(name, text)| format!("{name}={text}")));
            request
                .headers
                .push(("Cookie".to_owned(), pairs.join("; ")));
        }
    }
}

/// A scalar as the text that stands for it, anything else as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Percent-encoded but for RFC 3986's unreserved characters.
pub(crate) fn encoded(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const SET: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, SET).to_string()
}

/// The body's media type that is JSON, or else the first.
pub(crate) fn preferred(body: &RequestBody) -> Option<&MediaType> {
    body.content
        .iter()
        .find(|media| media.is_json())
        .or_else(|| body.content.first())
}

fn put_body(
    contract: &Contract,
    operation: &Operation,
    body: &RequestBody,
    values: &Values,
    request: &mut Request,
) {
    let Some(media) = preferred(body) else {
        return;
    };
    let name = if media::is_json(&media.name) || media.name.contains('*') {
        "application/json"
    } else {
        media.name.as_str()
    };
    let value = body_value(contract, operation, media, values);
    request.body = Some(match (&value, media::essence(name).as_str()) {
        (Value::Object(members), "application/x-www-form-urlencoded") => members
            .iter()
            .map(|(key, value)| format!("{}={}", encoded(key), encoded(&text(value))))
            .collect::<Vec<_>>()
            .join("&")
            .into_bytes(),
        (Value::Object(members), "multipart/form-data") => {
            request.headers.push((
                "Content-Type".to_owned(),
                format!("{name}; boundary={BOUNDARY}"),
            ));
            request.body = Some(multipart(members));
            return;
        }
        _ if media::is_json(name) => value.to_string().into_bytes(),
        _ => text(&value).into_bytes(),
    });
    request
        .headers
        .push(("Content-Type".to_owned(), name.to_owned()));
}

/// No invented text holds it.
const BOUNDARY: &str = "plumbline-part-7c1e";

fn multipart(members: &Map<String, Value>) -> Vec<u8> {
    let mut out = String::new();
    for (name, value) in members {
        let kind = if value.is_object() || value.is_array() {
            "Content-Type: application/json\r\n"
        } else {
            ""
        };
        out.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"\r\n{kind}\r\n{}\r\n",
            name.replace('"', "%22"),
            text(value)
        ));
    }
    out.push_str(&format!("--{BOUNDARY}--\r\n"));
    out.into_bytes()
}

/// The body as a value: the document's example where it is valid, or an invention with what
/// is required alone, and the known ids in their places.
pub(crate) fn body_value(
    contract: &Contract,
    operation: &Operation,
    media: &MediaType,
    values: &Values,
) -> Value {
    let Some(schema) = media.schema else {
        return Value::Object(Map::new());
    };
    let place = &contract.api.schemas[schema].place;
    let mut value = example(contract, &media.place)
        .filter(|example| contract.is_valid(place, Direction::Request, example))
        .unwrap_or_else(|| {
            contract
                .inventor(Direction::Request)
                .required_only()
                .value(schema)
        });
    for (pointer, id) in values.in_body(operation) {
        let mut with = value.clone();
        write_at(&mut with, &pointer, id);
        // What a server calls its items need not be what the request may call them.
        let valid = |value: &Value| contract.is_valid(place, Direction::Request, value);
        if valid(&with) || !valid(&value) {
            value = with;
        }
    }
    value
}

/// The same request with another name for what it creates: a server may want names to be unique, and
/// invented ones are always the same. `None` where the body names nothing by a free text.
pub(crate) fn renamed(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    nonce: &str,
) -> Option<Request> {
    let media = preferred(operation.body.as_ref()?)?;
    let schemas = &contract.api.schemas;
    let schema = &schemas[schemas.resolve(media.schema?)];
    let Kind::Object { properties, .. } = &schema.kind else {
        return None;
    };
    let Value::Object(body) = serde_json::from_slice(request.body.as_deref()?).ok()? else {
        return None;
    };
    let resource = operation.resource.as_ref();
    let parent = resource.and_then(|resource| resource.parent.as_ref());
    let is_free = |name: &str| {
        let place = Expression::RequestBody(Pointer::root().join(name));
        let kind = properties
            .get(name)
            .map(|own| &schemas[schemas.resolve(own.schema)].kind);
        parent.is_none_or(|parent| parent.id != place)
            && matches!(
                kind,
                Some(Kind::String {
                    format: None,
                    values: None,
                    pattern: None,
                    ..
                })
            )
    };
    let mut names: Vec<&String> = body.keys().filter(|name| is_free(name)).collect();
    names.sort_by_key(|name| *name != "name");
    names.into_iter().find_map(|name| {
        let mut other = body.clone();
        let text = body.get(name)?.as_str()?;
        other.insert(name.clone(), format!("{text} {nonce}").into());
        let other = Value::Object(other);
        contract
            .is_valid(&schema.place, Direction::Request, &other)
            .then(|| Request {
                body: Some(other.to_string().into_bytes()),
                ..request.clone()
            })
    })
}

/// Puts a value at a pointer, making the objects on the way.
pub(crate) fn write_at(into: &mut Value, pointer: &Pointer, value: Value) {
    let mut node = into;
    for token in pointer.tokens() {
        // The first of a list that is not there, or is empty, makes it.
        if token == "0" && (node.is_null() || node.as_array().is_some_and(Vec::is_empty)) {
            *node = Value::Array(vec![Value::Null]);
        }
        if node.is_array() {
            let Some(next) = token
                .parse::<usize>()
                .ok()
                .and_then(|index| node.get_mut(index))
            else {
                return;
            };
            node = next;
            continue;
        }
        if !node.is_object() {
            *node = Value::Object(Map::new());
        }
        let Value::Object(members) = node else {
            return;
        };
        node = members.entry(token).or_insert(Value::Null);
    }
    *node = value;
}
