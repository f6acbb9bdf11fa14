//! The server below the wire, and once on it.

mod fuzz;
mod life;
mod pages;
mod wire;

use super::call::{Call, ServerResponse};
use super::context::World;
use super::handle::handle;
use super::particulars::Particulars;
use super::{DEFECTS, Options};
use plumbline_conformance::{Contract, Reply, Request, Values};
use plumbline_specs::api::Expression;
use serde_json::Value;
use std::sync::Arc;

const LIBRARY: &[u8] = include_bytes!("../../subjects/library.yaml");

fn contract(name: &str) -> Arc<Contract> {
    if let Some(vendor) = crate::vendor(name) {
        return Arc::new(vendor.contract().unwrap());
    }
    let input = plumbline_specs::Input {
        name,
        bytes: LIBRARY,
    };
    let reading = plumbline_specs::read(input, &plumbline_specs::Options::default()).unwrap();
    Arc::new(Contract::new(reading).unwrap())
}

/// What an embedded server of that document does besides.
fn particulars(name: &str) -> Particulars {
    crate::vendor(name).map_or_else(Particulars::default, |vendor| {
        vendor.about().unwrap().server
    })
}

/// The vendors, and the lending library.
fn all() -> impl Iterator<Item = &'static str> {
    let vendors = crate::VENDORS.iter().map(|vendor| vendor.name);
    vendors.chain(["library"])
}

fn world_with(name: &str, options: Options) -> World {
    World::new(contract(name), options, particulars(name))
}

fn world(name: &str, items: u64) -> World {
    world_with(
        name,
        Options {
            items,
            ..Options::default()
        },
    )
}

fn call(request: &Request) -> Call {
    let mut headers = request.headers.clone();
    headers.push(("Host".to_owned(), "127.0.0.1:4010".to_owned()));
    Call::new(
        &request.method,
        &request.path_and_query(),
        headers,
        request.body.clone().unwrap_or_default(),
    )
}

fn reply(answer: ServerResponse) -> Reply {
    let mut headers: Vec<_> = answer
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    if let Some(media) = answer.media {
        headers.push(("content-type".to_owned(), media));
    }
    Reply {
        status: answer.status,
        headers,
        body: answer.body.into_bytes(),
        millis: 0,
    }
}

/// Sends one request, its body as JSON.
fn send(world: &World, method: &str, target: &str, body: Option<Value>) -> Reply {
    let mut headers = vec![("host".to_owned(), "127.0.0.1:4010".to_owned())];
    if body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    let body = body.map(|body| body.to_string().into_bytes());
    reply(handle(
        world,
        Call::new(method, target, headers, body.unwrap_or_default()),
    ))
}

fn get(world: &World, target: &str) -> Value {
    let reply = send(world, "GET", target, None);
    assert_eq!(reply.status, 200, "{target}: {reply:?}");
    reply.json().unwrap()
}

fn ids(items: &Value) -> Vec<String> {
    items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].to_string())
        .collect()
}

/// Every operation, with ids that are there and with ids that are not.
#[test]
fn every_reply_of_a_healthy_server_is_as_documented() {
    let mut faults = Vec::new();
    for name in all() {
        let world = world(name, 5);
        for known in [true, false] {
            // What deletes comes last, the innermost first: an item without its owner is unknown.
            let mut operations: Vec<_> = world.contract.api.operations.iter().collect();
            operations.sort_by_key(|operation| {
                let deletes = operation.method == plumbline_specs::api::Method::Delete
                    || operation.path.ends_with("/delete");
                (
                    deletes,
                    std::cmp::Reverse(if deletes { operation.path.len() } else { 0 }),
                )
            });
            for operation in operations {
                let mut values = Values::new();
                for parameter in &operation.parameters {
                    let value = if known {
                        known_value(&world, operation, &parameter.name)
                    } else {
                        None
                    };
                    let queried = Expression::RequestQuery(parameter.name.clone());
                    let resource = operation.resource.as_ref();
                    let named = resource.is_some_and(|own| own.id.as_ref() == Some(&queried));
                    if named || parameter.location == plumbline_specs::api::Location::Path {
                        let integer = matches!(
                            world.contract.api.schemas[parameter.schema].kind,
                            plumbline_specs::api::Kind::Integer { .. }
                        );
                        let unknown = if integer {
                            Value::from(7_000)
                        } else {
                            "0198f0a0-0000-7000-8000-000000000001".into()
                        };
                        values.set(parameter.name.clone(), value.unwrap_or(unknown));
                    }
                }
                let request = world.contract.request(operation, &values).unwrap();
                let reply = reply(handle(&world, call(&request)));
                // An id outside of the path was invented.
                let invented = operation.resource.as_ref().is_some_and(|resource| {
                    let parent = resource.parent.as_ref().map(|parent| &parent.id);
                    let ids = resource.id.iter().chain(parent);
                    ids.into_iter().any(|id| {
                        matches!(id, Expression::RequestBody(_) | Expression::RequestQuery(_))
                    })
                });
                if known && !invented && !(200..300).contains(&reply.status) {
                    faults.push(format!(
                        "{name} {}: {} for {}: {}",
                        operation.label(),
                        reply.status,
                        request.path_and_query(),
                        String::from_utf8_lossy(&reply.body)
                    ));
                }
                for violation in world.contract.check_reply(operation, &reply) {
                    faults.push(format!(
                        "{name} {} {}: {} {} {:?}",
                        operation.label(),
                        reply.status,
                        violation.message,
                        violation.actual,
                        violation.pointer
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The id that an item of the path's collection has: the latest, as the earlier ones may have
/// been deleted by an operation before.
fn known_value(
    world: &World,
    operation: &plumbline_specs::api::Operation,
    name: &str,
) -> Option<Value> {
    let collection = match name {
        "project_id" => return None,
        "dataset_id" => "datasets",
        "experiment_id" => "experiments",
        "tag_id" | "tag_identifier" => "experiment-tags",
        "book_id" => "books",
        "member_id" => "members",
        "loan_id" => "loans",
        _ => &operation.resource.as_ref()?.collection,
    };
    let collection = if operation.path.starts_with("/v1/datasets/{id}") {
        "datasets"
    } else {
        collection
    };
    let mut store = world.store();
    if store.shelves(collection).next().is_none() {
        let parent = world.collections.get(collection)?.parent.clone();
        let scope = match parent.as_ref().map(|parent| parent.collection.as_str()) {
            None => String::new(),
            Some("projects") => "0198f0a0-0000-7000-8000-000000000001".to_owned(),
            Some(parent) => {
                let shelf = store.shelves(parent).next()?.1;
                super::value::text(shelf.items.last()?.value.get("id")?)
            }
        };
        store.shelf(world, collection, &scope);
    }
    let (_, shelf) = store.shelves(collection).next()?;
    shelf.items.last()?.value.get("id").cloned()
}

#[test]
fn defects_have_distinct_ids_and_say_what_they_break() {
    let mut ids: Vec<_> = DEFECTS.iter().map(|defect| defect.id).collect();
    assert!(ids.len() >= 60, "{}", ids.len());
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), DEFECTS.len());
    for defect in DEFECTS.iter() {
        assert!(defect.breaks.ends_with('.'), "{}", defect.id);
        assert!(!defect.caught_by.is_empty(), "{}", defect.id);
    }
}

/// A defect that applies nowhere among the subjects can never be caught.
#[test]
fn every_defect_applies_somewhere() {
    let contracts: Vec<_> = all().map(contract).collect();
    for defect in DEFECTS.iter() {
        let applies = contracts.iter().any(|contract| {
            let operations = &contract.api.operations;
            operations
                .iter()
                .any(|operation| defect.applies(&contract.api, operation))
        });
        assert!(applies, "{}", defect.id);
    }
}
