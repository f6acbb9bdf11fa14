//! `page-slice`, `offset-slice` and `last-page`: a page is a slice of the list.

use super::examination::Examination;
use super::finding::{Difference, FindingBuilder};
use super::observations::{All, Observations, Page};
use super::{Judgement, Law, OFFSET, PAGE};
use crate::rule;
use plumbline_specs::api::StyleKind;
use std::collections::HashSet;

pub(super) const PAGE_SLICE: Law = Law {
    rule: rule::law::PAGE_SLICE,
    styles: PAGE,
    judge: slices,
};

pub(super) const OFFSET_SLICE: Law = Law {
    rule: rule::law::OFFSET_SLICE,
    styles: OFFSET,
    judge: slices,
};

pub(super) const LAST_PAGE: Law = Law {
    rule: rule::law::LAST_PAGE,
    styles: PAGE,
    judge: last_page,
};

fn slices(seen: &Observations) -> Judgement {
    let all = seen.boundary()?;
    let cap = super::sizes::cap(seen).map(|(cap, ..)| cap);
    let mut told = HashSet::new();
    let mut look = Examination::default();
    for page in seen.pages() {
        let Some((start, expected)) = slice(seen, &all, page) else {
            continue;
        };
        // Where sizes stop without a word, a greater one says nothing of slices.
        if expected.is_empty()
            || cap.is_some_and(|cap| page.asked.size.unwrap_or(0) > cap)
            || page.content().is_none()
        {
            continue;
        }
        // One finding for a size: its other pages show the same.
        let fault = compared(seen, &all, page, start, &expected);
        look.at(fault.filter(|_| told.insert(page.asked.size)));
    }
    look.or(seen, "no page came whose place in the list is known")
}

fn last_page(seen: &Observations) -> Judgement {
    let all = seen.boundary()?;
    if !all.whole {
        return seen.nothing("no walk reached the last page");
    }
    let cap = super::sizes::cap(seen).map(|(cap, ..)| cap);
    let mut told = HashSet::new();
    let mut look = Examination::default();
    for page in seen.pages() {
        let (Some(size), Some((start, expected))) = (page.asked.size, slice(seen, &all, page))
        else {
            continue;
        };
        let holds_last = !expected.is_empty() && start + expected.len() == all.items.len();
        if !holds_last || cap.is_some_and(|cap| size > cap) || page.content().is_none() {
            continue;
        }
        let came = page.keys();
        let dropped = expected.iter().any(|key| !came.contains(key));
        let wrong = (came.len() != expected.len() || dropped) && told.insert(size);
        let difference = wrong
            .then(|| Difference::between(&expected, &came))
            .flatten();
        look.at(difference.map(|difference| {
            FindingBuilder::new(format!(
                "{}, the last one, {}",
                page.describe(),
                difference.describe()
            ))
            .expected_page(format!("the last {} items", expected.len()), page)
            .keys(difference.keys())
            .at(seen.items_pointer())
        }));
    }
    look.or(seen, "the last page did not come")
}

/// Where a page begins, and the keys that it should hold; `None` where that is not known.
fn slice<'a>(seen: &Observations, all: &All<'a>, page: &Page) -> Option<(usize, Vec<&'a str>)> {
    let size = usize::try_from(page.asked.size?).ok()?;
    let start = usize::try_from(seen.start(page)?).ok()?;
    if !all.whole && start.saturating_add(size) > all.items.len() {
        return None;
    }
    let keys = all
        .items
        .iter()
        .skip(start)
        .take(size)
        .map(|item| &*item.key)
        .collect();
    Some((start, keys))
}

fn compared(
    seen: &Observations,
    all: &All<'_>,
    page: &Page,
    start: usize,
    expected: &[&str],
) -> Option<FindingBuilder> {
    let came = page.content()?.keys();
    // Where short pages are allowed, or a maximum is documented, a page may stop early.
    let most = seen.maximum().unwrap_or(u64::MAX);
    let may_stop = seen.profile.style.kind() == StyleKind::Offset
        && seen.profile.short_pages != Some(false)
        || page.asked.size.is_some_and(|size| size > most);
    let expected = if may_stop && !came.is_empty() && came.len() < expected.len() {
        expected.get(..came.len())?
    } else {
        expected
    };
    let difference = Difference::between(expected, &came)?;
    let fault = FindingBuilder::new(format!(
        "{} {}, compared with items {} to {} of {}",
        page.describe(),
        difference.describe(),
        start + 1,
        start + expected.len(),
        all.walk.describe()
    ))
    .expected_page(
        format!("items {} to {}", start + 1, start + expected.len()),
        page,
    )
    .keys(difference.keys())
    .at(seen.items_pointer());
    Some(match all.walk.page_of(start) {
        Some(other) => fault.with_page(other),
        None => fault,
    })
}

#[cfg(test)]
mod tests {
    use crate::law::observations::Position;
    use crate::law::testing::{breaks, holds, more_walks, offset_style, page_style, skips};

    #[test]
    fn a_page_is_a_slice() {
        let mut seen = page_style(&["a b c d e"], 5);
        more_walks(&mut seen, 2, &["a b", "c d", "e"]);
        holds("page-slice", &seen);
        holds("last-page", &seen);
        let mut page = seen.walks[1].pages[1].clone();
        page.asked.position = Position::Number(3);
        page.id.0 = 70;
        seen.access.push(page);
        let found = breaks("page-slice", &seen);
        assert_eq!(
            found[0].message,
            "page 3 of size 2 lacks \"e\" and has \"c\", \"d\" besides, compared with items 5 to 5 of the walk of size 5"
        );
        breaks("last-page", &seen);
        skips("page-slice", &page_style(&["a"], 2), "one item");
    }

    #[test]
    fn the_last_page_holds_the_remainder() {
        let mut seen = page_style(&["a b c d e f"], 6);
        more_walks(&mut seen, 4, &["a b c d", "e"]);
        let found = breaks("last-page", &seen);
        assert_eq!(
            found[0].message,
            "page 2 of size 4, the last one, lacks \"f\""
        );
    }

    #[test]
    fn an_offset_gives_a_slice_that_may_stop_early_unless_promised() {
        let mut seen = offset_style(&["a b", "c d", "e"], 2);
        holds("offset-slice", &seen);
        seen.walks[0].pages[0].asked.size = Some(4);
        holds("offset-slice", &seen);
        seen.profile.short_pages = Some(false);
        breaks("offset-slice", &seen);
        seen.walks[0].pages[0].asked.size = Some(2);
        seen.walks[0].pages[1].asked.position = Position::Offset(3);
        breaks("offset-slice", &seen);
    }
}
