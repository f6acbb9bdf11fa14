//! Media types and ranges (RFC 9110, sections 8.3.1 and 12.5.1; RFC 6839 for suffixes).

use plumbline_specs::api::MediaType;

/// The type without its parameters, in lower case.
pub(crate) fn essence(name: &str) -> String {
    name.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Why a body is not judged: nothing reads one of its media type.
pub(crate) fn unread(name: &str) -> String {
    let essence = crate::shorten::shorten(&essence(name), 80);
    format!("a body of `{essence}` is not held to its schema")
}

/// Whether it is JSON by its own name or by its suffix.
pub(crate) fn is_json(name: &str) -> bool {
    let essence = essence(name);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// The entry of `content` for a Content-Type, the most concrete first (OpenAPI 3.0.3, Response
/// Object: "only the most specific key is applicable").
pub(crate) fn select<'a>(content: &'a [MediaType], actual: &str) -> Option<&'a MediaType> {
    content
        .iter()
        .filter_map(|media| Some((closeness(&media.name, actual)?, media)))
        .min_by_key(|(closeness, _)| *closeness)
        .map(|(_, media)| media)
}

/// How far a documented type or range is from an actual type; `None` where it does not cover
/// it. Parameters of the actual type, such as `charset`, never stand in the way.
fn closeness(documented: &str, actual: &str) -> Option<u8> {
    let (want, have) = (essence(documented), essence(actual));
    if want == have {
        let same = parameters(documented) == parameters(actual);
        return Some(u8::from(!same));
    }
    if want == "*/*" || want == "*" {
        return Some(4);
    }
    let (kind, subtype) = want.split_once('/')?;
    let (have_kind, have_subtype) = have.split_once('/')?;
    if kind != have_kind {
        return None;
    }
    if subtype == "*" {
        return Some(3);
    }
    // `application/*+json` covers every type of that suffix.
    subtype
        .strip_prefix("*+")
        .and_then(|suffix| have_subtype.strip_suffix(suffix)?.strip_suffix('+'))
        .map(|_| 2)
}

/// The parameters but `charset`, in lower case, in order.
fn parameters(name: &str) -> Vec<String> {
    let mut found: Vec<_> = name
        .split(';')
        .skip(1)
        .map(|parameter| parameter.trim().to_ascii_lowercase())
        .filter(|parameter| !parameter.is_empty() && !parameter.starts_with("charset="))
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::closeness;

    #[test]
    fn ranges_cover_and_are_ranked() {
        let rank = |documented, actual| closeness(documented, actual);
        assert_eq!(
            rank("application/json", "Application/JSON; charset=utf-8"),
            Some(0)
        );
        assert_eq!(
            rank("application/json;v=1", "application/json; v=2"),
            Some(1)
        );
        assert_eq!(
            rank("application/*+json", "application/problem+json"),
            Some(2)
        );
        assert_eq!(rank("application/*", "application/xml"), Some(3));
        assert_eq!(rank("*/*", "text/plain"), Some(4));
        assert_eq!(rank("application/json", "application/problem+json"), None);
        assert_eq!(rank("text/*", "application/json"), None);
        assert_eq!(rank("application/json", ""), None);
    }
}
