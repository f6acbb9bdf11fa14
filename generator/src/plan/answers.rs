//! Answers: what a response holds, what success gives, and the sets of documented failures.

use super::docs::docs;
use super::media::{Holds, holds, to_read};
use super::names::{LONGEST, Scope, pascal, pascal_of, snake, words};
use super::report::Report;
use super::types::Types;
use crate::codes;
use crate::rust::{Docs, DocumentedResponse, ErrorEnum, HeaderAccessor, Output, Payload, Ty};
use indexmap::IndexMap;
use plumbline_specs::api::{MediaType, Operation, Response, Status};

/// What a status is called: its reason phrase (RFC 9110, section 15), in words.
pub(super) fn reason(status: Status) -> String {
    let text = match status {
        Status::Code(code) => match REASONS.iter().find(|(known, _)| *known == code) {
            Some((_, reason)) => reason,
            None => return format!("Status {code}"),
        },
        Status::Range(1) => "Informational",
        Status::Range(2) => "Success",
        Status::Range(3) => "Redirection",
        Status::Range(4) => "Client Error",
        Status::Range(5) => "Server Error",
        Status::Range(digit) => return format!("Status {digit}xx"),
        Status::Default => "Default",
    };
    text.to_owned()
}

/// What an operation answers.
pub(super) struct Answers {
    pub(super) output: Output,
    pub(super) accept: Option<String>,
    /// The name of its set of failures.
    pub(super) error: Option<String>,
    pub(super) headers: Vec<HeaderAccessor>,
}

/// The distinct sets of documented failures of an API, by what they hold.
#[derive(Default)]
pub(super) struct ErrorSets {
    sets: IndexMap<String, ErrorEnum>,
}

impl ErrorSets {
    /// All sets, in the order of their names.
    pub(super) fn finish(self) -> Vec<ErrorEnum> {
        let mut all: Vec<ErrorEnum> = self.sets.into_values().collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    fn claim(&mut self, answers: Vec<DocumentedResponse>, scope: &mut Scope) -> String {
        let key: Vec<(Status, &Payload)> = answers
            .iter()
            .map(|answer| (answer.status, &answer.payload))
            .collect();
        let key = format!("{key:?}");
        if let Some(known) = self.sets.get(&key) {
            return known.name.clone();
        }
        let (name, longer) = set_name(&answers, &key);
        let name = scope.claim(name, &[longer]);
        let set = ErrorEnum {
            name: name.clone(),
            answers,
        };
        self.sets.insert(key, set);
        name
    }
}

/// Plans what an operation answers.
pub(super) fn answers(
    operation: &Operation,
    pascal_name: &str,
    types: &mut Types<'_>,
    sets: &mut ErrorSets,
    scope: &mut Scope,
    report: &mut Report,
) -> Answers {
    let mut responses: Vec<&Response> = operation.responses.iter().collect();
    // A reader asks for the status before the range, and for the range before the default.
    responses.sort_by_key(|response| response.status);
    let mut good = Vec::new();
    let mut bad = Vec::new();
    let mut accept: Vec<String> = Vec::new();
    let mut headers: Vec<HeaderAccessor> = Vec::new();
    let mut header_scope = Scope::with(super::names::RESPONSE_METHODS);
    let some_success = responses.iter().any(|it| it.status.is_success());
    for response in responses {
        let status = response.status;
        // Without a documented success, the default stands for it too.
        let stands_in = !some_success && status == Status::Default;
        let failure = !status.is_success() && !stands_in;
        let (payload, media) = payload(response, failure, types, report);
        if status.is_success() || stands_in {
            let status = if stands_in { Status::Range(2) } else { status };
            if let Some(media) = media.filter(|media| !accept.contains(media)) {
                accept.push(media);
            }
            accessors(response, types, &mut headers, &mut header_scope);
            good.push(answer(response, status, payload.clone()));
        }
        if !status.is_success() {
            if !stands_in && let Some(header) = response.headers.first() {
                report.note(
                    codes::FAILURE_HEADER,
                    &header.place,
                    "headers of failures have no accessors".to_owned(),
                );
            }
            bad.push(DocumentedResponse {
                docs: Docs::default(),
                ..answer(response, status, payload)
            });
        }
    }
    name_variants(&mut good);
    name_variants(&mut bad);
    let output = match good.split_first() {
        None => Output::One(vec![Status::Range(2)], Payload::Empty),
        Some((first, rest)) if rest.iter().all(|other| other.payload == first.payload) => {
            let statuses = good.iter().map(|answer| answer.status).collect();
            Output::One(statuses, first.payload.clone())
        }
        Some(_) => {
            let wanted = pascal_of(&words(&format!("{pascal_name} output")));
            Output::Several(scope.claim(wanted, &[]), good)
        }
    };
    let error = (!bad.is_empty()).then(|| sets.claim(bad, scope));
    Answers {
        output,
        accept: (!accept.is_empty()).then(|| accept.join(", ")),
        error,
        headers,
    }
}

fn answer(response: &Response, status: Status, payload: Payload) -> DocumentedResponse {
    DocumentedResponse {
        status,
        variant: pascal(&reason(status)),
        docs: docs(None, Some(&response.description)),
        payload,
    }
}

fn name_variants(answers: &mut [DocumentedResponse]) {
    let mut scope = Scope::default();
    for answer in answers {
        answer.variant = scope.claim(std::mem::take(&mut answer.variant), &[]);
    }
}

/// What a response holds, and the media type to accept for it. A failure comes as its server
/// likes, whatever is accepted: beside JSON, plain text is read too.
fn payload(
    response: &Response,
    failure: bool,
    types: &mut Types<'_>,
    report: &mut Report,
) -> (Payload, Option<String>) {
    let Some(media) = to_read(&response.content, &types.forms) else {
        return (Payload::Empty, None);
    };
    let or_text = |other: &MediaType| {
        failure && holds(media, &types.forms) == Holds::Json && other.essence() == "text/plain"
    };
    let text_too = response.content.iter().any(or_text);
    for other in &response.content {
        if other.name != media.name && !or_text(other) {
            report.note(
                codes::MEDIA_TYPE_PASSED_OVER,
                &other.place,
                format!("`{}` is read instead of `{}`", media.name, other.name),
            );
        }
    }
    let payload = match (holds(media, &types.forms), &media.stream) {
        (_, Some(stream)) => Payload::Records {
            item: stream.item.map_or(Ty::Json, |item| types.whole(item)),
            error: stream.error.map(|error| types.whole(error)),
            framing: stream.framing,
        },
        (Holds::Json, None) => {
            let ty = media.schema.map_or(Ty::Json, |schema| types.whole(schema));
            if text_too {
                Payload::JsonOrText(ty)
            } else {
                Payload::Json(ty)
            }
        }
        (Holds::Text, None) => Payload::Text,
        (_, None) => Payload::Bytes,
    };
    let accept = match (&payload, media.essence().contains('*')) {
        (Payload::Json(_), true) => "application/json".to_owned(),
        _ => media.name.clone(),
    };
    (payload, Some(accept))
}

/// Accessors of the headers that a success documents.
fn accessors(
    response: &Response,
    types: &mut Types<'_>,
    headers: &mut Vec<HeaderAccessor>,
    scope: &mut Scope,
) {
    for header in &response.headers {
        let known = |other: &HeaderAccessor| other.wire.eq_ignore_ascii_case(&header.name);
        if headers.iter().any(known) {
            continue;
        }
        let ty = match header.schema.map(|schema| types.ty(schema).0) {
            Some(
                ty @ (Ty::Bool | Ty::I32 | Ty::I64 | Ty::U64 | Ty::F64 | Ty::Uuid | Ty::DateTime),
            ) => ty,
            _ => Ty::String,
        };
        let name = snake(&header.name);
        let other = format!("{}_header", name.trim_start_matches("r#"));
        headers.push(HeaderAccessor {
            name: scope.claim(name, &[other]),
            wire: header.name.clone(),
            docs: docs(None, header.description.as_deref()),
            ty,
        });
    }
}

/// The name of a set of failures, made of its statuses and types alone, and a longer one for
/// when it is taken: `ErrorMessage400Or404`, `Empty404Problem422`.
fn set_name(answers: &[DocumentedResponse], key: &str) -> (String, String) {
    let mut groups: IndexMap<String, Vec<String>> = IndexMap::new();
    for answer in answers {
        let status = match answer.status {
            Status::Code(code) => code.to_string(),
            Status::Range(digit) => format!("{digit}xx"),
            Status::Default => "Default".to_owned(),
        };
        groups
            .entry(payload_name(&answer.payload))
            .or_default()
            .push(status);
    }
    let mark = format!("{:06x}", fnv(key) & 0xff_ffff);
    let full: String = groups
        .iter()
        .map(|(payload, statuses)| format!("{payload}{}", statuses.join("Or")))
        .collect();
    let first: String = groups
        .first()
        .map(|(payload, statuses)| {
            let room = LONGEST - 24;
            let payload: String = payload.chars().take(room).collect();
            format!("{payload}{}", statuses.first().map_or("", String::as_str))
        })
        .unwrap_or_default();
    let short = format!("{first}Or{}More{mark}", answers.len().saturating_sub(1));
    if full.chars().count() <= LONGEST {
        (full, short)
    } else {
        (short.clone(), format!("Failures{mark}"))
    }
}

fn payload_name(payload: &Payload) -> String {
    match payload {
        Payload::Empty => "Empty".to_owned(),
        Payload::Text => "Text".to_owned(),
        Payload::Bytes => "Bytes".to_owned(),
        Payload::Json(ty) => super::variants::described(ty),
        Payload::JsonOrText(ty) => format!("{}OrText", super::variants::described(ty)),
        Payload::Records { item, .. } => format!("{}Records", super::variants::described(item)),
    }
}

/// A hash that is the same on every machine (Fowler, Noll and Vo, 64 bits, 1a).
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

const REASONS: [(u16, &str); 61] = [
    (100, "Continue"),
    (101, "Switching Protocols"),
    (102, "Processing"),
    (103, "Early Hints"),
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi Status"),
    (208, "Already Reported"),
    (226, "Im Used"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (305, "Use Proxy"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (414, "Uri Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (418, "Teapot"),
    (421, "Misdirected Request"),
    (422, "Unprocessable Entity"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (425, "Too Early"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (505, "Http Version Not Supported"),
    (506, "Variant Also Negotiates"),
    (507, "Insufficient Storage"),
    (508, "Loop Detected"),
    (511, "Network Authentication Required"),
];
