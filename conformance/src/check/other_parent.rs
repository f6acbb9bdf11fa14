//! `other-parent`: an item is not readable under a parent that it does not belong to.

use super::unknown_id::{path_parameters, unlike};
use super::{Scene, finding};
use crate::contract::{path_value, with_path_value};
use crate::{Outcome, Request, Severity, rule};
use plumbline_specs::api::Operation;

/// Asks for a known item below another parent: one that was met, or else one that is not there.
pub(crate) async fn other_parent(
    scene: Scene<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Outcome> {
    let label = operation.label();
    let in_path = path_parameters(operation);
    let [parent, .., _] = in_path.as_slice() else {
        return None;
    };
    // Only what reads one item shows whose it is.
    let list = operation.pagination.is_some();
    if list || !operation.method.is_safe() {
        return None;
    }
    let own = path_value(operation, &valid.path, &parent.name)?;
    let other = scene
        .values
        .candidates(operation, parent)
        .into_iter()
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
        .find(|value| *value != own)
        .unwrap_or_else(|| unlike(&own));
    let known = scene.session.fetch(valid.clone()).await;
    if known.status().is_none_or(|status| status >= 300) {
        return Some(Outcome::skipped(
            rule::check::OTHER_PARENT,
            &label,
            "the item itself could not be read",
        ));
    }
    let mut request = valid.clone();
    request.path = with_path_value(operation, &valid.path, &parent.name, &other);
    let exchange = scene.session.fetch(request).await;
    let mut findings = Vec::new();
    if exchange.status().is_some_and(|status| status < 300) {
        let mut found = finding(
            Severity::Failure,
            format!("the item is readable with another `{}`", parent.name),
            "a 4xx",
            &exchange,
        );
        found.evidence.insert(0, known.id);
        found.place = Some(operation.place.to_string());
        findings.push(found);
    }
    let looked_at = usize::from(exchange.status().is_some_and(|status| status < 500));
    let nothing = "the request under another parent was not answered";
    Some(Outcome::looked(
        rule::check::OTHER_PARENT,
        &label,
        looked_at,
        findings,
        nothing,
    ))
}
