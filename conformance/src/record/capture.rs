//! Captures: values that an answer gave and a later request uses, so that a replay can use those
//! that it is given itself.

use super::redact::{LONG, Redacted};
pub(super) use crate::contract::form_decoded as plain;
use crate::contract::media::essence;
use crate::fixture::{Capture, Origin};
use crate::secrets::Names;
use crate::{Contract, Exchange, Request};
use plumbline_specs::api::{Expression, Operation, PaginationStyle};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A value that the exchange at an index gives.
#[derive(Clone, Debug)]
pub(super) struct Captured {
    /// The variable's name.
    pub(super) name: String,
    /// The value in this recording.
    pub(super) value: String,
    /// The index of the exchange that gives it.
    pub(super) at: usize,
    /// Where it stands in the answer.
    pub(super) capture: Capture,
    /// Whether it is what stands in for a secret.
    pub(super) secret: bool,
}

/// Where a value stands in an answer.
struct Given {
    capture: Capture,
    /// The last name on the way to it.
    key: String,
    /// The less, the plainer the place.
    depth: usize,
}

/// A value that a request uses.
struct Use {
    value: String,
    /// The name of the parameter or member.
    name: String,
    place: Position,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Path,
    /// A cursor, by the paging profile, or a secret.
    Certain,
    Text,
    Number,
}

/// Finds the captures of a recording. A value that the client sent before any answer gave it is
/// the client's own.
pub(super) fn captures(contract: &Contract, redacted: &Redacted) -> Vec<Captured> {
    let mut found: Vec<Captured> = Vec::new();
    let mut names = Names::default();
    for secret in &redacted.secrets {
        names.keep(&secret.variable);
    }
    let stand_ins: HashSet<&str> = redacted
        .secrets
        .iter()
        .map(|own| own.stand_in.as_str())
        .collect();
    let mut known: HashSet<String> = HashSet::new();
    let mut given: BTreeMap<String, (usize, Vec<Given>)> = BTreeMap::new();
    let mut sent: BTreeSet<String> = BTreeSet::new();
    for (index, exchange) in redacted.exchanges.iter().enumerate() {
        let Some(operation) = contract.operation(&exchange.request.operation) else {
            continue;
        };
        for used in uses(contract, operation, exchange, redacted) {
            if known.contains(&used.value) {
                continue;
            }
            match given.get(&used.value) {
                Some((at, places)) => {
                    if let Some(place) = best(&used, places) {
                        let giver = redacted.exchanges.get(*at);
                        let path = giver
                            .and_then(|giver| contract.operation(&giver.request.operation))
                            .map_or("", |operation| operation.path.as_str());
                        known.insert(used.value.clone());
                        found.push(Captured {
                            name: names.take(&name(&used, place, path)),
                            value: used.value.clone(),
                            at: *at,
                            capture: place.capture.clone(),
                            secret: stand_ins.contains(used.value.as_str()),
                        });
                    }
                }
                None => {
                    sent.insert(used.value);
                }
            }
        }
        for (value, place) in gives(exchange) {
            if sent.contains(&value) {
                continue;
            }
            let entry = given.entry(value).or_insert_with(|| (index, Vec::new()));
            if entry.0 == index {
                entry.1.push(place);
            }
        }
    }
    found.sort_by_key(|captured| captured.at);
    found
}

/// The plainest place whose value is this one for sure: a short number may be anything.
fn best<'g>(used: &Use, places: &'g [Given]) -> Option<&'g Given> {
    let is_id = |key: &str| key.to_ascii_lowercase().ends_with("id");
    places
        .iter()
        .filter(|place| match used.place {
            Position::Certain => true,
            Position::Path => {
                used.value.len() >= LONG || is_id(&place.key) || place.key == used.name
            }
            Position::Text => {
                used.value.contains(|letter: char| letter.is_ascii_digit())
                    && (used.value.len() >= LONG || (is_id(&place.key) && is_id(&used.name)))
            }
            Position::Number => is_id(&place.key) && is_id(&used.name),
        })
        .min_by_key(|place| place.depth)
}

fn uses(
    contract: &Contract,
    operation: &Operation,
    exchange: &Exchange,
    redacted: &Redacted,
) -> Vec<Use> {
    let request = &exchange.request;
    let mut uses = Vec::new();
    let mut add = |value: String, name: &str, place| {
        uses.push(Use {
            value,
            name: name.to_owned(),
            place,
        });
    };
    let route = contract.route(&request.method, &request.path);
    for (name, value) in route.into_iter().flat_map(|route| route.values) {
        add(value, &name, Position::Path);
    }
    let cursors = cursors(operation);
    for (name, value) in &request.query {
        let certain = cursors
            .iter()
            .any(|place| matches!(place, Expression::RequestQuery(own) if *own == plain(name)));
        let place = if certain {
            Position::Certain
        } else {
            Position::Text
        };
        add(plain(value), &plain(name), place);
    }
    for (name, value) in &request.headers {
        if name.to_ascii_lowercase().starts_with("if-") {
            add(value.clone(), name, Position::Certain);
        }
        add(value.clone(), name, Position::Text);
    }
    if let Some(body) = body(request) {
        leaves(&body, "", &mut |pointer, value| {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let certain = cursors.iter().any(
                |place| matches!(place, Expression::RequestBody(own) if own.as_str() == pointer),
            );
            match value {
                Value::String(text) => {
                    let place = if certain {
                        Position::Certain
                    } else {
                        Position::Text
                    };
                    add(text.clone(), name, place);
                }
                Value::Number(number) => add(number.to_string(), name, Position::Number),
                _ => {}
            }
        });
    }
    // A secret counts wherever it stands, as `Bearer …` too.
    let whole = text(request);
    for index in redacted.stand_ins.all_in(&whole) {
        if let Some(secret) = redacted.secrets.get(index)
            && secret.stand_in.len() >= LONG
        {
            add(
                secret.stand_in.clone(),
                &secret.variable.to_ascii_lowercase(),
                Position::Certain,
            );
        }
    }
    uses
}

/// Where an operation is told the place to go on from.
fn cursors(operation: &Operation) -> Vec<&Expression> {
    match operation.pagination.as_ref().map(|profile| &profile.style) {
        Some(PaginationStyle::Cursor { cursor, .. }) => vec![cursor],
        _ => Vec::new(),
    }
}

/// What a request's body says: JSON, or the fields of a form.
pub(super) fn body(request: &Request) -> Option<Value> {
    let body = request.body.as_deref()?;
    if !is_form(request) {
        return serde_json::from_slice(body).ok();
    }
    let fields = url::form_urlencoded::parse(body);
    Some(Value::Object(
        fields
            .map(|(name, value)| (name.into_owned(), Value::from(value.as_ref())))
            .collect(),
    ))
}

/// Whether a request's body is a form.
pub(super) fn is_form(request: &Request) -> bool {
    request.headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type")
            && essence(value) == "application/x-www-form-urlencoded"
    })
}

/// All of a request in one text, to look for secrets in.
pub(super) fn text(request: &Request) -> String {
    let mut text = request.path_and_query();
    for (_, value) in &request.headers {
        text.push('\n');
        text.push_str(value);
    }
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(
        request.body.as_deref().unwrap_or_default(),
    ));
    text
}

/// Headers that say nothing which a client would send again.
const PASSED_OVER: [&str; 8] = [
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "server",
    "connection",
    "vary",
    "transfer-encoding",
];

fn gives(exchange: &Exchange) -> Vec<(String, Given)> {
    let Some(reply) = exchange.reply() else {
        return Vec::new();
    };
    let mut given = Vec::new();
    if let Some(body) = reply.json() {
        leaves(&body, "", &mut |pointer, value| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return,
            };
            let place = Given {
                capture: Capture {
                    from: Origin::Body(pointer.to_owned()),
                    part: None,
                },
                key: pointer.rsplit('/').next().unwrap_or_default().to_owned(),
                depth: pointer.matches('/').count(),
            };
            given.push((text, place));
        });
    }
    for (index, (name, value)) in reply.headers.iter().enumerate() {
        let before = reply.headers.get(..index).unwrap_or_default();
        // Of a header that is repeated nothing tells one line from another, but for cookies.
        let repeated = name != "set-cookie" && before.iter().any(|(own, _)| own == name);
        if repeated || PASSED_OVER.contains(&name.as_str()) {
            continue;
        }
        let mut add = |value: &str, part: Option<String>| {
            let place = Given {
                capture: Capture {
                    from: Origin::Header(name.clone()),
                    part,
                },
                key: "id".to_owned(),
                depth: 100,
            };
            given.push((value.to_owned(), place));
        };
        match name.as_str() {
            "location" | "content-location" => {
                let path = value.split(['?', '#']).next().unwrap_or_default();
                // A capture takes what stands there, which is no value where it is encoded.
                let last = path.trim_end_matches('/').rsplit('/').next();
                if let Some(last) = last.filter(|last| plain(last) == **last) {
                    add(last, Some("([^/?#]+)/?(?:[?#].*)?$".to_owned()));
                }
            }
            "set-cookie" => {
                let pair = value.split(';').next().unwrap_or_default();
                if let Some((cookie, value)) = pair.split_once('=') {
                    let part = format!(r"^\s*{}\s*=\s*([^;]+)", regex::escape(cookie.trim()));
                    add(value.trim(), Some(part));
                }
            }
            _ => add(value, None),
        }
    }
    given
}

/// Shows every leaf of a value with its pointer.
pub(super) fn leaves(value: &Value, pointer: &str, visitor: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{pointer}/{index}"), visitor);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(member, &format!("{pointer}/{key}"), visitor);
            }
        }
        leaf => visitor(pointer, leaf),
    }
}

/// What a captured value is called: as it is used, or else as it is given, or else after the
/// collection that it comes from.
fn name(used: &Use, given: &Given, path: &str) -> String {
    let telling = |name: &str| {
        let name = snake(name);
        (name != "id" && !name.is_empty() && !name.chars().all(|letter| letter.is_ascii_digit()))
            .then_some(name)
    };
    let key = match &given.capture.from {
        Origin::Body(_) => telling(&given.key),
        Origin::Header(_) => None,
    };
    let collection = path
        .split('/')
        .rfind(|segment| !segment.is_empty() && !segment.contains('{'))
        .map(|segment| {
            let singular = segment.strip_suffix('s').unwrap_or(segment);
            format!("{}_id", snake(singular))
        });
    telling(&used.name)
        .or(key)
        .or(collection)
        .unwrap_or_else(|| "id".to_owned())
}

/// `experimentId` and `experiment-id` become `experiment_id`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('_') {
            let upper = out.ends_with(|last: char| last.is_ascii_uppercase());
            if !upper {
                out.push('_');
            }
        }
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_matches('_').to_owned();
    if out.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{out}")
    } else {
        out
    }
}
