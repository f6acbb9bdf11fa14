//! Paths, path items, operations, webhooks and callbacks.

use super::{Lowerer, blank, string};
use crate::Pointer;
use crate::api::{
    Callback, Kind, Location, Method, Operation, Parameter, Requirement, Schema, Serialization,
    Style,
};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::shape::Object;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::HashMap;

/// What an operation inherits.
struct Inherited<'a> {
    path: &'a str,
    /// The path item's parameters.
    parameters: Vec<Parameter>,
    servers: Vec<crate::api::Server>,
    security: &'a [Requirement],
    /// Whether the path is a template.
    templated: bool,
}

/// A path item of a callback that was met and is lowered later: they may refer to one another.
pub(super) struct PendingCallback {
    place: Pointer,
    name: String,
    expression: String,
    security: Vec<Requirement>,
}

impl Lowerer<'_, '_> {
    pub(super) fn paths(&mut self, security: &[Requirement]) {
        let paths = Pointer::root().join("paths");
        let mut operations = Vec::new();
        for path in self.keys(&paths) {
            if path.starts_with('/') {
                let place = paths.join(&path);
                let found = self.path_item(&place, &path, security, true);
                operations.extend(found);
            }
        }
        self.api.operations = operations;
    }

    pub(super) fn webhooks(&mut self, security: &[Requirement]) {
        let webhooks = Pointer::root().join("webhooks");
        for name in self.keys(&webhooks) {
            let place = webhooks.join(&name);
            for operation in self.path_item(&place, &name, security, false) {
                self.api.callbacks.push(Callback {
                    place: operation.place.clone(),
                    name: name.clone(),
                    operation,
                });
            }
        }
    }

    /// The operations of a path item. Its path is a template below `paths`; below a callback it
    /// is a runtime expression, and for a webhook its name.
    fn path_item(
        &mut self,
        place: &Pointer,
        path: &str,
        security: &[Requirement],
        templated: bool,
    ) -> Vec<Operation> {
        let Some(place) = self.follow(place) else {
            return Vec::new();
        };
        let Some(item) =
            self.document
                .typed::<openapiv3::PathItem>(Object::PathItem, &place, self.sink)
        else {
            return Vec::new();
        };
        let inherited = Inherited {
            path,
            parameters: self.parameters(&place, item.parameters.len()),
            servers: self.servers(item.servers, &place),
            security,
            templated,
        };
        let mut operations = Vec::new();
        for method in Method::ALL {
            let place = place.join(&method.as_str().to_ascii_lowercase());
            if self
                .document
                .get(&place)
                .is_some_and(|node| !node.is_null())
                && let Some(operation) = self.operation(&place, method, &inherited)
            {
                operations.push(operation);
            }
        }
        operations
    }

    fn operation(
        &mut self,
        place: &Pointer,
        method: Method,
        inherited: &Inherited<'_>,
    ) -> Option<Operation> {
        let typed =
            self.document
                .typed::<openapiv3::Operation>(Object::Operation, place, self.sink)?;
        let document = self.document;
        let map = document.map(place)?;
        let own = self.parameters(place, typed.parameters.len());
        let mut parameters: IndexMap<(String, Location), Parameter> = IndexMap::new();
        for parameter in inherited.parameters.iter().cloned().chain(own) {
            parameters.insert((parameter.name.clone(), parameter.location), parameter);
        }
        let mut parameters: Vec<Parameter> = parameters.into_values().collect();
        if inherited.templated {
            self.check_path(place, inherited.path, &mut parameters);
        }
        let body = typed
            .request_body
            .is_some()
            .then(|| self.request_body(&place.join("requestBody")))
            .flatten();
        let responses = self.responses(&place.join("responses"));
        let security = match typed.security {
            Some(own) => self.requirements(own, &place.join("security")),
            None => inherited.security.to_vec(),
        };
        let mut servers = self.servers(typed.servers, place);
        if servers.is_empty() {
            servers.clone_from(&inherited.servers);
        }
        self.callbacks(place, inherited);
        Some(Operation {
            place: place.clone(),
            id: typed.operation_id,
            name: self.rust_name(map),
            method,
            path: inherited.path.to_owned(),
            tags: typed.tags,
            summary: typed.summary,
            description: typed.description,
            deprecated: typed.deprecated,
            parameters,
            body,
            responses,
            security,
            servers,
            pagination: self.pagination(place),
            resource: self.resource(place),
            reads: self.reads(place),
        })
    }

    /// Puts an operation's callbacks where [`Self::pending_callbacks`] finds them.
    fn callbacks(&mut self, place: &Pointer, inherited: &Inherited<'_>) {
        let place = place.join("callbacks");
        for name in self.keys(&place) {
            let Some(place) = self.follow(&place.join(&name)) else {
                continue;
            };
            for expression in self.keys(&place) {
                let place = place.join(&expression);
                // Each is written out once, however many operations refer to it.
                if expression.starts_with("x-") || !self.callbacks.insert(place.clone()) {
                    continue;
                }
                self.pending.push_back(PendingCallback {
                    place,
                    name: name.clone(),
                    expression,
                    security: inherited.security.to_vec(),
                });
            }
        }
    }

    /// Lowers the callbacks of all operations, and the callbacks of those.
    pub(super) fn pending_callbacks(&mut self) {
        while let Some(callback) = self.pending.pop_front() {
            let PendingCallback {
                place,
                name,
                expression,
                security,
            } = callback;
            for operation in self.path_item(&place, &expression, &security, false) {
                self.api.callbacks.push(Callback {
                    place: operation.place.clone(),
                    name: name.clone(),
                    operation,
                });
            }
        }
    }

    /// The template's variables and the declared path parameters must be the same (OpenAPI
    /// 3.0.3, section "Path Templating").
    fn check_path(&mut self, place: &Pointer, path: &str, parameters: &mut Vec<Parameter>) {
        let variables = variables(path);
        for parameter in parameters.iter() {
            if parameter.location == Location::Path && !variables.contains(&parameter.name.as_str())
            {
                self.sink.push(
                    Diagnostic::warning(
                        codes::UNUSED_PATH_PARAMETER,
                        format!("`{}` is not in the path `{path}`", parameter.name),
                    )
                    .pointer(&parameter.place),
                );
            }
        }
        for variable in variables {
            let declares = |it: &Parameter| it.location == Location::Path && it.name == variable;
            if parameters.iter().any(declares) {
                continue;
            }
            self.sink.repair(
                Diagnostic::error(
                    codes::UNDECLARED_PATH_PARAMETER,
                    format!("`{{{variable}}}` in the path is declared by no parameter"),
                )
                .pointer(place)
                .help(format!(
                    "add a parameter with `name: {variable}`, `in: path` and `required: true`"
                )),
                "a string is assumed",
            );
            parameters.push(self.assumed(place, variable));
        }
    }

    /// The parameter that a variable of a path stands for where none is declared.
    fn assumed(&mut self, place: &Pointer, variable: &str) -> Parameter {
        let kind = Kind::String {
            format: None,
            pattern: None,
            min_length: None,
            max_length: None,
            values: None,
            content: None,
        };
        let schema = self.api.schemas.push(Schema {
            kind,
            ..blank(place.clone())
        });
        Parameter {
            place: place.clone(),
            name: variable.to_owned(),
            rust_name: None,
            location: Location::Path,
            description: None,
            required: true,
            deprecated: false,
            serialization: Serialization::Style {
                style: Style::Simple,
                explode: false,
                allow_reserved: false,
            },
            schema,
        }
    }

    /// What can be said of operations only when all are known.
    pub(super) fn check_operations(&mut self) {
        let mut first: HashMap<String, Pointer> = HashMap::new();
        for operation in &mut self.api.operations {
            let Some(id) = &operation.id else { continue };
            let Some(before) = first.get(id) else {
                first.insert(id.clone(), operation.place.clone());
                continue;
            };
            self.sink.repair(
                Diagnostic::error(
                    codes::DUPLICATE_OPERATION_ID,
                    format!("two operations have the operationId `{id}`"),
                )
                .pointer(&operation.place.join("operationId"))
                .help(format!("the other one stands at #{before}")),
                "this one goes by its method and path",
            );
            operation.id = None;
        }
        self.check_pagination(&first);
    }

    /// The `x-name` of an object.
    pub(super) fn rust_name(&mut self, map: &serde_json::Map<String, Value>) -> Option<String> {
        string(map, "x-name").map(str::to_owned)
    }
}

/// The names in braces of a path template.
fn variables(path: &str) -> Vec<&str> {
    let mut variables = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !variables.contains(&name) {
            variables.push(name);
        }
        rest = after;
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn the_variables_of_a_path_stand_in_braces() {
        assert_eq!(variables("/a/{b}/c/{d}.{b}"), ["b", "d"]);
        assert_eq!(variables("/a/{b"), Vec::<&str>::new());
    }
}
