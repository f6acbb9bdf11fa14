//! Path items, operations and responses of Swagger 2.0.

use super::{Converter, Object, map_values, parameter, reference, schema, text};
use crate::Pointer;
use serde_json::{Map, Value, json};

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

impl Converter<'_, '_> {
    pub(super) fn path_item(&mut self, value: &Value, place: &Pointer) -> Value {
        let Value::Object(old) = value else {
            return value.clone();
        };
        let shared = self.bodies(old, place);
        let mut new = Map::new();
        for (key, value) in old {
            let place = place.join(key);
            let converted = match (key.as_str(), value) {
                ("parameters", value) => self.parameters(value, &place),
                (method, Value::Object(operation)) if METHODS.contains(&method) => {
                    self.operation(operation, &shared, &place)
                }
                (_, value) => value.clone(),
            };
            new.insert(key.clone(), converted);
        }
        Value::Object(new)
    }

    fn operation(&mut self, old: &Object, shared: &[(Value, Pointer)], place: &Pointer) -> Value {
        let mut new = Map::new();
        let produces = self.media_types("produces", Some(old));
        for (key, value) in old {
            let place = place.join(key);
            let converted = match key.as_str() {
                "consumes" | "produces" => continue,
                "schemes" => match self.servers(Some(value)) {
                    Some(servers) => {
                        new.insert("servers".to_owned(), servers);
                        continue;
                    }
                    None => continue,
                },
                "parameters" => self.parameters(value, &place),
                "responses" => {
                    map_values(value, |_, it| self.operation_response(it, old, &produces))
                }
                _ => value.clone(),
            };
            new.insert(key.clone(), converted);
        }
        // What the operation says itself counts more than what its path says.
        let mut bodies = self.bodies(old, place);
        for (value, at) in shared {
            let same = |(own, _): &(Value, Pointer)| own.get("name") == value.get("name");
            if !bodies.iter().any(same) {
                bodies.push((value.clone(), at.clone()));
            }
        }
        let consumes = self.media_types("consumes", Some(old));
        if let Some(body) = self.body(&bodies, &consumes) {
            new.insert("requestBody".to_owned(), body);
        }
        Value::Object(new)
    }

    /// The parameters in the list of a path item or an operation that make its body.
    fn bodies(&self, old: &Object, place: &Pointer) -> Vec<(Value, Pointer)> {
        let place = place.join("parameters");
        let list = old.get("parameters").and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .enumerate()
            .map(|(index, it)| (self.resolved(it).clone(), place.index(index)))
            .filter(|(it, _)| parameter::is_body(it))
            .collect()
    }

    /// A list of parameters without those that make a body.
    fn parameters(&mut self, value: &Value, place: &Pointer) -> Value {
        let Value::Array(list) = value else {
            return value.clone();
        };
        let mut kept = Vec::new();
        for (index, it) in list.iter().enumerate() {
            if !parameter::is_body(self.resolved(it)) {
                kept.push(self.parameter(it, &place.index(index)));
            }
        }
        Value::Array(kept)
    }

    /// A response of an operation; one that is referred to is written out where the operation
    /// has media types of its own.
    fn operation_response(&self, value: &Value, operation: &Object, produces: &[String]) -> Value {
        let target = text(value.get("$ref"))
            .and_then(|reference| reference.strip_prefix("#/responses/"))
            .and_then(|name| self.old.get("responses")?.get(name));
        match target {
            Some(target) if operation.contains_key("produces") => response(target, produces),
            _ => response(value, produces),
        }
    }
}

/// A response with its schema under each media type.
pub(super) fn response(value: &Value, produces: &[String]) -> Value {
    let Value::Object(old) = value else {
        return value.clone();
    };
    if let Some(old) = text(old.get("$ref")) {
        return json!({ "$ref": reference(old) });
    }
    let mut new = Map::new();
    for (key, value) in old {
        let converted = match key.as_str() {
            "schema" | "examples" => continue,
            "headers" => map_values(value, |_, it| header(it)),
            _ => value.clone(),
        };
        new.insert(key.clone(), converted);
    }
    if let Some(own) = old.get("schema") {
        let file = text(own.get("type")) == Some("file");
        let default = if file {
            "application/octet-stream"
        } else {
            "application/json"
        };
        let mut types: Vec<&str> = produces.iter().map(String::as_str).collect();
        if types.is_empty() {
            types.push(default);
        }
        let schema = schema::schema(own);
        let mut content = Map::new();
        for name in types {
            let mut media = json!({ "schema": schema });
            let example = old.get("examples").and_then(|all| all.get(name));
            if let (Value::Object(media), Some(example)) = (&mut media, example) {
                media.insert("example".to_owned(), example.clone());
            }
            content.insert(name.to_owned(), media);
        }
        new.insert("content".to_owned(), Value::Object(content));
    }
    Value::Object(new)
}

/// A header of a response.
fn header(value: &Value) -> Value {
    let Value::Object(old) = value else {
        return value.clone();
    };
    let mut new = old.clone();
    new.shift_remove("collectionFormat");
    let own = schema::take(&mut new);
    new.insert("schema".to_owned(), own);
    Value::Object(new)
}
