//! What may be shown of a session: secrets are hidden, and long bodies cut.

use super::{Session, log};
use crate::secrets::{Declared, Given};
use crate::{Contract, Exchange, ExchangeId, Report};
use std::collections::BTreeSet;
use std::sync::{MutexGuard, PoisonError};

impl Session {
    /// The target's headers as they may be shown: what is secret stays the name of an
    /// environment variable, or becomes one.
    pub fn redacted_headers(&self) -> Vec<(String, String)> {
        self.secrets().headers().to_vec()
    }

    /// The exchanges of those numbers, in that order, with their secrets hidden and long bodies cut;
    /// ones that are not known are left out.
    pub fn exchanges(&self, ids: impl Iterator<Item = ExchangeId>) -> Vec<Exchange> {
        let (log, secrets) = (self.log(), self.secrets());
        self.cut(ids.filter_map(|id| log.get(id)), |exchange| {
            secrets.redacted_exchange(exchange)
        })
    }

    /// Exchanges as they may be shown, the long ones cut to what a report has room for.
    fn cut<'e>(
        &self,
        exchanges: impl Iterator<Item = &'e Exchange>,
        shown: impl Fn(&Exchange) -> Exchange,
    ) -> Vec<Exchange> {
        let mut room = self.target.limits.kept / 4;
        exchanges
            .map(|exchange| {
                let shown = log::reported(shown(exchange), room);
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

    /// Puts into a report of this session's run the exchanges that its findings name, and hides in all
    /// of it what is secret: what is known, and what the server gave away.
    pub(crate) fn show_in(&self, contract: &Contract, report: &mut Report) {
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
        let findings = report.outcomes.iter().flat_map(|own| &own.findings);
        let named: BTreeSet<ExchangeId> = findings
            .flat_map(|finding| finding.evidence.iter().copied())
            .collect();
        report.exchanges = self.cut(named.into_iter().filter_map(|id| log.get(id)), |exchange| {
            masks.exchange(&without(&given, &declared, exchange))
        });
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
        *reply = given.redacted(declared, &exchange.request, reply);
    }
    exchange
}
