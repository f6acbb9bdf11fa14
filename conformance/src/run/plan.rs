//! What a run would send, said beforehand; nothing is sent for it, and no connection made.

use super::{Options, RunError, check_options, given, given_values, selection};
use crate::contract::decoded;
use crate::guard::{Effect, Guard, variables};
use crate::invent::invalid;
use crate::{Contract, Request, Target, Values};
use plumbline_specs::api::{Expression, Operation};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// What a run would send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Every operation, in the document's order.
    pub operations: Vec<Planned>,
    /// The fixtures that would be replayed: name and how many requests.
    pub fixtures: Vec<(String, usize)>,
}

/// What a run would send to one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// The operation's label.
    pub operation: String,
    /// Its method and path.
    pub route: String,
    /// What would be sent, a request of each kind; none where it is left out.
    pub requests: Vec<String>,
    /// Why it is sent, or why it is left out.
    pub why: String,
}

/// Says what [`verify`](super::verify) would send with the same options: ids that only the target
/// knows stand as `{name}`.
///
/// # Errors
///
/// When the options name what there is not.
pub fn plan(
    contract: &Arc<Contract>,
    target: &Target,
    options: &Options,
) -> Result<Plan, RunError> {
    check_options(contract, options)?;
    given::check(contract, target, options)?;
    let guard = selection::guard(Arc::clone(contract), target.base.clone(), options);
    let values = given_values(target, options);
    let only: Vec<&String> = options
        .only
        .iter()
        .filter(|id| contract.operation(id).is_some())
        .collect();
    let operations = contract.api.operations.iter().map(|operation| {
        let label = operation.label();
        if !only.is_empty()
            && !only.iter().any(|own| {
                contract
                    .operation(own)
                    .is_some_and(|own| own.label() == label)
            })
        {
            return planned(
                operation,
                Vec::new(),
                "left out: --only names others".to_owned(),
            );
        }
        one(contract, &guard, operation, &values)
    });
    let operations = operations.collect();
    let fixtures = options.fixtures.iter();
    let fixtures = fixtures
        .filter(|fixture| options.writes || !fixture.writes)
        .map(|fixture| (fixture.name.clone(), fixture.exchanges.len()))
        .collect();
    Ok(Plan {
        operations,
        fixtures,
    })
}

fn planned(operation: &Operation, requests: Vec<String>, why: String) -> Planned {
    Planned {
        operation: operation.label(),
        route: format!("{} {}", operation.method, operation.path),
        requests,
        why,
    }
}

fn one(contract: &Contract, guard: &Guard, operation: &Operation, values: &Values) -> Planned {
    let effect = guard.effect(operation);
    if let Err(left_out) = guard.allows(operation) {
        return planned(operation, Vec::new(), format!("left out: {left_out}"));
    }
    let owned = match &effect {
        Effect::Changes(items) | Effect::Upserts(items) => Some(items),
        _ => None,
    };
    if let Some(items) = owned
        && !is_created(contract, guard, operation)
    {
        let where_ids = items.place.to_string();
        let why = format!(
            "left out: it would change what this run has not created: nothing in the document \
             creates what {where_ids} names"
        );
        return planned(operation, Vec::new(), why);
    }
    let request = filled(contract, operation, values, owned.map(|items| &items.place));
    let mut requests = vec![display(&request)];
    let wrong = invalid::requests(contract, operation, &request, values).len();
    if wrong > 0 {
        requests.push(format!("up to {wrong} that the document forbids"));
    }
    if operation.pagination.is_some() && effect == Effect::Reads {
        requests.push("walks by its profile, up to 600".to_owned());
    }
    let why = match &effect {
        Effect::Reads if operation.method.is_safe() => "sent: it only reads".to_owned(),
        Effect::Reads => {
            "sent: it only reads, as its profile and name or the overlay say".to_owned()
        }
        Effect::Creates => {
            "sent: it adds something, which is deleted in the end where that is known".to_owned()
        }
        Effect::Upserts(_) => "sent: under an id or an owner of this run's own".to_owned(),
        Effect::Changes(items) if items.deletes => "sent: for what this run has created".to_owned(),
        Effect::Changes(_) => "sent: on what this run has created".to_owned(),
        Effect::Undirected => "sent: --also names it; it may act on all there is".to_owned(),
    };
    planned(operation, requests, why)
}

/// Whether an operation creates what another one changes.
fn is_created(contract: &Contract, guard: &Guard, operation: &Operation) -> bool {
    let operations = &contract.api.operations;
    let adds = |other: &&Operation| {
        matches!(guard.effect(other), Effect::Creates | Effect::Upserts(_))
            && guard.allows(other).is_ok()
    };
    if let Some(resource) = &operation.resource {
        return operations.iter().filter(adds).any(|other| {
            other.resource.as_ref().is_some_and(|own| {
                own.collection == resource.collection
                    || resource
                        .parent
                        .as_ref()
                        .is_some_and(|parent| parent.collection == own.collection)
            })
        });
    }
    let Some(name) = variables(&operation.path).last() else {
        return false;
    };
    let Some(path) = crate::contract::before(&operation.path, name) else {
        return false;
    };
    operations
        .iter()
        .filter(adds)
        .any(|other| crate::contract::shape(&other.path) == path)
}

/// A request with the names of what is not known in place of values.
fn filled(
    contract: &Contract,
    operation: &Operation,
    values: &Values,
    owned: Option<&Expression>,
) -> Request {
    let label = operation.label();
    let mut values = values.clone();
    if let Some(Expression::RequestPath(name)) = owned {
        values.set(format!("{label}.{name}"), format!("{{{name}}}"));
    }
    for _ in 0..=operation.parameters.len() {
        match contract.request(operation, &values) {
            Ok(request) => return request,
            Err(missing) => {
                let name = &missing.parameter;
                values.set(format!("{label}.{name}"), format!("{{{name}}}"));
            }
        }
    }
    Request {
        operation: label,
        method: operation.method.as_str().to_owned(),
        path: operation.path.clone(),
        ..Request::default()
    }
}

fn display(request: &Request) -> String {
    let mut text = format!("{} {}", request.method, decoded(&request.path_and_query()));
    if let Some(body) = request.body.as_deref().map(String::from_utf8_lossy) {
        text.push(' ');
        text.push_str(&crate::shorten::shorten(&body, 200));
    }
    text
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = crate::report::escape::line;
        for planned in &self.operations {
            let (operation, route) = (line(&planned.operation), line(&planned.route));
            if operation == route {
                writeln!(formatter, "{route}")?;
            } else {
                writeln!(formatter, "{route} ({operation})")?;
            }
            writeln!(formatter, "  {}", line(&planned.why))?;
            for request in &planned.requests {
                writeln!(formatter, "    {}", line(request))?;
            }
        }
        for (name, count) in &self.fixtures {
            writeln!(formatter, "fixture {}: {count} requests", line(name))?;
        }
        let sent = self
            .operations
            .iter()
            .filter(|one| !one.requests.is_empty());
        let sent = sent.count();
        let left_out = self.operations.len() - sent;
        writeln!(
            formatter,
            "{sent} operations would be asked, {left_out} left out; nothing was sent"
        )
    }
}
