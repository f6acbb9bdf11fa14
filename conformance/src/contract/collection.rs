//! Collections told apart by their paths: what `x-resource` calls by one name at two paths, each of
//! which lists or creates, and has items below it, is two collections. An id of the one is nothing
//! to the other.

use super::values::shape;
use plumbline_specs::api::{Api, Expression, Operation, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Gives each collection a name of its own: all but the first of a name get their path with it.
pub(super) fn tell_apart(api: &mut Api) {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in &api.operations {
        let Some(resource) = &operation.resource else {
            continue;
        };
        let home = shape(operation.path.trim_end_matches('/'));
        let lists =
            matches!(resource.role, Role::List | Role::Create) && resource.id_in_path().is_none();
        let has_items = || {
            api.operations.iter().any(|other| {
                let own = other.resource.as_ref();
                own.is_some_and(|own| own.collection == resource.collection)
                    && items_below(other).as_ref() == Some(&home)
            })
        };
        let known = homes.entry(resource.collection.clone()).or_default();
        if lists && !known.contains(&home) && has_items() {
            known.push(home);
        }
    }
    homes.retain(|_, homes| homes.len() > 1);
    let names: BTreeSet<String> = homes.keys().cloned().collect();
    let name = |collection: &str, path: &str| -> Option<String> {
        let homes = homes.get(collection)?;
        let home = homes.iter().max_by_key(|home| common(home, path))?;
        (Some(home) != homes.first()).then(|| format!("{collection} ({home})"))
    };
    for operation in &mut api.operations {
        let own =
            items_below(operation).unwrap_or_else(|| shape(operation.path.trim_end_matches('/')));
        let path = operation.path.clone();
        let Some(resource) = &mut operation.resource else {
            continue;
        };
        if names.contains(&resource.collection)
            && let Some(name) = name(&resource.collection, &own)
        {
            resource.collection = name;
        }
        if let Some(parent) = &mut resource.parent {
            let place = match &parent.id {
                Expression::RequestPath(name) => before(&path, name),
                _ => None,
            };
            let place = place.unwrap_or_else(|| shape(&path));
            if let Some(name) = name(&parent.collection, &place) {
                parent.collection = name;
            }
        }
    }
}

/// The path that an operation's item lies below, without the names of its variables.
fn items_below(operation: &Operation) -> Option<String> {
    let name = operation.resource.as_ref()?.id_in_path()?;
    before(&operation.path, name)
}

/// A path up to the segment of one of its variables.
pub(crate) fn before(path: &str, variable: &str) -> Option<String> {
    let (before, _) = path.split_once(&format!("/{{{variable}}}"))?;
    Some(shape(before))
}

/// How many segments two paths begin with alike, a whole one counting more than a part.
fn common(home: &str, path: &str) -> (usize, std::cmp::Reverse<usize>) {
    let same = home
        .split('/')
        .zip(path.split('/'))
        .take_while(|(left, right)| left == right)
        .count();
    (same, std::cmp::Reverse(home.len()))
}
