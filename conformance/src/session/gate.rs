//! Whether a session sends, and what is under way that may have changed the target.

use tokio::sync::watch;

/// A gate before the network. Where it is shut, requests wait before it, and whoever asked for one
/// waits with them: a step of an interrupted run sees no answer that is none of the target's.
#[derive(Debug)]
pub(super) struct Gate {
    shut: watch::Sender<bool>,
    /// The operations of the requests under way that are not safe (RFC 9110, section 9.2.1).
    changing: watch::Sender<Vec<String>>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            shut: watch::Sender::new(false),
            changing: watch::Sender::default(),
        }
    }
}

impl Gate {
    pub(super) fn shut(&self, shut: bool) {
        self.shut.send_replace(shut);
    }

    /// Ends when the gate is open, or is shut. The sender lives as long as `self`, so that the wait
    /// cannot fail.
    async fn is(&self, shut: bool) {
        let _ = self.shut.subscribe().wait_for(|now| *now == shut).await;
    }

    /// Ends when the gate is open.
    pub(super) async fn open(&self) {
        self.is(false).await;
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
            () = self.is(true) => std::future::pending().await,
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
