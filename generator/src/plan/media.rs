//! Media types: what a body of one holds, and which of several is used.

use super::forms::Forms;
use plumbline_specs::api::{Encoding, Kind, MediaType, SchemaId, Style};

/// What a body of some media type holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// One JSON text.
    Json,
    /// A sequence of records.
    Records,
    /// A form, `application/x-www-form-urlencoded`.
    Form,
    /// A form of parts, `multipart/form-data`.
    Multipart,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

impl Holds {
    /// Whether a schema says what is in it.
    pub(super) fn has_schema(self) -> bool {
        !matches!(self, Self::Text | Self::Bytes)
    }
}

/// What a media type holds: by its name, and by its schema where the name leaves it open.
pub(super) fn holds(media: &MediaType, forms: &Forms<'_>) -> Holds {
    let essence = media.essence();
    let (top, sub) = essence.split_once('/').unwrap_or((&essence, ""));
    let text = media.schema.is_some_and(|schema| {
        let target = forms.resolve(schema);
        matches!(forms.schema(target).kind, Kind::String { .. })
    });
    if media.stream.is_some() {
        return Holds::Records;
    }
    match (top, sub) {
        ("multipart", "form-data") => return Holds::Multipart,
        ("application", "x-www-form-urlencoded") => return Holds::Form,
        _ => {}
    }
    if media.schema.is_some_and(|schema| forms.is_binary(schema)) {
        return Holds::Bytes;
    }
    match (top, sub) {
        _ if media.is_json() => Holds::Json,
        ("*" | "application", "*") if media.schema.is_some() && !text => Holds::Json,
        ("text", _) => Holds::Text,
        ("application", "xml" | "yaml" | "x-yaml" | "javascript" | "graphql") => Holds::Text,
        ("application", _) if sub.ends_with("+xml") || sub.ends_with("+yaml") => Holds::Text,
        ("*", _) if text => Holds::Text,
        _ => Holds::Bytes,
    }
}

/// The media type in which a request is sent: JSON comes first, then forms, bytes and text.
pub(super) fn to_send<'m>(content: &'m [MediaType], forms: &Forms<'_>) -> Option<&'m MediaType> {
    content
        .iter()
        .min_by_key(|media| match holds(media, forms) {
            Holds::Json => 0,
            Holds::Form => 1,
            Holds::Multipart => 2,
            Holds::Bytes => 3,
            Holds::Text => 4,
            Holds::Records => 5,
        })
}

/// The media type in which a response is wanted: JSON comes first, then records, bytes and text.
pub(super) fn to_read<'m>(content: &'m [MediaType], forms: &Forms<'_>) -> Option<&'m MediaType> {
    content
        .iter()
        .min_by_key(|media| match holds(media, forms) {
            Holds::Json => 0,
            Holds::Records => 1,
            Holds::Bytes => 2,
            Holds::Text => 3,
            Holds::Form | Holds::Multipart => 4,
        })
}

/// The properties of a form whose `encoding` asks for what a client does not do: it writes
/// objects as JSON, files with their own media type, and lists as repeated fields.
pub(super) fn unusual_encodings<'m>(media: &'m MediaType, forms: &Forms<'_>) -> Vec<&'m str> {
    let Some(schema) = media.schema else {
        return Vec::new();
    };
    let Kind::Object { properties, .. } = &forms.schema(forms.resolve(schema)).kind else {
        return Vec::new();
    };
    media
        .encoding
        .iter()
        .filter(|(name, encoding)| {
            properties
                .get(*name)
                .is_some_and(|property| !is_usual(encoding, property.schema, forms))
        })
        .map(|(name, _)| name.as_str())
        .collect()
}

fn is_usual(encoding: &Encoding, property: SchemaId, forms: &Forms<'_>) -> bool {
    let target = forms.resolve(property);
    let usual = match &forms.schema(target).kind {
        _ if forms.is_binary(target) => None,
        Kind::Array { items, .. } if forms.is_binary(*items) => None,
        Kind::Object { .. } | Kind::Union { .. } | Kind::Any | Kind::Mixed { .. } => Some("json"),
        _ => Some("text/plain"),
    };
    let content = match (&encoding.content_type, usual) {
        (Some(asked), Some(usual)) => asked.contains(usual),
        _ => true,
    };
    content
        && encoding.headers.is_empty()
        && encoding.style.is_none_or(|style| style == Style::Form)
        && encoding.explode.unwrap_or(true)
}
