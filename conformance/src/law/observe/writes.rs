//! Creating and deleting items, where that was asked for.

use super::{Condition, Observer};
use crate::contract::renamed;
use crate::expression::{Substitution, created_id, put, text};
use crate::law::observations::{Observations, Unsettled, Written};
use plumbline_specs::api::{Expression, Operation, Role};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// So many items come and go during a walk.
const COMINGS: usize = 4;

/// So many pages a walk has while items come and go.
const PAGES: usize = 40;

/// Creates and deletes items of the list's collection.
pub(super) struct Writer<'a> {
    observer: &'a Observer<'a>,
    create: &'a Operation,
    delete: &'a Operation,
    /// What was created and is still there.
    there: Mutex<Vec<Value>>,
    /// Everything that was ever created.
    made: Mutex<Vec<String>>,
}

impl Observer<'_> {
    /// Creates an item and deletes it; then walks while items come and go.
    pub(super) async fn writes(&self, seen: &mut Observations, great: Option<u64>) {
        let writer = match self.writer() {
            Ok(writer) => writer,
            Err(obstacle) => return refuse(seen, obstacle),
        };
        let (id, creation) = match writer.create().await {
            Ok(made) => made,
            Err(obstacle) => return refuse(seen, obstacle),
        };
        let key: Arc<str> = text(&id).into();
        let nothing = Condition::new();
        let plan = super::Plan {
            fresh: true,
            ..self.plan(&nothing, great, None, PAGES)
        };
        let mut written = Written {
            obstacle: None,
            created: Some((Arc::clone(&key), creation)),
            after_create: Some(self.walk(plan, None).await),
            deleted: None,
            after_delete: None,
        };
        match writer.delete(&id).await {
            Ok(deletion) => {
                written.deleted = Some(deletion);
                written.after_delete = Some(self.walk(plan, None).await);
                seen.written = Some(written);
            }
            Err(obstacle) => {
                seen.written = Some(written);
                seen.unsettled = Some(Unsettled {
                    obstacle: Some(obstacle),
                    kept: Vec::new(),
                    walk: None,
                });
                return;
            }
        }
        self.unsettled(seen, &writer).await;
    }

    async fn unsettled(&self, seen: &mut Observations, writer: &Writer<'_>) {
        let (size, before) = match (super::several(&seen.walks), seen.all()) {
            (Some(walk), Ok(all)) if all.whole => {
                let before: Vec<Arc<str>> = all.items.iter().map(|item| item.key.clone()).collect();
                (walk.size, before)
            }
            _ => {
                seen.unsettled = Some(Unsettled {
                    obstacle: Some("no walk has several pages".to_owned()),
                    kept: Vec::new(),
                    walk: None,
                });
                return;
            }
        };
        let nothing = Condition::new();
        let plan = super::Plan {
            fresh: true,
            ..self.plan(&nothing, size, None, PAGES)
        };
        let walk = self.walk(plan, Some(writer)).await;
        let left = writer.clear().await;
        let made = writer
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let obstacle = (made.len() < 2).then(|| "no item could be created".to_owned());
        seen.unsettled = Some(Unsettled {
            obstacle: obstacle.or(left),
            kept: before
                .into_iter()
                .filter(|key| !made.iter().any(|own| **own == **key))
                .collect(),
            walk: Some(walk),
        });
    }

    /// Finds the operations that create and delete items of this list.
    fn writer(&self) -> Result<Writer<'_>, String> {
        let collection = self
            .operation
            .resource
            .as_ref()
            .map(|resource| resource.collection.as_str())
            .ok_or("the operation has no x-resource, so nothing is known to create its items")?;
        let find = |role: Role| {
            self.contract
                .api
                .operations
                .iter()
                .filter(|operation| {
                    operation.resource.as_ref().is_some_and(|resource| {
                        resource.collection == collection && resource.role == role
                    })
                })
                // One that names a single item before one that takes several.
                .min_by_key(|operation| {
                    operation
                        .resource
                        .as_ref()
                        .is_none_or(|resource| resource.id.is_none())
                })
        };
        let allowed = |operation: Option<&Operation>| {
            let guard = self.session.guard();
            let left_out = operation.and_then(|own| guard?.allows(own).err());
            left_out.map_or(Ok(()), |reason| {
                Err(format!(
                    "{}: {reason}",
                    operation.map(Operation::label).unwrap_or_default()
                ))
            })
        };
        allowed(find(Role::Create))?;
        allowed(find(Role::Delete))?;
        match (find(Role::Create), find(Role::Delete)) {
            (Some(create), Some(delete)) => Ok(Writer {
                observer: self,
                create,
                delete,
                there: Mutex::default(),
                made: Mutex::default(),
            }),
            (None, _) => Err(format!("no operation creates items of {collection}")),
            (_, None) => Err(format!("no operation deletes items of {collection}")),
        }
    }
}

fn refuse(seen: &mut Observations, obstacle: String) {
    seen.written = Some(Written {
        obstacle: Some(obstacle.clone()),
        created: None,
        after_create: None,
        deleted: None,
        after_delete: None,
    });
    seen.unsettled = Some(Unsettled {
        obstacle: Some(obstacle),
        kept: Vec::new(),
        walk: None,
    });
}

impl Writer<'_> {
    /// Creates an item; gives its key and the exchange.
    async fn create(&self) -> Result<(Value, crate::ExchangeId), String> {
        let label = self.create.label();
        let mut request = self
            .observer
            .contract
            .request(self.create, &self.observer.values())
            .map_err(|missing| format!("{label} needs a value for {}", missing.parameter))?;
        // Invented values are always the same: an id of one's own choice would be known
        // already the second time.
        if let Some(place) = self
            .create
            .resource
            .as_ref()
            .and_then(|own| own.chosen.as_ref())
        {
            put(self.create, &mut request, place, &Substitution::Nothing);
        }
        let spent = "the allowance of requests ran out";
        let mut exchange = self
            .observer
            .exchange(request.clone(), true)
            .await
            .ok_or(spent)?;
        let refused = exchange
            .status()
            .is_some_and(|status| (400..500).contains(&status));
        let nonce = self.observer.session.nonce();
        if let Some(other) = renamed(self.observer.contract, self.create, &request, &nonce)
            && refused
        {
            exchange = self.observer.exchange(other, true).await.ok_or(spent)?;
        }
        exchange
            .reply()
            .filter(|reply| (200..300).contains(&reply.status))
            .ok_or_else(|| format!("{label} did not create an item"))?;
        let id = created_id(
            self.observer.contract,
            &self.observer.session.target().base,
            self.create,
            &exchange,
        )
        .ok_or_else(|| format!("{label} does not say which item it created"))?;
        self.there
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(id.clone());
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text(&id));
        Ok((id, exchange.id))
    }

    /// Deletes an item that was created here.
    async fn delete(&self, id: &Value) -> Result<crate::ExchangeId, String> {
        let label = self.delete.label();
        let mut values = self.observer.values();
        if let Some(parameter) = self.observer.own_parameter(self.delete) {
            values.set(parameter, id.clone());
        }
        let mut request = self
            .observer
            .contract
            .request(self.delete, &values)
            .map_err(|missing| format!("{label} needs a value for {}", missing.parameter))?;
        let resource = self.delete.resource.as_ref();
        let several = resource.and_then(|resource| resource.ids.as_ref());
        let one = resource.and_then(|resource| resource.id.as_ref());
        let placed = match (one, several) {
            (Some(Expression::RequestPath(_)) | None, None) => true,
            (_, Some(place)) => {
                let ids = Value::Array(vec![id.clone()]);
                put(self.delete, &mut request, place, &Substitution::Value(&ids))
            }
            (Some(place), None) => put(self.delete, &mut request, place, &Substitution::Value(id)),
        };
        if !placed {
            return Err(format!(
                "{label} takes its ids where the kit cannot put them"
            ));
        }
        let exchange = self
            .observer
            .exchange(request, true)
            .await
            .ok_or("the allowance of requests ran out")?;
        if !exchange
            .status()
            .is_some_and(|status| (200..300).contains(&status))
        {
            return Err(format!("{label} did not delete the item"));
        }
        self.there
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|own| own != id);
        Ok(exchange.id)
    }

    /// Between two pages: an item comes, or one that came goes.
    pub(super) async fn step(&self, page: usize) {
        if page > COMINGS {
            return;
        }
        let oldest = {
            let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
            there.first().cloned()
        };
        // What cannot be written shows in what was made in the end.
        match oldest {
            Some(id) if page.is_multiple_of(2) => {
                let _ = self.delete(&id).await;
            }
            _ => {
                let _ = self.create().await;
            }
        }
    }

    /// Deletes what is left; gives the reason where that fails.
    async fn clear(&self) -> Option<String> {
        let left = {
            let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
            there.clone()
        };
        let mut obstacle = None;
        for id in left {
            obstacle = self.delete(&id).await.err().or(obstacle);
        }
        obstacle
    }
}
