//! Scalars and lists: formats, bounds, patterns, values, lengths.

use super::finding::BOTH;
use super::graph::{Aspect, Spot, Walk};
use crate::code::Code;
use crate::text;
use plumbline_specs::api::{Bounds, Kind};
use serde_json::{Number, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A least or greatest value and whether it is itself allowed.
#[derive(Clone, Debug)]
struct Limit {
    number: Number,
    exclusive: bool,
}

impl Walk<'_> {
    /// Two scalars of one type, or an integer and a number.
    pub(crate) fn scalar(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        self.format(spot, format(old), format(new));
        if let (Some(before), Some(after)) = (bounds(old), bounds(new)) {
            let whole = |kind: &Kind| matches!(kind, Kind::Integer { .. });
            self.bounds(spot, (before, whole(old)), (after, whole(new)));
        }
        self.values(spot, values(old).as_deref(), values(new).as_deref());
        let (
            Kind::String {
                pattern,
                min_length,
                max_length,
                content,
                ..
            },
            Kind::String {
                pattern: new_pattern,
                min_length: new_min,
                max_length: new_max,
                content: new_content,
                ..
            },
        ) = (old, new)
        else {
            return;
        };
        self.swap(
            spot,
            [
                Code::PatternAdded,
                Code::PatternRemoved,
                Code::PatternChanged,
            ],
            pattern.as_deref(),
            new_pattern.as_deref(),
        );
        self.least(
            spot,
            [Code::MinLengthRaised, Code::MinLengthLowered],
            *min_length,
            *new_min,
        );
        self.greatest(
            spot,
            [Code::MaxLengthLowered, Code::MaxLengthRaised],
            *max_length,
            *new_max,
        );
        let media_type = |content: &Option<plumbline_specs::api::Content>| {
            content.as_ref().map(|content| content.media_type.clone())
        };
        if media_type(content) != media_type(new_content) {
            let mut finding = spot.finding(self, Code::ContentChanged);
            finding.before = media_type(content);
            finding.after = media_type(new_content);
            self.find(finding);
        }
        if let (Some(before), Some(after)) = (content, new_content)
            && let (Some(before), Some(after)) = (before.schema, after.schema)
        {
            let subject = format!("{} content", spot.subject);
            self.edge(spot.node, BOTH, Aspect::Notes, (before, after), &subject);
        }
    }

    /// Two lists of one kind.
    pub(crate) fn list(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        match (old, new) {
            (
                Kind::Array {
                    items,
                    min_items,
                    max_items,
                    unique,
                },
                Kind::Array {
                    items: new_items,
                    min_items: new_min,
                    max_items: new_max,
                    unique: new_unique,
                },
            ) => {
                self.least(
                    spot,
                    [Code::MinItemsRaised, Code::MinItemsLowered],
                    *min_items,
                    *new_min,
                );
                let codes = [Code::MaxItemsLowered, Code::MaxItemsRaised];
                self.greatest(spot, codes, *max_items, *new_max);
                match (unique, new_unique) {
                    (false, true) => self.find(spot.finding(self, Code::UniqueItemsAdded)),
                    (true, false) => self.find(spot.finding(self, Code::UniqueItemsRemoved)),
                    _ => {}
                }
                let subject = format!("{}[]", spot.subject);
                self.edge(
                    spot.node,
                    BOTH,
                    Aspect::Notes,
                    (*items, *new_items),
                    &subject,
                );
            }
            (
                Kind::Tuple { items, rest },
                Kind::Tuple {
                    items: new_items,
                    rest: new_rest,
                },
            ) => {
                let (before, after) = (items.len(), new_items.len());
                let code = match before.cmp(&after) {
                    Ordering::Less => Some(Code::TupleItemsAdded),
                    Ordering::Greater => Some(Code::TupleItemsRemoved),
                    Ordering::Equal => None,
                };
                if let Some(code) = code {
                    let finding = spot.finding(self, code);
                    self.find(finding.before(before.to_string()).after(after.to_string()));
                }
                match (rest, new_rest) {
                    (Some(_), None) => self.find(spot.finding(self, Code::TupleClosed)),
                    (None, Some(_)) => self.find(spot.finding(self, Code::TupleOpened)),
                    (Some(before), Some(after)) => {
                        let subject = format!("{}[]", spot.subject);
                        self.edge(spot.node, BOTH, Aspect::Notes, (*before, *after), &subject);
                    }
                    (None, None) => {}
                }
                for (index, (before, after)) in items.iter().zip(new_items).enumerate() {
                    let subject = format!("{}[{index}]", spot.subject);
                    self.edge(spot.node, BOTH, Aspect::Notes, (*before, *after), &subject);
                }
            }
            _ => {}
        }
    }

    fn format(&mut self, spot: &Spot, old: Option<&str>, new: Option<&str>) {
        self.swap(
            spot,
            [Code::FormatAdded, Code::FormatRemoved, Code::FormatChanged],
            old,
            new,
        );
    }

    /// A keyword that is there, or not, or says something else.
    fn swap(
        &mut self,
        spot: &Spot,
        [added, removed, changed]: [Code; 3],
        old: Option<&str>,
        new: Option<&str>,
    ) {
        match (old, new) {
            (None, Some(after)) => self.find(spot.finding(self, added).after(after)),
            (Some(before), None) => self.find(spot.finding(self, removed).before(before)),
            (Some(before), Some(after)) if before != after => {
                self.find(spot.finding(self, changed).before(before).after(after));
            }
            _ => {}
        }
    }

    fn bounds(&mut self, spot: &Spot, old: (&Bounds, bool), new: (&Bounds, bool)) {
        for greatest in [false, true] {
            let end = |(bounds, whole): (&Bounds, bool)| match greatest {
                false => limit(&bounds.minimum, bounds.exclusive_minimum, whole, 1),
                true => limit(&bounds.maximum, bounds.exclusive_maximum, whole, -1),
            };
            let ([raised, lowered], sign) = match greatest {
                false => ([Code::MinimumRaised, Code::MinimumLowered], '>'),
                true => ([Code::MaximumRaised, Code::MaximumLowered], '<'),
            };
            let (before, after) = (end(old), end(new));
            let code = match order(before.as_ref(), after.as_ref(), greatest) {
                Ordering::Less => raised,
                Ordering::Greater => lowered,
                Ordering::Equal => continue,
            };
            let mut finding = spot.finding(self, code);
            finding.before = before.map(|limit| limit.text(sign));
            finding.after = after.map(|limit| limit.text(sign));
            self.find(finding);
        }
        let multiple = |bounds: &Bounds| bounds.multiple_of.as_ref().map(ToString::to_string);
        self.swap(
            spot,
            [
                Code::MultipleOfAdded,
                Code::MultipleOfRemoved,
                Code::MultipleOfChanged,
            ],
            multiple(old.0).as_deref(),
            multiple(new.0).as_deref(),
        );
    }

    /// A least count; none is zero.
    pub(crate) fn least(
        &mut self,
        spot: &Spot,
        codes: [Code; 2],
        old: Option<u64>,
        new: Option<u64>,
    ) {
        self.count(spot, codes, old, new, 0);
    }

    /// A greatest count; none is infinite.
    pub(crate) fn greatest(
        &mut self,
        spot: &Spot,
        [lowered, raised]: [Code; 2],
        old: Option<u64>,
        new: Option<u64>,
    ) {
        self.count(spot, [raised, lowered], old, new, u64::MAX);
    }

    /// A count, which is `unsaid` where the document does not say it.
    fn count(
        &mut self,
        spot: &Spot,
        [raised, lowered]: [Code; 2],
        old: Option<u64>,
        new: Option<u64>,
        unsaid: u64,
    ) {
        let code = match old.unwrap_or(unsaid).cmp(&new.unwrap_or(unsaid)) {
            Ordering::Less => raised,
            Ordering::Greater => lowered,
            Ordering::Equal => return,
        };
        let mut finding = spot.finding(self, code);
        finding.before = old.map(|count| count.to_string());
        finding.after = new.map(|count| count.to_string());
        self.find(finding);
    }

    fn values(&mut self, spot: &Spot, old: Option<&[Value]>, new: Option<&[Value]>) {
        match (old, new) {
            (None, Some(after)) => {
                self.find(spot.finding(self, Code::EnumAdded).after(listed(after)));
            }
            (Some(before), None) => {
                self.find(spot.finding(self, Code::EnumRemoved).before(listed(before)));
            }
            (Some([before]), Some([after])) if before != after => self.find(
                spot.finding(self, Code::ConstantChanged)
                    .before(text::value(before))
                    .after(text::value(after)),
            ),
            (Some(before), Some(after)) => {
                let set = |values: &[Value]| -> BTreeSet<String> {
                    values.iter().map(ToString::to_string).collect()
                };
                let (one, other) = (set(before), set(after));
                for value in before {
                    if !other.contains(&value.to_string()) {
                        let finding = spot.finding(self, Code::EnumValueRemoved);
                        self.find(finding.before(text::value(value)));
                    }
                }
                for value in after {
                    if !one.contains(&value.to_string()) {
                        let finding = spot.finding(self, Code::EnumValueAdded);
                        self.find(finding.after(text::value(value)));
                    }
                }
            }
            (None, None) => {}
        }
    }
}

fn listed(values: &[Value]) -> String {
    let values: Vec<String> = values.iter().map(text::value).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    text::list(&values)
}

fn format(kind: &Kind) -> Option<&str> {
    match kind {
        Kind::Integer { format, .. }
        | Kind::Number { format, .. }
        | Kind::String { format, .. } => format.as_deref(),
        _ => None,
    }
}

fn bounds(kind: &Kind) -> Option<&Bounds> {
    match kind {
        Kind::Integer { bounds, .. } | Kind::Number { bounds, .. } => Some(bounds),
        _ => None,
    }
}

fn values(kind: &Kind) -> Option<Vec<Value>> {
    match kind {
        Kind::Boolean { values } => values
            .as_ref()
            .map(|values| values.iter().copied().map(Value::Bool).collect()),
        Kind::Integer { values, .. } | Kind::Number { values, .. } => values
            .as_ref()
            .map(|values| values.iter().cloned().map(Value::Number).collect()),
        Kind::String { values, .. } => values
            .as_ref()
            .map(|values| values.iter().cloned().map(Value::String).collect()),
        Kind::Mixed { values } => Some(values.clone()),
        _ => None,
    }
}

/// A limit; of an integer, one that is excluded is the next one that is not.
fn limit(number: &Option<Number>, exclusive: bool, whole: bool, step: i64) -> Option<Limit> {
    let number = number.clone()?;
    if exclusive
        && whole
        && let Some(next) = number.as_i64().and_then(|number| number.checked_add(step))
    {
        return Some(Limit {
            number: next.into(),
            exclusive: false,
        });
    }
    Some(Limit { number, exclusive })
}

/// How two limits stand to one another; a limit that is excluded is the narrower one, and none is
/// beyond all others.
fn order(one: Option<&Limit>, other: Option<&Limit>, greatest: bool) -> Ordering {
    let by_width = |order: Ordering| match greatest {
        false => order,
        true => order.reverse(),
    };
    match (one, other) {
        (Some(one), Some(other)) => compare(&one.number, &other.number)
            .then_with(|| by_width(one.exclusive.cmp(&other.exclusive))),
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

impl Limit {
    fn text(&self, sign: char) -> String {
        let equal = if self.exclusive { "" } else { "=" };
        format!("{sign}{equal} {}", self.number)
    }
}
