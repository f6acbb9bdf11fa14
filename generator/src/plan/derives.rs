//! Which structs can have `Default`, `Eq` and `Hash`.

use super::visit::{all, slots};
use crate::rust::{Item, Presence, Struct, Ty};
use std::collections::{HashMap, HashSet};

/// Sets `default` of every struct and `eq` of every struct and union.
pub(super) fn derive(items: &mut [Item]) {
    let eq = without(
        items,
        |item| slots(item).iter().any(|ty| has_no_eq(ty)),
        |item| {
            let mut names = HashSet::new();
            for ty in slots(item) {
                all(ty, &mut |name| {
                    names.insert(name.to_owned());
                });
            }
            names
        },
    );
    let default = with_default(items);
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) => {
                item.eq = !eq.contains(&item.name);
                item.default = default.contains(&item.name);
            }
            Item::Union(item) => item.eq = !eq.contains(&item.name),
            Item::OpenEnum(_) | Item::Alias(_) => {}
        }
    }
}

/// The items that fail a test, and those that reach one of them.
fn without(
    items: &[Item],
    fails: impl Fn(&Item) -> bool,
    needs: impl Fn(&Item) -> HashSet<String>,
) -> HashSet<String> {
    let mut users: HashMap<String, Vec<&str>> = HashMap::new();
    let mut open: Vec<&str> = Vec::new();
    for item in items {
        for name in needs(item) {
            users.entry(name).or_default().push(item.name());
        }
        if fails(item) {
            open.push(item.name());
        }
    }
    let mut failed = HashSet::new();
    while let Some(name) = open.pop() {
        if failed.insert(name.to_owned())
            && let Some(users) = users.get(name)
        {
            open.extend(users);
        }
    }
    failed
}

fn has_no_eq(ty: &Ty) -> bool {
    match ty {
        Ty::F64 | Ty::Number | Ty::Json | Ty::JsonObject | Ty::Upload => true,
        Ty::List(inner) | Ty::Map(inner) | Ty::Option(inner) | Ty::Boxed(inner) => has_no_eq(inner),
        Ty::Tuple(all) => all.iter().any(has_no_eq),
        _ => false,
    }
}

/// The items that have a default: the least set, so that a type whose default would need
/// itself has none.
fn with_default(items: &[Item]) -> HashSet<String> {
    let mut waits: HashMap<&str, usize> = HashMap::new();
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut open: Vec<&str> = Vec::new();
    for item in items {
        let needs = match item {
            Item::Struct(item) => struct_needs(item),
            Item::OpenEnum(item) => item.default.is_some().then(Vec::new),
            Item::Union(_) => None,
            Item::Alias(item) => {
                let mut names = Vec::new();
                default_needs(&item.ty, &mut names).then_some(names)
            }
        };
        let Some(needs) = needs else {
            continue;
        };
        if needs.is_empty() {
            open.push(item.name());
        }
        waits.insert(item.name(), needs.len());
        for name in needs {
            users.entry(name).or_default().push(item.name());
        }
    }
    let mut found = HashSet::new();
    while let Some(name) = open.pop() {
        found.insert(name.to_owned());
        for user in users.get(name).into_iter().flatten() {
            if let Some(wait) = waits.get_mut(user) {
                *wait = wait.saturating_sub(1);
                if *wait == 0 {
                    open.push(user);
                }
            }
        }
    }
    found
}

fn struct_needs(item: &Struct) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    for field in &item.fields {
        let needed = matches!(field.presence, Presence::Required | Presence::Defaulted);
        if needed && !default_needs(&field.ty, &mut names) {
            return None;
        }
    }
    Some(names)
}

/// Collects the names whose default a type's default needs; false when it has none.
fn default_needs<'t>(ty: &'t Ty, names: &mut Vec<&'t str>) -> bool {
    match ty {
        Ty::Named(name) => {
            names.push(name);
            true
        }
        Ty::Boxed(inner) => default_needs(inner, names),
        Ty::Tuple(all) => all.iter().all(|ty| default_needs(ty, names)),
        // No number, date or file stands for "not given".
        Ty::Number | Ty::Upload => !matches!(ty, Ty::Upload | Ty::Number),
        _ => true,
    }
}
