//! What writes, one operation after the other: only on what the run itself has created.

use super::{Run, Step};
use crate::Values;
use crate::check::{self, create_one};
use plumbline_specs::api::{Method, Operation, Role, Set};
use std::collections::BTreeSet;

impl Run<'_> {
    /// Every operation that writes, deletions last, then whole lives.
    pub(super) async fn write(&self, values: &Values) {
        let mut scratch = values.clone();
        let mut own = BTreeSet::new();
        for create in self.creating() {
            if let Some(with) = create_one(self.scene(&scratch), create).await {
                scratch = with;
                own.extend(
                    create
                        .resource
                        .as_ref()
                        .map(|resource| resource.collection.clone()),
                );
            }
        }
        let mut writing: Vec<&Operation> = self
            .operations()
            .filter(|operation| !self.contract.only_reads(operation))
            .collect();
        // What lies deeper goes first: with its parent it would be gone.
        writing.sort_by_key(|operation| {
            let depth = operation.path.matches('{').count();
            (
                // What restores what is deleted finds it only then.
                deletes(operation) || marks(operation),
                marks(operation) && !deletes(operation),
                if deletes(operation) {
                    usize::MAX - depth
                } else {
                    0
                },
            )
        });
        for operation in writing {
            self.write_one(operation, &scratch, &own).await;
            self.done(Step::Operation, &operation.label());
        }
        for create in self.creations() {
            if self.wants("life-cycle") {
                self.add(check::life_cycle(self.scene(values), create).await);
            }
            if self.wants("create-again") {
                self.add(check::create_again(self.scene(values), create).await);
            }
            self.done(Step::Life, &create.label());
        }
        self.session.forget();
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
            .filter(|operation| creates(operation))
            .collect();
        creating.sort_by_key(|operation| operation.path.matches('{').count());
        creating
    }

    async fn write_one(&self, operation: &Operation, values: &Values, own: &BTreeSet<String>) {
        let request = match self.contract.request(operation, values) {
            Ok(request) => request,
            Err(missing) => return self.leave(operation, missing.to_string()),
        };
        let scene = self.scene(values);
        if !self.may_touch(operation, own) {
            if self.wants("unknown-id") {
                self.add(check::unknown_id(scene, operation, &request).await);
            }
            return self.leave(operation, "it would change what this run has not created");
        }
        self.ask(scene, operation, &request).await;
        let found = check::valid_request(scene, operation, request).await;
        self.tally.add("documented-status", operation, found);
    }

    /// Whether an operation changes nothing but what the run has created: it adds something, or
    /// its item is of a collection in which the run has one of its own, or the user named it.
    fn may_touch(&self, operation: &Operation, own: &BTreeSet<String>) -> bool {
        let changes = operation.resource.as_ref().map_or_else(
            || {
                matches!(
                    operation.method,
                    Method::Put | Method::Patch | Method::Delete
                )
            },
            |resource| matches!(resource.role, Role::Update | Role::Delete),
        );
        if !changes {
            return true;
        }
        match &operation.resource {
            Some(resource) if resource.id.is_some() || resource.ids.is_some() => {
                own.contains(&resource.collection)
            }
            Some(_) => true,
            None => !operation.path.contains('{'),
        }
    }
}

fn creates(operation: &Operation) -> bool {
    operation
        .resource
        .as_ref()
        .is_some_and(|resource| resource.role == Role::Create)
}

/// Whether it does nothing but give members of an item constant values, as a restoration does.
fn marks(operation: &Operation) -> bool {
    operation.resource.as_ref().is_some_and(|resource| {
        let constant = |set: &Set| matches!(set, Set::Constant(_));
        !resource.sets.is_empty() && resource.sets.values().all(constant)
    })
}

fn deletes(operation: &Operation) -> bool {
    operation.method == Method::Delete
        || operation
            .resource
            .as_ref()
            .is_some_and(|resource| resource.role == Role::Delete)
}
