//! Secrets by declared location: what a document, HTTP itself and the user say is secret.
//!
//! Locations: the headers of authentication and cookies (RFC 9110, section 11; RFC 6265), security
//! schemes, `writeOnly` properties, `format: password`, a list of the user's own, and what has the
//! very name of a secret ([`names`]). A name with the word `token` in it says nothing:
//! `starting_token` is a cursor.

mod fields;
mod urls;
mod walk;

use super::places::variable_for;
use super::{Map, Place, names};
use crate::contract::{form_decoded as decoded, media};
use crate::{Contract, Direction, Exchange, Reply, Request};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Location, MediaType, Operation, SchemaId};
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Headers whose values are secret whatever a document says.
pub(crate) const ALWAYS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "api-key",
];

/// How deep a value is looked into.
const DEPTH: usize = 128;

/// Where the secrets of a document's exchanges stand.
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    /// `None` where names alone count.
    contract: Option<&'a Contract>,
    /// In lower case.
    headers: Vec<String>,
    queries: Vec<String>,
    maps: &'a [Map],
    places: &'a [Place],
    /// Which of the places, and of the maps, were met.
    met: Vec<Cell<bool>>,
    met_maps: Vec<Cell<bool>>,
    /// Names that are shown though they are those of secrets.
    keep: &'a [String],
    /// Whether a schema, or one that it reaches, says that its value is secret.
    leading: RefCell<HashMap<SchemaId, bool>>,
}

/// One place where a secret stands.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'a> {
    /// The variable that stands for it, unless another secret has taken the name.
    pub(crate) variable: String,
    /// The schema of the value, where there is one.
    pub(crate) schema: Option<(SchemaId, &'a Pointer, Direction)>,
    /// Whether it is a header's, so that schemes and passwords inside it count.
    pub(crate) header: bool,
}

/// Shown each secret; what it gives takes the value's place.
pub(crate) type Visitor<'v> = dyn FnMut(&Spot<'_>, &Value) -> Option<Value> + 'v;

impl<'a> Declared<'a> {
    /// What a document and a user declare.
    pub fn new(
        contract: &'a Contract,
        maps: &'a [Map],
        places: &'a [Place],
        keep: &'a [String],
    ) -> Self {
        let mut headers: Vec<String> = ALWAYS.map(str::to_owned).to_vec();
        headers.extend(maps.iter().map(|map| map.header.to_ascii_lowercase()));
        let mut queries = Vec::new();
        for (location, name) in contract.credentials() {
            match location {
                Location::Header => headers.push(name.to_ascii_lowercase()),
                Location::Query => queries.push(name),
                // Every cookie is secret already.
                Location::Cookie | Location::Path => {}
            }
        }
        for place in places {
            match place {
                Place::Header(name) => headers.push(name.to_ascii_lowercase()),
                Place::Query(name) => queries.push(name.clone()),
                Place::Body(_) => {}
            }
        }
        Self {
            contract: Some(contract),
            headers,
            queries,
            maps,
            places,
            met: vec![Cell::new(false); places.len()],
            met_maps: vec![Cell::new(false); maps.len()],
            keep,
            leading: RefCell::default(),
        }
    }

    /// What HTTP itself and names declare, whatever a document says.
    pub(crate) fn by_name() -> Self {
        Self {
            contract: None,
            headers: ALWAYS.map(str::to_owned).to_vec(),
            queries: Vec::new(),
            maps: &[],
            places: &[],
            met: Vec::new(),
            met_maps: Vec::new(),
            keep: &[],
            leading: RefCell::default(),
        }
    }

    /// Those of the user's flags whose place no exchange had so far.
    pub(crate) fn unmet(&self) -> Vec<String> {
        let places = self.places.iter().zip(&self.met);
        let maps = self.maps.iter().zip(&self.met_maps);
        let places = places.filter(|(_, met)| !met.get());
        let maps = maps.filter(|(_, met)| !met.get());
        places
            .map(|(place, _)| format!("--secret '{place}'"))
            .chain(maps.map(|(map, _)| format!("--map '{}=${}'", map.header, map.variable)))
            .collect()
    }

    fn meet(&self, is: impl Fn(&Place) -> bool) {
        for (place, met) in self.places.iter().zip(&self.met) {
            if is(place) {
                met.set(true);
            }
        }
    }

    /// Whether a name says that what stands under it is secret, and the user does not say that it
    /// is shown.
    fn is_named(&self, name: &str) -> bool {
        names::is_secret(name) && !self.is_kept(name)
    }

    fn is_kept(&self, name: &str) -> bool {
        self.keep.iter().any(|own| names::are_same(own, name))
    }

    /// The member of a field's or parameter's name that says that its value is secret:
    /// `user[password]` and `auth.password` write as one name what JSON nests, where all below the
    /// name of a secret is one.
    fn named_in<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.is_kept(name) {
            return None;
        }
        let mut found = None;
        for member in names::members(name) {
            if self.is_kept(member) {
                found = None;
            } else if names::is_secret(member) {
                found = Some(member);
            }
        }
        found
    }

    fn operation(&self, label: &str) -> Option<&'a Operation> {
        self.contract?.operation(label)
    }

    /// Shows every secret of an exchange to `visitor`, in the order of the wire.
    pub(crate) fn visit(&self, exchange: &mut Exchange, visitor: &mut Visitor<'_>) {
        self.visit_request(&mut exchange.request, visitor);
        if let Ok(reply) = &mut exchange.answer {
            self.visit_reply(&exchange.request.operation, reply, visitor);
        }
    }

    /// As [`visit`](Self::visit), of a request alone.
    pub(crate) fn visit_request(&self, request: &mut Request, visitor: &mut Visitor<'_>) {
        let operation = self.operation(&request.operation);
        if let Some(path) = self.in_matrix(&request.path, visitor) {
            request.path = path;
        }
        self.query(operation, &mut request.query, visitor);
        self.headers(operation, &mut request.headers, visitor);
        if let Some(body) = &mut request.body {
            let kind = header(&request.headers, "content-type").unwrap_or_default();
            let content = operation
                .and_then(|operation| media::select(&operation.body.as_ref()?.content, kind));
            self.body(body, kind, content, Direction::Request, visitor);
        }
    }

    /// As [`visit`](Self::visit), of the answer to an operation's request alone.
    pub(crate) fn visit_reply(
        &self,
        operation: &str,
        reply: &mut Reply,
        visitor: &mut Visitor<'_>,
    ) {
        self.headers(None, &mut reply.headers, visitor);
        let kind = header(&reply.headers, "content-type").unwrap_or_default();
        let content = self
            .operation(operation)
            .and_then(|operation| crate::contract::reply::documented(operation, reply.status))
            .and_then(|response| media::select(&response.content, kind));
        self.body(&mut reply.body, kind, content, Direction::Response, visitor);
    }

    fn query(
        &self,
        operation: Option<&Operation>,
        query: &mut [(String, String)],
        visitor: &mut Visitor<'_>,
    ) {
        for (name, value) in query {
            let plain = decoded(name);
            let schema = self.query_parameter(operation, &plain);
            let secret = schema.is_some_and(|schema| self.is_secret(schema));
            self.meet(|place| matches!(place, Place::Query(own) if *own == plain));
            let named = self.named_in(&plain);
            if secret || self.queries.contains(&plain) || named.is_some() {
                let spot = Spot {
                    variable: variable_for(named.unwrap_or(&plain)),
                    schema: schema.and_then(|own| self.placed(own, Direction::Request)),
                    header: false,
                };
                if let Some(Value::String(text)) = visitor(&spot, &decoded(value).into()) {
                    *value = encoded_unless_variable(&text);
                }
            } else if let Some(after) =
                self.in_text(&decoded(value), schema, Direction::Request, visitor)
            {
                *value = encoded_unless_variable(&after);
            }
        }
    }

    /// The schema of a parameter.
    fn parameter(
        &self,
        operation: Option<&'a Operation>,
        location: Location,
        name: &str,
    ) -> Option<SchemaId> {
        let parameter = operation?.parameter(location, name)?;
        Some(parameter.schema)
    }

    /// The schema of a query's parameter, or of a member of an object that is written as several:
    /// `filter[password]`.
    fn query_parameter(&self, operation: Option<&'a Operation>, name: &str) -> Option<SchemaId> {
        let whole = self.parameter(operation, Location::Query, name);
        whole.or_else(|| {
            let mut members = names::members(name);
            let object = self.parameter(operation, Location::Query, members.next()?)?;
            members.try_fold(object, |schema, member| self.member(Some(schema), member))
        })
    }

    fn placed(
        &self,
        schema: SchemaId,
        direction: Direction,
    ) -> Option<(SchemaId, &'a Pointer, Direction)> {
        let place = &self.contract?.api.schemas[schema].place;
        Some((schema, place, direction))
    }

    fn headers(
        &self,
        operation: Option<&'a Operation>,
        headers: &mut [(String, String)],
        visitor: &mut Visitor<'_>,
    ) {
        for (name, value) in headers {
            let lower = name.to_ascii_lowercase();
            if lower == "cookie" {
                *value = value
                    .split(';')
                    .map(|pair| cookie(pair, visitor))
                    .collect::<Vec<_>>()
                    .join(";");
            } else if lower == "set-cookie" {
                let (pair, attributes) = match value.split_once(';') {
                    Some((pair, rest)) => (pair, format!(";{rest}")),
                    None => (value.as_str(), String::new()),
                };
                *value = format!("{}{attributes}", cookie(pair, visitor));
            } else if self.headers.contains(&lower)
                || names::is_secret_header(name) && !self.is_kept(name)
                || self
                    .parameter(operation, Location::Header, name)
                    .is_some_and(|schema| self.is_secret(schema))
            {
                let map = self
                    .maps
                    .iter()
                    .zip(&self.met_maps)
                    .find(|(map, _)| map.header.eq_ignore_ascii_case(name))
                    .map(|(map, met)| {
                        met.set(true);
                        map
                    });
                let spot = Spot {
                    variable: map.map_or_else(|| variable_for(name), |map| map.variable.clone()),
                    schema: None,
                    header: true,
                };
                if let Some(text) = credential(&spot, value, visitor) {
                    *value = text;
                }
            } else if let Some(text) = self.in_url(value, visitor) {
                *value = text;
            }
            self.meet(
                |place| matches!(place, Place::Header(own) if own.eq_ignore_ascii_case(name)),
            );
        }
    }

    fn body(
        &self,
        body: &mut Vec<u8>,
        kind: &str,
        content: Option<&'a MediaType>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) {
        let schema = content.and_then(|media| media.schema);
        match media::essence(kind).as_str() {
            "application/x-www-form-urlencoded" => {
                self.form(body, schema, direction, visitor);
                return;
            }
            essence if essence.starts_with("multipart/") => {
                self.multipart(body, kind, schema, direction, visitor);
                return;
            }
            _ => {}
        }
        let stream = content.and_then(|media| media.stream.as_ref());
        let item = stream.and_then(|stream| stream.item).or(schema);
        let leads = |schema: Option<SchemaId>| schema.is_some_and(|own| self.leads_to_one(own));
        if self.places.is_empty() && !names::may_stand_in(body) && !leads(schema) && !leads(item) {
            return;
        }
        // A byte order mark is no part of the text (RFC 8259, section 8.1).
        let bare = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        if let Ok(value) = serde_json::from_slice::<Value>(bare) {
            let after = self.value(&value, schema, direction, visitor);
            if after != value {
                *body = after.to_string().into_bytes();
            }
            return;
        }
        let Ok(text) = std::str::from_utf8(body) else {
            return;
        };
        let lines: Vec<String> = text
            .split('\n')
            .map(|line| self.line(line, item, direction, visitor))
            .collect();
        let after = lines.join("\n");
        if after != text {
            *body = after.into_bytes();
        }
    }

    /// A line of a stream: a JSON text, alone or as the data of an event.
    fn line(
        &self,
        line: &str,
        item: Option<SchemaId>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) -> String {
        let start = line.find(['{', '[']).unwrap_or(line.len());
        let (before, rest) = line.split_at(start);
        let payload = rest.trim_end();
        let Ok(value) = serde_json::from_str::<Value>(payload) else {
            return line.to_owned();
        };
        let after = self.value(&value, item, direction, visitor);
        if after == value {
            return line.to_owned();
        }
        let end = rest.get(payload.len()..).unwrap_or_default();
        format!("{before}{after}{end}")
    }
}

/// A value without its scheme, which is no secret and is needed to send a header again; `None`
/// where nothing is replaced.
fn credential(spot: &Spot<'_>, value: &str, visitor: &mut Visitor<'_>) -> Option<String> {
    let (scheme, rest) = match value.split_once(' ') {
        Some((scheme, rest)) if spot.header && is_scheme(scheme) => (format!("{scheme} "), rest),
        _ => (String::new(), value),
    };
    if rest.is_empty() {
        return None;
    }
    match visitor(spot, &rest.into()) {
        Some(Value::String(text)) => Some(format!("{scheme}{text}")),
        _ => None,
    }
}

/// One `name=value` of a cookie header, with its spaces.
fn cookie(pair: &str, visitor: &mut Visitor<'_>) -> String {
    let Some((name, value)) = pair.split_once('=') else {
        return pair.to_owned();
    };
    let spot = Spot {
        variable: format!("COOKIE_{}", variable_for(name.trim())),
        schema: None,
        header: false,
    };
    match visitor(&spot, &value.trim().into()) {
        Some(Value::String(text)) if !value.trim().is_empty() => format!("{name}={text}"),
        _ => pair.to_owned(),
    }
}

/// Whether a word is an authentication scheme rather than the start of a secret with spaces.
fn is_scheme(word: &str) -> bool {
    [
        "basic", "bearer", "digest", "token", "apikey", "api-key", "key",
    ]
    .contains(&word.to_ascii_lowercase().as_str())
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// A value of a query, percent-encoded; the name of a variable, `$NAME`, stays one.
fn encoded_unless_variable(text: &str) -> String {
    match text.strip_prefix('$') {
        Some(name) if super::is_name(name) => text.to_owned(),
        _ => crate::contract::encoded(text),
    }
}
