//! Exchanges without secrets become the steps of a fixture that loads.

use super::Options;
use super::capture::{Captured, captures, is_form};
use super::known::KnownValues;
use super::matchers::{Sent, matchers};
use super::redact::Redacted;
use super::rewrite::Rewrite;
use super::settle::settle;
use crate::codes;
use crate::contract::media::essence;
use crate::contract::reply::documented;
use crate::fixture::{self, Body, Fixture, FixtureRequest, FixtureResponse, Step};
use crate::{Contract, Reply, Request};
use base64::Engine as _;
use plumbline_specs::Diagnostic;
use plumbline_specs::api::{Location, Method, Operation};
use serde_json::Value;
use std::collections::BTreeMap;

/// A longer body says more than a fixture should: it is left out. In bytes.
const BODY: usize = 256 * 1024;

/// Headers of a request that are kept though the document does not name them.
const ASKED: [&str; 6] = [
    "accept",
    "content-type",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "range",
];

/// Headers of an answer that are kept though the document does not name them.
const ANSWERED: [&str; 4] = ["content-type", "location", "link", "etag"];

/// The fixture of a recording; `None` where no exchange can be kept.
pub(super) fn fixture(
    contract: &Contract,
    redacted: &Redacted,
    options: &Options,
    notes: &mut Vec<Diagnostic>,
) -> Option<Fixture> {
    let captured = captures(contract, redacted);
    let known = KnownValues::new(redacted, &captured);
    let mut sent = Sent::default();
    let mut taken = BTreeMap::new();
    let mut steps = Vec::new();
    let mut writes = false;
    for (index, exchange) in redacted.exchanges.iter().enumerate() {
        let Some(operation) = contract.operation(&exchange.request.operation) else {
            continue;
        };
        let reply = match &exchange.answer {
            Ok(reply) => reply,
            Err(failure) => {
                notes.push(Diagnostic::note(
                    codes::NO_ANSWER,
                    format!(
                        "`{} {}` had no answer that can be kept: {}",
                        exchange.request.method,
                        redacted.masks.text(&exchange.request.path),
                        crate::report::describe_failure(failure)
                    ),
                ));
                continue;
            }
        };
        writes |= !operation.method.is_safe()
            && (operation.method != Method::Post || !contract.only_reads(operation));
        sent.add(&exchange.request);
        let scene = StepContext {
            contract,
            operation,
            rewrite: known.at(index, exchange),
            captured: given_at(&captured, index),
        };
        steps.push(Step {
            id: id(&operation.label(), &mut taken),
            operation: operation.label(),
            about: None,
            provenance: None,
            needs: None,
            request: scene.ask(&exchange.request),
            response: scene.answer(reply),
            capture: scene
                .captured
                .iter()
                .map(|own| (own.name.clone(), own.capture.clone()))
                .collect(),
            compare: scene.compare(reply, &sent),
        });
    }
    let mut fixture = Fixture {
        name: options.name.clone(),
        file: format!("{}.yaml", options.name),
        about: "Recorded traffic, in the order in which the requests were sent.".to_owned(),
        provenance: options.provenance.clone(),
        writes,
        values: indexmap::IndexMap::new(),
        secrets: redacted
            .secrets
            .iter()
            .map(|secret| (secret.variable.clone(), secret.stand_in.clone()))
            .collect(),
        exchanges: steps,
    };
    settle(contract, &mut fixture, &captured, notes);
    (!fixture.exchanges.is_empty()).then_some(fixture)
}

/// What the answer at an index gives; the captures are in the order of the exchanges.
fn given_at(captured: &[Captured], index: usize) -> Vec<&Captured> {
    let from = captured.partition_point(|own| own.at < index);
    let rest = captured.get(from..).unwrap_or_default().iter();
    rest.take_while(|own| own.at == index).collect()
}

/// One exchange and what is known by then.
pub(super) struct StepContext<'a> {
    pub(super) contract: &'a Contract,
    pub(super) operation: &'a Operation,
    pub(super) rewrite: Rewrite,
    /// What its answer gives to later ones.
    pub(super) captured: Vec<&'a Captured>,
}

impl StepContext<'_> {
    fn ask(&self, request: &Request) -> FixtureRequest {
        let credentials: Vec<String> = self
            .contract
            .credentials()
            .into_iter()
            .filter(|(location, _)| *location == Location::Header)
            .map(|(_, name)| name)
            .collect();
        let declared = |name: &str| self.operation.parameter(Location::Header, name).is_some();
        let cookies = self
            .operation
            .parameters
            .iter()
            .any(|parameter| parameter.location == Location::Cookie)
            || self
                .contract
                .credentials()
                .iter()
                .any(|(location, _)| *location == Location::Cookie);
        let mut headers: Vec<(String, String)> = request
            .headers
            .iter()
            .filter(|(name, value)| {
                let lower = name.to_ascii_lowercase();
                // A browser that takes anything asks for nothing.
                ASKED.contains(&lower.as_str()) && !value.contains("*/*")
                    || declared(name)
                    || credentials.iter().any(|own| own.eq_ignore_ascii_case(name))
                    || lower == "cookie" && (cookies || self.rewrite.text(value).contains("${"))
            })
            .map(|(name, value)| (name.clone(), self.rewrite.text(value)))
            .collect();
        let body = request
            .body
            .as_deref()
            .filter(|body| !body.is_empty())
            .map(|body| match std::str::from_utf8(body) {
                Ok(text) if is_form(request) => Body::Text(self.rewrite.form(text)),
                _ => self.sent(body),
            });
        let plain_json = headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("content-type") && value == "application/json"
        });
        if body.is_none() || plain_json && matches!(body, Some(Body::Json(_))) {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        }
        FixtureRequest {
            method: request.method.clone(),
            path: self.rewrite.path(&request.path),
            query: self.rewrite.query(&request.query),
            headers,
            body,
            invalid: None,
        }
    }

    /// A request's body. JSON whose spelling matters, as a number beyond what a double holds, or a
    /// name twice, stays a text.
    fn sent(&self, body: &[u8]) -> Body {
        let value = serde_json::from_slice::<Value>(body).ok();
        let Some(value) = value else {
            return self.other(body);
        };
        let is_id = |key: &str| key.to_ascii_lowercase().ends_with("id");
        if let Some(text) = self.rewrite.json_text(&value, is_id) {
            return Body::Text(text);
        }
        if is_exact(body, &value) {
            Body::Json(self.rewrite.json(&value))
        } else {
            self.other(body)
        }
    }

    fn other(&self, body: &[u8]) -> Body {
        match std::str::from_utf8(body) {
            Ok(text) => Body::Text(self.rewrite.text(text)),
            Err(_) => Body::Base64(base64::engine::general_purpose::STANDARD.encode(body)),
        }
    }

    pub(super) fn answer(&self, reply: &Reply) -> FixtureResponse {
        let named: Vec<&str> = documented(self.operation, reply.status)
            .map(|response| {
                response
                    .headers
                    .iter()
                    .map(|own| own.name.as_str())
                    .collect()
            })
            .unwrap_or_default();
        let needed = |name: &str| {
            self.captured.iter().any(|own| {
                matches!(&own.capture.from, fixture::Origin::Header(from) if from.eq_ignore_ascii_case(name))
            })
        };
        let mut headers: Vec<(String, String)> = reply
            .headers
            .iter()
            .filter(|(name, _)| {
                needed(name)
                    || name != "set-cookie"
                        && (ANSWERED.contains(&name.as_str())
                            || named.iter().any(|own| own.eq_ignore_ascii_case(name)))
            })
            .map(|(name, value)| (name.clone(), self.rewrite.text(value)))
            .collect();
        let kind = reply.header("content-type").unwrap_or_default();
        let json = crate::contract::media::is_json(kind)
            .then(|| reply.json())
            .flatten();
        let body = match json {
            _ if reply.body.is_empty() => Some(Body::Text(String::new())),
            _ if reply.body.len() > BODY && self.captured.is_empty() => None,
            Some(value) => Some(Body::Json(self.rewrite.json(&value))),
            None => Some(self.other(&reply.body)),
        };
        // Nothing has no media type, whatever it is called.
        if reply.body.is_empty()
            || matches!(body, Some(Body::Json(_))) && essence(kind) == "application/json"
        {
            headers.retain(|(name, _)| name != "content-type");
        }
        FixtureResponse {
            status: reply.status,
            headers,
            body,
            departs: None,
        }
    }

    fn compare(&self, reply: &Reply, sent: &Sent) -> Vec<fixture::Compare> {
        let kind = reply.header("content-type").unwrap_or_default();
        if !crate::contract::media::is_json(kind) || reply.body.len() > BODY {
            return Vec::new();
        }
        reply.json().map_or_else(Vec::new, |body| {
            matchers(&body, &self.rewrite.json(&body), sent, &self.rewrite)
        })
    }
}

/// Whether a JSON text says nothing beyond its value: the same without its white space.
fn is_exact(body: &[u8], value: &Value) -> bool {
    let mut within = false;
    let mut escaped = false;
    let bare: Vec<u8> = body
        .iter()
        .copied()
        .filter(|byte| {
            let keep = within || !byte.is_ascii_whitespace();
            match byte {
                _ if escaped => escaped = false,
                b'\\' if within => escaped = true,
                b'"' => within = !within,
                _ => {}
            }
            keep
        })
        .collect();
    let written = value.to_string().into_bytes();
    // Escapes may differ: `\u00e4` is ä.
    bare == written
        || serde_json::from_slice::<Value>(&written).is_ok_and(|again| again == *value)
            && numbers(&bare) == numbers(&written)
}

/// The numbers of a JSON text as they are spelled, and how many names it has.
fn numbers(text: &[u8]) -> (Vec<Vec<u8>>, usize) {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let (mut within, mut escaped, mut names) = (false, false, 0);
    let mut number: Vec<u8> = Vec::new();
    for byte in text {
        if within {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => within = false,
                _ => {}
            }
            continue;
        }
        if byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E') {
            number.push(*byte);
            continue;
        }
        if number.iter().any(u8::is_ascii_digit) {
            found.push(number.clone());
        }
        number.clear();
        within = *byte == b'"';
        names += usize::from(*byte == b':');
    }
    if !number.is_empty() {
        found.push(number);
    }
    (found, names)
}

/// A step's id from its operation's label: `createExperiment` gives `create-experiment`.
fn id(label: &str, taken: &mut BTreeMap<String, usize>) -> String {
    let mut id = String::new();
    for letter in label.chars() {
        if letter.is_ascii_uppercase()
            && id.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit())
        {
            id.push('-');
        }
        if letter.is_ascii_alphanumeric() {
            id.push(letter.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = match id.trim_matches('-') {
        "" => "exchange".to_owned(),
        id => id.to_owned(),
    };
    let times = taken.entry(id.clone()).or_insert(0);
    *times += 1;
    match *times {
        1 => id,
        times => format!("{id}-{times}"),
    }
}
