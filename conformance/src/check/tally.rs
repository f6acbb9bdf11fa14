//! What the passing checks have found so far, operation by operation.

use super::check_exchange;
use crate::contract::reply::{rule_unseen, rules_seen};
use crate::outcome::without_numbers;
use crate::{Contract, Exchange, Finding, Outcome, Rule, rule};
use plumbline_specs::api::Operation;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// Why a rule saw nothing in a whole run.
pub(crate) const UNSEEN: &str = "no answer came that says anything of it";

/// As many findings of one rule at one operation are kept: each is of a kind of its own.
const KEPT: usize = 256;

/// Judges exchanges as they pass. It may be shown them from several tasks at once.
#[derive(Default)]
pub(crate) struct Tally(Mutex<BTreeMap<(String, Rule), Entry>>);

#[derive(Default)]
struct Entry {
    /// How many exchanges were looked at.
    looked_at: usize,
    /// Why the rule could not look at one.
    unseen: Option<String>,
    findings: Vec<Finding>,
    /// Findings that differ in their evidence alone count once.
    known: HashSet<(String, Option<String>)>,
}

impl Tally {
    /// Judges one exchange.
    pub(crate) fn take(&self, contract: &Contract, exchange: &Exchange) {
        let label = &exchange.request.operation;
        let Some(operation) = contract.operation(label) else {
            return;
        };
        let found = check_exchange(contract, operation, exchange);
        let rules = judged(contract, operation, exchange);
        let unseen = exchange
            .reply()
            .and_then(|reply| rule_unseen(&contract.api, operation, reply));
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for rule in rules {
            entries.entry((label.clone(), rule)).or_default().looked_at += 1;
        }
        if let Some((rule, why)) = unseen {
            entries.entry((label.clone(), rule)).or_default().unseen = Some(why);
        }
        for (rule, mut finding) in found {
            // A value of megabytes stands in the message that tells of it.
            finding.shorten();
            let entry = entries.entry((label.clone(), rule)).or_default();
            let pointer = finding.pointer.as_deref().map(without_numbers);
            if entry
                .known
                .insert((without_numbers(&finding.message), pointer))
                && entry.findings.len() < KEPT
            {
                entry.findings.push(finding);
            }
        }
    }

    /// Adds findings of an active check to a rule that passing exchanges are judged by as well.
    /// Where none of them told anything either, the rule is left out.
    pub(crate) fn add(
        &self,
        rule: Rule,
        operation: &Operation,
        findings: impl IntoIterator<Item = Finding>,
    ) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.entry((operation.label(), rule)).or_default();
        entry.findings.extend(findings);
    }

    /// One outcome for each rule that was judged at each operation; `unseen` says why a rule saw
    /// nothing.
    pub(crate) fn outcomes(&self, unseen: &str) -> Vec<Outcome> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .map(|((operation, rule), entry)| {
                let mut findings = entry.findings.clone();
                // The numbers of exchanges depend on who was first.
                findings.sort_by(|left, right| {
                    (right.severity, &left.pointer, &left.message).cmp(&(
                        left.severity,
                        &right.pointer,
                        &right.message,
                    ))
                });
                let unseen = entry.unseen.as_deref().unwrap_or(unseen);
                Outcome::looked(*rule, operation, entry.looked_at, findings, unseen)
            })
            .collect()
    }
}

/// The rules that an exchange says something about.
fn judged(contract: &Contract, operation: &Operation, exchange: &Exchange) -> Vec<Rule> {
    let Some(reply) = exchange.reply() else {
        return vec![rule::check::ANSWERS];
    };
    let mut rules = vec![rule::check::ANSWERS, rule::check::NO_SERVER_ERROR];
    rules.extend(rules_seen(&contract.api, operation, reply));
    rules
}
