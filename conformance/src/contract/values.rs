//! Values for requests: given by the user or a fixture, or met on the server.

use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Location, Operation, Parameter, Role};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// How many ids of one collection are kept.
const IDS: usize = 8;

/// Values for requests. What is given by name goes before what was met on the server.
///
/// A name is a parameter's, alone (`project_id`) or after its operation's label
/// (`getExperimentById.id`) or its collection's name (`experiments.id`).
#[derive(Clone, Default, PartialEq)]
pub struct Values {
    named: BTreeMap<String, Value>,
    /// Values by name that go after all others.
    suggested: BTreeMap<String, Value>,
    /// Ids by collection.
    collections: BTreeMap<String, Vec<Value>>,
    /// The id of a collection that goes before what is given by name.
    preferred: BTreeMap<String, Value>,
    /// Values by the path up to the parameter, the names of parameters taken out.
    paths: BTreeMap<String, Vec<Value>>,
    /// The value for such a path that goes before what is given by name.
    preferred_paths: BTreeMap<String, Value>,
}

/// What a request lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The operation's label.
    pub operation: String,
    /// The parameter's name.
    pub parameter: String,
    /// Where it stands.
    pub location: Location,
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no value is known for `{}`: give one with --set {}.{}=…",
            self.parameter, self.operation, self.parameter
        )
    }
}

impl std::error::Error for Missing {}

impl Values {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a value by name; a later one of the same name takes its place.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.named.insert(name.into(), value.into());
    }

    /// Suggests a value by name, for where nothing better is known.
    pub fn suggest(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.suggested.entry(name.into()).or_insert(value.into());
    }

    /// The value given by that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.named.get(name)
    }

    /// The values given by name.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.named
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Keeps the ids of a collection's items, the first ones first.
    pub fn met(&mut self, collection: &str, ids: impl IntoIterator<Item = Value>) {
        keep(
            self.collections.entry(collection.to_owned()).or_default(),
            ids,
        );
    }

    /// Puts an id before all others of its collection, the ones given by name included.
    pub fn prefer(&mut self, collection: &str, id: Value) {
        let ids = self.collections.entry(collection.to_owned()).or_default();
        ids.retain(|own| *own != id);
        ids.insert(0, id.clone());
        self.preferred.insert(collection.to_owned(), id);
    }

    /// Keeps values for a path parameter of every operation whose path begins alike: `template`
    /// ends with the parameter, for example `/projects/{project_id}`.
    pub fn met_at(&mut self, template: &str, values: impl IntoIterator<Item = Value>) {
        keep(self.paths.entry(shape(template)).or_default(), values);
    }

    /// The values for a path parameter that were met at a template, as [`met_at`](Self::met_at) has it.
    pub(super) fn at(&self, template: &str) -> &[Value] {
        self.paths.get(&shape(template)).map_or(&[], Vec::as_slice)
    }

    /// Puts a value before all others for that path parameter, the ones given by name included.
    pub(crate) fn prefer_at(&mut self, template: &str, value: Value) {
        self.preferred_paths.insert(shape(template), value);
    }

    /// The ids met in a collection.
    pub fn ids(&self, collection: &str) -> &[Value] {
        self.collections.get(collection).map_or(&[], Vec::as_slice)
    }

    /// Every value known for a parameter, the preferred one first.
    pub fn candidates(&self, operation: &Operation, parameter: &Parameter) -> Vec<&Value> {
        let name = &parameter.name;
        let mut found = Vec::new();
        // What is not found by its id is named by something else.
        let alias = alias(operation).and_then(|alias| self.collections.get(&alias));
        if let Some(alias) = alias
            && collection_of(operation, parameter).is_some()
        {
            return alias.iter().collect();
        }
        let collection = collection_of(operation, parameter);
        found.extend(collection.and_then(|collection| self.preferred.get(collection)));
        if parameter.location == Location::Path
            && let Some((before, _)) = operation.path.split_once(&format!("{{{name}}}"))
        {
            found.extend(
                self.preferred_paths
                    .get(&shape(&format!("{before}{{{name}}}"))),
            );
        }
        let names = given_names(operation, parameter);
        found.extend(names.filter_map(|name| self.named.get(&name)));
        if let Some(collection) = collection {
            found.extend(self.ids(collection));
        }
        if parameter.location == Location::Path
            && let Some((before, _)) = operation.path.split_once(&format!("{{{name}}}"))
        {
            found.extend(self.at(&format!("{before}{{{name}}}")));
        }
        if is_wanted(parameter) {
            found.extend(self.suggested.get(name));
        }
        found
    }

    /// Whether the only value known for some parameter in the path is a suggestion.
    pub(crate) fn is_guess(&self, operation: &Operation) -> bool {
        operation.parameters.iter().any(|parameter| {
            parameter.location == Location::Path
                && self.suggested.contains_key(&parameter.name)
                && self.candidates(operation, parameter).len() == 1
        })
    }

    /// The id of the collection that an operation's collection lives in, where the body names it.
    pub(super) fn in_body(&self, operation: &Operation) -> Vec<(Pointer, Value)> {
        let Some(resource) = &operation.resource else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut add = |expression: &Expression, collection: &str, several: bool| {
            if let Expression::RequestBody(pointer) = expression
                && let Some(id) = self.ids(collection).first()
            {
                let value = if several {
                    Value::Array(vec![id.clone()])
                } else {
                    id.clone()
                };
                found.push((pointer.clone(), value));
            }
        };
        if let Some(parent) = &resource.parent {
            add(&parent.id, &parent.collection, false);
        }
        // An upsert under a known id would change what others have made.
        if let Some(id) = &resource.id
            && resource.role != Role::Upsert
        {
            add(id, &resource.collection, false);
        }
        if let Some(ids) = &resource.ids {
            add(ids, &resource.collection, true);
        }
        found
    }
}

/// The names by which a user may give a parameter's value, the most exact one first. Alone, its own
/// name gives one that is wanted.
pub(crate) fn given_names(
    operation: &Operation,
    parameter: &Parameter,
) -> impl Iterator<Item = String> {
    let name = &parameter.name;
    let exact = format!("{}.{name}", operation.label());
    let collection = collection_of(operation, parameter);
    let of_collection = collection.map(|collection| format!("{collection}.{name}"));
    let alone = is_wanted(parameter).then(|| name.clone());
    [Some(exact), of_collection, alone].into_iter().flatten()
}

/// Whether a request needs a value of the parameter.
fn is_wanted(parameter: &Parameter) -> bool {
    parameter.required || parameter.location == Location::Path
}

/// The name under which the values are kept by which an operation finds items, where `x-resource`
/// says that this is not `/id`.
pub(crate) fn alias(operation: &Operation) -> Option<String> {
    let resource = operation.resource.as_ref()?;
    let key = resource.key.as_ref()?;
    Some(format!("{}#{key}", resource.collection))
}

/// The collection whose ids a parameter takes, by `x-resource`.
pub(crate) fn collection_of<'a>(
    operation: &'a Operation,
    parameter: &Parameter,
) -> Option<&'a str> {
    let resource = operation.resource.as_ref()?;
    let names = |expression: &Expression| expression.names(parameter);
    if resource.id.as_ref().is_some_and(names) {
        return Some(&resource.collection);
    }
    resource
        .parent
        .as_ref()
        .filter(|parent| names(&parent.id))
        .map(|parent| parent.collection.as_str())
}

fn keep(into: &mut Vec<Value>, values: impl IntoIterator<Item = Value>) {
    for value in values {
        if into.len() >= IDS {
            break;
        }
        if !into.contains(&value) {
            into.push(value);
        }
    }
}

/// A template without the names of its parameters.
pub(crate) fn shape(template: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in template.chars() {
        match character {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            _ if !inside => out.push(character),
            _ => {}
        }
    }
    out
}
