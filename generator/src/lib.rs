//! Turns an `Api` into the source files of a Rust client.
//!
//! `plan` makes every Rust choice and writes [`rust::Crate`]; `emit` turns each of its nodes
//! into tokens; `print` and `package` make text of them; `files` compares and writes.

pub mod diff;
pub mod plan;
pub mod rust;
