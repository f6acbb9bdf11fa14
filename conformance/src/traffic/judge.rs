//! Recorded traffic held against a document, without anything being sent.

use crate::check::{Tally, UNSEEN};
use crate::contract::media;
use crate::rule;
use crate::{
    Contract, Coverage, Exchange, ExchangeId, Finding, Interrupt, Outcome, Report, Rule, Severity,
};
use plumbline_specs::api::Operation;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// Judges exchanges that were had: every answer by the document's checks, and every request that
/// the server took by [`rule::traffic`]. What the server refused needs not fit, and a success is
/// evidence against the document as much as against the client.
///
/// An interrupt ends it before the next exchange; the report then says so.
pub fn judge(
    contract: &Contract,
    spec: &str,
    base: &Url,
    exchanges: &[Exchange],
    interrupt: &Interrupt,
) -> Report {
    let mut incomplete = None;
    let tally = Tally::default();
    let mut coverage = Coverage::new(contract);
    let mut requests: BTreeMap<(String, Rule), (usize, Vec<Finding>)> = BTreeMap::new();
    let mut unread: BTreeMap<String, String> = BTreeMap::new();
    for (index, exchange) in exchanges.iter().enumerate() {
        if interrupt.is_interrupted() {
            let all = exchanges.len();
            incomplete = Some(format!(
                "the check was interrupted after {index} of {all} exchanges"
            ));
            break;
        }
        tally.take(contract, exchange);
        coverage.see(contract, exchange);
        let Some(operation) = contract.operation(&exchange.request.operation) else {
            continue;
        };
        if !exchange
            .status()
            .is_some_and(|status| (200..400).contains(&status))
        {
            continue;
        }
        let why = unread_body(operation, exchange);
        for rule in rule::traffic::ALL {
            let seen = match *rule {
                // By its path it was found to be the operation's.
                rule::traffic::REQUEST_PATH => false,
                rule::traffic::REQUEST_PARAMETER => {
                    !operation.parameters.is_empty() || !exchange.request.query.is_empty()
                }
                rule::traffic::REQUEST_BODY if why.is_some() => false,
                _ => operation.body.is_some() && exchange.request.body.is_some(),
            };
            if seen {
                let entry = requests.entry((operation.label(), *rule)).or_default();
                entry.0 += 1;
            }
        }
        if let Some(why) = why {
            let label = operation.label();
            requests
                .entry((label.clone(), rule::traffic::REQUEST_BODY))
                .or_default();
            unread.insert(label, why);
        }
        for violation in contract.check_request(operation, &exchange.request) {
            requests
                .entry((operation.label(), violation.rule))
                .or_default()
                .1
                .push(violation.finding(vec![exchange.id]));
        }
    }
    let mut outcomes = tally.outcomes(UNSEEN);
    outcomes.extend(
        requests
            .into_iter()
            .map(|((operation, rule), (looked_at, findings))| {
                let why = unread.get(&operation);
                let why = why.filter(|_| rule == rule::traffic::REQUEST_BODY);
                let nothing = why.map_or("no request says anything of it", String::as_str);
                Outcome::looked(rule, &operation, looked_at, alike(findings), nothing)
            }),
    );
    order(contract, &mut outcomes);
    let judged: BTreeSet<&str> = outcomes
        .iter()
        .map(|outcome| outcome.operation.as_str())
        .collect();
    let reason = match incomplete {
        None => "the traffic does not use it",
        Some(_) => "the check was interrupted",
    };
    let uncovered = contract
        .api
        .operations
        .iter()
        .map(Operation::label)
        .filter(|label| !judged.contains(label.as_str()))
        .map(|label| (label, reason.to_owned()))
        .collect();
    let named: BTreeSet<ExchangeId> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.findings)
        .flat_map(|finding| finding.evidence.iter().copied())
        .collect();
    Report {
        remaining: Vec::new(),
        spec: spec.to_owned(),
        title: format!("{} {}", contract.api.title, contract.api.version),
        target: crate::redacted::address(base),
        incomplete,
        coverage,
        notes: contract.notes().to_vec(),
        outcomes,
        uncovered,
        exchanges: exchanges
            .iter()
            .filter(|exchange| named.contains(&exchange.id))
            .cloned()
            .collect(),
        requests: exchanges.len() as u64,
        millis: exchanges
            .iter()
            .filter_map(Exchange::reply)
            .map(|reply| reply.millis)
            .sum(),
        ..Report::begun()
    }
}

/// One finding for each message; further exchanges of the same say nothing new.
fn alike(findings: Vec<Finding>) -> Vec<Finding> {
    let mut told: Vec<Finding> = Vec::new();
    for finding in findings {
        let known = told
            .iter()
            .any(|own| own.message == finding.message && own.pointer == finding.pointer);
        if !known && told.len() < 8 {
            told.push(finding);
        }
    }
    told.sort_by_key(|finding| std::cmp::Reverse(finding.severity == Severity::Failure));
    told
}

/// Why a request's body that the document knows is not judged: JSON alone is held to a schema.
fn unread_body(operation: &Operation, exchange: &Exchange) -> Option<String> {
    let request = &exchange.request;
    operation.body.as_ref()?;
    request.body.as_ref().filter(|body| !body.is_empty())?;
    let mut headers = request.headers.iter();
    let (_, kind) = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
    (!media::is_json(kind)).then(|| media::unread(kind))
}

/// By the document's operations, then by the table of rules.
fn order(contract: &Contract, outcomes: &mut [Outcome]) {
    let operations: BTreeMap<String, usize> = contract
        .api
        .operations
        .iter()
        .enumerate()
        .map(|(index, operation)| (operation.label(), index))
        .collect();
    let rules = crate::rule::rules();
    outcomes.sort_by_cached_key(|outcome| {
        let rule = rules.iter().position(|rule| rule.id == outcome.rule);
        (operations.get(&outcome.operation).copied(), rule)
    });
}
