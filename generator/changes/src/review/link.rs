//! Which items a change of the document changed.

use super::item::Changed;
use crate::Change;
use plumbline_generator::rust::Module;
use plumbline_specs::Pointer;
use std::collections::{BTreeSet, HashMap};

/// A change that concerns more operations than these is not told with each of their methods.
const FEW: usize = 4;

/// What generated items are called, and where in the document they come from.
#[derive(Default)]
pub(super) struct Origins {
    /// The places of types and operations with the item's name.
    places: Vec<(Pointer, String)>,
    /// An operation's label with its method and its marker type.
    operations: HashMap<String, (String, String)>,
}

impl Origins {
    pub(super) fn add(&mut self, module: &Module) {
        for item in &module.items {
            self.places
                .push((item.place().clone(), item.name().to_owned()));
        }
        for operation in &module.operations {
            self.places
                .push((operation.place.clone(), operation.name.clone()));
            let names = (operation.name.clone(), operation.marker.clone());
            self.operations.insert(operation.label.clone(), names);
        }
    }

    /// The items that come from the nearest place around one.
    fn around<'o>(&'o self, place: &Pointer) -> Vec<&'o str> {
        let mut at = Some(place.clone());
        while let Some(place) = at {
            let here = self.places.iter().filter(|(own, _)| *own == place);
            let names: Vec<&str> = here.map(|(_, name)| name.as_str()).collect();
            if !names.is_empty() {
                return names;
            }
            at = place.parent();
        }
        Vec::new()
    }
}

/// For each change the items that it changed, by index; and the items that no change accounts
/// for.
pub(super) fn link(
    changes: &[&Change],
    items: &[Changed],
    origins: &Origins,
) -> (Vec<BTreeSet<usize>>, Vec<usize>) {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        for name in [Some(&item.name), item.was.as_ref()].into_iter().flatten() {
            by_name.entry(name).or_default().push(index);
        }
    }
    let called = |name: &str| by_name.get(name).into_iter().flatten().copied();
    let mut linked: Vec<BTreeSet<usize>> = Vec::new();
    for change in changes {
        let mut own: BTreeSet<usize> = change
            .rust
            .items
            .iter()
            .flat_map(|text| names(text))
            .flat_map(called)
            .collect();
        if own.is_empty() {
            let places = change.new.iter().chain(&change.old);
            own = places
                .flat_map(|place| origins.around(place))
                .flat_map(called)
                .collect();
        }
        if own.is_empty() {
            own = change
                .rust
                .items
                .iter()
                .flat_map(|text| names(text))
                .flat_map(|name| builders(items, name))
                .collect();
        }
        if own.is_empty() && change.operations.len() <= FEW {
            own = change
                .operations
                .iter()
                .filter_map(|label| origins.operations.get(label))
                .flat_map(|(method, _)| called(method))
                .collect();
        }
        linked.push(own);
    }
    let mut rest = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if linked.iter().any(|own| own.contains(&index)) {
            continue;
        }
        // What is made for an operation names its marker type.
        let cause = changes
            .iter()
            .position(|change| match change.operations.as_slice() {
                [label] => origins
                    .operations
                    .get(label)
                    .is_some_and(|(_, marker)| item.name.ends_with(&format!(" {marker}"))),
                _ => false,
            });
        match cause.and_then(|cause| linked.get_mut(cause)) {
            Some(own) => {
                own.insert(index);
            }
            None => rest.push(index),
        }
    }
    (linked, rest)
}

/// The items that hold a method of the client's builder: those are no items of their own.
fn builders<'i>(items: &'i [Changed], name: &'i str) -> impl Iterator<Item = usize> + 'i {
    let method = format!("fn {name}(");
    items.iter().enumerate().filter_map(move |(index, item)| {
        let found = item.path.ends_with("client.rs")
            && item.lines.iter().any(|line| line.text.contains(&method));
        found.then_some(index)
    })
}

/// The names of items in what is said of the Rust API: `` `Pet::name` is gone `` names `Pet`.
fn names(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .flat_map(|code| code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#')))
        .filter(|name| !name.is_empty())
        .collect()
}

/// The new names of items, with what they were called.
pub(super) fn renamed(changes: &[Change]) -> HashMap<String, String> {
    let mut renamed = HashMap::new();
    for text in changes.iter().flat_map(|change| &change.rust.items) {
        if let Some((was, is)) = text.split_once(" is called ") {
            let plain = |name: &str| name.trim_matches(['`', '(', ')']).to_owned();
            renamed.insert(plain(is), plain(was));
        }
    }
    renamed
}
