//! What a part of a run needs besides its own operations: the lists and creations that give ids.

use super::discover::lists;
use crate::Contract;
use crate::contract::collection_of;
use plumbline_specs::api::{Operation, Role};
use plumbline_specs::collection::item_paths;
use std::collections::BTreeSet;

/// The operations that give the ids that these operations take, and those that they need in turn.
pub(super) fn needed<'a>(
    contract: &'a Contract,
    wanted: impl IntoIterator<Item = &'a Operation>,
) -> BTreeSet<String> {
    let mut queue: Vec<&Operation> = wanted.into_iter().collect();
    let mut needed: BTreeSet<String> = queue.iter().map(|operation| operation.label()).collect();
    while let Some(operation) = queue.pop() {
        let giving = contract.api.operations.iter().filter(|other| {
            let role = other.resource.as_ref().map(|resource| resource.role);
            (role == Some(Role::Create) || lists(contract, other))
                && gives(contract, other, operation)
        });
        for other in giving {
            if needed.insert(other.label()) {
                queue.push(other);
            }
        }
    }
    needed
}

/// Whether the items that one operation lists or creates have ids that another one takes.
fn gives(contract: &Contract, from: &Operation, to: &Operation) -> bool {
    let collection = from.resource.as_ref().map(|resource| &resource.collection);
    let takes = collections(to);
    // A slash at the end of a path says nothing.
    let list = from.path.trim_end_matches('/');
    let below = |path: &str| {
        let rest = path.strip_prefix(list);
        rest.is_some_and(|rest| rest.starts_with("/{"))
    };
    // A parameter may say by its name whose ids it takes.
    let mut named = to
        .parameters
        .iter()
        .flat_map(|parameter| item_paths(&contract.api, parameter));
    let named = named.any(below);
    // The operation that a list names as the read of its items takes their ids.
    let get = from
        .pagination
        .as_ref()
        .and_then(|profile| contract.operation(profile.get.as_deref()?));
    let read_by = get.is_some_and(|get| {
        let template = get.path.rfind('}').and_then(|end| get.path.get(..=end));
        template.is_some_and(|template| to.path.starts_with(template))
    });
    let by_resource = collection.is_some_and(|own| takes.contains(own.as_str()));
    by_resource || below(&to.path) || read_by || named
}

/// The collections whose ids an operation takes.
fn collections(operation: &Operation) -> BTreeSet<&str> {
    let mut found: BTreeSet<&str> = operation
        .parameters
        .iter()
        .filter_map(|parameter| collection_of(operation, parameter))
        .collect();
    if let Some(resource) = &operation.resource {
        if !matches!(resource.role, Role::Create | Role::List) {
            found.insert(&resource.collection);
        }
        let parent = resource.parent.as_ref();
        found.extend(parent.map(|parent| parent.collection.as_str()));
    }
    found
}
