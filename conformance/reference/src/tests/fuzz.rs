//! Requests that nobody would send: never a panic, and never a status of 500.

use super::{DEFECTS, Options, World, all, contract, particulars};
use crate::call::Call;
use crate::handle::handle;
use crate::plausible::mix;
use plumbline_conformance::Contract;
use std::sync::Arc;

const PIECES: [&str; 24] = [
    "0",
    "-1",
    "1",
    "7",
    "99999999999999999999",
    "9223372036854775807",
    "abc",
    "%",
    "%zz",
    "%00",
    "%F0%9F%A6%86",
    "null",
    "[]",
    "{}",
    "[{}]",
    "\"",
    "true",
    "eyJ",
    "..",
    "/",
    "&",
    "=",
    "{value}",
    "0198f0a0-0000-7000-8000-000000000001",
];

fn pick<'a>(seed: &mut u64, from: &[&'a str]) -> &'a str {
    *seed = mix(*seed, &["next"]);
    let index = usize::try_from(*seed % from.len() as u64).unwrap();
    from.get(index).copied().unwrap()
}

fn requests(name: &str, contract: &Arc<Contract>, defects: Vec<String>, rounds: u64) {
    let healthy = defects.is_empty();
    let world = World::new(
        Arc::clone(contract),
        Options {
            items: 3,
            defects,
            ..Options::default()
        },
        particulars(name),
    );
    let mut seed = 1;
    for round in 0..rounds {
        for operation in &world.contract.api.operations {
            let path: Vec<_> = operation
                .path
                .split('/')
                .map(|segment| match segment.starts_with('{') {
                    true => pick(&mut seed, &PIECES),
                    false => segment,
                })
                .collect();
            let query: Vec<_> = operation
                .parameters
                .iter()
                .map(|parameter| format!("{}={}", parameter.name, pick(&mut seed, &PIECES)))
                .collect();
            let target = format!("{}?{}", path.join("/"), query.join("&"));
            let members: Vec<_> = [
                "limit",
                "starting_token",
                "filters",
                "sort",
                "ids",
                "id",
                "name",
            ]
            .iter()
            .map(|name| format!("\"{name}\": {}", pick(&mut seed, &PIECES)))
            .collect();
            let body = match round % 3 {
                0 => String::new(),
                1 => pick(&mut seed, &PIECES).to_owned(),
                _ => format!("{{{}}}", members.join(", ")),
            };
            let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
            let method = operation.method.as_str();
            let answer = handle(&world, Call::new(method, &target, headers, body.into()));
            assert!(
                !healthy || answer.status < 500,
                "{method} {target}: {answer:?}"
            );
        }
    }
}

#[test]
fn a_healthy_server_never_fails() {
    for name in all() {
        requests(name, &contract(name), Vec::new(), 40);
    }
}

#[test]
fn no_defect_makes_it_panic() {
    for name in all() {
        let contract = contract(name);
        for defect in DEFECTS.iter() {
            requests(name, &contract, vec![defect.id.to_owned()], 1);
        }
    }
}
