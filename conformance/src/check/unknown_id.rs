//! `unknown-id`: an id that nothing has is answered with the documented status.

use super::{Scene, finding};
use crate::contract::reply::{documented, statuses};
use crate::contract::{collection_of, path_value, with_path_value};
use crate::expression::{Substitution, put, read_request};
use crate::guard::of_kind;
use crate::{Contract, Exchange, Finding, Outcome, Request, Severity, rule};
use plumbline_specs::api::{Expression, Location, Operation, Parameter, Role};
use serde_json::Value;

/// Replaces the id that a valid request names by one of its kind that nothing has: the last one in
/// its path, or where `x-resource` says that one stands in its query or body.
pub(crate) async fn unknown_id(
    scene: Scene<'_>,
    operation: &Operation,
    valid: &Request,
) -> Option<Outcome> {
    let label = operation.label();
    let Some(parameter) = path_parameters(operation).pop() else {
        let request = elsewhere(scene, operation, valid)?;
        return Some(told(scene, operation, request).await);
    };
    if crate::invent::has_few_values(&scene.contract.api, parameter.schema) {
        return None;
    }
    if !is_of_known_collection(scene.contract, operation, parameter) {
        return Some(Outcome::skipped(
            rule::check::UNKNOWN_ID,
            &label,
            format!(
                "nothing in the document says what `{}` names",
                parameter.name
            ),
        ));
    }
    let known = path_value(operation, &valid.path, &parameter.name)?;
    let mut request = valid.clone();
    let unknown = unknown(scene, operation, valid, Some(&parameter.name), &known);
    request.path = with_path_value(operation, &valid.path, &parameter.name, &unknown);
    Some(told(scene, operation, request).await)
}

/// Sends the request and judges its answer.
async fn told(scene: Scene<'_>, operation: &Operation, request: Request) -> Outcome {
    // An id that is gone now was there when the same request was sent before.
    let exchange = if scene.contract.only_reads(operation) {
        scene.session.fetch(request).await
    } else {
        scene.session.send(request).await
    };
    if let Some(reason) = exchange.left_out() {
        return Outcome::skipped(rule::check::UNKNOWN_ID, &operation.label(), reason);
    }
    // A server that fails, or says nothing, has not said what it knows.
    let looked_at = usize::from(exchange.status().is_some_and(|status| status < 500));
    Outcome::looked(
        rule::check::UNKNOWN_ID,
        &operation.label(),
        looked_at,
        judge(operation, &exchange).into_iter().collect(),
        "no request with an unknown id was answered",
    )
}

/// An id of a known one's kind that nothing has. What writes takes one that nothing can have: an id
/// that merely looks unlikely may be somebody's.
fn unknown(
    scene: Scene<'_>,
    operation: &Operation,
    valid: &Request,
    parameter: Option<&str>,
    known: &str,
) -> String {
    match scene.session.guard() {
        Some(guard) if !scene.contract.only_reads(operation) => {
            guard.unknown(operation, valid, parameter, known)
        }
        _ => unlike(known),
    }
}

/// A request with an unknown id in its query or body; `None` where it names none there.
fn elsewhere(scene: Scene<'_>, operation: &Operation, valid: &Request) -> Option<Request> {
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
    let other = match read_request(&scene.contract.api, operation, valid, place)? {
        Value::String(known) => unknown(scene, operation, valid, None, &known).into(),
        known => {
            let unknown = unknown(scene, operation, valid, None, &known.to_string());
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

fn judge(operation: &Operation, exchange: &Exchange) -> Option<Finding> {
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
        exchange,
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
