//! Operations become methods: arguments, options, bodies, answers.

use super::answers::{ErrorSets, answers};
use super::credentials::security;
use super::docs::{docs, with_notes};
use super::groups;
use super::media::{Holds, holds, to_send, unusual_encodings};
use super::names::{REQUEST_METHODS, Scope, pascal, snake};
use super::notes::notes;
use super::paging::paging;
use super::report::Report;
use super::types::Types;
use crate::codes;
use crate::rust::{Argument, Body, Credential, ErrorAlias, Item, Operation, Pass, Ty, Wire};
use plumbline_specs::api;
use plumbline_specs::api::{Api, Location, Parameter, Serialization};
use std::collections::{HashMap, HashSet};

/// All that methods are planned from.
pub(super) struct Context<'c, 'a> {
    pub(super) types: &'c mut Types<'a>,
    pub(super) items: &'c HashMap<String, Item>,
    pub(super) credentials: &'c [Credential],
    pub(super) scope: Scope,
    pub(super) sets: ErrorSets,
    pub(super) aliases: Vec<ErrorAlias>,
    /// The module's server, and those of operations that were spoken of.
    pub(super) server: Option<String>,
    pub(super) servers: HashSet<String>,
    pub(super) report: &'c mut Report,
}

impl Context<'_, '_> {
    /// Plans the API's operations, whose names are given.
    pub(super) fn operations(&mut self, api: &Api, names: &[String]) -> Vec<Operation> {
        let groups = if groups::grouped(api) {
            groups::names(api).into_iter().map(Some).collect()
        } else {
            vec![None; names.len()]
        };
        api.operations
            .iter()
            .zip(names)
            .zip(groups)
            .map(|((operation, name), group)| self.operation(operation, name, group))
            .collect()
    }

    fn operation(
        &mut self,
        operation: &api::Operation,
        name: &str,
        group: Option<String>,
    ) -> Operation {
        let pascal_name = pascal(name);
        let marker = self
            .scope
            .claim(pascal_name.clone(), &[format!("{pascal_name}Operation")]);
        let (arguments, options) = self.arguments(operation);
        let answers = answers(
            operation,
            &pascal_name,
            self.types,
            &mut self.sets,
            &mut self.scope,
            self.report,
        );
        let error = answers.error.map(|target| {
            let wanted = format!("{pascal_name}Error");
            let longer = format!("{pascal_name}Failure");
            let name = self.scope.claim(wanted, &[longer]);
            self.aliases.push(ErrorAlias {
                name: name.clone(),
                target,
            });
            name
        });
        let paging = paging(
            operation,
            &answers.output,
            self.types,
            self.items,
            self.report,
        );
        self.servers(operation);
        Operation {
            name: name.to_owned(),
            marker,
            group,
            docs: docs(
                operation.summary.as_deref(),
                operation.description.as_deref(),
            ),
            place: operation.place.clone(),
            label: operation.label(),
            method: operation.method,
            path: operation.path.clone(),
            deprecated: operation.deprecated,
            security: security(&operation.security, self.credentials),
            arguments,
            options,
            accept: answers.accept,
            output: answers.output,
            error,
            headers: answers.headers,
            paging,
        }
    }

    /// Says once of each server of operations' own that it is not used.
    fn servers(&mut self, operation: &api::Operation) {
        let Some(server) = operation.servers.first() else {
            return;
        };
        let url = super::server(server);
        if self.server.as_ref() != Some(&url) && self.servers.insert(url.clone()) {
            self.report.warning(
                codes::OPERATION_SERVERS,
                &server.place,
                format!(
                    "`{url}`, the server of {} and maybe others, is not used",
                    operation.label()
                ),
                "build another client for that server",
            );
        }
    }

    /// What must be given, path first and body last, and what may be given.
    fn arguments(&mut self, operation: &api::Operation) -> (Vec<Argument>, Vec<Argument>) {
        let mut given = Scope::default();
        let mut setters = Scope::with(REQUEST_METHODS);
        let mut arguments = Vec::new();
        let mut options = Vec::new();
        let body = operation
            .body
            .as_ref()
            .and_then(|body| Some((body, self.body(operation, body)?)));
        // The body is called `body` before any parameter is.
        if let Some((body, _)) = &body {
            let names = if body.required {
                &mut given
            } else {
                &mut setters
            };
            names.claim("body".to_owned(), &[]);
        }
        let mut required: Vec<&Parameter> = operation
            .parameters
            .iter()
            .filter(|it| it.required)
            .collect();
        required.sort_by_key(|parameter| match parameter.location {
            Location::Path => place_in_path(&operation.path, &parameter.name),
            Location::Query => usize::MAX - 2,
            Location::Header => usize::MAX - 1,
            Location::Cookie => usize::MAX,
        });
        for parameter in required {
            let name = given.claim(self.parameter_name(parameter), &others(parameter));
            arguments.push(self.parameter(parameter, name));
        }
        for parameter in operation.parameters.iter().filter(|it| !it.required) {
            let name = setters.claim(self.parameter_name(parameter), &others(parameter));
            options.push(self.parameter(parameter, name));
        }
        if let Some((body, (ty, wire))) = body {
            let argument = Argument {
                name: "body".to_owned(),
                docs: docs(None, body.description.as_deref()),
                deprecated: false,
                pass: self.pass(&ty, &wire),
                ty,
                wire: Wire::Body(wire),
            };
            if body.required {
                arguments.push(argument);
            } else {
                options.push(argument);
            }
        }
        (arguments, options)
    }

    fn parameter_name(&self, parameter: &Parameter) -> String {
        snake(parameter.rust_name.as_deref().unwrap_or(&parameter.name))
    }

    fn parameter(&mut self, parameter: &Parameter, name: String) -> Argument {
        let schema = self.types.forms.schema(parameter.schema);
        let target = self
            .types
            .forms
            .schema(self.types.forms.resolve(parameter.schema));
        // A parameter that is null is one that is not given.
        let (ty, _) = self.types.ty(parameter.schema);
        let ty = self.plain(ty);
        let wire = match &parameter.serialization {
            Serialization::Style {
                style,
                explode,
                allow_reserved,
            } => Wire::Parameter {
                location: parameter.location,
                name: parameter.name.clone(),
                style: *style,
                explode: *explode,
                allow_reserved: *allow_reserved,
            },
            Serialization::Content(media) => {
                if !(media.ends_with("json") || media.contains("json;")) {
                    self.report.note(
                        codes::PARAMETER_MEDIA_TYPE,
                        &parameter.place,
                        format!("the parameter's media type `{media}` is written as JSON"),
                    );
                }
                Wire::Json {
                    location: parameter.location,
                    name: parameter.name.clone(),
                }
            }
        };
        let pass = pass_of(&ty);
        Argument {
            name,
            docs: with_notes(
                docs(
                    None,
                    parameter.description.as_deref().or(schema
                        .description
                        .as_deref()
                        .filter(|_| schema.name.is_none())),
                ),
                &notes(schema, target, true),
            ),
            deprecated: parameter.deprecated,
            ty,
            pass,
            wire,
        }
    }

    /// An alias of something that has no name is that something where it is an argument.
    fn plain(&self, ty: Ty) -> Ty {
        let mut ty = ty;
        for _ in 0..16 {
            match &ty {
                Ty::Named(name) => match self.items.get(name) {
                    Some(Item::Alias(alias)) => ty = alias.ty.clone(),
                    _ => break,
                },
                _ => break,
            }
        }
        ty
    }

    /// The type and the form of a request's body.
    fn body(&mut self, operation: &api::Operation, body: &api::RequestBody) -> Option<(Ty, Body)> {
        let media = to_send(&body.content, &self.types.forms)?;
        for other in &body.content {
            if other.name != media.name {
                self.report.note(
                    codes::MEDIA_TYPE_PASSED_OVER,
                    &other.place,
                    format!("`{}` is sent instead of `{}`", media.name, other.name),
                );
            }
        }
        let holds = holds(media, &self.types.forms);
        if holds.has_schema() && media.schema.is_none() {
            self.report.warning(
                codes::BODY_WITHOUT_SCHEMA,
                &media.place,
                format!("the body of {} has no schema", operation.label()),
                "say in an overlay what it holds",
            );
        }
        for property in unusual_encodings(media, &self.types.forms) {
            self.report.warning(
                codes::ENCODING_NOT_USED,
                &media.place.join("encoding").join(property),
                format!("the encoding of `{property}` is not carried over"),
                "objects are written as JSON, files with their own media type, lists as repeated \
                 fields",
            );
        }
        // A range stands for every media type in it.
        let named = |other: &str| {
            if media.essence().contains('*') {
                other.to_owned()
            } else {
                media.name.clone()
            }
        };
        let (json, text, bytes) = (
            named("application/json"),
            named("text/plain"),
            named("application/octet-stream"),
        );
        let ty = match media.schema {
            Some(schema) if holds.has_schema() => self.types.whole(schema),
            _ => Ty::Json,
        };
        Some(match holds {
            Holds::Json => (self.plain_body(ty), Body::Json(json)),
            Holds::Form => (ty, Body::Form),
            Holds::Multipart => (ty, Body::Multipart),
            Holds::Text => (Ty::String, Body::Text(text)),
            Holds::Records | Holds::Bytes => (Ty::Bytes, Body::Bytes(bytes)),
        })
    }

    /// A list is passed as a slice whether it has a name or not.
    fn plain_body(&self, ty: Ty) -> Ty {
        match self.plain(ty.clone()) {
            plain @ (Ty::List(_) | Ty::String) => plain,
            _ => ty,
        }
    }

    fn pass(&self, ty: &Ty, body: &Body) -> Pass {
        match body {
            Body::Json(_) => pass_of(ty),
            Body::Form | Body::Multipart => Pass::Reference,
            Body::Text(_) => Pass::Str,
            Body::Bytes(_) => Pass::Slice,
        }
    }
}

/// How a type is passed: small ones as they are, others by reference.
fn pass_of(ty: &Ty) -> Pass {
    match ty {
        Ty::Unit
        | Ty::Bool
        | Ty::I32
        | Ty::I64
        | Ty::U64
        | Ty::F64
        | Ty::Uuid
        | Ty::DateTime
        | Ty::Date
        | Ty::Constant(_) => Pass::Value,
        Ty::String => Pass::Str,
        Ty::List(_) | Ty::Bytes => Pass::Slice,
        _ => Pass::Reference,
    }
}

/// Other names for a parameter: with its place, where that is not the query.
fn others(parameter: &Parameter) -> [String; 2] {
    let own = parameter.rust_name.as_deref().unwrap_or(&parameter.name);
    let place = match parameter.location {
        Location::Path => "in path",
        Location::Query => "value",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    [
        snake(&format!("{own} {place}")),
        snake(&format!("{own} parameter")),
    ]
}

fn place_in_path(path: &str, name: &str) -> usize {
    path.find(&format!("{{{name}}}")).unwrap_or(path.len())
}
