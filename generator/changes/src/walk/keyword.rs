//! Keywords of a schema that have one value: a row says how each is read and compared, and which
//! codes its changes have.

use super::graph::{Spot, Walk};
use super::schema::Annotations;
use crate::code::Code;
use crate::text;
use plumbline_specs::api::{Bounds, Kind};
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// Reads a keyword that says something of a type.
type OfType = for<'a> fn(&'a Kind) -> Reading<'a>;

/// Reads a keyword that stands around a type.
type OfAnnotations = for<'a> fn(&Annotations<'a>) -> Reading<'a>;

/// What a schema says of a keyword.
#[derive(Clone, Debug, PartialEq)]
enum Reading<'a> {
    /// Nothing, or the schema is of a type that the keyword does not speak of.
    Absent,
    /// It is set.
    Set,
    Text(&'a str),
    Number(&'a Number),
    Value(&'a Value),
    Count(u64),
    Limit(Limit),
}

/// A least or greatest value and whether it is itself allowed.
#[derive(Clone, Debug, PartialEq)]
struct Limit {
    number: Number,
    exclusive: bool,
}

/// How two readings are compared, and the codes of the ways in which they may differ.
#[derive(Clone, Copy, Debug)]
enum Compare {
    /// Added, removed, changed.
    Value([Code; 3]),
    /// Set, no longer set.
    Flag([Code; 2]),
    /// Raised, lowered; none is below all others.
    Least([Code; 2]),
    /// Raised, lowered; none is above all others.
    Greatest([Code; 2]),
}

/// What stands around a type.
#[rustfmt::skip]
const ANNOTATIONS: [(OfAnnotations, Compare); 5] = [
    (|own| set(own.nullable), Compare::Flag([Code::NullableAdded, Code::NullableRemoved])),
    (|own| set(own.read_only), Compare::Flag([Code::ReadOnlyAdded, Code::ReadOnlyRemoved])),
    (|own| set(own.write_only), Compare::Flag([Code::WriteOnlyAdded, Code::WriteOnlyRemoved])),
    (|own| set(own.deprecated), Compare::Flag([Code::SchemaDeprecated, Code::SchemaUndeprecated])),
    (default, Compare::Value([Code::DefaultAdded, Code::DefaultRemoved, Code::DefaultChanged])),
];

/// What is said of a type.
#[rustfmt::skip]
const OF_TYPES: [(OfType, Compare); 13] = [
    (format, Compare::Value([Code::FormatAdded, Code::FormatRemoved, Code::FormatChanged])),
    (minimum, Compare::Least([Code::MinimumRaised, Code::MinimumLowered])),
    (maximum, Compare::Greatest([Code::MaximumRaised, Code::MaximumLowered])),
    (multiple_of, Compare::Value([Code::MultipleOfAdded, Code::MultipleOfRemoved, Code::MultipleOfChanged])),
    (pattern, Compare::Value([Code::PatternAdded, Code::PatternRemoved, Code::PatternChanged])),
    (min_length, Compare::Least([Code::MinLengthRaised, Code::MinLengthLowered])),
    (max_length, Compare::Greatest([Code::MaxLengthRaised, Code::MaxLengthLowered])),
    (content_media_type, Compare::Value([Code::ContentChanged; 3])),
    (min_items, Compare::Least([Code::MinItemsRaised, Code::MinItemsLowered])),
    (max_items, Compare::Greatest([Code::MaxItemsRaised, Code::MaxItemsLowered])),
    (unique_items, Compare::Flag([Code::UniqueItemsAdded, Code::UniqueItemsRemoved])),
    (min_properties, Compare::Least([Code::MinPropertiesRaised, Code::MinPropertiesLowered])),
    (max_properties, Compare::Greatest([Code::MaxPropertiesRaised, Code::MaxPropertiesLowered])),
];

impl Walk<'_> {
    /// Compares what stands around two types.
    pub(super) fn annotations(
        &mut self,
        spot: &Spot,
        old: &Annotations<'_>,
        new: &Annotations<'_>,
    ) {
        for (read, compare) in ANNOTATIONS {
            self.keyword(spot, compare, &read(old), &read(new));
        }
    }

    /// Compares what is said of one type, or of an integer and a number.
    pub(super) fn keywords(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        for (read, compare) in OF_TYPES {
            self.keyword(spot, compare, &read(old), &read(new));
        }
    }

    fn keyword(&mut self, spot: &Spot, compare: Compare, old: &Reading<'_>, new: &Reading<'_>) {
        let Some(code) = compare.code(old, new) else {
            return;
        };
        let mut finding = spot.finding(self, code);
        finding.before = old.text(compare);
        finding.after = new.text(compare);
        self.find(finding);
    }
}

impl Compare {
    /// The code of what differs between two readings; `None` where nothing does.
    fn code(self, old: &Reading<'_>, new: &Reading<'_>) -> Option<Code> {
        let absent = |reading: &Reading<'_>| matches!(reading, Reading::Absent);
        let by_order = |order, [raised, lowered]: [Code; 2]| match order {
            Ordering::Less => Some(raised),
            Ordering::Greater => Some(lowered),
            Ordering::Equal => None,
        };
        match self {
            Self::Value([added, removed, changed]) => match (absent(old), absent(new)) {
                (true, false) => Some(added),
                (false, true) => Some(removed),
                _ => (old != new).then_some(changed),
            },
            Self::Flag([added, removed]) => match (absent(old), absent(new)) {
                (true, false) => Some(added),
                (false, true) => Some(removed),
                _ => None,
            },
            Self::Least(codes) => by_order(order(old, new, u64::MIN), codes),
            Self::Greatest(codes) => by_order(order(old, new, u64::MAX), codes),
        }
    }
}

impl Reading<'_> {
    /// The value in few words; `None` where there is none.
    fn text(&self, compare: Compare) -> Option<String> {
        match self {
            Self::Absent | Self::Set => None,
            Self::Text(text) => Some((*text).to_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Value(value) => Some(text::value(value)),
            Self::Count(count) => Some(count.to_string()),
            Self::Limit(limit) => {
                let sign = match compare {
                    Compare::Greatest(_) => '<',
                    Compare::Value(_) | Compare::Flag(_) | Compare::Least(_) => '>',
                };
                let equal = if limit.exclusive { "" } else { "=" };
                Some(format!("{sign}{equal} {}", limit.number))
            }
        }
    }
}

/// How two bounds stand to one another. A count that is not given is `unlimited`; a limit that is
/// not given is beyond all others on that side, and one that is excluded is the narrower one.
fn order(one: &Reading<'_>, other: &Reading<'_>, unlimited: u64) -> Ordering {
    let by_width = |order: Ordering| match unlimited {
        u64::MIN => order,
        _ => order.reverse(),
    };
    let limit = |reading: &Reading<'_>| match reading {
        Reading::Limit(limit) => Some(limit.clone()),
        _ => None,
    };
    match (limit(one), limit(other)) {
        (Some(one), Some(other)) => compare(&one.number, &other.number)
            .then_with(|| by_width(one.exclusive.cmp(&other.exclusive))),
        (None, None) => {
            let count = |reading: &Reading<'_>| match reading {
                Reading::Count(count) => *count,
                _ => unlimited,
            };
            count(one).cmp(&count(other))
        }
        (one, other) => by_width(one.is_some().cmp(&other.is_some())),
    }
}

fn compare(one: &Number, other: &Number) -> Ordering {
    let whole = |number: &Number| {
        number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
    };
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
    }
}

fn set(flag: bool) -> Reading<'static> {
    if flag { Reading::Set } else { Reading::Absent }
}

fn count(count: Option<u64>) -> Reading<'static> {
    count.map_or(Reading::Absent, Reading::Count)
}

fn default<'a>(own: &Annotations<'a>) -> Reading<'a> {
    own.default.map_or(Reading::Absent, Reading::Value)
}

fn format(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::Integer { format, .. }
        | Kind::Number { format, .. }
        | Kind::String { format, .. } => text_of(format.as_ref()),
        _ => Reading::Absent,
    }
}

fn text_of(text: Option<&String>) -> Reading<'_> {
    text.map_or(Reading::Absent, |text| Reading::Text(text))
}

fn bounds(kind: &Kind) -> Option<&Bounds> {
    match kind {
        Kind::Integer { bounds, .. } | Kind::Number { bounds, .. } => Some(bounds),
        _ => None,
    }
}

fn minimum(kind: &Kind) -> Reading<'_> {
    let end = |bounds: &Bounds| limit(bounds.minimum.clone(), bounds.exclusive_minimum, kind, 1);
    bounds(kind).map_or(Reading::Absent, end)
}

fn maximum(kind: &Kind) -> Reading<'_> {
    let end = |bounds: &Bounds| limit(bounds.maximum.clone(), bounds.exclusive_maximum, kind, -1);
    bounds(kind).map_or(Reading::Absent, end)
}

/// A limit; of an integer, one that is excluded is the next one that is not.
fn limit(number: Option<Number>, exclusive: bool, kind: &Kind, step: i64) -> Reading<'static> {
    let Some(number) = number else {
        return Reading::Absent;
    };
    let whole = matches!(kind, Kind::Integer { .. });
    let next = number.as_i64().filter(|_| exclusive && whole);
    Reading::Limit(match next.and_then(|next| next.checked_add(step)) {
        Some(next) => Limit {
            number: next.into(),
            exclusive: false,
        },
        None => Limit { number, exclusive },
    })
}

fn multiple_of(kind: &Kind) -> Reading<'_> {
    bounds(kind)
        .and_then(|bounds| bounds.multiple_of.as_ref())
        .map_or(Reading::Absent, Reading::Number)
}

fn pattern(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::String { pattern, .. } => text_of(pattern.as_ref()),
        _ => Reading::Absent,
    }
}

fn min_length(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::String { min_length, .. } => count(*min_length),
        _ => Reading::Absent,
    }
}

fn max_length(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::String { max_length, .. } => count(*max_length),
        _ => Reading::Absent,
    }
}

fn content_media_type(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::String { content, .. } => {
            text_of(content.as_ref().map(|content| &content.media_type))
        }
        _ => Reading::Absent,
    }
}

fn min_items(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::Array { min_items, .. } => count(*min_items),
        _ => Reading::Absent,
    }
}

fn max_items(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::Array { max_items, .. } => count(*max_items),
        _ => Reading::Absent,
    }
}

fn unique_items(kind: &Kind) -> Reading<'_> {
    set(matches!(kind, Kind::Array { unique: true, .. }))
}

fn min_properties(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::Object { min_properties, .. } => count(*min_properties),
        _ => Reading::Absent,
    }
}

fn max_properties(kind: &Kind) -> Reading<'_> {
    match kind {
        Kind::Object { max_properties, .. } => count(*max_properties),
        _ => Reading::Absent,
    }
}
