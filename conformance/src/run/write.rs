//! What writes, one operation after the other: only on what the run itself has created.

use super::{Run, Step};
use crate::check::{self, create_one};
use crate::guard::{Effect, creates, sets_constants};
use crate::rule;
use crate::{Outcome, Values};
use plumbline_specs::api::Operation;

impl Run<'_> {
    /// Every operation that writes, deletions last, then whole lives.
    pub(super) async fn write(&self, values: &Values) {
        let mut scratch = values.clone();
        for create in self.creating() {
            if !self.is_settled().await {
                return;
            }
            if let Some(with) = create_one(self.context(&scratch), create).await {
                scratch = with;
            }
        }
        let mut writing: Vec<&Operation> = self
            .operations()
            .filter(|operation| !self.contract.only_reads(operation))
            .collect();
        // What lies deeper goes first: with its parent it would be gone.
        writing.sort_by_key(|operation| {
            let depth = operation.path.matches('{').count();
            let deletes = self.guard.effect(operation).deletes();
            let marks = sets_constants(operation);
            (
                // What restores what is deleted finds it only then.
                deletes || marks,
                marks && !deletes,
                if deletes { usize::MAX - depth } else { 0 },
            )
        });
        for operation in &writing {
            self.write_one(operation, &mut scratch).await;
            self.done(Step::Operation, &operation.label());
        }
        for create in self.creations() {
            if self.is_stopped() {
                break;
            }
            if self.wants_passing() || self.wants(rule::check::LIFE_CYCLE.id) {
                let outcome = check::life_cycle(self.context(values), create).await;
                self.settle_and_add(outcome).await;
            }
            if self.wants_passing() || self.wants(rule::check::CREATE_AGAIN.id) {
                let outcome = check::create_again(self.context(values), create).await;
                self.settle_and_add(outcome).await;
            }
            self.done(Step::Life, &create.label());
        }
        self.add(self.lives_unknown());
        // Ids that were there and are gone are known now.
        for operation in writing {
            self.unknown_one(operation, &scratch).await;
        }
        self.session.forget();
    }

    /// What creates items of whose lives the document says nothing.
    fn lives_unknown(&self) -> Vec<Outcome> {
        let operations = self.operations().filter(|operation| {
            self.wants(rule::check::LIFE_CYCLE.id)
                && self.guard.effect(operation) == Effect::Creates
                && operation.resource.is_none()
                && self.guard.allows(operation).is_ok()
        });
        let why = "the document does not say what reads, changes and deletes what it creates: give \
                   x-resource";
        operations
            .map(|operation| Outcome::skipped(rule::check::LIFE_CYCLE, &operation.label(), why))
            .collect()
    }

    /// The operations of this part whose items' whole lives are judged.
    pub(super) fn creations(&self) -> impl Iterator<Item = &Operation> {
        self.operations()
            .filter(|operation| self.options.writes && creates(operation))
    }

    /// Every operation that creates, parents' first, whichever part of the run asks it.
    fn creating(&self) -> Vec<&Operation> {
        let mut creating: Vec<&Operation> = self
            .contract
            .api
            .operations
            .iter()
            .filter(|operation| self.guard.makes_items(operation) && self.is_needed(operation))
            .collect();
        creating.sort_by_key(|operation| operation.path.matches('{').count());
        creating
    }

    async fn write_one(&self, operation: &Operation, values: &mut Values) {
        if self.is_stopped() {
            return;
        }
        if let Err(left_out) = self.guard.allows(operation) {
            return self.mark_uncovered(operation, left_out.to_string());
        }
        let mut request = match self.contract.request(operation, values) {
            Ok(request) => request,
            Err(missing) => return self.mark_uncovered(operation, missing.to_string()),
        };
        self.guard.choose(operation, &mut request);
        if let Err(left_out) = self.session.permit(&request) {
            // An unknown id may yet be tried, so that the operation counts as covered.
            let outcome = Outcome::skipped(
                rule::check::LIFE_CYCLE,
                &operation.label(),
                left_out.to_string(),
            );
            self.add(self.wants(rule::check::LIFE_CYCLE.id).then_some(outcome));
            return self.mark_uncovered(operation, left_out.to_string());
        }
        let context = self.context(values);
        self.ask(context, operation, &request).await;
        let found = check::valid_request(context, operation, request).await;
        if self.is_settled().await {
            self.tally
                .add(rule::check::DOCUMENTED_STATUS, operation, found);
        }
        // What was put is there for those that come after.
        if let (Effect::Upserts(_), Some(resource)) =
            (self.guard.effect(operation), &operation.resource)
            && let Some(created) = self
                .guard
                .there()
                .into_iter()
                .find(|created| created.operation == operation.label())
        {
            values.prefer(&resource.collection, created.id);
        }
    }

    async fn unknown_one(&self, operation: &Operation, values: &Values) {
        let wanted = self.wants_passing() || self.wants(rule::check::UNKNOWN_ID.id);
        if !wanted || self.is_stopped() || self.guard.allows(operation).is_err() {
            return;
        }
        let Ok(request) = self.contract.request(operation, values) else {
            return;
        };
        let outcome = check::unknown_id(self.context(values), operation, &request).await;
        self.settle_and_add(outcome).await;
    }
}
