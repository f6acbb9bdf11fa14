//! Types without a name that are the same are one type; the names of all of them stay.

use super::visit::types_mut;
use crate::rust::{Alias, Docs, Item, Ty};
use indexmap::IndexMap;

use std::collections::HashMap;

/// An item, and how far within its owner it stands; `None` for a component.
pub(super) struct Built {
    pub(super) item: Item,
    pub(super) depth: Option<usize>,
    /// Whether its name is said by hand, by `x-name`.
    pub(super) by_hand: bool,
}

/// Makes one item of those that say the same. The shortest name becomes the type's; the others
/// become aliases, so that a name that was once given does not go away when another schema
/// comes to share its type. Returns old names with their new ones.
pub(super) fn share(items: &mut Vec<Built>) -> HashMap<String, String> {
    let mut order: Vec<(usize, usize)> = items
        .iter()
        .enumerate()
        .filter_map(|(index, built)| Some((built.depth?, index)))
        .collect();
    // What stands furthest within comes first: then equal parts have equal names.
    order.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut renamed: HashMap<String, String> = HashMap::new();
    let mut groups: IndexMap<String, Vec<usize>> = IndexMap::new();
    let mut level = usize::MAX;
    for (depth, index) in order {
        if depth != level {
            settle(items, &mut groups, &mut renamed);
            level = depth;
        }
        let Some(built) = items.get_mut(index) else {
            continue;
        };
        rename(&mut built.item, &renamed);
        groups.entry(key(&built.item)).or_default().push(index);
    }
    settle(items, &mut groups, &mut renamed);
    for built in items.iter_mut() {
        rename(&mut built.item, &renamed);
        if let Some(target) = renamed.get(built.item.name()) {
            built.item = Item::Alias(Alias {
                name: built.item.name().to_owned(),
                docs: Docs::default(),
                place: built.item.place().clone(),
                ty: Ty::Named(target.clone()),
            });
        }
    }
    items.retain(|built| !(built.by_hand && renamed.contains_key(built.item.name())));
    renamed
}

fn settle(
    items: &[Built],
    groups: &mut IndexMap<String, Vec<usize>>,
    renamed: &mut HashMap<String, String>,
) {
    for (_, members) in groups.drain(..) {
        let mut names: Vec<(bool, usize, &str)> = members
            .iter()
            .filter_map(|index| items.get(*index))
            .map(|built| {
                let name = built.item.name();
                (!built.by_hand, name.chars().count(), name)
            })
            .collect();
        names.sort_unstable();
        let Some((.., chosen)) = names.first() else {
            continue;
        };
        for (.., name) in names.iter().skip(1) {
            if name != chosen {
                renamed.insert((*name).to_owned(), (*chosen).to_owned());
            }
        }
    }
}

/// What an item says, its own name, place and documentation aside.
fn key(item: &Item) -> String {
    let mut bare = item.clone();
    match &mut bare {
        Item::Struct(item) => {
            item.name.clear();
            item.docs = Docs::default();
            item.place = Default::default();
        }
        Item::OpenEnum(item) => {
            item.name.clear();
            item.docs = Docs::default();
            item.place = Default::default();
        }
        Item::Union(item) => {
            item.name.clear();
            item.docs = Docs::default();
            item.place = Default::default();
        }
        Item::Alias(item) => item.place = Default::default(),
    }
    format!("{bare:?}")
}

fn rename(item: &mut Item, renamed: &HashMap<String, String>) {
    types_mut(item, &mut |ty| {
        if let Ty::Named(name) = ty
            && let Some(new) = renamed.get(name)
        {
            new.clone_into(name);
        }
    });
}
