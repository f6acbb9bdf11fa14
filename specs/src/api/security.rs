//! Security schemes and requirements.

use super::Location;
use crate::Pointer;
use indexmap::IndexMap;
use serde::Serialize;

/// One alternative: scheme name to scopes; all of its schemes are needed together. An empty one
/// means that no credentials are needed.
pub type Requirement = IndexMap<String, Vec<String>>;

/// A security scheme (OpenAPI 3.0.3, Security Scheme Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum SecurityScheme {
    /// A key in a header, a query parameter or a cookie.
    ApiKey {
        /// Where it stands.
        place: Pointer,
        /// Header, query or cookie.
        location: Location,
        /// The header's, parameter's or cookie's name.
        name: String,
        /// `description`.
        description: Option<String>,
    },
    /// HTTP authentication (RFC 9110, section 11) by the scheme's name, for example `basic`.
    Http {
        /// Where it stands.
        place: Pointer,
        /// The scheme's name in lower case.
        scheme: String,
        /// `bearerFormat`.
        bearer_format: Option<String>,
        /// `description`.
        description: Option<String>,
    },
    /// OAuth 2.0; a client sends the access token as a bearer token.
    OAuth2 {
        /// Where it stands.
        place: Pointer,
        /// `description`.
        description: Option<String>,
    },
    /// OpenID Connect; a client sends the token as a bearer token.
    OpenIdConnect {
        /// Where it stands.
        place: Pointer,
        /// The discovery URL.
        url: String,
        /// `description`.
        description: Option<String>,
    },
    /// A client certificate (OpenAPI 3.1).
    MutualTls {
        /// Where it stands.
        place: Pointer,
    },
}
