//! Which items a change of the document changed.

use super::item::Changed;
use crate::Change;
use crate::change::{Method, Touched};
use plumbline_generator::rust::Module;
use plumbline_specs::Pointer;
use std::collections::{BTreeSet, HashMap};

/// A change that concerns more operations than these is not shown with each of their methods.
const FEW: usize = 4;

/// What the generated items come from in the document.
#[derive(Default)]
pub(super) struct Origins {
    /// The name of the item, by the place of its type or operation.
    places: HashMap<Pointer, Vec<String>>,
    /// An operation's label with its names.
    operations: HashMap<String, Method>,
}

impl Origins {
    pub(super) fn add(&mut self, module: &Module) {
        for item in &module.items {
            self.place(item.place(), item.name());
        }
        for operation in &module.operations {
            self.place(&operation.place, &operation.name);
            let method = Method {
                name: operation.name.clone(),
                marker: operation.marker.clone(),
            };
            self.operations.insert(operation.label.clone(), method);
        }
    }

    fn place(&mut self, place: &Pointer, name: &str) {
        let names = self.places.entry(place.clone()).or_default();
        names.push(name.to_owned());
    }

    /// The items that come from the nearest place around one.
    fn around(&self, place: &Pointer) -> &[String] {
        let mut at = Some(place.clone());
        while let Some(place) = at {
            if let Some(names) = self.places.get(&place) {
                return names;
            }
            at = place.parent();
        }
        &[]
    }

    /// The operations of a change, unless there are many.
    fn operations<'o>(&'o self, change: &'o Change) -> impl Iterator<Item = &'o Method> {
        let few = change.operations.len() <= FEW;
        let labels = change.operations.iter().filter(move |_| few);
        labels.filter_map(|label| self.operations.get(label))
    }
}

/// The items that differ, by what they are called.
struct Index<'i> {
    by_name: HashMap<&'i str, Vec<usize>>,
    /// What is made for a marker type, such as an `impl` block.
    by_marker: HashMap<&'i str, Vec<usize>>,
    builders: Vec<usize>,
}

impl<'i> Index<'i> {
    fn of(items: &'i [Changed]) -> Self {
        let mut own = Self {
            by_name: HashMap::new(),
            by_marker: HashMap::new(),
            builders: Vec::new(),
        };
        for (index, item) in items.iter().enumerate() {
            for name in [Some(&item.name), item.before.as_ref()]
                .into_iter()
                .flatten()
            {
                own.by_name.entry(name).or_default().push(index);
            }
            if let Some((_, marker)) = item.name.rsplit_once(' ') {
                own.by_marker.entry(marker).or_default().push(index);
            }
            if item.is_of_the_builder() {
                own.builders.push(index);
            }
        }
        own
    }

    fn called(&self, name: &str) -> impl Iterator<Item = usize> {
        self.by_name.get(name).into_iter().flatten().copied()
    }

    fn of_marker(&self, marker: &str) -> impl Iterator<Item = usize> {
        self.by_marker.get(marker).into_iter().flatten().copied()
    }

    fn touched(&self, touched: &Touched) -> Vec<usize> {
        match touched {
            Touched::Type { name, before } => {
                let names = [Some(name), before.as_ref()].into_iter().flatten();
                names.flat_map(|name| self.called(name)).collect()
            }
            Touched::Operation(methods) => methods
                .iter()
                .flat_map(|method| self.called(&method.name))
                .collect(),
            Touched::Builder => self.builders.clone(),
        }
    }
}

/// For each change the items that it changed, by index; and the items that no change accounts
/// for.
pub(super) fn link(
    changes: &[&Change],
    items: &[Changed],
    origins: &Origins,
) -> (Vec<BTreeSet<usize>>, Vec<usize>) {
    let index = Index::of(items);
    let mut linked: Vec<BTreeSet<usize>> = Vec::new();
    for change in changes {
        let touched = change.rust.touched.iter();
        let mut own: BTreeSet<usize> = touched.flat_map(|one| index.touched(one)).collect();
        if own.is_empty() {
            let places = change.new.iter().chain(&change.old);
            own = places
                .flat_map(|place| origins.around(place))
                .flat_map(|name| index.called(name))
                .collect();
        }
        if own.is_empty() {
            let methods = origins.operations(change);
            own = methods
                .flat_map(|method| index.called(&method.name))
                .collect();
        }
        linked.push(own);
    }
    // What is made for an operation besides its method, where nothing else shows it.
    let mut shown: BTreeSet<usize> = linked.iter().flatten().copied().collect();
    for (change, own) in changes.iter().zip(&mut linked) {
        if let [label] = change.operations.as_slice()
            && let Some(method) = origins.operations.get(label)
        {
            let made = index.of_marker(&method.marker);
            own.extend(made.filter(|item| shown.insert(*item)));
        }
    }
    let rest = (0..items.len()).filter(|item| !shown.contains(item));
    let rest = rest.collect();
    (linked, rest)
}

/// The new names of items, with what they were called.
pub(super) fn renamed(changes: &[Change]) -> HashMap<String, String> {
    let touched = changes.iter().flat_map(|change| &change.rust.touched);
    let names = touched.filter_map(|touched| match touched {
        Touched::Type { name, before } => Some((name.clone(), before.clone()?)),
        Touched::Operation(methods) => match methods.as_slice() {
            [before, after] => Some((after.name.clone(), before.name.clone())),
            _ => None,
        },
        Touched::Builder => None,
    });
    names.collect()
}
