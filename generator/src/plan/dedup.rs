//! Types without a name that are the same are one type; the names of all of them stay.

use crate::rust::visit::types_mut;
use crate::rust::{Alias, Docs, Item, Ty};
use indexmap::IndexMap;

use std::collections::HashMap;

/// An item, and how far within its owner it stands; `None` for a component.
pub(super) struct Built {
    pub(super) item: Item,
    pub(super) depth: Option<usize>,
    /// What it is to its owner: the property's name.
    pub(super) label: String,
    /// Whether its name is said by hand, by `x-name`.
    pub(super) by_hand: bool,
}

/// Makes one item of those that say the same: unions and objects without a name, enums without
/// a name that are properties of one name, and unions that a component says too.
///
/// The shortest name becomes the type's, a component's before all; the others become aliases,
/// so that a name that was once given does not go away when another schema comes to share its
/// type. Returns old names with their new ones.
pub(super) fn dedup(items: &mut Vec<Built>) -> HashMap<String, String> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    // What stands furthest within comes first: then equal parts have equal names.
    order.sort_by_key(|index| {
        let depth = items.get(*index).and_then(|built| built.depth);
        std::cmp::Reverse(depth.unwrap_or_default())
    });
    // Every group goes by its first member's name until all are known.
    let mut first: HashMap<String, String> = HashMap::new();
    let mut groups: IndexMap<String, Vec<usize>> = IndexMap::new();
    for index in order {
        let Some(built) = items.get_mut(index) else {
            continue;
        };
        rename(&mut built.item, &first);
        let Some(key) = key(built) else {
            continue;
        };
        let members = groups.entry(key).or_default();
        members.push(index);
        let leader = members.first().copied().unwrap_or(index);
        if leader != index
            && let (Some(leader), Some(built)) = (items.get(leader), items.get(index))
            && built.depth.is_some()
        {
            let names = (built.item.name().to_owned(), leader.item.name().to_owned());
            first.insert(names.0, names.1);
        }
    }
    let renamed = chosen(items, &groups);
    for built in items.iter_mut() {
        rename(&mut built.item, &first);
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

/// Chooses each group's name and says which names it takes over.
fn chosen(items: &[Built], groups: &IndexMap<String, Vec<usize>>) -> HashMap<String, String> {
    let mut renamed = HashMap::new();
    for members in groups.values() {
        let mut all: Vec<(bool, bool, usize, &str)> = members
            .iter()
            .filter_map(|index| items.get(*index))
            .map(|built| {
                let name = built.item.name();
                let inline = built.depth.is_some();
                (inline, !built.by_hand, name.chars().count(), name)
            })
            .collect();
        all.sort_unstable();
        let Some((.., best)) = all.first() else {
            continue;
        };
        for (inline, .., name) in all.iter().skip(1) {
            if *inline && name != best {
                renamed.insert((*name).to_owned(), (*best).to_owned());
            }
        }
    }
    renamed
}

/// What an item says, its own name, place and documentation aside; `None` for what is not
/// shared.
fn key(built: &Built) -> Option<String> {
    let mut bare = built.item.clone();
    let mut label = "";
    match &mut bare {
        Item::Struct(item) if built.depth.is_some() => {
            item.name.clear();
            item.docs = Docs::default();
            item.place = Default::default();
        }
        // Two enums of the same few words may still mean different things.
        Item::OpenEnum(item) if built.depth.is_some() => {
            label = &built.label;
            item.name.clear();
            item.docs = Docs::default();
            item.place = Default::default();
        }
        Item::Union(item) => {
            item.name.clear();
            item.docs = Docs::default();
            item.place = Default::default();
        }
        _ => return None,
    }
    Some(format!("{label} {bare:?}"))
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
