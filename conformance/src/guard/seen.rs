//! Ids that answers have held: an item that was there before a request to create is not what the
//! request created, whatever its answer says (`POST` that gets or creates).

use super::variables;
use crate::{Contract, Reply};
use plumbline_specs::api::{Expression, Operation};
use serde_json::Value;
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash as _, Hasher as _};

/// How many ids are kept; those of a later answer are taken for new.
const MOST: usize = 1 << 20;

/// The ids of a run's answers, each with the moment of the first answer that held it.
#[derive(Default)]
pub(super) struct Seen {
    /// By the hash of the id, and of the collection where an id is only unique in one.
    ids: HashMap<u64, u64>,
    /// How many answers have come.
    moment: u64,
}

impl Seen {
    /// The moment: what is answered from now on is later.
    pub(super) fn moment(&self) -> u64 {
        self.moment
    }

    /// Keeps the ids of an answer, by the names that ids have in the document.
    pub(super) fn answer(&mut self, places: &[String], names: &HashSet<String>, reply: &Reply) {
        self.moment += 1;
        if let Some(body) = reply.json() {
            self.ids_of(places, names, &body);
        }
    }

    fn ids_of(&mut self, places: &[String], names: &HashSet<String>, value: &Value) {
        match value {
            Value::Array(values) => {
                for value in values {
                    self.ids_of(places, names, value);
                }
            }
            Value::Object(members) => {
                let mut own = members
                    .iter()
                    .filter(|(name, value)| {
                        names.contains(*name) && (value.is_string() || value.is_number())
                    })
                    .peekable();
                // What lies within an item is of another collection.
                let inner: &[String] = if own.peek().is_some() { &[] } else { places };
                for (_, id) in own {
                    for key in keys(places, id) {
                        if self.ids.len() < MOST {
                            self.ids.entry(key).or_insert(self.moment);
                        }
                    }
                }
                for value in members.values() {
                    self.ids_of(inner, names, value);
                }
            }
            _ => {}
        }
    }

    /// Keeps an id as one that was there from the beginning.
    pub(super) fn hold(&mut self, places: &[String], id: &Value) {
        for key in keys(places, id) {
            self.ids.insert(key, 0);
        }
    }

    /// Whether an answer had held an id by then.
    pub(super) fn held(&self, places: &[String], id: &Value, by: u64) -> bool {
        keys(places, id).any(|key| self.ids.get(&key).is_some_and(|moment| *moment <= by))
    }
}

/// What an id is kept by: alone where no other collection can have it, or else by its collection.
fn keys<'a>(places: &'a [String], id: &Value) -> impl Iterator<Item = u64> + use<'a> {
    let id = super::text(id);
    let alone = is_unique(&id).then(|| hash(&("", &id)));
    let within = places.iter().map(move |place| hash(&(place, &id)));
    alone.into_iter().chain(within)
}

fn hash(key: &(&str, &String)) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Whether an id was drawn by chance; a number or a name may be that of another thing as well.
fn is_unique(id: &str) -> bool {
    let has = |what: fn(&char) -> bool| id.chars().any(|character| what(&character));
    uuid::Uuid::try_parse(id).is_ok()
        || (id.len() >= 20 && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic))
}

/// The names of the members that hold ids: `id`, and what the document's paths and `x-resource` say.
pub(super) fn names(contract: &Contract) -> HashSet<String> {
    let mut names = HashSet::from(["id".to_owned()]);
    for operation in &contract.api.operations {
        names.extend(variables(&operation.path).map(str::to_owned));
        let Some(resource) = &operation.resource else {
            continue;
        };
        let key = resource.key.as_ref();
        names.extend(key.and_then(|key| key.tokens().last()));
        if let Some(Expression::ResponseBody(pointer)) = &resource.id {
            names.extend(pointer.tokens().last());
        }
    }
    names
}

/// What tells the collection that a request works in: its name, and its path with the values in it.
pub(super) fn places(operation: &Operation, path: &str) -> Vec<String> {
    let name = operation.resource.as_ref();
    let name = name.map(|resource| format!("={}", resource.collection));
    let mut path = path.trim_end_matches('/');
    if operation.path.trim_end_matches('/').ends_with('}')
        && let Some((collection, _)) = path.rsplit_once('/')
    {
        path = collection;
    }
    name.into_iter().chain([path.to_owned()]).collect()
}
