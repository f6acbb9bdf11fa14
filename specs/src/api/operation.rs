//! Operations: one method on one path.

use super::{
    Expression, Location, Pagination, Parameter, RequestBody, Requirement, Response, Server,
};
use crate::Pointer;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// An operation (OpenAPI 3.0.3, Operation Object) with all that it inherits written out:
/// the path item's parameters are merged in, the document's security is filled in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// Where it stands, for example `/paths/~1v1~1experiments/get`.
    pub place: Pointer,
    /// `operationId` as written; never invented here.
    pub id: Option<String>,
    /// `x-name`: the name that it shall have in Rust, in snake_case.
    pub name: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path template as written, for example `/v1/experiments/{experiment_id}`.
    pub path: String,
    /// `tags`, in order.
    pub tags: Vec<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// All parameters, in document order, path item's first; an operation's own replaces the
    /// path item's of the same name and location.
    pub parameters: Vec<Parameter>,
    /// `requestBody`.
    pub body: Option<RequestBody>,
    /// `responses`, in document order.
    pub responses: Vec<Response>,
    /// Alternatives, any one of which suffices; empty when nothing is asked.
    pub security: Vec<Requirement>,
    /// The operation's or the path item's own `servers`; empty when the document's apply.
    pub servers: Vec<Server>,
    /// `x-pagination`.
    pub pagination: Option<Pagination>,
    /// `x-resource`.
    pub resource: Option<Resource>,
    /// `x-reads`: whether it only reads, where that does not follow from its method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads: Option<bool>,
}

impl Operation {
    /// What a person calls it: its operationId, or else `GET /path`.
    pub fn label(&self) -> String {
        self.id
            .clone()
            .unwrap_or_else(|| format!("{} {}", self.method, self.path))
    }

    /// The parameter of this location and name. The case of a header's name does not count
    /// (RFC 9110, section 5.1).
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters.find(|parameter| parameter.is(location, name))
    }
}

/// An HTTP method that a path item can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// Every method, in the order in which a path item is read.
    pub const ALL: [Self; 8] = [
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
    ];

    /// The method as HTTP writes it, for example `GET`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }

    /// Whether sending it twice is as good as once (RFC 9110, section 9.2.2).
    pub fn is_idempotent(self) -> bool {
        !matches!(self, Self::Post | Self::Patch)
    }

    /// Whether it only reads (RFC 9110, section 9.2.1).
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A value that an operation gives to a member of an item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum MemberValue {
    /// What stands there in the request.
    Given(Expression),
    /// This, whatever the request says.
    Constant(Value),
}

/// A request that the server sends: a webhook, or a callback of an operation. Types only.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Callback {
    /// Where it stands.
    pub place: Pointer,
    /// The webhook's or the callback's key.
    pub name: String,
    /// The operation that the server performs.
    pub operation: Operation,
}

/// `x-resource`: which collection an operation works on, and how.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resource {
    /// The collection's name; operations that share it share its items.
    pub collection: String,
    /// What the operation does to it.
    pub role: Role,
    /// Where the item's id stands: in the request, or for a create in the response; of a
    /// `Location` header its last segment is meant.
    pub id: Option<Expression>,
    /// Where the ids of several items stand, for a batch.
    pub ids: Option<Expression>,
    /// The collection that this one lives in.
    pub parent: Option<ResourceParent>,
    /// Where a client that creates an item may choose its id.
    pub chosen: Option<Expression>,
    /// The status of a creation under a chosen id that is there already, where that changes
    /// nothing; nothing is promised of it when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<u16>,
    /// What `id` is compared with, as a pointer within an item; `/id` when not said.
    pub key: Option<Pointer>,
    /// Where the request holds the item, the items, or the members to change.
    pub input: Option<Expression>,
    /// Where the response holds the item or the items.
    pub output: Option<Expression>,
    /// The status for an id that is not there; 404 when not said.
    pub unknown: Option<u16>,
    /// What the operation makes of the item, where that is not `input`: pointer within the item to
    /// a value. A delete that sets something leaves the item there.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub sets: IndexMap<Pointer, MemberValue>,
    /// What a list shows of the collection: the items that hold these values, by pointer.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub only: IndexMap<Pointer, Value>,
    /// Where a stream is told after which item to begin.
    pub after: Option<Expression>,
    /// Where a stream is told how many items to send.
    pub limit: Option<Expression>,
}

impl Resource {
    /// The path parameter that is the item's id.
    pub fn id_in_path(&self) -> Option<&str> {
        match self.id.as_ref()? {
            Expression::RequestPath(name) => Some(name),
            _ => None,
        }
    }
}

/// The collection that another one lives in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResourceParent {
    /// The parent collection's name.
    pub collection: String,
    /// Where the parent's id stands.
    pub id: Expression,
}

/// What an operation does to its collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    List,
    Create,
    Get,
    Update,
    Upsert,
    Delete,
    Stream,
}
