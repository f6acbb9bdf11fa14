//! Link headers (RFC 8288, section 3).

use crate::law::observations::Link;
use crate::{Reply, Request};
use url::Url;

/// The links of every `Link` header of a reply, resolved against the request's URL. `asked` is
/// the request for the first page: what its query holds, every link has to keep.
pub(super) fn links(reply: &Reply, base: &Url, sent: &Request, asked: &Request) -> Vec<Link> {
    reply
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("link"))
        .flat_map(|(_, value)| parse(value))
        .filter_map(|(target, relations)| link(&target, relations, base, sent, asked))
        .collect()
}

/// One link, resolved and compared with the request for the first page.
pub(super) fn link(
    target: &str,
    relations: Vec<String>,
    base: &Url,
    sent: &Request,
    asked: &Request,
) -> Option<Link> {
    let url = address(base, sent)?.join(target).ok()?;
    let mut faults = Vec::new();
    // Only links to pages make promises about them.
    let paging = ["next", "prev", "previous", "first", "last"];
    if !relations.iter().any(|own| paging.contains(&own.as_str())) {
        return Some(Link {
            relations,
            target: url.into(),
            faults,
        });
    }
    if url.origin() != base.origin() {
        faults.push(format!(
            "leads to another origin, {}",
            url.origin().ascii_serialization()
        ));
    }
    if below(base, &url).is_none() {
        faults.push(format!("leads out of {}", base.path()));
    }
    let own: Vec<(String, String)> = pairs(&url);
    for (name, value) in address(base, asked).iter().flat_map(pairs) {
        if own.contains(&(name.clone(), value.clone())) {
            continue;
        }
        faults.push(match own.iter().find(|(other, _)| *other == name) {
            Some((_, other)) => format!("changes {name}={value} to {name}={other}"),
            None => format!("loses {name}={value}"),
        });
    }
    Some(Link {
        relations,
        target: url.into(),
        faults,
    })
}

/// The request that a link asks for: as the first one, with the link's path and query. `None`
/// where it leads out of the target.
pub(super) fn request(target: &str, base: &Url, first: &Request) -> Option<Request> {
    let url = Url::parse(target).ok()?;
    let query = url.query().unwrap_or_default();
    Some(Request {
        path: below(base, &url)?.to_owned(),
        query: query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (name.to_owned(), value.to_owned())
            })
            .collect(),
        ..first.clone()
    })
}

fn pairs(url: &Url) -> Vec<(String, String)> {
    url.query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// A URL's path below the base's own.
fn below<'a>(base: &Url, url: &'a Url) -> Option<&'a str> {
    let prefix = base.path().trim_end_matches('/');
    url.path()
        .strip_prefix(prefix)
        .filter(|rest| rest.starts_with('/'))
}

/// Where a request goes.
fn address(base: &Url, request: &Request) -> Option<Url> {
    let text = format!(
        "{}{}",
        base.as_str().trim_end_matches('/'),
        request.path_and_query()
    );
    Url::parse(&text).ok()
}

/// The targets of a header's value with their relation types. What is no link is passed over,
/// as RFC 8288, appendix B.2 has it.
fn parse(value: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find('<') {
        let Some((target, after)) = rest.get(start + 1..).and_then(|text| text.split_once('>'))
        else {
            break;
        };
        let (relations, after) = parameters(after);
        found.push((target.trim().to_owned(), relations));
        rest = after;
    }
    found
}

/// The relation types among a link's parameters, and what follows the link.
fn parameters(text: &str) -> (Vec<String>, &str) {
    let mut relations: Option<Vec<String>> = None;
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, mut tail) = after.split_at(end);
        let mut value = String::new();
        if let Some(after) = tail.strip_prefix('=') {
            (value, tail) = parameter(after.trim_start());
        }
        // Of several `rel` the first counts (RFC 8288, section 3.3).
        if name.trim().eq_ignore_ascii_case("rel") && relations.is_none() {
            relations = Some(
                value
                    .split_ascii_whitespace()
                    .map(str::to_ascii_lowercase)
                    .collect(),
            );
        }
        rest = tail.trim_start();
    }
    (relations.unwrap_or_default(), rest)
}

/// A parameter's value, quoted or not, and what follows it.
fn parameter(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return (value, quoted.get(index + 1..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, character)| character)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_header_is_read_as_rfc_8288_says() {
        for (value, expected) in [
            ("", vec![]),
            (
                r#"</a?x=1,2>; rel="next", <b>;rel=prev"#,
                vec![("/a?x=1,2", "next"), ("b", "prev")],
            ),
            (
                r#"<c>; title="a, \"b\"; <d>"; REL="Next first""#,
                vec![("c", "next first")],
            ),
            (r#"<e>; rel=next; rel=last"#, vec![("e", "next")]),
            (
                r#"<f>; foo; rel="next"  ,  <g>"#,
                vec![("f", "next"), ("g", "")],
            ),
            ("<broken", vec![]),
            (r#"<h>; rel="never ends"#, vec![("h", "never ends")]),
        ] {
            let found: Vec<(String, String)> = parse(value)
                .into_iter()
                .map(|(target, relations)| (target, relations.join(" ")))
                .collect();
            let found: Vec<(&str, &str)> = found
                .iter()
                .map(|(target, relations)| (target.as_str(), relations.as_str()))
                .collect();
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn a_link_is_compared_with_the_first_request() {
        let base = Url::parse("http://host:1/api").unwrap();
        let asked = Request {
            path: "/items".to_owned(),
            query: vec![
                ("name".to_owned(), "a%20b".to_owned()),
                ("size".to_owned(), "2".to_owned()),
            ],
            ..Request::default()
        };
        for (target, faults, path) in [
            ("?name=a+b&size=2&page=2", vec![], Some("/items")),
            (
                "http://host:1/api/items?size=2&name=a%20b",
                vec![],
                Some("/items"),
            ),
            ("?size=2", vec!["loses name=a b"], Some("/items")),
            (
                "?size=3&name=a%20b",
                vec!["changes size=2 to size=3"],
                Some("/items"),
            ),
            (
                "//other/api/items?size=2&name=a%20b",
                vec!["leads to another origin, http://other"],
                Some("/items"),
            ),
            ("/items?size=2&name=a%20b", vec!["leads out of /api"], None),
        ] {
            let next = vec!["next".to_owned()];
            let link = link(target, next, &base, &asked, &asked).unwrap();
            assert_eq!(link.faults, faults, "{target}");
            let path_asked = request(&link.target, &base, &asked).map(|request| request.path);
            assert_eq!(path_asked.as_deref(), path, "{target}");
        }
    }
}
