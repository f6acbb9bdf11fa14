//! A value beside its schema: what in it the schema says is secret.

use super::{DEPTH, Declared, Spot, Visitor};
use crate::Direction;
use crate::secrets::{Place, variable_for};
use plumbline_specs::api::{Additional, Kind, SchemaId};
use serde_json::Value;

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
            self.walk(&mut after, schema, direction, "value", 0, visitor);
        }
        for place in self.places {
            if let Place::Body(path) = place {
                let found: Vec<String> = path
                    .query_located(&after)
                    .into_iter()
                    .map(|node| node.location().to_json_pointer())
                    .collect();
                for pointer in found {
                    let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
                    if let Some(node) = after.pointer_mut(&pointer) {
                        take_all(node, &variable_for(&name), visitor);
                    }
                }
            }
        }
        after
    }

    /// Walks a value beside its schema. Every branch of a union counts: what one of them says is
    /// secret is kept back.
    fn walk(
        &self,
        value: &mut Value,
        schema: SchemaId,
        direction: Direction,
        name: &str,
        depth: usize,
        visitor: &mut Visitor<'_>,
    ) {
        if depth > DEPTH {
            return;
        }
        let schemas = &self.contract.api.schemas;
        if self.is_secret(schema) {
            self.walk_secret(value, schema, direction, name, visitor);
            return;
        }
        match (&schemas[schemas.resolve(schema)].kind, &mut *value) {
            (
                Kind::Object {
                    properties,
                    additional,
                    ..
                },
                Value::Object(members),
            ) => {
                for (key, member) in members {
                    let own = match (properties.get(key), additional) {
                        (Some(property), _) => property.schema,
                        (None, Additional::Allowed(schema)) => *schema,
                        (None, Additional::Unsaid | Additional::Forbidden) => continue,
                    };
                    self.walk(member, own, direction, key, depth + 1, visitor);
                }
            }
            (Kind::Array { items, .. }, Value::Array(values)) => {
                for item in values {
                    self.walk(item, *items, direction, name, depth + 1, visitor);
                }
            }
            (Kind::Tuple { items, rest }, Value::Array(values)) => {
                for (index, item) in values.iter_mut().enumerate() {
                    if let Some(own) = items.get(index).or(rest.as_ref()) {
                        self.walk(item, *own, direction, name, depth + 1, visitor);
                    }
                }
            }
            (Kind::Union { variants, .. }, _) => {
                for variant in variants {
                    self.walk(value, variant.schema, direction, name, depth + 1, visitor);
                }
            }
            _ => {}
        }
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
        let schemas = &self.contract.api.schemas;
        match (&schemas[schemas.resolve(schema)].kind, &mut *value) {
            (Kind::Array { items, .. }, Value::Array(values)) => {
                for item in values {
                    self.walk_secret(item, *items, direction, name, visitor);
                }
            }
            (_, Value::String(_) | Value::Number(_)) => {
                let spot = Spot {
                    variable: variable_for(name),
                    schema: Some(self.placed(schema, direction)),
                    header: false,
                };
                if let Some(after) = visitor(&spot, value) {
                    *value = after;
                }
            }
            _ => take_all(value, &variable_for(name), visitor),
        }
    }

    /// Whether a schema, or one that it stands for, says that its value is secret.
    pub(super) fn is_secret(&self, mut schema: SchemaId) -> bool {
        let schemas = &self.contract.api.schemas;
        for _ in 0..DEPTH {
            let own = &schemas[schema];
            let format = self
                .contract
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
