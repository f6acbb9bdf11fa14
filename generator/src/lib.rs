//! Turns an `Api` into the source files of a Rust client.
//!
//! `plan` makes every Rust choice and writes [`rust::Crate`]; `emit` turns each of its nodes
//! into tokens; `print` and `package` make text of them.
//! [`generate`] goes the whole way.

pub mod audit;
pub mod codes;
mod emit;
pub mod escape;
mod files;
mod generate;
mod package;
pub mod plan;
mod print;
pub mod rust;

pub use files::Files;
pub use generate::{Count, Generated, Options, Summary, generate};
pub use plan::Source;
