//! `documented-status`: a reply's status is one that the document names.

use super::life_cycle::{send_new, succeeded};
use super::{Scene, finding};
use crate::contract::reply::{documented, statuses};
use crate::{Finding, Request, Severity};
use plumbline_specs::api::{Operation, Role};

/// Sends a valid request and judges its status; the rest is judged as it passes. A documented
/// refusal warns: a document may leave out what a server demands besides. A refusal for want of
/// credentials fails: they are for who runs it to give, and without them nothing else was seen. Where
/// no valid request can be made (a pattern that cannot be followed, a text of gigabytes), its refusal
/// says nothing.
pub(crate) async fn valid_request(
    scene: Scene<'_>,
    operation: &Operation,
    request: Request,
) -> Vec<Finding> {
    let is_valid = scene
        .contract
        .check_request(operation, &request)
        .iter()
        .all(|violation| violation.severity != Severity::Failure);
    let mut exchange = scene.session.fetch(request.clone()).await;
    let creates = operation.resource.as_ref().map(|own| own.role) == Some(Role::Create);
    if creates && !succeeded(&exchange) {
        exchange = send_new(scene, operation, request).await;
    }
    let Some(status) = exchange.status() else {
        return Vec::new();
    };
    if !(400..500).contains(&status) {
        return Vec::new();
    }
    let credentials = status == 401 || status == 403 && !operation.security.is_empty();
    if !(is_valid || credentials) {
        return Vec::new();
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
    let mut finding = finding(
        severity,
        message,
        format!("a success among {}", statuses(operation)),
        &exchange,
    );
    finding.place = Some(operation.place.join("responses").to_string());
    vec![finding]
}
