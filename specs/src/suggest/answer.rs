//! What an answer says of its page: the items, and the members that are about paging.

use super::place::{Found, Shape, element, member, properties, shape};
use super::words::{BESIDE, ITEMS, is_envelope, joined};
use crate::Pointer;
use crate::api::{Api, Expression, Kind, Operation, Property, SchemaId, Schemas};
use indexmap::IndexMap;

/// A page as an answer holds it.
pub(super) struct Page<'a> {
    pub(super) items: Expression,
    /// The name of the items; empty where they are the whole answer.
    pub(super) name: &'a str,
    /// The schema of one item.
    pub(super) element: SchemaId,
    /// Why these and no other list are the items, where there are several; `Err` where that is
    /// not certain.
    pub(super) chosen: Result<Option<String>, String>,
    /// The members beside the items and above them, and those of objects about paging there.
    pub(super) members: Vec<Found<'a>>,
}

/// A list in an answer.
struct List<'a> {
    name: &'a str,
    at: Pointer,
    element: SchemaId,
}

/// The page in an answer; `None` where it holds no list.
pub(super) fn page<'a>(api: &'a Api, operation: &Operation, answer: SchemaId) -> Option<Page<'a>> {
    let schemas = &api.schemas;
    let root = Pointer::root();
    if let Some(element) = element(schemas, answer) {
        return Some(Page {
            items: Expression::ResponseBody(root),
            name: "",
            element,
            chosen: Ok(None),
            members: Vec::new(),
        });
    }
    let top = properties(schemas, answer)?;
    let mut above = vec![(root.clone(), top)];
    let mut lists = lists(schemas, top, &root);
    if lists.is_empty() {
        // One level down, where one object alone has lists.
        let mut holders = top
            .iter()
            .filter(|(name, property)| {
                shape(schemas, property.schema) == Shape::Object && !is_envelope(&joined(name))
                    || joined(name) == "page"
            })
            .filter_map(|(name, property)| {
                let inner = properties(schemas, property.schema)?;
                let at = root.join(name);
                let found = self::lists(schemas, inner, &at);
                (!found.is_empty()).then_some((at, inner, found))
            });
        let (at, inner, found) = holders.next()?;
        if holders.next().is_some() {
            return None;
        }
        above.push((at, inner));
        lists = found;
    }
    let (list, chosen) = choose(schemas, operation, lists)?;
    let mut members = Vec::new();
    for (at, own) in above.iter().rev() {
        gather(schemas, own, at, false, 2, &mut members);
    }
    Some(Page {
        items: Expression::ResponseBody(list.at),
        name: list.name,
        element: list.element,
        chosen,
        members,
    })
}

/// The lists among members, those aside that are never what a page holds.
fn lists<'a>(
    schemas: &Schemas,
    members: &'a IndexMap<String, Property>,
    at: &Pointer,
) -> Vec<List<'a>> {
    members
        .iter()
        .filter(|(name, _)| !BESIDE.contains(&joined(name).as_str()))
        .filter_map(|(name, property)| {
            Some(List {
                name,
                at: at.join(name),
                element: element(schemas, property.schema)?,
            })
        })
        .collect()
}

/// What makes one list of several the page's.
type Rule<'r> = &'r dyn Fn(&List<'_>) -> bool;

/// The list that is the page's, and why.
fn choose<'a>(
    schemas: &Schemas,
    operation: &Operation,
    mut lists: Vec<List<'a>>,
) -> Option<(List<'a>, Result<Option<String>, String>)> {
    if lists.len() < 2 {
        return lists.pop().map(|list| (list, Ok(None)));
    }
    let resource = operation
        .path
        .rsplit('/')
        .find(|part| !part.is_empty() && !part.starts_with('{'));
    let resource = joined(resource.unwrap_or_default());
    let rules: [(&str, Rule<'_>); 3] = [
        ("named as lists of pages are", &|list| {
            ITEMS.contains(&joined(list.name).as_str())
        }),
        ("named as the path", &|list| joined(list.name) == resource),
        ("the only list of objects", &|list| {
            matches!(
                schemas[list.element].kind,
                Kind::Object { .. } | Kind::Union { .. }
            )
        }),
    ];
    for (why, rule) in rules {
        let mut matching = lists.iter().enumerate().filter(|(_, list)| rule(list));
        if let (Some((index, list)), None) = (matching.next(), matching.next()) {
            let why = format!("of several lists `{}` is {why}", list.name);
            return Some((lists.swap_remove(index), Ok(Some(why))));
        }
    }
    let names: Vec<&str> = lists.iter().map(|list| list.name).collect();
    let doubt = format!("any of the lists {} may be the items", names.join(", "));
    lists.into_iter().next().map(|list| (list, Err(doubt)))
}

/// Members, and those of objects that are about paging, some levels down.
fn gather<'a>(
    schemas: &'a Schemas,
    members: &'a IndexMap<String, Property>,
    at: &Pointer,
    envelope: bool,
    levels: usize,
    found: &mut Vec<Found<'a>>,
) {
    for (name, property) in members {
        let at = at.join(name);
        let own = member(
            schemas,
            name,
            property,
            &at,
            Expression::ResponseBody,
            envelope,
        );
        let inner = own.shape == Shape::Object && is_envelope(&own.joined) && levels > 0;
        if inner && let Some(members) = properties(schemas, property.schema) {
            gather(schemas, members, &at, true, levels - 1, found);
        }
        found.push(own);
    }
}
