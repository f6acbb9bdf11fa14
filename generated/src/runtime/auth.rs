//! Credentials.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;
use std::fmt;

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}

/// What a security scheme needs. Never shown by `Debug`.
#[derive(Clone)]
pub struct Credential {
    pub(super) location: Location,
    pub(super) name: &'static str,
    pub(super) value: String,
}

impl Credential {
    /// A raw value in a header, the query or a cookie.
    pub fn key(location: Location, name: &'static str, value: impl Into<String>) -> Self {
        Self {
            location,
            name,
            value: value.into(),
        }
    }

    /// `Authorization: Bearer <token>`
    pub fn bearer(token: &str) -> Self {
        Self::key(Location::Header, "Authorization", format!("Bearer {token}"))
    }

    /// `Authorization: Basic <base64 of user:password>`
    pub fn basic(user: &str, password: &str) -> Self {
        let pair = STANDARD.encode(format!("{user}:{password}"));
        Self::key(Location::Header, "Authorization", format!("Basic {pair}"))
    }

    /// The value as a header's, marked so that nothing prints it.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.value).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Credential")
            .field("location", &self.location)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The alternative that is sent: the first that names a scheme and whose schemes are all
/// configured, or else the first of which some are. `None` when nothing is asked or nothing that
/// is asked is configured.
pub(super) fn choose<'s>(
    security: &'s [&'s [&'s str]],
    configured: impl Fn(&str) -> bool,
) -> Option<&'s [&'s str]> {
    let whole =
        |schemes: &&&[&str]| !schemes.is_empty() && schemes.iter().all(|scheme| configured(scheme));
    let part = |schemes: &&&[&str]| schemes.iter().any(|scheme| configured(scheme));
    let mut alternatives = security.iter();
    alternatives
        .clone()
        .find(whole)
        .or_else(|| alternatives.find(part))
        .copied()
}
