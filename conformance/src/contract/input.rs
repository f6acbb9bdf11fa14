//! A request as the values that a typed client is called with.

use super::decode::{self, Decoded};
use super::route::Template;
use super::{Contract, media};
use crate::Request;
use plumbline_specs::api::{Location, Operation};
use serde_json::{Map, Value};

/// `{"parameters": {"query.page": 1}, "body": …}`.
pub(super) fn input(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
) -> Result<Value, String> {
    let path = Template::parse(&operation.path)
        .matches(&request.path)
        .ok_or("the path is not the operation's")?;
    let mut parameters = Map::new();
    for parameter in &operation.parameters {
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        match decode::parameter(&contract.api, parameter, request, &path) {
            Decoded::Absent => {}
            Decoded::Value(value) => {
                parameters.insert(format!("{place}.{}", parameter.name), value);
            }
            Decoded::Malformed(fault) => {
                return Err(format!(
                    "the {place} parameter `{}`: {fault}",
                    parameter.name
                ));
            }
        }
    }
    let mut input = Map::new();
    input.insert("parameters".to_owned(), Value::Object(parameters));
    if let Some(bytes) = &request.body {
        input.insert("body".to_owned(), body(request, bytes)?);
    }
    Ok(Value::Object(input))
}

fn body(request: &Request, bytes: &[u8]) -> Result<Value, String> {
    let media_type = request
        .headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.as_str())
        .unwrap_or_default();
    if media::is_json(media_type) {
        return serde_json::from_slice(bytes).map_err(|error| format!("the body: {error}"));
    }
    if media_type.starts_with("text/") {
        return String::from_utf8(bytes.to_vec())
            .map(Value::String)
            .map_err(|error| format!("the body: {error}"));
    }
    Err(format!("a body of type `{media_type}` has no one value"))
}
