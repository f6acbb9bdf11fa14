//! The shape of OpenAPI: which keys each object has, and what stands under them.
//!
//! One table for all who walk a document: reading, finding unknown keys, bringing 3.1 down to
//! 3.0, selecting and stripping. A walk by this table never takes a value of `example`,
//! `default`, `enum` or `const` for a part of the document. The tables follow OpenAPI 3.0.3 and
//! 3.1.1, and JSON Schema 2020-12.

mod fields;
mod walk;

pub(crate) use walk::{Path, Walk, object_at, walk, walk_mut};

/// An object of the specification, by its name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Object {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
    Components,
    /// Plumbline's `x-stream`.
    Stream,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Child {
    /// A value that is no part of the document's structure.
    Plain,
    /// An object (where a list of them is met, each of them).
    One(Object),
    /// A list of objects.
    List(Object),
    /// A map from free names to objects.
    Map(Object),
}

/// The dialect that knows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Both 3.0 and 3.1.
    Both,
    /// 3.0 alone.
    V3_0Only,
    /// 3.1 alone.
    V3_1Only,
}

/// What becomes of a key in an [`Api`](crate::api::Api).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Support {
    /// It is read, or it says nothing that matters.
    Read,
    /// It is written for people.
    Documentation,
    /// It matters and is not carried over.
    Unsupported,
}

/// One key of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) child: Child,
    pub(crate) dialect: Dialect,
    pub(crate) support: Support,
}

impl Object {
    /// Its name in the specification, in words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Info => "info",
            Self::Contact => "contact",
            Self::License => "license",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::Paths => "paths",
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::ExternalDocs => "external documentation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::MediaType => "media type",
            Self::Encoding => "encoding",
            Self::Responses => "responses",
            Self::Response => "response",
            Self::Callback => "callback",
            Self::Example => "example",
            Self::Link => "link",
            Self::Header => "header",
            Self::Tag => "tag",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "xml",
            Self::SecurityScheme => "security scheme",
            Self::OAuthFlows => "OAuth flows",
            Self::OAuthFlow => "OAuth flow",
            Self::Components => "components",
            Self::Stream => "stream",
        }
    }

    /// Its name with an article, for a message.
    pub(crate) fn a_name(self) -> String {
        let name = self.name();
        match self {
            Self::Paths | Self::Responses => format!("the {name}"),
            Self::Info | Self::Components | Self::OAuthFlows | Self::ExternalDocs => {
                format!("the {name} object")
            }
            _ if name.starts_with(['a', 'e', 'i', 'o', 'O']) => format!("an {name}"),
            _ => format!("a {name}"),
        }
    }

    /// What stands under its free keys, for the objects that are maps themselves.
    pub(crate) fn free(self) -> Option<Object> {
        match self {
            Self::Paths | Self::Callback => Some(Self::PathItem),
            Self::Responses => Some(Self::Response),
            _ => None,
        }
    }

    /// Whether a Reference Object may stand in its place.
    pub(crate) fn referable(self) -> bool {
        matches!(
            self,
            Self::PathItem
                | Self::Parameter
                | Self::RequestBody
                | Self::Response
                | Self::Callback
                | Self::Example
                | Self::Link
                | Self::Header
                | Self::Schema
                | Self::SecurityScheme
        )
    }

    /// The field of that key.
    pub(crate) fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }
}

/// What stands under a key of an object; an extension is never walked.
pub(crate) fn child(object: Object, key: &str) -> Child {
    match object.free() {
        Some(_) if key.starts_with("x-") => Child::Plain,
        Some(member) => Child::One(member),
        None => object.field(key).map_or(Child::Plain, |field| field.child),
    }
}
