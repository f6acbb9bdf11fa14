//! A fixture that loads, made of one that may not.

use super::capture::Captured;
use crate::Contract;
use crate::codes;
use crate::fixture::{self, Fixture};
use plumbline_specs::{Diagnostic, Pointer, Severity};
use std::collections::{BTreeSet, HashSet};

/// Makes a fixture one that loads: says of requests and answers what they break, and takes out
/// what cannot stand. A capture that its own answer does not give costs itself alone: the value of
/// this recording, which `captured` knows, takes its place.
pub(super) fn settle(
    contract: &Contract,
    fixture: &mut Fixture,
    captured: &[Captured],
    notes: &mut Vec<Diagnostic>,
) {
    for _ in 0..8 {
        prune(fixture);
        let faults: Vec<Diagnostic> = fixture::check(contract, fixture)
            .into_iter()
            .filter(|fault| fault.severity == Severity::Error)
            .collect();
        if faults.is_empty() {
            return;
        }
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        let mut given = false;
        for fault in &faults {
            if fault.code == codes::NO_SUCH_CAPTURE {
                given |= give(fixture, captured, fault, notes);
            }
        }
        if given {
            // Other faults may have come of these.
            continue;
        }
        for fault in faults {
            let Some(index) = fault.place.pointer.as_ref().and_then(index_of) else {
                continue;
            };
            let Some(step) = fixture.exchanges.get_mut(index) else {
                continue;
            };
            match fault.code {
                codes::REQUEST_DOES_NOT_FIT if step.request.invalid.is_none() => {
                    step.request.invalid = Some(fault.message);
                }
                codes::RESPONSE_DOES_NOT_FIT if step.response.departs.is_none() => {
                    step.response.departs = Some(placed(&fault));
                }
                // Another fault of one that says so already.
                codes::REQUEST_DOES_NOT_FIT | codes::RESPONSE_DOES_NOT_FIT => {}
                codes::COMPARISON_FAILS if !step.compare.is_empty() => step.compare.clear(),
                codes::NAME_TAKEN | codes::UNUSED_VARIABLE => {}
                _ => {
                    if gone.insert(index) {
                        notes.push(Diagnostic::warning(
                            codes::LEFT_OUT,
                            format!(
                                "the exchange `{}` cannot stand in a fixture: {}",
                                step.id, fault.message
                            ),
                        ));
                    }
                }
            }
        }
        let mut index = 0;
        fixture.exchanges.retain(|_| {
            index += 1;
            !gone.contains(&(index - 1))
        });
    }
}

/// Puts the value of a capture that its answer does not give where a run may set it; whether the
/// value is known.
fn give(
    fixture: &mut Fixture,
    captured: &[Captured],
    fault: &Diagnostic,
    notes: &mut Vec<Diagnostic>,
) -> bool {
    let pointer = fault.place.pointer.as_ref();
    let name = pointer.and_then(|pointer| pointer.tokens().last().map(|name| name.to_string()));
    let step = pointer
        .and_then(index_of)
        .and_then(|index| fixture.exchanges.get_mut(index));
    let (Some(name), Some(step)) = (name, step) else {
        return false;
    };
    let Some(own) = captured.iter().find(|own| own.name == name) else {
        return false;
    };
    if step.capture.shift_remove(&name).is_none() {
        return false;
    }
    notes.push(Diagnostic::warning(
        codes::CAPTURE_FAILS,
        format!(
            "the answer to `{}` does not give `{name}`: a replay takes it from {}",
            step.id,
            if own.secret {
                "the environment"
            } else {
                "`values`"
            }
        ),
    ));
    let list = if own.secret {
        &mut fixture.secrets
    } else {
        &mut fixture.values
    };
    list.insert(name, own.value.clone());
    true
}

/// What an answer breaks, with the place in its body.
fn placed(fault: &Diagnostic) -> String {
    let place = fault.place.pointer.as_ref().map_or("", Pointer::as_str);
    match place.split_once("/response/body/json") {
        Some((_, place)) if !place.is_empty() => format!("{place}: {}", fault.message),
        _ => fault.message.clone(),
    }
}

fn index_of(pointer: &Pointer) -> Option<usize> {
    let mut tokens = pointer.tokens();
    (tokens.next()? == "exchanges")
        .then(|| tokens.next()?.parse().ok())
        .flatten()
}

/// Takes out variables that nothing uses.
fn prune(fixture: &mut Fixture) {
    let text = fixture::save(fixture).unwrap_or_default();
    let names: HashSet<&str> = text
        .split("${")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect();
    let used = |name: &str| names.contains(name);
    fixture.secrets.retain(|name, _| used(name));
    fixture.values.retain(|name, _| used(name));
    for step in &mut fixture.exchanges {
        step.capture.retain(|name, _| used(name));
    }
}

#[cfg(test)]
mod tests {
    use super::{Captured, settle};
    use crate::Contract;
    use crate::fixture::{self, Capture, Origin};

    const DOCUMENT: &[u8] = b"
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      operationId: createThing
      responses:
        '201': {description: Made., headers: {Location: {schema: {type: string}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getThing, responses: {'200': {description: A thing.}}}
";

    const FIXTURE: &[u8] = br"
about: A thing is made and read.
provenance: {written: No server was recorded.}
writes: true
exchanges:
  - id: create
    operation: createThing
    request: {method: POST, path: /things}
    response: {status: 201, headers: [[Location, /things/0190b2a0-1111-7000-8000-000000000001]]}
    capture:
      id: {from: $response.header.Location, part: '([^/]+)$'}
  - id: get
    operation: getThing
    request: {method: GET, path: '/things/${id}'}
    response: {status: 200}
";

    #[test]
    fn a_capture_that_fails_costs_that_capture_alone() {
        let name = "things.yaml";
        let input = plumbline_specs::Input {
            name,
            bytes: DOCUMENT,
        };
        let reading = plumbline_specs::read(input, &plumbline_specs::Options::default()).unwrap();
        let contract = Contract::new(reading).unwrap();
        let mut whole = fixture::load(FIXTURE, "life").unwrap();
        // Defaults of a run are not what this is about.
        let before = whole.exchanges.len();
        let step = whole
            .exchanges
            .iter_mut()
            .find(|step| !step.capture.is_empty())
            .unwrap();
        let (variable, _) = step.capture.first().unwrap();
        let variable = variable.clone();
        let broken = Capture {
            from: Origin::Header("x-none".to_owned()),
            part: None,
        };
        step.capture.insert(variable.clone(), broken.clone());
        for secret in [false, true] {
            let mut fixture = whole.clone();
            let mut notes = Vec::new();
            let captured = [Captured {
                name: variable.clone(),
                value: "0190b2a0-1111-7000-8000-000000000001".to_owned(),
                at: 0,
                capture: broken.clone(),
                secret,
            }];
            settle(&contract, &mut fixture, &captured, &mut notes);
            assert_eq!(fixture.exchanges.len(), before, "{notes:#?}");
            assert_eq!(fixture.values.contains_key(&variable), !secret);
            assert_eq!(fixture.secrets.contains_key(&variable), secret);
            assert_eq!(notes[0].code, crate::codes::CAPTURE_FAILS);
        }
    }
}
