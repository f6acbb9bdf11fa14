//! What the macro `union!` builds on: choosing a variant by looking at the whole value.

use super::decode;
use serde::de::{self, DeserializeOwned};
use serde::ser::Serialize;
use serde_json::Value;

/// Reads a value as the variant that its tag chose. An error names the path within the variant.
pub fn variant<T: DeserializeOwned, E: de::Error>(value: &Value) -> Result<T, E> {
    T::deserialize(value).map_err(|_| match decode::locate::<T>(value) {
        Some((path, message)) => E::custom(decode::nest(&path, &message)),
        None => E::custom("a value that cannot be read twice"),
    })
}

/// A way to read one variant: `None` when the value is not of its kind.
type Attempt<'a, U> = &'a dyn Fn(&Value) -> Option<U>;

/// Takes the first variant that reads the value.
pub fn first<U, E: de::Error>(
    value: &Value,
    name: &str,
    attempts: &[Attempt<'_, U>],
) -> Result<U, E> {
    attempts
        .iter()
        .find_map(|attempt| attempt(value))
        .ok_or_else(|| no_variant(value, name))
}

/// Takes the first variant that keeps every member of the value, or else the first of those that
/// keep the most.
pub fn best<U: Serialize, E: de::Error>(
    value: &Value,
    name: &str,
    attempts: &[Attempt<'_, U>],
) -> Result<U, E> {
    let whole = size(value);
    let mut best: Option<(usize, U)> = None;
    for attempt in attempts {
        let Some(union) = attempt(value) else {
            continue;
        };
        let kept = kept(value, &union);
        if kept == whole {
            return Ok(union);
        }
        if best.as_ref().is_none_or(|(most, _)| kept > *most) {
            best = Some((kept, union));
        }
    }
    best.map(|(_, union)| union)
        .ok_or_else(|| no_variant(value, name))
}

/// Whether what was read from a value still has all of its members.
pub(super) fn keeps_all<T: Serialize>(value: &Value, read: &T) -> bool {
    kept(value, read) == size(value)
}

fn no_variant<E: de::Error>(value: &Value, name: &str) -> E {
    E::custom(format_args!(
        "invalid value: {}, expected a variant of {name}",
        decode::kind(value)
    ))
}

/// How many members and elements of a value are there again when what was read is written.
fn kept<T: Serialize>(value: &Value, read: &T) -> usize {
    serde_json::to_value(read).map_or(0, |again| common(value, &again))
}

/// How many members and elements a value has at any depth; null ones count nothing, as an absent
/// member and a null one often mean the same.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => members
            .values()
            .filter(|member| !member.is_null())
            .map(|member| 1 + size(member))
            .sum(),
        Value::Array(elements) => elements.iter().map(|element| 1 + size(element)).sum(),
        _ => 0,
    }
}

fn common(one: &Value, other: &Value) -> usize {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one
            .iter()
            .filter(|(_, member)| !member.is_null())
            .filter_map(|(key, member)| other.get(key).map(|again| 1 + common(member, again)))
            .sum(),
        (Value::Array(one), Value::Array(other)) => one
            .iter()
            .zip(other)
            .map(|(element, again)| 1 + common(element, again))
            .sum(),
        _ => 0,
    }
}
