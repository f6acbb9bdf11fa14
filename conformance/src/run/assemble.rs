//! The report of a run: outcomes in order, the exchanges that they name, what was not covered.

use super::{Run, Verified, shown};
use crate::{Exchange, ExchangeId, Outcome, Report, Rules, known};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::time::Duration;

/// Every rule that a report may name: checks, laws, the rules of fixtures and of traffic.
pub fn rules() -> Rules {
    Rules::new(&[
        crate::check::CHECKS,
        crate::law::LAWS,
        crate::fixture::FIXTURE_RULES,
        crate::traffic::TRAFFIC_RULES,
    ])
}

impl Run<'_> {
    /// Puts the report together and holds it against the known failures.
    pub(super) fn assemble(&self, took: Duration) -> Verified {
        let mut outcomes = self.tally.outcomes();
        outcomes.retain(|outcome| {
            self.wants(&outcome.rule)
                && self
                    .operations()
                    .any(|operation| operation.label() == outcome.operation)
        });
        outcomes.append(&mut self.outcomes.lock().unwrap_or_else(PoisonError::into_inner));
        self.order(&mut outcomes);
        let uncovered = self.uncovered(&outcomes);
        let api = &self.contract.api;
        let mut report = Report {
            spec: self.options.spec.clone(),
            title: format!("{} {}", api.title, api.version),
            target: shown(&self.session.target().base),
            headers: self.session.shown_headers(),
            shard: self.options.shard,
            exchanges: self.evidence(&outcomes),
            outcomes,
            uncovered,
            requests: self.session.sent(),
            millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        };
        self.session.masks().report(&mut report);
        let whole = self.options.only.is_empty() && self.options.shard.is_none();
        let today = self.options.today.unwrap_or_default();
        let stale = known::apply(&mut report, &self.options.known, today, whole);
        Verified { report, stale }
    }

    /// By the document's operations, then by the table of rules, then by subject.
    fn order(&self, outcomes: &mut [Outcome]) {
        let operations: BTreeMap<String, usize> = self
            .contract
            .api
            .operations
            .iter()
            .enumerate()
            .map(|(index, operation)| (operation.label(), index))
            .collect();
        let rules: BTreeMap<&str, usize> = rules()
            .iter()
            .enumerate()
            .map(|(index, rule)| (rule.id, index))
            .collect();
        outcomes.sort_by_cached_key(|outcome| {
            let place = operations.get(&outcome.operation).copied();
            let rule = rules.get(outcome.rule.as_str()).copied();
            (
                place.unwrap_or(usize::MAX),
                rule.unwrap_or(usize::MAX),
                outcome.subject.clone(),
            )
        });
    }

    /// The operations of this part that no exchange has covered.
    fn uncovered(&self, outcomes: &[Outcome]) -> BTreeMap<String, String> {
        let judged: BTreeSet<&str> = outcomes
            .iter()
            .filter(|outcome| outcome.verdict != crate::Verdict::Skipped)
            .map(|outcome| outcome.operation.as_str())
            .collect();
        let reasons = self
            .uncovered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.operations()
            .map(plumbline_specs::api::Operation::label)
            .filter(|label| !judged.contains(label.as_str()))
            .map(|label| {
                let reason = reasons
                    .get(&label)
                    .cloned()
                    .unwrap_or_else(|| "no rule that was asked for says anything of it".to_owned());
                (label, reason)
            })
            .collect()
    }

    fn evidence(&self, outcomes: &[Outcome]) -> Vec<Exchange> {
        let ids: BTreeSet<ExchangeId> = outcomes
            .iter()
            .flat_map(|outcome| &outcome.findings)
            .flat_map(|finding| finding.evidence.iter().copied())
            .collect();
        self.session.exchanges(ids.into_iter())
    }
}
