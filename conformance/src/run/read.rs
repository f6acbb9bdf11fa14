//! What only reads: operations side by side, then the fixtures.

use super::{Run, Step};
use crate::check::{self, CheckContext};
use crate::fixture::{Fixture, Provenance};
use crate::guard::{LeftOut, Sender};
use crate::law::LawOptions;
use crate::rule;
use crate::{Outcome, Request, Values};
use futures::StreamExt as _;
use plumbline_specs::api::Operation;

impl Run<'_> {
    /// Asks every operation that only reads; so many at once as the target takes.
    pub(super) async fn read(&self, values: &Values) {
        let jobs = self.session.target().limits.jobs.max(1);
        let operations: Vec<&Operation> = self
            .operations()
            .filter(|operation| self.contract.only_reads(operation))
            .collect();
        futures::stream::iter(operations)
            .for_each_concurrent(jobs, |operation| async move {
                self.read_one(operation, values).await;
                self.done(Step::Operation, &operation.label());
            })
            .await;
        if !self.options.writes {
            for operation in self.operations() {
                if !self.contract.only_reads(operation) {
                    self.mark_uncovered(
                        operation,
                        self.guard
                            .allows(operation)
                            .err()
                            .unwrap_or(LeftOut::Writes)
                            .to_string(),
                    );
                }
            }
        }
    }

    async fn read_one(&self, operation: &Operation, values: &Values) {
        if self.is_stopped() {
            return;
        }
        if let Err(left_out) = self.guard.allows(operation) {
            return self.mark_uncovered(operation, left_out.to_string());
        }
        let request = match self.contract.request(operation, values) {
            Ok(request) => request,
            Err(missing) => return self.mark_uncovered(operation, missing.to_string()),
        };
        if values.is_guess(operation)
            && self.session.fetch(request.clone()).await.status() == Some(404)
        {
            return self.mark_uncovered(
                operation,
                "no id is known for it but the fixtures' own, which this target does not have",
            );
        }
        let context = self.context(values);
        if self.wants_passing() {
            let found = check::valid_request(context, operation, request.clone()).await;
            if self.is_settled().await {
                self.tally
                    .add(rule::check::DOCUMENTED_STATUS, operation, found);
            }
        }
        self.ask(context, operation, &request).await;
    }

    pub(super) fn context<'s>(&'s self, values: &'s Values) -> CheckContext<'s> {
        CheckContext {
            contract: self.contract,
            session: self.session,
            values,
        }
    }

    /// The checks that send requests of their own. They are asked too where only rules are
    /// wanted that are judged as exchanges pass: most refusals are provoked here.
    pub(super) async fn ask(
        &self,
        context: CheckContext<'_>,
        operation: &Operation,
        request: &Request,
    ) {
        let passing = self.wants_passing();
        let mut outcomes = Vec::new();
        if passing || self.wants(rule::check::BAD_INPUT.id) {
            outcomes.push(check::bad_input(context, operation, request).await);
        }
        if passing || self.wants(rule::check::CREDENTIALS.id) {
            outcomes.extend(check::credentials(context, operation, request).await);
        }
        // What writes is asked with an unknown id when ids are known that are gone.
        let reads = self.contract.only_reads(operation);
        if reads && (passing || self.wants(rule::check::UNKNOWN_ID.id)) {
            outcomes.extend(check::unknown_id(context, operation, request).await);
        }
        if passing || self.wants(rule::check::OTHER_PARENT.id) {
            outcomes.extend(check::other_parent(context, operation, request).await);
        }
        self.settle_and_add(outcomes).await;
    }

    /// Adds outcomes of rules that are asked for, unless the run is over since they were begun.
    pub(super) async fn settle_and_add(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        if !self.is_settled().await {
            return;
        }
        self.add(
            outcomes
                .into_iter()
                .filter(|outcome| self.wants(&outcome.rule) && self.is_asked(&outcome.operation)),
        );
    }

    /// The laws of every operation that pages, one after the other: what else is sent meanwhile
    /// would be taken for the server's confusion.
    pub(super) async fn laws(&self, values: &Values) {
        // Rules that are judged as exchanges pass may break on a page that only a law asks for.
        if !self.wants_passing() && !rule::law::ALL.iter().any(|law| self.wants(law.id)) {
            return;
        }
        let options = LawOptions {
            writes: self.options.writes,
            ..LawOptions::default()
        };
        for operation in self.paged() {
            if self.is_stopped() {
                break;
            }
            let label = operation.label();
            if self.guard.allows(operation).is_err() {
                self.done(Step::Laws, &label);
                continue;
            }
            if !self.contract.only_reads(operation) {
                let outcome = Outcome::skipped(
                    rule::law::WALK_TERMINATES,
                    &label,
                    "it has a profile, and may create: give x-reads or x-resource if it lists",
                );
                self.add(self.wants(&outcome.rule).then_some(outcome));
                self.done(Step::Laws, &label);
                continue;
            }
            let Ok(base) = self.contract.request(operation, values) else {
                self.done(Step::Laws, &label);
                continue;
            };
            let judged =
                crate::law::judge(self.contract, operation, self.session, base, &options).await;
            self.settle_and_add(judged).await;
            if self.options.writes {
                self.session.forget();
            }
            self.done(Step::Laws, &label);
        }
    }

    /// Whether any rule is asked for that is judged as exchanges pass.
    pub(super) fn wants_passing(&self) -> bool {
        [
            rule::check::DOCUMENTED_STATUS,
            rule::check::ANSWERS,
            rule::check::NO_SERVER_ERROR,
            rule::check::MEDIA_TYPE,
            rule::check::DOCUMENTED_HEADERS,
            rule::check::BODY_SCHEMA,
            rule::check::ERROR_SCHEMA,
        ]
        .iter()
        .any(|rule| self.wants(rule.id))
    }

    /// A fixture up to the last step that the run is kept to; one that writes is left whole, as its
    /// end takes away what its beginning made.
    fn asked_part(&self, fixture: &Fixture) -> Fixture {
        let mut part = fixture.clone();
        let is_asked = |step: &crate::fixture::Step| self.is_asked(&step.operation);
        if !fixture.writes {
            let last = part.exchanges.iter().rposition(is_asked);
            part.exchanges.truncate(last.map_or(0, |last| last + 1));
        }
        part
    }

    /// Whether fixtures are replayed at all.
    pub(super) fn replays(&self) -> bool {
        self.options.only.is_empty()
            || rule::fixture::ALL.iter().any(|rule| self.wants(rule.id))
            || self.wants_passing()
    }

    /// Replays the fixtures that were recorded, or the others, in order: one may write what the
    /// next one reads.
    pub(super) async fn replay(&self, values: &Values, recorded: bool) {
        if !self.replays() {
            return;
        }
        for fixture in self.fixtures() {
            let is_recorded = matches!(fixture.provenance, Provenance::Recorded { .. });
            if recorded != is_recorded || self.is_stopped() {
                continue;
            }
            if fixture.writes && !self.options.writes {
                let left_out = fixture.left_out("the fixture writes: give --writes to let it");
                self.settle_and_add(left_out).await;
            } else {
                let fixture = self.asked_part(fixture);
                let replayed =
                    crate::fixture::replay(self.contract, self.session, &fixture, values);
                let outcomes = Sender::Fixture.scope(replayed).await;
                self.settle_and_add(outcomes).await;
            }
            self.done(Step::Fixture, &fixture.name);
        }
    }
}
