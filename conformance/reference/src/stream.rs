//! Streams of records: from after an item on, up to a limit.

use super::ask::Integer;
use super::call::{Answer, Body};
use super::place::{nullable, text};
use super::refuse::Refusal;
use super::scene::Scene;
use super::shape;
use plumbline_specs::api::Expression;
use serde_json::Value;

/// Answers with the items of a collection, one record each.
pub(super) fn stream(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let scope = super::life::owner(scene)?;
    let Some(stream) = scene.plan.stream() else {
        return shape::made_up(scene);
    };
    let mut items = {
        let mut store = scene.world.store();
        let shelf = store.shelf(scene.world, &scene.plan.collection, &scope);
        shelf.items.clone()
    };
    let kinship = scene.world.collections.get(&scene.plan.collection);
    if let Some(kinship) = kinship {
        super::list::sort(&mut items, &kinship.order);
    }
    if let Some(name) = name(scene) {
        items.retain(|item| {
            let own = item.value.pointer("/name").map(text).unwrap_or_default();
            own.to_lowercase().contains(&name.to_lowercase())
        });
    }
    let resource = scene.operation.resource.as_ref();
    let after = resource
        .and_then(|resource| resource.after.as_ref())
        .and_then(|place| scene.read(place))
        .filter(|after| !after.is_null())
        .map(|after| text(&after));
    let start = after.map_or(0, |after| {
        items
            .iter()
            .position(|item| super::life::matches(item, &scene.plan.key, &after))
            .map_or(items.len(), |place| place.saturating_add(1))
    });
    let limit = resource
        .and_then(|resource| resource.limit.as_ref())
        .and_then(|place| limit(scene, place))
        .unwrap_or(items.len());
    let records = items
        .iter()
        .skip(start)
        .take(limit)
        .map(|item| shape::show(scene.world, stream.item, &item.value, item.sequence))
        .collect();
    let mut answer = Answer {
        status: scene.plan.status,
        headers: Vec::new(),
        media: scene.plan.media.as_ref().map(|media| media.name.clone()),
        body: Body::Records {
            records,
            framing: stream.framing,
            delimiter: stream.delimiter.clone(),
        },
    };
    shape::headers(scene, &mut answer);
    Ok(answer)
}

/// How many records are asked for, or by default.
fn limit(scene: &Scene<'_>, place: &Expression) -> Option<usize> {
    if let Integer::Is(limit) = scene.integer(place) {
        return usize::try_from(limit).ok();
    }
    let api = scene.api();
    let schema = place.request_schema(api, scene.operation)?;
    let default = api.schemas[schema].default.as_ref()?.as_u64()?;
    usize::try_from(default).ok()
}

/// The name that a stream's request looks for, where items have names.
fn name(scene: &Scene<'_>) -> Option<String> {
    let place = Expression::RequestBody(plumbline_specs::Pointer::root().join("name"));
    let schema = place.request_schema(scene.api(), scene.operation)?;
    match scene.read(&place)? {
        Value::Null if nullable(scene.api(), schema) => None,
        Value::String(name) => Some(name),
        _ => None,
    }
}
