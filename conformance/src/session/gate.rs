//! Whether a session sends, and what is under way that may have changed the target.

use crate::Interrupt;
use std::sync::OnceLock;
use tokio::sync::watch;

/// What a gate does with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// They pass, until the run is interrupted.
    Open,
    /// They wait.
    Shut,
    /// They pass: an interrupted run cleans up after itself.
    Reopened,
}

/// A gate before the network. Where it is shut, requests wait before it, and whoever asked for one
/// waits with them: a step of an interrupted run sees no answer that is none of the target's.
#[derive(Debug)]
pub(super) struct Gate {
    state: watch::Sender<State>,
    /// What shuts the gate at once, before anything that the run still does.
    interrupt: OnceLock<Interrupt>,
    /// The operations of the requests under way that are not safe (RFC 9110, section 9.2.1).
    changing: watch::Sender<Vec<String>>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            state: watch::Sender::new(State::Open),
            interrupt: OnceLock::new(),
            changing: watch::Sender::default(),
        }
    }
}

impl Gate {
    /// Lets an interruption shut the gate. The first that is given counts.
    pub(super) fn heed(&self, interrupt: &Interrupt) {
        self.interrupt.get_or_init(|| interrupt.clone());
    }

    pub(super) fn shut(&self) {
        self.state.send_replace(State::Shut);
    }

    /// Opens the gate again, whatever has been interrupted.
    pub(super) fn reopen(&self) {
        self.state.send_replace(State::Reopened);
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.get().is_some_and(Interrupt::is_interrupted)
    }

    /// Ends when the gate is open. The sender lives as long as `self`, so that the wait cannot fail.
    pub(super) async fn open(&self) {
        let passes = |state: &State| match state {
            State::Open => !self.is_interrupted(),
            State::Shut => false,
            State::Reopened => true,
        };
        let _ = self.state.subscribe().wait_for(passes).await;
    }

    /// Ends when the gate is shut.
    async fn is_shut(&self) {
        let shut = |state: &State| *state == State::Shut;
        let _ = self.state.subscribe().wait_for(shut).await;
    }

    /// Sends a request through the gate. One that is safe is given up as soon as the gate is shut; another
    /// one ends, as only its answer says what it did.
    pub(super) async fn pass<T>(
        &self,
        operation: &str,
        safe: bool,
        exchange: impl Future<Output = T>,
    ) -> T {
        self.open().await;
        if !safe {
            let _changing = self.change(operation);
            return exchange.await;
        }
        tokio::select! {
            biased;
            answer = exchange => answer,
            () = self.is_shut() => std::future::pending().await,
        }
    }

    fn change(&self, operation: &str) -> Changing<'_> {
        self.changing
            .send_modify(|changing| changing.push(operation.to_owned()));
        Changing {
            gate: self,
            operation: operation.to_owned(),
        }
    }

    /// Ends when no request is under way that may change the target.
    pub(super) async fn settled(&self) {
        let _ = self.changing.subscribe().wait_for(Vec::is_empty).await;
    }

    pub(super) fn changing(&self) -> Vec<String> {
        self.changing.borrow().clone()
    }
}

/// A request under way that may change the target; dropped, it is over.
struct Changing<'a> {
    gate: &'a Gate,
    operation: String,
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.gate.changing.send_modify(|changing| {
            if let Some(at) = changing.iter().position(|own| *own == self.operation) {
                changing.swap_remove(at);
            }
        });
    }
}
