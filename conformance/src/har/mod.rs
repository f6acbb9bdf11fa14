//! HAR 1.2, the HTTP Archive format: read as browsers and proxies write it, written as viewers
//! want it.
//!
//! The reader is our own: an archive has members of its tools' own and lacks some that the format
//! asks for, and what is left out of it is told with its place.

mod export;
mod import;

pub use export::{Entry, export};
pub use import::import;
