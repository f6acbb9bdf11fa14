//! `bad-input`: what the document forbids is refused, in a documented way.

use super::{Scene, finding};
use crate::contract::reply::{documented, statuses};
use crate::invent::invalid::{self, Owed};
use crate::{Exchange, Finding, Outcome, Request, Severity, rule};
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
pub(crate) async fn bad_input(scene: Scene<'_>, operation: &Operation, valid: &Request) -> Outcome {
    let label = operation.label();
    let mut forms = invalid::requests(scene.contract, operation, valid, scene.values);
    if let Some(guard) = scene.session.guard() {
        for form in &mut forms {
            guard.freshen(operation, &mut form.request);
        }
    }
    if forms.is_empty() {
        return Outcome::skipped(
            rule::check::BAD_INPUT,
            &label,
            "the document forbids nothing that can be sent",
        );
    }
    let mut reason = None;
    let (forms, held): (Vec<_>, Vec<_>) = forms.into_iter().partition(|form| {
        let permit = scene.session.permit(&form.request);
        reason = permit.as_ref().err().cloned().or(reason.take());
        permit.is_ok()
    });
    if let (true, Some(reason)) = (forms.is_empty(), reason) {
        let held = held.len();
        return Outcome::skipped(
            rule::check::BAD_INPUT,
            &label,
            format!("of its {held} wrong forms none may be sent: {reason}"),
        );
    }
    let sent = forms.into_iter().map(|form| async move {
        let exchange = scene.session.fetch(form.request.clone()).await;
        judge(operation, &form, &exchange)
    });
    // Two that write at once could meet, and the refusal of one be the other's doing.
    let at_once = if operation.method.is_safe() { 64 } else { 1 };
    let judged: Vec<Option<Option<Finding>>> = stream::iter(sent).buffered(at_once).collect().await;
    let looked_at = judged.iter().flatten().count();
    let mut findings: Vec<Finding> = judged.into_iter().flatten().flatten().collect();
    once_each_status(&mut findings);
    let nothing = "no wrong request was answered, or none that has to be refused";
    Outcome::looked(rule::check::BAD_INPUT, &label, looked_at, findings, nothing)
}

/// How one wrong form was answered; `None` where that says nothing. A 5xx is told by
/// `no-server-error`.
fn judge(
    operation: &Operation,
    form: &invalid::Invalid,
    exchange: &Exchange,
) -> Option<Option<Finding>> {
    let status = exchange.status()?;
    if form.owed == Owed::Answer || status >= 500 {
        return None;
    }
    let refused = (400..500).contains(&status);
    if refused && (documented(operation, status).is_some() || is_plain_refusal(operation, status)) {
        return Some(None);
    }
    let (severity, message) = if refused {
        let severity = if GENERAL.contains(&status) {
            Severity::Warning
        } else {
            Severity::Failure
        };
        (
            severity,
            format!("{status} is not documented, and refuses {}", form.what),
        )
    } else if form.owed == Owed::RefusalOrLenience {
        (Severity::Warning, format!("{} is accepted", form.what))
    } else {
        (Severity::Failure, format!("{} is accepted", form.what))
    };
    let mut found = finding(
        severity,
        message,
        format!("a 4xx among {}", statuses(operation)),
        exchange,
    );
    found.place = Some(form.place.to_string());
    Some(Some(found))
}

/// HTTP's own word for a request that cannot be read needs no entry where the document names no
/// refusal of input at all; where it names one, that is the one to give.
fn is_plain_refusal(operation: &Operation, status: u16) -> bool {
    status == 400
        && documented(operation, 400)
            .or(documented(operation, 422))
            .is_none()
}

/// An undocumented refusal is told once for each status, not once for each input.
fn once_each_status(findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    findings.retain(|finding| {
        let status: String = finding.message.chars().take(4).collect();
        !finding.message.contains("is not documented") || seen.insert(status)
    });
}
