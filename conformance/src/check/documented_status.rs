//! `documented-status`: a reply's status is one that the document names.

use super::create::{send_new, succeeded};
use super::{CheckContext, Observed, finding};
use crate::contract::reply::{documented, statuses};
use crate::{Finding, Request, Severity};
use plumbline_specs::api::{Operation, Role};

/// Sends a valid request and judges its status; the rest is judged as it passes.
pub(crate) async fn valid_request(
    context: CheckContext<'_>,
    operation: &Operation,
    request: Request,
) -> Option<Finding> {
    let response = probe(context, operation, request).await;
    judge(operation, &response)
}

/// How a request was answered that a document allows.
struct Response {
    observed: Observed,
    /// Whether the request is valid in all that can be checked: where no valid one can be made (a
    /// pattern that cannot be followed, a text of gigabytes), its refusal says nothing.
    is_valid: bool,
}

async fn probe(context: CheckContext<'_>, operation: &Operation, request: Request) -> Response {
    let violations = context.contract.check_request(operation, &request);
    let mut exchange = context.session.fetch(request.clone()).await;
    let creates = operation.resource.as_ref().map(|own| own.role) == Some(Role::Create);
    if creates && !succeeded(&exchange) {
        exchange = send_new(context, operation, request).await;
    }
    Response {
        observed: Observed::from(&*exchange),
        is_valid: violations
            .iter()
            .all(|violation| violation.severity != Severity::Failure),
    }
}

/// A documented refusal warns: a document may leave out what a server demands besides. A refusal
/// for want of credentials fails: they are for who runs it to give, and without them nothing else
/// was seen.
fn judge(operation: &Operation, response: &Response) -> Option<Finding> {
    let status = response.observed.status?;
    if !(400..500).contains(&status) {
        return None;
    }
    let credentials = status == 401 || status == 403 && !operation.security.is_empty();
    if !(response.is_valid || credentials) {
        return None;
    }
    let (severity, message) = match documented(operation, status) {
        Some(_) if credentials => (
            Severity::Failure,
            "a request that the document allows is refused: the credentials are missing, wrong or not enough",
        ),
        Some(_) => (
            Severity::Warning,
            "a request that the document allows is refused",
        ),
        None => (
            Severity::Failure,
            "a request that the document allows is refused with a status that it does not name",
        ),
    };
    let expected = format!("a success among {}", statuses(operation));
    let mut found = finding(severity, message, expected, &response.observed);
    found.place = Some(operation.place.join("responses").to_string());
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{contract, lines, observed};

    #[test]
    fn a_valid_request_succeeds() {
        let contract = contract();
        let list = contract.operation("listRooms").unwrap();
        let refused = "a request that the document allows is refused";
        let unnamed = format!("fails: {refused} with a status that it does not name [1]");
        for (status, is_valid, told) in [
            (200, true, None),
            (500, true, None),
            (404, true, Some(format!("warns: {refused} [1]"))),
            (404, false, None),
            (409, true, Some(unnamed.clone())),
            // Whatever was sent, without credentials nothing else is seen.
            (401, false, Some(unnamed)),
        ] {
            let response = Response {
                observed: observed(1, status),
                is_valid,
            };
            let finding = judge(list, &response);
            assert_eq!(lines(&finding), Vec::from_iter(told), "{status}");
        }
    }
}
