//! What a request selects, and in which order.

use super::context::RequestContext;
use super::value::text;
use plumbline_specs::api::{Filter, Match, Order, Pagination, RequestValues, Sort, SortKey};
use serde_json::Value;

/// A selection that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Want {
    /// The filter of the profile.
    pub(super) filter: Filter,
    /// What stood in the place of `{value}`.
    pub(super) values: Vec<Value>,
}

/// The selections that the request asks for.
pub(super) fn wants(context: &RequestContext<'_>, profile: &Pagination) -> Vec<Want> {
    profile
        .filter
        .iter()
        .filter_map(|filter| {
            let mut values = Vec::new();
            for (place, template) in &filter.set {
                values.extend(context.captured(place, template)?);
            }
            Some(Want {
                filter: filter.clone(),
                values,
            })
        })
        .collect()
}

/// The order that the request asks for: the entry of the profile that it fits best, else the
/// default.
pub(super) fn order(context: &RequestContext<'_>, profile: &Pagination) -> Vec<SortKey> {
    let mut best: Option<(usize, Vec<SortKey>)> = None;
    for Sort { set, reverse, by } in &profile.sort {
        for (ask, keys) in [
            (Some(set), by.clone()),
            (reverse.as_ref(), by.iter().map(reversed).collect()),
        ] {
            let fit = ask.map_or(0, |ask| fit(context, ask));
            if fit > best.as_ref().map_or(0, |(own, _)| *own) {
                best = Some((fit, keys));
            }
        }
    }
    best.map_or_else(|| default_order(context, Some(profile)), |(_, keys)| keys)
}

/// How many of an order's values the request has; none when it lacks one that names a field.
/// A flag such as `force_sorting` may be left out.
fn fit(context: &RequestContext<'_>, ask: &RequestValues) -> usize {
    let mut count = 0;
    for (place, template) in ask {
        let flag = matches!(text(template).as_str(), "true" | "false");
        let fits = context.captured(place, template).is_some();
        match (fits, flag) {
            (true, _) => count += 1,
            (false, true) => {}
            (false, false) => return 0,
        }
    }
    count
}

pub(super) fn default_order(
    context: &RequestContext<'_>,
    profile: Option<&Pagination>,
) -> Vec<SortKey> {
    match profile {
        Some(profile) if !profile.default_sort.is_empty() => profile.default_sort.clone(),
        _ => context
            .world
            .collections
            .get(&context.plan.collection)
            .map(|kinship| kinship.order.clone())
            .unwrap_or_default(),
    }
}

/// The same key, the other way round.
pub(super) fn reversed(key: &SortKey) -> SortKey {
    SortKey {
        item: key.item.clone(),
        order: match key.order {
            Order::Ascending => Order::Descending,
            Order::Descending => Order::Ascending,
        },
    }
}

/// Whether an item's value is one of those asked for.
pub(super) fn fits(want: &Want, item: &Value) -> bool {
    let Some(own) = item.pointer(want.filter.item.as_str()) else {
        return false;
    };
    if own.is_null() {
        return false;
    }
    let one = |test: &dyn Fn(&str, &str) -> bool| {
        let own = text(own);
        want.values.iter().any(|value| match value {
            Value::Array(values) => values.iter().any(|value| test(&own, &text(value))),
            value => test(&own, &text(value)),
        })
    };
    let rank = super::ordering::Rank::of;
    match want.filter.matches {
        Match::Equals | Match::OneOf => one(&|own, asked| own == asked),
        Match::Contains => one(&|own, asked| own.contains(asked)),
        Match::ContainsIgnoringCase => {
            one(&|own, asked| own.to_lowercase().contains(&asked.to_lowercase()))
        }
        Match::Before => want.values.iter().any(|value| rank(own) < rank(value)),
        Match::After => want.values.iter().any(|value| rank(own) > rank(value)),
    }
}
