//! Takes the operations that are asked for out of a document, with all that they reach.
//!
//! It works on the document's own value, so what remains is a document of the same dialect, its
//! parts in their order.

use crate::Pointer;
use crate::api::Method;
use crate::codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::fragment::fragment;
use crate::shape::{Object, Path, Walk, object_at, walk, walk_mut};
use crate::text::nearest;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Which operations are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Those whose path template matches; `*` stands for any characters, slashes among them.
    Path(String),
    /// The one with this method and this path template.
    Endpoint(Method, String),
    /// Those with this tag.
    Tag(String),
    /// The one with this `operationId`.
    OperationId(String),
}

impl Selector {
    /// Reads a selector as a person writes it: `/v1/items*`, `GET /v1/items`, `tag:Items`, or
    /// else an `operationId`.
    pub fn parse(text: &str) -> Self {
        if let Some(tag) = text.strip_prefix("tag:") {
            return Self::Tag(tag.to_owned());
        }
        if text.starts_with('/') {
            return Self::Path(text.to_owned());
        }
        if let Some((method, path)) = text.split_once(' ')
            && let Some(method) = Method::ALL
                .into_iter()
                .find(|own| own.as_str().eq_ignore_ascii_case(method))
        {
            return Self::Endpoint(method, path.trim().to_owned());
        }
        Self::OperationId(text.to_owned())
    }

    fn takes(&self, path: &str, method: Method, operation: &Value) -> bool {
        match self {
            Self::Path(pattern) => matches(pattern, path),
            Self::Endpoint(own, template) => *own == method && template == path,
            Self::Tag(tag) => operation
                .get("tags")
                .and_then(Value::as_array)
                .is_some_and(|tags| tags.iter().any(|own| own.as_str() == Some(tag))),
            Self::OperationId(id) => {
                operation.get("operationId").and_then(Value::as_str) == Some(id)
            }
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(pattern) => formatter.write_str(pattern),
            Self::Endpoint(method, path) => write!(formatter, "{method} {path}"),
            Self::Tag(tag) => write!(formatter, "tag:{tag}"),
            Self::OperationId(id) => formatter.write_str(id),
        }
    }
}

/// Whether a pattern with stars matches a whole text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

/// The smaller document. An empty list of selectors takes all.
///
/// # Errors
///
/// In the sink: `selects-nothing` for each selector that matches no operation.
pub(crate) fn select(document: &Value, selectors: &[Selector], sink: &mut Sink) -> Value {
    if selectors.is_empty() {
        return document.clone();
    }
    let mut kept = Kept::nothing(document);
    kept.ask(selectors, sink);
    kept.reach();
    kept.smaller()
}

/// Whether a selector matches no operation.
pub(crate) fn is_idle(document: &Value, selector: &Selector) -> bool {
    let mut scratch = Sink::new("");
    Kept::nothing(document).ask(std::slice::from_ref(selector), &mut scratch);
    scratch.errors() > 0
}

/// What remains.
struct Kept<'v> {
    document: &'v Value,
    /// Path and method in lower case.
    operations: HashSet<(&'v str, &'static str)>,
    /// Paths whose items remain, with the operations above or with none.
    items: HashSet<&'v str>,
    /// Names by kind.
    components: HashMap<String, HashSet<String>>,
    tags: HashSet<&'v str>,
    /// What is still to be walked.
    queue: Vec<(&'v Value, Object)>,
}

impl<'v> Kept<'v> {
    /// Nothing remains as long as nothing was asked for.
    fn nothing(document: &'v Value) -> Self {
        Self {
            document,
            operations: HashSet::new(),
            items: HashSet::new(),
            components: HashMap::new(),
            tags: HashSet::new(),
            queue: Vec::new(),
        }
    }

    fn ask(&mut self, selectors: &[Selector], sink: &mut Sink) {
        let mut met = vec![false; selectors.len()];
        let mut known = Vec::new();
        if let Some(Value::Object(paths)) = self.document.get("paths") {
            for (path, item) in paths {
                let item = self.behind(item);
                for method in Method::ALL {
                    let Some(operation) = item.get(method_key(method)) else {
                        continue;
                    };
                    known.push((path.as_str(), operation));
                    for (met, selector) in met.iter_mut().zip(selectors) {
                        if selector.takes(path, method, operation) {
                            *met = true;
                            self.keep_operation(path, method);
                        }
                    }
                }
            }
        }
        for (selector, _) in selectors.iter().zip(&met).filter(|(_, met)| !**met) {
            let mut diagnostic = Diagnostic::error(
                codes::SELECTS_NOTHING,
                format!("`{selector}` selects no operation"),
            )
            .pointer(&Pointer::root().join("paths"));
            let word = selector.to_string();
            let near = match selector {
                Selector::OperationId(_) => nearest(
                    &word,
                    known
                        .iter()
                        .filter_map(|(_, operation)| operation.get("operationId")?.as_str()),
                ),
                Selector::Path(_) => nearest(&word, known.iter().map(|(path, _)| *path)),
                Selector::Endpoint(_, path) => nearest(path, known.iter().map(|(path, _)| *path)),
                Selector::Tag(tag) => nearest(
                    tag,
                    known
                        .iter()
                        .filter_map(|(_, operation)| operation.get("tags")?.as_array())
                        .flatten()
                        .filter_map(Value::as_str),
                ),
            };
            if let Some(near) = near {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            sink.push(diagnostic);
        }
    }

    /// The path item, or the one that it refers to.
    fn behind(&self, item: &'v Value) -> &'v Value {
        let mut item = item;
        for _ in 0..8 {
            let Some(target) = item
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(fragment)
                .and_then(|target| self.document.pointer(target.as_str()))
            else {
                break;
            };
            item = target;
        }
        item
    }

    fn keep_item(&mut self, path: &'v str) {
        if !self.items.insert(path) {
            return;
        }
        let Some(item) = self.document.get("paths").and_then(|paths| paths.get(path)) else {
            return;
        };
        self.reference(item);
        if let Some(parameters) = item.get("parameters") {
            self.queue.push((parameters, Object::Parameter));
        }
    }

    fn keep_operation(&mut self, path: &'v str, method: Method) {
        self.keep_item(path);
        let key = method_key(method);
        if !self.operations.insert((path, key)) {
            return;
        }
        let Some(item) = self.document.get("paths").and_then(|paths| paths.get(path)) else {
            return;
        };
        if let Some(operation) = item.get(key) {
            self.queue.push((operation, Object::Operation));
        }
    }

    fn reach(&mut self) {
        if let Some(security) = self.document.get("security") {
            self.requirements(security);
        }
        while let Some((value, object)) = self.queue.pop() {
            let mut met = Vec::new();
            walk(value, object, &Path::ROOT, &mut |object, value, _| {
                met.push((object, value));
                Walk::Into
            });
            for (object, value) in met {
                if object.referable() {
                    self.reference(value);
                }
                match object {
                    Object::Operation => {
                        if let Some(security) = value.get("security") {
                            self.requirements(security);
                        }
                        let tags = value.get("tags").and_then(Value::as_array);
                        self.tags
                            .extend(tags.into_iter().flatten().filter_map(Value::as_str));
                    }
                    Object::Discriminator => self.mapping(value),
                    _ => {}
                }
            }
        }
    }

    fn reference(&mut self, value: &'v Value) {
        if let Some(target) = value.get("$ref").and_then(Value::as_str).and_then(fragment) {
            self.keep(&target);
        }
    }

    fn mapping(&mut self, discriminator: &'v Value) {
        let Some(Value::Object(mapping)) = discriminator.get("mapping") else {
            return;
        };
        for target in mapping.values().filter_map(Value::as_str) {
            let named = self
                .document
                .get("components")
                .and_then(|components| components.get("schemas"))
                .and_then(|schemas| schemas.get(target));
            if named.is_some() {
                self.keep_component("schemas", target);
            } else if let Some(target) = fragment(target) {
                self.keep(&target);
            }
        }
    }

    fn requirements(&mut self, security: &'v Value) {
        for requirement in security.as_array().into_iter().flatten() {
            for name in requirement.as_object().into_iter().flat_map(Map::keys) {
                self.keep_component("securitySchemes", name);
            }
        }
    }

    /// Keeps what a pointer leads to: the whole component, operation or path item around it.
    fn keep(&mut self, target: &Pointer) {
        let tokens: Vec<String> = target.tokens().take(3).collect();
        match tokens.as_slice() {
            [first, kind, name] if first == "components" => self.keep_component(kind, name),
            [first, path, rest @ ..] if first == "paths" => {
                let paths = self.document.get("paths").and_then(Value::as_object);
                let Some((path, _)) = paths.and_then(|paths| paths.get_key_value(path)) else {
                    return;
                };
                let method = Method::ALL
                    .into_iter()
                    .find(|method| rest.first().is_some_and(|own| own == method_key(*method)));
                match method {
                    Some(method) => self.keep_operation(path, method),
                    None => self.keep_item(path),
                }
            }
            _ => {}
        }
    }

    fn keep_component(&mut self, kind: &str, name: &str) {
        let names = self.components.entry(kind.to_owned()).or_default();
        if !names.insert(name.to_owned()) {
            return;
        }
        let place = Pointer::root().join("components").join(kind).join(name);
        if let (Some(value), Some(object)) =
            (self.document.pointer(place.as_str()), object_at(&place))
        {
            self.queue.push((value, object));
        }
    }

    fn smaller(&self) -> Value {
        let Value::Object(document) = self.document else {
            return self.document.clone();
        };
        let mut smaller = Map::new();
        for (key, value) in document {
            let value = match (key.as_str(), value) {
                ("paths", Value::Object(paths)) => Value::Object(self.paths(paths)),
                ("components", Value::Object(components)) => {
                    let components = self.parts(components);
                    if components.is_empty() {
                        continue;
                    }
                    Value::Object(components)
                }
                ("tags", Value::Array(tags)) => tags
                    .iter()
                    .filter(|tag| {
                        tag.get("name")
                            .and_then(Value::as_str)
                            .is_some_and(|name| self.tags.contains(name))
                    })
                    .cloned()
                    .collect(),
                ("webhooks", _) => continue,
                (_, value) => value.clone(),
            };
            smaller.insert(key.clone(), value);
        }
        let mut smaller = Value::Object(smaller);
        unlink(&mut smaller);
        smaller
    }

    fn paths(&self, paths: &Map<String, Value>) -> Map<String, Value> {
        let mut smaller = Map::new();
        for (path, item) in paths {
            if path.starts_with("x-") {
                smaller.insert(path.clone(), item.clone());
                continue;
            }
            let Some(item) = item
                .as_object()
                .filter(|_| self.items.contains(path.as_str()))
            else {
                continue;
            };
            let item = item
                .iter()
                .filter(|(key, _)| {
                    let method = Method::ALL.into_iter().find(|own| method_key(*own) == *key);
                    method.is_none_or(|own| {
                        self.operations.contains(&(path.as_str(), method_key(own)))
                    })
                })
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            smaller.insert(path.clone(), Value::Object(item));
        }
        smaller
    }

    fn parts(&self, components: &Map<String, Value>) -> Map<String, Value> {
        let mut smaller = Map::new();
        for (kind, members) in components {
            let Value::Object(members) = members else {
                continue;
            };
            if kind.starts_with("x-") {
                smaller.insert(kind.clone(), Value::Object(members.clone()));
                continue;
            }
            let Some(names) = self.components.get(kind) else {
                continue;
            };
            let members: Map<String, Value> = members
                .iter()
                .filter(|(name, _)| names.contains(name.as_str()))
                .map(|(name, member)| (name.clone(), member.clone()))
                .collect();
            if !members.is_empty() {
                smaller.insert(kind.clone(), Value::Object(members));
            }
        }
        smaller
    }
}

/// A profile may name other operations, only to have them compared: one that was not selected is
/// no longer named.
fn unlink(document: &mut Value) {
    let mut ids = HashSet::new();
    walk(
        document,
        Object::Document,
        &Path::ROOT,
        &mut |object, value, _| {
            if object == Object::Operation
                && let Some(id) = value.get("operationId").and_then(Value::as_str)
            {
                ids.insert(id.to_owned());
            }
            Walk::Into
        },
    );
    let visit = &mut |object: Object, value: &mut Value, _: &Path<'_>| {
        if object == Object::Operation
            && let Some(Value::Object(profile)) = value.get_mut("x-pagination")
        {
            for key in ["get", "same_collection"] {
                let gone = profile
                    .get(key)
                    .and_then(Value::as_str)
                    .is_some_and(|id| !ids.contains(id));
                if gone {
                    profile.shift_remove(key);
                }
            }
        }
        Walk::Into
    };
    walk_mut(document, Object::Document, &Path::ROOT, visit);
}

fn method_key(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Put => "put",
        Method::Post => "post",
        Method::Delete => "delete",
        Method::Options => "options",
        Method::Head => "head",
        Method::Patch => "patch",
        Method::Trace => "trace",
    }
}

#[cfg(test)]
mod tests {
    use super::{Selector, matches, select};
    use crate::diagnostic::Sink;
    use serde_json::{Value, json};

    fn document() -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "tags": [{"name": "a"}, {"name": "b"}],
            "paths": {
                "/a": {
                    "parameters": [{"$ref": "#/components/parameters/Page"}],
                    "get": {
                        "operationId": "listA",
                        "tags": ["a"],
                        "security": [{"key": []}],
                        "responses": {"200": {"$ref": "#/components/responses/A"}},
                    },
                    "post": {"operationId": "makeA", "responses": {}},
                },
                "/a/{id}": {"get": {"operationId": "getA", "tags": ["b"], "responses": {}}},
            },
            "components": {
                "parameters": {"Page": {"name": "page", "in": "query", "schema": {}}},
                "responses": {"A": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/A"},
                    "example": {"$ref": "#/components/schemas/Unused"},
                }}}},
                "schemas": {
                    "Unused": {"type": "string"},
                    "Cat": {"type": "object"},
                    "Dog": {"$ref": "#/components/schemas/A/properties/self"},
                    "A": {
                        "oneOf": [],
                        "properties": {"self": {"$ref": "#/components/schemas/A"}},
                        "discriminator": {
                            "propertyName": "kind",
                            "mapping": {"c": "Cat", "d": "#/components/schemas/Dog"},
                        },
                    },
                },
                "securitySchemes": {"key": {}, "other": {}},
            },
        })
    }

    fn selected(selectors: &[&str]) -> (Value, String) {
        let selectors: Vec<Selector> = selectors.iter().map(|text| Selector::parse(text)).collect();
        let mut sink = Sink::new("document.yaml");
        let smaller = select(&document(), &selectors, &mut sink);
        (smaller, sink.into_found().to_string())
    }

    fn keys(value: &Value, pointer: &str) -> Vec<String> {
        value
            .pointer(pointer)
            .and_then(Value::as_object)
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }

    #[test]
    fn an_operation_keeps_what_it_reaches() {
        let (smaller, _) = selected(&["listA"]);
        assert_eq!(keys(&smaller, "/paths"), ["/a"]);
        assert_eq!(keys(&smaller, "/paths/~1a"), ["parameters", "get"]);
        assert_eq!(keys(&smaller, "/components/schemas"), ["Cat", "Dog", "A"]);
        assert_eq!(keys(&smaller, "/components/parameters"), ["Page"]);
        assert_eq!(keys(&smaller, "/components/securitySchemes"), ["key"]);
        assert_eq!(smaller.pointer("/tags"), Some(&json!([{"name": "a"}])));
    }

    #[test]
    fn paths_tags_and_endpoints_select() {
        assert_eq!(keys(&selected(&["/a/*"]).0, "/paths"), ["/a/{id}"]);
        assert_eq!(keys(&selected(&["/a*"]).0, "/paths"), ["/a", "/a/{id}"]);
        assert_eq!(keys(&selected(&["tag:b"]).0, "/paths"), ["/a/{id}"]);
        assert_eq!(
            keys(&selected(&["post /a"]).0, "/paths/~1a"),
            ["parameters", "post"]
        );
    }

    #[test]
    fn a_selector_that_selects_nothing_is_an_error() {
        let (_, found) = selected(&["listB", "getA"]);
        assert_eq!(
            found,
            "error[selects-nothing]: `listB` selects no operation (document.yaml#/paths)\n1 error"
        );
    }

    #[test]
    fn stars_match_any_characters() {
        assert!(matches("/a/*/c", "/a/b/b/c"));
        assert!(matches("*", "/a"));
        assert!(!matches("/a/*/c", "/a/c"));
        assert!(!matches("/a", "/a/b"));
        assert!(!matches("/ab*ba", "/aba"));
    }
}
