//! How items compare: the client's side of an order and of a filter.
//!
//! A document does not say how a server collates text or where it puts nulls, so an order
//! holds when it holds under any of the usual ways, the same way for the whole walk.

use super::observations::Item;
use plumbline_specs::api::{Filter, Match, Order, SortKey};
use serde_json::Value;
use std::cmp::Ordering;

/// A way to compare values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    collation: Collation,
    nulls_last: bool,
}

/// How text compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Collation {
    /// By code point.
    Bytes,
    /// Upper and lower case alike.
    IgnoringCase,
    /// As most locales do at first: letters and digits alone, case aside.
    Letters,
}

/// Every way that is tried.
const WAYS: [Way; 6] = [
    Way::new(Collation::Bytes, true),
    Way::new(Collation::Bytes, false),
    Way::new(Collation::IgnoringCase, true),
    Way::new(Collation::IgnoringCase, false),
    Way::new(Collation::Letters, true),
    Way::new(Collation::Letters, false),
];

impl Way {
    const fn new(collation: Collation, nulls_last: bool) -> Self {
        Self {
            collation,
            nulls_last,
        }
    }
}

/// The first place where items do not stand in this order: the index of the latter of two
/// neighbours. `None` when they all do, in one way or another.
pub(super) fn out_of_order(items: &[&Item], by: &[SortKey]) -> Option<usize> {
    let mut worst = None;
    for way in WAYS {
        let broken = items
            .windows(2)
            .position(|pair| matches!(pair, [left, right] if compare(left, right, by, way).is_gt()))
            .map(|index| index + 1);
        match broken {
            None => return None,
            // The way that holds longest is the likeliest to be meant.
            Some(index) => worst = worst.max(Some(index)),
        }
    }
    worst
}

/// Whether two items are ties: no order by these keys tells them apart.
pub(super) fn tied(left: &Item, right: &Item, by: &[SortKey]) -> bool {
    !by.is_empty()
        && compare(left, right, by, Way::new(Collation::Letters, true)) == Ordering::Equal
}

/// Whether an item has a value at each key of an order.
pub(super) fn has_keys(item: &Item, by: &[SortKey]) -> bool {
    by.iter().all(|key| at(item, key).is_some())
}

fn at<'a>(item: &'a Item, key: &SortKey) -> Option<&'a Value> {
    item.value
        .pointer(key.item.as_str())
        .filter(|value| !value.is_null())
}

fn compare(left: &Item, right: &Item, by: &[SortKey], way: Way) -> Ordering {
    for key in by {
        let ordering = match (at(left, key), at(right, key)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) if way.nulls_last => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) if way.nulls_last => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => {
                let ordering = values(left, right, way.collation);
                match key.order {
                    Order::Ascending => ordering,
                    Order::Descending => ordering.reverse(),
                }
            }
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}

fn values(left: &Value, right: &Value, collation: Collation) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => left
                .as_f64()
                .unwrap_or(f64::NAN)
                .total_cmp(&right.as_f64().unwrap_or(f64::NAN)),
        },
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::String(left), Value::String(right)) => match (instant(left), instant(right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => collate(left, collation).cmp(&collate(right, collation)),
        },
        // Values of several types: no order is known, so none is broken.
        _ => Ordering::Equal,
    }
}

fn collate(text: &str, collation: Collation) -> String {
    match collation {
        Collation::Bytes => text.to_owned(),
        Collation::IgnoringCase => text.to_lowercase(),
        Collation::Letters => text
            .chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect(),
    }
}

/// A date-time; without an offset, as FastAPI sends them, it is read as UTC.
fn instant(text: &str) -> Option<jiff::Timestamp> {
    // Most strings are none; this spares the parser.
    if !text.starts_with(|character: char| character.is_ascii_digit()) || !text.contains(':') {
        return None;
    }
    text.parse().ok().or_else(|| {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        Some(local.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

/// Whether a filter at a value selects an item. `None` where that is open: an item that
/// stands exactly on the border of `before` or `after`.
pub(super) fn selects(filter: &Filter, value: &Value, item: &Item) -> Option<bool> {
    let Some(own) = item
        .value
        .pointer(filter.item.as_str())
        .filter(|own| !own.is_null())
    else {
        return Some(false);
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match filter.matches {
        Match::Equals => Some(same(own, value)),
        Match::OneOf => Some(match own {
            Value::Array(members) => members.iter().any(|member| same(member, value)),
            own => same(own, value),
        }),
        Match::Contains => Some(text(own).contains(&text(value))),
        Match::ContainsIgnoringCase => Some(
            text(own)
                .to_lowercase()
                .contains(&text(value).to_lowercase()),
        ),
        Match::Before | Match::After => match values(own, value, Collation::Bytes) {
            Ordering::Equal => None,
            ordering => Some((filter.matches == Match::Before) == ordering.is_lt()),
        },
    }
}

/// Equality, with numbers compared as numbers and instants as instants.
fn same(left: &Value, right: &Value) -> bool {
    left == right
        || match (left, right) {
            (Value::Number(_), Value::Number(_)) | (Value::String(_), Value::String(_)) => {
                values(left, right, Collation::Bytes) == Ordering::Equal
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_specs::Pointer;
    use serde_json::json;
    use std::sync::Arc;

    fn items(values: &[Value]) -> Vec<Item> {
        values
            .iter()
            .map(|value| Item {
                key: value.to_string().into(),
                value: Arc::new(json!({ "v": value })),
            })
            .collect()
    }

    fn by(order: Order) -> Vec<SortKey> {
        vec![SortKey {
            item: Pointer::parse("/v").unwrap(),
            order,
        }]
    }

    #[test]
    fn orders_hold_under_any_usual_collation() {
        for (values, order, broken) in [
            (json!([1, 2, 10]), Order::Ascending, None),
            (json!([10, 2, 1.5]), Order::Descending, None),
            (json!([1, 3, 2]), Order::Ascending, Some(2)),
            (json!(["B", "a", "c"]), Order::Ascending, None),
            (json!(["a", "B", "c"]), Order::Ascending, None),
            (json!(["a-c", "ab", "a_d"]), Order::Ascending, Some(2)),
            (json!(["a-b", "ac", "a_d"]), Order::Ascending, None),
            (json!([null, 1, 2]), Order::Ascending, None),
            (json!([1, 2, null]), Order::Ascending, None),
            (json!([1, null, 2]), Order::Ascending, Some(2)),
            (
                json!(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z"]),
                Order::Ascending,
                None,
            ),
            (
                json!(["2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00"]),
                Order::Ascending,
                None,
            ),
        ] {
            let items = items(values.as_array().unwrap());
            let items: Vec<&Item> = items.iter().collect();
            assert_eq!(out_of_order(&items, &by(order)), broken, "{values}");
        }
    }

    #[test]
    fn filters_select_as_their_names_say() {
        for (matches, own, value, selected) in [
            (Match::Equals, json!("a"), json!("a"), Some(true)),
            (Match::Equals, json!(1), json!(1.0), Some(true)),
            (Match::Equals, json!(null), json!("a"), Some(false)),
            (Match::OneOf, json!(["a", "b"]), json!("b"), Some(true)),
            (Match::Contains, json!("Abc"), json!("bc"), Some(true)),
            (Match::Contains, json!("Abc"), json!("BC"), Some(false)),
            (
                Match::ContainsIgnoringCase,
                json!("Abc"),
                json!("BC"),
                Some(true),
            ),
            (Match::Before, json!(1), json!(2), Some(true)),
            (Match::Before, json!(2), json!(2), None),
            (Match::After, json!(1), json!(2), Some(false)),
        ] {
            let filter = Filter {
                set: Default::default(),
                item: Pointer::parse("/v").unwrap(),
                matches,
            };
            let item = items(std::slice::from_ref(&own)).remove(0);
            assert_eq!(selects(&filter, &value, &item), selected, "{own} {value}");
        }
    }
}
