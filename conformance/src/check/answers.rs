//! `answers`: a request is answered, in time and in HTTP.

use crate::{ExchangeId, Failure, Finding, Severity};
use plumbline_specs::api::Operation;

/// The finding for a request without an answer; none where it was not sent.
pub(super) fn judge(
    operation: &Operation,
    failure: &Failure,
    evidence: Vec<ExchangeId>,
) -> Option<Finding> {
    let message = match failure {
        Failure::NotSent(_) => return None,
        Failure::Unreachable(_) => "no connection was made",
        Failure::Timeout(_) => "the answer did not come in time",
        Failure::Closed(_) => "the connection ended before the answer did",
        Failure::TooLarge(_) => "the body is larger than any answer may be",
        Failure::Unfolds(_) => "the body holds more values than any answer may",
        Failure::Malformed(_) => "what came is not what HTTP or its content encoding says it is",
    };
    Some(Finding {
        expected: "an answer".to_owned(),
        actual: crate::report::describe_failure(failure),
        place: Some(operation.place.to_string()),
        evidence,
        ..Finding::new(Severity::Failure, message)
    })
}
