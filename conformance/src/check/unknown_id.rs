//! `unknown-id`: an id that nothing has is answered with the documented status.

use super::{CheckContext, Judged, Observed, Probed, finding, outcome};
use crate::contract::reply::{documented, statuses};
use crate::contract::{collection_of, path_value, with_path_value};
use crate::expression::{Substitution, put, read_request};
use crate::guard::of_kind;
use crate::{Contract, Exchange, Finding, Outcome, Request, Severity, rule};
use plumbline_specs::api::{Expression, Location, Operation, Parameter, Role};
use serde_json::Value;
use std::sync::Arc;

/// Replaces the id that a valid request names by one of its kind that nothing has: the last one in
/// its path, or where `x-resource` says that one stands in its query or body.
pub(crate) async fn unknown_id(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Outcome> {
    let probed = probe(context, operation, valid).await?;
    let judged = probed.map(|exchange| judge(operation, &exchange));
    let nothing = "no request with an unknown id was answered";
    Some(outcome(rule::check::UNKNOWN_ID, operation, judged, nothing))
}

/// `None` where a request of this operation names no id that can be unknown.
async fn probe(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Probed<Arc<Exchange>>> {
    let Some(parameter) = path_parameters(operation).pop() else {
        return Some(send(context, operation, elsewhere(context, operation, valid)?).await);
    };
    if crate::invent::has_few_values(&context.contract.api, parameter.schema) {
        return None;
    }
    if !is_of_known_collection(context.contract, operation, parameter) {
        return Some(Err(format!(
            "nothing in the document says what `{}` names",
            parameter.name
        )));
    }
    let known = path_value(operation, &valid.path, &parameter.name)?;
    let mut request = valid.clone();
    let unknown = unknown(context, operation, valid, Some(&parameter.name), &known);
    request.path = with_path_value(operation, &valid.path, &parameter.name, &unknown);
    Some(send(context, operation, request).await)
}

async fn send(
    context: CheckContext<'_>,
    operation: &Operation,
    request: Request,
) -> Probed<Arc<Exchange>> {
    // An id that is gone now was there when the same request was sent before.
    let exchange = if context.contract.only_reads(operation) {
        context.session.fetch(request).await
    } else {
        context.session.send(request).await
    };
    match exchange.left_out() {
        Some(reason) => Err(reason.to_string()),
        None => Ok(exchange),
    }
}

/// An id of a known one's kind that nothing has. What writes takes one that nothing can have: an id
/// that merely looks unlikely may be somebody's.
fn unknown(
    context: CheckContext<'_>,
    operation: &Operation,
    valid: &Request,
    parameter: Option<&str>,
    known: &str,
) -> String {
    match context.session.guard() {
        Some(guard) if !context.contract.only_reads(operation) => {
            guard.unknown(operation, valid, parameter, known)
        }
        _ => unlike(known),
    }
}

/// A request with an unknown id in its query or body; `None` where it names none there.
fn elsewhere(context: CheckContext<'_>, operation: &Operation, valid: &Request) -> Option<Request> {
    let resource = operation.resource.as_ref()?;
    if !matches!(resource.role, Role::Get | Role::Update | Role::Delete) {
        return None;
    }
    let mut request = valid.clone();
    let place = resource.id.as_ref()?;
    if !matches!(
        place,
        Expression::RequestQuery(_) | Expression::RequestBody(_)
    ) {
        return None;
    }
    let other = match read_request(&context.contract.api, operation, valid, place)? {
        // A list of ids: whoever cannot read another value there may act on all there is.
        Value::Array(_) | Value::Object(_) => return None,
        Value::String(known) => unknown(context, operation, valid, None, &known).into(),
        known => {
            let unknown = unknown(context, operation, valid, None, &known.to_string());
            serde_json::from_str(&unknown).ok()?
        }
    };
    let other = Substitution::Value(&other);
    put(operation, &mut request, place, &other).then_some(request)
}

/// The parameters in the path, in its order.
pub(crate) fn path_parameters(operation: &Operation) -> Vec<&Parameter> {
    let mut found: Vec<(usize, &Parameter)> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Path)
        .filter_map(|parameter| {
            let at = operation.path.find(&format!("{{{}}}", parameter.name))?;
            Some((at, parameter))
        })
        .collect();
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, parameter)| parameter).collect()
}

/// Whether the server that the document describes can know which ids there are: another of its
/// operations lists, creates or reads what the parameter names.
fn is_of_known_collection(
    contract: &Contract,
    operation: &Operation,
    parameter: &Parameter,
) -> bool {
    let operations = &contract.api.operations;
    if let Some(collection) = collection_of(operation, parameter) {
        return operations
            .iter()
            .filter_map(|other| other.resource.as_ref())
            .any(|resource| {
                resource.collection == collection
                    && matches!(resource.role, Role::List | Role::Create | Role::Get)
            });
    }
    operation
        .path
        .split_once(&format!("/{{{}}}", parameter.name))
        .is_some_and(|(list, _)| operations.iter().any(|other| other.path == list))
}

/// An id of the same kind that no server has given out.
pub(crate) fn unlike(known: &str) -> String {
    let uuid = |version| match version {
        7 => "0197a000-0000-7000-8000-00000000dead",
        _ => "f0000000-0000-4000-8000-00000000dead",
    };
    let (number, text) = ("999999999", "plumbline-unknown");
    of_kind(known, |version| uuid(version).to_owned(), number, text)
}

fn judge(operation: &Operation, exchange: &Exchange) -> Judged {
    Judged {
        looked_at: usize::from(Observed::from(exchange).is_answered()),
        findings: known(operation, exchange).into_iter().collect(),
    }
}

/// The finding where an unknown id is answered as if it were known.
fn known(operation: &Operation, exchange: &Exchange) -> Option<Finding> {
    let reply = exchange.reply()?;
    let status = reply.status;
    let resource = operation.resource.as_ref();
    if let Some(promised) = resource.and_then(|resource| resource.unknown)
        && promised == status
    {
        return None;
    }
    let role = resource.map(|resource| resource.role);
    let (severity, message) = match status {
        400..=499 if documented(operation, status).is_some() => return None,
        400..=499 => (
            Severity::Warning,
            format!("an unknown id is answered with {status}, which is not documented"),
        ),
        500.. => return None,
        // Below a parent that is not there a list may be empty.
        _ if lists(operation) => {
            if no_items(operation, reply.json().as_ref()) {
                return None;
            }
            (
                Severity::Failure,
                "a parent that is not there has items".to_owned(),
            )
        }
        // That nothing is there any more is what a delete is for; an upsert makes it be there.
        _ if matches!(role, Some(Role::Delete | Role::Upsert))
            || operation.method.as_str() == "DELETE"
            || operation.method.as_str() == "PUT" =>
        {
            (
                Severity::Warning,
                format!("an unknown id is answered with {status}"),
            )
        }
        _ => (
            Severity::Failure,
            format!("an unknown id is answered with {status}"),
        ),
    };
    let mut found = finding(
        severity,
        message,
        format!("a 4xx among {}", statuses(operation)),
        &exchange.into(),
    );
    found.place = Some(operation.place.to_string());
    Some(found)
}

fn lists(operation: &Operation) -> bool {
    operation.pagination.is_some()
        || operation
            .resource
            .as_ref()
            .is_some_and(|resource| matches!(resource.role, Role::List | Role::Stream))
}

/// Whether a list's body holds no items.
fn no_items(operation: &Operation, body: Option<&Value>) -> bool {
    let Some(body) = body else {
        return true;
    };
    let expression = operation
        .pagination
        .as_ref()
        .map(|profile| &profile.items)
        .or_else(|| operation.resource.as_ref()?.output.as_ref());
    let items = match expression {
        Some(Expression::ResponseBody(pointer)) => body.pointer(pointer.as_str()),
        _ => Some(body),
    };
    items.and_then(Value::as_array).is_none_or(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{contract, counted, exchange};
    use serde_json::json;

    #[test]
    fn an_unknown_id_is_refused_as_the_document_says() {
        let contract = contract();
        let rooms = json!({"rooms": [{"id": "a"}]});
        for (label, status, body, looked_at, finding) in [
            ("getRoom", 404, json!({}), 1, None),
            (
                "getRoom",
                400,
                json!({}),
                1,
                Some("warns: an unknown id is answered with 400, which is not documented [1]"),
            ),
            ("getRoom", 500, json!({}), 0, None),
            (
                "getRoom",
                200,
                json!({}),
                1,
                Some("fails: an unknown id is answered with 200 [1]"),
            ),
            (
                "deleteRoom",
                204,
                json!({}),
                1,
                Some("warns: an unknown id is answered with 204 [1]"),
            ),
            (
                "putRoom",
                200,
                json!({}),
                1,
                Some("warns: an unknown id is answered with 200 [1]"),
            ),
            ("listRooms", 200, json!({"rooms": []}), 1, None),
            (
                "listRooms",
                200,
                rooms,
                1,
                Some("fails: a parent that is not there has items [1]"),
            ),
        ] {
            let operation = contract.operation(label).unwrap();
            let judged = judge(operation, &exchange(1, status, &body));
            let expected = (looked_at, Vec::from_iter(finding.map(str::to_owned)));
            assert_eq!(counted(&judged), expected, "{label} {status}");
        }
    }
}
