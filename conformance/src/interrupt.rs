//! How a run is stopped from outside.

use std::sync::Arc;
use tokio::sync::watch;

/// Stops a run from outside: every clone of a handle stops the same runs.
///
/// An interrupted run gives its requests up, cleans up after itself, and reports what it has seen,
/// marked as incomplete. Without an interrupt, a run also ends when its future is dropped: then
/// nothing is sent any more, and nothing is cleaned up either.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<watch::Sender<bool>>);

impl Interrupt {
    /// A handle that nobody has used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops what listens to this handle, now and from now on.
    pub fn interrupt(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was used.
    pub fn is_interrupted(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when it is used.
    pub async fn interrupted(&self) {
        // It cannot be dropped before: this handle holds the sender.
        let _ = self.0.subscribe().wait_for(|used| *used).await;
    }
}
