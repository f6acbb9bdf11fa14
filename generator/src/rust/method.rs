//! Operations, their arguments and answers, and the client that has them.

use super::{Docs, Ty};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Framing, Location, Method, Status, Style};
use std::collections::BTreeSet;

/// A way to hand in credentials: a method of the client's builder.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// The builder's method, in snake_case, for example `api_key`.
    pub name: String,
    /// The security scheme's name in the document.
    pub scheme: String,
    /// Its documentation.
    pub docs: Docs,
    /// How it goes over the wire.
    pub kind: CredentialKind,
}

/// How credentials go over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A raw value in a header, a query parameter or a cookie of this name.
    Key(Location, String),
    /// `Authorization: Bearer <token>`
    Bearer,
    /// `Authorization: Basic <base64 of user:password>`
    Basic,
}

/// Operations of one tag, with the types that they alone use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The file under `operations/` and under `types/`, in snake_case.
    pub name: String,
    /// The feature that compiles them, where the package has features for its tags.
    pub feature: Option<String>,
    /// How many operations it has.
    pub operations: usize,
    /// The names of the types.
    pub types: BTreeSet<String>,
}

/// An operation: a marker type, a method of the client, setters, answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The client's method, in snake_case, at most 60 characters.
    pub name: String,
    /// The marker type, in PascalCase.
    pub marker: String,
    /// The [`Group`] that it belongs to; `None` for `operations.rs`.
    pub group: Option<String>,
    /// Summary and description; method, path and place are added by `emit`.
    pub docs: Docs,
    /// Where it stands in the document.
    pub place: Pointer,
    /// What errors and spans call it: the operationId, or `GET /path`.
    pub label: String,
    /// The method of its requests.
    pub method: Method,
    /// The template as it goes over the wire.
    pub path: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Alternatives of scheme names; empty when nothing is asked.
    pub security: Vec<Vec<String>>,
    /// What must be given: arguments of the client's method, path first, body last.
    pub arguments: Vec<Argument>,
    /// What may be given: setters on the request.
    pub options: Vec<Argument>,
    /// The `Accept` header.
    pub accept: Option<String>,
    /// What success gives.
    pub output: Output,
    /// The name of the type of its documented failures (an [`ErrorAlias`] or [`ErrorEnum`]);
    /// `None` when no failure is documented.
    pub error: Option<String>,
    /// Documented headers of its success, readable on the response.
    pub headers: Vec<HeaderAccessor>,
    /// How it hands out pages.
    pub paging: Option<Paging>,
}

/// A value that goes into a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// In snake_case, unique among the operation's arguments and options, and no name of the
    /// request's own methods.
    pub name: String,
    /// Its documentation.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its type.
    pub ty: Ty,
    /// How it is passed.
    pub pass: Pass,
    /// Where it goes.
    pub wire: Wire,
}

/// How an argument is passed to a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// `T`, for what is `Copy`.
    Value,
    /// `&str`
    Str,
    /// `&[T]`
    Slice,
    /// `&T`
    Reference,
}

/// Where an argument goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wire {
    /// A parameter, by style.
    Parameter {
        /// Where.
        location: Location,
        /// Its name on the wire.
        name: String,
        /// `style`.
        style: Style,
        /// `explode`.
        explode: bool,
        /// `allowReserved`.
        allow_reserved: bool,
    },
    /// A parameter that holds a JSON text.
    Json {
        /// Where.
        location: Location,
        /// Its name on the wire.
        name: String,
    },
    /// The body.
    Body(Body),
}

/// How a body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// JSON, with this media type.
    Json(String),
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`, from a type's properties.
    Multipart,
    /// Text, with this media type.
    Text(String),
    /// Bytes, with this media type.
    Bytes(String),
}

/// What success gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Every documented success has this payload.
    One(Vec<Status>, Payload),
    /// The documented successes differ: an enum of this name with a variant for each.
    Several(String, Vec<DocumentedResponse>),
}

/// A documented answer: a variant of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentedResponse {
    /// The key under `responses`.
    pub status: Status,
    /// The variant, in PascalCase, for example `NotFound`.
    pub variant: String,
    /// Its documentation.
    pub docs: Docs,
    /// What it holds.
    pub payload: Payload,
}

/// What a body holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Nothing.
    Empty,
    /// JSON of this type.
    Json(Ty),
    /// JSON of this type or text, as the media type says that comes.
    JsonOrText(Ty),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A stream of records.
    Records {
        /// The type of a record.
        item: Ty,
        /// The type of a record that reports a failure.
        error: Option<Ty>,
        /// How records are told apart.
        framing: Framing,
    },
}

/// The documented failures of one or more operations.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorEnum {
    /// In PascalCase; made from the statuses and the types alone, so that it is stable.
    pub name: String,
    /// One for each documented failure.
    pub answers: Vec<DocumentedResponse>,
}

/// An operation's own name for its failures.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorAlias {
    /// For example `GetExperimentByIdError`.
    pub name: String,
    /// The [`ErrorEnum`] that it stands for.
    pub target: String,
}

/// A response header that the document names.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderAccessor {
    /// In snake_case, for example `location`.
    pub name: String,
    /// On the wire.
    pub wire: String,
    /// Its documentation.
    pub docs: Docs,
    /// `String`, a number, `bool`, `Uuid` or `DateTime`.
    pub ty: Ty,
}

/// How an operation hands out pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Paging {
    /// The style with its places in the request.
    pub style: PagingStyle,
    /// The type of an item.
    pub item: Ty,
    /// The way from the page to its items.
    pub items: Vec<Access>,
    /// The way to the next token or offset.
    pub next: Vec<Access>,
    /// The way to the number of all items.
    pub total: Vec<Access>,
    /// The way to the flag that says whether more follows.
    pub more: Vec<Access>,
    /// The way to what the response repeats: the page's number or the offset.
    pub echo: Vec<Access>,
    /// Where the size of a page is asked for.
    pub size: Option<Part>,
    /// Whether a page with fewer items than were asked for is surely the last: the profile
    /// promises that no page in mid-walk is short.
    pub short_page_ends: bool,
    /// Whether an empty token stands for no further page, instead of being a token.
    pub empty_token_ends: bool,
}

/// A paging style with its places in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagingStyle {
    /// By number.
    Page {
        /// Where the number goes.
        number: Part,
        /// The first page's number.
        first: i64,
    },
    /// By offset.
    Offset {
        /// Where the offset goes.
        offset: Part,
    },
    /// By token.
    Cursor {
        /// Where the token goes.
        cursor: Part,
    },
    /// By a Link header.
    Link,
}

/// A place in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A query parameter.
    Query(String),
    /// A header.
    Header(String),
    /// A place in the JSON body.
    Body(Pointer),
}

/// One step from a value to one of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The field.
    pub field: String,
    /// Whether it may be absent or null.
    pub presence: super::Presence,
    /// Whether it is boxed.
    pub boxed: bool,
}
