//! A reply against its operation: status, media type, headers, body.

use super::{Contract, Direction, Violation, explain, media, stream};
use crate::{Reply, Rule, rule};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Kind, MediaType, Operation, Response, Status, Stream};
use serde_json::Value;

/// The documented response for a status code: the code itself, then its range, then `default`
/// (OpenAPI 3.0.3, Responses Object).
pub(crate) fn documented(operation: &Operation, status: u16) -> Option<&Response> {
    let find = |wanted: &dyn Fn(Status) -> bool| {
        operation
            .responses
            .iter()
            .find(|response| wanted(response.status))
    };
    find(&|key| key == Status::Code(status))
        .or_else(|| find(&|key| matches!(key, Status::Range(_)) && key.covers(status)))
        .or_else(|| find(&|key| key == Status::Default))
}

/// The documented status codes, for a message.
pub(crate) fn statuses(operation: &Operation) -> String {
    let keys: Vec<_> = operation
        .responses
        .iter()
        .map(|response| response.status.to_string())
        .collect();
    if keys.is_empty() {
        "none".to_owned()
    } else {
        keys.join(", ")
    }
}

/// The rules that a reply says something of: the others had nothing to look at.
pub(crate) fn rules_seen(api: &Api, operation: &Operation, reply: &Reply) -> Vec<Rule> {
    let success = (200..400).contains(&reply.status);
    let Some(response) = documented(operation, reply.status) else {
        return if success {
            vec![rule::check::DOCUMENTED_STATUS]
        } else {
            Vec::new()
        };
    };
    let mut rules = vec![rule::check::DOCUMENTED_STATUS];
    let has_header = |name: &str| reply.header(name).is_some();
    if response
        .headers
        .iter()
        .any(|header| header.required || has_header(&header.name))
    {
        rules.push(rule::check::DOCUMENTED_HEADERS);
    }
    if is_bodiless(operation, reply) || response.content.is_empty() && reply.body.is_empty() {
        return rules;
    }
    let content_type = reply.header("content-type");
    if content_type.is_some() || !reply.body.is_empty() {
        rules.push(rule::check::MEDIA_TYPE);
    }
    if body_view(api, response, reply, content_type) == BodyView::Judged {
        rules.push(body_rule(reply));
    }
    rules
}

/// The rule that a reply's body would be judged by, where a body came that cannot be held to its
/// schema, and why.
pub(crate) fn rule_unseen(
    api: &Api,
    operation: &Operation,
    reply: &Reply,
) -> Option<(Rule, String)> {
    let response = documented(operation, reply.status)?;
    if is_bodiless(operation, reply) || response.content.is_empty() {
        return None;
    }
    let kind = reply.header("content-type")?;
    (body_view(api, response, reply, Some(kind)) == BodyView::Unread)
        .then(|| (body_rule(reply), media::unread(kind)))
}

/// What can be looked at of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyView {
    /// There is none to look at, or none that the document names.
    Nothing,
    /// It is held to its schema, or to its form where it has none.
    Judged,
    /// The document has a schema for it, and nothing reads such a body.
    Unread,
}

fn body_view(
    api: &Api,
    response: &Response,
    reply: &Reply,
    content_type: Option<&str>,
) -> BodyView {
    if reply.body.is_empty() && response.content.iter().all(MediaType::is_json) {
        return if response.content.is_empty() {
            BodyView::Nothing
        } else {
            BodyView::Judged
        };
    }
    let media =
        content_type.and_then(|actual| Some((media::select(&response.content, actual)?, actual)));
    let Some((media, actual)) = media else {
        return BodyView::Nothing;
    };
    let is_text = is_text(api, media);
    if media.stream.is_some() && !reply.body.is_empty()
        || media::is_json(actual)
        || is_text && media::essence(actual).starts_with("text/")
    {
        BodyView::Judged
    } else if !is_text && !reply.body.is_empty() {
        BodyView::Unread
    } else {
        BodyView::Nothing
    }
}

/// Whether a body is a text, or bytes, by its schema: then it says nothing of what is within.
fn is_text(api: &Api, media: &MediaType) -> bool {
    let kind = |schema| &api.schemas[api.schemas.resolve(schema)].kind;
    media
        .schema
        .is_none_or(|schema| matches!(kind(schema), Kind::Any | Kind::String { .. }))
}

/// Whether a reply has no body by its status or its method (RFC 9110, section 6.4.1).
fn is_bodiless(operation: &Operation, reply: &Reply) -> bool {
    matches!(reply.status, 100..=199 | 204 | 205 | 304)
        || operation.method == plumbline_specs::api::Method::Head
}

/// The rule that a body is judged by.
fn body_rule(reply: &Reply) -> Rule {
    if (200..400).contains(&reply.status) {
        rule::check::BODY_SCHEMA
    } else {
        rule::check::ERROR_SCHEMA
    }
}

/// All that is wrong with a reply.
pub(super) fn check(contract: &Contract, operation: &Operation, reply: &Reply) -> Vec<Violation> {
    let Some(response) = documented(operation, reply.status) else {
        return vec![
            Violation::new(
                rule::check::DOCUMENTED_STATUS,
                format!("the status {} is not documented", reply.status),
            )
            .expected(format!("one of {}", statuses(operation)))
            .actual(reply.status.to_string())
            .at_place(&operation.place.join("responses")),
        ];
    };
    let mut found = headers(contract, response, reply);
    found.extend(body(contract, operation, response, reply));
    found
}

fn headers(contract: &Contract, response: &Response, reply: &Reply) -> Vec<Violation> {
    let mut found = Vec::new();
    for header in &response.headers {
        let Some(text) = reply.header(&header.name) else {
            if header.required {
                found.push(
                    Violation::new(
                        rule::check::DOCUMENTED_HEADERS,
                        format!("the required header `{}` is missing", header.name),
                    )
                    .expected(format!("a header `{}`", header.name))
                    .actual("no such header")
                    .at_place(&header.place),
                );
            }
            continue;
        };
        if let Some(schema) = header.schema {
            let value = super::decode::header(&contract.api, schema, text);
            let place = &contract.api.schemas[schema].place;
            found.extend(
                contract
                    .validate(place, Direction::Response, &value)
                    .into_iter()
                    .map(|violation| {
                        let mut violation = violation.of(rule::check::DOCUMENTED_HEADERS);
                        violation.message =
                            format!("the header `{}`: {}", header.name, violation.message);
                        violation.pointer = None;
                        violation
                    }),
            );
        }
    }
    found
}

fn body(
    contract: &Contract,
    operation: &Operation,
    response: &Response,
    reply: &Reply,
) -> Vec<Violation> {
    if is_bodiless(operation, reply) {
        return Vec::new();
    }
    let rule = body_rule(reply);
    if response.content.is_empty() {
        if reply.body.is_empty() {
            return Vec::new();
        }
        return vec![
            Violation::new(
                rule::check::MEDIA_TYPE,
                "the document says nothing of a body, but one came",
            )
            .expected("no body")
            .actual(crate::shorten::shorten(
                &String::from_utf8_lossy(head(&reply.body)),
                80,
            ))
            .at_place(&response.place)
            .warning(),
        ];
    }
    let names: Vec<_> = response
        .content
        .iter()
        .map(|media| media.name.as_str())
        .collect();
    let expected = names.join(" or ");
    if reply.body.is_empty() && response.content.iter().all(MediaType::is_json) {
        return vec![
            Violation::new(rule, "the body is empty")
                .expected(expected)
                .actual("an empty body")
                .at("")
                .at_place(&response.place),
        ];
    }
    let Some(actual) = reply.header("content-type") else {
        if reply.body.is_empty() {
            return Vec::new();
        }
        return vec![
            Violation::new(rule::check::MEDIA_TYPE, "the reply has no Content-Type")
                .expected(expected)
                .actual("no Content-Type")
                .at_place(&response.place),
        ];
    };
    match media::select(&response.content, actual) {
        Some(media) => content(contract, media, actual, rule, &reply.body),
        None => vec![
            Violation::new(
                rule::check::MEDIA_TYPE,
                "the media type is not documented for this status",
            )
            .expected(expected)
            .actual(crate::shorten::shorten(actual, 80))
            .at_place(&response.place),
        ],
    }
}

/// The first bytes, for a message.
fn head(body: &[u8]) -> &[u8] {
    body.get(..400).unwrap_or(body)
}

fn content(
    contract: &Contract,
    media: &MediaType,
    actual: &str,
    rule: Rule,
    body: &[u8],
) -> Vec<Violation> {
    if let Some(stream) = &media.stream {
        return records(contract, media, stream, rule, body);
    }
    let place = media
        .schema
        .map(|schema| &contract.api.schemas[schema].place);
    if media::is_json(actual) {
        return match parse(body) {
            Ok(value) => match place {
                Some(place) => contract
                    .validate(place, Direction::Response, &value)
                    .into_iter()
                    .map(|violation| violation.of(rule))
                    .collect(),
                None => Vec::new(),
            },
            Err(fault) => vec![
                Violation::new(rule, format!("the body is not JSON: {fault}"))
                    .expected("a JSON text")
                    .actual(crate::shorten::shorten(
                        &String::from_utf8_lossy(head(body)),
                        80,
                    ))
                    .at("")
                    .at_place(&media.place),
            ],
        };
    }
    if !media::essence(actual).starts_with("text/") {
        return Vec::new();
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let Some(place) = place.filter(|_| is_text(&contract.api, media)) else {
            return Vec::new();
        };
        let validate = |text: &str| contract.validate(place, Direction::Response, &text.into());
        // A line's end is no part of what is said.
        let ended = text.trim_end_matches(['\r', '\n']);
        let mut found = validate(text);
        if !found.is_empty() && ended != text {
            found = validate(ended);
        }
        return found
            .into_iter()
            .map(|violation| violation.of(rule))
            .collect();
    } else {
        let latin = actual.to_ascii_lowercase().contains("charset=")
            && !actual.to_ascii_lowercase().contains("utf-8");
        if !latin {
            return vec![
                Violation::new(rule, "the text is not UTF-8")
                    .expected("text in UTF-8")
                    .actual(crate::shorten::shorten(
                        &String::from_utf8_lossy(head(body)),
                        80,
                    ))
                    .at("")
                    .at_place(&media.place),
            ];
        }
    }
    Vec::new()
}

/// JSON, or what is wrong with it, said without quoting it.
fn parse(body: &[u8]) -> Result<Value, String> {
    if let Err(error) = std::str::from_utf8(body) {
        return Err(format!("invalid UTF-8 after {} bytes", error.valid_up_to()));
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

/// A stream is judged record by record; one that its error schema fits reports a failure
/// within a 200, which is worth a warning.
fn records(
    contract: &Contract,
    media: &MediaType,
    stream: &Stream,
    rule: Rule,
    body: &[u8],
) -> Vec<Violation> {
    let (records, rest) = match stream::records(stream, body) {
        Ok(parts) => parts,
        Err(fault) => {
            return vec![
                Violation::new(rule, fault)
                    .expected("records in UTF-8")
                    .at("")
                    .at_place(&media.place),
            ];
        }
    };
    let mut found = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let (pointer, subject) = (format!("/{index}"), format!("record {index}"));
        match stream::json(record) {
            Ok(value) => found.extend(
                record_faults(contract, stream, media, &value)
                    .into_iter()
                    .map(|violation| violation.of(rule).within(&pointer, &subject)),
            ),
            Err(fault) => found.push(
                Violation::new(rule, format!("{subject} is not JSON: {fault}"))
                    .expected("one JSON text a record")
                    .at(pointer)
                    .at_place(&media.place),
            ),
        }
        if found.len() >= 20 {
            break;
        }
    }
    if !rest.trim().is_empty() {
        found.push(
            Violation::new(
                rule,
                "the last record lacks its delimiter: the stream was cut off",
            )
            .expected(format!("{:?} after each record", stream.delimiter))
            .actual(crate::shorten::shorten(&rest, 80))
            .at_place(&media.place),
        );
    }
    found
}

fn record_faults(
    contract: &Contract,
    stream: &Stream,
    media: &MediaType,
    value: &Value,
) -> Vec<Violation> {
    let place = |schema| -> &Pointer { &contract.api.schemas[schema].place };
    let faults = match stream.item {
        Some(item) => contract.validate(place(item), Direction::Response, value),
        None => Vec::new(),
    };
    if faults.is_empty() {
        return faults;
    }
    // Where an error's schema requires nothing it fits every object: a member has to be its own.
    let names = |error| {
        let known = &contract.api.schemas[contract.api.schemas.resolve(error)].kind;
        match (known, value) {
            (Kind::Object { properties, .. }, Value::Object(members)) => {
                members.keys().any(|name| properties.contains_key(name))
            }
            _ => true,
        }
    };
    let is_error = stream.error.is_some_and(|error| {
        names(error) && contract.is_valid(place(error), Direction::Response, value)
    });
    if is_error {
        return vec![
            Violation::new(rule::check::BODY_SCHEMA, "the stream reports a failure")
                .expected("a record")
                .actual(explain::rendered(value))
                .at("")
                .at_place(&media.place)
                .warning(),
        ];
    }
    faults
}
