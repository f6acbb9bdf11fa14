//! Parameters as text (OpenAPI 3.0.3, Style Values; RFC 6570).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Everything but RFC 3986's unreserved characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// With `allowReserved`: RFC 3986's reserved characters stay, but for `#`, `&` and `+`, which
/// would end the query, the parameter or mean a space.
const RESERVED: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// How a parameter is written: `style`, `explode`, `allowReserved`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `;color=blue,black`
    Matrix,
    /// `.blue,black`
    Label,
    /// `color=blue,black`
    Form,
    /// `blue,black`
    Simple,
    /// `color=blue%20black`
    SpaceDelimited,
    /// `color=blue%7Cblack`
    PipeDelimited,
    /// `color%5BR%5D=100`
    DeepObject,
}

/// Escapes what is not unreserved.
pub(super) fn escape(text: &str) -> String {
    utf8_percent_encode(text, STRICT).to_string()
}

/// A value of a query parameter as `name=value` pairs, joined with `&`; `None` when there is
/// nothing to write.
pub(super) fn query(
    name: &str,
    style: Style,
    explode: bool,
    reserved: bool,
    value: &Value,
) -> Option<String> {
    let set = if reserved { RESERVED } else { STRICT };
    let encode = |text: &str| utf8_percent_encode(text, set).to_string();
    let name = escape(name);
    if style == Style::DeepObject {
        let mut pairs = Vec::new();
        deep(&name, value, &encode, &mut pairs);
        return (!pairs.is_empty()).then(|| pairs.join("&"));
    }
    let delimiter = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    let joined = |texts: Vec<String>| {
        (!texts.is_empty()).then(|| format!("{name}={}", texts.join(delimiter)))
    };
    match value {
        Value::Null => None,
        Value::Array(elements) => {
            let texts = elements.iter().filter_map(scalar).map(|text| encode(&text));
            if explode {
                pairs(texts.map(|text| (name.clone(), text)))
            } else {
                joined(texts.collect())
            }
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .filter_map(|(key, member)| Some((escape(key), encode(&scalar(member)?))));
            if explode {
                pairs(members)
            } else {
                joined(members.flat_map(|(key, text)| [key, text]).collect())
            }
        }
        other => Some(format!("{name}={}", encode(&scalar(other)?))),
    }
}

fn pairs(members: impl Iterator<Item = (String, String)>) -> Option<String> {
    let pairs: Vec<String> = members.map(|(key, text)| format!("{key}={text}")).collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// `name[key]=value`, at any depth; an array repeats its name.
fn deep(name: &str, value: &Value, encode: &impl Fn(&str) -> String, pairs: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (key, member) in members {
                let name = format!("{name}%5B{}%5D", escape(key));
                deep(&name, member, encode, pairs);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                deep(name, element, encode, pairs);
            }
        }
        other => pairs.extend(scalar(other).map(|text| format!("{name}={}", encode(&text)))),
    }
}

/// A value of a path parameter; `None` when there is nothing to write.
pub(super) fn path(name: &str, style: Style, explode: bool, value: &Value) -> Option<String> {
    let text = match style {
        Style::Matrix => matrix(&escape(name), explode, value)?,
        Style::Label => {
            let separator = if explode { "." } else { "," };
            format!(".{}", list(value, explode, separator, escape)?)
        }
        _ => list(value, explode, ",", escape)?,
    };
    (!text.is_empty()).then_some(text)
}

fn matrix(name: &str, explode: bool, value: &Value) -> Option<String> {
    let pair = |name: &str, text: &str| match text {
        "" => format!(";{name}"),
        text => format!(";{name}={text}"),
    };
    Some(match value {
        Value::Array(elements) if explode => elements
            .iter()
            .filter_map(scalar)
            .map(|text| pair(name, &escape(&text)))
            .collect(),
        Value::Object(members) if explode => members
            .iter()
            .filter_map(|(key, member)| Some(pair(&escape(key), &escape(&scalar(member)?))))
            .collect(),
        other => pair(name, &list(other, false, ",", escape)?),
    })
}

/// A value of a header parameter: style `simple`, nothing escaped.
pub(super) fn header(explode: bool, value: &Value) -> Option<String> {
    list(value, explode, ",", str::to_owned)
}

/// A value of a cookie parameter as `name=value`, joined with `; ` where it explodes.
pub(super) fn cookie(name: &str, explode: bool, value: &Value) -> Option<String> {
    query(name, Style::Form, explode, false, value).map(|text| text.replace('&', "; "))
}

/// Elements, or keys and values, joined.
fn list(
    value: &Value,
    explode: bool,
    separator: &str,
    encode: impl Fn(&str) -> String,
) -> Option<String> {
    let texts: Vec<String> = match value {
        Value::Null => return None,
        Value::Array(elements) => elements
            .iter()
            .filter_map(scalar)
            .map(|text| encode(&text))
            .collect(),
        Value::Object(members) => members
            .iter()
            .filter_map(|(key, member)| Some((encode(key), encode(&scalar(member)?))))
            .flat_map(|(key, text)| {
                if explode {
                    vec![format!("{key}={text}")]
                } else {
                    vec![key, text]
                }
            })
            .collect(),
        other => vec![encode(&scalar(other)?)],
    };
    (!texts.is_empty()).then(|| texts.join(separator))
}

/// A value as text; what has parts of its own, which no style says how to write, as JSON.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// An object as `application/x-www-form-urlencoded`, arrays with their names repeated.
pub(super) fn form(value: &Value) -> String {
    let Value::Object(members) = value else {
        return String::new();
    };
    members
        .iter()
        .filter_map(|(key, member)| match member {
            Value::Object(_) => pairs(std::iter::once((escape(key), escape(&member.to_string())))),
            _ => query(key, Style::Form, true, false, member),
        })
        .collect::<Vec<_>>()
        .join("&")
        .replace("%20", "+")
}
