//! The values that a type is tried with, and whether what it makes of one is the same.

use crate::{Contract, Direction};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Kind, SchemaId, SchemaUsage};
use serde_json::{Number, Value};

/// How many ways to fill in what is optional and free are tried of each branch.
const SEEDS: u64 = 3;

/// How many branches of unions within a schema that is none itself are gone round.
const BRANCHES: usize = 4;

/// A value of a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Whether requests or responses hold it.
    pub direction: Direction,
    /// The value.
    pub value: Value,
    /// Whether the document allows it. What it does not, an unknown value of an enum, a client
    /// has to keep all the same.
    pub valid: bool,
}

/// Values to take through the type of the schema that stands at a place: every branch of a
/// union, what is optional present and absent, null where it is allowed, an unknown value of an
/// enum. Those that the inventor gets wrong, a pattern that it cannot follow, are left out.
pub fn trials(
    contract: &Contract,
    usage: &SchemaUsage,
    schema: SchemaId,
    place: &Pointer,
) -> Vec<Trial> {
    let schemas = &contract.api.schemas;
    let kind = &schemas[schemas.resolve(schema)].kind;
    let branches = match kind {
        Kind::Union { variants, .. } => variants.len(),
        _ => BRANCHES,
    };
    let mut trials: Vec<Trial> = Vec::new();
    // What only requests hold may demand what answers never have.
    let (sent, received) = (
        usage.in_requests.contains(&schema),
        usage.in_responses.contains(&schema),
    );
    let directions = [
        (Direction::Request, sent || !received),
        (Direction::Response, received || !sent),
    ];
    for (direction, _) in directions.into_iter().filter(|(_, goes)| *goes) {
        let mut add = |value: Value| {
            let known = |trial: &Trial| trial.direction == direction && trial.value == value;
            // Null alone is tried where a type is used: there stands the `Option`.
            if !value.is_null()
                && !trials.iter().any(known)
                && contract.is_valid(place, direction, &value)
            {
                trials.push(Trial {
                    direction,
                    value,
                    valid: true,
                });
            }
        };
        for branch in 0..branches {
            for seed in 0..SEEDS {
                let inventor = || contract.inventor(direction).variant(branch).seed(seed);
                add(inventor().value(schema));
                add(inventor().required_only().value(schema));
                add(inventor().mixed().value(schema));
            }
        }
    }
    if let Kind::String {
        values: Some(values),
        ..
    } = kind
        && values.len() > 1
    {
        trials.push(Trial {
            direction: Direction::Response,
            value: Value::from("a value of days to come"),
            valid: false,
        });
    }
    trials
}

/// The first place at which two values differ, with both; `None` when they are the same.
///
/// Numbers are the same by value (`1` and `1.0`), moments by instant (`Z` and `+00:00`): RFC
/// 8259, section 6, and RFC 3339, section 4.
pub fn difference(sent: &Value, came: &Value) -> Option<(Pointer, Value, Value)> {
    differing(sent, came, &Pointer::root())
}

fn differing(sent: &Value, came: &Value, at: &Pointer) -> Option<(Pointer, Value, Value)> {
    match (sent, came) {
        (Value::Object(one), Value::Object(other)) => {
            let gone = one.iter().find_map(|(key, value)| match other.get(key) {
                Some(there) => differing(value, there, &at.join(key)),
                None => Some((at.join(key), value.clone(), Value::from("(nothing)"))),
            });
            gone.or_else(|| {
                let (key, value) = other.iter().find(|(key, _)| !one.contains_key(*key))?;
                Some((at.join(key), Value::from("(nothing)"), value.clone()))
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find_map(|(index, (one, other))| differing(one, other, &at.index(index))),
        (Value::Number(one), Value::Number(other)) if same_number(one, other) => None,
        (Value::String(one), Value::String(other)) if same_text(one, other) => None,
        _ if sent == came => None,
        _ => Some((at.clone(), sent.clone(), came.clone())),
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    one == other || (one.as_f64() == other.as_f64() && one.is_f64() != other.is_f64())
}

fn same_text(one: &str, other: &str) -> bool {
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    one == other || moment(one).is_some_and(|moment_one| moment(other) == Some(moment_one))
}

#[cfg(test)]
mod tests {
    use super::difference;
    use serde_json::json;

    #[test]
    fn what_differs_is_found_where_it_stands() {
        let sent = json!({"a": [1, {"b": null}], "c": "x"});
        assert_eq!(difference(&sent, &sent), None);
        let lost = difference(&sent, &json!({"a": [1, {}], "c": "x"})).expect("a difference");
        assert_eq!(lost.0.as_str(), "/a/1/b");
        let more = difference(&sent, &json!({"a": [1, {"b": null}], "c": "x", "d": 1}));
        assert_eq!(more.expect("a difference").0.as_str(), "/d");
    }

    #[test]
    fn numbers_are_the_same_by_value_and_moments_by_instant() {
        assert_eq!(difference(&json!(1), &json!(1.0)), None);
        assert!(difference(&json!(9007199254740993_u64), &json!(9007199254740992_u64)).is_some());
        assert_eq!(
            difference(
                &json!("2026-01-01T00:00:00+00:00"),
                &json!("2026-01-01T00:00:00Z")
            ),
            None
        );
    }
}
