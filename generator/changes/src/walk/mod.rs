//! The walk through both documents: what is one thing in both, and what of it differs.

pub(crate) mod finding;
pub(crate) mod fingerprint;
pub(crate) mod graph;
mod keyword;
mod matching;
mod message;
mod object;
pub(crate) mod operation;
mod paging;
pub(crate) mod pair;
mod parameter;
pub(crate) mod schema;
pub(crate) mod security;
mod server;
mod union;
mod value;
