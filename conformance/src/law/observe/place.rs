//! Runtime expressions put to use: writing into a request, reading from a reply.

use crate::{Reply, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Location, Operation};
use serde_json::{Map, Value};

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A value to put into a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Put<'a> {
    /// Nothing: the parameter is taken out.
    Nothing,
    /// A JSON value; its text, outside of a JSON body.
    Value(&'a Value),
    /// This very text, in a JSON body without quotes around it.
    Raw(&'a str),
}

/// Puts a value into a request. `false` where that cannot be done: a path, which is already
/// filled in, or a body that is no JSON.
pub(super) fn put(request: &mut Request, place: &Expression, value: &Put<'_>) -> bool {
    match place {
        Expression::RequestQuery(name) => {
            request.query.retain(|(own, _)| decoded(own) != *name);
            for text in texts(value) {
                request.query.push((encoded(name), encoded(&text)));
            }
            true
        }
        Expression::RequestHeader(name) => {
            request
                .headers
                .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            for text in texts(value) {
                request.headers.push((name.clone(), text));
            }
            true
        }
        Expression::RequestBody(pointer) => put_body(request, pointer, value),
        Expression::RequestPath(_)
        | Expression::ResponseHeader(_)
        | Expression::ResponseBody(_) => false,
    }
}

/// As [`put`], with a list or an object written as the operation's parameter of that name says, by
/// its style (OpenAPI 3.0.3, Parameter Object, Style Values).
pub(super) fn put_by_style(
    operation: &Operation,
    request: &mut Request,
    place: &Expression,
    value: &Value,
) -> bool {
    let (name, location) = match place {
        Expression::RequestQuery(name) => (name, Location::Query),
        Expression::RequestHeader(name) => (name, Location::Header),
        _ => return put(request, place, &Put::Value(value)),
    };
    let parameter = operation.parameters.iter().find(|parameter| {
        parameter.location == location
            && (parameter.name == *name
                || location == Location::Header && parameter.name.eq_ignore_ascii_case(name))
    });
    match parameter {
        Some(parameter) if value.is_array() || value.is_object() => {
            // What stood there before, in any style.
            put(request, place, &Put::Nothing);
            crate::contract::put(request, parameter, value);
            true
        }
        _ => put(request, place, &Put::Value(value)),
    }
}

/// A value as texts: several where it is an array.
fn texts(value: &Put<'_>) -> Vec<String> {
    match value {
        Put::Nothing => Vec::new(),
        Put::Raw(text) => vec![(*text).to_owned()],
        Put::Value(Value::Array(members)) => members.iter().map(text).collect(),
        Put::Value(value) => vec![text(value)],
    }
}

/// A string as it is, anything else as JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn put_body(request: &mut Request, pointer: &Pointer, value: &Put<'_>) -> bool {
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
        Put::Nothing => {
            members.shift_remove(last);
        }
        Put::Value(value) => {
            members.insert(last.clone(), (*value).clone());
        }
        Put::Raw(_) => {
            members.insert(last.clone(), Value::String(RAW.to_owned()));
        }
    }
    let mut text = body.to_string();
    if let Put::Raw(raw) = value {
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

/// Reads a value from a reply; `body` is its body as JSON.
pub(super) fn read(reply: &Reply, body: Option<&Value>, place: &Expression) -> Option<Value> {
    match place {
        Expression::ResponseHeader(name) => reply
            .header(name)
            .map(|text| Value::String(text.to_owned())),
        Expression::ResponseBody(pointer) => body?.pointer(pointer.as_str()).cloned(),
        _ => None,
    }
}

/// A value with `{value}` in its strings replaced. A string that is `{value}` and nothing
/// else becomes the value itself; in a string that holds JSON the value is escaped for it.
pub(super) fn filled(template: &Value, value: &Value) -> Value {
    const HOLE: &str = "{value}";
    match template {
        Value::String(whole) if whole == HOLE => value.clone(),
        Value::String(part) if part.contains(HOLE) => {
            let plain = text(value);
            let holds_json = part.trim_start().starts_with(['[', '{']) && part != HOLE;
            let inserted = if holds_json {
                let quoted = Value::String(plain).to_string();
                quoted
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'))
                    .unwrap_or(&quoted)
                    .to_owned()
            } else {
                plain
            };
            Value::String(part.replace(HOLE, &inserted))
        }
        Value::Array(members) => members.iter().map(|member| filled(member, value)).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| (name.clone(), filled(member, value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Percent-encoded but for RFC 3986's unreserved characters.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Percent-decoded.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(pointer: &str) -> Expression {
        Expression::RequestBody(Pointer::parse(pointer).unwrap())
    }

    #[test]
    fn values_go_where_the_expression_says() {
        let mut request = Request {
            query: vec![("a%5B%5D".to_owned(), "1".to_owned())],
            body: Some(br#"{"keep":1}"#.to_vec()),
            ..Request::default()
        };
        let query = Expression::RequestQuery("a[]".to_owned());
        assert!(put(&mut request, &query, &Put::Value(&json!("x y&"))));
        assert_eq!(
            request.query,
            [("a%5B%5D".to_owned(), "x%20y%26".to_owned())]
        );
        assert!(put(&mut request, &query, &Put::Nothing));
        assert!(request.query.is_empty());
        assert!(put(
            &mut request,
            &body("/deep/limit"),
            &Put::Value(&json!(3))
        ));
        assert!(put(
            &mut request,
            &body("/token"),
            &Put::Raw("99999999999999999999")
        ));
        assert_eq!(
            String::from_utf8(request.body.clone().unwrap()).unwrap(),
            r#"{"keep":1,"deep":{"limit":3},"token":99999999999999999999}"#
        );
        assert!(put(&mut request, &body("/keep"), &Put::Nothing));
        assert!(!put(&mut request, &body("/token/deeper"), &Put::Raw("1")));
        assert!(!put(
            &mut request,
            &Expression::RequestPath("id".to_owned()),
            &Put::Nothing
        ));
    }

    #[test]
    fn a_value_is_filled_in_as_its_surroundings_ask() {
        for (template, value, expected) in [
            (json!("{value}"), json!(3), json!(3)),
            (json!("name:{value}"), json!("a\"b"), json!("name:a\"b")),
            (
                json!(r#"[{"field":"name","value":"{value}"}]"#),
                json!("a\"b"),
                json!(r#"[{"field":"name","value":"a\"b"}]"#),
            ),
            (
                json!([{"name": "id", "value": "{value}", "deep": true}]),
                json!("x"),
                json!([{"name": "id", "value": "x", "deep": true}]),
            ),
        ] {
            assert_eq!(filled(&template, &value), expected);
        }
    }
}
