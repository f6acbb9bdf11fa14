//! Writing an archive.

use crate::contract::form_decoded;
use crate::{Exchange, Failure, Reply};
use base64::Engine as _;
use serde_json::{Value, json};
use url::Url;

/// An exchange for an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The exchange; its secrets are to be out of it.
    pub exchange: Exchange,
    /// When its request was sent.
    pub begun: jiff::Timestamp,
    /// What is worth saying of it.
    pub comment: Option<String>,
}

/// An archive of exchanges below a base URL, in order. A request without an answer has the status
/// 0 and says why in `_error`, as browsers do.
pub fn export(base: &Url, entries: &[Entry]) -> Value {
    json!({
        "log": {
            "version": "1.2",
            "creator": {"name": "plumbline", "version": env!("CARGO_PKG_VERSION")},
            "pages": [],
            "entries": entries.iter().map(|own| entry(base, own)).collect::<Vec<_>>(),
        }
    })
}

fn entry(base: &Url, own: &Entry) -> Value {
    let request = &own.exchange.request;
    let url = format!(
        "{}{}",
        base.as_str().trim_end_matches('/'),
        request.path_and_query()
    );
    let millis = own.exchange.reply().map_or(0, |reply| reply.millis);
    let operation = &request.operation;
    let mut asked = json!({
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(&request.headers),
        "queryString": request
            .query
            .iter()
            .map(|(name, value)| json!({"name": form_decoded(name), "value": form_decoded(value)}))
            .collect::<Vec<_>>(),
        "headersSize": -1,
        "bodySize": request.body.as_ref().map_or(0, Vec::len),
    });
    if let (Some(body), Some(members)) = (&request.body, asked.as_object_mut()) {
        members.insert("postData".to_owned(), posted(&request.headers, body));
    }
    json!({
        "startedDateTime": own.begun.to_string(),
        "time": millis,
        "request": asked,
        "response": match &own.exchange.answer {
            Ok(reply) => answer(reply),
            Err(failure) => failed(failure),
        },
        "cache": {},
        "timings": {"send": 0, "wait": millis, "receive": 0},
        "comment": match &own.comment {
            Some(comment) => format!("{operation}: {comment}"),
            None => operation.clone(),
        },
    })
}

fn posted(headers: &[(String, String)], body: &[u8]) -> Value {
    let kind = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("", |(_, value)| value.as_str());
    match std::str::from_utf8(body) {
        Ok(text) => json!({"mimeType": kind, "params": [], "text": text}),
        // The format has no form for bytes in a request; this member is what readers know.
        Err(_) => json!({
            "mimeType": kind,
            "params": [],
            "text": base64::engine::general_purpose::STANDARD.encode(body),
            "_encoding": "base64",
        }),
    }
}

fn answer(reply: &Reply) -> Value {
    let kind = reply.header("content-type").unwrap_or_default();
    let content = match std::str::from_utf8(&reply.body) {
        Ok(text) => json!({"size": reply.body.len(), "mimeType": kind, "text": text}),
        Err(_) => json!({
            "size": reply.body.len(),
            "mimeType": kind,
            "text": base64::engine::general_purpose::STANDARD.encode(&reply.body),
            "encoding": "base64",
        }),
    };
    let reason = reqwest::StatusCode::from_u16(reply.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    json!({
        "status": reply.status,
        "statusText": reason.unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(&reply.headers),
        "content": content,
        "redirectURL": reply.header("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": reply.body.len(),
    })
}

fn failed(failure: &Failure) -> Value {
    json!({
        "status": 0,
        "statusText": "",
        "httpVersion": "",
        "cookies": [],
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        "_error": crate::report::describe_failure(failure),
    })
}

fn pairs(pairs: &[(String, String)]) -> Vec<Value> {
    pairs
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}
