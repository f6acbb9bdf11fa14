//! Walks over a document by the table.

use super::{Child, Object, child};
use crate::Pointer;
use serde_json::Value;

/// The way to a node, kept on the stack; written out as a pointer only where one is needed.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    token: Token<'a>,
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The way to the document itself.
    pub(crate) const ROOT: Path<'static> = Path {
        parent: None,
        token: Token::Root,
    };

    /// The way to a member.
    pub(crate) fn key<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path {
            parent: Some(self),
            token: Token::Key(key),
        }
    }

    /// The way to an element.
    pub(crate) fn index<'b>(&'b self, index: usize) -> Path<'b> {
        Path {
            parent: Some(self),
            token: Token::Index(index),
        }
    }

    /// The last step, where it is a key.
    pub(crate) fn last_key(&self) -> Option<&str> {
        match self.token {
            Token::Key(key) => Some(key),
            _ => None,
        }
    }

    /// The pointer.
    pub(crate) fn pointer(&self) -> Pointer {
        let base = match self.parent {
            Some(parent) => parent.pointer(),
            None => Pointer::root(),
        };
        match self.token {
            Token::Root => base,
            Token::Key(key) => base.join(key),
            Token::Index(index) => base.index(index),
        }
    }
}

/// What a visitor says of the node that it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Walk {
    /// Go on with what the node holds.
    Into,
    /// Leave what it holds alone.
    Over,
}

/// Shows every object below a value to a visitor that may change it, parents first.
pub(crate) fn walk_mut(
    value: &mut Value,
    object: Object,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Object, &mut Value, &Path<'_>) -> Walk,
) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter_mut().enumerate() {
            if !item.is_array() {
                walk_mut(item, object, &path.index(index), visit);
            }
        }
        return;
    }
    if visit(object, value, path) == Walk::Over {
        return;
    }
    let Value::Object(map) = value else { return };
    for (key, value) in map.iter_mut() {
        let path = path.key(key);
        match child(object, key) {
            Child::Plain => {}
            Child::One(object) => walk_mut(value, object, &path, visit),
            Child::List(object) => {
                if value.is_array() {
                    walk_mut(value, object, &path, visit);
                }
            }
            Child::Map(object) => {
                if let Value::Object(members) = value {
                    for (name, member) in members.iter_mut() {
                        walk_mut(member, object, &path.key(name), visit);
                    }
                }
            }
        }
    }
}

/// Shows every object below a value to a visitor, parents first.
pub(crate) fn walk<'v>(
    value: &'v Value,
    object: Object,
    path: &Path<'_>,
    visit: &mut dyn FnMut(Object, &'v Value, &Path<'_>) -> Walk,
) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            if !item.is_array() {
                walk(item, object, &path.index(index), visit);
            }
        }
        return;
    }
    if visit(object, value, path) == Walk::Over {
        return;
    }
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let path = path.key(key);
        match child(object, key) {
            Child::Plain => {}
            Child::One(object) => walk(value, object, &path, visit),
            Child::List(object) => {
                if value.is_array() {
                    walk(value, object, &path, visit);
                }
            }
            Child::Map(object) => {
                if let Value::Object(members) = value {
                    for (name, member) in members {
                        walk(member, object, &path.key(name), visit);
                    }
                }
            }
        }
    }
}

/// The object that stands at a pointer, by the table; `None` where it says nothing.
pub(crate) fn object_at(pointer: &Pointer) -> Option<Object> {
    let mut at = Some(Child::One(Object::Document));
    for token in pointer.tokens() {
        at = match at? {
            Child::Plain => None,
            Child::One(object) => match child(object, &token) {
                Child::Plain => None,
                other => Some(other),
            },
            Child::List(object) | Child::Map(object) => Some(Child::One(object)),
        };
    }
    match at? {
        Child::One(object) => Some(object),
        _ => None,
    }
}
