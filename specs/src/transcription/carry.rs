//! Our words and our order, carried over to a later document of the vendor's.

use super::Prose;
use crate::shape::{Child, Object, Path, Support, Walk, child, walk_mut};
use serde_json::{Map, Value};

/// Gives a description, which the specification demands, to each response that has none.
pub(super) fn describe(document: &mut Value) {
    walk_mut(
        document,
        Object::Document,
        &Path::ROOT,
        &mut |object, value, _| {
            if let Value::Object(map) = value
                && object == Object::Response
                && !map.contains_key("$ref")
                && !map.contains_key("description")
            {
                let text = "An answer that is new in the document.";
                map.shift_insert(0, "description".to_owned(), Value::String(text.to_owned()));
            }
            Walk::Into
        },
    );
}

/// Puts our order and, with [`Prose::Ours`], our prose into a new document, wherever the two
/// have the same place.
///
/// Members of maps are the same by key, parameters by name and location, tags by name, servers
/// by URL, members of a union by what they refer to or say, and else by their position.
pub(super) fn carry(ours: &Value, new: &mut Value, object: Object, prose: Prose) {
    match (ours, &mut *new) {
        (Value::Array(ours), Value::Array(new)) => {
            for index in 0..new.len() {
                if let Some(own) = partner(ours, new, index)
                    && let Some(item) = new.get_mut(index)
                {
                    carry(own, item, object, prose);
                }
            }
        }
        (Value::Object(ours), Value::Object(new)) => object_of(ours, new, object, prose),
        _ => {}
    }
}

fn object_of(
    ours: &Map<String, Value>,
    new: &mut Map<String, Value>,
    object: Object,
    prose: Prose,
) {
    let is_prose = |key: &str| {
        prose == Prose::Ours
            && object.free().is_none()
            && !new.contains_key("$ref")
            && object
                .field(key)
                .is_some_and(|field| field.support == Support::Documentation)
    };
    let words: Vec<(String, Value)> = ours
        .iter()
        .filter(|(key, _)| is_prose(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let carried: Vec<String> = words.iter().map(|(key, _)| key.clone()).collect();
    new.extend(words);
    order(ours, new, &carried);
    for (key, value) in new.iter_mut() {
        let Some(own) = ours.get(key) else { continue };
        match child(object, key) {
            Child::Plain => {}
            Child::One(object) | Child::List(object) => carry(own, value, object, prose),
            Child::Map(object) => {
                let (Value::Object(own), Value::Object(members)) = (own, value) else {
                    continue;
                };
                order(own, members, &[]);
                for (name, member) in members.iter_mut() {
                    if let Some(own) = own.get(name) {
                        carry(own, member, object, prose);
                    }
                }
            }
        }
    }
}

/// Our order for what both have; what is new comes after the member that it came after, and after
/// the words that were carried over.
fn order(ours: &Map<String, Value>, new: &mut Map<String, Value>, carried: &[String]) {
    let mut keys: Vec<String> = ours
        .keys()
        .filter(|key| new.contains_key(*key))
        .cloned()
        .collect();
    let mut before: Option<&String> = None;
    for key in new.keys() {
        if !ours.contains_key(key) {
            let at = match before {
                Some(before) => keys
                    .iter()
                    .position(|own| own == before)
                    .map_or(0, |position| position + 1),
                None => keys.iter().take_while(|own| carried.contains(own)).count(),
            };
            keys.insert(at, key.clone());
        }
        before = Some(key);
    }
    let mut old = std::mem::take(new);
    for key in keys {
        if let Some(value) = old.shift_remove(&key) {
            new.insert(key, value);
        }
    }
}

/// What tells the members of a list apart, the surest first.
const NAMES: [fn(&Value) -> Option<String>; 4] = [
    |value| text(value, "$ref"),
    |value| {
        Some(format!(
            "{} in {}",
            text(value, "name")?,
            text(value, "in")?
        ))
    },
    |value| text(value, "name"),
    |value| text(value, "url"),
];

fn text(value: &Value, key: &str) -> Option<String> {
    Some(value.get(key)?.as_str()?.to_owned())
}

/// What of our list is the same as an item of the new one.
fn partner<'o>(ours: &'o [Value], new: &[Value], index: usize) -> Option<&'o Value> {
    let item = new.get(index)?;
    if let Some((name, wanted)) = NAMES.iter().find_map(|name| Some((name, name(item)?))) {
        return ours.iter().find(|own| name(own).as_ref() == Some(&wanted));
    }
    // Without a name a place in a list is all there is; it says little once the length differs.
    if ours.len() == new.len() {
        return ours.get(index);
    }
    ours.iter().find(|own| *own == item)
}
