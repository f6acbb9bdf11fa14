//! Which requests the proxy takes: those of its own clients, for what is below its upstream.

use crate::codes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::uri::Authority;
use hyper::{StatusCode, Uri};
use plumbline_specs::Code;
use std::net::IpAddr;
use url::Url;

/// So often is a path decoded before it is held against the upstream's: servers behind servers
/// decode it once each.
const DECODED: usize = 4;

/// What the proxy guards.
#[derive(Debug)]
pub(super) struct Gate {
    /// The upstream's URL without user info, and without a slash at its end.
    base: String,
    /// The path of it, empty where it has none.
    path: String,
    /// The upstream's host.
    host: String,
    /// Where clients find the proxy.
    own: String,
    /// Further names by which clients call it.
    names: Vec<String>,
    /// Whether requests are sent with credentials that the client does not have.
    credentials: bool,
}

/// Why a request is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: Code,
    pub(super) message: String,
}

fn refusal(status: StatusCode, code: Code, message: impl Into<String>) -> Refusal {
    Refusal {
        status,
        code,
        message: message.into(),
    }
}

impl Gate {
    pub(super) fn new(upstream: &Url, own: String) -> Self {
        let mut base = upstream.clone();
        // A URL with a host can have user info.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        base.set_query(None);
        base.set_fragment(None);
        Self {
            own,
            path: base.path().trim_end_matches('/').to_owned(),
            base: base.as_str().trim_end_matches('/').to_owned(),
            host: base.host_str().unwrap_or_default().to_ascii_lowercase(),
            names: Vec::new(),
            credentials: !upstream.username().is_empty() || upstream.password().is_some(),
        }
    }

    /// Takes requests for further hosts.
    pub(super) fn add(&mut self, names: &[String]) {
        let names = names.iter().map(|name| name.to_ascii_lowercase());
        self.names.extend(names);
    }

    /// Where a request goes on to.
    ///
    /// A page in a browser can have its own name lead to the proxy's address (DNS rebinding): the
    /// name then stands in `Host`. With the upstream's credentials the proxy answers no page of
    /// another site at all.
    pub(super) fn target(&self, uri: &Uri, headers: &HeaderMap) -> Result<Url, Refusal> {
        let hosts = headers.get_all(header::HOST).iter().map(|value| {
            let text = value.to_str().unwrap_or_default();
            text.parse::<Authority>()
                .map_or_else(|_| text.to_owned(), |own| own.host().to_owned())
        });
        if let Some(host) = hosts.into_iter().find(|host| !self.is_known(host)) {
            return Err(refusal(
                StatusCode::MISDIRECTED_REQUEST,
                codes::FOREIGN_HOST,
                format!(
                    "a request for the host `{}` was refused: it is none of this proxy's; --host names another",
                    crate::shorten::shorten(&host, 100)
                ),
            ));
        }
        // A whole URL in the request line is for the host that it names (RFC 9112, section 3.2.2).
        if uri.authority().is_some_and(|own| !self.is_own(own)) {
            return Err(refusal(
                StatusCode::MISDIRECTED_REQUEST,
                codes::OTHER_HOST,
                "a request for another server was refused: the proxy stands before one upstream, and its address is the base URL of its clients",
            ));
        }
        if let Some(origin) = headers.get(header::ORIGIN)
            && self.credentials
        {
            let url = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
            let host = url.as_ref().and_then(Url::host_str);
            if !host.is_some_and(|host| self.is_known(host)) {
                return Err(refusal(
                    StatusCode::FORBIDDEN,
                    codes::FOREIGN_ORIGIN,
                    "a request of another site's page was refused: it would have the upstream's credentials; --host names a site that may",
                ));
            }
        }
        let path = uri.path_and_query().map_or("/", |own| own.as_str());
        let beyond = refusal(
            StatusCode::BAD_REQUEST,
            codes::BEYOND_BASE,
            "a request whose path leads out of the upstream's was refused",
        );
        if !path.starts_with('/') || !self.path.is_empty() && climbs(uri.path()) {
            return Err(beyond);
        }
        let url = Url::parse(&format!("{}{path}", self.base)).map_err(|_| {
            refusal(
                StatusCode::BAD_REQUEST,
                codes::BAD_REQUEST_PATH,
                "a request whose path is none was refused",
            )
        })?;
        if self.below(&url).is_some() {
            Ok(url)
        } else {
            Err(beyond)
        }
    }

    /// Whether clients may call the proxy so. An address is not looked up, so that nobody can have
    /// it lead here; that of the upstream is a name that a client may keep.
    fn is_known(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        host.parse::<IpAddr>().is_ok()
            || host == "localhost"
            || host.ends_with(".localhost")
            || host == self.host.trim_matches(['[', ']'])
            || self.names.contains(&host)
    }

    /// Whether a host and a port are the proxy's, whichever of its names they use.
    fn is_own(&self, authority: &Authority) -> bool {
        let Ok(own) = Url::parse(&self.own) else {
            return false;
        };
        let host = authority
            .host()
            .trim_matches(['[', ']'])
            .to_ascii_lowercase();
        let loopback = host.parse().is_ok_and(|own: IpAddr| own.is_loopback());
        authority.port_u16().unwrap_or(80) == own.port_or_known_default().unwrap_or(80)
            && (loopback
                || host == "localhost"
                || own.host_str() == Some(authority.host())
                || self.names.contains(&host))
    }

    /// What of a URL is below the upstream's: the rest, which begins with a slash where there is
    /// more of the path.
    fn below<'u>(&self, url: &'u Url) -> Option<&'u str> {
        // Scheme, host and port as they are written without user info.
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let rest = url.as_str().strip_prefix(&self.base)?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// A reference of an answer to `asked`, as the client is to follow it: what is below the
    /// upstream is asked for here, what is elsewhere there, and without its credentials.
    pub(super) fn reference(&self, asked: &Url, reference: &str) -> Option<String> {
        let url = asked.join(reference.trim()).ok()?;
        match self.below(&url) {
            Some(rest) => Some(format!("{}{rest}", self.own)),
            // A reference without a host would be asked for here.
            None => url.has_host().then(|| url.to_string()),
        }
    }

    /// A `Link` header with its references so.
    pub(super) fn links(&self, asked: &Url, value: &str) -> String {
        let mut out = String::new();
        let mut rest = value;
        while let Some((before, from)) = rest.split_once('<') {
            out.push_str(before);
            let Some((reference, after)) = from.split_once('>') else {
                out.push('<');
                rest = from;
                break;
            };
            let own = self.reference(asked, reference);
            out.push_str(&format!("<{}>", own.as_deref().unwrap_or(reference)));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// An answer's headers for the client: addresses of the upstream become the proxy's own, so
    /// that a client that follows them stays; others lead away from the upstream's credentials.
    pub(super) fn for_client(&self, mut headers: HeaderMap, asked: &Url) -> HeaderMap {
        for name in [header::LOCATION, header::CONTENT_LOCATION, header::LINK] {
            let values: Vec<HeaderValue> = headers.get_all(&name).iter().cloned().collect();
            headers.remove(&name);
            for value in values {
                let text = value.to_str().ok();
                let own = text.and_then(|text| match name {
                    header::LINK => Some(self.links(asked, text)),
                    _ => self.reference(asked, text),
                });
                let own = own.and_then(|own| HeaderValue::from_str(&own).ok());
                headers.append(name.clone(), own.unwrap_or(value));
            }
        }
        headers
    }
}

/// Whether a path leads above where it begins, at any of its segments and in any spelling that a
/// server behind the upstream may decode.
fn climbs(path: &str) -> bool {
    let mut path = path.to_owned();
    for _ in 0..DECODED {
        let mut depth = 0_i64;
        for segment in path.split(['/', '\\']) {
            // What stands behind a semicolon is a parameter of the segment (RFC 3986, section 3.3).
            match segment.split(';').next().unwrap_or_default() {
                ".." => depth -= 1,
                "" | "." => {}
                _ => depth += 1,
            }
            if depth < 0 {
                return true;
            }
        }
        let plain = percent_encoding::percent_decode_str(&path)
            .decode_utf8_lossy()
            .into_owned();
        if plain == path {
            return false;
        }
        path = plain;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use hyper::header::{HeaderMap, HeaderName, HeaderValue};
    use url::Url;

    fn gate(upstream: &str) -> Gate {
        let own = "http://127.0.0.1:8080".to_owned();
        let mut gate = Gate::new(&upstream.parse().unwrap(), own);
        gate.add(&["Proxy".to_owned()]);
        gate
    }

    fn target(upstream: &str, uri: &str, headers: &[(&str, &str)]) -> Result<String, String> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        gate(upstream)
            .target(&uri.parse().unwrap(), &headers)
            .map(|url| url.to_string())
            .map_err(|refusal| refusal.code.to_string())
    }

    #[test]
    fn requests_stay_below_the_upstream() {
        for (uri, expected) in [
            ("/x/y?z=../..", Ok("http://up/api/x/y?z=../..")),
            ("/x/../y", Ok("http://up/api/y")),
            ("/x%2F..%2Fy", Ok("http://up/api/x%2F..%2Fy")),
            ("/", Ok("http://up/api/")),
            ("/../x", Err("beyond-base")),
            ("/../../x", Err("beyond-base")),
            ("/x/../../y", Err("beyond-base")),
            ("/%2e%2e/x", Err("beyond-base")),
            ("/.%2E/x", Err("beyond-base")),
            ("/..%2fx", Err("beyond-base")),
            ("/%2e%2e%5cx", Err("beyond-base")),
            ("/%252e%252e%252fx", Err("beyond-base")),
            ("/..;a=b/x", Err("beyond-base")),
            ("/../apix", Err("beyond-base")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(target("http://up/api/", uri, &[]), expected, "{uri}");
        }
        assert_eq!(
            target("http://up", "/../x", &[]),
            Ok("http://up/x".to_owned())
        );
    }

    #[test]
    fn hosts_and_origins_are_the_clients_own() {
        let plain = "http://up.example/api";
        let with = "http://user:pw@up.example/api";
        for (upstream, uri, headers, expected) in [
            (plain, "/x", &[("host", "127.0.0.1:8080")][..], None),
            (plain, "/x", &[("host", "[::1]:8080")], None),
            (plain, "/x", &[("host", "localhost:8080")], None),
            (plain, "/x", &[("host", "app.localhost")], None),
            (plain, "/x", &[("host", "proxy:8080")], None),
            (plain, "/x", &[("host", "UP.example")], None),
            (plain, "/x", &[], None),
            (
                plain,
                "/x",
                &[("host", "evil.example:8080")],
                Some("foreign-host"),
            ),
            (
                plain,
                "/x",
                &[("host", "127.0.0.1.evil.example")],
                Some("foreign-host"),
            ),
            (
                plain,
                "/x",
                &[("host", "localhost"), ("host", "evil")],
                Some("foreign-host"),
            ),
            (plain, "http://127.0.0.1:8080/x", &[], None),
            (plain, "http://localhost:8080/x", &[], None),
            (plain, "http://localhost:9/x", &[], Some("other-host")),
            (plain, "http://up.example/x", &[], Some("other-host")),
            (
                plain,
                "http://evil.example/x",
                &[("host", "localhost")],
                Some("other-host"),
            ),
            (plain, "/x", &[("origin", "http://evil.example")], None),
            (
                with,
                "/x",
                &[("origin", "http://evil.example")],
                Some("foreign-origin"),
            ),
            (with, "/x", &[("origin", "null")], Some("foreign-origin")),
            (with, "/x", &[("origin", "http://localhost:3000")], None),
        ] {
            let came = target(upstream, uri, headers).err();
            assert_eq!(came.as_deref(), expected, "{uri} {headers:?}");
        }
    }

    #[test]
    fn references_lead_here_or_away() {
        let gate = gate("http://user:pw@up.example/api");
        let asked: Url = "http://up.example/api/a/b".parse().unwrap();
        for (reference, expected) in [
            ("http://up.example/api/c?d=1", "http://127.0.0.1:8080/c?d=1"),
            ("/api/c", "http://127.0.0.1:8080/c"),
            ("c", "http://127.0.0.1:8080/a/c"),
            ("?page=2", "http://127.0.0.1:8080/a/b?page=2"),
            ("/other", "http://up.example/other"),
            ("../../other", "http://up.example/other"),
            ("http://up.example/apix", "http://up.example/apix"),
            (
                "http://up.example.evil/api/c",
                "http://up.example.evil/api/c",
            ),
            (
                "http://evil/?to=http://up.example/api/c",
                "http://evil/?to=http://up.example/api/c",
            ),
            ("//evil/api", "http://evil/api"),
        ] {
            let came = gate.reference(&asked, reference);
            assert_eq!(came.as_deref(), Some(expected), "{reference}");
        }
        assert_eq!(
            gate.links(
                &asked,
                r#"</api/a?p=2>; rel="next", <http://evil/>; rel="x""#
            ),
            r#"<http://127.0.0.1:8080/a?p=2>; rel="next", <http://evil/>; rel="x""#
        );
    }
}
