//! Parameters and headers.

use super::SchemaId;
use crate::Pointer;
use serde::Serialize;

/// A parameter (OpenAPI 3.0.3, Parameter Object), its defaults filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Where it stands, after references.
    pub place: Pointer,
    /// `name`, as it goes over the wire.
    pub name: String,
    /// `x-name`: the name that it shall have in Rust.
    pub rust_name: Option<String>,
    /// `in`.
    pub location: Location,
    /// `description`.
    pub description: Option<String>,
    /// `required`; always true in a path.
    pub required: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// How its value becomes text.
    pub serialization: Serialization,
    /// The schema of its value; of the decoded value where `serialization` is `Content`.
    pub schema: SchemaId,
}

impl Parameter {
    /// Whether it is the one of this location and name. The case of a header's name does not count
    /// (RFC 9110, section 5.1).
    pub fn is(&self, location: Location, name: &str) -> bool {
        self.location == location
            && match location {
                Location::Header => self.name.eq_ignore_ascii_case(name),
                Location::Path | Location::Query | Location::Cookie => self.name == name,
            }
    }
}

/// How a parameter's value is written (OpenAPI 3.0.3, Style Values).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Serialization {
    /// By `style` and `explode`.
    Style {
        /// `style`, or the location's default.
        style: Style,
        /// `explode`, or the style's default.
        explode: bool,
        /// `allowReserved`.
        allow_reserved: bool,
    },
    /// As a document of this media type: `content`, or `contentMediaType` on a string schema.
    Content(String),
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// `style` (OpenAPI 3.0.3, Style Values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum Style {
    Matrix,
    Label,
    Form,
    Simple,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A response header (OpenAPI 3.0.3, Header Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// Where it stands, after references.
    pub place: Pointer,
    /// Its name as written; compared without case.
    pub name: String,
    /// `description`.
    pub description: Option<String>,
    /// `required`.
    pub required: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// The schema of its value, when there is one.
    pub schema: Option<SchemaId>,
}
