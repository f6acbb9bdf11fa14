//! A file with traffic, whichever form it has: HAR, a cassette, or a fixture.

use super::{Passed, Traffic};
use crate::codes;
use crate::fixture::{self, Fixture};
use crate::{cassette, har};
use plumbline_specs::{Diagnostic, Input, Place, Pointer};
use std::collections::BTreeMap;
use url::Url;

/// Where the requests of a fixture are said to go: it names no server's address.
const NOWHERE: &str = "http://recorded.invalid";

/// What the values of a file may take in memory, in bytes.
const VALUES: u64 = 256 << 20;

/// Reads traffic. Notes and errors are placed in the file by line.
///
/// # Errors
///
/// All that is wrong with the file; `unknown-traffic` where it is of no form that is read.
pub fn read(bytes: &[u8], name: &str) -> Result<Traffic, Vec<Diagnostic>> {
    if crate::weight::of_json(bytes) > VALUES {
        return Err(vec![
            Diagnostic::error(
                plumbline_specs::codes::TOO_LARGE,
                format!("the values of the file take more than {} MiB", VALUES >> 20),
            )
            .file(name)
            .help("split it into several files, and take them one by one"),
        ]);
    }
    // JSON by its own reader, which is quicker; what it refuses is said by the other.
    let value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(_) => {
            let mut value = crate::input::value(bytes, name)?;
            super::binary::decode(&mut value, Input { name, bytes });
            value
        }
    };
    let fixture = value.get("exchanges").is_some();
    let read = if value.get("log").is_some() {
        har::import(&value)
    } else if cassette::is_cassette(&value) {
        cassette::import(&value)
    } else if fixture {
        fixture::load(bytes, name).map(|fixture| of_fixture(&fixture))
    } else {
        Err(vec![
            Diagnostic::error(
                codes::UNKNOWN_TRAFFIC,
                "this is neither a HAR file, nor a cassette of VCR, nor a fixture",
            )
            .pointer(&Pointer::root()),
        ])
    };
    match read {
        Ok(mut traffic) => {
            for reply in traffic
                .exchanges
                .iter_mut()
                .filter_map(|own| own.answer.as_mut().ok())
            {
                reply.headers = super::cookies::apart(std::mem::take(&mut reply.headers));
            }
            traffic.notes = crate::input::located(traffic.notes, bytes, name);
            find_places(&mut traffic, Input { name, bytes });
            Ok(traffic)
        }
        Err(faults) => Err(crate::input::located(faults, bytes, name)),
    }
}

/// Gives every exchange the file, the line and the column.
fn find_places(traffic: &mut Traffic, input: Input<'_>) {
    let pointers = traffic
        .exchanges
        .iter()
        .map(|passed| passed.place.pointer.clone().unwrap_or_default());
    let pointers: Vec<Pointer> = pointers.collect();
    let positions = plumbline_specs::positions(input, &pointers);
    for ((passed, pointer), position) in traffic.exchanges.iter_mut().zip(pointers).zip(positions) {
        passed.place = Place {
            file: input.name.to_owned(),
            position,
            pointer: Some(pointer),
        };
    }
}

/// What a fixture recorded, as traffic; `$NAME` stands for its secrets.
pub fn of_fixture(fixture: &Fixture) -> Traffic {
    let secrets: BTreeMap<String, String> = fixture
        .secrets
        .keys()
        .map(|name| (name.clone(), format!("${name}")))
        .collect();
    let mut traffic = Traffic {
        tool: "plumbline".to_owned(),
        variables: fixture.secrets.keys().cloned().collect(),
        ..Traffic::default()
    };
    for (index, expanded) in fixture::expand(fixture, &secrets)
        .unwrap_or_default()
        .into_iter()
        .enumerate()
    {
        let place = Pointer::root().join("exchanges").index(index);
        // An answer without a recorded body says nothing that could be judged.
        if expanded.step.response.body.is_none() {
            continue;
        }
        let url = format!("{NOWHERE}{}", expanded.request.path_and_query());
        if let Ok(url) = Url::parse(&url) {
            traffic.exchanges.push(Passed {
                method: expanded.request.method,
                url,
                headers: expanded.request.headers,
                body: expanded.request.body,
                answer: Ok(expanded.reply),
                begun: None,
                place: Place {
                    pointer: Some(place),
                    ..Place::default()
                },
            });
        }
    }
    traffic
}
