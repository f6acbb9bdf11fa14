//! `credentials`: where the document demands them, none and wrong ones are refused.

use super::{Scene, finding};
use crate::session::WRONG;
use crate::{Exchange, Finding, Outcome, Request, Severity, rule};
use plumbline_specs::api::{Location, Operation};

/// Sends a valid request without and with wrong credentials. Only for a target that was given
/// some: a server that runs without any (a self-hosted one) has nothing to refuse.
pub(crate) async fn credentials(
    scene: Scene<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Outcome> {
    let label = operation.label();
    if operation.security.is_empty() {
        return None;
    }
    let skipped = |reason: &str| Some(Outcome::skipped(rule::check::CREDENTIALS, &label, reason));
    if operation.security.iter().any(indexmap::IndexMap::is_empty) {
        return skipped("the document allows requests without credentials");
    }
    let given = given(scene);
    if given.is_empty() {
        return skipped("the target was given no credentials");
    }
    let mut without = valid.clone();
    without.withheld = given.iter().map(|(header, _)| header.clone()).collect();
    let mut wrong = valid.clone();
    wrong.headers.extend(given);
    let mut looked_at = 0;
    let mut findings = Vec::new();
    for (request, what) in [(without, "no credentials"), (wrong, "wrong credentials")] {
        let exchange = scene.session.send(request).await;
        // A server that fails, or says nothing, has not said whether it looks.
        looked_at += usize::from(exchange.status().is_some_and(|status| status < 500));
        findings.extend(judge(operation, what, &exchange));
    }
    let nothing = "no request with wrong credentials was answered";
    Some(Outcome::looked(
        rule::check::CREDENTIALS,
        &label,
        looked_at,
        findings,
        nothing,
    ))
}

/// The target's headers that carry what the document declares as credentials, each with wrong ones.
fn given(scene: Scene<'_>) -> Vec<(String, String)> {
    let declared = scene.contract.credentials();
    let cookies: Vec<String> = declared
        .iter()
        .filter(|(location, _)| *location == Location::Cookie)
        .map(|(_, name)| format!("{name}={WRONG}"))
        .collect();
    let headers = scene.session.target().headers.iter();
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

fn judge(operation: &Operation, what: &str, exchange: &Exchange) -> Option<Finding> {
    let status = exchange.status()?;
    let (severity, message) = match status {
        // What else the document names for it is as good a refusal.
        401 | 403 => return None,
        400..=499 => (
            Severity::Warning,
            format!("a request with {what} is refused, but not as unauthorized"),
        ),
        500.. => return None,
        _ => (
            Severity::Failure,
            format!("a request with {what} is answered"),
        ),
    };
    let mut found = finding(severity, message, "401 or 403", exchange);
    found.place = Some(operation.place.join("security").to_string());
    Some(found)
}
