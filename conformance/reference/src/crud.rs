//! The life of an item: created, read, changed, deleted.

use super::call::ServerResponse;
use super::context::RequestContext;
use super::mutations;
use super::place::text;
use super::refuse::Refusal;
use super::shape;
use super::store::{Item, Store};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, ResourceParent, Role};
use serde_json::Value;

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
pub(super) fn through(context: &RequestContext<'_>) -> Result<(), Refusal> {
    let Some((label, name)) = &context.plan.through else {
        return Ok(());
    };
    let world = context.world;
    let (Some(operation), Some(plan)) = (world.contract.operation(label), world.plans.get(label))
    else {
        return Ok(());
    };
    let read = RequestContext {
        world,
        operation,
        plan,
        call: context.call,
        values: context.values.clone(),
        json: None,
        refusal: None,
    };
    let id = context.read(&Expression::RequestPath(name.clone()));
    lookup(&read, &id.map(|id| text(&id)).unwrap_or_default())
        .map(|_| ())
        .map_err(|_| Refusal::NoOwner)
}

/// The scope that the request works in, with its owner checked: it has to be there, and to
/// belong to whatever else the path names.
pub(super) fn owner(context: &RequestContext<'_>) -> Result<String, Refusal> {
    let Some(scope) = context.scope() else {
        return Ok(String::new());
    };
    if let Some(parent) = &context.plan.parent {
        owned(context, parent, &scope)?;
    }
    Ok(scope)
}

/// Checks that an owner is there.
fn owned(context: &RequestContext<'_>, parent: &ResourceParent, id: &str) -> Result<(), Refusal> {
    let Some(kinship) = context.world.collections.get(&parent.collection) else {
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
        .and_then(|parent| context.read(&parent.id))
        .map(|value| text(&value));
    let mut lookup = Lookup {
        scope,
        id: id.to_owned(),
        found: None,
    };
    find(context, &parent.collection, &key, &mut lookup);
    context.world.defects.find(&mut lookup, context);
    lookup.found.map(|_| ()).ok_or(Refusal::NoOwner)
}

/// Looks for an item, in its owner's scope where that is known, else everywhere.
fn find(context: &RequestContext<'_>, collection: &str, key: &Pointer, lookup: &mut Lookup) {
    let mut store = context.world.store();
    prepare(context, &mut store, collection, lookup.scope.as_deref());
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
fn prepare(context: &RequestContext<'_>, store: &mut Store, collection: &str, scope: Option<&str>) {
    let world = context.world;
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
pub(super) fn lookup(context: &RequestContext<'_>, id: &str) -> Result<(String, Item), Refusal> {
    let scope = match &context.plan.parent {
        Some(_) => Some(owner(context)?),
        None => None,
    };
    let mut lookup = Lookup {
        scope,
        id: id.to_owned(),
        found: None,
    };
    find(
        context,
        &context.plan.collection,
        &context.plan.key,
        &mut lookup,
    );
    context.world.defects.find(&mut lookup, context);
    lookup.found.ok_or(Refusal::Unknown)
}

/// Performs an operation on items.
pub(super) fn perform(context: &RequestContext<'_>, role: Role) -> Result<ServerResponse, Refusal> {
    match role {
        Role::Get => {
            let id = id(context).ok_or(Refusal::Unknown)?;
            let (_, item) = lookup(context, &id)?;
            Ok(shape::one(context, &item.value, item.sequence))
        }
        Role::Create => mutations::create(context),
        Role::Upsert => match id(context).map(|id| lookup(context, &id)) {
            Some(Ok((scope, item))) => mutations::update(context, vec![(scope, item)]),
            _ => mutations::create(context),
        },
        Role::Update => {
            let items = several(context)?;
            mutations::update(context, items)
        }
        // One that sets something leaves the item there, marked.
        Role::Delete if !mutations::sets(context).is_empty() => {
            let items = several(context)?;
            mutations::update(context, items)
        }
        Role::Delete => {
            let items = several(context)?;
            let mut answer = match items.first() {
                Some((_, item)) => shape::one(context, &item.value, item.sequence),
                None => shape::one(context, &Value::Null, 0),
            };
            for (scope, item) in items {
                apply(
                    context,
                    Change {
                        scope,
                        remove: vec![item],
                        ..Change::default()
                    },
                );
            }
            shape::headers(context, &mut answer);
            Ok(answer)
        }
        Role::List => super::list::list(context),
        Role::Stream => super::stream::stream(context),
    }
}

/// The id that the request names.
fn id(context: &RequestContext<'_>) -> Option<String> {
    let place = context.operation.resource.as_ref()?.id.as_ref()?;
    context.read(place).map(|value| text(&value))
}

/// The items that the request names: one, which has to be there, or several, of which those
/// count that are there.
fn several(context: &RequestContext<'_>) -> Result<Vec<(String, Item)>, Refusal> {
    let resource = context.operation.resource.as_ref();
    let Some(place) = resource.and_then(|resource| resource.ids.as_ref()) else {
        let found = lookup(context, &id(context).ok_or(Refusal::Unknown)?);
        let passed_over = resource
            .and_then(|resource| resource.unknown)
            .is_some_and(|status| (200..300).contains(&status));
        return match found {
            Ok(found) => Ok(vec![found]),
            Err(_) if passed_over => {
                if context.plan.parent.is_some() {
                    owner(context)?;
                }
                Ok(Vec::new())
            }
            Err(refusal) => Err(refusal),
        };
    };
    let ids = match context.read(place) {
        Some(Value::Array(ids)) => ids,
        Some(id) => vec![id],
        None => Vec::new(),
    };
    Ok(ids
        .iter()
        .filter_map(|id| lookup(context, &text(id)).ok())
        .collect())
}

/// Does to the store what was decided.
pub(super) fn apply(context: &RequestContext<'_>, mut change: Change) {
    context.world.defects.change(&mut change, context);
    let mut store = context.world.store();
    let shelf = store.shelf(context.world, &context.plan.collection, &change.scope);
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
