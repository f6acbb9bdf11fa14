//! `no-server-error`: no input makes the server fail.

use crate::contract::reply::documented;
use crate::{ExchangeId, Finding, Reply, Severity};
use plumbline_specs::api::{Operation, Status};

/// The finding for a 5xx: a warning where the document names that very code (an unavailable
/// backend), else a failure.
pub(super) fn judge(operation: &Operation, reply: &Reply, evidence: Vec<ExchangeId>) -> Finding {
    let named = documented(operation, reply.status)
        .is_some_and(|response| response.status == Status::Code(reply.status));
    let severity = if named {
        Severity::Warning
    } else {
        Severity::Failure
    };
    Finding {
        expected: "an answer below 500".to_owned(),
        actual: format!("{}: {}", reply.status, crate::contract::reply_words(reply)),
        place: Some(operation.place.join("responses").to_string()),
        evidence,
        ..Finding::new(severity, format!("the server failed with {}", reply.status))
    }
}
