//! Two recordings of one scenario: what differs between them is volatile, what is the same is
//! compared from now on.

use super::capture::leaves;
use super::matchers::{MOST, form, path};
use super::settle::settle;
use crate::Contract;
use crate::codes;
use crate::fixture::{Body, Compare, Fixture, Is, Kind, Matcher, Step, Subject};
use plumbline_specs::Diagnostic;
use serde_json::Value;

/// Merges a second recording into the first: the first one's exchanges and values stay, and its
/// comparisons are made anew. Exchanges are aligned by operation, in order; one that only one of
/// the recordings has keeps its comparisons as they are, and a note tells of it.
pub fn again(
    contract: &Contract,
    first: &Fixture,
    second: &Fixture,
    notes: &mut Vec<Diagnostic>,
) -> Fixture {
    let mut merged = first.clone();
    let mut others = second.exchanges.as_slice();
    for step in &mut merged.exchanges {
        let at = others
            .iter()
            .position(|other| other.operation == step.operation);
        let Some((at, other)) = at.and_then(|at| Some((at, others.get(at)?))) else {
            notes.push(Diagnostic::warning(
                codes::RECORDED_ONCE,
                format!("the second recording has no exchange like `{}`", step.id),
            ));
            continue;
        };
        if step.response.status == other.response.status {
            step.compare = compared(step, other);
        } else {
            notes.push(Diagnostic::warning(
                codes::STATUS_DIFFERS,
                format!(
                    "`{}` was answered {} and then {}",
                    step.id, step.response.status, other.response.status
                ),
            ));
            step.compare.clear();
        }
        others = others.get(at + 1..).unwrap_or_default();
    }
    settle(contract, &mut merged, &[], notes);
    merged
}

/// The comparisons of an answer that came twice. Variables stand for captured values already, so
/// that these are equal where they have to be.
fn compared(one: &Step, other: &Step) -> Vec<Compare> {
    let (Some(Body::Json(first)), Some(Body::Json(second))) =
        (&one.response.body, &other.response.body)
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    leaves(first, "", &mut |pointer, value| {
        let Some(path) = path(first, pointer) else {
            return;
        };
        let matcher = match second.pointer(pointer) {
            // What stands in for a secret is no value of the server's.
            Some(same) if same == value && value.to_string().contains("plumbline-secret-") => {
                return;
            }
            Some(same) if same == value => match form(value) {
                // A server may well have been restarted within one second.
                Some(is) => Matcher::Is(is),
                None => Matcher::Equals(value.clone()),
            },
            Some(differs) => match (form(value), form(differs)) {
                (Some(is), Some(own)) if is == own => Matcher::Is(is),
                _ if kind(value) == kind(differs) => Matcher::Type(kind(value)),
                _ => Matcher::Is(Is::Ignored),
            },
            None => Matcher::Is(Is::Ignored),
        };
        found.push(Compare {
            subject: Subject::Path(path),
            matcher,
        });
    });
    found.truncate(MOST);
    found
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}
