//! How items come to be and change: what a request gives, and what the server sets.

use super::call::{ServerResponse, encode};
use super::complaint::Refusal;
use super::context::RequestContext;
use super::crud::{apply, lookup, owner};
use super::particulars::Columns;
use super::plausible::{self, Wanted, mix};
use super::shape;
use super::stage::Change;
use super::store::Item;
use super::value::{properties, put, text};
use plumbline_conformance::Direction;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, MemberValue, Method, SchemaId};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The schema of the collection's items.
fn item_schema(context: &RequestContext<'_>) -> Option<SchemaId> {
    context
        .world
        .collections
        .get(&context.plan.collection)
        .and_then(|kinship| kinship.item)
}

/// Where a request has what it gives: its whole body, unless the resource says otherwise.
fn input(context: &RequestContext<'_>) -> Expression {
    let resource = context.operation.resource.as_ref();
    resource
        .and_then(|resource| resource.input.clone())
        .unwrap_or(Expression::RequestBody(Pointer::root()))
}

/// What the request gives: one item, or several.
fn given(context: &RequestContext<'_>) -> Vec<Map<String, Value>> {
    let place = input(context);
    match context.read(&place) {
        Some(Value::Object(members)) => vec![members],
        Some(Value::Array(items)) => items
            .into_iter()
            .filter_map(|item| match item {
                Value::Object(members) => Some(members),
                _ => None,
            })
            .collect(),
        _ => vec![Map::new()],
    }
}

/// Creates what the request gives.
pub(super) fn create(context: &RequestContext<'_>) -> Result<ServerResponse, Refusal> {
    let scope = owner(context)?;
    let mut made = Vec::new();
    let mut owned = Vec::new();
    let mut change = Change {
        scope: scope.clone(),
        ..Change::default()
    };
    for input in given(context) {
        let chosen = context
            .operation
            .resource
            .as_ref()
            .and_then(|resource| resource.chosen.as_ref())
            .and_then(|place| context.read(place))
            .or_else(|| {
                let last = context.plan.key.tokens().last()?;
                input.get(&last).cloned()
            })
            .filter(|id| !id.is_null());
        // A known id makes nothing new: the first creation stands.
        if let Some(chosen) = &chosen
            && let Ok((_, item)) = lookup(context, &text(chosen))
        {
            made.push(item.clone());
            change.replace.push((item.clone(), item));
            continue;
        }
        let sequence = context.world.store().number(&context.plan.collection);
        let mut value = new_item(context, &scope, sequence, &input, chosen);
        for (columns, count) in columns(context, &input) {
            put(
                &mut value,
                &Pointer::root().join(&columns.counted),
                count.into(),
            );
            owned.push((columns, value.clone(), input.clone()));
        }
        let item = Item {
            sequence,
            made: true,
            value: Arc::new(value),
        };
        made.push(item.clone());
        change.add.push(item);
    }
    apply(context, change);
    let Some(item) = made.first() else {
        return Ok(ServerResponse::empty(context.plan.status));
    };
    let mut answer = shape::one(context, &item.value, item.sequence);
    for (columns, owner, input) in owned {
        let count = bring(context, columns, &owner, &input);
        if let (Some(body), Some(told)) = (answer.value_mut(), Pointer::parse(&columns.shown)) {
            put(body, &told, count.into());
        }
    }
    location(context, &mut answer, item);
    Ok(answer)
}

/// The columns that a request to create brings, with how many items they hold.
fn columns<'a>(
    context: &RequestContext<'a>,
    input: &Map<String, Value>,
) -> impl Iterator<Item = (&'a Columns, usize)> {
    let label = context.operation.label();
    let known = context.world.particulars.columns.iter();
    known
        .filter(move |columns| columns.operation == label)
        .filter_map(|columns| {
            let (name, _) = columns.members.first()?;
            Some((columns, input.get(name)?.as_array()?.len()))
        })
}

/// Makes the items that stand in columns, as those of their owner; how many there are.
fn bring(
    context: &RequestContext<'_>,
    columns: &Columns,
    owner: &Value,
    input: &Map<String, Value>,
) -> usize {
    let world = context.world;
    let Some(scope) = owner.pointer(context.plan.key.as_str()).map(text) else {
        return 0;
    };
    let count = columns.members.first();
    let count = count.and_then(|(name, _)| input.get(name)?.as_array());
    let count = count.map_or(0, Vec::len);
    let mut store = world.store();
    for place in 0..count {
        let sequence = store.number(&columns.collection);
        let mut value = plausible::item(
            world,
            Wanted {
                collection: &columns.collection,
                scope: &scope,
                index: place as u64,
                sequence,
            },
        );
        for (name, member) in &columns.members {
            let given = input.get(name).and_then(|column| column.get(place));
            if let Some(given) = given {
                put(&mut value, &Pointer::root().join(member), given.clone());
            }
        }
        let shelf = store.shelf(world, &columns.collection, &scope);
        shelf.items.push(Item {
            sequence,
            made: true,
            value: Arc::new(value),
        });
    }
    count
}

/// A new item: what the request gives, what the server sets, and what the schema requires.
fn new_item(
    context: &RequestContext<'_>,
    scope: &str,
    sequence: u64,
    input: &Map<String, Value>,
    chosen: Option<Value>,
) -> Value {
    let world = context.world;
    let api = context.api();
    let mut value = plausible::item(
        world,
        Wanted {
            collection: &context.plan.collection,
            scope,
            // Later than all that was there at the start.
            index: world
                .options
                .items
                .saturating_add(sequence)
                .saturating_add(1_000),
            sequence,
        },
    );
    let schema = item_schema(context);
    let accepted = accepted(context);
    if let (Some(known), Some(members)) = (
        schema.and_then(|schema| properties(api, schema)),
        value.as_object_mut(),
    ) {
        for (name, property) in known {
            let read_only = api.schemas[property.schema].read_only;
            match input.get(name) {
                Some(Value::Null) if !super::value::nullable(api, property.schema) => {}
                // What a request calls by the same name may be something else.
                Some(given)
                    if !read_only
                        && world.contract.is_valid(
                            &api.schemas[property.schema].place,
                            Direction::Response,
                            given,
                        ) =>
                {
                    members.insert(name.clone(), given.clone());
                }
                // What a client could have given and has not is not there.
                None if accepted.iter().any(|own| own == name)
                    && !property.required
                    && !world.particulars.is_always(name) =>
                {
                    members.shift_remove(name);
                }
                _ => {}
            }
        }
        if known.is_empty() {
            for (name, given) in input {
                members.insert(name.clone(), given.clone());
            }
        }
    }
    for (pointer, given) in sets(context) {
        put(&mut value, &pointer, given);
    }
    match chosen {
        Some(chosen) => put(&mut value, &context.plan.key, chosen),
        // The identity is the server's, whatever name the request calls it by.
        None if value.pointer(context.plan.key.as_str()).is_none() => {
            let id = plausible::uuid(world.particulars.uuid, 0, mix(sequence, &[scope]));
            put(&mut value, &context.plan.key, id.into());
        }
        None => {}
    }
    value
}

/// The members that the request's schema knows.
fn accepted(context: &RequestContext<'_>) -> Vec<String> {
    let place = input(context);
    let api = context.api();
    let schema = place
        .request_schema(api, context.operation)
        .map(|schema| super::value::element(api, schema).unwrap_or(schema));
    schema
        .and_then(|schema| properties(api, schema))
        .map(|known| known.keys().cloned().collect())
        .unwrap_or_default()
}

/// Changes items as the request says.
pub(super) fn update(
    context: &RequestContext<'_>,
    items: Vec<(String, Item)>,
) -> Result<ServerResponse, Refusal> {
    let input = given(context).into_iter().next().unwrap_or_default();
    let whole = context.operation.method == Method::Put;
    let accepted = accepted(context);
    let schema = item_schema(context);
    let api = context.api();
    let mut shown = None;
    let sets = sets(context);
    for (scope, before) in items {
        let mut value = Value::clone(&before.value);
        for (pointer, set) in &sets {
            put(&mut value, pointer, set.clone());
        }
        let known = schema.and_then(|schema| properties(api, schema));
        for name in &accepted {
            let property = known.and_then(|known| known.get(name));
            let fixed = property.is_none()
                || property.is_some_and(|property| api.schemas[property.schema].read_only)
                || context.plan.key.tokens().last().as_ref() == Some(name);
            if fixed {
                continue;
            }
            match input.get(name) {
                Some(Value::Null) => shape::clear(context.world, schema, &mut value, name),
                Some(given) => {
                    put(&mut value, &Pointer::root().join(name), given.clone());
                }
                None if whole && !context.world.particulars.is_always(name) => {
                    shape::clear(context.world, schema, &mut value, name);
                }
                None => {}
            }
        }
        touch(context, known, &mut value);
        let after = Item {
            value: Arc::new(value),
            ..before.clone()
        };
        shown.get_or_insert_with(|| after.clone());
        apply(
            context,
            Change {
                scope,
                replace: vec![(before, after)],
                ..Change::default()
            },
        );
    }
    Ok(match shown {
        Some(item) => shape::one(context, &item.value, item.sequence),
        None => ServerResponse::empty(context.plan.status),
    })
}

/// What the operation sets, whatever its input: given by the request, or constant.
pub(super) fn sets(context: &RequestContext<'_>) -> Vec<(Pointer, Value)> {
    let resource = context.operation.resource.as_ref();
    let sets = resource.into_iter().flat_map(|resource| &resource.sets);
    sets.filter_map(|(pointer, set)| {
        let value = match set {
            MemberValue::Given(expression) => context.read(expression)?,
            MemberValue::Constant(value) => value.clone(),
        };
        Some((pointer.clone(), value))
    })
    .collect()
}

/// Sets the time of the last change.
fn touch(
    context: &RequestContext<'_>,
    known: Option<&indexmap::IndexMap<String, plumbline_specs::api::Property>>,
    value: &mut Value,
) {
    let name = ["updated_at", "last_updated_at", "updatedAt", "modified_at"]
        .into_iter()
        .find(|name| known.is_some_and(|known| known.contains_key(*name)));
    if let Some(name) = name {
        let number = context.world.store().number(&context.plan.collection);
        // 2027, so after all creations.
        let millis = 1_798_761_600_000_i64.saturating_add(
            i64::try_from(number)
                .unwrap_or_default()
                .saturating_mul(1_000),
        );
        put(
            value,
            &Pointer::root().join(name),
            plausible::timestamp(millis).into(),
        );
    }
}

/// Names the new item's address where the document promises that.
fn location(context: &RequestContext<'_>, answer: &mut ServerResponse, item: &Item) {
    let documented = context.operation.responses.iter().any(|response| {
        response.status.covers(answer.status)
            && response
                .headers
                .iter()
                .any(|header| header.name.eq_ignore_ascii_case("location"))
    });
    let Some(id) = item.value.pointer(context.plan.key.as_str()) else {
        return;
    };
    if !documented {
        return;
    }
    answer
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("location"));
    answer.headers.push((
        "Location".to_owned(),
        format!(
            "{}{}{}/{}",
            context.call.origin(),
            context.call.prefix,
            context.call.path.trim_end_matches('/'),
            encode(&text(id))
        ),
    ));
}
