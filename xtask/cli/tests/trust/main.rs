//! What the command promises to whoever lets it loose on a server: each promise has a test of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

#[expect(dead_code, reason = "the tests of the library use the rest")]
#[path = "../../../../conformance/tests/trust/answering.rs"]
mod answering;
mod bounds;
mod environment;
mod inputs;
#[expect(dead_code, reason = "the tests of the library use the rest")]
#[path = "../../../../conformance/tests/trust/listener.rs"]
mod listener;
mod looked_at;
mod output;
mod references;
mod secrets;
mod secrets_by_name;
#[path = "../../../../conformance/tests/trust/server.rs"]
mod server;
mod shapes;
mod signals;
