//! How deep the least value of each schema goes.

use plumbline_specs::api::{Api, Kind, Schema, SchemaId};
use std::collections::{BTreeSet, HashMap};

/// The least depth of every schema that has one: as if all were gone over in their order, again and
/// again until nothing changes, but looking only at those for which something changed.
pub(super) fn heights(api: &Api) -> HashMap<SchemaId, usize> {
    let mut found: HashMap<SchemaId, usize> = HashMap::new();
    let mut holders: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
    // How many schemas each waits for.
    let mut waiting: HashMap<SchemaId, usize> = HashMap::new();
    // What is to be looked at, by the round and the place in it.
    let mut open: BTreeSet<(usize, SchemaId)> = BTreeSet::new();
    for (id, schema) in api.schemas.iter() {
        let mut needs = needs(schema);
        needs.sort_unstable();
        needs.dedup();
        let any = matches!(schema.kind, Kind::Union { .. });
        waiting.insert(id, if any { needs.len().min(1) } else { needs.len() });
        if needs.is_empty() && (schema.nullable || !any) {
            open.insert((0, id));
        }
        for need in needs {
            holders.entry(need).or_default().push(id);
        }
    }
    while let Some((round, id)) = open.pop_first() {
        if found.contains_key(&id) {
            continue;
        }
        let Some(height) = height(&api.schemas[id], &found) else {
            continue;
        };
        found.insert(id, height);
        for holder in holders.get(&id).into_iter().flatten() {
            let Some(waiting) = waiting.get_mut(holder) else {
                continue;
            };
            *waiting = waiting.saturating_sub(1);
            if *waiting == 0 && !found.contains_key(holder) {
                open.insert((round + usize::from(*holder < id), *holder));
            }
        }
    }
    found
}

/// The schemas without whose heights that of a schema is not known; of a union one is enough.
fn needs(schema: &Schema) -> Vec<SchemaId> {
    match &schema.kind {
        _ if schema.nullable => Vec::new(),
        Kind::Alias(target) => vec![*target],
        Kind::Array {
            items, min_items, ..
        } if min_items.unwrap_or(0) > 0 => vec![*items],
        Kind::Tuple { items, .. } => items.clone(),
        Kind::Object { properties, .. } => properties
            .values()
            .filter(|property| property.required)
            .map(|property| property.schema)
            .collect(),
        Kind::Union { variants, .. } => variants.iter().map(|variant| variant.schema).collect(),
        _ => Vec::new(),
    }
}

fn height(schema: &Schema, found: &HashMap<SchemaId, usize>) -> Option<usize> {
    let needs = needs(schema);
    match &schema.kind {
        _ if schema.nullable => Some(0),
        Kind::Alias(target) => found.get(target).copied(),
        Kind::Array { .. } if !needs.is_empty() => {
            let mut items = needs.iter();
            Some(found.get(items.next()?)? + 1)
        }
        Kind::Tuple { .. } | Kind::Object { .. } => highest(found, needs.into_iter()),
        Kind::Union { .. } => {
            let known = needs.iter().filter_map(|variant| found.get(variant));
            known.min().map(|height| height + 1)
        }
        _ => Some(0),
    }
}

fn highest(found: &HashMap<SchemaId, usize>, ids: impl Iterator<Item = SchemaId>) -> Option<usize> {
    let mut height = 1;
    for id in ids {
        height = height.max(found.get(&id)? + 1);
    }
    Some(height)
}
