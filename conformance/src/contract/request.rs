//! A request against its operation: parameters, media type, body.

use super::decode::{self, Decoded};
use super::route::Template;
use super::{Contract, Direction, Violation, media};
use crate::Request;
use crate::rule;
use plumbline_specs::api::{Location, Operation, Parameter};
use serde_json::Value;

/// All that is wrong with a request.
pub(super) fn check(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
) -> Vec<Violation> {
    let Some(values) = Template::parse(&operation.path).matches(&request.path) else {
        return vec![
            Violation::new(
                rule::traffic::REQUEST_PATH,
                "the path is not the operation's",
            )
            .expected(operation.path.clone())
            .actual(crate::shorten::shorten(&request.path, 200))
            .at_place(&operation.place),
        ];
    };
    let mut found = Vec::new();
    for parameter in &operation.parameters {
        let name = format!(
            "the {} parameter `{}`",
            word(parameter.location),
            parameter.name
        );
        match decode::parameter(&contract.api, parameter, request, &values) {
            Decoded::Absent if parameter.required => found.push(
                Violation::new(
                    rule::traffic::REQUEST_PARAMETER,
                    format!("{name} is missing"),
                )
                .expected("a value")
                .actual("nothing")
                .at_place(&parameter.place),
            ),
            Decoded::Absent => {}
            Decoded::Malformed(fault) => found.push(
                Violation::new(rule::traffic::REQUEST_PARAMETER, format!("{name}: {fault}"))
                    .expected("a value by its media type")
                    .at_place(&parameter.place),
            ),
            Decoded::Value(value) => {
                let place = &contract.api.schemas[parameter.schema].place;
                for violation in contract.validate(place, Direction::Request, &value) {
                    let mut violation = violation.of(rule::traffic::REQUEST_PARAMETER);
                    violation.message = format!("{name}: {}", violation.message);
                    found.push(violation);
                }
            }
        }
    }
    found.extend(unknown_query(contract, operation, request));
    found.extend(body(contract, operation, request));
    found
}

/// A parameter's name with its place, as no other parameter of an operation has it.
pub(crate) fn full_name(parameter: &Parameter) -> String {
    format!("{}.{}", word(parameter.location), parameter.name)
}

/// The documented parameters that a request carries.
pub(super) fn carried(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
) -> Vec<String> {
    let Some(values) = Template::parse(&operation.path).matches(&request.path) else {
        return Vec::new();
    };
    operation
        .parameters
        .iter()
        .filter(|parameter| {
            let decoded = decode::parameter(&contract.api, parameter, request, &values);
            !matches!(decoded, Decoded::Absent)
        })
        .map(full_name)
        .collect()
}

fn word(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// Query parameters that the document does not name are passed over by most servers: a warning.
fn unknown_query(contract: &Contract, operation: &Operation, request: &Request) -> Vec<Violation> {
    request
        .query
        .iter()
        .map(|(name, _)| super::route::decoded(name))
        .filter(|name| !contract.names_query(operation, name))
        .map(|name| {
            let name = crate::shorten::shorten(&name, 80);
            Violation::new(
                rule::traffic::REQUEST_PARAMETER,
                format!("the query parameter `{name}` is not documented"),
            )
            .expected("a documented parameter")
            .actual(name)
            .at_place(&operation.place)
            .warning()
        })
        .collect()
}

fn body(contract: &Contract, operation: &Operation, request: &Request) -> Vec<Violation> {
    let bytes = request.body.as_deref().filter(|body| !body.is_empty());
    let (Some(definition), Some(bytes)) = (&operation.body, bytes) else {
        let missing = operation.body.as_ref().filter(|body| body.required);
        return missing
            .map(|definition| {
                Violation::new(rule::traffic::REQUEST_BODY, "the required body is missing")
                    .expected("a body")
                    .actual("no body")
                    .at_place(&definition.place)
            })
            .into_iter()
            .collect();
    };
    let actual = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("", |(_, value)| value.as_str());
    let Some(media) = media::select(&definition.content, actual) else {
        let names: Vec<_> = definition
            .content
            .iter()
            .map(|media| media.name.as_str())
            .collect();
        return vec![
            Violation::new(
                rule::traffic::REQUEST_MEDIA_TYPE,
                "the body's media type is not documented",
            )
            .expected(names.join(" or "))
            .actual(crate::shorten::shorten(actual, 80))
            .at_place(&definition.place),
        ];
    };
    if !media::is_json(actual) {
        return Vec::new();
    }
    match serde_json::from_slice::<Value>(bytes) {
        Err(error) => vec![
            Violation::new(
                rule::traffic::REQUEST_BODY,
                format!("the body is not JSON: {error}"),
            )
            .expected("a JSON text")
            .at("")
            .at_place(&media.place),
        ],
        Ok(value) => media.schema.map_or_else(Vec::new, |schema| {
            let place = &contract.api.schemas[schema].place;
            contract
                .validate(place, Direction::Request, &value)
                .into_iter()
                .map(|violation| violation.of(rule::traffic::REQUEST_BODY))
                .collect()
        }),
    }
}
