//! Finds the items that a request names, and does to the store what was decided.

use super::complaint::Refusal;
use super::context::RequestContext;
use super::defect;
use super::stage::{Change, Lookup};
use super::store::{Item, Store, matches};
use super::value::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, ResourceParent};

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
    defect::find(&mut lookup, context);
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
    defect::find(&mut lookup, context);
    lookup.found.ok_or(Refusal::Unknown)
}

/// Does to the store what was decided.
pub(super) fn apply(context: &RequestContext<'_>, mut change: Change) {
    defect::change(&mut change, context);
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
