//! `other-parent`: an item is not readable under a parent that it does not belong to.

use super::unknown_id::{path_parameters, unlike};
use super::{CheckContext, Judged, Observed, Probed, finding, outcome};
use crate::contract::{path_value, text, with_path_value};
use crate::{Outcome, Request, Severity, rule};
use plumbline_specs::api::Operation;

/// Asks for a known item below another parent: one that was met, or else one that is not there.
pub(crate) async fn other_parent(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Outcome> {
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
    let other = context
        .values
        .candidates(operation, parent)
        .into_iter()
        .map(text)
        .find(|value| *value != own)
        .unwrap_or_else(|| unlike(&own));
    let mut request = valid.clone();
    request.path = with_path_value(operation, &valid.path, &parent.name, &other);
    let probed = probe(context, valid.clone(), request).await;
    let judged = probed.map(|reads| judge(operation, &parent.name, &reads));
    let nothing = "the request under another parent was not answered";
    Some(outcome(
        rule::check::OTHER_PARENT,
        operation,
        judged,
        nothing,
    ))
}

/// Two reads of an item: below its own parent, and below another.
struct Reads {
    own: Observed,
    other: Observed,
}

async fn probe(context: CheckContext<'_>, own: Request, other: Request) -> Probed<Reads> {
    let own = Observed::from(&*context.session.fetch(own).await);
    if own.status.is_none_or(|status| status >= 300) {
        return Err("the item itself could not be read".to_owned());
    }
    let other = Observed::from(&*context.session.fetch(other).await);
    Ok(Reads { own, other })
}

fn judge(operation: &Operation, parent: &str, reads: &Reads) -> Judged {
    let mut judged = Judged {
        looked_at: usize::from(reads.other.is_answered()),
        ..Judged::default()
    };
    if reads.other.status.is_some_and(|status| status < 300) {
        let message = format!("the item is readable with another `{parent}`");
        let mut found = finding(Severity::Failure, message, "a 4xx", &reads.other);
        found.evidence.insert(0, reads.own.id);
        found.place = Some(operation.place.to_string());
        judged.findings.push(found);
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{contract, counted, observed};

    #[test]
    fn an_item_is_read_below_its_own_parent_alone() {
        let contract = contract();
        let get = contract.operation("getRoom").unwrap();
        let found = "fails: the item is readable with another `house` [1, 2]";
        for (status, looked_at, findings) in [
            (404, 1, None),
            (500, 0, None),
            (200, 1, Some(found.to_owned())),
        ] {
            let reads = Reads {
                own: observed(1, 200),
                other: observed(2, status),
            };
            let expected = (looked_at, Vec::from_iter(findings));
            assert_eq!(counted(&judge(get, "house", &reads)), expected);
        }
    }
}
