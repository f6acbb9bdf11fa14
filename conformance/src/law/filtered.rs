//! `filtered`: a filter selects before paging, and selects what the same predicate selects.

use super::compare::selects;
use super::examination::Conditions;
use super::finding::{Difference, FindingBuilder, join_keys};
use super::observations::{All, Observations, Selection, Walk, short};
use super::{ANY, Judgement, Law, Skip};
use crate::rule;
use plumbline_specs::api::StyleKind;

pub(super) const FILTERED: Law = Law {
    rule: rule::law::FILTERED,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    if seen.profile.filter.is_empty() {
        return Err(Skip("the profile names no filter".to_owned()));
    }
    let all = seen.all()?;
    if all.items.is_empty() {
        return Err(Skip(
            "the list is empty: nothing can be filtered".to_owned(),
        ));
    }
    seen.boundary()?;
    seen.needs(
        &seen.selections,
        "no item has a value that a filter asks for",
    )?;
    let mut conditions = Conditions::new(seen);
    for selection in &seen.selections {
        let name = format!(
            "filtered by {} {}",
            selection.filter.item,
            short(&selection.value)
        );
        conditions.at(&selection.walks, &name, |came| {
            let shows = |walk: &&&Walk| walk.whole() || walk.items().next().is_some();
            came.iter().find(shows)?;
            // One fault for a value: its walks of other sizes show the same.
            let mut walks = came.iter();
            Some(walks.find_map(|walk| fault(seen, &all, selection, walk, &name)))
        });
    }
    conditions.judgement("every filter", "no filtered walk came")
}

fn fault(
    seen: &Observations,
    all: &All<'_>,
    selection: &Selection,
    walk: &Walk,
    name: &str,
) -> Option<FindingBuilder> {
    let (filter, value) = (&selection.filter, &selection.value);
    if let Some((page, key)) = walk.pages.iter().find_map(|page| {
        let item = page
            .content()?
            .items
            .iter()
            .find(|item| selects(filter, value, item) == Some(false))?;
        Some((page, item))
    }) {
        let own = key.value.pointer(filter.item.as_str());
        return Some(
            FindingBuilder::new(format!(
                "{}, {name}, holds {} whose {} is {}",
                page.describe(),
                join_keys(&[&key.key]),
                filter.item,
                own.map_or("missing".to_owned(), short)
            ))
            .expected_actual(
                format!("items that match {}", short(value)),
                page.describe_actual(),
            )
            .keys([&*key.key])
            .with_page(page)
            .at(seen.items_pointer()),
        );
    }
    if !all.whole || !walk.whole() {
        return None;
    }
    let came: Vec<&str> = walk.distinct().iter().map(|item| &*item.key).collect();
    // Items on the border of `before` and `after` may come or not.
    let expected: Vec<&str> = all
        .items
        .iter()
        .filter(|item| match selects(filter, value, item) {
            Some(selected) => selected,
            None => came.contains(&&*item.key),
        })
        .map(|item| &*item.key)
        .collect();
    if let Some(difference) = Difference::between(&expected, &came) {
        let mut fault = FindingBuilder::new(format!(
            "{}, {name}, {}, compared with the matches of {}",
            walk.describe(),
            difference.describe(),
            all.walk.describe()
        ))
        .expected_actual(
            format!("{} items", expected.len()),
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
        return Some(fault);
    }
    short_of(seen, walk, name)
}

/// A page that is short although more matches follow: the filter came after the paging.
fn short_of(seen: &Observations, walk: &Walk, name: &str) -> Option<FindingBuilder> {
    if seen.profile.short_pages == Some(true) {
        return None;
    }
    let size = seen.maximum().map_or(walk.size?, |maximum| {
        maximum.min(walk.size.unwrap_or(maximum))
    });
    let size = super::sizes::cap(seen).map_or(size, |(cap, ..)| size.min(cap));
    let last = walk
        .pages
        .iter()
        .rposition(|page| !page.keys().is_empty())?;
    let page = walk
        .pages
        .iter()
        .take(last)
        .find(|page| (page.keys().len() as u64) < size)?;
    Some(
        FindingBuilder::new(format!(
            "{}, {name}, holds {} items though more match: the filter comes after the paging",
            page.describe(),
            page.keys().len()
        ))
        .expected_page(format!("{size} items"), page)
        .at(seen.items_pointer())
        .warns_unless(
            seen.profile.short_pages == Some(false) || seen.profile.style.kind() == StyleKind::Page,
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::law::testing::{breaks, holds, page_style, select, skips};

    #[test]
    fn a_filter_selects_what_the_predicate_selects_before_paging() {
        let mut seen = page_style(&["ax by", "cx dx", "ey fx"], 2);
        seen.profile.filter.clear();
        skips("filtered", &seen, "names no filter");
        for (pages, message) in [
            (&["ax cx", "dx fx"][..], None),
            (
                &["ax by", "cx dx", "fx"],
                Some("page 1 of size 2, filtered by /id \"x\", holds \"by\" whose /id is \"by\""),
            ),
            (
                &["ax cx", "dx"],
                Some(
                    "the walk of size 2, filtered by /id \"x\", lacks \"fx\", compared with the matches of the walk of size 2",
                ),
            ),
            (
                &["ax dx", "cx fx"],
                Some(
                    "the walk of size 2, filtered by /id \"x\", has another order from item 2 on, compared with the matches of the walk of size 2",
                ),
            ),
            (
                &["ax", "cx dx", "fx"],
                Some(
                    "page 1 of size 2, filtered by /id \"x\", holds 1 items though more match: the filter comes after the paging",
                ),
            ),
        ] {
            seen.selections.clear();
            select(&mut seen, "x", pages, 2);
            match message {
                None => holds("filtered", &seen),
                Some(message) => assert_eq!(breaks("filtered", &seen)[0].message, message),
            }
        }
    }
}
