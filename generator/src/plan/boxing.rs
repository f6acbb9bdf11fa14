//! Types that hold themselves: where one would have no finite size, a box.

use crate::rust::visit::{all, direct, slots, slots_mut};
use crate::rust::{Discrimination, Item, Struct, Ty, Union, UnionVariant};
use std::collections::{HashMap, HashSet};

/// Puts boxes where types hold themselves, and makes types of aliases that name themselves.
///
/// Which place gets the box depends on the types of the cycle alone: a walk from the first of
/// them by name boxes what leads back.
pub(super) fn break_cycles(items: &mut [Item]) {
    let index: HashMap<String, usize> = items
        .iter()
        .enumerate()
        .map(|(index, item)| (item.name().to_owned(), index))
        .collect();
    end_aliases(items, &index);
    let edges = holdings(items, &index);
    let component = components(&edges);
    for (from, slot, to) in back_edges(items, &edges, &component) {
        let name = items.get(to).map(|item| item.name().to_owned());
        if let (Some(item), Some(name)) = (items.get_mut(from), name)
            && let Some(ty) = slots_mut(item).into_iter().nth(slot)
        {
            put_box(ty, &name, &index, &edges);
        }
    }
}

/// An edge of the graph of holdings: the slot, and the struct or union that it holds.
type Edges = Vec<Vec<(usize, usize)>>;

/// An alias of a list or a map of itself becomes a type, for Rust's aliases are no types.
fn end_aliases(items: &mut [Item], index: &HashMap<String, usize>) {
    let edges: Edges = items
        .iter()
        .map(|item| {
            let mut edges = Vec::new();
            if let Item::Alias(alias) = item {
                all(&alias.ty, &mut |name| {
                    if let Some(target) = index.get(name)
                        && matches!(items.get(*target), Some(Item::Alias(_)))
                    {
                        edges.push((0, *target));
                    }
                });
            }
            edges
        })
        .collect();
    let component = components(&edges);
    for at in 0..items.len() {
        let own = component.get(at).copied().unwrap_or_default();
        let cyclic = edges
            .get(at)
            .is_some_and(|edges| edges.iter().any(|(_, to)| component.get(*to) == Some(&own)));
        if cyclic && let Some(item) = items.get_mut(at) {
            type_of_alias(item);
        }
    }
}

fn type_of_alias(item: &mut Item) {
    let Item::Alias(alias) = item else {
        return;
    };
    let alias = alias.clone();
    match alias.ty {
        Ty::Map(_) => {
            *item = Item::Struct(Struct {
                name: alias.name,
                docs: alias.docs,
                place: alias.place,
                rename_all: None,
                fields: Vec::new(),
                rest: Some(("rest".to_owned(), alias.ty)),
                required_fields: Vec::new(),
                default: false,
            });
        }
        Ty::List(_) | Ty::Tuple(_) => {
            let name = if matches!(alias.ty, Ty::List(_)) {
                "List"
            } else {
                "Tuple"
            };
            *item = Item::Union(Union {
                name: alias.name,
                docs: alias.docs,
                place: alias.place,
                tagging: Discrimination::Shape,
                variants: vec![UnionVariant {
                    name: name.to_owned(),
                    tags: Vec::new(),
                    ty: alias.ty,
                }],
            });
        }
        // An alias of an alias ends where the other one does; lowering refuses a ring of names.
        _ => {}
    }
}

/// What each struct and union holds without a list or a map between, aliases seen through.
fn holdings(items: &[Item], index: &HashMap<String, usize>) -> Edges {
    items
        .iter()
        .map(|item| {
            let mut edges = Vec::new();
            if matches!(item, Item::Alias(_)) {
                return edges;
            }
            for (slot, ty) in slots(item).into_iter().enumerate() {
                let mut open = vec![ty];
                let mut seen = HashSet::new();
                while let Some(ty) = open.pop() {
                    direct(ty, &mut |name| {
                        let Some(target) = index.get(name).filter(|it| seen.insert(**it)) else {
                            return;
                        };
                        match items.get(*target) {
                            Some(Item::Alias(alias)) => open.push(&alias.ty),
                            Some(_) => edges.push((slot, *target)),
                            None => {}
                        }
                    });
                }
            }
            edges
        })
        .collect()
}

/// The strongly connected component of every node (Tarjan 1972), without recursion.
fn components(edges: &Edges) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let count = edges.len();
    let mut number = vec![NONE; count];
    let mut low = vec![0; count];
    let mut component = vec![NONE; count];
    let mut stack = Vec::new();
    let mut next = 0;
    let mut found = 0;
    let read = |all: &[usize], at: usize| all.get(at).copied().unwrap_or_default();
    let write = |all: &mut [usize], at: usize, value: usize| {
        if let Some(slot) = all.get_mut(at) {
            *slot = value;
        }
    };
    for start in 0..count {
        if read(&number, start) != NONE {
            continue;
        }
        let mut work = vec![(start, 0)];
        while let Some((at, edge)) = work.pop() {
            if edge == 0 {
                write(&mut number, at, next);
                write(&mut low, at, next);
                next += 1;
                stack.push(at);
            }
            match edges.get(at).and_then(|edges| edges.get(edge)) {
                Some((_, to)) => {
                    work.push((at, edge + 1));
                    if read(&number, *to) == NONE {
                        work.push((*to, 0));
                    } else if read(&component, *to) == NONE {
                        let least = read(&low, at).min(read(&number, *to));
                        write(&mut low, at, least);
                    }
                }
                None => {
                    if read(&low, at) == read(&number, at) {
                        while let Some(member) = stack.pop() {
                            write(&mut component, member, found);
                            if member == at {
                                break;
                            }
                        }
                        found += 1;
                    }
                    if let Some((parent, _)) = work.last() {
                        let least = read(&low, *parent).min(read(&low, at));
                        write(&mut low, *parent, least);
                    }
                }
            }
        }
    }
    component
}

/// The edges that lead back in a walk of each component, from its first member by name.
fn back_edges(items: &[Item], edges: &Edges, component: &[usize]) -> Vec<(usize, usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|at| items.get(*at).map(Item::name));
    let mut state = vec![State::New; items.len()];
    let mut back = Vec::new();
    for start in order {
        let mut work = vec![(start, 0)];
        if state.get(start) != Some(&State::New) {
            continue;
        }
        while let Some((at, edge)) = work.pop() {
            if edge == 0
                && let Some(slot) = state.get_mut(at)
            {
                *slot = State::Open;
            }
            let Some((slot, to)) = edges.get(at).and_then(|edges| edges.get(edge)).copied() else {
                if let Some(slot) = state.get_mut(at) {
                    *slot = State::Done;
                }
                continue;
            };
            work.push((at, edge + 1));
            if component.get(at) != component.get(to) {
                continue;
            }
            match state.get(to) {
                Some(State::Open) => back.push((at, slot, to)),
                Some(State::New) => work.push((to, 0)),
                _ => {}
            }
        }
    }
    back
}

/// Boxes what leads to `target`: its own name, or an alias's that ends there.
fn put_box(ty: &mut Ty, target: &str, index: &HashMap<String, usize>, edges: &Edges) {
    match ty {
        Ty::Named(name) if name == target => {
            *ty = Ty::Boxed(Box::new(ty.clone()));
        }
        Ty::Named(name) => {
            // An alias has no edges of its own, so it is known by that.
            let alias = index
                .get(name)
                .and_then(|at| edges.get(*at))
                .is_some_and(Vec::is_empty);
            if alias {
                *ty = Ty::Boxed(Box::new(ty.clone()));
            }
        }
        Ty::Option(inner) => put_box(inner, target, index, edges),
        Ty::Tuple(all) => {
            for inner in all {
                put_box(inner, target, index, edges);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::{Alias, Docs, Field, Presence};
    use plumbline_specs::Pointer;

    fn named(name: &str) -> Ty {
        Ty::Named(name.to_owned())
    }

    fn holder(name: &str, types: &[Ty]) -> Item {
        Item::Struct(Struct {
            name: name.to_owned(),
            docs: Docs::default(),
            place: Pointer::root(),
            rename_all: None,
            fields: types
                .iter()
                .map(|ty| Field {
                    name: "field".to_owned(),
                    rename: None,
                    docs: Docs::default(),
                    deprecated: false,
                    ty: ty.clone(),
                    presence: Presence::Optional,
                })
                .collect(),
            rest: None,
            required_fields: Vec::new(),
            default: false,
        })
    }

    fn alias(name: &str, ty: Ty) -> Item {
        Item::Alias(Alias {
            name: name.to_owned(),
            docs: Docs::default(),
            place: Pointer::root(),
            ty,
        })
    }

    fn boxes(items: &[Item]) -> Vec<String> {
        items
            .iter()
            .flat_map(|item| {
                slots(item)
                    .into_iter()
                    .filter(|ty| matches!(ty, Ty::Boxed(_)))
                    .map(|ty| format!("{}: {ty:?}", item.name()))
            })
            .collect()
    }

    #[test]
    fn what_leads_back_is_boxed() {
        let mut items = [
            holder("Right", &[named("Left")]),
            holder("Left", &[named("Right"), named("Other")]),
            holder("Node", &[named("Node"), Ty::List(Box::new(named("Node")))]),
            holder("Other", &[named("Short")]),
            alias("Short", named("Other")),
        ];
        break_cycles(&mut items);
        assert_eq!(
            boxes(&items),
            [
                "Right: Boxed(Named(\"Left\"))",
                "Node: Boxed(Named(\"Node\"))",
                "Other: Boxed(Named(\"Short\"))",
            ]
        );
    }

    #[test]
    fn an_alias_of_itself_becomes_a_type() {
        let mut items = [
            alias("Nested", Ty::Map(Box::new(named("Nested")))),
            alias("Rows", Ty::List(Box::new(named("Rows")))),
            alias("Plain", Ty::List(Box::new(Ty::String))),
        ];
        break_cycles(&mut items);
        assert!(matches!(&items[0], Item::Struct(item) if item.rest.is_some()));
        assert!(matches!(&items[1], Item::Union(item) if item.variants.len() == 1));
        assert!(matches!(&items[2], Item::Alias(_)));
        assert!(boxes(&items).is_empty());
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let count = 100_000;
        let mut items: Vec<Item> = (0..count)
            .map(|at| {
                holder(
                    &format!("T{at:06}"),
                    &[named(&format!("T{:06}", (at + 1) % count))],
                )
            })
            .collect();
        break_cycles(&mut items);
        assert_eq!(boxes(&items), ["T099999: Boxed(Named(\"T000000\"))"]);
    }
}
