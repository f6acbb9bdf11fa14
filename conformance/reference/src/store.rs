//! The state: collections of items, each in the scope of the item that owns it.

use super::value::text;
use indexmap::IndexMap;
use plumbline_specs::Pointer;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An item and what happened to it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its number in the collection, in the order of creation.
    pub(super) sequence: u64,
    /// Whether a request made it.
    pub(super) made: bool,
    /// What it is.
    pub(super) value: Arc<Value>,
}

/// The items of one scope.
#[derive(Debug, Default)]
pub(super) struct ScopedItems {
    /// In the order of creation.
    pub(super) items: Vec<Item>,
    /// What was deleted, the latest last.
    pub(super) gone: Vec<Item>,
}

/// All collections.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) collections: BTreeMap<String, Collection>,
}

/// The items of a collection, by scope.
#[derive(Debug, Default)]
pub(super) struct Collection {
    pub(super) shelves: IndexMap<String, ScopedItems>,
    pub(super) next: u64,
}

impl Store {
    /// The next number in a collection.
    pub(super) fn number(&mut self, collection: &str) -> u64 {
        let own = self.collections.entry(collection.to_owned()).or_default();
        own.next += 1;
        own.next
    }

    /// The scopes of a collection that have been asked for, in that order.
    pub(super) fn shelves(
        &self,
        collection: &str,
    ) -> impl Iterator<Item = (&String, &ScopedItems)> {
        self.collections
            .get(collection)
            .into_iter()
            .flat_map(|own| own.shelves.iter())
    }
}

/// Whether an item has this id at the place of ids.
pub(super) fn matches(item: &Item, key: &Pointer, id: &str) -> bool {
    item.value
        .pointer(key.as_str())
        .is_some_and(|own| text(own) == id)
}
