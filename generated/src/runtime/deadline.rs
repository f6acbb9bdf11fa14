//! The time that is left for an answer.

use super::{Error, Mismatch};
use std::time::{Duration, Instant};

/// When an answer must have come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    /// How long was allowed; `None` for ever.
    after: Option<Duration>,
    at: Option<Instant>,
}

impl Deadline {
    /// This long from now on.
    pub(super) fn new(after: Option<Duration>) -> Self {
        Self {
            after,
            at: after.and_then(|after| Instant::now().checked_add(after)),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.at.is_some_and(|at| at <= Instant::now())
    }

    /// Whether there is time to wait this long.
    pub(super) fn allows(&self, wait: Duration) -> bool {
        self.at.is_none_or(|at| {
            Instant::now()
                .checked_add(wait)
                .is_some_and(|then| then < at)
        })
    }

    /// Fails when it is over: work that always has something to do never lets a timer look.
    pub(super) fn check(&self, operation: &'static str) -> Result<(), Error> {
        if self.is_over() {
            return Err(self.missed(operation));
        }
        Ok(())
    }

    /// Waits for work, but no longer than this.
    pub(super) async fn hold<T>(
        &self,
        operation: &'static str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        match self.at {
            None => work.await,
            Some(at) => tokio::time::timeout_at(at.into(), work)
                .await
                .unwrap_or_else(|_| Err(self.missed(operation))),
        }
    }

    /// What a reader's error means when it comes of a deadline that is over.
    pub(super) fn late(&self, error: &serde_json::Error) -> Option<Mismatch> {
        (error.is_io() && self.is_over()).then(|| Mismatch::Late(self.allowed()))
    }

    /// How long was allowed.
    pub(super) fn allowed(&self) -> Duration {
        self.after.unwrap_or_default()
    }

    /// The error that says so.
    pub(super) fn missed(&self, operation: &'static str) -> Error {
        Error::Timeout {
            operation,
            after: self.allowed(),
        }
    }
}
