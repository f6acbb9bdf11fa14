//! What each operation is for, worked out once from the document and its `x-resource`.

use super::value::{element, properties};
use plumbline_specs::Pointer;
use plumbline_specs::api::{
    Api, Expression, MediaType, Operation, Pagination, ResourceParent, Role, SchemaId, Status,
    Stream,
};
use std::collections::BTreeMap;

/// An operation as the server performs it.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// What it does; `None` answers from the schema alone.
    pub(super) role: Option<Role>,
    /// The collection that it works on.
    pub(super) collection: String,
    /// The collection that this one lives in.
    pub(super) parent: Option<ResourceParent>,
    /// What an id is compared with, as a pointer within an item.
    pub(super) key: Pointer,
    /// The status of success.
    pub(super) status: u16,
    /// The media type of success.
    pub(super) media: Option<MediaType>,
    /// Where the item or the items stand in the body of success.
    pub(super) output: Option<Pointer>,
    /// The read of the item that the path leads through, where the operation itself says nothing
    /// of collections: its label and the name of the id in the path.
    pub(super) through: Option<(String, String)>,
}

impl Plan {
    /// The schema of the body of success.
    pub(super) fn schema(&self) -> Option<SchemaId> {
        self.media.as_ref().and_then(|media| media.schema)
    }

    /// How the body of success is a stream, if it is one.
    pub(super) fn stream(&self) -> Option<&Stream> {
        self.media.as_ref().and_then(|media| media.stream.as_ref())
    }

    fn of(api: &Api, operation: &Operation) -> Self {
        let (status, media) = success(operation);
        let resource = operation.resource.as_ref();
        let pagination = operation.pagination.as_ref();
        let schema = media.as_ref().and_then(|media| media.schema);
        let role = resource
            .map(|resource| resource.role)
            .or(pagination.map(|_| Role::List));
        let stream = media.as_ref().is_some_and(|media| media.stream.is_some());
        let said = resource
            .and_then(|resource| resource.output.as_ref())
            .or(pagination.map(|pagination| &pagination.items));
        let output = match (said, role) {
            (Some(Expression::ResponseBody(pointer)), _) => Some(pointer.clone()),
            (None, Some(Role::List)) if !stream => {
                schema.and_then(|schema| first_array(api, schema))
            }
            // A read that says no more shows the item itself, as the checks take it.
            (None, Some(Role::Get)) if !stream => Some(Pointer::root()),
            _ => None,
        };
        Self {
            role: match role {
                Some(Role::List) if stream => Some(Role::Stream),
                other => other,
            },
            collection: resource.map_or_else(
                || shared_label(operation),
                |resource| resource.collection.clone(),
            ),
            parent: resource.and_then(|resource| resource.parent.clone()),
            key: resource
                .and_then(|resource| resource.key.clone())
                .or(pagination.and_then(|pagination| pagination.key.clone()))
                .unwrap_or_else(|| Pointer::root().join("id")),
            status,
            media,
            output,
            through: match resource {
                Some(_) => None,
                None => through(api, operation),
            },
        }
    }
}

/// The read of one item whose path is the longest beginning of an operation's.
fn through(api: &Api, operation: &Operation) -> Option<(String, String)> {
    let reads = api.operations.iter().filter_map(|other| {
        let resource = other.resource.as_ref()?;
        let Some(Expression::RequestPath(name)) = &resource.id else {
            return None;
        };
        let rest = operation.path.strip_prefix(other.path.as_str())?;
        (resource.role == Role::Get && rest.starts_with('/'))
            .then(|| (other.path.len(), other.label(), name.clone()))
    });
    reads
        .max_by_key(|(length, ..)| *length)
        .map(|(_, label, name)| (label, name))
}

/// The plans of all operations, by label.
pub(super) fn plans(api: &Api) -> BTreeMap<String, Plan> {
    api.operations
        .iter()
        .map(|operation| (operation.label(), Plan::of(api, operation)))
        .collect()
}

/// What is known of a collection from all operations on it.
#[derive(Clone, Debug, Default)]
pub(super) struct CollectionSchema {
    /// The schema of an item, from the operation that shows most of it.
    pub(super) item: Option<SchemaId>,
    /// What identifies an item everywhere.
    pub(super) key: Option<Pointer>,
    /// The collection that it lives in.
    pub(super) parent: Option<ResourceParent>,
    /// Whether an operation lists, reads or makes its items, so that an id can be unknown.
    pub(super) home: bool,
    /// The order of a list that does not say its own.
    pub(super) order: Vec<plumbline_specs::api::SortKey>,
}

/// The collections, by name.
pub(super) fn collections(
    api: &Api,
    plans: &BTreeMap<String, Plan>,
) -> BTreeMap<String, CollectionSchema> {
    let mut all: BTreeMap<String, CollectionSchema> = BTreeMap::new();
    // Lists show items as they are; a read may show more, and a stream or a creation less.
    for pass in [
        Role::List,
        Role::Get,
        Role::Stream,
        Role::Create,
        Role::Upsert,
    ] {
        for operation in &api.operations {
            let Some(plan) = plans.get(&operation.label()) else {
                continue;
            };
            if plan.role != Some(pass) {
                continue;
            }
            let kinship = all.entry(plan.collection.clone()).or_default();
            kinship.home = true;
            let own_key = operation
                .resource
                .as_ref()
                .and_then(|resource| resource.key.clone());
            if kinship.key.is_none() {
                kinship.key = match (pass, own_key) {
                    (Role::List, _) => Some(plan.key.clone()),
                    (_, key) => key,
                };
            }
            if kinship.parent.is_none() {
                kinship.parent.clone_from(&plan.parent);
            }
            if kinship.item.is_none() {
                kinship.item = item_schema(api, plan, pass, operation);
            }
            if let Some(Pagination { default_sort, .. }) = &operation.pagination
                && kinship.order.is_empty()
            {
                kinship.order.clone_from(default_sort);
            }
        }
    }
    all
}

fn item_schema(api: &Api, plan: &Plan, pass: Role, operation: &Operation) -> Option<SchemaId> {
    if let Some(stream) = plan.stream() {
        return stream.item;
    }
    let shown = plan.output.as_ref().zip(plan.schema());
    let shown = shown.and_then(|(pointer, schema)| api.schemas.at(schema, pointer));
    match pass {
        Role::List => element(api, shown?),
        Role::Create | Role::Upsert => shown.or_else(|| {
            let input = operation.resource.as_ref()?.input.as_ref()?;
            let schema = input.request_schema(api, operation)?;
            Some(element(api, schema).unwrap_or(schema))
        }),
        _ => shown,
    }
}

/// The first array at the root or right below it.
fn first_array(api: &Api, schema: SchemaId) -> Option<Pointer> {
    if element(api, schema).is_some() {
        return Some(Pointer::root());
    }
    properties(api, schema)?
        .iter()
        .find(|(_, property)| element(api, property.schema).is_some())
        .map(|(name, _)| Pointer::root().join(name))
}

/// Operations that say that they page over one collection share it.
fn shared_label(operation: &Operation) -> String {
    let own = operation.label();
    match operation
        .pagination
        .as_ref()
        .and_then(|pagination| pagination.same_collection.clone())
    {
        Some(other) if other < own => other,
        _ => own,
    }
}

/// The first documented status of success, with the media type that is answered.
fn success(operation: &Operation) -> (u16, Option<MediaType>) {
    let response = operation
        .responses
        .iter()
        .find(|response| response.status.is_success())
        .or_else(|| {
            operation
                .responses
                .iter()
                .find(|response| response.status == Status::Default)
        });
    let status = match response.map(|response| response.status) {
        Some(Status::Code(code)) => code,
        _ => 200,
    };
    let media = response.and_then(|response| {
        response
            .content
            .iter()
            .find(|media| media.stream.is_some())
            .or_else(|| response.content.iter().find(|media| media.is_json()))
            .or_else(|| response.content.first())
            .cloned()
    });
    (status, media)
}

/// The schema of the JSON body of success.
pub(super) fn success_schema(operation: &Operation) -> Option<SchemaId> {
    let (_, media) = success(operation);
    media
        .filter(|media| media.is_json() && media.stream.is_none())
        .and_then(|media| media.schema)
}
