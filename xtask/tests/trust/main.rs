//! What Plumbline promises to whoever generates a client: each promise has a test of its own.

mod rustdoc;
mod names;
mod references;
mod package;
mod races;
