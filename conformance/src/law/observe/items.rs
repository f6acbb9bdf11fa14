//! Items seen another way: read one by one, and listed by another operation.

use super::{Condition, Observer};
use crate::Values;
use crate::law::observations::{Item, Observations, Read, Walk};
use plumbline_specs::api::{Expression, Location, Operation};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// So many pages of another operation's walk are met.
const PAGES: usize = 44;

impl Observer<'_> {
    /// Walks the other operation over the collection, and reads a few items.
    pub(super) async fn items(&self, seen: &mut Observations) {
        if let Some(label) = &self.profile.same_collection {
            seen.twin = self.twin(label).await.map(|walk| (label.clone(), walk));
        }
        if let Some(label) = &self.profile.get {
            seen.reads = self.reads(seen, label).await;
        }
    }

    async fn twin(&self, label: &str) -> Option<Walk> {
        let operation = self.contract.operation(label)?;
        let base = self.contract.request(operation, &self.values()).ok()?;
        let twin = Observer::new(self.contract, operation, self.session, base, self.options)?;
        // The size that serves here may be too great there.
        for size in [Some(100), None] {
            let size = size.filter(|_| twin.profile.size.is_some());
            let nothing = Condition::new();
            let walk = twin
                .walk(twin.plan(&nothing, size, None, PAGES), None)
                .await;
            if walk.whole() {
                return Some(walk);
            }
        }
        None
    }

    async fn reads(&self, seen: &Observations, label: &str) -> Vec<Read> {
        let (Some(operation), Some(key), Ok(all)) = (
            self.contract.operation(label),
            &self.profile.key,
            seen.all(),
        ) else {
            return Vec::new();
        };
        let Some(parameter) = self.own_parameter(operation) else {
            return Vec::new();
        };
        let count = all.items.len();
        let mut picked = vec![0, count / 2, count.saturating_sub(1)];
        picked.dedup();
        let mut reads = Vec::new();
        for index in picked {
            let Some(item) = all.items.get(index) else {
                continue;
            };
            let (Some(id), Some(page)) = (
                item.value.pointer(key.as_str()),
                all.walk.page_of(index).or(all.walk.pages.first()),
            ) else {
                continue;
            };
            let mut values = self.values();
            values.set(parameter.clone(), id.clone());
            let Ok(request) = self.contract.request(operation, &values) else {
                continue;
            };
            let Some(exchange) = self.exchange(request, false).await else {
                break;
            };
            reads.push(Read {
                listed: (*item).clone(),
                list: page.id,
                read: exchange.id,
                answer: match &exchange.answer {
                    Ok(reply) => Ok((reply.status, reply.json())),
                    Err(failure) => Err(format!("{failure:?}")),
                },
            });
        }
        reads
    }

    /// The parameter that names an item: the resource's own, or else one that the list
    /// does not have.
    pub(super) fn own_parameter(&self, operation: &Operation) -> Option<String> {
        if let Some(Expression::RequestPath(name) | Expression::RequestQuery(name)) = operation
            .resource
            .as_ref()
            .and_then(|resource| resource.id.as_ref())
        {
            return Some(name.clone());
        }
        operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Path)
            .map(|parameter| &parameter.name)
            .rfind(|name| {
                !self
                    .operation
                    .parameters
                    .iter()
                    .any(|own| own.location == Location::Path && own.name == **name)
            })
            .cloned()
    }

    /// The values that the list's own request has in its path: a parent's id, for example.
    pub(super) fn values(&self) -> Values {
        let mut values = Values::new();
        for (name, value) in &self.session.target().values {
            values.set(name.clone(), Value::String(value.clone()));
        }
        if let Some(route) = self.contract.route(&self.base.method, &self.base.path) {
            for (name, value) in route.values {
                values.set(name, Value::String(value));
            }
        }
        values
    }
}

/// Lets items that were met before be the same in memory, so that a list that is walked many times
/// takes the room of one.
pub(super) fn share(met: &mut HashMap<Arc<str>, Item>, items: &mut [Item]) {
    for item in items {
        match met.get(&item.key) {
            Some(known) if known.value == item.value => item.clone_from(known),
            // One that has changed is known as it was met last.
            _ => drop(met.insert(Arc::clone(&item.key), item.clone())),
        }
    }
}
