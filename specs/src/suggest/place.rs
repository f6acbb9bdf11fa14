//! Places in requests and answers where paging could stand: name, type, expression.

use super::words::{is_envelope, joined};
use crate::Pointer;
use crate::api::{Api, Expression, Kind, Location, Method, Operation, Property, SchemaId, Schemas};
use indexmap::IndexMap;
use serde_json::{Number, Value};

/// What a value is, as far as paging is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A whole number, or any number: documents write `number` for both.
    Number,
    /// A string that may be a token.
    Text,
    /// A string that is a date, a time or an address.
    Particular,
    Flag,
    List,
    Object,
    /// Anything, or several of these.
    Open,
}

/// A place in a request or an answer.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    pub(super) expression: Expression,
    pub(super) name: &'a str,
    /// The name as it is compared.
    pub(super) joined: String,
    pub(super) shape: Shape,
    pub(super) schema: SchemaId,
    /// The parameter's or the schema's own text.
    pub(super) description: Option<&'a str>,
    /// Whether it stands in an object that is about paging.
    pub(super) envelope: bool,
}

/// The schema behind aliases, and behind a union of which one member alone counts.
pub(super) fn behind(schemas: &Schemas, id: SchemaId) -> SchemaId {
    let mut id = schemas.resolve(id);
    // Unions in unions are rare, and a cycle of them must end.
    for _ in 0..4 {
        match &schemas[id].kind {
            Kind::Union { variants, .. } => match variants.as_slice() {
                [only] => id = schemas.resolve(only.schema),
                _ => break,
            },
            _ => break,
        }
    }
    id
}

/// The properties of an object.
pub(super) fn properties(schemas: &Schemas, id: SchemaId) -> Option<&IndexMap<String, Property>> {
    match &schemas[behind(schemas, id)].kind {
        Kind::Object { properties, .. } => Some(properties),
        _ => None,
    }
}

/// The schema of a list's items.
pub(super) fn element(schemas: &Schemas, id: SchemaId) -> Option<SchemaId> {
    match &schemas[behind(schemas, id)].kind {
        Kind::Array { items, .. } => Some(behind(schemas, *items)),
        _ => None,
    }
}

/// What a value of a schema is.
pub(super) fn shape(schemas: &Schemas, id: SchemaId) -> Shape {
    let schema = &schemas[behind(schemas, id)];
    match &schema.kind {
        Kind::Integer { .. } | Kind::Number { .. } => Shape::Number,
        Kind::String {
            format: Some(format),
            ..
        } if matches!(
            format.as_str(),
            "date" | "date-time" | "time" | "uri" | "url" | "uri-reference" | "unixtime"
        ) =>
        {
            Shape::Particular
        }
        Kind::String { .. } => Shape::Text,
        Kind::Boolean { .. } => Shape::Flag,
        Kind::Array { .. } | Kind::Tuple { .. } => Shape::List,
        Kind::Object { .. } => Shape::Object,
        Kind::Union { variants, .. } => {
            let mut shapes = variants.iter().map(|variant| {
                match &schemas[schemas.resolve(variant.schema)].kind {
                    // What is no union itself cannot lead back here.
                    Kind::Union { .. } => Shape::Open,
                    _ => shape(schemas, variant.schema),
                }
            });
            let first = shapes.next().unwrap_or(Shape::Open);
            if shapes.all(|other| other == first) {
                first
            } else {
                Shape::Open
            }
        }
        _ => Shape::Open,
    }
}

/// The default of a schema, its own or that of what it stands for.
pub(super) fn default(schemas: &Schemas, id: SchemaId) -> Option<&Value> {
    let own = schemas[id].default.as_ref();
    own.or_else(|| schemas[behind(schemas, id)].default.as_ref())
}

/// The least value of a number.
pub(super) fn minimum(schemas: &Schemas, id: SchemaId) -> Option<&Number> {
    match &schemas[behind(schemas, id)].kind {
        Kind::Integer { bounds, .. } | Kind::Number { bounds, .. } => bounds.minimum.as_ref(),
        _ => None,
    }
}

/// A header's name as it is compared, without the `X-` that marks it as nobody's standard.
fn of_header(name: &str) -> String {
    let own = name
        .get(..2)
        .filter(|start| start.eq_ignore_ascii_case("x-"));
    joined(own.and_then(|_| name.get(2..)).unwrap_or(name))
}

/// The headers of an operation's successes.
pub(super) fn headers<'a>(api: &'a Api, operation: &'a Operation) -> Vec<Found<'a>> {
    let successes = operation
        .responses
        .iter()
        .filter(|response| response.status.is_success());
    let found = successes.flat_map(|response| &response.headers);
    found
        .filter_map(|header| {
            let schema = header.schema?;
            Some(Found {
                expression: Expression::ResponseHeader(header.name.clone()),
                name: &header.name,
                joined: of_header(&header.name),
                shape: shape(&api.schemas, schema),
                schema,
                description: header.description.as_deref(),
                envelope: true,
            })
        })
        .collect()
}

/// The places in the request of an operation: parameters of the query and headers, and the
/// members of a JSON body, one level into objects that are about paging.
pub(super) fn of_request<'a>(api: &'a Api, operation: &'a Operation) -> Vec<Found<'a>> {
    let schemas = &api.schemas;
    let mut places = Vec::new();
    for parameter in &operation.parameters {
        let name = parameter.name.clone();
        let (expression, joined) = match parameter.location {
            Location::Query => (Expression::RequestQuery(name), joined(&parameter.name)),
            Location::Header => {
                let joined = of_header(&parameter.name);
                (Expression::RequestHeader(name), joined)
            }
            Location::Path | Location::Cookie => continue,
        };
        let schema = &schemas[parameter.schema];
        places.push(Found {
            expression,
            name: &parameter.name,
            joined,
            shape: shape(schemas, parameter.schema),
            schema: parameter.schema,
            description: parameter
                .description
                .as_deref()
                .or(schema.description.as_deref()),
            envelope: false,
        });
    }
    if operation.method != Method::Post {
        return places;
    }
    let body = operation
        .body
        .iter()
        .flat_map(|body| &body.content)
        .find(|media| media.is_json())
        .and_then(|media| media.schema);
    let Some(members) = body.and_then(|body| properties(schemas, body)) else {
        return places;
    };
    let root = Pointer::root();
    for (name, property) in members {
        let at = root.join(name);
        let own = member(schemas, name, property, &at, Expression::RequestBody, false);
        let inner = own.shape == Shape::Object && is_envelope(&own.joined);
        if inner && let Some(members) = properties(schemas, property.schema) {
            for (name, property) in members {
                let at = at.join(name);
                places.push(member(
                    schemas,
                    name,
                    property,
                    &at,
                    Expression::RequestBody,
                    true,
                ));
            }
        }
        places.push(own);
    }
    places
}

/// A member of an object as a place.
pub(super) fn member<'a>(
    schemas: &'a Schemas,
    name: &'a str,
    property: &Property,
    at: &Pointer,
    expression: fn(Pointer) -> Expression,
    envelope: bool,
) -> Found<'a> {
    let description = schemas[property.schema].description.as_deref();
    Found {
        expression: expression(at.clone()),
        name,
        joined: joined(name),
        shape: shape(schemas, property.schema),
        schema: property.schema,
        description,
        envelope,
    }
}

/// The schema of what a success answers in JSON.
pub(super) fn answer(operation: &Operation) -> Option<SchemaId> {
    operation
        .responses
        .iter()
        .filter(|response| response.status.is_success())
        .flat_map(|response| &response.content)
        .find(|media| (media.is_json() || media.essence() == "*/*") && media.stream.is_none())
        .and_then(|media| media.schema)
}
