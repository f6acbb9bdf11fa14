//! What changed between two documents, and whom it breaks.
//!
//! [`compare`] pairs the operations of two [`Api`]s, walks the schemas that each pair reaches,
//! and tells every difference once, with the operations that it concerns and the ways in which
//! it travels. [`CODES`] is the policy: what each code means and how it is judged. What a
//! change does to the generated crate is read off both crates where they are given.

mod change;
mod code;
mod compare;
mod finding;
mod graph;
mod matching;
mod message;
mod object;
mod operation;
mod paging;
mod parameter;
mod print;
mod render;
mod rust;
mod schema;
mod security;
mod server;
mod text;
mod union;
mod value;

pub use change::{Change, Direction, Effect, FailOn, RustVerdict, Severity, Step, Verdict, step};
pub use code::{CODES, Code, Judgement, code};
pub use compare::Options;
pub use render::{Comparison, Format};

use plumbline_specs::api::Api;

/// All changes from an old document to a new one.
pub fn compare(old: &Api, new: &Api, options: Options) -> Vec<Change> {
    compare::changes(old, new, options)
}
