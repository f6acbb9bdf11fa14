//! Recording a fixture anew: its requests are played through the proxy, and the answers that came
//! take the place of those that it held.

use super::capture::Captured;
use super::rewrite::{Known, Rewrite};
use super::settle::settle;
use super::steps::StepContext;
use super::{Options, Proxy, RecordError, Recording, judged};
use crate::codes;
use crate::fixture::{self, Fixture, Step, Variables, compare};
use crate::traffic::Traffic;
use crate::{Contract, Exchange, Interrupt, Reply, Session, Values};
use plumbline_specs::Diagnostic;
use std::collections::BTreeMap;

/// A scenario as it was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// Whether it was interrupted before its end; then it is not known which exchanges were sent.
    pub interrupted: bool,
    /// The places of the exchanges that were sent, among those of the fixture.
    pub sent: Vec<usize>,
    /// What passed.
    pub traffic: Traffic,
}

/// Sends the requests of a fixture through a proxy; `session` has the proxy for its target. What a
/// request [needs](Step::needs) is taken to be there.
pub async fn play(
    proxy: Proxy,
    session: &Session,
    scenario: &Fixture,
    values: &Values,
    interrupt: &Interrupt,
) -> Played {
    let (over, stop) = tokio::sync::oneshot::channel::<()>();
    let client = async {
        let sent = tokio::select! {
            biased;
            sent = fixture::play(session, scenario, values) => Some(sent),
            () = interrupt.interrupted() => None,
        };
        // The proxy ends when this is dropped, too.
        let _ = over.send(());
        sent
    };
    let stop = async {
        let _ = stop.await;
    };
    let (sent, traffic) = tokio::join!(client, proxy.run(None, stop));
    Played {
        interrupted: sent.is_none(),
        sent: sent.unwrap_or_default(),
        traffic,
    }
}

/// Makes a scenario that was played into its own recording: requests, captures and comparisons
/// stay as people wrote them, answers and where they come from are new.
///
/// An exchange that was answered with another status than it shows stays as it was, with a note: a
/// fault must not become what is expected, and a server may not be what an exchange needs. A
/// comparison that the new answer does not meet goes, with a note too.
///
/// # Errors
///
/// When what passed is not the scenario: none, or not all, of the exchanges are operations of the
/// document.
pub fn renewed(
    contract: &Contract,
    scenario: &Fixture,
    played: &Played,
    options: &Options,
) -> Result<Recording, RecordError> {
    let (redacted, checked) = judged(contract, &played.traffic, options, &Interrupt::new())?;
    let mut notes = checked.notes;
    if redacted.exchanges.len() != played.sent.len() {
        return Err(RecordError::NoMatchingExchange(
            played.traffic.exchanges.len(),
        ));
    }
    let mut fixture = scenario.clone();
    fixture.provenance = options.provenance.clone();
    for secret in &redacted.secrets {
        let name = secret.variable.clone();
        fixture.secrets.insert(name, secret.stand_in.clone());
    }
    let mut known: Vec<Known> = scenario
        .values
        .iter()
        .chain(&fixture.secrets)
        .map(|(name, value)| named(name, value))
        .collect();
    let mut exchanges = played.sent.iter().zip(&redacted.exchanges).peekable();
    for (index, step) in fixture.exchanges.iter_mut().enumerate() {
        let own = exchanges.next_if(|(sent, _)| **sent == index);
        let reply = own.and_then(|(_, exchange)| exchange.reply());
        let recorded = match (own, reply) {
            (Some((_, exchange)), Some(reply)) => {
                renew(contract, step, exchange, reply, &mut known, &mut notes)
            }
            _ => false,
        };
        if !recorded && step.provenance.is_none() {
            step.provenance = Some(scenario.provenance.clone());
        }
    }
    settle(contract, &mut fixture, &[], &mut notes);
    Ok(Recording {
        fixture: Some(fixture),
        report: checked.report,
        notes,
        unmet: checked.unmet,
    })
}

fn named(name: &str, value: &str) -> Known {
    Known {
        value: value.to_owned(),
        name: name.to_owned(),
    }
}

/// Puts an answer into a step; whether it was taken.
fn renew(
    contract: &Contract,
    step: &mut Step,
    exchange: &Exchange,
    reply: &Reply,
    known: &mut Vec<Known>,
    notes: &mut Vec<Diagnostic>,
) -> bool {
    if reply.status != step.response.status {
        notes.push(Diagnostic::warning(
            codes::STATUS_DIFFERS,
            format!(
                "`{}` was answered {} and not {}: it stays as it was",
                step.id, reply.status, step.response.status
            ),
        ));
        return false;
    }
    let Some(operation) = contract.operation(&exchange.request.operation) else {
        return false;
    };
    let captured: Vec<Captured> = step
        .capture
        .iter()
        .filter_map(|(name, capture)| {
            Some(Captured {
                name: name.clone(),
                value: capture.take(reply).ok()?,
                at: 0,
                capture: capture.clone(),
                secret: false,
            })
        })
        .collect();
    known.retain(|own| !captured.iter().any(|other| other.name == own.name));
    step.response = StepContext {
        contract,
        operation,
        rewrite: Rewrite::new(known.clone()),
        captured: captured.iter().collect(),
    }
    .answer(reply);
    step.provenance = None;
    known.extend(captured.iter().map(|own| named(&own.name, &own.value)));
    let set: BTreeMap<String, String> = known
        .iter()
        .map(|own| (own.name.clone(), own.value.clone()))
        .collect();
    let variables = Variables::new(&set, &BTreeMap::new());
    let whole = step.clone();
    step.compare.retain(|own| {
        let single = Step {
            compare: vec![own.clone()],
            ..whole.clone()
        };
        let holds = compare(&single, false, reply, &variables, &[])
            .is_ok_and(|judged| judged.iter().all(|(_, findings)| findings.is_empty()));
        if !holds {
            notes.push(Diagnostic::warning(
                codes::COMPARISON_FAILS,
                format!(
                    "`{}` does not meet a comparison, which is left out",
                    step.id
                ),
            ));
        }
        holds
    });
    true
}
