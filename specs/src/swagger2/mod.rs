//! Swagger 2.0 → OpenAPI 3.0, on the document's own value.
//!
//! What has the wrong form is left as it stands, so that reading says of it what it says of any
//! document. What 3.0 cannot say is a diagnostic.

mod operation;
mod parameter;
mod schema;

use crate::Pointer;
use crate::codes;
use crate::diagnostic::{Diagnostic, Sink};
use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// Whether a document is written in Swagger 2.0.
pub(crate) fn is_swagger(value: &Value) -> bool {
    match value.get("swagger") {
        Some(Value::String(version)) => version == "2.0",
        Some(Value::Number(version)) => version.as_f64() == Some(2.0),
        _ => false,
    }
}

/// The document in OpenAPI 3.0.3.
pub(crate) fn convert(value: Value, sink: &mut Sink) -> Value {
    let Value::Object(old) = value else {
        return value;
    };
    sink.push(
        Diagnostic::note(codes::SWAGGER, "Swagger 2.0 is read as OpenAPI 3.0.3")
            .pointer(&Pointer::root().join("swagger")),
    );
    Converter { old: &old, sink }.document()
}

/// Where in the original document the thing stands that a pointer into the converted one names.
/// What moved within an operation is found by the rendering: it takes what stands above.
pub(crate) fn origin(pointer: &Pointer) -> Pointer {
    let moved = [
        ("/components/schemas/", "/definitions/"),
        ("/components/parameters/", "/parameters/"),
        ("/components/responses/", "/responses/"),
        ("/components/securitySchemes/", "/securityDefinitions/"),
    ];
    for (new, old) in moved {
        if let Some(rest) = pointer.as_str().strip_prefix(new) {
            return Pointer::parse(&format!("{old}{rest}")).unwrap_or_default();
        }
    }
    pointer.clone()
}

/// What converting knows while it runs.
struct Converter<'d, 's> {
    old: &'d Object,
    sink: &'s mut Sink,
}

impl Converter<'_, '_> {
    fn document(&mut self) -> Value {
        let mut new = Map::new();
        new.insert("openapi".to_owned(), Value::from("3.0.3"));
        let old = self.old;
        let mut components = Map::new();
        for (key, value) in old {
            let root = Pointer::root().join(key);
            let (section, converted) = match key.as_str() {
                "swagger" | "host" | "basePath" | "schemes" | "consumes" | "produces" => continue,
                "paths" => {
                    let paths =
                        map_values(value, |path, item| self.path_item(item, &root.join(path)));
                    new.insert(key.clone(), paths);
                    continue;
                }
                "definitions" => ("schemas", map_values(value, |_, it| schema::schema(it))),
                "parameters" => ("parameters", self.shared_parameters(value, &root)),
                "responses" => {
                    let produces = self.media_types("produces", None);
                    let responses = map_values(value, |_, it| operation::response(it, &produces));
                    ("responses", responses)
                }
                "securityDefinitions" => (
                    "securitySchemes",
                    map_values(value, |_, scheme| security_scheme(scheme)),
                ),
                _ => {
                    new.insert(key.clone(), value.clone());
                    continue;
                }
            };
            components.insert(section.to_owned(), converted);
        }
        if let Some(servers) = self.servers(old.get("schemes")) {
            new.insert("servers".to_owned(), servers);
        }
        if !components.is_empty() {
            new.insert("components".to_owned(), Value::Object(components));
        }
        Value::Object(new)
    }

    /// Of the parameters that operations share, those that 3.0 has too; bodies and forms are
    /// written out where they are used, as their media types are the operation's.
    fn shared_parameters(&mut self, value: &Value, place: &Pointer) -> Value {
        let Value::Object(all) = value else {
            return value.clone();
        };
        let mut kept = Map::new();
        for (name, parameter) in all {
            if !parameter::is_body(parameter) {
                let converted = self.parameter(parameter, &place.join(name));
                kept.insert(name.clone(), converted);
            }
        }
        Value::Object(kept)
    }

    /// The servers that `schemes`, `host` and `basePath` make; none when nothing is said.
    fn servers(&self, schemes: Option<&Value>) -> Option<Value> {
        let base = text(self.old.get("basePath")).unwrap_or_default();
        let Some(host) = text(self.old.get("host")) else {
            return (!base.is_empty()).then(|| json!([{ "url": base }]));
        };
        let named: Vec<&str> = texts(schemes)
            .into_iter()
            .filter(|scheme| scheme.starts_with("http"))
            .collect();
        let named = if named.is_empty() {
            vec!["https"]
        } else {
            named
        };
        // A base of `/` alone says nothing, and would come twice.
        let base = base.strip_suffix('/').unwrap_or(base);
        let servers = named
            .iter()
            .map(|scheme| json!({ "url": format!("{scheme}://{host}{base}") }));
        Some(Value::Array(servers.collect()))
    }

    /// The media types of an operation, or of the document.
    fn media_types(&self, key: &str, operation: Option<&Object>) -> Vec<String> {
        let own = operation
            .and_then(|operation| operation.get(key))
            .or_else(|| self.old.get(key));
        texts(own).into_iter().map(str::to_owned).collect()
    }
}

/// A map with each of its values converted; what is no map stays.
fn map_values(value: &Value, mut convert: impl FnMut(&str, &Value) -> Value) -> Value {
    match value {
        Value::Object(map) => {
            let converted = map.iter().map(|(key, value)| {
                let value = if key.starts_with("x-") {
                    value.clone()
                } else {
                    convert(key, value)
                };
                (key.clone(), value)
            });
            Value::Object(converted.collect())
        }
        other => other.clone(),
    }
}

/// Swagger 2.0, Security Scheme Object → OpenAPI 3.0.3, the same.
fn security_scheme(value: &Value) -> Value {
    let Value::Object(old) = value else {
        return value.clone();
    };
    let mut new = old.clone();
    match text(old.get("type")) {
        Some("basic") => {
            new.insert("type".to_owned(), Value::from("http"));
            new.insert("scheme".to_owned(), Value::from("basic"));
        }
        Some("oauth2") => {
            let mut flow = Map::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                if let Some(value) = new.shift_remove(key) {
                    flow.insert(key.to_owned(), value);
                }
            }
            flow.entry("scopes").or_insert_with(|| json!({}));
            let name = match new.shift_remove("flow") {
                Some(Value::String(name)) if name == "application" => {
                    "clientCredentials".to_owned()
                }
                Some(Value::String(name)) if name == "accessCode" => "authorizationCode".to_owned(),
                Some(Value::String(name)) => name,
                _ => "implicit".to_owned(),
            };
            new.insert("flows".to_owned(), json!({ name: flow }));
        }
        _ => {}
    }
    Value::Object(new)
}

/// What a reference names in 3.0.
fn reference(old: &str) -> String {
    let moved = [
        ("#/definitions/", "#/components/schemas/"),
        ("#/parameters/", "#/components/parameters/"),
        ("#/responses/", "#/components/responses/"),
    ];
    for (before, after) in moved {
        if let Some(rest) = old.strip_prefix(before) {
            return format!("{after}{rest}");
        }
    }
    old.to_owned()
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    let items = value.and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::origin;
    use crate::Pointer;

    #[test]
    fn a_component_is_found_where_swagger_has_it() {
        let at = |text: &str| Pointer::parse(text).expect("a pointer");
        assert_eq!(
            origin(&at("/components/schemas/A~1b/type")),
            at("/definitions/A~1b/type")
        );
        assert_eq!(origin(&at("/paths/~1a/get")), at("/paths/~1a/get"));
    }
}
