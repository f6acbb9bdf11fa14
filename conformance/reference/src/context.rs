//! What a server knows, and what it knows while it answers one request.

use super::call::Call;
use super::complaint::Refusal;
use super::options::Options;
use super::particulars::Particulars;
use super::plan::{CollectionSchema, Plan};
use super::store::Store;
use plumbline_conformance::invent::Inventor;
use plumbline_conformance::{Contract, Direction};
use plumbline_specs::api::{Api, Operation, SchemaId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All that lives as long as the server.
pub(super) struct World {
    pub(super) contract: Arc<Contract>,
    pub(super) options: Options,
    pub(super) plans: BTreeMap<String, Plan>,
    pub(super) collections: BTreeMap<String, CollectionSchema>,
    pub(super) particulars: Particulars,
    store: Mutex<Store>,
}

impl World {
    pub(super) fn new(contract: Arc<Contract>, options: Options, particulars: Particulars) -> Self {
        let plans = super::plan::plans(&contract.api);
        let collections = super::plan::collections(&contract.api, &plans);
        Self {
            plans,
            collections,
            particulars,
            contract,
            options,
            store: Mutex::default(),
        }
    }

    pub(super) fn api(&self) -> &Api {
        &self.contract.api
    }

    /// A valid value of a schema, the same for the same seed.
    pub(super) fn invent(&self, schema: SchemaId, seed: u64) -> Value {
        Inventor::new(self.api(), Direction::Response)
            .document(&self.contract.raw)
            .seed(seed)
            .value(schema)
    }

    /// The state. A panic while it was held leaves whole values, so it stays usable.
    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request being answered.
pub(super) struct RequestContext<'a> {
    pub(super) world: &'a World,
    pub(super) operation: &'a Operation,
    pub(super) plan: &'a Plan,
    pub(super) call: &'a Call,
    /// The path's values, decoded.
    pub(super) values: Vec<(String, String)>,
    /// The body, where it is JSON.
    pub(super) json: Option<Value>,
    /// Why the request is not performed, once that is known.
    pub(super) refusal: Option<Refusal>,
}

impl RequestContext<'_> {
    pub(super) fn api(&self) -> &Api {
        self.world.api()
    }

    /// The id of the item that owns the collection asked for, where the request names it.
    pub(super) fn scope(&self) -> Option<String> {
        match &self.plan.parent {
            Some(parent) => Some(super::value::text(&self.read(&parent.id)?)),
            None if self.operation.resource.is_some() => None,
            // A list that no resource names belongs to whatever its path names.
            None => Some(
                self.values
                    .iter()
                    .map(|(_, value)| value.as_str())
                    .collect::<Vec<_>>()
                    .join("/"),
            ),
        }
    }
}
