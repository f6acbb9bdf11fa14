//! The end of a run: what it has created is deleted, as far as a deletion is known.

use super::Run;
use crate::contract::encoded;
use crate::guard::{Created, Sender, variables};
use crate::{Remaining, Request, Values};
use plumbline_specs::api::{Method, Operation};
use std::time::{Duration, Instant};

/// So long it takes at most.
const LIMIT: Duration = Duration::from_secs(60);

/// So long it takes at most once somebody waits for the run to end.
const INTERRUPTED: Duration = Duration::from_secs(10);

impl Run<'_> {
    /// Deletes what the run has created, the latest first; gives what stays.
    pub(super) async fn clean_up(&self, values: &Values) -> Vec<Remaining> {
        Sender::CleanUp.scope(self.delete_all(values)).await
    }

    async fn delete_all(&self, values: &Values) -> Vec<Remaining> {
        let begun = Instant::now();
        let mut remaining = Vec::new();
        let mut staying = Vec::new();
        for created in self.guard.there() {
            // A deletion may have taken what lay below it with it.
            if !self.guard.is_there(&created) {
                continue;
            }
            let limit = if self.options.interrupt.is_interrupted() {
                INTERRUPTED
            } else {
                LIMIT
            };
            let why = if begun.elapsed() > limit {
                Some(format!(
                    "the {} seconds for deleting were spent",
                    limit.as_secs()
                ))
            } else {
                self.delete(&created, values).await
            };
            if let Some(why) = why {
                staying.push((created, why));
            }
        }
        for (created, why) in staying {
            // What lived in something that is gone now went with it.
            if self.guard.is_there(&created) && !self.guard.owner_is_gone(&created) {
                remaining.push(Remaining {
                    operation: created.operation.clone(),
                    id: Some(match &created.id {
                        serde_json::Value::String(id) => id.clone(),
                        other => other.to_string(),
                    }),
                    why,
                });
            }
        }
        for (operation, why) in self.guard.untraced() {
            remaining.push(Remaining {
                operation,
                id: None,
                why: why.to_owned(),
            });
        }
        remaining.sort();
        remaining
    }

    /// Deletes an item; the reason where it stays.
    async fn delete(&self, created: &Created, values: &Values) -> Option<String> {
        let mut why = None;
        for operation in &self.contract.api.operations {
            let Some(path) = self.guard.deletion(operation, created) else {
                continue;
            };
            if let Err(left_out) = self.guard.allows(operation) {
                why.get_or_insert_with(|| format!("{}: {left_out}", operation.label()));
                continue;
            }
            let request = match self.deletion(operation, created, &path, values) {
                Ok(request) => request,
                Err(reason) => {
                    why.get_or_insert(reason);
                    continue;
                }
            };
            let exchange = self.session.send(request.clone()).await;
            if !self.guard.is_there(created) {
                self.read_back(operation, request).await;
            }
            if !self.guard.is_there(created) {
                return None;
            }
            let label = operation.label();
            let came = match (exchange.left_out(), exchange.status()) {
                (Some(reason), _) => format!("{label}: {reason}"),
                (None, Some(200..300)) => {
                    format!("{label} was answered with a success, and it can still be read")
                }
                (None, Some(status)) => format!("{label} was answered with {status}"),
                (None, None) => format!("{label} was not answered"),
            };
            why.get_or_insert(came);
        }
        Some(why.unwrap_or_else(|| "no operation of the document deletes it".to_owned()))
    }

    /// Reads what a deletion is said to have deleted, where an operation of the same path does: the
    /// guard sees whether it is there.
    async fn read_back(&self, deletion: &Operation, request: Request) {
        let operations = &self.contract.api.operations;
        let read = operations
            .iter()
            .find(|other| other.path == deletion.path && other.method == Method::Get);
        if let Some(read) = read {
            let read = Request {
                operation: read.label(),
                method: read.method.to_string(),
                path: request.path,
                ..Request::default()
            };
            self.session.send(read).await;
        }
    }

    fn deletion(
        &self,
        operation: &Operation,
        created: &Created,
        path: &[(String, String)],
        values: &Values,
    ) -> Result<Request, String> {
        let label = operation.label();
        let mut values = values.clone();
        for (name, value) in path {
            values.set(format!("{label}.{name}"), value.clone());
        }
        if let Some(collection) = &created.at.collection {
            values.prefer(collection, created.id.clone());
        }
        let parent = operation.resource.as_ref();
        let parent = parent.and_then(|resource| resource.parent.as_ref());
        if let (Some(parent), Some(id)) = (parent, &created.at.parent) {
            values.prefer(&parent.collection, id.clone().into());
        }
        let mut request = self
            .contract
            .request(operation, &values)
            .map_err(|missing| format!("{label} needs a value for {}", missing.parameter))?;
        if path.len() == variables(&operation.path).count() {
            let filled = path
                .iter()
                .fold(operation.path.clone(), |path, (name, value)| {
                    path.replace(&format!("{{{name}}}"), &encoded(value))
                });
            request.path = filled;
        }
        Ok(request)
    }
}
