//! Runtime expressions (OpenAPI 3.0.3, section "Runtime Expressions"): what stands at a place of a
//! request or a response, and how something is put there.
//!
//! A parameter is read and written as the document says, by its style or its media type. Which
//! schema a place has, [`Expression::request_schema`] says.

pub use crate::contract::text;

use crate::contract::{self, decoded, encoded};
use crate::{Contract, Exchange, Reply, Request};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Expression, Operation};
use serde_json::{Map, Value};
use url::Url;

/// A value to put into a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Substitution<'a> {
    /// Nothing: the parameter is taken out.
    Nothing,
    /// A JSON value; its text, outside of a JSON body.
    Value(&'a Value),
    /// This very text, in a JSON body without quotes around it.
    Raw(&'a str),
}

/// Puts a value into a request of an operation. `false` where that cannot be done: a path, which
/// is already filled in, or a body that is not JSON.
pub(crate) fn put(
    operation: &Operation,
    request: &mut Request,
    place: &Expression,
    value: &Substitution<'_>,
) -> bool {
    match place {
        Expression::RequestQuery(name) => {
            request.query.retain(|(own, _)| decoded(own) != *name);
        }
        Expression::RequestHeader(name) => {
            request
                .headers
                .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        }
        Expression::RequestBody(pointer) => return put_body(request, pointer, value),
        Expression::RequestPath(_)
        | Expression::ResponseHeader(_)
        | Expression::ResponseBody(_) => return false,
    }
    let value = match value {
        Substitution::Nothing => return true,
        Substitution::Value(value) => (*value).clone(),
        Substitution::Raw(text) => Value::String((*text).to_owned()),
    };
    if let Some(parameter) = place.parameter(operation) {
        contract::put(request, parameter, &value);
    } else if let Expression::RequestHeader(name) = place {
        request.headers.push((name.clone(), text(&value)));
    } else if let Expression::RequestQuery(name) = place {
        request.query.push((encoded(name), encoded(&text(&value))));
    }
    true
}

fn put_body(request: &mut Request, pointer: &Pointer, value: &Substitution<'_>) -> bool {
    // Stands for a raw text until the body is written.
    const RAW: &str = "\u{0}plumbline\u{0}";
    let mut body = match request.body.as_deref().filter(|body| !body.is_empty()) {
        None => Value::Object(Map::new()),
        Some(bytes) => match serde_json::from_slice(bytes) {
            Ok(body) => body,
            Err(_) => return false,
        },
    };
    let tokens: Vec<String> = pointer.tokens().collect();
    let Some((last, parents)) = tokens.split_last() else {
        return false;
    };
    let mut node = &mut body;
    for token in parents {
        if node.is_null() {
            *node = Value::Object(Map::new());
        }
        let Value::Object(members) = node else {
            return false;
        };
        node = members.entry(token.clone()).or_insert(Value::Null);
    }
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    let Value::Object(members) = node else {
        return false;
    };
    match value {
        Substitution::Nothing => {
            members.shift_remove(last);
        }
        Substitution::Value(value) => {
            members.insert(last.clone(), (*value).clone());
        }
        Substitution::Raw(_) => {
            members.insert(last.clone(), Value::String(RAW.to_owned()));
        }
    }
    let mut text = body.to_string();
    if let Substitution::Raw(raw) = value {
        text = text.replacen(&Value::String(RAW.to_owned()).to_string(), raw, 1);
    }
    request.body = Some(text.into_bytes());
    let typed = request
        .headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if !typed {
        request
            .headers
            .push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    true
}

/// The value at a place of an operation's request: of a body the JSON there, of a parameter an
/// array or an object as the document writes one, else the text that was sent. `None` where nothing
/// stands there, or nothing that can be read.
pub fn read_request(
    api: &Api,
    operation: &Operation,
    request: &Request,
    place: &Expression,
) -> Option<Value> {
    match place {
        Expression::RequestBody(pointer) => {
            let body: Value = serde_json::from_slice(request.body.as_deref()?).ok()?;
            body.pointer(pointer.as_str()).cloned()
        }
        // As it is in the path, whether or not a parameter declares it.
        Expression::RequestPath(name) => {
            contract::path_value(operation, &request.path, name).map(Value::String)
        }
        _ => contract::sent(api, place.parameter(operation)?, request),
    }
}

/// The value at a place of a response, whose body is given as JSON.
pub(crate) fn read_response(
    reply: &Reply,
    body: Option<&Value>,
    place: &Expression,
) -> Option<Value> {
    match place {
        Expression::ResponseHeader(name) => reply
            .header(name)
            .map(|text| Value::String(text.to_owned())),
        Expression::ResponseBody(pointer) => body?.pointer(pointer.as_str()).cloned(),
        _ => None,
    }
}

/// The id of the item that an operation has created at a target: where `x-resource` says, of a
/// header what its URL names ([`located`]), or the id that the client chose.
pub(crate) fn created_id(
    contract: &Contract,
    target: &Url,
    create: &Operation,
    exchange: &Exchange,
) -> Option<Value> {
    let resource = create.resource.as_ref()?;
    let (request, reply) = (&exchange.request, exchange.reply()?);
    let body = reply.json();
    let read = |place: &Expression| match place {
        Expression::ResponseHeader(name) => {
            located(contract, target, create, exchange, reply.header(name)?).map(Value::String)
        }
        Expression::RequestBody(pointer) => {
            let sent: Value = serde_json::from_slice(request.body.as_deref()?).ok()?;
            sent.pointer(pointer.as_str()).cloned()
        }
        place => read_response(reply, body.as_ref(), place),
    };
    let places = [resource.id.as_ref(), resource.chosen.as_ref()];
    places
        .into_iter()
        .flatten()
        .find_map(read)
        .filter(|id| id.is_string() || id.is_number())
}

/// The id that the URL of a created item names. It counts where the URL is one of the target's, and
/// stands right below the path that the request was sent to, or where an operation on an item of
/// that collection would be: any other is that of another thing (a job, an audit entry).
pub(crate) fn located(
    contract: &Contract,
    target: &Url,
    create: &Operation,
    exchange: &Exchange,
    location: &str,
) -> Option<String> {
    let path = &exchange.request.path;
    let base = target.path().trim_end_matches('/');
    let url = target.join(&format!("{base}{path}")).ok()?;
    let url = url.join(location).ok()?;
    let origin = |url: &Url| {
        (
            url.host_str().map(str::to_owned),
            url.port_or_known_default(),
        )
    };
    if origin(&url) != origin(target) {
        return None;
    }
    let path_of = |path: &str| -> Vec<String> {
        let path = path.trim_end_matches('/');
        path.split('/').map(decoded).collect()
    };
    let rest = url.path().strip_prefix(base)?;
    let (rest, own) = (rest.trim_end_matches('/'), path_of(path));
    if let [above @ .., id] = path_of(rest).as_slice()
        && above == own
        && !id.is_empty()
    {
        return Some(id.clone());
    }
    let collection = &create.resource.as_ref()?.collection;
    contract.api.operations.iter().find_map(|operation| {
        let resource = operation.resource.as_ref()?;
        match &resource.id {
            Some(Expression::RequestPath(name)) if resource.collection == *collection => {
                contract::path_value(operation, rest, name)
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_specs::{Input, Options, read};
    use serde_json::json;

    const DOCUMENT: &str = r#"
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    put:
      operationId: putThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: page, in: query, schema: {type: integer}}
        - {name: "a[]", in: query, schema: {type: array, items: {type: string}}}
        - {name: include, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: bars, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {of: {type: string}}}}
        - {name: as_json, in: query, content: {application/json: {schema: {type: array, items: {type: string}}}}}
        - {name: X-Ids, in: header, schema: {type: array, items: {type: string}}}
      requestBody: {content: {application/json: {schema: {type: object, properties: {deep: {type: object, properties: {limit: {type: integer}}}}}}}}
      responses: {"204": {description: None.}}
"#;

    fn api() -> Api {
        let input = Input {
            name: "things.yaml",
            bytes: DOCUMENT.as_bytes(),
        };
        read(input, &Options::default()).unwrap().api
    }

    fn body(pointer: &str) -> Expression {
        Expression::RequestBody(Pointer::parse(pointer).unwrap())
    }

    fn query(name: &str) -> Expression {
        Expression::RequestQuery(name.to_owned())
    }

    /// What is written by the parameter's style is read by it.
    #[test]
    fn a_parameter_is_written_and_read_as_the_document_says() {
        let api = api();
        let operation = &api.operations[0];
        for (name, value, sent, read) in [
            ("page", json!(7), "page=7", json!("7")),
            ("page", json!("x y&"), "page=x%20y%26", json!("x y&")),
            (
                "a[]",
                json!(["a", "b,c"]),
                "a%5B%5D=a&a%5B%5D=b%2Cc",
                json!(["a", "b,c"]),
            ),
            (
                "include",
                json!(["a", "b,c"]),
                "include=a,b%2Cc",
                json!(["a", "b,c"]),
            ),
            ("bars", json!([1, 2]), "bars=1%7C2", json!([1, 2])),
            (
                "deep",
                json!({"of": "x"}),
                "deep%5Bof%5D=x",
                json!({"of": "x"}),
            ),
            (
                "as_json",
                json!(["a"]),
                "as_json=%5B%22a%22%5D",
                json!(["a"]),
            ),
            ("undeclared", json!("x"), "undeclared=x", Value::Null),
        ] {
            let mut request = Request {
                path: "/things/007".to_owned(),
                query: vec![("page".to_owned(), "1".to_owned())],
                ..Request::default()
            };
            let page = query("page");
            assert!(put(operation, &mut request, &page, &Substitution::Nothing));
            let place = query(name);
            let value = Substitution::Value(&value);
            assert!(put(operation, &mut request, &place, &value));
            let pairs = request.query.iter();
            let pairs: Vec<String> = pairs
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            assert_eq!(pairs.join("&"), sent);
            let back = read_request(&api, operation, &request, &place);
            assert_eq!(back.unwrap_or_default(), read, "{name}");
        }
    }

    /// A server may read any of them: an id that is passed over here could be acted on there.
    #[test]
    fn of_a_name_that_comes_again_every_value_is_read() {
        let api = api();
        let operation = &api.operations[0];
        for (name, sent, read) in [
            ("page", ["1", "2"], json!(["1", "2"])),
            ("a[]", ["a", "b"], json!(["a", "b"])),
            ("include", ["a,b", "c"], json!(["a", "b", "c"])),
            ("bars", ["1%7C2", "3"], json!([1, 2, 3])),
            (
                "as_json",
                ["[\"a\"]", "[\"b\"]"],
                json!(["[\"a\"]", "[\"b\"]"]),
            ),
        ] {
            let request = Request {
                query: sent.map(|value| (encoded(name), value.to_owned())).to_vec(),
                ..Request::default()
            };
            let back = read_request(&api, operation, &request, &query(name));
            assert_eq!(back, Some(read), "{name}");
        }
    }

    #[test]
    fn a_header_is_named_in_any_case_and_a_path_is_read_as_it_was_sent() {
        let api = api();
        let operation = &api.operations[0];
        let mut request = Request {
            path: "/things/007".to_owned(),
            headers: vec![("x-ids".to_owned(), "old".to_owned())],
            ..Request::default()
        };
        let header = Expression::RequestHeader("x-IDS".to_owned());
        let ids = json!(["a", "b"]);
        assert!(put(
            operation,
            &mut request,
            &header,
            &Substitution::Value(&ids)
        ));
        assert_eq!(request.headers, [("X-Ids".to_owned(), "a,b".to_owned())]);
        assert_eq!(read_request(&api, operation, &request, &header), Some(ids));
        let id = Expression::RequestPath("id".to_owned());
        let sent = read_request(&api, operation, &request, &id);
        assert_eq!(sent, Some(json!("007")));
        assert!(!put(operation, &mut request, &id, &Substitution::Nothing));
    }

    #[test]
    fn a_member_of_the_body_is_put_where_the_pointer_says() {
        let api = api();
        let operation = &api.operations[0];
        let mut request = Request {
            body: Some(br#"{"keep":1}"#.to_vec()),
            ..Request::default()
        };
        let mut at = |pointer: &str, value: &Substitution<'_>| {
            put(operation, &mut request, &body(pointer), value)
        };
        assert!(at("/deep/limit", &Substitution::Value(&json!(3))));
        assert!(at("/token", &Substitution::Raw("99999999999999999999")));
        assert!(!at("/token/deeper", &Substitution::Raw("1")));
        assert_eq!(
            String::from_utf8(request.body.clone().unwrap()).unwrap(),
            r#"{"keep":1,"deep":{"limit":3},"token":99999999999999999999}"#
        );
        let keep = body("/keep");
        assert!(put(operation, &mut request, &keep, &Substitution::Nothing));
        assert_eq!(read_request(&api, operation, &request, &keep), None);
        let limit = body("/deep/limit");
        assert_eq!(
            read_request(&api, operation, &request, &limit),
            Some(json!(3))
        );
        let schema = limit.request_schema(&api, operation).unwrap();
        assert_eq!(
            api.schemas[schema].place.as_str(),
            "/paths/~1things~1{id}/put/requestBody/content/application~1json/schema/properties/deep/properties/limit"
        );
    }
}
