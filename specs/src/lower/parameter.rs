//! Parameters and headers, their defaults filled in.

use super::Lowerer;
use crate::Pointer;
use crate::api::{Header, Kind, Location, Parameter, SchemaId, Serialization, Style};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::shape::Object;
use openapiv3::{ParameterSchemaOrContent, PathStyle, QueryStyle};
use std::collections::HashSet;

impl Lowerer<'_, '_> {
    /// The parameters that stand in the list at `parameters` of a place.
    pub(super) fn parameters(&mut self, place: &Pointer, count: usize) -> Vec<Parameter> {
        let place = place.join("parameters");
        let mut parameters: Vec<Parameter> = Vec::with_capacity(count);
        let mut met = HashSet::new();
        for index in 0..count {
            let at = place.index(index);
            let Some(parameter) = self.parameter(&at) else {
                continue;
            };
            if !met.insert((parameter.name.clone(), parameter.location)) {
                self.sink.repair(
                    Diagnostic::error(
                        codes::DUPLICATE_PARAMETER,
                        format!("the parameter `{}` is declared twice", parameter.name),
                    )
                    .pointer(&at),
                    "the first one counts",
                );
                continue;
            }
            parameters.push(parameter);
        }
        parameters
    }

    fn parameter(&mut self, place: &Pointer) -> Option<Parameter> {
        let place = self.follow(place)?;
        if !self.spend(1, &place) {
            return None;
        }
        if let Some(known) = self.parameters.get(&place) {
            return Some(known.clone());
        }
        let typed =
            self.document
                .typed::<openapiv3::Parameter>(Object::Parameter, &place, self.sink)?;
        let (location, style, reserved) = match &typed {
            openapiv3::Parameter::Query {
                style,
                allow_reserved,
                ..
            } => (Location::Query, query_style(style), *allow_reserved),
            openapiv3::Parameter::Header { .. } => (Location::Header, Style::Simple, false),
            openapiv3::Parameter::Path { style, .. } => {
                let style = match style {
                    PathStyle::Matrix => Style::Matrix,
                    PathStyle::Label => Style::Label,
                    PathStyle::Simple => Style::Simple,
                };
                (Location::Path, style, false)
            }
            openapiv3::Parameter::Cookie { .. } => (Location::Cookie, Style::Form, false),
        };
        let data = typed.parameter_data();
        let (schema, content) = self.value(&data.format, &place);
        let serialization = match content {
            Some(media_type) => Serialization::Content(media_type),
            None => Serialization::Style {
                style,
                // `form` explodes when nothing is said, and no other style does.
                explode: data.explode.unwrap_or(style == Style::Form),
                allow_reserved: reserved,
            },
        };
        let (schema, serialization) = self.decoded(schema, serialization);
        if location == Location::Path && !data.required {
            self.sink.push(
                Diagnostic::warning(
                    codes::OPTIONAL_PATH_PARAMETER,
                    format!("the path parameter `{}` is not marked required", data.name),
                )
                .pointer(&place)
                .help("a path parameter is always required: write `required: true`"),
            );
        }
        let map = self.document.map(&place)?;
        let parameter = Parameter {
            rust_name: self.rust_name(map),
            place: place.clone(),
            required: data.required || location == Location::Path,
            name: data.name,
            location,
            description: data.description,
            deprecated: data.deprecated.unwrap_or_default(),
            serialization,
            schema,
        };
        self.parameters.insert(place, parameter.clone());
        Some(parameter)
    }

    /// The schema of a parameter or a header, and the media type where it has `content`.
    fn value(
        &mut self,
        format: &ParameterSchemaOrContent,
        place: &Pointer,
    ) -> (SchemaId, Option<String>) {
        match format {
            ParameterSchemaOrContent::Schema(_) => (self.schema(place.join("schema")), None),
            ParameterSchemaOrContent::Content(content) => {
                let name = content.keys().next().cloned().unwrap_or_default();
                let media = place.join("content").join(&name);
                let schema = if self.member(&media, "schema").is_some() {
                    self.schema(media.join("schema"))
                } else {
                    self.anything(media)
                };
                (schema, Some(name))
            }
        }
    }

    /// A string that holds a document of its own (`contentMediaType` with `contentSchema`) is
    /// taken for that document.
    fn decoded(
        &mut self,
        schema: SchemaId,
        serialization: Serialization,
    ) -> (SchemaId, Serialization) {
        if matches!(serialization, Serialization::Content(_)) {
            return (schema, serialization);
        }
        self.drain();
        let schemas = &self.api.schemas;
        match &schemas[schemas.resolve(schema)].kind {
            Kind::String {
                content: Some(content),
                ..
            } => match content.schema {
                Some(inner) => (inner, Serialization::Content(content.media_type.clone())),
                None => (schema, serialization),
            },
            _ => (schema, serialization),
        }
    }

    /// The headers of a response or an encoding, by name.
    pub(super) fn headers(&mut self, place: &Pointer) -> Vec<Header> {
        let place = place.join("headers");
        let mut headers = Vec::new();
        for name in self.keys(&place) {
            // OpenAPI 3.0.3, Response Object: a header of this name is ignored.
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            if let Some(header) = self.header(&place.join(&name), name) {
                headers.push(header);
            }
        }
        headers
    }

    fn header(&mut self, place: &Pointer, name: String) -> Option<Header> {
        let place = self.follow(place)?;
        if !self.spend(1, &place) {
            return None;
        }
        let map = self.document.map(&place);
        let says_value =
            map.is_some_and(|map| map.contains_key("schema") || map.contains_key("content"));
        let Some(map) = map.filter(|_| !says_value) else {
            let typed =
                self.document
                    .typed::<openapiv3::Header>(Object::Header, &place, self.sink)?;
            let (schema, _) = self.value(&typed.format, &place);
            return Some(Header {
                place,
                name,
                description: typed.description,
                required: typed.required,
                deprecated: typed.deprecated.unwrap_or_default(),
                schema: Some(schema),
            });
        };
        // Headers without a schema are common; `openapiv3` asks for one.
        Some(Header {
            name,
            description: super::string(map, "description").map(str::to_owned),
            required: map.get("required") == Some(&serde_json::Value::Bool(true)),
            deprecated: map.get("deprecated") == Some(&serde_json::Value::Bool(true)),
            schema: None,
            place,
        })
    }
}

/// The Api's name for a query style.
pub(super) fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}
