//! Items to begin with: those of a scope are made when it is first asked for.

use super::context::World;
use super::plausible::{self, Wanted};
use super::store::{Item, ScopedItems, Store, matches};
use plumbline_specs::Pointer;
use std::sync::Arc;

/// How many scopes of one collection are filled with items; further ones stay empty, so that
/// asking for ever new parents cannot fill the memory.
const SCOPES: usize = 64;

impl Store {
    /// The items of a scope; they are made when it is first asked for.
    pub(super) fn shelf(
        &mut self,
        world: &World,
        collection: &str,
        scope: &str,
    ) -> &mut ScopedItems {
        let new_owner = self.is_made(world, collection, scope);
        let own = self.collections.entry(collection.to_owned()).or_default();
        let full = own.shelves.len() >= SCOPES || new_owner;
        let next = &mut own.next;
        own.shelves.entry(scope.to_owned()).or_insert_with(|| {
            let count = if full { 0 } else { world.options.items };
            let given = world.options.given.get(collection);
            let given = given.map(Vec::as_slice).unwrap_or_default();
            let mut shelf = ScopedItems::default();
            for index in 0..count {
                *next += 1;
                let value = usize::try_from(index)
                    .ok()
                    .and_then(|index| given.get(index))
                    .cloned()
                    .unwrap_or_else(|| {
                        plausible::item(
                            world,
                            Wanted {
                                collection,
                                scope,
                                index,
                                sequence: *next,
                            },
                        )
                    });
                shelf.items.push(Item {
                    sequence: *next,
                    made: false,
                    value: Arc::new(value),
                });
            }
            shelf
        })
    }

    /// Whether the owner of a scope was made by a request: it owns nothing yet.
    fn is_made(&self, world: &World, collection: &str, scope: &str) -> bool {
        let Some(parent) = world
            .collections
            .get(collection)
            .and_then(|kinship| kinship.parent.as_ref())
        else {
            return false;
        };
        let key = world
            .collections
            .get(&parent.collection)
            .and_then(|kinship| kinship.key.clone());
        let key = key.unwrap_or_else(|| Pointer::root().join("id"));
        self.shelves(&parent.collection)
            .flat_map(|(_, shelf)| &shelf.items)
            .any(|item| item.made && matches(item, &key, scope))
    }
}
