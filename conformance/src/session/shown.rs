//! What may be shown of a session: secrets are hidden, and long bodies cut.

use super::{Session, log};
use crate::secrets::{Declared, Given};
use crate::{Contract, Exchange, ExchangeId, Report};
use std::sync::{MutexGuard, PoisonError};

impl Session {
    /// The target's headers as they may be shown: what is secret stays the name of an
    /// environment variable, or becomes one.
    pub fn shown_headers(&self) -> Vec<(String, String)> {
        self.secrets().shown().to_vec()
    }

    /// The exchanges of those numbers, in that order, with their secrets hidden and long bodies cut;
    /// ones that are not known are left out.
    pub fn exchanges(&self, ids: impl Iterator<Item = ExchangeId>) -> Vec<Exchange> {
        let log = self.log();
        let secrets = self.secrets();
        let mut room = self.target.limits.kept / 4;
        ids.filter_map(|id| log.get(id))
            .map(|exchange| {
                let shown = log::reported(secrets.shown_exchange(exchange), room);
                room = room.saturating_sub(log::size(&shown) as u64);
                shown
            })
            .collect()
    }

    /// Hides one more secret in what is shown of this session; `name` is the environment variable
    /// that stands for it.
    pub fn keep_back(&self, value: &str, name: &str) {
        self.secrets
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .keep_back(value, name);
    }

    /// Hides in a report of this session's run what is secret: what is known, and what the server
    /// gave away. Its exchanges are read anew, as a long body that was cut cannot be.
    pub(crate) fn hide(&self, contract: &Contract, report: &mut Report) {
        let declared = Declared::new(contract, &[], &[], &[]);
        let (secrets, log, mut given) = (self.secrets(), self.log(), self.given());
        let mut masks = secrets.masks().clone();
        for (name, value) in &report.asked.set {
            given.take_named(&masks, name, value);
        }
        for exchange in log.all() {
            given.take(&declared, &masks, exchange);
        }
        given.keep_back(&mut masks);
        let mut room = self.target.limits.kept / 4;
        for own in &mut report.exchanges {
            if let Some(exchange) = log.get(own.id) {
                let exchange = masks.exchange(&without(&given, &declared, exchange));
                *own = log::reported(exchange, room);
                room = room.saturating_sub(log::size(own) as u64);
            }
        }
        given.report(report);
        masks.report(report);
    }

    pub(super) fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange without what the server gave away in its answer.
pub(super) fn without(given: &Given, declared: &Declared<'_>, exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    if let Ok(reply) = &mut exchange.answer {
        *reply = given.shown(declared, &exchange.request, reply);
    }
    exchange
}
