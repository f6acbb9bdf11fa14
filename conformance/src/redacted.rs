//! `Debug` of what may hold a secret: names and sizes in place of values.

use crate::contract::Values;
use crate::fixture::Variables;
use crate::traffic::{Matched, Passed};
use crate::{Reply, Request, Session, Target};
use std::fmt::{Debug, Formatter, Result};
use url::Url;

/// Names alone, in order.
pub(crate) fn names<'a, T: AsRef<str> + 'a>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names
        .into_iter()
        .map(|name| name.as_ref().to_owned())
        .collect()
}

fn pairs(pairs: &[(String, String)]) -> Vec<String> {
    names(pairs.iter().map(|(name, _)| name))
}

/// A size, written as one.
struct Size(usize);

impl Debug for Size {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{} B", self.0)
    }
}

/// Scheme, host, port and path of a URL.
pub(crate) fn address(url: &Url) -> String {
    let mut url = url.clone();
    // A URL that cannot have user info has none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// As [`address`], of a text that was meant as a URL.
pub(crate) fn address_of(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, after))) => format!("{scheme}://{after}"),
        (None, Some((_, after))) => after.to_owned(),
        (_, None) => text.to_owned(),
    }
}

impl Debug for Request {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &pairs(&self.query))
            .field("headers", &pairs(&self.headers))
            .field("withheld", &self.withheld)
            .field("body", &self.body.as_ref().map(|body| Size(body.len())))
            .finish_non_exhaustive()
    }
}

impl Debug for Reply {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Reply")
            .field("status", &self.status)
            .field("headers", &pairs(&self.headers))
            .field("body", &Size(self.body.len()))
            .field("millis", &self.millis)
            .finish()
    }
}

impl Debug for Target {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Target")
            .field("base", &address(&self.base))
            .field("headers", &self.headers)
            .field("values", &names(self.values.keys()))
            .field("limits", &self.limits)
            .finish()
    }
}

impl Debug for Session {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Session")
            .field("target", self.target())
            .field("sent", &self.sent())
            .finish_non_exhaustive()
    }
}

impl Debug for Values {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let given = self.named().map(|(name, _)| name);
        formatter
            .debug_struct("Values")
            .field("named", &names(given))
            .finish_non_exhaustive()
    }
}

impl Debug for Variables {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_tuple("Variables")
            .field(&names(self.names()))
            .finish()
    }
}

impl Debug for Passed {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Passed")
            .field("method", &self.method)
            .field("url", &address(&self.url))
            .field("headers", &pairs(&self.headers))
            .field("body", &self.body.as_ref().map(|body| Size(body.len())))
            .field("answer", &self.answer)
            .field("begun", &self.begun)
            .field("place", &self.place)
            .finish()
    }
}

impl Debug for Matched {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter
            .debug_struct("Matched")
            .field("exchanges", &self.exchanges)
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}
