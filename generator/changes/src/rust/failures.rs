//! The names of what operations share: their sets of documented failures.

use super::{Difference, Planned, Side};
use crate::change::{Step, Touched};
use plumbline_specs::Pointer;
use std::collections::HashSet;

/// The shared sets that are gone. An operation's own name for its failures is told with its
/// method.
pub(super) fn failures(old: &Planned<'_>, new: &Planned<'_>) -> Vec<Difference> {
    let own: HashSet<&str> = errors_of(old).map(|(name, _)| name).collect();
    let mut kept: HashSet<&str> = HashSet::new();
    kept.extend(new.module.errors.iter().map(|set| set.name.as_str()));
    kept.extend((new.module.error_aliases.iter()).map(|alias| alias.name.as_str()));
    let gone = old.module.errors.iter().map(|set| set.name.as_str());
    gone.filter(|name| !own.contains(name) && !kept.contains(name))
        .map(|name| Difference {
            step: Step::Major,
            text: format!("`{name}` is gone"),
            subject: name.to_owned(),
            touched: Touched::named(name),
            places: places(old, new, name),
            label: None,
            naming: false,
            // The operations' own names stay and stand for other sets.
            moved: true,
        })
        .collect()
}

/// Each operation's own name for its failures, and where the operation stands.
fn errors_of<'p>(planned: &'p Planned<'_>) -> impl Iterator<Item = (&'p str, &'p Pointer)> {
    let operations = planned.module.operations.iter();
    operations.filter_map(|operation| Some((operation.error.as_deref()?, &operation.place)))
}

/// Where the failures stand that a set was of, and those that its operations have now.
fn places(old: &Planned<'_>, new: &Planned<'_>, set: &str) -> Vec<(Side, Pointer)> {
    let aliases = old.module.error_aliases.iter();
    let names: HashSet<&str> = aliases
        .filter(|alias| alias.target == set)
        .map(|alias| alias.name.as_str())
        .collect();
    let mut places = Vec::new();
    for (_, place) in errors_of(old).filter(|(name, _)| names.contains(name)) {
        for (side, api) in [(Side::Old, old.api), (Side::New, new.api)] {
            let operations = api.operations.iter();
            let responses = operations
                .filter(|operation| operation.place == *place)
                .flat_map(|operation| &operation.responses);
            let failures = responses.filter(|response| !response.status.is_success());
            places.extend(failures.map(|response| (side, response.place.clone())));
        }
    }
    places
}
