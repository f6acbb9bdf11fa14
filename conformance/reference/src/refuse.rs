//! Complaints about a request, and the refusal that they lead to.

use super::call::{Body, Call, ServerResponse};
use super::complaint::{Complaint, Matter, Refusal};
use super::context::{RequestContext, World};
use plumbline_conformance::rule;
use plumbline_conformance::{Severity, Violation};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Kind, Location, Operation, Response, SchemaId, Status};
use serde_json::{Map, Value, json};

/// Every fault that the contract and the profile find in the request.
pub(super) fn complaints(context: &RequestContext<'_>) -> Vec<Complaint> {
    let mut found = super::parsed::complaints(context);
    let label = context.operation.label();
    let request = context.call.request(&label);
    for violation in context
        .world
        .contract
        .check_request(context.operation, &request)
    {
        // A warning is what only other servers would mind.
        if violation.severity != Severity::Failure {
            continue;
        }
        let place = violation_place(context.operation, &violation);
        // The profile's own word on a place is more precise.
        if found.iter().any(|own: &Complaint| own.place == place) {
            continue;
        }
        found.push(Complaint {
            matter: matter(context, &place),
            place,
            message: violation.message,
        });
    }
    found
}

/// Leaves out of a JSON body each null where its schema allows none, as a server does that reads
/// null as left out; a member that is required is then missed.
pub(super) fn forget_nulls(world: &World, operation: &Operation, call: &mut Call) {
    let Ok(mut body) = serde_json::from_slice::<Value>(&call.body) else {
        return;
    };
    let request = call.request(&operation.label());
    let mut gone = false;
    for violation in world.contract.check_request(operation, &request) {
        let Some(pointer) = violation
            .pointer
            .filter(|_| violation.rule == rule::traffic::REQUEST_BODY)
        else {
            continue;
        };
        if body.pointer(&pointer) == Some(&Value::Null)
            && let Some(pointer) = Pointer::parse(&pointer)
        {
            gone |= super::value::take(&mut body, &pointer);
        }
    }
    if gone {
        call.body = body.to_string().into_bytes();
    }
}

/// The place that a violation of the request is about, as [`Complaint::place`] has it.
fn violation_place(operation: &Operation, violation: &Violation) -> String {
    if violation.rule != rule::traffic::REQUEST_PARAMETER {
        return format!("body#{}", violation.pointer.as_deref().unwrap_or_default());
    }
    // The message names the parameter; its schema may stand elsewhere and be shared.
    let parameter = operation.parameters.iter().find(|own| {
        let named = format!("{} parameter `{}`", word(own.location), own.name);
        violation.message.contains(&named)
    });
    parameter.map_or_else(
        || "query".to_owned(),
        |own| format!("{}.{}", word(own.location), own.name),
    )
}

fn word(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

fn matter(context: &RequestContext<'_>, place: &str) -> Matter {
    let Some(name) = place.strip_prefix("query.").or(place.strip_prefix("path.")) else {
        return if context.json.is_none() {
            Matter::Unreadable
        } else {
            Matter::Value
        };
    };
    let expression = if place.starts_with("query.") {
        Expression::RequestQuery(name.to_owned())
    } else {
        Expression::RequestPath(name.to_owned())
    };
    let api = context.api();
    let text = context
        .read(&expression)
        .map(|value| super::value::text(&value));
    let schema = expression.request_schema(api, context.operation);
    match schema.map(|schema| &api.schemas[api.schemas.resolve(schema)].kind) {
        Some(Kind::Integer { .. } | Kind::Number { .. }) => {
            match text.is_some_and(|text| text.parse::<f64>().is_ok()) {
                true => Matter::Bounds,
                false => Matter::Unreadable,
            }
        }
        Some(Kind::String {
            format: Some(format),
            ..
        }) if format == "uuid" => Matter::Unreadable,
        _ => Matter::Value,
    }
}

impl Refusal {
    /// The answer, in the documented status and form where there is one.
    pub(super) fn answer(&self, world: &World, operation: &Operation) -> ServerResponse {
        let (wanted, message) = match self {
            Self::Bad(complaints) => {
                let first = complaints.first();
                let matter = first.map_or(Matter::Value, |first| first.matter);
                let message = first.map_or("the request is not valid", |first| &first.message);
                (world.particulars.bad_statuses(matter, first), message)
            }
            Self::Unauthorized => (vec![401, 403], "the credentials are missing or wrong"),
            Self::Unknown => (
                vec![
                    operation
                        .resource
                        .as_ref()
                        .and_then(|resource| resource.unknown)
                        .unwrap_or(404),
                    404,
                    422,
                    400,
                ],
                "there is no such item",
            ),
            Self::NoOwner => (vec![404, 422, 400], "there is no such owner"),
            Self::Demanded { status, message } => (vec![*status], message.as_str()),
            Self::PastTheEnd(status) => (vec![*status], "there is no such page"),
            Self::Broken(status) => (vec![*status], "something went wrong"),
        };
        let (status, response) = choose(operation, &wanted);
        let bounds = matches!(self, Self::Bad(complaints)
            if complaints.first().is_some_and(|first| first.matter == Matter::Bounds));
        let mut answer = describe(world, status, response, message, bounds);
        if status == 401 {
            answer
                .headers
                .push(("WWW-Authenticate".to_owned(), "Bearer".to_owned()));
        }
        answer
    }
}

/// The first wanted status that is documented as such, else as a range, else the first.
fn choose<'a>(operation: &'a Operation, wanted: &[u16]) -> (u16, Option<&'a Response>) {
    let find = |test: &dyn Fn(Status) -> bool| {
        operation
            .responses
            .iter()
            .find(|response| test(response.status))
    };
    for status in wanted {
        if let Some(response) = find(&|own| own == Status::Code(*status)) {
            return (*status, Some(response));
        }
        // A fitting range is better than another code, but for the code of the framework.
        if wanted.first() == Some(status)
            && !wanted
                .iter()
                .skip(1)
                .any(|other| *status < 404 && find(&|own| own == Status::Code(*other)).is_some())
            && let Some(response) =
                find(&|own| matches!(own, Status::Range(_)) && own.covers(*status))
        {
            return (*status, Some(response));
        }
    }
    let first = wanted.first().copied().unwrap_or(400);
    (first, find(&|own| own.covers(first)))
}

/// An answer that says `message` in the form that the document gives to errors.
fn describe(
    world: &World,
    status: u16,
    response: Option<&Response>,
    message: &str,
    bounds: bool,
) -> ServerResponse {
    if (200..300).contains(&status) {
        return ServerResponse::empty(status);
    }
    let Some(response) = response else {
        return ServerResponse::json(status, json!({"code": status, "message": message}));
    };
    let media = response
        .content
        .iter()
        .find(|media| media.is_json())
        .or_else(|| response.content.first());
    let Some(media) = media else {
        return ServerResponse::empty(status);
    };
    let value = media
        .schema
        .map(|schema| explain(world, schema, status, message, bounds, 0));
    let body = match value {
        Some(Value::String(text)) if !media.is_json() => Body::Bytes(text.into_bytes()),
        Some(value) => Body::Json(value),
        None => Body::Json(json!({"message": message})),
    };
    ServerResponse {
        status,
        headers: Vec::new(),
        media: Some(media.name.clone()),
        body,
    }
}

/// A value of an error's schema that carries the message where such schemas do.
fn explain(
    world: &World,
    schema: SchemaId,
    status: u16,
    message: &str,
    bounds: bool,
    depth: u8,
) -> Value {
    const WORDS: [&str; 8] = [
        "message",
        "detail",
        "error",
        "title",
        "msg",
        "reason",
        "description",
        "error_description",
    ];
    let api = world.api();
    let again = |schema: SchemaId| {
        explain(
            world,
            schema,
            status,
            message,
            bounds,
            depth.saturating_add(1),
        )
    };
    match &api.schemas[api.schemas.resolve(schema)].kind {
        Kind::String { values: None, .. } | Kind::Any if depth < 6 => message.into(),
        Kind::Array { items, .. } if depth < 6 => Value::Array(vec![again(*items)]),
        Kind::Union { variants, .. } if depth < 6 => variants
            .first()
            .map_or(Value::Null, |variant| again(variant.schema)),
        Kind::Object { properties, .. } if depth < 6 => {
            // One form of Opik's: a list of sentences that stands alone.
            if bounds && properties.contains_key("errors") && properties.contains_key("message") {
                return json!({"errors": [message]});
            }
            let mut members = Map::new();
            for (name, property) in properties {
                let value = match name.as_str() {
                    "code" | "status" => Some(json!(status)),
                    "loc" => Some(json!(["request"])),
                    "type" => Some(json!("value_error")),
                    name if WORDS.contains(&name) => Some(again(property.schema)),
                    _ if property.required => {
                        Some(world.invent(property.schema, u64::from(status)))
                    }
                    _ => None,
                };
                if let Some(value) = value {
                    members.insert(name.clone(), value);
                }
            }
            if members.is_empty() {
                for (name, property) in properties.iter().take(1) {
                    members.insert(name.clone(), again(property.schema));
                }
            }
            Value::Object(members)
        }
        _ => world.invent(schema, u64::from(status)),
    }
}
