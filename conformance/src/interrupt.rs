//! How a run is stopped from outside.

use tokio_util::sync::CancellationToken;

/// Stops a run from outside: every clone of a handle stops the same runs.
///
/// An interrupted run gives its requests up, cleans up after itself, and reports what it has seen,
/// marked as incomplete. Without an interrupt, a run also ends when its future is dropped: then
/// nothing is sent any more, and nothing is cleaned up either.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(CancellationToken);

impl Interrupt {
    /// A handle that nobody has used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops what listens to this handle, now and from now on.
    pub fn interrupt(&self) {
        self.0.cancel();
    }

    /// Whether it was used.
    pub fn is_interrupted(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Ends when it is used.
    pub async fn interrupted(&self) {
        self.0.cancelled().await;
    }
}
