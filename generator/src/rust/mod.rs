//! The output as plain data that speaks Rust: every choice is made, nothing is printed yet.
//!
//! `plan` writes it, `emit` turns each node into tokens without deciding anything.

mod item;
mod method;
mod ty;
pub(crate) mod visit;

pub use item::{
    Alias, Constant, Discrimination, Docs, Field, Item, OpenEnum, OpenVariant, Presence, Rename,
    Struct, Union, UnionVariant,
};
pub use method::{
    Access, Argument, Body, Credential, CredentialKind, DocumentedResponse, ErrorAlias, ErrorEnum,
    Group, HeaderAccessor, Operation, Output, Paging, PagingStyle, Part, Pass, Payload, Wire,
};
pub use ty::Ty;

/// One package: its APIs and what its manifest says.
#[derive(Clone, Debug, PartialEq)]
pub struct Crate {
    /// The package's name, for example `plumbline-clients`.
    pub name: String,
    /// The package's version.
    pub version: String,
    /// Where the APIs stand in it.
    pub layout: Layout,
    /// The APIs, in the order given.
    pub modules: Vec<Module>,
}

/// Where the APIs of a package stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One API, at the root of the crate.
    Root,
    /// A module and a feature for each API.
    Modules,
}

/// One API: its client, operations and types.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// The module's name, for example `opik`.
    pub name: String,
    /// `info.title`, for prose.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The module's documentation.
    pub docs: Docs,
    /// The document's first server, its variables filled in; absolute or not.
    pub server: Option<String>,
    /// How credentials are handed in, in document order.
    pub credentials: Vec<Credential>,
    /// The tags of a large document, in the order of their first operations; else none.
    pub groups: Vec<Group>,
    /// The operations, in document order.
    pub operations: Vec<Operation>,
    /// One enum for each distinct set of documented failures.
    pub errors: Vec<ErrorEnum>,
    /// Each operation's own name for its failures.
    pub error_aliases: Vec<ErrorAlias>,
    /// Types, in document order.
    pub items: Vec<Item>,
    /// Values that a property must have, each a type of its own.
    pub constants: Vec<Constant>,
}
