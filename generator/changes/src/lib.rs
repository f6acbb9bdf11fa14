//! What changed between two documents, and whom it breaks.
//!
//! [`compare`](compare()) pairs the operations of two [`Api`]s, walks the schemas that each pair reaches,
//! and tells every difference once, with the operations that it concerns and the ways in which
//! it travels. [`Code`] is the policy: what each code means and how it is judged. What a
//! change does to the generated crate is read off both crates where they are given.
//! [`review`] puts the changes beside the items of the generated code that they changed.

mod change;
mod code;
mod compare;
mod effect;
mod render;
pub mod review;
mod rust;
mod text;
mod walk;

pub use change::{Change, Direction, Effect, FailOn, RustVerdict, Severity, Step, Verdict, step};
pub use code::{Code, Event, Judgement, Topic, UnknownCode};
pub use compare::Options;
pub use render::{Comparison, Format};

use plumbline_specs::api::Api;

/// All changes from an old document to a new one.
pub fn compare(old: &Api, new: &Api, options: Options) -> Vec<Change> {
    compare::changes(old, new, options)
}
