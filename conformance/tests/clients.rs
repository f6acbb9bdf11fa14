//! The vendors' fixtures on the client's side: the answer is played, the generated client must
//! send the request of the fixture and understand the answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use plumbline_conformance::fixture::{self, Body, Expanded};
use plumbline_conformance::{Contract, Request};
use plumbline_specs::api::Operation;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Exchanges that typed clients cannot play, each with its reason, as a ratchet: what can be played
/// must not be listed.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "phoenix/upload-a-file",
        "a client chooses the boundary of its multipart body",
    ),
    (
        "phoenix/update-name-to-null",
        "the client's types have no null where the document refuses it",
    ),
];

/// What a typed client came to: what it understood, or the status and the words of its failure.
enum Came {
    Understood(Value),
    /// The input does not fit the client's types.
    Unsayable(String),
    /// The status, where the answer was not one that is documented.
    Failed(Option<u16>, String),
}

macro_rules! drive {
    ($vendor:ident, $url:expr, $operation:expr, $input:expr) => {{
        // A fixture holds one answer: it is not asked for again.
        let client = plumbline_clients::$vendor::Client::builder($url)
            .retries(0)
            .build()
            .unwrap();
        let came = plumbline_clients::$vendor::dispatch(&client, $operation, $input).await;
        came.map_or_else(
            |error| {
                use plumbline_clients::runtime::DispatchError;
                match error {
                    DispatchError::Input(message) => Came::Unsayable(message),
                    DispatchError::Failed { status, message } => Came::Failed(status, message),
                    other => panic!("{other}"),
                }
            },
            Came::Understood,
        )
    }};
}

async fn drive(vendor: &str, url: &str, operation: &str, input: Value) -> Came {
    match vendor {
        "opik" => drive!(opik, url, operation, input),
        "galileo" => drive!(galileo, url, operation, input),
        "mlflow" => drive!(mlflow, url, operation, input),
        _ => drive!(phoenix, url, operation, input),
    }
}

/// Plays one answer to every request and keeps the requests.
fn play(exchange: &Expanded<'_>) -> (MockServer, Arc<Mutex<Vec<Request>>>) {
    let server = MockServer::start();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (keep, reply) = (Arc::clone(&seen), exchange.reply.clone());
    server.mock(|when, then| {
        when.any_request();
        then.respond_with(move |request: &HttpMockRequest| {
            keep.lock().unwrap().push(taken(request));
            let mut response = HttpMockResponse::builder().status(reply.status);
            for (name, value) in &reply.headers {
                response = response.header(name, value);
            }
            response.body(reply.body.clone()).build()
        });
    });
    (server, seen)
}

fn taken(request: &HttpMockRequest) -> Request {
    let uri = request.uri();
    Request {
        method: request.method().to_string(),
        path: uri.path().to_owned(),
        query: uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: Some(request.body_ref().to_vec()).filter(|body| !body.is_empty()),
        ..Request::default()
    }
}

/// How a request differs from the recorded one; nothing where it says the same. Query pairs are
/// compared decoded and by name, JSON bodies as values, headers as far as the fixture has them.
fn differences(recorded: &Request, sent: &Request) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, one: String, other: String| {
        if one != other {
            found.push(format!("{what}: recorded {one}, sent {other}"));
        }
    };
    differ("method", recorded.method.clone(), sent.method.clone());
    differ("path", decoded(&recorded.path), decoded(&sent.path));
    differ("query", pairs(&recorded.query), pairs(&sent.query));
    for (name, value) in &recorded.headers {
        let own = sent
            .headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name));
        let own = own.map(|(_, value)| value.clone()).unwrap_or_default();
        differ(name, value.clone(), own);
    }
    let json = |request: &Request| -> Option<Value> {
        serde_json::from_slice(request.body.as_deref()?).ok()
    };
    match (json(recorded), json(sent)) {
        (Some(one), Some(other)) if same(&one, &other) => {}
        (one, other) => differ(
            "body",
            one.map_or_else(|| format!("{:?}", recorded.body), |one| one.to_string()),
            other.map_or_else(|| format!("{:?}", sent.body), |other| other.to_string()),
        ),
    }
    found
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(&text.replace('+', "%20"))
        .decode_utf8()
        .unwrap()
        .into_owned()
}

fn pairs(pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (decoded(name), decoded(value)))
        .map(|(name, value)| {
            // JSON in a string says the same with other blanks.
            let json = value
                .starts_with(['[', '{'])
                .then(|| serde_json::from_str(&value).ok());
            let value = json.flatten().map_or(value, |json: Value| json.to_string());
            (name, value)
        })
        .collect();
    // Stable: of one name the order counts.
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    format!("{pairs:?}")
}

/// Whether two values say the same: numbers by their worth, moments by the instant.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::String(one), Value::String(other)) => {
            one == other || moment(one).is_some_and(|one| moment(other) == Some(one))
        }
        _ => one == other,
    }
}

/// A date and time; one without an offset is in UTC.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    let local = || {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(local).ok()
    };
    text.parse().ok().or_else(local)
}

/// Whether all that was recorded is in what the client understood; it may know more, such as
/// defaults, and it need not tell `null` from absent.
fn kept(recorded: &Value, understood: &Value) -> bool {
    match (recorded, understood) {
        (Value::Object(recorded), Value::Object(understood)) => {
            recorded
                .iter()
                .all(|(key, value)| match understood.get(key) {
                    Some(own) => kept(value, own),
                    None => value.is_null(),
                })
        }
        (Value::Array(recorded), Value::Array(understood)) => {
            recorded.len() == understood.len()
                && recorded
                    .iter()
                    .zip(understood)
                    .all(|(recorded, understood)| kept(recorded, understood))
        }
        _ => same(recorded, understood),
    }
}

/// What the recorded answer says, as the client should understand it.
fn meant(exchange: &Expanded<'_>) -> Option<Value> {
    let media_type = exchange.reply.header("content-type").unwrap_or_default();
    let text = String::from_utf8(exchange.reply.body.clone()).unwrap();
    match &exchange.step.response.body {
        None => None,
        Some(_) if text.is_empty() && !media_type.contains("octet-stream") => Some(Value::Null),
        Some(_) if media_type.starts_with("application/json") => {
            Some(serde_json::from_str(&text).unwrap())
        }
        // Records are played in Opik's framing only.
        Some(Body::Text(_)) if media_type.contains("octet-stream") => Some(Value::Array(
            text.split_terminator("\r\n")
                .map(|record| serde_json::from_str(record).unwrap())
                .collect(),
        )),
        Some(_) => Some(Value::String(text)),
    }
}

/// What is wrong with how the client of a vendor plays one exchange.
async fn exchange(
    vendor: &str,
    contract: &Contract,
    operation: &Operation,
    exchange: &Expanded<'_>,
) -> Vec<String> {
    let invalid = exchange.step.request.invalid.is_some();
    let input = match contract.input(operation, &exchange.request) {
        Ok(input) => input,
        Err(_) if invalid => return Vec::new(),
        Err(reason) => return vec![format!("cannot be said as values: {reason}")],
    };
    let (server, seen) = play(exchange);
    let came = drive(vendor, &server.base_url(), &operation.label(), input).await;
    let requests = seen.lock().unwrap();
    let mut faults = match (&came, requests.as_slice()) {
        (Came::Unsayable(_), []) if invalid => return Vec::new(),
        (Came::Unsayable(message), _) => return vec![format!("cannot be said: {message}")],
        (_, [sent]) => differences(&exchange.request, sent),
        (_, requests) => vec![format!("{} requests were sent", requests.len())],
    };
    let success = exchange.reply.status < 400;
    match came {
        Came::Understood(value) if success => {
            if let Some(meant) = meant(exchange)
                && !kept(&meant, &value)
            {
                faults.push(format!("the answer {meant} is understood as {value}"));
            }
        }
        // A documented failure has a type, and no status beside it.
        Came::Failed(None, message) if !success && !message.is_empty() => {}
        Came::Understood(value) => faults.push(format!("the failure is understood as {value}")),
        Came::Failed(status, message) => faults.push(format!("{status:?}: {message}")),
        Came::Unsayable(message) => faults.push(message),
    }
    faults
}

async fn client(name: &str) {
    let vendor = plumbline_reference::vendor(name).unwrap();
    let contract = vendor.contract().unwrap();
    let mut faults = Vec::new();
    let mut played = 0;
    let mut left_out = Vec::new();
    for (file, bytes) in vendor.fixtures {
        let fixture = fixture::load(bytes, file).unwrap();
        for expanded in fixture::expand(&fixture, &BTreeMap::new()).unwrap() {
            let subject = format!("{name}/{}", expanded.step.id);
            let operation = contract.operation(&expanded.step.operation).unwrap();
            let found = exchange(name, &contract, operation, &expanded).await;
            played += 1;
            if LEFT_OUT.iter().any(|(own, _)| *own == subject) {
                assert!(!found.is_empty(), "{subject} can be played now");
                left_out.push(subject);
                continue;
            }
            for fault in found {
                faults.push(format!("{}/{}: {fault}", fixture.name, expanded.step.id));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(played > 30, "{played} exchanges were played");
    let expected = LEFT_OUT
        .iter()
        .filter(|(own, _)| own.starts_with(name))
        .count();
    assert_eq!(left_out.len(), expected);
}

#[tokio::test]
async fn opik_client() {
    client("opik").await;
}

#[tokio::test]
async fn galileo_client() {
    client("galileo").await;
}

#[tokio::test]
async fn phoenix_client() {
    client("phoenix").await;
}

#[tokio::test]
async fn mlflow_client() {
    client("mlflow").await;
}
