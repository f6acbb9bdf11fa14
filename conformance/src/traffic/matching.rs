//! Which operation each exchange is of, and below which URL the document's paths begin.

use super::{Passed, Traffic};
use crate::codes;
use crate::secrets::user_info;
use crate::{Contract, Exchange, ExchangeId, Request};
use plumbline_specs::Diagnostic;
use std::collections::BTreeMap;
use url::Url;

/// What is of the document, and what is not.
#[derive(Clone, Default)]
pub struct Matched {
    /// Numbered from 1 in the order of sending.
    pub exchanges: Vec<Exchange>,
    /// Users and passwords that stood in URLs.
    pub user_info: Vec<(String, String)>,
    /// `not-an-operation`: each method and path that the document does not name, once.
    pub notes: Vec<Diagnostic>,
}

/// The URL below which the document's paths begin: the one at which the most exchanges are
/// operations of it; of several the shortest, and then the first. `None` where none is.
pub fn base(contract: &Contract, traffic: &Traffic) -> Option<Url> {
    // Count, and the order of the first meeting.
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for passed in &traffic.exchanges {
        let path = passed.url.path();
        let cuts = path
            .match_indices('/')
            .map(|(at, _)| at)
            .filter(|at| {
                let rest = path.get(*at..).unwrap_or_default();
                contract.route(&passed.method, rest).is_some()
            })
            .collect::<Vec<_>>();
        for at in cuts {
            let base = format!(
                "{}{}",
                origin(&passed.url),
                path.get(..at).unwrap_or_default()
            );
            let order = counts.len();
            counts.entry(base).or_insert((0, order)).0 += 1;
        }
    }
    counts
        .into_iter()
        .min_by_key(|(base, (count, order))| (std::cmp::Reverse(*count), base.len(), *order))
        .and_then(|(base, _)| Url::parse(&base).ok())
}

/// Scheme, host and port; without user info.
fn origin(url: &Url) -> String {
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    format!(
        "{}://{}{port}",
        url.scheme(),
        url.host_str().unwrap_or_default()
    )
}

/// The exchanges that are operations of the document below `base`.
pub fn matched(contract: &Contract, traffic: &Traffic, base: &Url) -> Matched {
    let mut matched = Matched::default();
    let mut others: BTreeMap<String, (usize, &Passed)> = BTreeMap::new();
    let prefix = base.path().trim_end_matches('/');
    for passed in &traffic.exchanges {
        let path = (origin(&passed.url) == origin(base))
            .then(|| passed.url.path().strip_prefix(prefix))
            .flatten()
            .filter(|path| path.starts_with('/'));
        let route = path.and_then(|path| Some((path, contract.route(&passed.method, path)?)));
        let Some((path, route)) = route else {
            let name = format!(
                "{} {}{}",
                passed.method,
                origin(&passed.url),
                crate::shorten::shorten(&without_parameters(passed.url.path()), 200)
            );
            others.entry(name).or_insert((0, passed)).0 += 1;
            continue;
        };
        matched.user_info.extend(user_info(&passed.url));
        matched.exchanges.push(Exchange {
            id: ExchangeId(matched.exchanges.len() as u64 + 1),
            request: Request {
                operation: route.operation.label(),
                method: passed.method.clone(),
                path: path.to_owned(),
                query: query(passed.url.query().unwrap_or_default()),
                headers: passed.headers.clone(),
                body: passed.body.clone(),
                ..Request::default()
            },
            answer: passed.answer.clone(),
        });
    }
    matched.notes = others
        .into_iter()
        .map(|(name, (times, passed))| {
            let times = match times {
                1 => String::new(),
                times => format!(", {times} times"),
            };
            let mut note = Diagnostic::note(
                codes::NOT_AN_OPERATION,
                format!("`{name}` is no operation of the document{times}: left out"),
            );
            note.place.clone_from(&passed.place);
            note
        })
        .collect();
    matched
}

/// A path without the parameters of its segments (RFC 3986, section 3.3): as those of a query, they
/// may be secret.
fn without_parameters(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let ends = [";", "%3B", "%3b"];
        let ends = ends.into_iter().filter_map(|end| segment.find(end));
        let end = ends.min().unwrap_or(segment.len());
        segment.get(..end).unwrap_or_default()
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Percent-encoded pairs as they stand in a URL; a name without `=` has an empty value.
fn query(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_of_segments_are_cut() {
        for (path, cut) in [
            ("/a/b", "/a/b"),
            ("/a;access_token=x/b;v=1;w", "/a/b"),
            ("/a%3baccess_token%3Dx", "/a"),
            ("/", "/"),
        ] {
            assert_eq!(super::without_parameters(path), cut);
        }
    }
}
