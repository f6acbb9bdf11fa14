//! The record of what a run has created, kept from its exchanges, and what can delete it.

use super::created::{Place, Untraced};
use super::{Created, Effect, Guard, Items, State, ids, seen, variables};
use crate::contract::text;
use crate::{Exchange, Failure};
use plumbline_specs::api::{Expression, Method, Operation, Status};
use plumbline_specs::effect::names_created;
use serde_json::Value;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

impl Guard {
    /// The moment, for [`note`](Self::note): an item that an answer showed before is not created after.
    pub(crate) fn moment(&self) -> u64 {
        self.record().seen.moment()
    }

    /// Keeps what an exchange, whose request was sent at a moment, says of what is there.
    pub(crate) fn note(&self, exchange: &Exchange, sent: u64) {
        self.note_effect(exchange, sent);
        let operation = self.contract.operation(&exchange.request.operation);
        if let (true, Some(operation), Some(reply)) = (self.writes, operation, exchange.reply()) {
            let places = seen::places(operation, &exchange.request.path);
            self.record().seen.answer(&places, &self.names, reply);
        }
    }

    fn note_effect(&self, exchange: &Exchange, sent: u64) {
        let request = &exchange.request;
        let Some(operation) = self.contract.operation(&request.operation) else {
            return;
        };
        let effect = self.effect(operation);
        if let Some(why) = perhaps_done(exchange) {
            if effect == Effect::Creates {
                self.record().untraced.push(Untraced {
                    operation: operation.label(),
                    why,
                });
            }
            return;
        }
        let Some(reply) = exchange.reply() else {
            return;
        };
        let succeeded = (200..300).contains(&reply.status);
        match effect {
            Effect::Reads if succeeded => self.note_read(operation, exchange),
            Effect::Reads | Effect::Undirected => {}
            Effect::Creates if succeeded => {
                self.note_creation(operation, exchange, reply.status, sent);
            }
            Effect::Upserts(items) if succeeded => {
                let place = ids::place(&self.contract, operation, request, Some(&items));
                for id in ids::named(&self.contract, operation, request, &items) {
                    self.keep(operation, exchange, &place, Value::String(id));
                }
            }
            Effect::Changes(items) => self.note_change(operation, exchange, &items, reply.status),
            Effect::Creates | Effect::Upserts(_) => {}
        }
    }

    /// An item that is read after its deletion is there.
    fn note_read(&self, operation: &Operation, exchange: &Exchange) {
        let path = operation.path.trim_end_matches('/');
        let Some(variable) = variables(path).last().filter(|_| path.ends_with('}')) else {
            return;
        };
        let items = Items {
            place: Expression::RequestPath(variable.to_owned()),
            deletes: false,
            marks: false,
        };
        let request = &exchange.request;
        let place = ids::place(&self.contract, operation, request, Some(&items));
        for id in ids::named(&self.contract, operation, request, &items) {
            let mut record = self.record();
            let own = record.created.iter_mut();
            if let Some(own) = own.filter(|created| created.is(&place, &id)).last()
                && own.state == State::Gone
            {
                own.state = State::There;
                own.outlived = true;
            }
        }
    }

    fn note_creation(&self, operation: &Operation, exchange: &Exchange, status: u16, sent: u64) {
        let ids = ids::made(&self.contract, &self.target, operation, exchange);
        if ids.is_empty() {
            let creates = operation.resource.is_some() || status == 201;
            if creates {
                self.record().untraced.push(Untraced {
                    operation: operation.label(),
                    why: "no id of what was created is known",
                });
            }
            return;
        }
        // Where 201 says that something was created, another status says that it was not.
        let got = status != 201 && may_get(operation);
        let place = ids::place(&self.contract, operation, &exchange.request, None);
        let places = seen::places(operation, &exchange.request.path);
        for id in ids {
            if !self.has_created(&place, &id) {
                if self.record().seen.held(&places, &id, sent) {
                    if status == 201 {
                        self.record().untraced.push(Untraced {
                            operation: operation.label(),
                            why: "the id that its 201 gave was there before, so it is not the id of what was created",
                        });
                    }
                    continue;
                }
                if got {
                    self.record().untraced.push(Untraced {
                        operation: operation.label(),
                        why: "its status is not the 201 of a creation, so it may have been there before",
                    });
                    continue;
                }
            }
            if status == 201 && self.is_shared(operation, exchange, &place, &id) {
                self.disown(operation, &place, &places, &id);
                continue;
            }
            self.keep(operation, exchange, &place, id);
        }
    }

    /// Whether requests that said different things made an item of one id, which no client chose:
    /// then none of them says that it made one.
    fn is_shared(
        &self,
        operation: &Operation,
        exchange: &Exchange,
        place: &Place,
        id: &Value,
    ) -> bool {
        let resource = operation.resource.as_ref();
        let is_chosen = resource.is_some_and(|own| own.chosen.is_some());
        let record = self.record();
        let mut own = record.created.iter().rev();
        let said = said(exchange);
        !is_chosen
            && own
                .find(|created| created.is(place, &text(id)))
                .is_some_and(|own| own.state == State::There && own.said != said)
    }

    /// Takes an item for one that was there before.
    fn disown(&self, operation: &Operation, place: &Place, places: &[String], id: &Value) {
        let mut record = self.record();
        let text = text(id);
        record.created.retain(|created| !created.is(place, &text));
        record.seen.hold(places, id);
        record.untraced.push(Untraced {
            operation: operation.label(),
            why: "several requests to create were answered with one id, so it may have been there before",
        });
    }

    fn has_created(&self, place: &Place, id: &Value) -> bool {
        self.record().has_created(place, &text(id))
    }

    /// Whether what a creation answered with is this run's, and was not there before.
    pub(crate) fn is_own(&self, create: &Operation, exchange: &Exchange) -> bool {
        let place = ids::place(&self.contract, create, &exchange.request, None);
        ids::made(&self.contract, &self.target, create, exchange)
            .iter()
            .all(|id| self.has_created(&place, id))
    }

    /// Keeps an item as created, or as there again.
    fn keep(&self, operation: &Operation, exchange: &Exchange, place: &Place, id: Value) {
        let mut record = self.record();
        let known = record.created.iter_mut();
        let known = known.filter(|created| created.is(place, &text(&id)));
        if let Some(known) = known.last() {
            known.state = State::There;
            return;
        }
        record.created.push(Created {
            operation: operation.label(),
            exchange: exchange.id,
            said: said(exchange),
            at: place.clone(),
            id,
            state: State::There,
            outlived: false,
        });
    }

    fn note_change(&self, operation: &Operation, exchange: &Exchange, items: &Items, status: u16) {
        let request = &exchange.request;
        let place = ids::place(&self.contract, operation, request, Some(items));
        let succeeded = (200..300).contains(&status);
        let missing = matches!(status, 404 | 410);
        for id in ids::named(&self.contract, operation, request, items) {
            let mut record = self.record();
            let own = record
                .created
                .iter_mut()
                .filter(|created| created.is(&place, &id));
            match own.last() {
                // A server may say of a marked item that it is missing; it can be had again all the same.
                Some(own)
                    if items.deletes
                        && items.marks
                        && (succeeded || own.state == State::Marked) =>
                {
                    own.state = State::Marked;
                }
                Some(own) if items.deletes && (succeeded || missing) => {
                    // A deletion that was said to be done before, and was not.
                    if missing || !own.outlived {
                        own.state = State::Gone;
                    }
                }
                Some(own) if own.state != State::There && succeeded && !items.deletes => {
                    own.state = State::There;
                }
                Some(_) => {}
                None => {
                    drop(record);
                    // Under an id that nothing had, a PUT or a PATCH has made it be there.
                    let makes = matches!(operation.method, Method::Put | Method::Patch);
                    if succeeded && makes {
                        self.keep(operation, exchange, &place, Value::String(id));
                    }
                }
            }
        }
    }

    /// What an exchange has created: the collection's name, the path of its items with the
    /// variable that names one, and the id.
    pub(crate) fn created_by(&self, exchange: &Exchange) -> Option<Made> {
        let record = self.record();
        let created = record
            .created
            .iter()
            .rfind(|created| created.exchange == exchange.id)?;
        let operation = self.contract.operation(&created.operation)?;
        let variable = ids::item_variable(&self.contract, operation);
        let path = operation.path.trim_end_matches('/');
        Some(Made {
            collection: created.at.collection.clone(),
            template: variable.map(|name| format!("{path}/{{{name}}}")),
            id: created.id.clone(),
        })
    }

    /// What this run has created and not deleted, the latest first.
    pub(crate) fn there(&self) -> Vec<Created> {
        let record = self.record();
        let there = record.created.iter().rev();
        there
            .filter(|created| created.state == State::There)
            .cloned()
            .collect()
    }

    /// Operations and why what they created stays, for what has no id.
    pub(crate) fn untraced(&self) -> Vec<(String, &'static str)> {
        let record = self.record();
        let untraced = record.untraced.iter();
        untraced
            .map(|one| (one.operation.clone(), one.why))
            .collect()
    }

    /// A created item as gone.
    pub(crate) fn is_there(&self, created: &Created) -> bool {
        let record = self.record();
        let own = record.created.iter();
        own.filter(|own| own.exchange == created.exchange && own.id == created.id)
            .any(|own| own.state == State::There)
    }

    /// Whether the item that a created one lives in is one that this run has deleted.
    pub(crate) fn owner_is_gone(&self, created: &Created) -> bool {
        let operation = self.contract.operation(&created.operation);
        let parent = operation.and_then(|own| own.resource.as_ref()?.parent.as_ref());
        let above = created
            .at
            .path
            .as_deref()
            .and_then(|path| path.rsplit_once("/{}"));
        let record = self.record();
        record.created.iter().any(|owner| {
            let id = text(&owner.id);
            let by_name = parent.is_some_and(|parent| {
                owner.at.collection.as_deref() == Some(&*parent.collection)
                    && created.at.parent.as_ref() == Some(&id)
            });
            let by_path = above.is_some_and(|(above, _)| {
                owner.at.path.as_deref() == Some(above)
                    && created.at.scope.last().is_some_and(|last| last.value == id)
            });
            owner.state == State::Gone && (by_name || by_path)
        })
    }

    /// Whether an operation deletes a created item, with the values that its path takes.
    pub(crate) fn deletion(
        &self,
        operation: &Operation,
        created: &Created,
    ) -> Option<Vec<(String, String)>> {
        let Effect::Changes(items) = self.effect(operation) else {
            return None;
        };
        if !items.deletes {
            return None;
        }
        let id = text(&created.id);
        let mut values = Vec::new();
        let mut scope = created.at.scope.iter();
        if let Expression::RequestPath(name) = &items.place {
            let path = crate::contract::before(&operation.path, name)?;
            if created.at.path.as_ref() == Some(&path) {
                for variable in variables(&operation.path) {
                    if variable == name {
                        break;
                    }
                    values.push((variable.to_owned(), scope.next()?.value.clone()));
                }
            } else {
                let there = self.by_name(operation);
                let same = Created {
                    at: Place {
                        path: None,
                        ..created.at.clone()
                    },
                    ..created.clone()
                };
                if !same.is(&there, &id) {
                    return None;
                }
                for variable in variables(&operation.path).filter(|own| own != name) {
                    let parent = operation.resource.as_ref()?.parent.as_ref()?;
                    let owner =
                        matches!(&parent.id, Expression::RequestPath(own) if own == variable);
                    let value = created.at.parent.clone().filter(|_| owner)?;
                    values.push((variable.to_owned(), value));
                }
            }
            values.push((name.clone(), id));
            return Some(values);
        }
        let same = Created {
            at: Place {
                path: None,
                ..created.at.clone()
            },
            ..created.clone()
        };
        same.is(&self.by_name(operation), &id).then_some(values)
    }

    /// An operation's place by the name of its collection alone.
    fn by_name(&self, operation: &Operation) -> Place {
        let resource = operation.resource.as_ref();
        Place {
            collection: resource.map(|resource| resource.collection.clone()),
            key: resource.and_then(|resource| resource.key.clone()),
            ..Place::default()
        }
    }
}

/// What an exchange has created.
pub(crate) struct Made {
    pub(crate) collection: Option<String>,
    pub(crate) template: Option<String>,
    pub(crate) id: Value,
}

/// What a request says, as a hash.
fn said(exchange: &Exchange) -> u64 {
    let mut hasher = DefaultHasher::new();
    let request = &exchange.request;
    (&request.path, &request.query, &request.body).hash(&mut hasher);
    hasher.finish()
}

/// Why a request may have done what it asks for, where its answer does not say so.
fn perhaps_done(exchange: &Exchange) -> Option<&'static str> {
    match &exchange.answer {
        Err(Failure::NotSent(_) | Failure::Unreachable(_)) => None,
        Err(_) => Some("a request to create had no answer, so it may be there"),
        Ok(reply) => match reply.status {
            300..=399 => Some("a request to create was redirected, so it may be there"),
            500..=599 => Some("a request to create made the server fail, so it may be there"),
            _ => None,
        },
    }
}

/// Whether a document names 201 among the successes of an operation, and another beside it.
fn may_get(operation: &Operation) -> bool {
    let successes = operation.responses.iter();
    let mut others = successes
        .map(|response| response.status)
        .filter(|status| status.is_success() && *status != Status::Code(201));
    names_created(operation) && others.next().is_some()
}
