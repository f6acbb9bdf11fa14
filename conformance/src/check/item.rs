//! One item that the kit has created: the operations that take its id, and what a read shows of it.

use super::CheckContext;
use super::members::{constants, item_pointer, telling};
use crate::contract::collection_of;
use crate::{Contract, Exchange, Request};
use plumbline_specs::api::{Expression, Operation, Resource, Role};
use serde_json::Value;
use std::sync::Arc;

/// An item, by the operation that creates it.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) contract: &'a Contract,
    pub(super) create: &'a Operation,
    collection: &'a str,
}

impl<'a> Item<'a> {
    pub(super) fn new(
        contract: &'a Contract,
        create: &'a Operation,
        resource: &'a Resource,
    ) -> Self {
        Self {
            contract,
            create,
            collection: &resource.collection,
        }
    }

    /// The operations of that role that take the item's id.
    fn operations(self, role: Role) -> impl Iterator<Item = &'a Operation> {
        let resource = self.create.resource.as_ref();
        let key = resource.and_then(|resource| resource.key.as_ref());
        self.contract
            .api
            .operations
            .iter()
            .filter(move |operation| {
                operation.resource.as_ref().is_some_and(|resource| {
                    resource.role == role
                    && resource.collection == self.collection
                    // What finds an item by its name does not take its id.
                    && resource.key.as_ref() == key
                    && (resource.ids.is_some()
                        || matches!(resource.id, Some(Expression::RequestBody(_)))
                        || operation.parameters.iter().any(|parameter| {
                            collection_of(operation, parameter) == Some(self.collection)
                        }))
                })
            })
    }

    /// The operation of that role that takes the item's id: for one item rather than a batch, and
    /// one to which a request says something.
    pub(super) fn operation(self, role: Role) -> Option<&'a Operation> {
        self.operations(role).min_by_key(|operation| {
            let resource = operation.resource.as_ref();
            resource.is_some_and(|own| {
                own.ids.is_some() || role == Role::Update && constants(own).is_some()
            })
        })
    }

    /// The operation of that role that does nothing but give members constant values.
    pub(super) fn marking(self, role: Role) -> Option<&'a Operation> {
        self.operations(role).find(|operation| {
            let resource = operation.resource.as_ref();
            resource.is_some_and(|resource| constants(resource).is_some())
        })
    }

    /// The members that it gives, and their values.
    pub(super) fn marks(self, role: Role) -> Option<Value> {
        constants(self.marking(role)?.resource.as_ref()?)
    }

    /// The item that a read shows.
    pub(super) fn item_of(self, read: &Exchange) -> Option<Value> {
        let body = read.reply().and_then(crate::Reply::json)?;
        match item_pointer(self.operation(Role::Get)?) {
            Some(pointer) => body.pointer(pointer.as_str()).cloned(),
            None => Some(body),
        }
    }

    /// Makes a request of one that shows, as [`telling`] does.
    pub(super) fn differ(
        self,
        operation: &Operation,
        request: &mut Request,
        before: Option<&Value>,
    ) -> Option<String> {
        let get = self.operation(Role::Get)?;
        let text = "changed by the kit";
        telling(self.contract, operation, get, request, before, text)
    }

    /// Reads the item; the scene's values name it.
    pub(super) async fn read(self, context: CheckContext<'_>) -> Option<Arc<Exchange>> {
        self.perform(context, Role::Get).await
    }

    /// Asks the operation of that role for the item.
    pub(super) async fn perform(
        self,
        context: CheckContext<'_>,
        role: Role,
    ) -> Option<Arc<Exchange>> {
        send(context, self.operation(role)?).await
    }
}

/// Sends a valid request; `None` where there is none, or it may not be sent.
pub(super) async fn send(
    context: CheckContext<'_>,
    operation: &Operation,
) -> Option<Arc<Exchange>> {
    let request = context.contract.request(operation, context.values).ok()?;
    let exchange = context.session.send(request).await;
    exchange.left_out().is_none().then_some(exchange)
}
