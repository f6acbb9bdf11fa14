//! `credentials`: where the document demands them, none and wrong ones are refused.

use super::{CheckContext, Judged, Observed, Probed, finding, outcome};
use crate::session::WRONG;
use crate::{Finding, Outcome, Request, Severity, rule};
use plumbline_specs::api::{Location, Operation};

/// Sends a valid request without and with wrong credentials. Only for a target that was given
/// some: a server that runs without any (a self-hosted one) has nothing to refuse.
pub(crate) async fn credentials(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Outcome> {
    if operation.security.is_empty() {
        return None;
    }
    let judged = probe(context, operation, valid)
        .await
        .map(|responses| judge(operation, &responses));
    let nothing = "no request with wrong credentials was answered";
    Some(outcome(
        rule::check::CREDENTIALS,
        operation,
        judged,
        nothing,
    ))
}

/// How a request was answered, and what it was sent with.
type Response = (&'static str, Observed);

async fn probe(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Probed<[Response; 2]> {
    if operation.security.iter().any(indexmap::IndexMap::is_empty) {
        return Err("the document allows requests without credentials".to_owned());
    }
    let given = given(context);
    if given.is_empty() {
        return Err("the target was given no credentials".to_owned());
    }
    let mut without = valid.clone();
    without.withheld = given.iter().map(|(header, _)| header.clone()).collect();
    let mut wrong = valid.clone();
    wrong.headers.extend(given);
    let without = context.session.send(without).await;
    let wrong = context.session.send(wrong).await;
    Ok([
        ("no credentials", Observed::from(&*without)),
        ("wrong credentials", Observed::from(&*wrong)),
    ])
}

/// The target's headers that carry what the document declares as credentials, each with wrong ones.
fn given(context: CheckContext<'_>) -> Vec<(String, String)> {
    let declared = context.contract.credentials();
    let cookies: Vec<String> = declared
        .iter()
        .filter(|(location, _)| *location == Location::Cookie)
        .map(|(_, name)| format!("{name}={WRONG}"))
        .collect();
    let headers = context.session.target().headers.iter();
    headers
        .filter_map(|header| {
            let name = &header.name;
            let credential = declared.iter().any(|(location, own)| {
                *location == Location::Header && own.eq_ignore_ascii_case(name)
            });
            if credential {
                Some((name.clone(), WRONG.to_owned()))
            } else if name.eq_ignore_ascii_case("cookie") && !cookies.is_empty() {
                Some((name.clone(), cookies.join("; ")))
            } else {
                None
            }
        })
        .collect()
}

fn judge(operation: &Operation, responses: &[Response]) -> Judged {
    Judged {
        looked_at: responses
            .iter()
            .filter(|(_, own)| own.is_answered())
            .count(),
        findings: responses
            .iter()
            .filter_map(|(what, observed)| accepted(operation, what, observed))
            .collect(),
    }
}

/// The finding where a response is no refusal for want of credentials.
fn accepted(operation: &Operation, what: &str, observed: &Observed) -> Option<Finding> {
    let (severity, message) = match observed.status? {
        // What else the document names for it is as good a refusal.
        401 | 403 | 500.. => return None,
        400..=499 => (
            Severity::Warning,
            format!("a request with {what} is refused, but not as unauthorized"),
        ),
        _ => (
            Severity::Failure,
            format!("a request with {what} is answered"),
        ),
    };
    let mut found = finding(severity, message, "401 or 403", observed);
    found.place = Some(operation.place.join("security").to_string());
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{contract, counted, observed};

    #[test]
    fn no_credentials_and_wrong_ones_are_refused_as_such() {
        let contract = contract();
        let list = contract.operation("listRooms").unwrap();
        for (none, wrong, looked_at, findings) in [
            (401, 403, 2, &[][..]),
            (500, 503, 0, &[]),
            (
                401,
                200,
                2,
                &["fails: a request with wrong credentials is answered [2]"],
            ),
            (
                400,
                302,
                2,
                &[
                    "warns: a request with no credentials is refused, but not as unauthorized [1]",
                    "fails: a request with wrong credentials is answered [2]",
                ],
            ),
        ] {
            let responses = [
                ("no credentials", observed(1, none)),
                ("wrong credentials", observed(2, wrong)),
            ];
            let findings = findings.iter().map(ToString::to_string).collect();
            assert_eq!(counted(&judge(list, &responses)), (looked_at, findings));
        }
    }
}
