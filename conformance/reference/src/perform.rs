//! Performs an operation on the items of a collection.

use super::call::ServerResponse;
use super::complaint::Refusal;
use super::context::RequestContext;
use super::crud::owner;
use super::crud::{apply, lookup};
use super::mutations;
use super::shape;
use super::stage::Change;
use super::store::Item;
use super::value::text;
use plumbline_specs::api::Role;
use serde_json::Value;

/// Performs an operation on items.
pub(super) fn perform(context: &RequestContext<'_>, role: Role) -> Result<ServerResponse, Refusal> {
    match role {
        Role::Get => {
            let id = id(context).ok_or(Refusal::Unknown)?;
            let (_, item) = lookup(context, &id)?;
            Ok(shape::one(context, &item.value, item.sequence))
        }
        Role::Create => mutations::create(context),
        Role::Upsert => match id(context).map(|id| lookup(context, &id)) {
            Some(Ok((scope, item))) => mutations::update(context, vec![(scope, item)]),
            _ => mutations::create(context),
        },
        Role::Update => {
            let items = several(context)?;
            mutations::update(context, items)
        }
        // One that sets something leaves the item there, marked.
        Role::Delete if !mutations::sets(context).is_empty() => {
            let items = several(context)?;
            mutations::update(context, items)
        }
        Role::Delete => {
            let items = several(context)?;
            let mut answer = match items.first() {
                Some((_, item)) => shape::one(context, &item.value, item.sequence),
                None => shape::one(context, &Value::Null, 0),
            };
            for (scope, item) in items {
                apply(
                    context,
                    Change {
                        scope,
                        remove: vec![item],
                        ..Change::default()
                    },
                );
            }
            shape::headers(context, &mut answer);
            Ok(answer)
        }
        Role::List => super::list::list(context),
        Role::Stream => super::stream::stream(context),
    }
}

/// The id that the request names.
fn id(context: &RequestContext<'_>) -> Option<String> {
    let place = context.operation.resource.as_ref()?.id.as_ref()?;
    context.read(place).map(|value| text(&value))
}

/// The items that the request names: one, which has to be there, or several, of which those
/// count that are there.
fn several(context: &RequestContext<'_>) -> Result<Vec<(String, Item)>, Refusal> {
    let resource = context.operation.resource.as_ref();
    let Some(place) = resource.and_then(|resource| resource.ids.as_ref()) else {
        let found = lookup(context, &id(context).ok_or(Refusal::Unknown)?);
        let passed_over = resource
            .and_then(|resource| resource.unknown)
            .is_some_and(|status| (200..300).contains(&status));
        return match found {
            Ok(found) => Ok(vec![found]),
            Err(_) if passed_over => {
                if context.plan.parent.is_some() {
                    owner(context)?;
                }
                Ok(Vec::new())
            }
            Err(refusal) => Err(refusal),
        };
    };
    let ids = match context.read(place) {
        Some(Value::Array(ids)) => ids,
        Some(id) => vec![id],
        None => Vec::new(),
    };
    Ok(ids
        .iter()
        .filter_map(|id| lookup(context, &text(id)).ok())
        .collect())
}
