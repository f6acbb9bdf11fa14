//! `x-resource` where paths, methods and schemas agree on a collection.
//!
//! A collection is a path that lists (`/things`) with a path below it that names one item
//! (`/things/{id}`). It is certain where one item read has the schema of the items listed, and
//! that schema has the id. A list may be asked with POST as well, at a path that says so
//! (`/things/filter`); then nothing but that one schema ties the two together.

use super::answer::page;
use super::path::Paths;
use super::place::{Shape, answer, behind, properties, shape};
use super::words::{joined, singular};
use super::{Confidence, Kind, Suggestion};
use crate::Pointer;
use crate::api::{Api, Expression, Method, Operation, SchemaId};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The last segments of paths at which lists are asked with POST.
const SEARCHES: [&str; 5] = ["filter", "find", "list", "query", "search"];

/// A path that lists, with the path of one item.
struct Collection<'a> {
    /// The path below which the items stand, without a slash at its end.
    path: &'a str,
    /// The path's last segment.
    segment: &'a str,
    /// The segment and the parameter of what it lives in.
    parent: Option<(&'a str, &'a str)>,
    list: &'a Operation,
    /// The parameter of the item's path.
    id: &'a str,
    create: Option<&'a Operation>,
    items: Vec<&'a Operation>,
    /// Where the item stands in the answer to a read.
    output: Expression,
    doubts: Vec<String>,
}

/// Suggestions for all operations of the collections; `paged` are those whose items a certain
/// profile names.
pub(super) fn suggest(api: &Api, paths: &Paths<'_>, paged: &[Pointer]) -> Vec<Suggestion> {
    let mut by_path: HashMap<&str, Vec<&Operation>> = HashMap::new();
    for operation in &api.operations {
        let path = operation.path.trim_end_matches('/');
        by_path.entry(path).or_default().push(operation);
    }
    let mut collections: Vec<Collection<'_>> = api
        .operations
        .iter()
        .filter(|operation| operation.method == Method::Get)
        .filter_map(|list| {
            let path = list.path.trim_end_matches('/');
            collection(api, list, path, &by_path)
        })
        .collect();
    for (list, path) in searches(api) {
        if !collections.iter().any(|other| other.path == path)
            && let Some(found) = collection(api, list, path, &by_path)
            && found.doubts.is_empty()
        {
            collections.push(found);
        }
    }
    let mut count: HashMap<&str, usize> = HashMap::new();
    for collection in &collections {
        *count.entry(collection.segment).or_default() += 1;
    }
    let name = |segment: &str, parent: Option<&str>| match parent {
        Some(parent) if count.get(segment).is_some_and(|count| *count > 1) => {
            format!("{}-{segment}", singular(parent))
        }
        _ => segment.to_owned(),
    };
    let mut list = Vec::new();
    for collection in &collections {
        let own = name(
            collection.segment,
            collection.parent.map(|(segment, _)| segment),
        );
        let parent = collection.parent.map(|(segment, parameter)| {
            let place = Expression::RequestPath(parameter.to_owned()).to_string();
            json!({"collection": segment, "id": place})
        });
        let mut add = |operation: &Operation, role: &str, rest: Vec<(&str, Value)>| {
            if operation.resource.is_some() {
                return;
            }
            let mut resource = Map::new();
            resource.insert("collection".to_owned(), json!(own));
            resource.insert("role".to_owned(), json!(role));
            if let Some(parent) = &parent {
                resource.insert("parent".to_owned(), parent.clone());
            }
            resource.extend(rest.into_iter().map(|(key, value)| (key.to_owned(), value)));
            list.push(Suggestion {
                kind: Kind::Resources,
                operation: Some(operation.label()),
                confidence: Confidence::of(collection.doubts.len()),
                actions: vec![json!({
                    "target": paths.operation(operation),
                    "description": sentence(role, collection.segment),
                    "update": {"x-resource": resource},
                })],
                evidence: vec![evidence(operation, collection)],
                doubts: collection.doubts.clone(),
            });
        };
        let items = answer(collection.list).and_then(|answer| page(api, collection.list, answer));
        let mut rest = Vec::new();
        if !paged.contains(&collection.list.place)
            && let Some(items) = items
        {
            rest.push(("output", json!(place(&items.items))));
        }
        add(collection.list, "list", rest);
        let output = json!(place(&collection.output));
        if let Some(create) = collection.create
            && let Some(rest) = created(api, create)
        {
            add(create, "create", rest);
        }
        let id = json!(Expression::RequestPath(collection.id.to_owned()).to_string());
        for item in &collection.items {
            let id = ("id", id.clone());
            let input = ("input", json!("$request.body"));
            match item.method {
                Method::Get => add(item, "get", vec![id, ("output", output.clone())]),
                Method::Put | Method::Patch if item.body.is_some() => {
                    let mut rest = vec![id, input];
                    let wrapped = answer(item).and_then(|answer| one(api, answer));
                    if let Some((_, output)) = wrapped {
                        rest.push(("output", json!(place(&output))));
                    }
                    add(item, "update", rest);
                }
                Method::Delete => add(item, "delete", vec![id]),
                _ => {}
            }
        }
    }
    list
}

fn evidence(operation: &Operation, collection: &Collection<'_>) -> String {
    let own = format!("{} {}", operation.method, operation.path);
    if collection.doubts.is_empty() {
        let list = collection.list.path.trim_end_matches('/');
        let (path, id) = (collection.path, collection.id);
        format!("{own}; what {list} lists and {path}/{{{id}}} reads is one schema, with an id")
    } else {
        own
    }
}

fn sentence(role: &str, segment: &str) -> String {
    let one = singular(segment);
    match role {
        "list" => format!("Lists {segment}."),
        "create" => format!("Creates one of the {segment}."),
        "get" => format!("Reads one of the {segment}."),
        "update" => format!("Changes one of the {segment}."),
        _ if one == segment => "Deletes an item.".to_owned(),
        _ => format!("Deletes one of the {segment}."),
    }
}

/// A place as overlays write it: the whole body has no pointer.
fn place(expression: &Expression) -> String {
    let text = expression.to_string();
    text.strip_suffix('#').map_or(text.clone(), str::to_owned)
}

/// The lists that are asked with POST, each with the path of the collection.
fn searches(api: &Api) -> impl Iterator<Item = (&Operation, &str)> {
    api.operations.iter().filter_map(|operation| {
        let (path, last) = operation.path.trim_end_matches('/').rsplit_once('/')?;
        let is_search = operation.method == Method::Post && SEARCHES.contains(&&*joined(last));
        is_search.then_some((operation, path))
    })
}

/// The collection that an operation lists, where there is a path to its items.
fn collection<'a>(
    api: &'a Api,
    list: &'a Operation,
    path: &'a str,
    by_path: &HashMap<&'a str, Vec<&'a Operation>>,
) -> Option<Collection<'a>> {
    let schemas = &api.schemas;
    let mut segments = path.rsplit('/');
    let segment = segments.next().filter(plain)?;
    let parent = match (segments.next(), segments.next()) {
        (Some(parameter), Some(above)) if plain(&above) => {
            variable(parameter).map(|parameter| (above, parameter))
        }
        _ => None,
    };
    let items = answer(list).and_then(|answer| page(api, list, answer))?;
    // The one path that goes on from this one by a variable alone.
    let mut below = by_path.iter().filter_map(|(other, operations)| {
        let rest = other.strip_prefix(path)?.strip_prefix('/')?;
        Some((variable(rest)?, operations))
    });
    let (id, operations) = below.next()?;
    if below.next().is_some() {
        return None;
    }
    let mut doubts = Vec::new();
    let get = operations
        .iter()
        .find(|operation| operation.method == Method::Get);
    let read = get
        .and_then(|get| answer(get))
        .and_then(|answer| one(api, answer));
    let element = behind(schemas, items.element);
    let output = match read {
        Some((schema, output)) => {
            if !alike(api, element, schema) {
                doubts.push("one item read has not the schema of the items listed".to_owned());
            }
            output
        }
        None => {
            doubts.push("nothing reads one item".to_owned());
            Expression::ResponseBody(Pointer::root())
        }
    };
    if items.chosen.is_err() {
        doubts.push("which of several lists are the items is not certain".to_owned());
    }
    if !has_id(api, element) {
        doubts.push("an item has no `id`".to_owned());
    }
    let named = joined(id);
    let of = joined(&singular(segment));
    if !(named == "id" || named.ends_with("id") || named == of) {
        doubts.push(format!("`{id}` may be something else than the id"));
    }
    let create = by_path
        .get(path)
        .into_iter()
        .flatten()
        .copied()
        .find(|operation| operation.method == Method::Post && operation.body.is_some());
    Some(Collection {
        path,
        segment,
        parent,
        list,
        id,
        create,
        items: operations.clone(),
        output,
        doubts,
    })
}

/// Whether a segment is a name.
fn plain(segment: &&str) -> bool {
    !segment.is_empty() && !segment.contains(['{', '}', ':', '.'])
}

/// The variable that a segment is, where it is one and nothing else.
fn variable(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}', '/'])).then_some(name)
}

/// The object that an answer is, or wraps as its one object.
fn one(api: &Api, answer: SchemaId) -> Option<(SchemaId, Expression)> {
    let schemas = &api.schemas;
    let answer = behind(schemas, answer);
    let members = properties(schemas, answer)?;
    if has_id(api, answer) {
        return Some((answer, Expression::ResponseBody(Pointer::root())));
    }
    let mut objects = members.iter().filter(|(_, property)| {
        let inner = behind(schemas, property.schema);
        shape(schemas, inner) == Shape::Object && has_id(api, inner)
    });
    match (objects.next(), objects.next()) {
        (Some((name, property)), None) => Some((
            behind(schemas, property.schema),
            Expression::ResponseBody(Pointer::root().join(name)),
        )),
        (None, _) => Some((answer, Expression::ResponseBody(Pointer::root()))),
        _ => None,
    }
}

fn has_id(api: &Api, schema: SchemaId) -> bool {
    properties(&api.schemas, schema).is_some_and(|members| members.contains_key("id"))
}

/// Whether two schemas are one, or have the same members.
fn alike(api: &Api, left: SchemaId, right: SchemaId) -> bool {
    if left == right {
        return true;
    }
    match (
        properties(&api.schemas, left),
        properties(&api.schemas, right),
    ) {
        (Some(left), Some(right)) => {
            left.len() == right.len() && left.keys().all(|name| right.contains_key(name))
        }
        _ => false,
    }
}

/// What is said of a creation, where its answer has the new item's id.
fn created(api: &Api, create: &Operation) -> Option<Vec<(&'static str, Value)>> {
    let (schema, output) = one(api, answer(create)?)?;
    if !has_id(api, schema) {
        return None;
    }
    let Expression::ResponseBody(at) = &output else {
        return None;
    };
    let id = Expression::ResponseBody(at.join("id"));
    Some(vec![
        ("id", json!(id.to_string())),
        ("input", json!("$request.body")),
        ("output", json!(place(&output))),
    ])
}
