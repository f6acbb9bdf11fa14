//! What Plumbline promises to whoever lets it loose on a server: each promise has a test of its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod answering;
mod bounds;
mod credentials;
mod curl;
mod debug;
mod environment;
mod forms;
mod hostile;
mod listener;
mod looked_at;
mod output;
mod references;
mod secrets;
mod server;
mod signals;
mod writes;
