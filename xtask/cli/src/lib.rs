//! What everybody types: the commands on documents, and what every command shares.
//!
//! A command is a module. Its `Arguments` are what can be typed, and its `run` does it and prints;
//! the functions beside them take plain arguments, so that they serve any place of documents.

mod command;
pub mod diff;
pub mod documents;
pub mod generate;
pub mod output;
pub mod package;
pub mod read;
pub mod review;
pub mod select;
pub mod signals;
pub mod stdout;
pub mod suggest;
pub mod update;

pub use command::{CommandError, Status};
