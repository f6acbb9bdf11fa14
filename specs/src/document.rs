//! A document: its version, its value, and its objects typed by `openapiv3`.
//!
//! Objects are typed one at a time, the objects below each replaced by a reference to where they
//! stand. So an error belongs to the object that holds it, not to `paths`; an inline schema and
//! a referenced one are reached in the same way; and depth costs no stack.

use crate::Pointer;
use crate::codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::shape::{Child, Dialect, Object, Support};
use openapiv3::{AnySchema, SchemaData};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// Which OpenAPI a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SpecVersion {
    /// OpenAPI 3.0.x; schemas are its own dialect.
    #[serde(rename = "3.0")]
    V3_0,
    /// OpenAPI 3.1.x; schemas are JSON Schema 2020-12.
    #[serde(rename = "3.1")]
    V3_1,
}

impl SpecVersion {
    /// Finds the version of a document.
    ///
    /// # Errors
    ///
    /// `None` with `not-openapi` or `unsupported-version` in the sink.
    pub(crate) fn of(value: &Value, sink: &mut Sink) -> Option<Self> {
        let Value::Object(map) = value else {
            sink.push(
                Diagnostic::error(codes::NOT_OPENAPI, "the input is not a map")
                    .pointer(&Pointer::root())
                    .help("an OpenAPI document begins with `openapi: 3.1.0` or the like"),
            );
            return None;
        };
        if let Some(version) = map.get("swagger") {
            sink.push(
                Diagnostic::error(
                    codes::UNSUPPORTED_VERSION,
                    format!("Swagger {} is not supported", text(version)),
                )
                .pointer(&Pointer::root().join("swagger"))
                .help("2.0 is, and OpenAPI 3.0 and 3.1 are"),
            );
            return None;
        }
        let Some(version) = map.get("openapi") else {
            let mut diagnostic = Diagnostic::error(
                codes::NOT_OPENAPI,
                "the key `openapi` is missing at the root",
            )
            .pointer(&Pointer::root());
            diagnostic = diagnostic.help(if map.contains_key("asyncapi") {
                "this is an AsyncAPI document"
            } else if map.contains_key("overlay") {
                "this is an overlay: hand it in beside the document that it corrects"
            } else {
                "an OpenAPI document begins with `openapi: 3.1.0` or the like"
            });
            sink.push(diagnostic);
            return None;
        };
        let place = Pointer::root().join("openapi");
        let version = text(version);
        let known = match version.split('.').collect::<Vec<_>>().as_slice() {
            ["3", "0", ..] => Some(Self::V3_0),
            ["3", "1", ..] => Some(Self::V3_1),
            _ => None,
        };
        if known.is_none() {
            sink.push(
                Diagnostic::error(
                    codes::UNSUPPORTED_VERSION,
                    format!("OpenAPI `{version}` is not supported"),
                )
                .pointer(&place)
                .help("3.0.x and 3.1.x are"),
            );
        }
        known
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A document in the dialect of 3.0, after [`downgrade`](crate::downgrade).
#[derive(Debug)]
pub(crate) struct Document {
    value: Value,
}

/// One schema object, typed, without what stands below it.
pub(crate) struct SchemaNode<'d> {
    pub(crate) map: &'d Map<String, Value>,
    /// What annotates it; its discriminator stands by itself.
    pub(crate) data: SchemaData,
    pub(crate) any: AnySchema,
    pub(crate) discriminator: Option<Rc<openapiv3::Discriminator>>,
}

/// How much work it is to take in what a schema object says itself: its keywords, the names and
/// values that they list, and its prose.
pub(crate) fn weight(map: &Map<String, Value>) -> usize {
    /// So many characters are as much work as one name.
    const PROSE: usize = 64;
    map.iter().fold(0, |sum, (key, value)| {
        let own = match (key.as_str(), value) {
            // Their members are counted where they are looked at.
            ("oneOf" | "anyOf", _) => 0,
            ("enum" | "default", value) => crate::source::size(value),
            (_, Value::Array(items)) => items.len(),
            (_, Value::Object(members)) => members.len(),
            (_, Value::String(text)) => text.len() / PROSE,
            _ => 0,
        };
        sum + 1 + own
    })
}

impl Document {
    pub(crate) fn new(value: Value) -> Self {
        Self { value }
    }

    /// How many values it holds.
    pub(crate) fn size(&self) -> usize {
        crate::source::size(&self.value)
    }

    /// The node at a pointer.
    pub(crate) fn get(&self, place: &Pointer) -> Option<&Value> {
        // As `Value::pointer`, which allocates for every token; this runs many times a schema.
        let mut node = &self.value;
        for token in place.as_str().split('/').skip(1) {
            node = match node {
                Value::Object(map) if token.contains('~') => {
                    map.get(&token.replace("~1", "/").replace("~0", "~"))?
                }
                Value::Object(map) => map.get(token)?,
                Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The object at a pointer.
    pub(crate) fn map(&self, place: &Pointer) -> Option<&Map<String, Value>> {
        self.get(place).and_then(Value::as_object)
    }

    /// Types the object at a place.
    ///
    /// # Errors
    ///
    /// `None` with `invalid-object` in the sink, at the key that is to blame where one alone is.
    pub(crate) fn typed<T: DeserializeOwned>(
        &self,
        object: Object,
        place: &Pointer,
        sink: &mut Sink,
    ) -> Option<T> {
        let Some(map) = self.map(place) else {
            sink.push(
                Diagnostic::error(
                    codes::INVALID_OBJECT,
                    format!("{} is a map of keys and values", object.a_name()),
                )
                .pointer(place),
            );
            return None;
        };
        Self::typed_map(object, map, place, sink)
    }

    /// Types an object that the document holds in another form.
    pub(crate) fn typed_map<T: DeserializeOwned>(
        object: Object,
        map: &Map<String, Value>,
        place: &Pointer,
        sink: &mut Sink,
    ) -> Option<T> {
        decode(object, shallow(object, map, place), place, sink)
    }

    /// Types the schema at a place; what is not a map (`true`) has been made one before.
    pub(crate) fn schema(&self, place: &Pointer, sink: &mut Sink) -> Option<SchemaNode<'_>> {
        let Some(map) = self.map(place) else {
            sink.push(
                Diagnostic::error(codes::INVALID_OBJECT, "a schema is a map of keywords")
                    .pointer(place),
            );
            return None;
        };
        let mut own = shallow(Object::Schema, map, place);
        let mut data = Map::new();
        for key in [
            "nullable",
            "readOnly",
            "writeOnly",
            "deprecated",
            "title",
            "description",
            "discriminator",
            "default",
        ] {
            if let Some(value) = own.shift_remove(key) {
                data.insert(key.to_owned(), value);
            }
        }
        let mut data: SchemaData = decode(Object::Schema, data, place, sink)?;
        let any = decode(Object::Schema, own, place, sink)?;
        let discriminator = data.discriminator.take().map(Rc::new);
        Some(SchemaNode {
            map,
            data,
            any,
            discriminator,
        })
    }
}

/// Types a shallow object. What one key gets wrong is reported there and left out, so that the
/// rest can be looked at too.
fn decode<T: DeserializeOwned>(
    object: Object,
    map: Map<String, Value>,
    place: &Pointer,
    sink: &mut Sink,
) -> Option<T> {
    let mut value = Value::Object(map);
    let mut left_out: Vec<String> = Vec::new();
    loop {
        let error = match T::deserialize(&value) {
            Ok(typed) => return Some(typed),
            Err(error) => error.to_string(),
        };
        if left_out.iter().any(|key| is_missing(&error, key)) {
            return None;
        }
        if error.contains("ParameterSchemaOrContent") {
            sink.push(
                Diagnostic::error(
                    codes::INVALID_OBJECT,
                    format!("this {} has neither `schema` nor `content`", object.name()),
                )
                .pointer(place)
                .help("say what its values are with `schema`"),
            );
            return None;
        }
        let culprit = culprit::<T>(&value, &error);
        let at = culprit
            .iter()
            .fold(place.clone(), |place, key| place.join(key));
        let message = match culprit.last() {
            Some(key) => format!("`{key}` is wrong here: {error}"),
            None => format!("this is not {}: {error}", object.a_name()),
        };
        let mut diagnostic = Diagnostic::error(codes::INVALID_OBJECT, message).pointer(&at);
        if error.contains("expected a string") {
            diagnostic = diagnostic.help("write the value in quotes");
        }
        sink.push(diagnostic);
        let first = culprit.into_iter().next()?;
        value.as_object_mut()?.shift_remove(&first);
        left_out.push(first);
    }
}

/// Whether an error says that a key is missing.
fn is_missing(error: &str, key: &str) -> bool {
    error
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
        == Some(key)
}

/// The way to the key without which the object would have no error, or another one; empty where
/// no key alone is to blame.
fn culprit<T: DeserializeOwned>(value: &Value, error: &str) -> Vec<String> {
    if error.starts_with("missing field") {
        return Vec::new();
    }
    let Some(map) = value.as_object() else {
        return Vec::new();
    };
    let blamed = |way: &[&str]| {
        let mut without = value.clone();
        let Some((last, parents)) = way.split_last() else {
            return false;
        };
        let node = parents
            .iter()
            .try_fold(&mut without, |node, key| node.get_mut(*key))
            .and_then(Value::as_object_mut);
        if let Some(node) = node {
            node.shift_remove(*last);
        }
        match T::deserialize(&without) {
            Ok(_) => true,
            Err(other) => is_missing(&other.to_string(), last),
        }
    };
    // A value that the message repeats is suspected before others.
    let mut suspects: Vec<(&str, &Value)> = map
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect();
    suspects.sort_by_key(|(_, value)| {
        !value
            .as_str()
            .is_some_and(|text| error.contains(&format!("`{text}`")))
    });
    let Some((key, value)) = suspects.into_iter().find(|(key, _)| blamed(&[key])) else {
        return Vec::new();
    };
    let inner = value
        .as_object()
        .and_then(|map| map.keys().find(|inner| blamed(&[key, inner])));
    [Some(key.to_owned()), inner.cloned()]
        .into_iter()
        .flatten()
        .collect()
}

/// The object with the objects below it replaced by references to where they stand, and
/// without what `openapiv3` has no place for.
fn shallow(object: Object, map: &Map<String, Value>, place: &Pointer) -> Map<String, Value> {
    let mut shallow = Map::new();
    for (key, value) in map {
        let Some(field) = object.field(key) else {
            continue;
        };
        if field.support == Support::Unsupported
            || field.dialect == Dialect::V3_1Only
            || value.is_null()
        {
            continue;
        }
        let stub = match (field.child, value) {
            (Child::Plain, _) if matches!(key.as_str(), "example" | "examples") => None,
            (Child::Plain, value) => Some(value.clone()),
            (Child::One(below), value) => stub(below, value, || place.join(key)),
            (Child::List(below), Value::Array(items)) => {
                let place = place.join(key);
                let items = items.iter().enumerate();
                Some(
                    items
                        .filter_map(|(index, item)| stub(below, item, || place.index(index)))
                        .collect(),
                )
            }
            (Child::Map(below), Value::Object(members)) => {
                let place = place.join(key);
                let mut stubs = Map::new();
                for (name, member) in members {
                    if let Some(stub) = stub(below, member, || place.join(name)) {
                        stubs.insert(name.clone(), stub);
                    }
                }
                Some(Value::Object(stubs))
            }
            (Child::List(_) | Child::Map(_), value) => Some(value.clone()),
        };
        if let Some(stub) = stub {
            shallow.insert(key.clone(), stub);
        }
    }
    match object {
        Object::Operation => {
            shallow.insert("responses".to_owned(), json!({}));
        }
        // It is typed by itself, so that what it lacks is said of it.
        Object::Document => {
            shallow.insert("info".to_owned(), json!({"title": "", "version": ""}));
        }
        _ => {}
    }
    shallow
}

/// What stands for an object in the one that holds it; `None` where nothing needs to.
fn stub(object: Object, value: &Value, place: impl Fn() -> Pointer) -> Option<Value> {
    match object {
        // `additionalProperties: false`.
        Object::Schema if value.is_boolean() => Some(value.clone()),
        Object::Schema
        | Object::Parameter
        | Object::RequestBody
        | Object::Response
        | Object::Header => Some(json!({ "$ref": format!("#{}", place()) })),
        Object::MediaType | Object::Encoding | Object::Responses | Object::Paths => Some(json!({})),
        Object::Document
        | Object::PathItem
        | Object::Operation
        | Object::Callback
        | Object::Example
        | Object::Link
        | Object::Xml
        | Object::Components
        | Object::Stream => None,
        Object::Info
        | Object::Contact
        | Object::License
        | Object::Server
        | Object::ServerVariable
        | Object::ExternalDocs
        | Object::Tag
        | Object::Discriminator
        | Object::SecurityScheme
        | Object::OAuthFlows
        | Object::OAuthFlow => Some(without_nulls(value)),
    }
}

/// A copy without members that are null: nothing is what they say.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(key, value)| !value.is_null() && !key.starts_with("x-"))
                .map(|(key, value)| (key.clone(), without_nulls(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}
