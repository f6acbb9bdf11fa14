//! Ids met on the target: lists are asked first, those of parents before those of children.

use super::Run;
use crate::check::{CheckContext, create_one};
use crate::contract::alias;
use crate::{Contract, Values};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Expression, Operation, Role};
use serde_json::Value;

/// A child's list can be asked when its parent's ids are known: so many levels are gone down.
const LEVELS: usize = 3;

/// Asks the lists that can be asked, level by level, and creates an item where a collection is
/// empty and may be written to.
pub(super) async fn discover(run: &Run<'_>, values: &mut Values) {
    by_other_names(run, values);
    let mut asked: Vec<String> = Vec::new();
    for _ in 0..LEVELS {
        if !run.is_settled().await {
            return;
        }
        let before = asked.len();
        for operation in &run.contract.api.operations {
            let label = operation.label();
            if asked.contains(&label)
                || !lists(run.contract, operation)
                || !run.is_needed(operation)
                || run.guard.allows(operation).is_err()
            {
                continue;
            }
            let Ok(request) = run.contract.request(operation, values) else {
                continue;
            };
            asked.push(label);
            let exchange = run.session.fetch(request).await;
            let body = exchange
                .reply()
                .filter(|reply| reply.status < 300)
                .and_then(crate::Reply::json);
            if let Some(body) = body {
                keep(run, operation, &body, values);
            }
        }
        if run.options.writes {
            create(run, values).await;
        }
        if asked.len() == before {
            break;
        }
    }
}

/// An operation that lists: by its profile or its role, or because it is a GET beside another
/// one that reads an item of it.
pub(super) fn lists(contract: &Contract, operation: &Operation) -> bool {
    let role = operation.resource.as_ref().map(|resource| resource.role);
    if !contract.only_reads(operation) {
        return false;
    }
    operation.pagination.is_some()
        || role == Some(Role::List)
        || (role.is_none() && operation.method.is_safe() && below(contract, operation).is_some())
}

/// The path of an item of this list, by the paths alone: `/things` and `/things/{id}`. A slash at
/// the end of either says nothing.
fn below<'a>(contract: &'a Contract, operation: &Operation) -> Option<&'a str> {
    let list = operation.path.trim_end_matches('/');
    contract
        .api
        .operations
        .iter()
        .map(|other| other.path.trim_end_matches('/'))
        .find(|path| {
            path.strip_prefix(list)
                .and_then(|rest| rest.strip_prefix("/{"))
                .is_some_and(|rest| rest.ends_with('}') && !rest.contains('/'))
        })
}

/// Keeps the ids of a list's items, for its collection and for the paths that take them.
fn keep(run: &Run<'_>, operation: &Operation, body: &Value, values: &mut Values) {
    let profile = operation.pagination.as_ref();
    let resource = operation.resource.as_ref();
    let place = profile
        .map(|profile| &profile.items)
        .or_else(|| resource?.output.as_ref());
    let items = match place {
        Some(Expression::ResponseBody(pointer)) => body.pointer(pointer.as_str()),
        _ => None,
    };
    let Some(items) = items.or_else(|| only_array(body)).and_then(Value::as_array) else {
        return;
    };
    let key = profile
        .and_then(|profile| profile.key.as_ref())
        .or_else(|| resource?.key.as_ref())
        .map_or("/id", Pointer::as_str);
    let ids: Vec<Value> = items
        .iter()
        .filter_map(|item| item.pointer(key))
        .filter(|id| id.is_string() || id.is_number())
        .cloned()
        .collect();
    if let Some(resource) = resource {
        values.met(&resource.collection, ids.iter().cloned());
        aliases(run, &resource.collection, key, items, values);
    }
    if let Some(path) = below(run.contract, operation) {
        values.met_at(path, ids.iter().cloned());
    }
    let get = profile
        .and_then(|profile| profile.get.as_deref())
        .and_then(|get| run.contract.operation(get));
    if let Some(end) = get.and_then(|get| get.path.rfind('}').map(|end| (get, end)))
        && let Some(template) = end.0.path.get(..=end.1)
    {
        values.met_at(template, ids);
    }
}

/// Says of operations that find items by another member than those that make them do that nothing
/// is known of it yet: an id is no name.
fn by_other_names(run: &Run<'_>, values: &mut Values) {
    let resources = || {
        let operations = run.contract.api.operations.iter();
        operations.filter_map(|operation| Some((operation, operation.resource.as_ref()?)))
    };
    for (operation, own) in resources().filter(|(_, own)| own.role == Role::Get) {
        let other = resources().any(|(_, other)| {
            matches!(other.role, Role::Create | Role::List)
                && other.collection == own.collection
                && other.key != own.key
        });
        if let Some(alias) = alias(operation).filter(|_| other) {
            values.met(&alias, []);
        }
    }
}

/// Keeps what operations find items of a collection by, where that is another member than the
/// list's key.
fn aliases(run: &Run<'_>, collection: &str, key: &str, items: &[Value], values: &mut Values) {
    for operation in &run.contract.api.operations {
        let own = operation.resource.as_ref();
        let own = own.filter(|own| own.collection == collection && own.role == Role::Get);
        let Some(other) = own.and_then(|own| own.key.as_ref()) else {
            continue;
        };
        if let Some(alias) = alias(operation)
            && other.as_str() != key
        {
            let found = items.iter().filter_map(|item| item.pointer(other.as_str()));
            values.met(&alias, found.filter(|name| name.is_string()).cloned());
        }
    }
}

/// Keeps the ids of a collection for the paths that begin as the read of its items does.
fn keep_made(run: &Run<'_>, collection: &str, values: &mut Values) {
    let ids = values.ids(collection).to_vec();
    for operation in &run.contract.api.operations {
        let reads = operation.resource.as_ref().is_some_and(|resource| {
            resource.role == Role::Get && resource.collection == collection
        });
        let template = operation.path.rfind('}');
        if let Some(template) = template.and_then(|end| operation.path.get(..=end))
            && reads
        {
            values.met_at(template, ids.iter().cloned());
        }
    }
}

/// The body itself, or its only member that is an array.
fn only_array(body: &Value) -> Option<&Value> {
    if body.is_array() {
        return Some(body);
    }
    let mut arrays = body
        .as_object()?
        .values()
        .filter(|member| member.is_array());
    let first = arrays.next();
    first.filter(|_| arrays.next().is_none())
}

/// Creates one item in every collection that has none.
async fn create(run: &Run<'_>, values: &mut Values) {
    for operation in &run.contract.api.operations {
        let Some(resource) = &operation.resource else {
            continue;
        };
        if resource.role != Role::Create
            || !run.is_needed(operation)
            || !values.ids(&resource.collection).is_empty()
        {
            continue;
        }
        let context = CheckContext {
            contract: run.contract,
            session: run.session,
            values,
        };
        if let Some(with) = create_one(context, operation).await {
            *values = with;
            keep_made(run, &resource.collection, values);
        }
    }
    // What was listed before is not what a list says now.
    run.session.forget();
}
