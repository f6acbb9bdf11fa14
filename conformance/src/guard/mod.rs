//! The one gate that every request of a run passes before it is sent: what a run has not created it
//! does not change, and what it has created it knows.
//!
//! A safe method passes, and a POST that only reads ([`Contract::only_reads`]). Everything else
//! needs `--writes`, and then: a creation passes; what changes or deletes passes where every id that
//! it names is one that this run created, in that very collection, or one that nothing can have;
//! what names no item, and a POST whose name says that it destroys, passes where the user names the
//! operation (`--also`) or `x-resource` says what it does. Fixtures are the user's own words.

mod created;
mod effect;
mod ids;
mod record;
mod seen;
mod wire;

use crate::contract::text;
use crate::expression::read_request;
use crate::invent::invalid::ODD;
use crate::{Contract, Request};
pub(crate) use created::{Created, State};
use created::{Place, Untraced};
pub(crate) use effect::{Effect, Items, sets_constants};
pub(crate) use ids::of_kind;
use plumbline_specs::api::{Expression, Operation, Role};
use plumbline_specs::effect::{says_that_it_commands, says_that_it_destroys};
use seen::Seen;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;
use wire::{method_override, path_segments_climb};

/// Why a request is not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// The user leaves it out.
    #[error("left out by --skip {0}")]
    Skipped(String),
    /// The run may only read.
    #[error("it writes: give --writes to let it")]
    Writes,
    /// It changes what it does not name.
    #[error(
        "it names no item that this run has created, and may act on all of them: give --also to have it sent"
    )]
    Undirected,
    /// Its name says that it destroys or overwrites.
    #[error("its name says `{0}`: give --also to have it sent, or x-resource to say what it does")]
    Destroys(&'static str),
    /// Another method is asked for than the request's own.
    #[error("`{0}` makes another method of it: give --also to have it sent")]
    Override(String),
    /// An item of somebody else's.
    #[error("it would change what this run has not created")]
    NotOwn,
    /// No ids where they are due.
    #[error("it lists no id of an item that this run has created, and may then act on all of them")]
    NoIds,
    /// The path is not the operation's.
    #[error("its path leads out of the operation's own")]
    Elsewhere,
}

tokio::task_local! {
    /// On whose behalf requests are sent, where that is not the run itself.
    static SENDER: Sender;
}

/// On whose behalf requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A fixture's: it says itself what is sent.
    Fixture,
    /// The end of the run, which deletes what was created.
    CleanUp,
}

impl Sender {
    /// Sends what `sending` sends on its behalf.
    pub(crate) async fn scope<F: Future>(self, sending: F) -> F::Output {
        SENDER.scope(self, sending).await
    }

    /// Who is sending now; `None` for the run itself.
    pub(crate) fn now() -> Option<Self> {
        SENDER.try_with(|sender| *sender).ok()
    }
}

/// What a run may send, and what it has created.
pub(crate) struct Guard {
    contract: Arc<Contract>,
    writes: bool,
    /// Operations that the user lets be sent whatever they do.
    also: BTreeSet<String>,
    /// Operations that the user leaves out, each with the words that did.
    skip: BTreeMap<String, String>,
    effects: BTreeMap<String, Effect>,
    /// The names of the members that hold ids.
    names: HashSet<String>,
    /// The base of the target's URLs.
    target: Url,
    record: Mutex<Record>,
}

/// What has become of things.
#[derive(Default)]
struct Record {
    created: Vec<Created>,
    untraced: Vec<Untraced>,
    /// Ids that nothing can have.
    fresh: HashSet<String>,
    /// Ids that answers have held.
    seen: Seen,
}

impl Record {
    /// Whether this run has created the item of that id at that place.
    fn has_created(&self, place: &Place, id: &str) -> bool {
        self.created.iter().any(|created| created.is(place, id))
    }
}

impl Guard {
    pub(crate) fn new(
        contract: Arc<Contract>,
        writes: bool,
        also: BTreeSet<String>,
        skip: BTreeMap<String, String>,
        target: Url,
    ) -> Self {
        let effects = contract.api.operations.iter();
        let effects = effects
            .map(|operation| (operation.label(), Effect::of(&contract, operation)))
            .collect();
        let names = seen::names(&contract);
        Self {
            contract,
            writes,
            also,
            skip,
            effects,
            names,
            target,
            record: Mutex::default(),
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an operation's requests do.
    pub(crate) fn effect(&self, operation: &Operation) -> Effect {
        self.effects
            .get(&operation.label())
            .cloned()
            .unwrap_or(Effect::Undirected)
    }

    /// Whether an operation's requests may be sent at all.
    pub(crate) fn allows(&self, operation: &Operation) -> Result<(), LeftOut> {
        let label = operation.label();
        if let Some(words) = self.skip.get(&label) {
            return Err(LeftOut::Skipped(words.clone()));
        }
        let effect = self.effect(operation);
        let named = self.also.contains(&label);
        let marked = operation.resource.is_some() || operation.reads == Some(true);
        let destroys = || {
            // A command to an item is one to an item of the run's own.
            let commands = || {
                let directed = matches!(effect, Effect::Changes(_) | Effect::Upserts(_));
                says_that_it_commands(operation).filter(|_| !directed)
            };
            let says = says_that_it_destroys(operation).or_else(commands);
            says.filter(|_| !named && !marked)
                .map_or(Ok(()), |word| Err(LeftOut::Destroys(word)))
        };
        if effect == Effect::Reads {
            return destroys();
        }
        if !self.writes {
            return Err(LeftOut::Writes);
        }
        destroys()?;
        if effect == Effect::Undirected && !named {
            return Err(LeftOut::Undirected);
        }
        Ok(())
    }

    /// Whether a request may be sent.
    pub(crate) fn permit(&self, request: &Request) -> Result<(), LeftOut> {
        let operation = self.contract.operation(&request.operation);
        let route = self.contract.route(&request.method, &request.path);
        let routed = route.as_ref().map(|route| route.operation);
        let safe = matches!(
            request.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "TRACE"
        );
        if path_segments_climb(&request.path) || (!safe && routed.is_none()) {
            return Err(LeftOut::Elsewhere);
        }
        for operation in operation.into_iter().chain(routed) {
            self.judge(operation, request)?;
        }
        Ok(())
    }

    fn judge(&self, operation: &Operation, request: &Request) -> Result<(), LeftOut> {
        let fixture = Sender::now() == Some(Sender::Fixture);
        match self.allows(operation) {
            Ok(()) => {}
            Err(LeftOut::Undirected | LeftOut::Destroys(_)) if fixture => {}
            Err(left_out) => return Err(left_out),
        }
        let named = self.also.contains(&operation.label());
        if let Some(name) = method_override(request).filter(|_| !named && !fixture) {
            return Err(LeftOut::Override(name));
        }
        if fixture {
            return Ok(());
        }
        match self.effect(operation) {
            Effect::Reads | Effect::Undirected => Ok(()),
            Effect::Creates => self.chooses_freely(operation, request),
            Effect::Upserts(items) => {
                if self.owns_parent(operation, request) {
                    return Ok(());
                }
                self.owns_all(operation, request, &items)
            }
            Effect::Changes(items) => self.owns_all(operation, request, &items),
        }
    }

    /// Whether an id that a creation chooses is none of somebody else's.
    fn chooses_freely(&self, operation: &Operation, request: &Request) -> Result<(), LeftOut> {
        let resource = operation.resource.as_ref();
        let Some(place) = resource.and_then(|resource| resource.chosen.as_ref()) else {
            return Ok(());
        };
        let chosen = read_request(&self.contract.api, operation, request, place);
        let Some(id) = chosen.filter(|id| id.is_string() || id.is_number()) else {
            return Ok(());
        };
        let items = Items {
            place: place.clone(),
            deletes: false,
            marks: false,
        };
        let malformed = matches!(&id, Value::String(id) if uuid::Uuid::try_parse(id).is_err());
        if malformed && self.is_uuid_in_body(operation, place) {
            return Ok(());
        }
        self.owns_all(operation, request, &items)
    }

    fn is_uuid_in_body(&self, operation: &Operation, place: &Expression) -> bool {
        let found = match place {
            Expression::RequestBody(_) => place.request_schema(&self.contract.api, operation),
            _ => None,
        };
        found.is_some_and(|schema| ids::is_malformed(&self.contract, Some(schema), "none"))
    }

    fn owns_all(
        &self,
        operation: &Operation,
        request: &Request,
        items: &Items,
    ) -> Result<(), LeftOut> {
        let named = ids::named(&self.contract, operation, request, items);
        if named.is_empty() {
            return Err(LeftOut::NoIds);
        }
        let place = ids::place(&self.contract, operation, request, Some(items));
        let schema = match &items.place {
            Expression::RequestPath(name) => ids::schema(operation, name),
            _ => None,
        };
        let record = self.record();
        let own = |id: &String| {
            record.has_created(&place, id)
                || record.fresh.contains(id)
                || ids::is_malformed(&self.contract, schema, id)
        };
        if named.iter().all(own) {
            Ok(())
        } else {
            Err(LeftOut::NotOwn)
        }
    }

    /// Whether the item that owns the collection is one that this run has created.
    fn owns_parent(&self, operation: &Operation, request: &Request) -> bool {
        let Some((place, id)) = ids::owner(&self.contract, operation, request) else {
            return false;
        };
        let record = self.record();
        // An owner is known by its collection, whatever finds it.
        // One that nothing can be owns nothing of anybody's.
        record.fresh.contains(&id)
            || record.created.iter().any(|created| {
                let place = Place {
                    key: created.at.key.clone(),
                    ..place.clone()
                };
                created.is(&place, &id)
            })
    }

    /// An id of the kind of a known one that nothing has: one that this run has created in the same
    /// place and deleted, or else one that nothing can have.
    pub(crate) fn unknown(
        &self,
        operation: &Operation,
        request: &Request,
        parameter: Option<&str>,
        known: &str,
    ) -> String {
        let items = match self.effect(operation) {
            Effect::Upserts(items) | Effect::Changes(items) => items,
            _ => return self.mint(known),
        };
        let of_items = match &items.place {
            Expression::RequestPath(name) => parameter == Some(name),
            _ => parameter.is_none(),
        };
        let place = ids::place(&self.contract, operation, request, Some(&items));
        let gone = {
            let record = self.record();
            let mut created = record.created.iter().filter(|_| of_items);
            let gone = created.find(|created| {
                created.state == State::Gone && created.is(&place, &text(&created.id))
            });
            gone.map(|gone| text(&gone.id))
        };
        gone.unwrap_or_else(|| self.mint(known))
    }

    /// Makes of an odd id in a path one that nothing has.
    pub(crate) fn freshen(&self, operation: &Operation, request: &mut Request) {
        let (Effect::Upserts(items) | Effect::Changes(items)) = self.effect(operation) else {
            return;
        };
        let Expression::RequestPath(name) = &items.place else {
            return;
        };
        let odd = crate::contract::path_value(operation, &request.path, name);
        if let Some(odd) = odd.filter(|odd| ODD.contains(&odd.as_str())) {
            let fresh = format!("{odd} {}", ids::fresh(""));
            self.record().fresh.insert(fresh.clone());
            request.path = crate::contract::with_path_value(operation, &request.path, name, &fresh);
        }
    }

    /// A new id of one's own choice, of the kind of a known one.
    pub(crate) fn mint(&self, known: &str) -> String {
        let fresh = ids::fresh(known);
        self.record().fresh.insert(fresh.clone());
        fresh
    }

    /// Gives what an upsert makes, or a creation whose id the client has to choose, an id that
    /// nothing has.
    pub(crate) fn choose(&self, operation: &Operation, request: &mut Request) {
        let resource = operation.resource.as_ref();
        let place = match self.effect(operation) {
            Effect::Upserts(items) if self.permit(request).is_err() => Some(items.place),
            Effect::Creates => resource.and_then(|resource| resource.chosen.clone()),
            _ => None,
        };
        match place {
            Some(Expression::RequestPath(name)) => {
                if let Some(known) = crate::contract::path_value(operation, &request.path, &name) {
                    let fresh = self.mint(&known);
                    request.path =
                        crate::contract::with_path_value(operation, &request.path, &name, &fresh);
                }
            }
            Some(Expression::RequestBody(pointer)) => {
                let body = request.body.as_deref();
                let body = body.and_then(|body| serde_json::from_slice::<Value>(body).ok());
                if let Some(mut body) = body
                    && let Some(Value::String(known)) = body.pointer_mut(pointer.as_str())
                {
                    *known = self.mint(known);
                    request.body = Some(body.to_string().into_bytes());
                }
            }
            _ => {}
        }
    }

    /// Whether an operation adds items that can be named afterwards.
    pub(crate) fn makes_items(&self, operation: &Operation) -> bool {
        self.effect(operation) == Effect::Creates
            && (creates(operation) || ids::item_variable(&self.contract, operation).is_some())
    }
}

/// Whether a role says that an operation adds items.
pub(crate) fn creates(operation: &Operation) -> bool {
    operation
        .resource
        .as_ref()
        .is_some_and(|resource| resource.role == Role::Create)
}

/// The names of a path's variables, in its order.
pub(crate) fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
}
