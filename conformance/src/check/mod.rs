//! The checks: rules about one exchange, or a few of one operation. One file a rule, one table.
//!
//! Two kinds. What holds of every exchange, whoever sent it, is judged as it passes
//! ([`check_exchange`]). What needs a request of its own is asked for operation by operation, in two
//! halves: `probe` sends and gathers, and `judge` is a function of what was gathered.
//!
//! Severity. A check fails a server for what the document says in so many words: a schema, a
//! status, a bound. A refusal (4xx) that the document does not name warns: every deployment has
//! some of its own (a proxy's 403, a framework's 404 for a malformed id), and a document that
//! lists them all is rare. So does what frameworks are known to read leniently: a word for a
//! boolean, a body under another media type.

mod answers;
mod bad_input;
mod create;
mod create_again;
mod credentials;
mod documented_status;
mod item;
mod life_cycle;
mod members;
mod no_server_error;
mod other_parent;
mod tally;
#[cfg(test)]
mod testing;
mod unknown_id;

pub(crate) use bad_input::bad_input;
pub(crate) use create::create_one;
pub(crate) use create_again::create_again;
pub(crate) use credentials::credentials;
pub(crate) use documented_status::valid_request;
pub(crate) use life_cycle::life_cycle;
pub(crate) use other_parent::other_parent;
pub(crate) use tally::{Tally, UNSEEN};
pub(crate) use unknown_id::unknown_id;

use crate::expression::created_id;
use crate::{
    Contract, Exchange, ExchangeId, Finding, Outcome, Request, Rule, Session, Severity, Values,
    rule,
};
use plumbline_specs::api::Operation;
use serde_json::Value;

/// What an active check works with.
#[derive(Clone, Copy)]
pub(crate) struct CheckContext<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) session: &'a Session,
    pub(crate) values: &'a Values,
}

impl CheckContext<'_> {
    /// A valid request to create, under an id of the run's own choice where the client has to choose.
    fn creation(&self, create: &Operation) -> Probed<Request> {
        let request = self.contract.request(create, self.values);
        let mut request = request.map_err(|missing| missing.to_string())?;
        if let Some(guard) = self.session.guard() {
            guard.choose(create, &mut request);
        }
        Ok(request)
    }

    /// The id of what an exchange has created.
    fn created_id(&self, create: &Operation, exchange: &Exchange) -> Option<Value> {
        created_id(self.contract, &self.session.target().base, create, exchange)
    }
}

/// What every exchange of an operation has to hold to, as (rule, finding): `answers`,
/// `no-server-error`, `documented-status`, `media-type`, `documented-headers`, `body-schema`
/// and `error-schema`. An undocumented refusal is not judged here: only who sent the request
/// knows what it deserved.
pub fn check_exchange(
    contract: &Contract,
    operation: &Operation,
    exchange: &Exchange,
) -> Vec<(Rule, Finding)> {
    let evidence = || vec![exchange.id];
    match &exchange.answer {
        Err(failure) => answers::judge(operation, failure, evidence())
            .into_iter()
            .map(|finding| (rule::check::ANSWERS, finding))
            .collect(),
        Ok(reply) => {
            let mut found = Vec::new();
            if reply.status >= 500 {
                found.push((
                    rule::check::NO_SERVER_ERROR,
                    no_server_error::judge(operation, reply, evidence()),
                ));
            }
            let refused = (400..500).contains(&reply.status);
            for violation in contract.check_reply(operation, reply) {
                let status = violation.rule == rule::check::DOCUMENTED_STATUS;
                if status && (refused || reply.status >= 500) {
                    continue;
                }
                found.push((violation.rule, violation.finding(evidence())));
            }
            found
        }
    }
}

/// What was gathered; or why the rule is left out.
type Probed<T> = Result<T, String>;

/// What a rule makes of what was gathered.
#[derive(Debug, Default)]
struct Judged {
    /// How many responses say something of the rule.
    looked_at: usize,
    findings: Vec<Finding>,
}

/// The outcome of a rule at an operation; `nothing` says why no response says anything of it.
fn outcome(rule: Rule, operation: &Operation, judged: Probed<Judged>, nothing: &str) -> Outcome {
    let label = operation.label();
    match judged {
        Ok(judged) => Outcome::looked(rule, &label, judged.looked_at, judged.findings, nothing),
        Err(reason) => Outcome::skipped(rule, &label, reason),
    }
}

/// An exchange as far as a finding tells of it: a body of megabytes is not kept for that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Observed {
    id: ExchangeId,
    /// `None` where no response came.
    status: Option<u16>,
    /// The response or the failure, in one line.
    actual: String,
}

impl From<&Exchange> for Observed {
    fn from(exchange: &Exchange) -> Self {
        Self {
            id: exchange.id,
            status: exchange.status(),
            actual: describe_actual(exchange),
        }
    }
}

impl Observed {
    /// Whether the target has said what it makes of the request: one that fails, or says nothing,
    /// has not.
    fn is_answered(&self) -> bool {
        self.status.is_some_and(|status| status < 500)
    }
}

/// A finding about an exchange.
fn finding(
    severity: Severity,
    message: impl Into<String>,
    expected: impl Into<String>,
    observed: &Observed,
) -> Finding {
    Finding {
        expected: expected.into(),
        actual: observed.actual.clone(),
        evidence: vec![observed.id],
        ..Finding::new(severity, message)
    }
}

/// What came, in a few words.
fn describe_actual(exchange: &Exchange) -> String {
    match &exchange.answer {
        Ok(reply) => match crate::contract::reply_words(reply) {
            words if words.is_empty() => reply.status.to_string(),
            words => format!("{}: {words}", reply.status),
        },
        Err(failure) => crate::report::describe_failure(failure),
    }
}
