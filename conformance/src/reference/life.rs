//! The life of an item: created, read, changed, deleted.

use super::call::{Answer, encode};
use super::dress::{self, Wanted, mix};
use super::place::{properties, put, schema_at, text};
use super::refuse::Refusal;
use super::scene::Scene;
use super::shape;
use super::store::{Item, Store};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Method, ResourceParent, Role, SchemaId};
use serde_json::{Map, Value};
use std::sync::Arc;

/// An item that is looked for.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// The id of the item that owns it, where the request names that.
    pub(super) scope: Option<String>,
    /// The id, as text.
    pub(super) id: String,
    /// What was found, with the scope that it is in.
    pub(super) found: Option<(String, Item)>,
}

/// What a request does to one scope of a collection.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// The id of the item that owns the items.
    pub(super) scope: String,
    /// Items that are new.
    pub(super) add: Vec<Item>,
    /// Items as they were and as they become.
    pub(super) replace: Vec<(Item, Item)>,
    /// Items that go.
    pub(super) remove: Vec<Item>,
}

/// Checks that the item is there that the path leads through.
pub(super) fn through(scene: &Scene<'_>) -> Result<(), Refusal> {
    let Some((label, name)) = &scene.plan.through else {
        return Ok(());
    };
    let world = scene.world;
    let (Some(operation), Some(plan)) = (world.contract.operation(label), world.plans.get(label))
    else {
        return Ok(());
    };
    let read = Scene {
        world,
        operation,
        plan,
        call: scene.call,
        values: scene.values.clone(),
        json: None,
        refusal: None,
    };
    let id = scene.read(&Expression::RequestPath(name.clone()));
    lookup(&read, &id.map(|id| text(&id)).unwrap_or_default()).map(|_| ())
}

/// The scope that the request works in, with its owner checked: it has to be there, and to
/// belong to whatever else the path names.
pub(super) fn owner(scene: &Scene<'_>) -> Result<String, Refusal> {
    let Some(scope) = scene.scope() else {
        return Ok(String::new());
    };
    if let Some(parent) = &scene.plan.parent {
        owned(scene, parent, &scope)?;
    }
    Ok(scope)
}

/// Checks that an owner is there.
fn owned(scene: &Scene<'_>, parent: &ResourceParent, id: &str) -> Result<(), Refusal> {
    let Some(kinship) = scene.world.collections.get(&parent.collection) else {
        return Ok(());
    };
    if !kinship.home {
        return Ok(());
    }
    let key = kinship.key.clone();
    let key = key.unwrap_or_else(|| Pointer::root().join("id"));
    let scope = kinship
        .parent
        .as_ref()
        .and_then(|parent| scene.read(&parent.id))
        .map(|value| text(&value));
    let mut lookup = Lookup {
        scope,
        id: id.to_owned(),
        found: None,
    };
    find(scene, &parent.collection, &key, &mut lookup);
    scene.world.defects.find(&mut lookup, scene);
    lookup.found.map(|_| ()).ok_or(Refusal::Unknown)
}

/// Looks for an item, in its owner's scope where that is known, else everywhere.
fn find(scene: &Scene<'_>, collection: &str, key: &Pointer, lookup: &mut Lookup) {
    let mut store = scene.world.store();
    prepare(scene, &mut store, collection, lookup.scope.as_deref());
    let found = store
        .shelves(collection)
        .filter(|(scope, _)| lookup.scope.as_ref().is_none_or(|own| own == *scope))
        .find_map(|(scope, shelf)| {
            shelf
                .items
                .iter()
                .find(|item| matches(item, key, &lookup.id))
                .map(|item| (scope.clone(), item.clone()))
        });
    lookup.found = found;
}

pub(super) fn matches(item: &Item, key: &Pointer, id: &str) -> bool {
    item.value
        .pointer(key.as_str())
        .is_some_and(|own| text(own) == id)
}

/// Fills the scope that is asked for; without one, that of the first owner, so that a server
/// that was just started has something to show.
fn prepare(scene: &Scene<'_>, store: &mut Store, collection: &str, scope: Option<&str>) {
    let world = scene.world;
    if let Some(scope) = scope {
        store.shelf(world, collection, scope);
        return;
    }
    if store.shelves(collection).next().is_some() {
        return;
    }
    let parent = world
        .collections
        .get(collection)
        .and_then(|kinship| kinship.parent.clone());
    let Some(parent) = parent else {
        store.shelf(world, collection, "");
        return;
    };
    let Some(kinship) = world.collections.get(&parent.collection) else {
        return;
    };
    if kinship.home && kinship.parent.is_none() {
        let key = kinship.key.clone();
        let key = key.unwrap_or_else(|| Pointer::root().join("id"));
        let first = store
            .shelf(world, &parent.collection, "")
            .items
            .first()
            .and_then(|item| item.value.pointer(key.as_str()).map(text));
        if let Some(first) = first {
            store.shelf(world, collection, &first);
        }
    }
}

/// The item of that id, as the request may see it.
fn lookup(scene: &Scene<'_>, id: &str) -> Result<(String, Item), Refusal> {
    let scope = match &scene.plan.parent {
        Some(_) => Some(owner(scene)?),
        None => None,
    };
    let mut lookup = Lookup {
        scope,
        id: id.to_owned(),
        found: None,
    };
    find(scene, &scene.plan.collection, &scene.plan.key, &mut lookup);
    scene.world.defects.find(&mut lookup, scene);
    lookup.found.ok_or(Refusal::Unknown)
}

/// Performs an operation on items.
pub(super) fn perform(scene: &Scene<'_>, role: Role) -> Result<Answer, Refusal> {
    match role {
        Role::Get => {
            let id = id(scene).ok_or(Refusal::Unknown)?;
            let (_, item) = lookup(scene, &id)?;
            Ok(shape::one(scene, &item.value, item.sequence))
        }
        Role::Create => create(scene),
        Role::Upsert => match id(scene).map(|id| lookup(scene, &id)) {
            Some(Ok((scope, item))) => update(scene, vec![(scope, item)]),
            _ => create(scene),
        },
        Role::Update => {
            let items = several(scene)?;
            update(scene, items)
        }
        Role::Delete => {
            let items = several(scene)?;
            let mut answer = match items.first() {
                Some((_, item)) => shape::one(scene, &item.value, item.sequence),
                None => shape::one(scene, &Value::Null, 0),
            };
            for (scope, item) in items {
                apply(
                    scene,
                    Change {
                        scope,
                        remove: vec![item],
                        ..Change::default()
                    },
                );
            }
            shape::headers(scene, &mut answer);
            Ok(answer)
        }
        Role::List => super::list::list(scene),
        Role::Stream => super::stream::stream(scene),
    }
}

/// The id that the request names.
fn id(scene: &Scene<'_>) -> Option<String> {
    let place = scene.operation.resource.as_ref()?.id.as_ref()?;
    scene.read(place).map(|value| text(&value))
}

/// The items that the request names: one, which has to be there, or several, of which those
/// count that are there.
fn several(scene: &Scene<'_>) -> Result<Vec<(String, Item)>, Refusal> {
    let resource = scene.operation.resource.as_ref();
    let Some(place) = resource.and_then(|resource| resource.ids.as_ref()) else {
        let found = lookup(scene, &id(scene).ok_or(Refusal::Unknown)?);
        let passed_over = resource
            .and_then(|resource| resource.unknown)
            .is_some_and(|status| (200..300).contains(&status));
        return match found {
            Ok(found) => Ok(vec![found]),
            Err(_) if passed_over => {
                if scene.plan.parent.is_some() {
                    owner(scene)?;
                }
                Ok(Vec::new())
            }
            Err(refusal) => Err(refusal),
        };
    };
    let ids = match scene.read(place) {
        Some(Value::Array(ids)) => ids,
        Some(id) => vec![id],
        None => Vec::new(),
    };
    Ok(ids
        .iter()
        .filter_map(|id| lookup(scene, &text(id)).ok())
        .collect())
}

/// The schema of the collection's items.
fn item_schema(scene: &Scene<'_>) -> Option<SchemaId> {
    scene
        .world
        .collections
        .get(&scene.plan.collection)
        .and_then(|kinship| kinship.item)
}

/// What the request gives: one item, or several.
fn given(scene: &Scene<'_>) -> Vec<Map<String, Value>> {
    let place = scene
        .operation
        .resource
        .as_ref()
        .and_then(|resource| resource.input.clone());
    let place = place.unwrap_or(Expression::RequestBody(Pointer::root()));
    match scene.read(&place) {
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

fn create(scene: &Scene<'_>) -> Result<Answer, Refusal> {
    let scope = owner(scene)?;
    let mut made = Vec::new();
    let mut change = Change {
        scope: scope.clone(),
        ..Change::default()
    };
    for input in given(scene) {
        let chosen = scene
            .operation
            .resource
            .as_ref()
            .and_then(|resource| resource.chosen.as_ref())
            .and_then(|place| scene.read(place))
            .or_else(|| {
                let last = scene.plan.key.tokens().last()?;
                input.get(&last).cloned()
            })
            .filter(|id| !id.is_null());
        // A known id makes nothing new: the first creation stands.
        if let Some(chosen) = &chosen
            && let Ok((_, item)) = lookup(scene, &text(chosen))
        {
            made.push(item.clone());
            change.replace.push((item.clone(), item));
            continue;
        }
        let sequence = scene.world.store().number(&scene.plan.collection);
        let value = new_item(scene, &scope, sequence, &input, chosen);
        let item = Item {
            sequence,
            made: true,
            value: Arc::new(value),
        };
        made.push(item.clone());
        change.add.push(item);
    }
    apply(scene, change);
    let Some(item) = made.first() else {
        return Ok(Answer::empty(scene.plan.status));
    };
    let mut answer = shape::one(scene, &item.value, item.sequence);
    location(scene, &mut answer, item);
    Ok(answer)
}

/// A new item: what the request gives, what the server sets, and what the schema requires.
fn new_item(
    scene: &Scene<'_>,
    scope: &str,
    sequence: u64,
    input: &Map<String, Value>,
    chosen: Option<Value>,
) -> Value {
    let world = scene.world;
    let api = scene.api();
    let mut value = dress::item(
        world,
        Wanted {
            collection: &scene.plan.collection,
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
    let schema = item_schema(scene);
    let accepted = accepted(scene);
    if let (Some(known), Some(members)) = (
        schema.and_then(|schema| properties(api, schema)),
        value.as_object_mut(),
    ) {
        for (name, property) in known {
            let read_only = api.schemas[property.schema].read_only;
            match input.get(name) {
                Some(Value::Null) if !super::place::nullable(api, property.schema) => {}
                Some(given) if !read_only => {
                    members.insert(name.clone(), given.clone());
                }
                // What a client could have given and has not is not there.
                None if accepted.iter().any(|own| own == name)
                    && !property.required
                    && !world.vendor.always.contains(&name.as_str()) =>
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
    match chosen {
        Some(chosen) => put(&mut value, &scene.plan.key, chosen),
        // The identity is the server's, whatever name the request calls it by.
        None if value.pointer(scene.plan.key.as_str()).is_none() => {
            let id = dress::uuid(world.vendor.uuid, 0, mix(sequence, &[scope]));
            put(&mut value, &scene.plan.key, id.into());
        }
        None => {}
    }
    value
}

/// The members that the request's schema knows.
fn accepted(scene: &Scene<'_>) -> Vec<String> {
    let place = scene
        .operation
        .resource
        .as_ref()
        .and_then(|resource| resource.input.clone());
    let place = place.unwrap_or(Expression::RequestBody(Pointer::root()));
    let api = scene.api();
    let schema = schema_at(api, scene.operation, &place)
        .map(|schema| super::place::element(api, schema).unwrap_or(schema));
    schema
        .and_then(|schema| properties(api, schema))
        .map(|known| known.keys().cloned().collect())
        .unwrap_or_default()
}

fn update(scene: &Scene<'_>, items: Vec<(String, Item)>) -> Result<Answer, Refusal> {
    let input = given(scene).into_iter().next().unwrap_or_default();
    let whole = scene.operation.method == Method::Put;
    let accepted = accepted(scene);
    let schema = item_schema(scene);
    let api = scene.api();
    let mut shown = None;
    for (scope, before) in items {
        let mut value = Value::clone(&before.value);
        let known = schema.and_then(|schema| properties(api, schema));
        for name in &accepted {
            let property = known.and_then(|known| known.get(name));
            let fixed = property.is_none()
                || property.is_some_and(|property| api.schemas[property.schema].read_only)
                || scene.plan.key.tokens().last().as_ref() == Some(name);
            if fixed {
                continue;
            }
            match input.get(name) {
                Some(Value::Null) => shape::clear(scene.world, schema, &mut value, name),
                Some(given) => {
                    put(&mut value, &Pointer::root().join(name), given.clone());
                }
                None if whole && !scene.world.vendor.always.contains(&name.as_str()) => {
                    shape::clear(scene.world, schema, &mut value, name);
                }
                None => {}
            }
        }
        touch(scene, known, &mut value);
        let after = Item {
            value: Arc::new(value),
            ..before.clone()
        };
        shown.get_or_insert_with(|| after.clone());
        apply(
            scene,
            Change {
                scope,
                replace: vec![(before, after)],
                ..Change::default()
            },
        );
    }
    Ok(match shown {
        Some(item) => shape::one(scene, &item.value, item.sequence),
        None => Answer::empty(scene.plan.status),
    })
}

/// Sets the time of the last change.
fn touch(
    scene: &Scene<'_>,
    known: Option<&indexmap::IndexMap<String, plumbline_specs::api::Property>>,
    value: &mut Value,
) {
    let name = ["updated_at", "last_updated_at", "updatedAt", "modified_at"]
        .into_iter()
        .find(|name| known.is_some_and(|known| known.contains_key(*name)));
    if let Some(name) = name {
        let number = scene.world.store().number(&scene.plan.collection);
        // 2027, so after all creations.
        let millis = 1_798_761_600_000_i64.saturating_add(
            i64::try_from(number)
                .unwrap_or_default()
                .saturating_mul(1_000),
        );
        put(
            value,
            &Pointer::root().join(name),
            dress::timestamp(millis).into(),
        );
    }
}

/// Does to the store what was decided.
fn apply(scene: &Scene<'_>, mut change: Change) {
    scene.world.defects.change(&mut change, scene);
    let mut store = scene.world.store();
    let shelf = store.shelf(scene.world, &scene.plan.collection, &change.scope);
    shelf.items.extend(change.add);
    for (before, after) in change.replace {
        for item in &mut shelf.items {
            if item.sequence == before.sequence {
                *item = after.clone();
            }
        }
    }
    let removed: Vec<_> = change.remove.iter().map(|item| item.sequence).collect();
    shelf.items.retain(|item| !removed.contains(&item.sequence));
    shelf.gone.extend(change.remove);
}

/// Names the new item's address where the document promises that.
fn location(scene: &Scene<'_>, answer: &mut Answer, item: &Item) {
    let documented = scene.operation.responses.iter().any(|response| {
        response.status.covers(answer.status)
            && response
                .headers
                .iter()
                .any(|header| header.name.eq_ignore_ascii_case("location"))
    });
    let Some(id) = item.value.pointer(scene.plan.key.as_str()) else {
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
            scene.call.origin(),
            scene.call.prefix,
            scene.call.path.trim_end_matches('/'),
            encode(&text(id))
        ),
    ));
}
