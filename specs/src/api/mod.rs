//! The `Api`: what a document says, as plain data that speaks HTTP and JSON Schema.
//!
//! One file per OpenAPI object. Every node carries its [`Pointer`], the JSON Pointer
//! (RFC 6901) of the place in the document as it was read, so that whoever finds fault with a
//! node can name the line. References are resolved: a schema is a [`SchemaId`] into
//! [`Api::schemas`], and a cycle is an id met again.

mod expression;
mod lookup;
mod media_type;
mod operation;
mod pagination;
mod parameter;
mod response;
mod schema;
mod security;
mod usage;

pub use expression::Expression;
pub use media_type::{Encoding, Framing, MediaType, RequestBody, Stream};
pub use operation::{Callback, MemberValue, Method, Operation, Resource, ResourceParent, Role};
pub use pagination::{
    Echo, EmptyToken, Filter, Match, NoItems, Order, Pagination, PastTheEnd, RequestValues,
    SizeEcho, Sort, SortKey, Style as PaginationStyle, StyleKind,
};
pub use parameter::{Header, Location, Parameter, Serialization, Style};
pub use response::{Response, Status};
pub use schema::{
    Additional, Bounds, Content, Discriminator, Kind, Property, Schema, SchemaId, Schemas,
    UnionKind, Variant,
};
pub use security::{Requirement, SecurityScheme};
pub use usage::SchemaUsage;

use crate::Pointer;
use indexmap::IndexMap;
use serde::Serialize;

/// A whole API: the operations that were asked for and all that they reach.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`, the vendor's own.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// `servers`, in document order.
    pub servers: Vec<Server>,
    /// `tags`, in document order: name and description.
    pub tags: IndexMap<String, Option<String>>,
    /// Every operation under `paths`, in document order.
    pub operations: Vec<Operation>,
    /// What the server sends on its own: `webhooks` and every operation's `callbacks`.
    pub callbacks: Vec<Callback>,
    /// All schemas; the order is the order of first meeting, so it is stable.
    pub schemas: Schemas,
    /// `components.securitySchemes`, by name.
    pub security_schemes: IndexMap<String, SecurityScheme>,
}

/// A server (OpenAPI 3.0.3, Server Object) with its variables at their defaults kept apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    /// Where it stands.
    pub place: Pointer,
    /// The URL template as written.
    pub url: String,
    /// `description`.
    pub description: Option<String>,
    /// Variable name to default value.
    pub variables: IndexMap<String, String>,
}
