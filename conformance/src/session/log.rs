//! The exchanges of a run, bounded in memory: old bodies are cut when there are too many.

use crate::{Exchange, ExchangeId, Failure, Reply, Request};
use std::sync::Arc;

/// So much is kept whole, in bytes.
const WHOLE: usize = 96 * 1024 * 1024;

/// So much stays of a body that is cut, in bytes.
const HEAD: usize = 2048;

/// Exchanges by number, from 1.
#[derive(Default)]
pub(super) struct Log {
    exchanges: Vec<Arc<Exchange>>,
    bytes: usize,
    /// Everything before this index has been cut.
    cut: usize,
}

impl Log {
    pub(super) fn add(
        &mut self,
        request: Request,
        answer: Result<Reply, Failure>,
    ) -> Arc<Exchange> {
        let exchange = Arc::new(Exchange {
            id: ExchangeId(self.exchanges.len() as u64 + 1),
            request,
            answer,
        });
        self.bytes += size(&exchange);
        self.exchanges.push(Arc::clone(&exchange));
        // The newest stays whole whatever its size: its finding is being written.
        while self.bytes > WHOLE && self.cut + 1 < self.exchanges.len() {
            if let Some(oldest) = self.exchanges.get_mut(self.cut) {
                let before = size(oldest);
                *oldest = Arc::new(shortened(oldest));
                self.bytes = self.bytes.saturating_sub(before) + size(oldest);
            }
            self.cut += 1;
        }
        exchange
    }

    pub(super) fn get(&self, id: ExchangeId) -> Option<Exchange> {
        let index = usize::try_from(id.0.checked_sub(1)?).ok()?;
        self.exchanges
            .get(index)
            .map(|exchange| shortened(exchange))
    }
}

/// What an exchange weighs, roughly.
pub(super) fn size(exchange: &Exchange) -> usize {
    let request = &exchange.request;
    let reply = exchange.reply().map_or(0, |reply| {
        let headers: usize = reply
            .headers
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        reply.body.len() + headers
    });
    400 + request.path.len() + request.body.as_ref().map_or(0, Vec::len) + reply
}

/// The longest body that a report carries, in bytes.
const REPORTED: usize = 64 * 1024;

/// An exchange for a report or for keeping: a long body ends with a note of what was cut.
fn shortened(exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    if let Ok(reply) = &mut exchange.answer
        && reply.body.len() > REPORTED
    {
        let all = reply.body.len();
        // A cut in the middle of a character would turn text into base64.
        let mut end = HEAD;
        while end > 0 && reply.body.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
            end -= 1;
        }
        reply.body.truncate(end);
        reply
            .body
            .extend_from_slice(format!("… ({all} bytes in all)").as_bytes());
    }
    exchange
}
