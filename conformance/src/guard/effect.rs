//! What a request of an operation does to what is there, by the operation alone.

use crate::Contract;
use plumbline_specs::api::{Expression, Kind, MemberValue, Method, Operation, Role, SchemaId};
use plumbline_specs::effect;

/// What a request of an operation does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// It changes nothing.
    Reads,
    /// It adds something.
    Creates,
    /// It adds an item, or changes the one that has its id already.
    Upserts(Items),
    /// It changes or deletes the items whose ids it names.
    Changes(Items),
    /// It changes what it does not name: all of a collection, a singleton.
    Undirected,
}

/// The items that a request names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Items {
    /// Where their ids stand.
    pub(crate) place: Expression,
    /// Whether they are gone afterwards.
    pub(crate) deletes: bool,
    /// Whether a deletion leaves them there, marked.
    pub(crate) marks: bool,
}

impl Effect {
    /// The effect of an operation.
    pub(crate) fn of(contract: &Contract, operation: &Operation) -> Self {
        if contract.only_reads(operation) {
            return Self::Reads;
        }
        let Some(resource) = &operation.resource else {
            return Self::by_path(contract, operation);
        };
        let place = resource.ids.as_ref().or(resource.id.as_ref());
        let items = |deletes: bool| {
            place.map(|place| Items {
                place: place.clone(),
                deletes,
                marks: deletes && !resource.sets.is_empty(),
            })
        };
        match resource.role {
            Role::Create => Self::Creates,
            Role::Upsert => items(false).map_or(Self::Undirected, Self::Upserts),
            Role::Delete => items(true).map_or_else(|| Self::on_last(operation), Self::Changes),
            Role::Update | Role::List | Role::Get | Role::Stream => {
                items(false).map_or_else(|| Self::on_last(operation), Self::Changes)
            }
        }
    }

    fn by_path(contract: &Contract, operation: &Operation) -> Self {
        if operation.method != Method::Post {
            return Self::on_last(operation);
        }
        if last_variable(&operation.path).is_none() {
            // What takes a list of ids acts on the items that have them.
            let acts = takes_ids(contract, operation) || is_singleton(contract, &operation.path);
            // A command, `POST /jobs/run`, may act on all there is; it is no creation for its method.
            let adds = is_collection(contract, &operation.path)
                || effect::says_that_it_creates(operation)
                || effect::says_that_it_reads(operation);
            return if adds && !acts {
                Self::Creates
            } else {
                Self::Undirected
            };
        }
        if is_collection(contract, &operation.path) {
            Self::Creates
        } else {
            Self::on_last(operation)
        }
    }

    /// On the item that the last variable of the path names.
    fn on_last(operation: &Operation) -> Self {
        let Some(name) = last_variable(&operation.path) else {
            return Self::Undirected;
        };
        let ends = trimmed(&operation.path).ends_with(&format!("{{{name}}}"));
        Self::Changes(Items {
            place: Expression::RequestPath(name.to_owned()),
            deletes: ends && operation.method == Method::Delete,
            marks: false,
        })
    }

    /// Whether it deletes items.
    pub(crate) fn deletes(&self) -> bool {
        matches!(self, Self::Changes(items) if items.deletes)
    }
}

/// A path without a slash at its end, which says nothing.
pub(super) fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// The name of the last variable of a path.
fn last_variable(path: &str) -> Option<&str> {
    let (_, after) = path.rsplit_once('{')?;
    after.split_once('}').map(|(name, _)| name)
}

/// Whether a path lists items: it goes on by a variable that names one, or reading it gives a list.
fn is_collection(contract: &Contract, path: &str) -> bool {
    !trimmed(path).ends_with('}')
        && (has_items(contract, path)
            || read_at(contract, path).is_some_and(|read| lists(contract, read)))
}

/// Whether a path holds one thing, which can be read there and is no list.
fn is_singleton(contract: &Contract, path: &str) -> bool {
    !has_items(contract, path)
        && read_at(contract, path).is_some_and(|read| {
            let schemas = &contract.api.schemas;
            let kind = success(read).map(|schema| &schemas[schemas.resolve(schema)].kind);
            let list = lists(contract, read) || holds_a_list(contract, read);
            !list && matches!(kind, Some(Kind::Object { .. }))
        })
}

fn has_items(contract: &Contract, path: &str) -> bool {
    contract.api.operations.iter().any(|other| {
        let rest = trimmed(&other.path).strip_prefix(trimmed(path));
        let item = rest.and_then(|rest| rest.strip_prefix("/{"));
        item.is_some_and(|item| item.ends_with('}') && !item.contains('/'))
    })
}

fn read_at<'a>(contract: &'a Contract, path: &str) -> Option<&'a Operation> {
    let mut operations = contract.api.operations.iter();
    operations.find(|other| trimmed(&other.path) == trimmed(path) && other.method == Method::Get)
}

fn success(operation: &Operation) -> Option<SchemaId> {
    let responses = operation.responses.iter();
    let mut successes = responses.filter(|response| response.status.is_success());
    let content = successes.next()?.content.iter();
    content.filter_map(|media| media.schema).next()
}

/// Whether an operation gives a list.
fn lists(contract: &Contract, operation: &Operation) -> bool {
    let role = operation.resource.as_ref().map(|resource| resource.role);
    let schemas = &contract.api.schemas;
    operation.pagination.is_some()
        || role == Some(Role::List)
        || success(operation).is_some_and(|schema| {
            matches!(schemas[schemas.resolve(schema)].kind, Kind::Array { .. })
        })
}

fn holds_a_list(contract: &Contract, operation: &Operation) -> bool {
    let schemas = &contract.api.schemas;
    let kind = success(operation).map(|schema| &schemas[schemas.resolve(schema)].kind);
    let Some(Kind::Object { properties, .. }) = kind else {
        return false;
    };
    properties.values().any(|property| {
        matches!(
            schemas[schemas.resolve(property.schema)].kind,
            Kind::Array { .. }
        )
    })
}

fn takes_ids(contract: &Contract, operation: &Operation) -> bool {
    let schemas = &contract.api.schemas;
    let Some(body) = &operation.body else {
        return false;
    };
    body.content
        .iter()
        .filter_map(|media| media.schema)
        .any(|schema| match &schemas[schemas.resolve(schema)].kind {
            Kind::Object { properties, .. } => ["ids", "id_list", "idList"].iter().any(|name| {
                let kind = properties.get(*name);
                let kind = kind.map(|own| &schemas[schemas.resolve(own.schema)].kind);
                matches!(kind, Some(Kind::Array { .. }))
            }),
            Kind::Array { items, .. } => matches!(
                schemas[schemas.resolve(*items)].kind,
                Kind::Integer { .. } | Kind::String { .. }
            ),
            _ => false,
        })
}

/// Whether an operation does nothing but give members constant values, as a restoration does.
pub(crate) fn sets_constants(operation: &Operation) -> bool {
    operation.resource.as_ref().is_some_and(|resource| {
        let constant = |set: &MemberValue| matches!(set, MemberValue::Constant(_));
        !resource.sets.is_empty() && resource.sets.values().all(constant)
    })
}
