//! `sorted` and `default-sort`: items stand in the order asked for, across pages.

use super::compare::{has_keys, out_of_order, tied};
use super::examination::{Conditions, Examination};
use super::finding::{Difference, FindingBuilder, join_keys};
use super::observations::{Item, Observations, Ordered, Walk};
use super::{ANY, Judgement, Law, Skip};
use crate::rule;
use plumbline_specs::api::{Order, SortKey};

pub(super) const SORTED: Law = Law {
    rule: rule::law::SORTED,
    styles: ANY,
    judge: sorted,
};

pub(super) const DEFAULT_SORT: Law = Law {
    rule: rule::law::DEFAULT_SORT,
    styles: ANY,
    judge: default_sort,
};

fn sorted(seen: &Observations) -> Judgement {
    if seen.profile.sort.is_empty() {
        return Err(Skip("the profile names no order to ask for".to_owned()));
    }
    seen.boundary()?;
    let mut conditions = Conditions::new(seen);
    for ordered in &seen.orders {
        let by = &ordered.sort.by;
        let reverse = reversed(by);
        let walks = ordered.walks.iter().chain(&ordered.reversed);
        conditions.at(walks, &format!("sorted by {}", describe(by)), |came| {
            if !came.iter().any(|walk| can_be_ordered(walk, by)) {
                return None;
            }
            // One fault for an order: its walks of other sizes and ways show the same.
            let walks = ordered
                .walks
                .iter()
                .map(|walk| (walk, by))
                .chain(ordered.reversed.iter().map(|walk| (walk, &reverse)));
            let mut faults = walks.filter_map(|(walk, by)| {
                disorder(seen, walk, by, &format!("sorted by {}", describe(by)))
                    .or_else(|| other_set(seen, walk, by))
            });
            Some(faults.next().or_else(|| not_reversed(ordered)))
        });
    }
    conditions.judgement(
        "every order",
        "no walk in an order met two items that have a value to sort by",
    )
}

fn default_sort(seen: &Observations) -> Judgement {
    let by = &seen.profile.default_sort;
    if by.is_empty() {
        return Err(Skip("the profile promises no default order".to_owned()));
    }
    seen.boundary()?;
    let walks = || seen.walks.iter().filter(|walk| can_be_ordered(walk, by));
    let mut look: Examination = walks().map(|_| None).collect();
    // One fault: the walks of other sizes show the same.
    look.add(walks().find_map(|walk| {
        disorder(
            seen,
            walk,
            by,
            &format!("sorted by default by {}", describe(by)),
        )
    }));
    look.or(seen, "no walk met two items that have a value to sort by")
}

/// Whether a walk met items that an order can put the wrong way around.
fn can_be_ordered(walk: &Walk, by: &[SortKey]) -> bool {
    walk.items()
        .filter(|item| has_keys(item, by))
        .nth(1)
        .is_some()
}

/// Two neighbours that stand the wrong way around.
fn disorder(
    seen: &Observations,
    walk: &Walk,
    by: &[SortKey],
    name: &str,
) -> Option<FindingBuilder> {
    let items: Vec<&Item> = walk.items().collect();
    let index = out_of_order(&items, by)?;
    let (left, right) = (items.get(index.checked_sub(1)?)?, items.get(index)?);
    let (before, page) = (walk.page_of(index - 1)?, walk.page_of(index)?);
    let value = |item: &Item| {
        by.iter()
            .map(|key| {
                item.value
                    .pointer(key.item.as_str())
                    .map_or("nothing".to_owned(), ToString::to_string)
            })
            .collect::<Vec<_>>()
            .join(", ")
    };
    let place = if before.id == page.id {
        format!("on {}", page.describe())
    } else {
        format!("where {} meets {}", before.describe(), page.describe())
    };
    Some(
        FindingBuilder::new(format!(
            "{}, {name}, has {} ({}) before {} ({}) {place}",
            walk.describe(),
            join_keys(&[&left.key]),
            value(left),
            join_keys(&[&right.key]),
            value(right)
        ))
        .expected_actual(describe(by), "out of order")
        .keys([&*left.key, &*right.key])
        .with_page(before)
        .with_page(page)
        .at(seen.items_pointer()),
    )
}

/// An order that drops or adds items.
fn other_set(seen: &Observations, walk: &Walk, by: &[SortKey]) -> Option<FindingBuilder> {
    let all = seen.all().ok()?;
    if !all.whole || !walk.whole() {
        return None;
    }
    let mut came: Vec<&str> = walk.distinct().iter().map(|item| &*item.key).collect();
    let mut expected: Vec<&str> = all.items.iter().map(|item| &*item.key).collect();
    came.sort_unstable();
    expected.sort_unstable();
    let difference = Difference::between(&expected, &came)?;
    let mut fault = FindingBuilder::new(format!(
        "{}, sorted by {}, {}, compared with {}",
        walk.describe(),
        describe(by),
        difference.describe(),
        all.walk.describe()
    ))
    .expected_actual(
        format!("the same {} items", expected.len()),
        format!("{} items", came.len()),
    )
    .keys(difference.keys());
    for page in walk.pages.iter().take(2) {
        fault = fault.with_page(page);
    }
    let missing = difference
        .missing
        .first()
        .and_then(|key| all.index.get(key));
    if let Some(page) = missing.and_then(|index| all.walk.page_of(*index)) {
        fault = fault.with_page(page);
    }
    Some(fault)
}

/// An order and its reverse that are not each other's reverse. Ties, and items without a
/// value to sort by, may stand either way.
fn not_reversed(ordered: &Ordered) -> Option<FindingBuilder> {
    let by = &ordered.sort.by;
    let forth = ordered.walks.iter().find(|walk| walk.whole())?;
    let back = ordered.reversed.iter().find(|walk| walk.whole())?;
    let keyed = |walk: &'_ Walk| -> Vec<Item> {
        walk.items()
            .filter(|item| has_keys(item, by))
            .cloned()
            .collect()
    };
    let (there, mut again) = (keyed(forth), keyed(back));
    again.reverse();
    if there.len() != again.len() {
        return None;
    }
    let (left, right) = there
        .iter()
        .zip(&again)
        .find(|(left, right)| left.key != right.key && !tied(left, right, by))?;
    let mut fault = FindingBuilder::new(format!(
        "sorted by {} and by its reverse, {} stands where {} should",
        describe(by),
        join_keys(&[&right.key]),
        join_keys(&[&left.key])
    ))
    .expected_actual("the reverse, but for ties", "another order")
    .keys([&*left.key, &*right.key]);
    for page in [forth.pages.first(), back.pages.first()]
        .into_iter()
        .flatten()
    {
        fault = fault.with_page(page);
    }
    Some(fault)
}

fn reversed(by: &[SortKey]) -> Vec<SortKey> {
    by.iter()
        .map(|key| SortKey {
            item: key.item.clone(),
            order: match key.order {
                Order::Ascending => Order::Descending,
                Order::Descending => Order::Ascending,
            },
        })
        .collect()
}

fn describe(by: &[SortKey]) -> String {
    by.iter()
        .map(|key| {
            let order = match key.order {
                Order::Ascending => "ascending",
                Order::Descending => "descending",
            };
            format!("{} {order}", key.item)
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::observations::PageResponse;
    use crate::law::testing::{breaks, holds, order, page_style, skips, sort};
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn items_stand_in_order_across_pages() {
        let mut seen = page_style(&["c a", "d b"], 2);
        skips("sorted", &seen, "names no order");
        seen.profile.sort = vec![sort("/id")];
        for (forth, back, message) in [
            (&["a b", "c d"][..], &["d c", "b a"][..], None),
            (
                &["a c", "b d"],
                &["d c", "b a"],
                Some(
                    "the walk of size 2, sorted by /id ascending, has \"c\" (\"c\") before \"b\" (\"b\") where page 1 of size 2 meets page 2 of size 2",
                ),
            ),
            (
                &["a b", "c d"],
                &["a b", "c d"],
                Some(
                    "the walk of size 2, sorted by /id descending, has \"a\" (\"a\") before \"b\" (\"b\") on page 1 of size 2",
                ),
            ),
            (
                &["a b", "d"],
                &["d c", "b a"],
                Some(
                    "the walk of size 2, sorted by /id ascending, lacks \"c\", compared with the walk of size 2",
                ),
            ),
        ] {
            seen.orders.clear();
            order(&mut seen, "/id", forth, back);
            match message {
                None => holds("sorted", &seen),
                Some(message) => assert_eq!(breaks("sorted", &seen)[0].message, message),
            }
        }
    }

    #[test]
    fn ties_may_stand_either_way() {
        let mut seen = page_style(&["c a", "d b"], 2);
        seen.profile.sort = vec![sort("/rank")];
        order(&mut seen, "/rank", &["a b", "c d"], &["a b", "c d"]);
        skips("sorted", &seen, "a value to sort by");
        let ordered = &mut seen.orders[0];
        let walks = ordered.walks.iter_mut().chain(&mut ordered.reversed);
        for page in walks.flat_map(|walk| &mut walk.pages) {
            if let PageResponse::List(content) = &mut page.answer {
                for item in &mut content.items {
                    item.value = Arc::new(json!({"id": &*item.key, "rank": 1}));
                }
            }
        }
        holds("sorted", &seen);
    }

    #[test]
    fn the_default_order_is_the_promised_one() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("default-sort", &seen, "promises no default order");
        seen.profile.default_sort = sort("/id").by;
        holds("default-sort", &seen);
        seen.profile.default_sort = reversed(&sort("/id").by);
        breaks("default-sort", &seen);
    }
}
