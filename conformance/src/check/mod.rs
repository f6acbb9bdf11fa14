//! The checks: rules about one exchange, or a few of one operation. One file a rule, one table.
//!
//! Two kinds. What holds of every exchange, whoever sent it, is judged as it passes
//! ([`passing`]). What needs a request of its own is asked for operation by operation.
//!
//! Severity. A check fails a server for what the document says in so many words: a schema, a
//! status, a bound. A refusal (4xx) that the document does not name warns: every deployment has
//! some of its own (a proxy's 403, a framework's 404 for a malformed id), and a document that
//! lists them all is rare. So does what frameworks are known to read leniently: a word for a
//! boolean, a body under another media type.

mod answers;
mod bad_input;
mod create_again;
mod credentials;
mod documented_status;
mod life_cycle;
mod members;
mod no_server_error;
mod other_parent;
mod tally;
mod unknown_id;

pub(crate) use bad_input::bad_input;
pub(crate) use create_again::create_again;
pub(crate) use credentials::credentials;
pub(crate) use documented_status::valid_request;
pub(crate) use life_cycle::{create_one, life_cycle};
pub(crate) use other_parent::other_parent;
pub(crate) use tally::{Tally, UNSEEN};
pub(crate) use unknown_id::unknown_id;

use crate::{Contract, Exchange, Finding, Rule, Session, Severity, Values, rule};
use plumbline_specs::api::Operation;

/// What an active check works with.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) session: &'a Session,
    pub(crate) values: &'a Values,
}

impl Scene<'_> {
    /// Gives what a request creates an id of the run's own choice, where the client has to choose.
    fn choose(&self, operation: &Operation, request: &mut crate::Request) {
        if let Some(guard) = self.session.guard() {
            guard.choose(operation, request);
        }
    }
}

/// What every exchange of an operation has to hold to, as (rule, finding): `answers`,
/// `no-server-error`, `documented-status`, `media-type`, `documented-headers`, `body-schema`
/// and `error-schema`. An undocumented refusal is not judged here: only who sent the request
/// knows what it deserved.
pub fn passing(
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

/// A finding about an exchange.
pub(crate) fn finding(
    severity: Severity,
    message: impl Into<String>,
    expected: impl Into<String>,
    exchange: &Exchange,
) -> Finding {
    Finding {
        severity,
        message: message.into(),
        expected: expected.into(),
        actual: came(exchange),
        pointer: None,
        place: None,
        keys: Vec::new(),
        evidence: vec![exchange.id],
        parameter: None,
    }
}

/// What came, in a few words.
pub(crate) fn came(exchange: &Exchange) -> String {
    match &exchange.answer {
        Ok(reply) => match crate::contract::reply_words(reply) {
            words if words.is_empty() => reply.status.to_string(),
            words => format!("{}: {words}", reply.status),
        },
        Err(failure) => crate::report::failure_in_words(failure),
    }
}
