//! Headers as they pass the proxy.

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Headers that are of one connection alone (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The headers that are not of one connection alone.
pub(super) fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    headers
        .iter()
        .filter(|(name, _)| {
            !HOP_BY_HOP.contains(&name.as_str()) && !named.iter().any(|own| own == name.as_str())
        })
        .map(|(name, value): (&HeaderName, &HeaderValue)| (name.clone(), value.clone()))
        .fold(HeaderMap::new(), |mut kept, (name, value)| {
            kept.append(name, value);
            kept
        })
}

/// Names and values, as they are kept.
pub(super) fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}
