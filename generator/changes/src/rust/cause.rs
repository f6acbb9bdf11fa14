//! Which change of the document a difference of the plans comes from.

use super::{Difference, Side};
use crate::change::{Change, Step};
use crate::code::Event;
use crate::walk::fingerprint::children;
use crate::walk::graph::Walk;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, MediaType, SchemaId};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// The changes by where they stand.
pub(super) struct Index {
    old: Document,
    new: Document,
    by_label: HashMap<String, Vec<usize>>,
}

/// One side of the index.
struct Document {
    at: BTreeMap<String, Vec<usize>>,
    schemas: HashMap<Pointer, Vec<SchemaId>>,
    holders: HashMap<SchemaId, Vec<Pointer>>,
    parents: HashMap<SchemaId, Vec<SchemaId>>,
    places: Vec<Pointer>,
}

impl Index {
    pub(super) fn of(walk: &Walk<'_>, changes: &[Change]) -> Self {
        let mut old = Document::of(walk.old);
        let mut new = Document::of(walk.new);
        let mut by_label: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, change) in changes.iter().enumerate() {
            for label in &change.operations {
                by_label.entry(label.clone()).or_default().push(index);
            }
            // What was added stands in the old document only as what holds it, and holds much
            // else besides.
            let event = change.code.event();
            let added = event == Event::Added && change.before.is_none();
            let removed = event == Event::Removed && change.after.is_none();
            let whole = !change.code.is_about_a_member();
            if let Some(place) = &change.old
                && !(added && whole)
            {
                old.at
                    .entry(place.as_str().to_owned())
                    .or_default()
                    .push(index);
            }
            if let Some(place) = &change.new
                && !(removed && whole)
            {
                new.at
                    .entry(place.as_str().to_owned())
                    .or_default()
                    .push(index);
            }
        }
        Self { old, new, by_label }
    }

    fn side(&self, side: Side) -> &Document {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// The changes at the places themselves; those that stand there in both documents before
    /// those that do in one.
    fn here(&self, difference: &Difference, pick: &dyn Fn(Vec<usize>) -> Vec<usize>) -> Vec<usize> {
        let mut sides: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
        let mut nearest: Option<Vec<usize>> = None;
        for (side, place) in &difference.places {
            let found = pick(self.side(*side).exactly(place));
            for index in &found {
                let (old, new) = sides.entry(*index).or_default();
                *old |= *side == Side::Old;
                *new |= *side == Side::New;
            }
            if nearest.is_none() && !found.is_empty() {
                nearest = Some(found);
            }
        }
        let both = sides.iter().filter(|(_, (old, new))| *old && *new);
        let both: Vec<usize> = both.map(|(index, _)| *index).collect();
        let nearest = nearest.unwrap_or_default();
        if both.is_empty() || nearest.iter().any(|index| both.contains(index)) {
            let near = nearest.iter().copied();
            let surest: Vec<usize> = near.filter(|index| both.contains(index)).collect();
            return if surest.is_empty() { nearest } else { surest };
        }
        both
    }

    /// The changes that a difference comes from: those at its places, within them, around them,
    /// on the way from an operation to them, and last those of its operation.
    pub(super) fn causes(&self, changes: &[Change], difference: &Difference) -> Vec<usize> {
        let fits = |index: &usize| {
            changes
                .get(*index)
                .is_some_and(|change| fits(change, difference))
        };
        let pick = |found: Vec<usize>| -> Vec<usize> { found.into_iter().filter(fits).collect() };
        let here = self.here(difference, &pick);
        if !here.is_empty() {
            return here;
        }
        for find in [Document::within, Document::around] {
            for (side, place) in &difference.places {
                let found = pick(find(self.side(*side), place));
                if !found.is_empty() {
                    return found;
                }
            }
        }
        for (side, place) in &difference.places {
            let found = self.side(*side).upwards(place, &pick);
            if !found.is_empty() {
                return found;
            }
        }
        let mut likely = Vec::new();
        // A bound can be what decides on a type, though most of the time it is not.
        for (side, place) in &difference.places {
            let here = self.side(*side).exactly(place);
            likely.extend(here.into_iter().filter(|index| {
                let change = changes.get(*index);
                !difference.naming && change.is_some_and(|change| !change.code.is_prose())
            }));
        }
        if likely.is_empty()
            && let Some(label) = &difference.label
        {
            likely = pick(self.by_label.get(label).cloned().unwrap_or_default());
        }
        likely.sort_unstable();
        likely.dedup();
        likely
    }
}

/// Whether a change is of a kind that can make such a difference.
fn fits(change: &Change, difference: &Difference) -> bool {
    if difference.naming {
        return change.code.is_naming();
    }
    let (usual, _) = change.code.rust();
    match difference.step {
        Step::Major => usual == Step::Major,
        Step::Minor | Step::Patch | Step::None => usual >= Step::Patch && !change.code.is_prose(),
    }
}

impl Document {
    fn of(api: &Api) -> Self {
        let mut schemas: HashMap<Pointer, Vec<SchemaId>> = HashMap::new();
        let mut parents: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        let mut places = Vec::new();
        for (id, schema) in api.schemas.iter() {
            schemas.entry(schema.place.clone()).or_default().push(id);
            places.push(schema.place.clone());
            for child in children(&api.schemas, id) {
                parents.entry(child).or_default().push(id);
            }
        }
        Self {
            at: BTreeMap::new(),
            schemas,
            holders: holders(api),
            parents,
            places,
        }
    }

    fn exactly(&self, place: &Pointer) -> Vec<usize> {
        self.at.get(place.as_str()).cloned().unwrap_or_default()
    }

    fn within(&self, place: &Pointer) -> Vec<usize> {
        let start = format!("{place}/");
        let mut found = Vec::new();
        for (own, indices) in self.at.range(start.clone()..) {
            if !own.starts_with(&start) {
                break;
            }
            found.extend(indices);
        }
        found
    }

    fn around(&self, place: &Pointer) -> Vec<usize> {
        let mut at = place.parent();
        while let Some(place) = at {
            let found = self.exactly(&place);
            if !found.is_empty() {
                return found;
            }
            at = place.parent();
        }
        Vec::new()
    }

    /// The nearest changes on the ways from operations to the schema at a place.
    fn upwards(&self, place: &Pointer, pick: &dyn Fn(Vec<usize>) -> Vec<usize>) -> Vec<usize> {
        let mut seen = HashSet::new();
        let start = self.schemas.get(place).cloned().unwrap_or_default();
        let mut left: VecDeque<SchemaId> = start.into();
        while let Some(id) = left.pop_front() {
            if !seen.insert(id) {
                continue;
            }
            let own = self.places.get(id.0 as usize);
            let holders = self.holders.get(&id).into_iter().flatten();
            for place in own.into_iter().chain(holders) {
                let mut found = pick(self.exactly(place));
                if found.is_empty() {
                    found = pick(self.around(place));
                }
                if !found.is_empty() {
                    return found;
                }
            }
            left.extend(self.parents.get(&id).into_iter().flatten());
        }
        Vec::new()
    }
}

/// Where operations name schemas.
fn holders(api: &Api) -> HashMap<SchemaId, Vec<Pointer>> {
    let mut holders: HashMap<SchemaId, Vec<Pointer>> = HashMap::new();
    let mut hold = |schema: Option<SchemaId>, place: &Pointer| {
        if let Some(schema) = schema {
            holders.entry(schema).or_default().push(place.clone());
        }
    };
    let own = api.operations.iter();
    let theirs = api.callbacks.iter().map(|callback| &callback.operation);
    for operation in own.chain(theirs) {
        for parameter in &operation.parameters {
            hold(Some(parameter.schema), &parameter.place);
        }
        let body = operation.body.iter().flat_map(|body| &body.content);
        let answers = operation
            .responses
            .iter()
            .flat_map(|response| &response.content);
        for media_type in body.chain(answers) {
            let MediaType { place, schema, .. } = media_type;
            // A component that several share has a place of its own: the operation's stands
            // for what is gone with it.
            for place in [place, &operation.place] {
                hold(*schema, place);
                if let Some(stream) = &media_type.stream {
                    hold(stream.item, place);
                    hold(stream.error, place);
                }
            }
        }
        for header in operation
            .responses
            .iter()
            .flat_map(|response| &response.headers)
        {
            hold(header.schema, &header.place);
        }
    }
    holders
}
