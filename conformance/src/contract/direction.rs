//! The ways of a value.

/// Which way a value travels; `readOnly` and `writeOnly` mean something by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From client to server.
    Request,
    /// From server to client.
    Response,
}
