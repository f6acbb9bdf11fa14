//! Values: what their schemas say, what stands where in them, and what a template captures of one.

pub(super) use plumbline_conformance::expression::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Kind, SchemaId};
use serde_json::{Map, Value};

/// The schema of an array's elements, also behind a union with null.
pub(super) fn element(api: &Api, schema: SchemaId) -> Option<SchemaId> {
    match &api.schemas[api.schemas.resolve(schema)].kind {
        Kind::Array { items, .. } => Some(*items),
        Kind::Union { variants, .. } => variants.iter().find_map(|variant| {
            match &api.schemas[api.schemas.resolve(variant.schema)].kind {
                Kind::Array { items, .. } => Some(*items),
                _ => None,
            }
        }),
        _ => None,
    }
}

/// The properties of an object schema, also behind a union.
pub(super) fn properties(
    api: &Api,
    schema: SchemaId,
) -> Option<&indexmap::IndexMap<String, plumbline_specs::api::Property>> {
    match &api.schemas[api.schemas.resolve(schema)].kind {
        Kind::Object { properties, .. } => Some(properties),
        Kind::Union { variants, .. } => variants.iter().find_map(|variant| {
            match &api.schemas[api.schemas.resolve(variant.schema)].kind {
                Kind::Object { properties, .. } => Some(properties),
                _ => None,
            }
        }),
        _ => None,
    }
}

/// Whether null is a value of the schema.
pub(super) fn nullable(api: &Api, schema: SchemaId) -> bool {
    let own = &api.schemas[schema];
    let resolved = &api.schemas[api.schemas.resolve(schema)];
    own.nullable || resolved.nullable || matches!(resolved.kind, Kind::Null | Kind::Any)
}

/// Puts a value at a pointer, making the objects that lead there; an array on the way is left.
pub(super) fn put(root: &mut Value, pointer: &Pointer, value: Value) {
    let mut place = root;
    for token in pointer.tokens() {
        if let Value::Array(elements) = place {
            let Some(element) = token
                .parse::<usize>()
                .ok()
                .and_then(|index| elements.get_mut(index))
            else {
                return;
            };
            place = element;
            continue;
        }
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(members) = place else {
            return;
        };
        place = members.entry(token).or_insert(Value::Null);
    }
    *place = value;
}

/// Takes a member away; gives whether it was there.
pub(super) fn take(root: &mut Value, pointer: &Pointer) -> bool {
    let (Some(parent), Some(last)) = (pointer.parent(), pointer.tokens().last()) else {
        return false;
    };
    root.pointer_mut(parent.as_str())
        .and_then(Value::as_object_mut)
        .is_some_and(|members| members.shift_remove(&last).is_some())
}

/// Lays a template over what was asked: the values in the place of `{value}`, or `None` where
/// the two differ. JSON in a string is compared as JSON; one element of an array template stands
/// for every element that fits.
pub(super) fn captures(template: &Value, actual: &Value) -> Option<Vec<Value>> {
    match (template, actual) {
        (Value::String(template), _) if template == "{value}" => Some(vec![actual.clone()]),
        (Value::String(template), Value::String(text)) => captures_in_text(template, text),
        (Value::Object(template), Value::Object(members)) => {
            let mut found = Vec::new();
            for (name, wanted) in template {
                found.extend(captures(wanted, members.get(name)?)?);
            }
            Some(found)
        }
        (Value::Array(template), Value::Array(elements)) => match template.as_slice() {
            [only] => {
                let fits: Vec<_> = elements
                    .iter()
                    .filter_map(|element| captures(only, element))
                    .collect();
                (!fits.is_empty()).then(|| fits.concat())
            }
            _ => {
                if template.len() != elements.len() {
                    return None;
                }
                let mut found = Vec::new();
                for (wanted, element) in template.iter().zip(elements) {
                    found.extend(captures(wanted, element)?);
                }
                Some(found)
            }
        },
        _ => (text(template) == text(actual)).then(Vec::new),
    }
}

fn captures_in_text(template: &str, actual: &str) -> Option<Vec<Value>> {
    if template == actual {
        return Some(Vec::new());
    }
    if template.starts_with(['[', '{']) && template != "{value}" {
        let template: Value = serde_json::from_str(template).ok()?;
        let actual: Value = serde_json::from_str(actual).ok()?;
        return captures(&template, &actual);
    }
    let (before, after) = template.split_once("{value}")?;
    let middle = actual.strip_prefix(before)?.strip_suffix(after)?;
    Some(vec![Value::String(middle.to_owned())])
}
