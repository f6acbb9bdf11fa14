//! `bad-input`: what the document forbids is refused, in a documented way.

use super::{CheckContext, Judged, Observed, Probed, finding, outcome};
use crate::contract::reply::{documented, statuses};
use crate::invent::invalid::{self, ExpectedOutcome, Invalid};
use crate::{Outcome, Request, Severity, rule};
use futures::stream::{self, StreamExt as _};
use plumbline_specs::api::Operation;
use std::collections::HashSet;

/// Refusals that frameworks, proxies and gateways give of their own, whatever the API is: where
/// the document does not name one, it is the document that may be at fault. A 418 or a 409 is
/// nobody's but the API's.
const GENERAL: [u16; 14] = [
    400, 401, 402, 403, 404, 405, 406, 411, 413, 414, 415, 422, 429, 431,
];

/// Sends the wrong forms of a valid request and judges how each is answered.
pub(crate) async fn bad_input(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Outcome {
    let probed = probe(context, operation, valid).await;
    let judged = probed.map(|responses| judge(operation, &responses));
    let nothing = "no wrong request was answered, or none that has to be refused";
    outcome(rule::check::BAD_INPUT, operation, judged, nothing)
}

/// How one wrong form of a request was answered.
struct Response {
    form: Invalid,
    observed: Observed,
}

async fn probe(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Probed<Vec<Response>> {
    let mut forms = invalid::requests(context.contract, operation, valid, context.values);
    if let Some(guard) = context.session.guard() {
        for form in &mut forms {
            guard.freshen(operation, &mut form.request);
        }
    }
    if forms.is_empty() {
        return Err("the document forbids nothing that can be sent".to_owned());
    }
    let mut reason = None;
    let (forms, held): (Vec<_>, Vec<_>) = forms.into_iter().partition(|form| {
        let permit = context.session.permit(&form.request);
        reason = permit.as_ref().err().cloned().or(reason.take());
        permit.is_ok()
    });
    if let (true, Some(reason)) = (forms.is_empty(), reason) {
        return Err(format!(
            "of its {} wrong forms none may be sent: {reason}",
            held.len()
        ));
    }
    let sent = forms.into_iter().map(|form| async move {
        let exchange = context.session.fetch(form.request.clone()).await;
        let observed = Observed::from(&*exchange);
        Response { form, observed }
    });
    // Two that write at once could meet, and the refusal of one be the other's doing.
    let at_once = if operation.method.is_safe() { 64 } else { 1 };
    Ok(stream::iter(sent).buffered(at_once).collect().await)
}

fn judge(operation: &Operation, responses: &[Response]) -> Judged {
    let mut judged = Judged::default();
    let mut undocumented = HashSet::new();
    for response in responses {
        let Some(verdict) = verdict(operation, response) else {
            continue;
        };
        judged.looked_at += 1;
        let what = &response.form.what;
        let (warns, message) = match verdict {
            Verdict::Right => continue,
            // It is told once for each status, not once for each input.
            Verdict::Undocumented(status) if !undocumented.insert(status) => continue,
            Verdict::Undocumented(status) => (
                GENERAL.contains(&status),
                format!("{status} is not documented, and refuses {what}"),
            ),
            Verdict::Accepted => (
                response.form.owed == ExpectedOutcome::RefusalOrLenience,
                format!("{what} is accepted"),
            ),
        };
        let severity = if warns {
            Severity::Warning
        } else {
            Severity::Failure
        };
        let expected = format!("a 4xx among {}", statuses(operation));
        let mut found = finding(severity, message, expected, &response.observed);
        found.place = Some(response.form.place.to_string());
        judged.findings.push(found);
    }
    judged
}

/// What a response makes of a wrong form.
#[derive(Clone, Copy)]
enum Verdict {
    Right,
    /// It is refused, with a status that the document does not name.
    Undocumented(u16),
    Accepted,
}

/// `None` where a response says nothing: a 5xx is told by `no-server-error`.
fn verdict(operation: &Operation, response: &Response) -> Option<Verdict> {
    let status = response.observed.status?;
    if response.form.owed == ExpectedOutcome::Answer || status >= 500 {
        return None;
    }
    if !(400..500).contains(&status) {
        return Some(Verdict::Accepted);
    }
    let right = documented(operation, status).is_some() || is_plain_refusal(operation, status);
    Some(if right {
        Verdict::Right
    } else {
        Verdict::Undocumented(status)
    })
}

/// HTTP's own word for a request that cannot be read needs no entry where the document names no
/// refusal of input at all; where it names one, that is the one to give.
fn is_plain_refusal(operation: &Operation, status: u16) -> bool {
    status == 400
        && documented(operation, 400)
            .or(documented(operation, 422))
            .is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{contract, counted, observed};
    use plumbline_specs::Pointer;

    fn response(id: u64, status: u16, owed: ExpectedOutcome) -> Response {
        Response {
            form: Invalid {
                what: format!("form {id}"),
                request: Request::default(),
                place: Pointer::root(),
                owed,
            },
            observed: observed(id, status),
        }
    }

    #[test]
    fn what_is_forbidden_has_to_be_refused() {
        use ExpectedOutcome::{Answer, Refusal, RefusalOrLenience};
        let contract = contract();
        let create = contract.operation("createRoom").unwrap();
        for (status, owed, looked_at, finding) in [
            (409, Refusal, 1, None),
            // HTTP's own word, where the document has none for it.
            (400, Refusal, 1, None),
            (
                422,
                Refusal,
                1,
                Some("warns: 422 is not documented, and refuses form 1 [1]"),
            ),
            (
                418,
                Refusal,
                1,
                Some("fails: 418 is not documented, and refuses form 1 [1]"),
            ),
            (201, Refusal, 1, Some("fails: form 1 is accepted [1]")),
            (
                201,
                RefusalOrLenience,
                1,
                Some("warns: form 1 is accepted [1]"),
            ),
            (201, Answer, 0, None),
            (500, Refusal, 0, None),
        ] {
            let judged = judge(create, &[response(1, status, owed)]);
            let finding = finding.map(str::to_owned);
            let expected = (looked_at, Vec::from_iter(finding));
            assert_eq!(counted(&judged), expected, "{status} {owed:?}");
        }
    }

    #[test]
    fn an_undocumented_refusal_is_told_once_for_each_status() {
        let contract = contract();
        let create = contract.operation("createRoom").unwrap();
        let responses = [(1, 422), (2, 422), (3, 415), (4, 422)]
            .map(|(id, status)| response(id, status, ExpectedOutcome::Refusal));
        let (looked_at, told) = counted(&judge(create, &responses));
        assert_eq!(looked_at, 4);
        assert_eq!(
            told,
            [
                "warns: 422 is not documented, and refuses form 1 [1]",
                "warns: 415 is not documented, and refuses form 3 [3]",
            ]
        );
    }
}
