//! Bodies: items as an operation shows them, and what stands around them.

use super::call::{Body, ServerResponse};
use super::complaint::Refusal;
use super::context::{RequestContext, World};
use super::plausible::mix;
use super::value::{nullable, properties, put};

use plumbline_specs::Pointer;
use plumbline_specs::api::{Kind, SchemaId};
use serde_json::{Map, Value};

/// An item as a schema shows it: the members that the schema knows, those that it requires
/// besides made up, always the same ones for the same item.
pub(super) fn show(world: &World, schema: Option<SchemaId>, item: &Value, sequence: u64) -> Value {
    let api = world.api();
    let Some(schema) = schema else {
        return item.clone();
    };
    let (Some(known), Some(members)) = (properties(api, schema), item.as_object()) else {
        return item.clone();
    };
    let mut shown = Map::new();
    for (name, property) in known {
        match members.get(name) {
            Some(Value::Null) if world.particulars.omits_null && !property.required => {}
            Some(value) => {
                shown.insert(name.clone(), tidy(world, property.schema, value, 0));
            }
            None if property.required => {
                let seed = mix(sequence, &[name]);
                let value = world.invent(property.schema, seed);
                shown.insert(name.clone(), value);
            }
            None => {}
        }
    }
    // What a free-form object holds has no names in the document.
    if known.is_empty() {
        return item.clone();
    }
    Value::Object(shown)
}

/// A value without the nulls that a vendor leaves out, in objects whose members are documented.
fn tidy(world: &World, schema: SchemaId, value: &Value, depth: u8) -> Value {
    if !world.particulars.omits_null || depth > 16 {
        return value.clone();
    }
    let api = world.api();
    match (&api.schemas[api.schemas.resolve(schema)].kind, value) {
        (Kind::Object { properties, .. }, Value::Object(members)) if !properties.is_empty() => {
            let kept = members.iter().filter_map(|(name, value)| {
                let property = properties.get(name);
                if value.is_null() && property.is_some_and(|property| !property.required) {
                    return None;
                }
                let value = property.map_or_else(
                    || value.clone(),
                    |property| tidy(world, property.schema, value, depth + 1),
                );
                Some((name.clone(), value))
            });
            Value::Object(kept.collect())
        }
        (Kind::Array { items, .. }, Value::Array(elements)) => Value::Array(
            elements
                .iter()
                .map(|element| tidy(world, *items, element, depth + 1))
                .collect(),
        ),
        _ => value.clone(),
    }
}

/// What stands around the items: required members made up, members with a default at it.
pub(super) fn envelope(context: &RequestContext<'_>, schema: SchemaId) -> Value {
    let api = context.api();
    let seed = mix(context.world.options.seed, &[&context.operation.label()]);
    let Kind::Object { properties, .. } = &api.schemas[api.schemas.resolve(schema)].kind else {
        return Value::Null;
    };
    let mut members = Map::new();
    for (name, property) in properties {
        let own = &api.schemas[property.schema];
        if let Some(fixed) = context.world.particulars.fixed.get(name) {
            members.insert(name.clone(), fixed.clone());
        } else if property.required {
            let value = context.world.invent(property.schema, seed);
            members.insert(name.clone(), value);
        } else if let Some(default) = &own.default
            && !(default.is_null() && context.world.particulars.omits_null)
        {
            members.insert(name.clone(), default.clone());
        }
    }
    Value::Object(members)
}

/// The answer that shows one item where the operation shows it.
pub(super) fn one(context: &RequestContext<'_>, item: &Value, sequence: u64) -> ServerResponse {
    let plan = context.plan;
    let Some(schema) = plan.schema() else {
        return finish(context, ServerResponse::empty(plan.status));
    };
    let api = context.api();
    let pointer = plan.output.clone();
    let mut body = match &pointer {
        Some(pointer) if pointer.as_str().is_empty() => {
            show(context.world, Some(schema), item, sequence)
        }
        Some(pointer) => {
            let shown = api.schemas.at(schema, pointer);
            let mut body = envelope(context, schema);
            put(
                &mut body,
                pointer,
                show(context.world, shown, item, sequence),
            );
            body
        }
        None => {
            let seed = mix(
                context.world.options.seed,
                &[&context.operation.label(), "one"],
            );
            acknowledge(context, schema, seed)
        }
    };
    if let Some(plumbline_specs::api::Expression::ResponseBody(place)) = context
        .operation
        .resource
        .as_ref()
        .and_then(|resource| resource.id.as_ref())
        && let Some(id) = item.pointer(context.plan.key.as_str())
    {
        put(&mut body, place, id.clone());
    }
    finish(
        context,
        ServerResponse {
            status: plan.status,
            headers: Vec::new(),
            media: plan.media.as_ref().map(|media| media.name.clone()),
            body: Body::Json(body),
        },
    )
}

/// A body that says that it is done; an alternative with contents is better than null.
fn acknowledge(context: &RequestContext<'_>, schema: SchemaId, seed: u64) -> Value {
    let value = context.world.invent(schema, seed);
    if value.is_null() && properties(context.api(), schema).is_some() {
        let other = (1..16)
            .map(|turn| context.world.invent(schema, seed ^ turn))
            .find(|value| !value.is_null());
        return other.unwrap_or(value);
    }
    value
}

/// An answer made up from the schema alone: always the same for the same request.
pub(super) fn made_up(context: &RequestContext<'_>) -> Result<ServerResponse, Refusal> {
    let plan = context.plan;
    let mut parts = vec![context.operation.label()];
    parts.extend(context.values.iter().map(|(_, value)| value.clone()));
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    let seed = mix(context.world.options.seed, &parts);
    let Some(media) = &plan.media else {
        return Ok(finish(context, ServerResponse::empty(plan.status)));
    };
    let body = match (&media.stream, media.schema) {
        (Some(stream), _) => Body::Records {
            records: stream
                .item
                .map(|item| context.world.invent(item, seed))
                .into_iter()
                .collect(),
            framing: stream.framing,
            delimiter: stream.delimiter.clone(),
        },
        (None, Some(schema)) => {
            let value = context.world.invent(schema, seed);
            let value = tidy(context.world, schema, &value, 0);
            match value {
                Value::String(text) if !media.is_json() => Body::Bytes(text.into_bytes()),
                value => Body::Json(value),
            }
        }
        (None, None) => Body::Json(Value::Object(Map::new())),
    };
    Ok(finish(
        context,
        ServerResponse {
            status: plan.status,
            headers: Vec::new(),
            media: Some(media.name.clone()),
            body,
        },
    ))
}

fn finish(context: &RequestContext<'_>, mut answer: ServerResponse) -> ServerResponse {
    headers(context, &mut answer);
    answer
}

/// Adds the headers that the document requires and nobody has set.
pub(super) fn headers(context: &RequestContext<'_>, answer: &mut ServerResponse) {
    let response = context
        .operation
        .responses
        .iter()
        .find(|response| response.status.covers(answer.status));
    for header in response.iter().flat_map(|response| &response.headers) {
        let there = answer
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(&header.name));
        if header.required && !there {
            let value = header
                .schema
                .map(|schema| context.world.invent(schema, context.world.options.seed));
            let value = value.map_or_else(|| "1".to_owned(), |value| super::value::text(&value));
            answer.headers.push((header.name.clone(), value));
        }
    }
}

/// A copy of an item with a null set where its schema allows one, else with the member gone.
pub(super) fn clear(world: &World, schema: Option<SchemaId>, item: &mut Value, name: &str) {
    let api = world.api();
    let known = schema.and_then(|schema| properties(api, schema));
    let property = known.and_then(|known| known.get(name));
    let null = property.is_some_and(|property| nullable(api, property.schema));
    if null {
        put(item, &Pointer::root().join(name), Value::Null);
    } else if !property.is_some_and(|property| property.required)
        && let Some(members) = item.as_object_mut()
    {
        members.shift_remove(name);
    }
}
