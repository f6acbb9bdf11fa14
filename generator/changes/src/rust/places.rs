//! Where in a document the parts of a Rust type come from.

use plumbline_generator::rust::Field;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Additional, Api, Kind, SchemaId};
use std::collections::{HashMap, HashSet, VecDeque};

/// The schemas of a document by their places, to find a property's own place.
pub(super) struct Places<'a> {
    api: &'a Api,
    by_place: HashMap<&'a Pointer, SchemaId>,
}

impl<'a> Places<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let by_place = api.schemas.iter().map(|(id, schema)| (&schema.place, id));
        Self {
            api,
            by_place: by_place.collect(),
        }
    }

    /// Where a property and the parts of its type stand, nearest first.
    pub(super) fn property(&self, object: &Pointer, wire: &str) -> Vec<Pointer> {
        let mut places = vec![object.join("properties").join(wire)];
        let schemas = &self.api.schemas;
        if let Some(id) = self.by_place.get(object)
            && let Kind::Object { properties, .. } = &schemas[schemas.resolve(*id)].kind
            && let Some(property) = properties.get(wire)
        {
            places.extend(parts(self.api, property.schema));
        }
        places
    }

    pub(super) fn of_item(&self, place: &Pointer) -> Vec<Pointer> {
        let mut places = vec![place.clone()];
        if let Some(id) = self.by_place.get(place) {
            places.extend(parts(self.api, *id));
        }
        places
    }

    /// The names on the wire that a field may have: its own, or those of the document's properties
    /// that it can be the name of.
    pub(super) fn wires(&self, object: &Pointer, field: &Field) -> Vec<String> {
        if let Some(wire) = &field.rename {
            return vec![wire.clone()];
        }
        let name = field.name.strip_prefix("r#").unwrap_or(&field.name);
        let letters = |text: &str| text.replace(['_', '-'], "").to_lowercase();
        let schemas = &self.api.schemas;
        if let Some(id) = self.by_place.get(object)
            && let Kind::Object { properties, .. } = &schemas[schemas.resolve(*id)].kind
        {
            let same = properties
                .keys()
                .filter(|key| letters(key) == letters(name));
            let same: Vec<String> = same.cloned().collect();
            if !same.is_empty() {
                return same;
            }
        }
        vec![name.to_owned()]
    }
}

/// Where the parts of a type stand: what it stands for, its items and its members; what is
/// within objects is not part of it.
pub(super) fn parts(api: &Api, id: SchemaId) -> Vec<Pointer> {
    let mut places = Vec::new();
    let mut seen = HashSet::new();
    let mut left = VecDeque::from([id]);
    while let Some(id) = left.pop_front() {
        if !seen.insert(id) {
            continue;
        }
        let schema = &api.schemas[id];
        places.push(schema.place.clone());
        match &schema.kind {
            Kind::Alias(target) => left.push_back(*target),
            Kind::Array { items, .. } => left.push_back(*items),
            Kind::Tuple { items, rest } => left.extend(items.iter().chain(rest).copied()),
            Kind::Object {
                properties,
                additional: Additional::Allowed(schema),
                ..
            } if properties.is_empty() => left.push_back(*schema),
            Kind::Union { variants, .. } => {
                left.extend(variants.iter().map(|variant| variant.schema));
            }
            Kind::String {
                content: Some(content),
                ..
            } => left.extend(content.schema),
            _ => {}
        }
    }
    places
}
