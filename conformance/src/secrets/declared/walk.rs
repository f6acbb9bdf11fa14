//! A value beside its schema: what in it the schema says is secret.

use super::credential;
use super::{DEPTH, Declared, Spot, Visitor};
use crate::Direction;
use crate::secrets::{Place, names, variable_for};
use plumbline_specs::api::{Additional, Kind, SchemaId};
use serde_json::{Map, Value};
use std::collections::HashSet;

impl<'a> Declared<'a> {
    pub(super) fn value(
        &self,
        value: &Value,
        schema: Option<SchemaId>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) -> Value {
        let mut after = value.clone();
        if let Some(schema) = schema {
            self.walk(&mut after, vec![schema], direction, "value", 0, visitor);
        }
        for (place, met) in self.places.iter().zip(&self.met) {
            if let Place::Body(path) = place {
                let found: Vec<String> = path
                    .query_located(&after)
                    .into_iter()
                    .map(|node| node.location().to_json_pointer())
                    .collect();
                met.set(met.get() || !found.is_empty());
                for pointer in found {
                    let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
                    if let Some(node) = after.pointer_mut(&pointer) {
                        take_all(node, &variable_for(&name), visitor);
                    }
                }
            }
        }
        self.named(&mut after, schema, direction, 0, visitor);
        after
    }

    /// Shows what is secret by its name, whether or not there is a schema.
    fn named(
        &self,
        value: &mut Value,
        schema: Option<SchemaId>,
        direction: Direction,
        depth: usize,
        visitor: &mut Visitor<'_>,
    ) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    let own = self.member(schema, key);
                    if self.is_named(key) {
                        self.take_named(member, own, direction, key, depth, visitor);
                    } else {
                        self.named(member, own, direction, depth + 1, visitor);
                    }
                }
            }
            Value::Array(items) => {
                let own = self.item(schema);
                for item in items {
                    self.named(item, own, direction, depth + 1, visitor);
                }
            }
            Value::String(text) => {
                if let Some(after) = self.in_text(text, schema, direction, visitor) {
                    *text = after;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Texts and numbers under the name of a secret, and those in an object there, unless it is the
    /// schema of a secret: it says `type` or `$ref`.
    fn take_named(
        &self,
        value: &mut Value,
        schema: Option<SchemaId>,
        direction: Direction,
        name: &str,
        depth: usize,
        visitor: &mut Visitor<'_>,
    ) {
        let spot = Spot {
            variable: variable_for(name),
            schema: schema.and_then(|own| self.placed(own, direction)),
            header: names::are_same(name, "authorization"),
        };
        match value {
            Value::String(text) => {
                if let Some(after) = credential(&spot, text, visitor) {
                    *text = after;
                }
            }
            Value::Number(_) => {
                if let Some(after) = visitor(&spot, value) {
                    *value = after;
                }
            }
            Value::Array(items) => {
                let own = self.item(schema);
                for item in items {
                    self.take_named(item, own, direction, name, depth + 1, visitor);
                }
            }
            Value::Object(members) if is_schema(members) => {
                self.named(value, schema, direction, depth + 1, visitor);
            }
            Value::Object(members) => {
                for (key, member) in members.iter_mut().filter(|_| depth < DEPTH) {
                    let own = self.member(schema, key);
                    if self.is_kept(key) {
                        self.named(member, own, direction, depth + 1, visitor);
                    } else {
                        self.take_named(member, own, direction, name, depth + 1, visitor);
                    }
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// A text that holds a JSON text or a URL's parameters; `None` where nothing in it is replaced.
    pub(super) fn in_text(
        &self,
        text: &str,
        schema: Option<SchemaId>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) -> Option<String> {
        if text.starts_with(['{', '['])
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            let mut after = value.clone();
            // A text within a text within a text is as deep as it is long.
            self.named(&mut after, schema, direction, DEPTH / 2, visitor);
            return (after != value).then(|| after.to_string());
        }
        self.in_url(text, visitor)
    }

    pub(super) fn item(&self, schema: Option<SchemaId>) -> Option<SchemaId> {
        let schemas = &self.contract?.api.schemas;
        match &schemas[schemas.resolve(schema?)].kind {
            Kind::Array { items, .. } => Some(*items),
            _ => None,
        }
    }

    /// Walks a value beside its schemas. Every branch of a union counts: what one of them says is
    /// secret is kept back. A part of the value is met once with all the schemas that speak of it, as
    /// branches of branches would double at each step.
    fn walk(
        &self,
        value: &mut Value,
        schemas: Vec<SchemaId>,
        direction: Direction,
        name: &str,
        depth: usize,
        visitor: &mut Visitor<'_>,
    ) {
        if depth > DEPTH || schemas.is_empty() {
            return;
        }
        let kinds = match self.branches(schemas) {
            Branches::Secret(schema) => {
                self.walk_secret(value, schema, direction, name, visitor);
                return;
            }
            Branches::Of(kinds) => kinds,
        };
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    let own = kinds.iter().filter_map(|kind| of_member(kind, key));
                    self.walk(member, own.collect(), direction, key, depth + 1, visitor);
                }
            }
            Value::Array(values) => {
                for (index, item) in values.iter_mut().enumerate() {
                    let own = kinds.iter().filter_map(|kind| of_item(kind, index));
                    self.walk(item, own.collect(), direction, name, depth + 1, visitor);
                }
            }
            _ => {}
        }
    }

    /// The schemas that these lead to through unions, each once.
    fn branches(&self, mut open: Vec<SchemaId>) -> Branches<'a> {
        let Some(contract) = self.contract else {
            return Branches::Of(Vec::new());
        };
        let schemas = &contract.api.schemas;
        let mut seen = HashSet::new();
        let mut kinds = Vec::new();
        open.reverse();
        while let Some(schema) = open.pop() {
            if !seen.insert(schema) {
                continue;
            }
            if self.is_secret(schema) {
                return Branches::Secret(schema);
            }
            let resolved = schemas.resolve(schema);
            if resolved != schema && !seen.insert(resolved) {
                continue;
            }
            match &schemas[resolved].kind {
                Kind::Union { variants, .. } => {
                    open.extend(variants.iter().rev().map(|variant| variant.schema));
                }
                kind => kinds.push(kind),
            }
        }
        Branches::Of(kinds)
    }

    /// A value that is secret as a whole: the items of a list by their own schema.
    fn walk_secret(
        &self,
        value: &mut Value,
        schema: SchemaId,
        direction: Direction,
        name: &str,
        visitor: &mut Visitor<'_>,
    ) {
        let Some(contract) = self.contract else {
            return;
        };
        let schemas = &contract.api.schemas;
        match (&schemas[schemas.resolve(schema)].kind, &mut *value) {
            (Kind::Array { items, .. }, Value::Array(values)) => {
                for item in values {
                    self.walk_secret(item, *items, direction, name, visitor);
                }
            }
            (_, Value::String(_) | Value::Number(_)) => {
                let spot = Spot {
                    variable: variable_for(name),
                    schema: self.placed(schema, direction),
                    header: false,
                };
                if let Some(after) = visitor(&spot, value) {
                    *value = after;
                }
            }
            _ => take_all(value, &variable_for(name), visitor),
        }
    }

    /// Whether a schema says that something in its value is secret.
    pub(super) fn leads_to_one(&self, schema: SchemaId) -> bool {
        if let Some(known) = self.leading.borrow().get(&schema) {
            return *known;
        }
        let mut seen = HashSet::from([schema]);
        let mut open = vec![schema];
        let mut leads = false;
        while let (Some(own), Some(contract)) = (open.pop(), self.contract) {
            if self.is_secret(own) {
                leads = true;
                break;
            }
            let parts = parts(&contract.api.schemas[own].kind);
            open.extend(parts.into_iter().filter(|part| seen.insert(*part)));
        }
        self.leading.borrow_mut().insert(schema, leads);
        leads
    }

    /// Whether a schema, or one that it stands for, says that its value is secret.
    pub(super) fn is_secret(&self, mut schema: SchemaId) -> bool {
        let Some(contract) = self.contract else {
            return false;
        };
        let schemas = &contract.api.schemas;
        for _ in 0..DEPTH {
            let own = &schemas[schema];
            let format = contract
                .raw
                .pointer(own.place.as_str())
                .and_then(|raw| raw.get("format"));
            if own.write_only || format.is_some_and(|format| format == "password") {
                return true;
            }
            match &own.kind {
                Kind::String {
                    format: Some(format),
                    ..
                } if format == "password" => return true,
                Kind::Alias(target) => schema = *target,
                _ => return false,
            }
        }
        false
    }
}

/// What schemas lead to through unions.
enum Branches<'a> {
    /// One of them says that its value is secret.
    Secret(SchemaId),
    Of(Vec<&'a Kind>),
}

/// The schemas of a value's parts, and those that are the value's own too.
fn parts(kind: &Kind) -> Vec<SchemaId> {
    match kind {
        Kind::Alias(target) => vec![*target],
        Kind::Array { items, .. } => vec![*items],
        Kind::Tuple { items, rest } => items.iter().chain(rest).copied().collect(),
        Kind::Object {
            properties,
            additional,
            ..
        } => {
            let more = match additional {
                Additional::Allowed(schema) => Some(*schema),
                Additional::Unspecified | Additional::Forbidden => None,
            };
            let own = properties.values().map(|property| property.schema);
            own.chain(more).collect()
        }
        Kind::Union { variants, .. } => variants.iter().map(|variant| variant.schema).collect(),
        _ => Vec::new(),
    }
}

/// The schema of a member of an object.
fn of_member(kind: &Kind, key: &str) -> Option<SchemaId> {
    let Kind::Object {
        properties,
        additional,
        ..
    } = kind
    else {
        return None;
    };
    match (properties.get(key), additional) {
        (Some(property), _) => Some(property.schema),
        (None, Additional::Allowed(schema)) => Some(*schema),
        (None, Additional::Unspecified | Additional::Forbidden) => None,
    }
}

/// The schema of an element of an array.
fn of_item(kind: &Kind, index: usize) -> Option<SchemaId> {
    match kind {
        Kind::Array { items, .. } => Some(*items),
        Kind::Tuple { items, rest } => items.get(index).or(rest.as_ref()).copied(),
        _ => None,
    }
}

/// Whether an object reads as a JSON Schema.
fn is_schema(members: &Map<String, Value>) -> bool {
    const TYPES: [&str; 7] = [
        "string", "number", "integer", "boolean", "object", "array", "null",
    ];
    let is_type = |value: &Value| value.as_str().is_some_and(|text| TYPES.contains(&text));
    members.contains_key("$ref")
        || match members.get("type") {
            Some(Value::Array(types)) => !types.is_empty() && types.iter().all(is_type),
            Some(value) => is_type(value),
            None => false,
        }
}

/// Every text and number in a secret value is secret; a truth value tells nothing.
fn take_all(value: &mut Value, variable: &str, visitor: &mut Visitor<'_>) {
    match value {
        Value::String(_) | Value::Number(_) => {
            let spot = Spot {
                variable: variable.to_owned(),
                schema: None,
                header: false,
            };
            if let Some(after) = visitor(&spot, value) {
                *value = after;
            }
        }
        Value::Array(items) => {
            for item in items {
                take_all(item, variable, visitor);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                take_all(member, &variable_for(key), visitor);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}
