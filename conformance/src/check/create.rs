//! Creating an item: with a text that a read shows, and under a name that nothing has.

use super::CheckContext;
use super::members::telling;
use crate::contract::renamed;
use crate::{Contract, Exchange, Request, Values};
use plumbline_specs::api::{Method, Operation, Role};
use std::sync::Arc;

/// Creates an item with a text that a read shows; where that is refused, without it.
pub(super) async fn create_item(
    context: CheckContext<'_>,
    create: &Operation,
    plain: Request,
) -> Arc<Exchange> {
    let collection = create.resource.as_ref().map(|own| &own.collection);
    let get = context.contract.api.operations.iter().find(|other| {
        let resource = other.resource.as_ref();
        resource.is_some_and(|own| own.role == Role::Get && Some(&own.collection) == collection)
    });
    if let Some(get) = get {
        let mut request = plain.clone();
        let text = "made by the kit";
        if telling(context.contract, create, get, &mut request, None, text).is_some() {
            let created = send_new(context, create, request).await;
            if succeeded(&created) {
                return created;
            }
        }
    }
    send_new(context, create, plain).await
}

pub(super) fn succeeded(exchange: &Exchange) -> bool {
    exchange
        .status()
        .is_some_and(|status| (200..300).contains(&status))
}

/// Sends a request to create; where it is refused, once more with a name that nothing has.
pub(super) async fn send_new(
    context: CheckContext<'_>,
    create: &Operation,
    request: Request,
) -> Arc<Exchange> {
    let exchange = context.session.send(request.clone()).await;
    let refused = exchange
        .status()
        .is_some_and(|status| (400..500).contains(&status));
    if refused {
        let nonce = context.session.nonce();
        if let Some(other) = renamed(context.contract, create, &request, &nonce) {
            return context.session.send(other).await;
        }
    }
    exchange
}

/// Whether an operation of the document lists what another one creates.
fn is_listed(contract: &Contract, create: &Operation) -> bool {
    let path = create.path.trim_end_matches('/');
    let mut operations = contract.api.operations.iter();
    operations.any(|other| other.method == Method::Get && other.path.trim_end_matches('/') == path)
}

/// The values with a created item in its collection, for what comes after.
pub(crate) async fn create_one(context: CheckContext<'_>, create: &Operation) -> Option<Values> {
    let request = context.creation(create).ok()?;
    let created = send_new(context, create, request).await;
    if !succeeded(&created) {
        return None;
    }
    let guard = context.session.guard();
    // Where nothing lists what is there, and the user does not say what a creation is, a second one
    // shows whether its id is one of its own.
    let is_known = create.resource.is_some() || is_listed(context.contract, create);
    if !is_known
        && let Some(other) = renamed(
            context.contract,
            create,
            &created.request,
            &context.session.nonce(),
        )
    {
        context.session.send(other).await;
    }
    if guard.is_some_and(|guard| !guard.is_own(create, &created)) {
        return None;
    }
    let mut values = context.values.clone();
    if let Some(resource) = &create.resource
        && let Some(id) = context.created_id(create, &created)
    {
        values.prefer(&resource.collection, id);
    }
    let made = guard.and_then(|guard| guard.created_by(&created));
    if made.is_none() && create.resource.is_none() {
        return None;
    }
    if let Some(made) = made {
        if let Some(collection) = &made.collection {
            values.prefer(collection, made.id.clone());
        }
        if let Some(template) = &made.template {
            values.prefer_at(template, made.id);
        }
    }
    Some(values)
}
