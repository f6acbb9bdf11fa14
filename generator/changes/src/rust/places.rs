//! Where in a document the parts of a Rust type come from.

use plumbline_generator::rust::Field;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Additional, Api, Kind, SchemaId};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};

/// So many places of parts are told in one comparison, and of each type so many at least: what
/// caused a difference is looked for near it first.
const MOST: usize = 500_000;
const NEAREST: usize = 32;

/// The schemas of a document by their places, to find a property's own place.
pub(super) struct Places<'a> {
    api: &'a Api,
    by_place: HashMap<&'a Pointer, SchemaId>,
    /// The properties of an object by the letters of their names.
    spelt: RefCell<HashMap<SchemaId, Spelt<'a>>>,
    /// How many more places of parts are told.
    left: Cell<usize>,
}

type Spelt<'a> = HashMap<String, Vec<&'a str>>;

impl<'a> Places<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let by_place = api.schemas.iter().map(|(id, schema)| (&schema.place, id));
        Self {
            api,
            by_place: by_place.collect(),
            spelt: RefCell::default(),
            left: Cell::new(MOST),
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
            places.extend(self.parts(property.schema));
        }
        places
    }

    pub(super) fn of_item(&self, place: &Pointer) -> Vec<Pointer> {
        let mut places = vec![place.clone()];
        if let Some(id) = self.by_place.get(place) {
            places.extend(self.parts(*id));
        }
        places
    }

    fn parts(&self, id: SchemaId) -> Vec<Pointer> {
        let places = parts(self.api, id, self.left.get().max(NEAREST));
        self.left.set(self.left.get().saturating_sub(places.len()));
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
            && let id = schemas.resolve(*id)
            && let Kind::Object { properties, .. } = &schemas[id].kind
        {
            let mut spelt = self.spelt.borrow_mut();
            let spelt = spelt.entry(id).or_insert_with(|| {
                let mut spelt = Spelt::new();
                for key in properties.keys() {
                    spelt.entry(letters(key)).or_default().push(key);
                }
                spelt
            });
            if let Some(same) = spelt.get(&letters(name)) {
                return same.iter().map(|&key| key.to_owned()).collect();
            }
        }
        vec![name.to_owned()]
    }
}

/// Where the parts of a type stand: what it stands for, its items and its members; what is
/// within objects is not part of it. `most` are told at most, the nearest.
pub(super) fn parts(api: &Api, id: SchemaId, most: usize) -> Vec<Pointer> {
    let mut places = Vec::new();
    let mut seen = HashSet::new();
    let mut left = VecDeque::from([id]);
    while places.len() < most
        && let Some(id) = left.pop_front()
    {
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
