//! The report of a run: outcomes in order, the exchanges that they name, what was not covered.

use super::{Asked, Ended, Run, Step, Verified};
use crate::check::UNSEEN;
use crate::rule::{self, rules};
use crate::{Outcome, Remaining, Report, Stopped, known};
use plumbline_specs::api::Operation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

/// Why something was not reached.
const INTERRUPTED: &str = "the run was interrupted";

impl Run<'_> {
    /// Puts the report together and holds it against the known failures.
    pub(super) fn assemble(
        &self,
        took: Duration,
        ended: Ended,
        remaining: Vec<Remaining>,
    ) -> Verified {
        let stopped = self.watch.stopped();
        let reason = stopped
            .as_ref()
            .map(Stopped::reason)
            .or_else(|| {
                self.session
                    .spent()
                    .filter(|_| matches!(ended, Ended::Whole))
            })
            .unwrap_or_else(|| INTERRUPTED.to_owned());
        let incomplete = self.incomplete(ended);
        if incomplete.is_some() {
            self.add(self.not_reached(&reason));
        }
        let unseen = match incomplete {
            Some(_) => &reason,
            None => UNSEEN,
        };
        let mut outcomes = self.tally.outcomes(unseen);
        outcomes.retain(|outcome| {
            self.wants(&outcome.rule)
                && self
                    .operations()
                    .any(|operation| operation.label() == outcome.operation)
        });
        outcomes.append(&mut self.outcomes.lock().unwrap_or_else(PoisonError::into_inner));
        self.order(&mut outcomes);
        let otherwise = match incomplete {
            Some(_) => &reason,
            None => "no rule that was asked for says anything of it",
        };
        let uncovered = self.uncovered(&outcomes, otherwise);
        let api = &self.contract.api;
        let mut report = Report {
            spec: self.options.spec.clone(),
            title: format!("{} {}", api.title, api.version),
            target: crate::redacted::address(&self.session.target().base),
            headers: self.session.redacted_headers(),
            shard: self.options.shard,
            begun: self.options.now.clone(),
            asked: self.asked(),
            coverage: self
                .coverage
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
            notes: self.contract.notes().to_vec(),
            stopped,
            incomplete,
            outcomes,
            uncovered,
            remaining,
            requests: self.session.sent(),
            millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            ..Report::begun()
        };
        self.session.show_in(self.contract, &mut report);
        let today = self.options.today.unwrap_or_default();
        let stale = known::apply(&mut report, &self.options.known, today);
        Verified { report, stale }
    }

    /// Why the run has not come to its end, and how far it came.
    fn incomplete(&self, ended: Ended) -> Option<String> {
        let Ended::Interrupted { unsettled } = ended else {
            let stopped = self.watch.stopped().map(|stopped| stopped.words());
            return stopped.or_else(|| self.session.spent());
        };
        let done = self.is_done().len();
        let mut text = format!("{INTERRUPTED} after {done} of {} steps", self.steps());
        if !unsettled.is_empty() {
            text.push_str("; no answer says yet what became of a request of ");
            text.push_str(&unsettled.join(", "));
        }
        Some(text)
    }

    fn is_done(&self) -> MutexGuard<'_, BTreeSet<(Step, String)>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a run that did not come to its end would have judged besides single operations.
    fn not_reached(&self, reason: &str) -> Vec<Outcome> {
        let done = self.is_done();
        let open = |step, label: &str| !done.contains(&(step, label.to_owned()));
        let mut left_out = Vec::new();
        for label in self.paged().map(Operation::label) {
            if open(Step::Laws, &label) {
                let laws = rule::law::ALL.iter().filter(|law| self.wants(law.id));
                left_out.extend(laws.map(|law| Outcome::skipped(*law, &label, reason)));
            }
        }
        for label in self.creations().map(Operation::label) {
            if open(Step::Life, &label) {
                let rules = [rule::check::LIFE_CYCLE, rule::check::CREATE_AGAIN];
                let rules = rules.into_iter().filter(|rule| self.wants(rule.id));
                left_out.extend(rules.map(|rule| Outcome::skipped(rule, &label, reason)));
            }
        }
        if !self.replays() {
            return left_out;
        }
        for fixture in self.fixtures() {
            if open(Step::Fixture, &fixture.name) {
                left_out.extend(fixture.left_out(reason));
            }
        }
        left_out
    }

    fn asked(&self) -> Asked {
        let target = self.session.target();
        let limits = &target.limits;
        let values = target.values.iter();
        Asked {
            only: self.options.only.clone(),
            skip: self.options.skip.clone(),
            also: self.options.also.clone(),
            writes: self.options.writes,
            set: values
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            fixtures: self.options.fixtures.len(),
            known: self.options.known.len(),
            jobs: Some(limits.jobs),
            timeout: u64::try_from(limits.timeout.as_millis()).ok(),
            rate: limits.rate,
        }
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
    fn uncovered(&self, outcomes: &[Outcome], otherwise: &str) -> BTreeMap<String, String> {
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
            .map(Operation::label)
            .filter(|label| !judged.contains(label.as_str()))
            .map(|label| {
                let reason = reasons
                    .get(&label)
                    .cloned()
                    .unwrap_or_else(|| otherwise.to_owned());
                (label, reason)
            })
            .collect()
    }
}
