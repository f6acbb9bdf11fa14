//! Bodies and media types.

use super::{Header, SchemaId};
use crate::Pointer;
use indexmap::IndexMap;
use serde::Serialize;

/// A request body (OpenAPI 3.0.3, Request Body Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RequestBody {
    /// Where it stands, after references.
    pub place: Pointer,
    /// `description`.
    pub description: Option<String>,
    /// `required`.
    pub required: bool,
    /// `content`, in document order.
    pub content: Vec<MediaType>,
}

/// One media type of a body (OpenAPI 3.0.3, Media Type Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MediaType {
    /// Where it stands.
    pub place: Pointer,
    /// The media type or range as written, for example `application/json` or `*/*`.
    pub name: String,
    /// `schema`.
    pub schema: Option<SchemaId>,
    /// `encoding`, by property (multipart and form bodies).
    pub encoding: IndexMap<String, Encoding>,
    /// `x-stream`, or what the media type itself says (`application/x-ndjson`,
    /// `text/event-stream`): the body is a sequence of records.
    pub stream: Option<Stream>,
}

impl MediaType {
    /// Whether it is JSON: `application/json` or a `+json` suffix (RFC 6839), parameters aside.
    pub fn is_json(&self) -> bool {
        let essence = self.essence();
        essence == "application/json" || essence.ends_with("+json")
    }

    /// The type without its parameters, in lower case.
    pub fn essence(&self) -> String {
        self.name
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }
}

/// How one property of a multipart or form body is written (OpenAPI 3.0.3, Encoding Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Encoding {
    /// `contentType`.
    pub content_type: Option<String>,
    /// `style`.
    pub style: Option<super::Style>,
    /// `explode`.
    pub explode: Option<bool>,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// `headers`.
    pub headers: Vec<Header>,
}

/// `x-stream`: a body that is a sequence of records.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stream {
    /// How records are told apart.
    pub framing: Framing,
    /// What ends a record; `"\n"` when not said.
    pub delimiter: String,
    /// The schema of one record; free-form JSON when not said.
    pub item: Option<SchemaId>,
    /// The schema of a record that reports a failure.
    pub error: Option<SchemaId>,
}

/// How the records of a stream are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// One JSON text a line (NDJSON, JSON Lines).
    JsonLines,
    /// Server-sent events (WHATWG HTML, section 9.2), the data of each being one JSON text.
    ServerSentEvents,
}
