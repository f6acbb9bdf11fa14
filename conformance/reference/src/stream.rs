//! Streams of records: from after an item on, up to a limit.

use super::call::{Body, ServerResponse};
use super::complaint::Refusal;
use super::context::RequestContext;
use super::parsed::Integer;
use super::shape;
use super::value::{nullable, text};
use plumbline_specs::api::Expression;
use serde_json::Value;

/// Answers with the items of a collection, one record each.
pub(super) fn stream(context: &RequestContext<'_>) -> Result<ServerResponse, Refusal> {
    let scope = super::crud::owner(context)?;
    let Some(stream) = context.plan.stream() else {
        return shape::made_up(context);
    };
    let mut items = {
        let mut store = context.world.store();
        let shelf = store.shelf(context.world, &context.plan.collection, &scope);
        shelf.items.clone()
    };
    let kinship = context.world.collections.get(&context.plan.collection);
    if let Some(kinship) = kinship {
        super::listing::sort(&mut items, &kinship.order);
    }
    if let Some(name) = name(context) {
        items.retain(|item| {
            let own = item.value.pointer("/name").map(text).unwrap_or_default();
            own.to_lowercase().contains(&name.to_lowercase())
        });
    }
    let resource = context.operation.resource.as_ref();
    let after = resource
        .and_then(|resource| resource.after.as_ref())
        .and_then(|place| context.read(place))
        .filter(|after| !after.is_null())
        .map(|after| text(&after));
    let start = after.map_or(0, |after| {
        items
            .iter()
            .position(|item| super::store::matches(item, &context.plan.key, &after))
            .map_or(items.len(), |place| place.saturating_add(1))
    });
    let limit = resource
        .and_then(|resource| resource.limit.as_ref())
        .and_then(|place| limit(context, place))
        .unwrap_or(items.len());
    let records = items
        .iter()
        .skip(start)
        .take(limit)
        .map(|item| shape::show(context.world, stream.item, &item.value, item.sequence))
        .collect();
    let mut answer = ServerResponse {
        status: context.plan.status,
        headers: Vec::new(),
        media: context.plan.media.as_ref().map(|media| media.name.clone()),
        body: Body::Records {
            records,
            framing: stream.framing,
            delimiter: stream.delimiter.clone(),
        },
    };
    shape::headers(context, &mut answer);
    Ok(answer)
}

/// How many records are asked for, or by default.
fn limit(context: &RequestContext<'_>, place: &Expression) -> Option<usize> {
    if let Integer::Is(limit) = context.integer(place) {
        return usize::try_from(limit).ok();
    }
    let api = context.api();
    let schema = place.request_schema(api, context.operation)?;
    let default = api.schemas[schema].default.as_ref()?.as_u64()?;
    usize::try_from(default).ok()
}

/// The name that a stream's request looks for, where items have names.
fn name(context: &RequestContext<'_>) -> Option<String> {
    let place = Expression::RequestBody(plumbline_specs::Pointer::root().join("name"));
    let schema = place.request_schema(context.api(), context.operation)?;
    match context.read(&place)? {
        Value::Null if nullable(context.api(), schema) => None,
        Value::String(name) => Some(name),
        _ => None,
    }
}
