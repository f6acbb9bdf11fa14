//! Ids: those that a request names, those of what it made, and those that nothing can have.

use super::created::{Part, Place};
use super::effect::{Items, trimmed};
use crate::contract::text;
use crate::contract::{before, path_values, shape};
use crate::expression::{created_id, located, read_request};
use crate::{Contract, Exchange, Reply, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Kind, Location, Operation, Role, SchemaId};
use serde_json::Value;
use std::hash::{BuildHasher as _, RandomState};
use url::Url;

/// The greatest signed integer of 64 bits: no store has given it out as an id, and one more would be
/// asked of stores that cannot hold it.
const GREATEST: &str = "9223372036854775807";

/// The ids that a request names; none where it names none, or something else than ids.
pub(super) fn named(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    items: &Items,
) -> Vec<String> {
    let in_query = matches!(items.place, Expression::RequestQuery(_));
    let values = match read_request(&contract.api, operation, request, &items.place) {
        Some(Value::Array(values)) => values,
        // A list as many servers read one, though the document calls it a text.
        Some(Value::String(text)) if in_query => text.split(',').map(Value::from).collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    };
    let scalar = |value: &Value| value.is_string() || value.is_number();
    if values.iter().all(scalar) {
        values.iter().map(text).collect()
    } else {
        Vec::new()
    }
}

/// The place of the items that a request of an operation names, or makes.
pub(super) fn place(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    items: Option<&Items>,
) -> Place {
    let resource = operation.resource.as_ref();
    let (path, upto) = match items.map(|items| &items.place) {
        Some(Expression::RequestPath(name)) => (before(&operation.path, name), Some(name.as_str())),
        // What an id in the body is of is told by the collection's name.
        Some(_) if items.is_some_and(|items| !items.creates(operation)) => (None, None),
        _ => (Some(shape(trimmed(&operation.path))), None),
    };
    let values = path_values(operation, &request.path).unwrap_or_default();
    let scope = values
        .into_iter()
        .take_while(|(name, _)| upto != Some(name.as_str()))
        .map(|(name, value)| Part {
            impossible: is_malformed(contract, schema(operation, &name), &value),
            value,
        })
        .collect();
    let parent = resource.and_then(|resource| resource.parent.as_ref());
    Place {
        collection: resource.map(|resource| resource.collection.clone()),
        key: resource.and_then(|resource| resource.key.clone()),
        path,
        scope,
        parent: parent
            .and_then(|parent| read_request(&contract.api, operation, request, &parent.id))
            .map(|id| text(&id)),
    }
}

impl Items {
    /// Whether the operation makes the items that it names.
    fn creates(&self, operation: &Operation) -> bool {
        operation
            .resource
            .as_ref()
            .is_some_and(|resource| resource.role == Role::Upsert)
    }
}

/// The place of the item that owns the collection that a request works in, and its id.
pub(super) fn owner(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
) -> Option<(Place, String)> {
    let parent = operation.resource.as_ref()?.parent.as_ref()?;
    let id = text(&read_request(
        &contract.api,
        operation,
        request,
        &parent.id,
    )?);
    let path = match &parent.id {
        Expression::RequestPath(name) => before(&operation.path, name),
        _ => None,
    };
    let values = path_values(operation, &request.path).unwrap_or_default();
    let scope = values
        .into_iter()
        .take_while(|(name, _)| !matches!(&parent.id, Expression::RequestPath(own) if own == name))
        .map(|(_, value)| Part {
            value,
            impossible: false,
        });
    let scope = if path.is_some() {
        scope.collect()
    } else {
        Vec::new()
    };
    let place = Place {
        collection: Some(parent.collection.clone()),
        path,
        scope,
        ..Place::default()
    };
    Some((place, id))
}

/// The schema of a parameter in a path.
pub(super) fn schema(operation: &Operation, name: &str) -> Option<SchemaId> {
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.location == Location::Path && parameter.name == name)
        .map(|parameter| parameter.schema)
}

/// Whether a text cannot be an id of a schema, whatever a lenient server makes of it: no digit
/// where an integer is due, or one that no 64 bits hold; no UUID where one is due.
pub(super) fn is_malformed(contract: &Contract, schema: Option<SchemaId>, text: &str) -> bool {
    let Some(schema) = schema else {
        return false;
    };
    let schemas = &contract.api.schemas;
    match &schemas[schemas.resolve(schema)].kind {
        Kind::Integer { .. } | Kind::Number { .. } => {
            let digits = text.chars().any(|character| character.is_ascii_digit());
            let beyond = text
                .parse::<u128>()
                .is_ok_and(|id| i64::try_from(id).is_err());
            !digits && !text.is_empty() || beyond
        }
        Kind::String { format, .. } => {
            matches!(format.as_deref(), Some("uuid" | "uuid4" | "uuid7"))
                && uuid::Uuid::try_parse(text).is_err()
        }
        _ => false,
    }
}

/// An id of the same kind as a known one that nothing can have: drawn by chance, or beyond what a
/// store counts to.
pub(super) fn fresh(known: &str) -> String {
    let chance = || RandomState::new().hash_one(known).to_be_bytes();
    let (first, second) = (chance(), chance());
    let mut bytes = [0; 16];
    for (byte, drawn) in bytes.iter_mut().zip(first.into_iter().chain(second)) {
        *byte = drawn;
    }
    let random = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let uuid = |version| match version {
        7 => {
            let now = jiff::Timestamp::now().as_millisecond();
            let mut tail = [0; 10];
            for (byte, drawn) in tail.iter_mut().zip(bytes) {
                *byte = drawn;
            }
            let now = u64::try_from(now).unwrap_or_default();
            uuid::Builder::from_unix_timestamp_millis(now, &tail).into_uuid()
        }
        _ => random,
    };
    let text = format!("plumbline-unknown-{}", random.simple());
    of_kind(known, |version| uuid(version).to_string(), GREATEST, &text)
}

/// Of these ids the one that is of the same kind as a known one: a UUID of a version, a number, or a
/// text; in a node id, as GraphQL servers write it (base64 of `Type:number`), the number.
pub(crate) fn of_kind(
    known: &str,
    uuid: impl FnOnce(usize) -> String,
    number: &str,
    text: &str,
) -> String {
    let is_number = |text: &str| text.chars().all(|character| character.is_ascii_digit());
    if let Ok(known) = uuid::Uuid::try_parse(known) {
        return uuid(known.get_version_num());
    }
    if !known.is_empty() && is_number(known) {
        return number.to_owned();
    }
    let node = STANDARD
        .decode(known)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match node.as_deref().and_then(|node| node.split_once(':')) {
        Some((kind, own)) if is_number(own) => STANDARD.encode(format!("{kind}:{number}")),
        _ => text.to_owned(),
    }
}

/// The ids of what a request has made, by the document or by what an answer usually has.
pub(super) fn made(
    contract: &Contract,
    target: &Url,
    create: &Operation,
    exchange: &Exchange,
) -> Vec<Value> {
    let by_habit = || {
        by_habit(contract, target, create, exchange)
            .into_iter()
            .collect()
    };
    let Some(resource) = &create.resource else {
        return by_habit();
    };
    if let Some(id) = created_id(contract, target, create, exchange) {
        return vec![id];
    }
    let key = resource.key.as_ref().map_or("/id", Pointer::as_str);
    let sent = resource.input.as_ref();
    let sent = sent.and_then(|input| read_request(&contract.api, create, &exchange.request, input));
    let Some(Value::Array(items)) = sent else {
        return by_habit();
    };
    let ids = items.iter().filter_map(|item| item.pointer(key).cloned());
    ids.filter(is_id).collect()
}

fn is_id(value: &Value) -> bool {
    value.is_number() || value.as_str().is_some_and(|text| !text.is_empty())
}

/// Where items lie below the path: the answer's own id, or what its Location names.
fn by_habit(
    contract: &Contract,
    target: &Url,
    create: &Operation,
    exchange: &Exchange,
) -> Option<Value> {
    let name = item_variable(contract, create)?;
    let reply = exchange.reply()?;
    let from_location = || {
        let location = reply.header("Location")?;
        located(contract, target, create, exchange, location).map(Value::String)
    };
    from_body(create, reply, name).or_else(from_location)
}

/// The id of the item that an answer is, or wraps: what it wraps under the name of another thing
/// (`{"job": {"id": 3}}`) has another thing's id.
fn from_body(create: &Operation, reply: &Reply, name: &str) -> Option<Value> {
    let body = reply.json()?;
    let of = |object: &Value| {
        let own = object.get("id").or_else(|| object.get(name));
        own.filter(|id| is_id(id)).cloned()
    };
    of(&body).or_else(|| {
        let members = body.as_object()?.iter();
        let mut inner = members.filter(|(_, value)| value.is_object());
        let (wrapper, only) = inner.next()?;
        let wraps = inner.next().is_none() && wraps_item(create, wrapper);
        of(only).filter(|_| wraps)
    })
}

/// Whether a member of an answer holds the item that was created: by a name that any item has, or by
/// that of the collection, in the singular.
fn wraps_item(create: &Operation, member: &str) -> bool {
    const ANY: [&str; 8] = [
        "data", "result", "response", "item", "object", "resource", "entity", "payload",
    ];
    let plain = |name: &str| name.replace(['_', '-'], "").to_lowercase();
    let member = plain(member);
    let mut segments = trimmed(&create.path).rsplit('/');
    let collection = plain(segments.find(|own| !own.contains('{')).unwrap_or_default());
    let singular = collection
        .strip_suffix("ies")
        .map(|stem| format!("{stem}y"))
        .or_else(|| Some(collection.strip_suffix('s')?.to_owned()));
    ANY.contains(&member.as_str())
        || member == collection
        || collection.strip_suffix("es") == Some(&member)
        || singular.as_ref() == Some(&member)
}

/// The variable that names an item right below an operation's path.
pub(super) fn item_variable<'a>(contract: &'a Contract, create: &Operation) -> Option<&'a str> {
    contract.api.operations.iter().find_map(|other| {
        let rest = other.path.strip_prefix(trimmed(&create.path))?;
        let name = rest.strip_prefix("/{")?.split_once('}')?.0;
        Some(name)
    })
}
