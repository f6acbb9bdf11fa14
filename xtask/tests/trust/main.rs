//! What Plumbline promises to whoever generates a client: each promise has a test of its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod hostile;
mod names;
mod package;
mod races;
mod references;
mod rustdoc;
mod signals;
mod small;
mod stdout;
