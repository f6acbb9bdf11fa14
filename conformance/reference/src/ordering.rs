//! How values stand in an order.

use plumbline_specs::api::{Order, SortKey};
use serde_json::Value;
use std::cmp::Ordering;

/// A value that can be compared: null comes first, then booleans, numbers, times and text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rank {
    Null,
    Boolean(bool),
    Number(f64),
    Time(i64),
    Text(String),
}

impl Rank {
    /// The rank of a value; text that is a point in time is compared as one.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Boolean(*flag),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or_default()),
            Value::String(text) => text
                .parse()
                .ok()
                .and_then(|time: jiff::Timestamp| i64::try_from(time.as_nanosecond()).ok())
                .map_or_else(|| Self::Text(text.clone()), Self::Time),
            other => Self::Text(other.to_string()),
        }
    }

    fn class(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Boolean(_) => 1,
            Self::Number(_) => 2,
            Self::Time(_) => 3,
            Self::Text(_) => 4,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(own), Self::Boolean(other)) => own.cmp(other),
            (Self::Number(own), Self::Number(other)) => own.total_cmp(other),
            (Self::Time(own), Self::Time(other)) => own.cmp(other),
            (Self::Text(own), Self::Text(other)) => own.cmp(other),
            _ => self.class().cmp(&other.class()),
        }
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.compare(other))
    }
}

/// An item's place in an order, its number in the collection breaking ties.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standing {
    /// One for each key of the order.
    pub(super) ranks: Vec<Rank>,
    /// The item's number.
    pub(super) sequence: u64,
}

impl Standing {
    /// The standing of an item.
    pub(super) fn of(order: &[SortKey], item: &Value, sequence: u64) -> Self {
        Self {
            ranks: order
                .iter()
                .map(|key| item.pointer(key.item.as_str()).map_or(Rank::Null, Rank::of))
                .collect(),
            sequence,
        }
    }

    /// Compares two standings in one order.
    pub(super) fn compare(&self, other: &Self, order: &[SortKey]) -> Ordering {
        for ((own, other), key) in self.ranks.iter().zip(&other.ranks).zip(order) {
            let ordering = match key.order {
                Order::Ascending => own.compare(other),
                Order::Descending => other.compare(own),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        self.sequence.cmp(&other.sequence)
    }
}
