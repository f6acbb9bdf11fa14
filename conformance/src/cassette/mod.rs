//! Cassettes: the recordings of VCR for Ruby, vcrpy and Betamax, in YAML or JSON. Those of Polly
//! are HAR files.

use crate::codes;
use crate::traffic::{self, Passed, Traffic};
use crate::{Failure, Reply};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plumbline_specs::{Diagnostic, Place, Pointer};
use serde_json::Value;
use url::Url;

/// Whether a file is a cassette, by its own list of interactions.
pub fn is_cassette(value: &Value) -> bool {
    list(value).is_some()
}

fn list(value: &Value) -> Option<(&'static str, &Vec<Value>)> {
    ["http_interactions", "interactions"]
        .into_iter()
        .find_map(|name| Some((name, value.get(name)?.as_array()?)))
}

/// Takes the exchanges out of a cassette; an interaction that cannot be read is left out with a
/// warning, `cassette-interaction`.
///
/// # Errors
///
/// `not-a-cassette` where it is none.
pub fn import(value: &Value) -> Result<Traffic, Vec<Diagnostic>> {
    let Some((name, interactions)) = list(value) else {
        return Err(vec![
            Diagnostic::error(
                codes::NOT_A_CASSETTE,
                "a cassette has its exchanges in `http_interactions` or `interactions`",
            )
            .pointer(&Pointer::root()),
        ]);
    };
    let tool = match value.get("recorded_with").and_then(Value::as_str) {
        Some(tool) => tool,
        None if name == "interactions" => "vcrpy",
        None => "VCR",
    };
    let mut traffic = Traffic {
        tool: tool.to_owned(),
        ..Traffic::default()
    };
    for (index, interaction) in interactions.iter().enumerate() {
        let place = Pointer::root().join(name).index(index);
        match read(interaction, &place) {
            Ok(passed) => traffic.exchanges.push(passed),
            Err(what) => traffic.notes.push(
                Diagnostic::warning(
                    codes::CASSETTE_INTERACTION,
                    format!("the interaction has no {what}: left out"),
                )
                .pointer(&place),
            ),
        }
    }
    Ok(traffic)
}

fn read(interaction: &Value, place: &Pointer) -> Result<Passed, &'static str> {
    let request = interaction.get("request").ok_or("request")?;
    let response = interaction.get("response").ok_or("response")?;
    let url = ["uri", "url"]
        .into_iter()
        .find_map(|name| request.get(name)?.as_str())
        .and_then(|url| Url::parse(url).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
        .ok_or("URL that can be read")?;
    let method = request
        .get("method")
        .and_then(Value::as_str)
        .ok_or("method")?;
    let status = response
        .get("status")
        .or_else(|| response.get("status_code"));
    let status = status
        .and_then(|status| status.get("code").unwrap_or(status).as_u64())
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (100..600).contains(status))
        .ok_or("status")?;
    let sent = headers(request, false);
    let came = headers(response, true);
    let body = body(response, &came);
    Ok(Passed {
        method: method.to_ascii_uppercase(),
        url,
        body: Some(self::body(request, &sent)).filter(|body| !body.is_empty()),
        headers: sent
            .into_iter()
            .filter(|(name, _)| {
                !["content-length", "host"].contains(&name.to_ascii_lowercase().as_str())
            })
            .collect(),
        answer: Ok::<_, Failure>(Reply {
            status,
            headers: came,
            body,
            millis: 0,
        }),
        begun: interaction
            .get("recorded_at")
            .and_then(Value::as_str)
            .and_then(instant),
        place: Place {
            pointer: Some(place.clone()),
            ..Place::default()
        },
    })
}

/// A map of names to a value or several.
fn headers(of: &Value, lower: bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let map = of.get("headers").and_then(Value::as_object);
    for (name, values) in map.into_iter().flatten() {
        let name = if lower {
            name.to_ascii_lowercase()
        } else {
            name.clone()
        };
        let values = match values {
            Value::Array(values) => values.iter().collect(),
            one => vec![one],
        };
        for value in values {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Null => continue,
                other => other.to_string(),
            };
            found.push((name.clone(), value));
        }
    }
    found
}

/// A body after content decoding: a text, or an object that holds one as it is or in base64.
fn body(of: &Value, headers: &[(String, String)]) -> Vec<u8> {
    let (text, base64) = match of.get("body") {
        Some(Value::String(text)) => (text.as_str(), None),
        Some(Value::Object(body)) => {
            let member = |name: &str| body.get(name).and_then(Value::as_str);
            (
                member("string").unwrap_or_default(),
                member("base64_string"),
            )
        }
        _ => ("", None),
    };
    let decoded = |text: &str| {
        let bare: String = text.split_whitespace().collect();
        STANDARD.decode(bare).ok()
    };
    let coding = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
        .map_or("", |(_, value)| value.as_str());
    let bytes = match base64.and_then(decoded) {
        Some(bytes) => bytes,
        None => text.as_bytes().to_vec(),
    };
    if coding.is_empty() {
        return bytes;
    }
    // A library may have kept the header and decoded the body. YAML's `!!binary`, in which vcrpy
    // keeps bytes, is base64.
    let candidates = [Some(bytes.clone()), decoded(text)];
    candidates
        .into_iter()
        .flatten()
        .find_map(|bytes| traffic::decoded(bytes, coding).ok())
        .unwrap_or(bytes)
}

/// A moment by RFC 3339, or as HTTP writes it.
fn instant(text: &str) -> Option<jiff::Timestamp> {
    text.parse()
        .ok()
        .or_else(|| {
            // Betamax leaves the offset out, and means UTC.
            let local = text.parse::<jiff::civil::DateTime>().ok()?;
            Some(local.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        })
        .or_else(|| {
            jiff::fmt::rfc2822::DateTimeParser::new()
                .relaxed_weekday(true)
                .parse_timestamp(text)
                .ok()
        })
}
