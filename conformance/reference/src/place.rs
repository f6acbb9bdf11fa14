//! Places: what a runtime expression means in a request, in a document and in a body.

use super::context::RequestContext;
use plumbline_conformance::expression::read_request;
pub(super) use plumbline_conformance::expression::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Expression, Kind, RequestValues, SchemaId};
use serde_json::{Map, Value};

impl RequestContext<'_> {
    /// What stands at an expression's place in the request, a parameter by its style.
    pub(super) fn read(&self, expression: &Expression) -> Option<Value> {
        match expression {
            Expression::RequestBody(pointer) => {
                return self.json.as_ref()?.pointer(pointer.as_str()).cloned();
            }
            // Those of the operation that was asked for, where a scene looks at another one.
            Expression::RequestPath(name) => {
                let mut values = self.values.iter();
                let (_, value) = values.find(|(own, _)| own == name)?;
                return Some(Value::String(value.clone()));
            }
            _ => {}
        }
        let request = self.call.head(&self.operation.label());
        read_request(self.api(), self.operation, &request, expression)
    }

    /// Whether the request asks all that `ask` says.
    pub(super) fn asks(&self, ask: &RequestValues) -> bool {
        !ask.is_empty()
            && ask
                .iter()
                .all(|(place, wanted)| self.captured(place, wanted).is_some())
    }

    /// What a template captures of what stands at a place. Of a parameter that is a list, each
    /// element is laid under a template that is none.
    pub(super) fn captured(&self, place: &Expression, template: &Value) -> Option<Vec<Value>> {
        let actual = self.read(place)?;
        // JSON in a text, where the parameter's media type says that it is JSON.
        let parsed = match template {
            Value::String(text) if text.starts_with(['[', '{']) && !actual.is_string() => {
                serde_json::from_str(text).ok()
            }
            _ => None,
        };
        let template = parsed.as_ref().unwrap_or(template);
        match (&actual, place.parameter_name()) {
            (Value::Array(elements), Some(_)) if !template.is_array() => {
                let found = elements.iter().map(|element| captures(template, element));
                found
                    .collect::<Option<Vec<_>>>()
                    .map(|found| found.concat())
            }
            _ => captures(template, &actual),
        }
    }
}

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
