//! Reading an archive: each entry by itself, what is no exchange left out with a note.

use crate::codes;
use crate::contract::media::essence;
use crate::traffic::{self, Passed, Traffic};
use crate::{Failure, Reply};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_specs::Code;
use plumbline_specs::{Diagnostic, Place, Pointer};
use serde_json::Value;
use url::Url;

/// What stands between the parts of a body that an archive has as fields.
const BOUNDARY: &str = "plumbline-boundary";

/// Takes the exchanges out of an archive. Left out, each with a note, are `websocket`s, what was
/// `aborted`, what came `from-cache`, what has `no-body` in the archive though it had one, and what
/// is no HTTP (`other-scheme`); an entry that cannot be read is a warning, `har-entry`.
///
/// # Errors
///
/// `not-har` where it is none.
pub fn import(value: &Value) -> Result<Traffic, Vec<Diagnostic>> {
    let log = value.get("log").and_then(Value::as_object);
    let entries = log.and_then(|log| log.get("entries")?.as_array());
    let (Some(log), Some(entries)) = (log, entries) else {
        return Err(vec![
            Diagnostic::error(
                codes::NOT_HAR,
                "a HAR file has its entries in `log.entries`",
            )
            .pointer(&Pointer::root()),
        ]);
    };
    let place = Pointer::root().join("log").join("entries");
    let mut traffic = Traffic {
        tool: tool(log),
        ..Traffic::default()
    };
    for (index, entry) in entries.iter().enumerate() {
        let place = place.index(index);
        match read(entry, &place) {
            Ok(passed) => traffic.exchanges.push(passed),
            Err(note) => traffic.notes.push(note.pointer(&place)),
        }
    }
    // Entries come in the order in which they ended in some tools.
    traffic.exchanges.sort_by_key(|passed| passed.begun);
    Ok(traffic)
}

fn tool(log: &serde_json::Map<String, Value>) -> String {
    let text = |name: &str| {
        log.get("creator")
            .and_then(|creator| creator.get(name)?.as_str())
            .unwrap_or_default()
    };
    format!("{} {}", text("name"), text("version"))
        .trim()
        .to_owned()
}

fn unreadable(what: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::warning(
        codes::HAR_ENTRY,
        format!("the entry has no {what}: left out"),
    ))
}

fn left_out(code: Code, what: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::note(code, format!("{what}: left out")))
}

fn read(entry: &Value, place: &Pointer) -> Result<Passed, Box<Diagnostic>> {
    let request = entry.get("request").ok_or_else(|| unreadable("request"))?;
    let response = entry
        .get("response")
        .ok_or_else(|| unreadable("response"))?;
    let url = request
        .get("url")
        .and_then(Value::as_str)
        .and_then(|url| Url::parse(url).ok())
        .ok_or_else(|| unreadable("URL that can be read"))?;
    let socket = entry.get("_webSocketMessages").is_some()
        || entry.get("_resourceType").and_then(Value::as_str) == Some("websocket");
    if socket || matches!(url.scheme(), "ws" | "wss") {
        return Err(left_out(codes::WEBSOCKET, "this is a websocket"));
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(left_out(codes::OTHER_SCHEME, "this is no HTTP"));
    }
    let cached = entry.get("_fromCache").is_some_and(|from| !from.is_null())
        || response.get("_fromDiskCache") == Some(&Value::Bool(true));
    if cached {
        return Err(left_out(codes::FROM_CACHE, "this answer came from a cache"));
    }
    let status = response.get("status").and_then(Value::as_i64).unwrap_or(0);
    let Some(status) = u16::try_from(status).ok().filter(|code| *code >= 100) else {
        return Err(left_out(codes::ABORTED, "this request has no answer"));
    };
    let method = request
        .get("method")
        .and_then(Value::as_str)
        .ok_or_else(|| unreadable("method"))?;
    let headers = headers(request)
        .into_iter()
        // An archive tells lengths and hosts of its own wire.
        .filter(|(name, _)| {
            !["content-length", "host"].contains(&name.to_ascii_lowercase().as_str())
        })
        .collect::<Vec<_>>();
    let mut reply_headers = self::headers(response);
    for (name, _) in &mut reply_headers {
        name.make_ascii_lowercase();
    }
    let content = response.get("content").unwrap_or(&Value::Null);
    add_type(&mut reply_headers, content);
    let body = plain(answer(content, response, status, method)?, &reply_headers);
    let millis = entry
        .get("time")
        .and_then(Value::as_f64)
        .filter(|millis| millis.is_finite() && *millis >= 0.0)
        .map_or(0, |millis| format!("{millis:.0}").parse().unwrap_or(0));
    let mut sent = headers;
    let asked = request.get("postData").unwrap_or(&Value::Null);
    let body_sent = posted(asked, &mut sent).map(|body| plain(body, &sent));
    if body_sent.is_some() {
        add_type(&mut sent, asked);
    }
    Ok(Passed {
        method: method.to_ascii_uppercase(),
        url,
        headers: sent,
        body: body_sent,
        answer: Ok::<_, Failure>(Reply {
            status,
            headers: reply_headers,
            body,
            millis,
        }),
        begun: entry
            .get("startedDateTime")
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok()),
        place: Place {
            pointer: Some(place.clone()),
            ..Place::default()
        },
    })
}

/// Name and value pairs; the pseudo-headers of HTTP/2 (RFC 9113, section 8.3) are none.
fn headers(of: &Value) -> Vec<(String, String)> {
    of.get("headers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|pair| {
            let name = pair.get("name")?.as_str()?;
            let value = pair.get("value")?.as_str()?;
            (!name.starts_with(':') && !name.is_empty())
                .then(|| (name.to_owned(), value.to_owned()))
        })
        .flat_map(|(name, value)| {
            // Chromium joins the values of a repeated header with a line feed.
            value
                .split('\n')
                .map(|value| (name.clone(), value.to_owned()))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The media type where the headers have none, as those of some tools are incomplete.
fn add_type(headers: &mut Vec<(String, String)>, content: &Value) {
    let known = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = content
        .get("mimeType")
        .and_then(Value::as_str)
        .filter(|kind| !kind.is_empty() && *kind != "x-unknown");
    if let (false, Some(kind)) = (known, kind) {
        headers.push(("content-type".to_owned(), kind.to_owned()));
    }
}

/// A text, or the bytes that its `encoding` says it stands for.
fn bytes(of: &Value) -> Option<Result<Vec<u8>, Box<Diagnostic>>> {
    let text = of.get("text")?.as_str()?;
    let encoding = of
        .get("encoding")
        .or_else(|| of.get("_encoding"))
        .and_then(Value::as_str);
    Some(match encoding {
        Some(name) if name.eq_ignore_ascii_case("base64") => STANDARD
            .decode(text.trim())
            .map_err(|_| unreadable("body that is the base64 it says it is")),
        _ => Ok(text.as_bytes().to_vec()),
    })
}

/// A body without its content codings, where a tool left them on: one that is none stays.
fn plain(body: Vec<u8>, headers: &[(String, String)]) -> Vec<u8> {
    let is_coding = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-encoding");
    let coding = headers.iter().find(is_coding);
    match coding.map(|(_, coding)| traffic::decoded(body.clone(), coding)) {
        Some(Ok(plain)) => plain,
        _ => body,
    }
}

/// The answer's body; archives hold it after content decoding.
fn answer(
    content: &Value,
    response: &Value,
    status: u16,
    method: &str,
) -> Result<Vec<u8>, Box<Diagnostic>> {
    if let Some(body) = bytes(content) {
        return body;
    }
    let size = |of: &Value, name: &str| of.get(name).and_then(Value::as_i64).unwrap_or(0);
    let bodiless = matches!(status, 204 | 304) || method.eq_ignore_ascii_case("HEAD");
    let had_one = size(content, "size") > 0
        || size(response, "bodySize") > 0
        || content.get("_file").is_some();
    if had_one && !bodiless {
        let note = Diagnostic::warning(
            codes::NO_BODY,
            "the archive does not hold the answer's body: left out",
        );
        return Err(Box::new(
            note.help("export the archive with its contents, in one file"),
        ));
    }
    Ok(Vec::new())
}

/// The request's body: its text, or a form's fields where there is no text.
fn posted(asked: &Value, headers: &mut Vec<(String, String)>) -> Option<Vec<u8>> {
    if let Some(Ok(body)) = bytes(asked)
        && !body.is_empty()
    {
        return Some(body);
    }
    let fields = asked.get("params")?.as_array()?;
    if fields.is_empty() {
        return None;
    }
    add_type(headers, asked);
    let is_type = |(name, _): &&mut (String, String)| name.eq_ignore_ascii_case("content-type");
    if let Some((_, kind)) = headers.iter_mut().find(is_type)
        && essence(kind).starts_with("multipart/")
    {
        return Some(multipart(fields, kind));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for field in fields {
        // Names and values stand as they were sent in some tools: decoding them changes nothing
        // where they are plain.
        form.append_pair(member(field, "name"), member(field, "value"));
    }
    Some(form.finish().into_bytes())
}

fn member<'f>(field: &'f Value, name: &str) -> &'f str {
    field.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The fields as a multipart body (RFC 7578). The delimiter is our own: the archive has that of the
/// wire at most in the header, which says ours then.
fn multipart(fields: &[Value], kind: &mut String) -> Vec<u8> {
    let all = fields.iter().map(|field| member(field, "value"));
    let all: Vec<&str> = all.collect();
    let mut boundary = BOUNDARY.to_owned();
    while all.iter().any(|value| value.contains(&boundary)) {
        boundary.push('-');
    }
    *kind = format!("{}; boundary={boundary}", essence(kind));
    let quoted = |text: &str| {
        text.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let mut body = String::new();
    for field in fields {
        let name = quoted(member(field, "name"));
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\""
        ));
        if let Some(file) = field.get("fileName").and_then(Value::as_str) {
            body.push_str(&format!("; filename=\"{}\"", quoted(file)));
        }
        if let Some(kind) = field.get("contentType").and_then(Value::as_str) {
            body.push_str(&format!("\r\nContent-Type: {}", quoted(kind)));
        }
        body.push_str(&format!("\r\n\r\n{}\r\n", member(field, "value")));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    body.into_bytes()
}
