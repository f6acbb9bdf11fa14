//! The healthy server against the vendors' documents, below the wire.

use super::call::{Answer, Call};
use super::handle::handle;
use super::scene::World;
use super::{DEFECTS, Options};
use crate::{Contract, Reply, Request, Values, embedded};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn contract(vendor: &str) -> Arc<Contract> {
    let vendor = embedded::vendor(vendor).unwrap();
    Arc::new(Contract::new(vendor.read().unwrap()).unwrap())
}

pub(super) fn world(vendor: &str, items: u64) -> World {
    World::new(
        contract(vendor),
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

fn reply(answer: Answer) -> Reply {
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

/// Every operation with ids that lists have shown.
#[test]
fn every_reply_of_a_healthy_server_is_as_documented() {
    let mut faults = Vec::new();
    for vendor in ["opik", "galileo", "phoenix"] {
        let world = world(vendor, 57);
        for operation in &world.contract.api.operations {
            let mut values = Values::new();
            for parameter in &operation.parameters {
                if parameter.location == plumbline_specs::api::Location::Path {
                    values.set(
                        parameter.name.clone(),
                        "0198f0a0-0000-7000-8000-000000000001",
                    );
                }
            }
            let request = world.contract.request(operation, &values).unwrap();
            let reply = reply(handle(&world, call(&request)));
            let found = world.contract.check_reply(operation, &reply);
            println!("{vendor} {} -> {}", operation.label(), reply.status);
            for violation in found {
                faults.push(format!(
                    "{vendor} {} {}: {} {} {:?}",
                    operation.label(),
                    reply.status,
                    violation.message,
                    violation.actual,
                    violation.pointer
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(DEFECTS.len() >= 60 && json!({}) != Value::Null);
}
