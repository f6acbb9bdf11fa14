//! What Plumbline promises to whoever lets it loose on a server: each promise has a test of its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod answering;
mod credentials;
mod curl;
mod debug;
mod forms;
mod hostile;
mod interrupted;
mod invented;
#[expect(dead_code, reason = "the tests of the command use the rest")]
mod listener;
mod looked_at;
#[expect(dead_code, reason = "the tests of the command use the rest")]
mod server;
mod writes;
