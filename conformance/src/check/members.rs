//! An item's members: which of them an operation sets, and whether a read shows them so.

use crate::Contract;
use crate::Severity;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Kind, MemberValue, Operation, Resource, SchemaId};
use serde_json::{Map, Value};

/// Puts a text into a member of a request's body that a read shows: what is invented can be
/// what is there already, or leave out what is optional. Best is a member that was shown
/// before, or one that is meant for people. Its name, where there is one.
pub(super) fn telling(
    contract: &Contract,
    operation: &Operation,
    get: &Operation,
    request: &mut crate::Request,
    before: Option<&Value>,
    text: &str,
) -> Option<String> {
    const PLAIN: [&str; 4] = ["name", "title", "label", "description"];
    let schema = body_schema(operation)?;
    let Some(Value::Object(body)) = request.body.as_deref().map_or_else(
        || Some(Value::Object(Map::new())),
        |body| serde_json::from_slice(body).ok(),
    ) else {
        return None;
    };
    let known = &contract.api.schemas[contract.api.schemas.resolve(schema)];
    let Kind::Object { properties, .. } = &known.kind else {
        return None;
    };
    let resource = operation.resource.as_ref();
    let mut names: Vec<(&String, String)> = properties
        .keys()
        .map(|name| {
            let member = resource.and_then(|own| member_set_by(own, name));
            (name, member.unwrap_or_else(|| name.clone()))
        })
        .filter(|(_, member)| documents(contract, get, member))
        .collect();
    names.sort_by_key(|(_, name)| {
        let shown = before.is_some_and(|before| before.get(name.as_str()).is_some());
        let plain = PLAIN.iter().position(|plain| plain == name);
        (!shown, plain.unwrap_or(PLAIN.len()))
    });
    for (name, member) in names {
        let mut changed = body.clone();
        changed.insert(name.clone(), text.into());
        let changed = Value::Object(changed);
        if contract.is_valid(&known.place, crate::Direction::Request, &changed) {
            request.body = Some(changed.to_string().into_bytes());
            return Some(member);
        }
    }
    None
}

/// The member of an item that an operation gives the value of a member of its body.
fn member_set_by(resource: &Resource, name: &str) -> Option<String> {
    let place = Expression::RequestBody(Pointer::root().join(name));
    let mut sets = resource.sets.iter();
    let (member, _) =
        sets.find(|(_, set)| matches!(set, MemberValue::Given(own) if *own == place))?;
    only_token(member)
}

/// What a request makes of an item: its body, or what `x-resource` says that it sets.
pub(super) fn set_by(resource: &Resource, body: Value) -> Value {
    if resource.sets.is_empty() {
        return body;
    }
    let sets = resource.sets.iter().filter_map(|(member, set)| {
        let value = match set {
            MemberValue::Given(Expression::RequestBody(pointer)) => {
                body.pointer(pointer.as_str())?
            }
            MemberValue::Given(_) => return None,
            MemberValue::Constant(value) => value,
        };
        Some((only_token(member)?, value.clone()))
    });
    Value::Object(sets.collect())
}

/// What an operation sets, where all of that is constant and there is any.
pub(super) fn constants(resource: &Resource) -> Option<Value> {
    let constant = |set: &MemberValue| matches!(set, MemberValue::Constant(_));
    (!resource.sets.is_empty() && resource.sets.values().all(constant))
        .then(|| set_by(resource, Value::Null))
}

/// A pointer's only token.
fn only_token(pointer: &Pointer) -> Option<String> {
    let mut tokens = pointer.tokens();
    tokens.next().filter(|_| tokens.next().is_none())
}

/// Where the body of a read holds the item, if not at its root.
pub(super) fn item_pointer(get: &Operation) -> Option<&Pointer> {
    match get.resource.as_ref()?.output.as_ref()? {
        Expression::ResponseBody(pointer) => Some(pointer),
        _ => None,
    }
}

/// The schema of an operation's JSON body.
fn body_schema(operation: &Operation) -> Option<SchemaId> {
    let content = &operation.body.as_ref()?.content;
    content.iter().find(|media| media.is_json())?.schema
}

/// The members that are shown otherwise than they were sent, and those that are documented but
/// not shown: the latter warn, as a server may hold a member back.
pub(super) fn differing(
    contract: &Contract,
    get: &Operation,
    sent: &Map<String, Value>,
    shown: &Map<String, Value>,
) -> Vec<(String, Severity)> {
    sent.iter()
        .filter(|(_, value)| is_plain(value))
        .filter_map(|(name, value)| match shown.get(name) {
            Some(other) if same(value, other) => None,
            Some(_) => Some((name.clone(), Severity::Failure)),
            None => documents(contract, get, name).then(|| (name.clone(), Severity::Warning)),
        })
        .collect()
}

/// Whether a success of the operation documents a member of that name in the item.
fn documents(contract: &Contract, get: &Operation, name: &str) -> bool {
    let schemas = &contract.api.schemas;
    let member = |schema: SchemaId, name: &str| match &schemas[schemas.resolve(schema)].kind {
        Kind::Object { properties, .. } => properties.get(name).map(|property| property.schema),
        _ => None,
    };
    let tokens: Vec<String> = item_pointer(get)
        .map(|pointer| pointer.tokens().collect())
        .unwrap_or_default();
    get.responses
        .iter()
        .filter(|response| response.status.is_success())
        .flat_map(|response| &response.content)
        .filter_map(|media| media.schema)
        .filter_map(|schema| {
            let mut tokens = tokens.iter();
            tokens.try_fold(schema, |schema, token| member(schema, token))
        })
        .filter_map(|schema| member(schema, name))
        .any(|schema| !schemas[schema].write_only)
}

/// Values that a server has no reason to write in another form; a date it may.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::String(text) => !text.get(..5).is_some_and(|head| {
            head.ends_with('-') && head.chars().take(4).all(|digit| digit.is_ascii_digit())
        }),
        _ => false,
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}
