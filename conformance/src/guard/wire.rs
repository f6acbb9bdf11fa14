//! What a request as it travels would have a server take it for.

use crate::Request;
use serde_json::Value;

/// Headers and parameters by which a request has a server take it for one of another method.
const OVERRIDES: [&str; 4] = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "_method",
];

/// Whether a URL's reader would take a segment for a way up, or for none at all.
pub(super) fn path_segments_climb(path: &str) -> bool {
    path.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}

/// The header, parameter or member of a request that asks for another method than its own.
pub(super) fn method_override(request: &Request) -> Option<String> {
    let asks = |name: &str, value: &str| {
        OVERRIDES.contains(&name.to_ascii_lowercase().as_str())
            && !value.eq_ignore_ascii_case(&request.method)
            && !value.is_empty()
    };
    let pairs = request.headers.iter().chain(&request.query);
    let named = pairs
        .filter(|(name, value)| asks(name, value))
        .map(|(name, _)| name.clone())
        .next();
    named.or_else(|| {
        let body = request.body.as_deref()?;
        let text = std::str::from_utf8(body).ok()?;
        if let Ok(body) = serde_json::from_str::<Value>(text) {
            let method = body.get("_method")?.as_str()?;
            return asks("_method", method).then(|| "_method".to_owned());
        }
        let mut pairs = url::form_urlencoded::parse(body);
        let found = pairs.any(|(name, value)| asks(&name, &value));
        found.then(|| "_method".to_owned())
    })
}
