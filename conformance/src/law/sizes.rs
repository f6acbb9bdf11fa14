//! `page-bound`, `full-pages`, `first-page-full` and `silent-cap`: how much a page holds.

use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{Observations, Page, PageResponse, Walk};
use super::{ANY, Judgement, Law, Skip};
use crate::rule;
use plumbline_specs::api::StyleKind;

pub(super) const PAGE_BOUND: Law = Law {
    rule: rule::law::PAGE_BOUND,
    styles: ANY,
    judge: page_bound,
};

pub(super) const FULL_PAGES: Law = Law {
    rule: rule::law::FULL_PAGES,
    styles: ANY,
    judge: full_pages,
};

pub(super) const FIRST_PAGE_FULL: Law = Law {
    rule: rule::law::FIRST_PAGE_FULL,
    styles: ANY,
    judge: first_page_full,
};

pub(super) const SILENT_CAP: Law = Law {
    rule: rule::law::SILENT_CAP,
    styles: ANY,
    judge: silent_cap,
};

fn page_bound(seen: &Observations) -> Judgement {
    sized(seen)?;
    seen.boundary()?;
    let look: Examination = seen
        .every_page()
        .filter_map(|page| {
            let size = page.asked.size?;
            let count = match &page.answer {
                PageResponse::List(content) => content.items.len(),
                PageResponse::TooMany(count) => *count,
                _ => return None,
            };
            Some((count as u64 > size).then(|| {
                FindingBuilder::new(format!("{} holds {count} items", page.describe()))
                    .expected_page(format!("at most {size} items"), page)
                    .keys(page.keys().into_iter().skip(size as usize))
                    .at(seen.items_pointer())
            }))
        })
        .collect();
    look.or(seen, NO_SIZE)
}

fn full_pages(seen: &Observations) -> Judgement {
    sized(seen)?;
    seen.boundary()?;
    never_short(seen)?;
    let look: Examination = seen
        .walks
        .iter()
        .filter_map(|walk| {
            let size = granted(seen, walk.size?);
            let last = walk
                .pages
                .iter()
                .rposition(|page| !page.keys().is_empty())?;
            let mut middle = walk
                .pages
                .iter()
                .enumerate()
                .take(last)
                // The first page has a law of its own.
                .skip(1)
                .peekable();
            middle.peek()?;
            let short = middle.find(|(_, page)| {
                page.content()
                    .is_some_and(|content| (content.items.len() as u64) < size)
            });
            let Some((index, page)) = short else {
                return Some(None);
            };
            let after = walk.pages.get(index + 1)?;
            Some(Some(
                FindingBuilder::new(format!(
                    "{} holds {} items, and more follow",
                    page.describe(),
                    page.keys().len()
                ))
                .expected_page(format!("{size} items"), page)
                .with_page(after)
                .at(seen.items_pointer())
                .warns_unless(promised(seen)),
            ))
        })
        .collect();
    look.or(seen, "no walk has a page between its first and its last")
}

fn first_page_full(seen: &Observations) -> Judgement {
    sized(seen)?;
    let all = seen.all()?;
    if all.items.is_empty() {
        return Err(Skip("the list is empty".to_owned()));
    }
    never_short(seen)?;
    let look: Examination = seen
        .walks
        .iter()
        .filter_map(|walk| {
            let page = walk.pages.first()?;
            let count = page.content()?.items.len() as u64;
            let expected = granted(seen, walk.size?).min(all.items.len() as u64);
            Some((count < expected).then(|| {
                FindingBuilder::new(format!(
                    "{} holds {count} items, though there are {}",
                    page.describe(),
                    all.items.len()
                ))
                .expected_page(format!("{expected} items"), page)
                .at(seen.items_pointer())
                .warns_unless(promised(seen))
            }))
        })
        .collect();
    look.or(seen, NO_SIZE)
}

fn silent_cap(seen: &Observations) -> Judgement {
    sized(seen)?;
    let all = seen.boundary()?;
    never_short(seen)?;
    let count = all.items.len() as u64;
    let mut look = Examination::default();
    for walk in &seen.walks {
        let (Some(size), Some(page)) = (walk.size, walk.pages.first()) else {
            continue;
        };
        let stated = seen.maximum();
        match &page.answer {
            PageResponse::Status(status) if (400..500).contains(status) => {
                let within = stated.is_none_or(|maximum| size <= maximum);
                look.at(if !seen.documented.refuses(*status) {
                    Some(
                        FindingBuilder::new(format!(
                            "size {size} is refused with status {status}, which is not documented"
                        ))
                        .expected_page("a documented status", page)
                        .warns(),
                    )
                } else if within && size <= count {
                    Some(
                        FindingBuilder::new(format!(
                            "size {size} is refused, and no maximum is documented"
                        ))
                        .expected_page(format!("{size} items"), page)
                        .warns(),
                    )
                } else {
                    None
                });
            }
            PageResponse::List(_) => look.at(None),
            _ => {}
        }
    }
    if let Some((cap, walk, page)) = cap(seen) {
        let asked = walk.size.unwrap_or_default();
        look.add([FindingBuilder::new(format!(
            "size {asked} gets {cap} of {count} items: sizes stop at {cap}, and nothing says so"
        ))
        .expected_page(format!("{} items", asked.min(count)), page)
        .at(seen.items_pointer())
        .warns_unless(promised(seen))]);
    }
    look.or(seen, NO_SIZE)
}

/// Why nothing is known of sizes.
const NO_SIZE: &str = "no page came that was asked for with a size";

/// Skips where sizes cannot be asked for.
fn sized(seen: &Observations) -> Judgement<()> {
    if seen.profile.size.is_none() {
        return Err(Skip("the profile names no size to ask for".to_owned()));
    }
    Ok(())
}

/// Skips where the profile allows short pages.
fn never_short(seen: &Observations) -> Judgement<()> {
    if seen.profile.short_pages == Some(true) {
        return Err(Skip("the profile allows short pages".to_owned()));
    }
    Ok(())
}

/// Whether pages are promised to be full: by the profile, or by numbers and sizes, which
/// leave no room for another size than the one asked for.
fn promised(seen: &Observations) -> bool {
    seen.profile.short_pages == Some(false) || seen.profile.style.kind() == StyleKind::Page
}

/// How many items a page of this size can have: fewer where a maximum is documented, or where
/// sizes stop at an undocumented one, which `silent-cap` tells.
fn granted(seen: &Observations, size: u64) -> u64 {
    let size = seen.maximum().map_or(size, |maximum| size.min(maximum));
    cap(seen).map_or(size, |(cap, ..)| size.min(cap))
}

/// Where sizes stop without a word: every first page that was asked for more has exactly so
/// many, and no page has more.
pub(super) fn cap(seen: &Observations) -> Option<(u64, &Walk, &Page)> {
    let count = seen.all().ok()?.items.len() as u64;
    let most = seen
        .walks
        .iter()
        .flat_map(|walk| &walk.pages)
        .map(|page| page.keys().len() as u64)
        .max()?;
    let stated = seen.maximum().unwrap_or(u64::MAX);
    let mut asked: Vec<(u64, &Walk, &Page)> = seen
        .walks
        .iter()
        .filter_map(|walk| {
            let (size, page) = (walk.size?, walk.pages.first()?);
            (size > most && size <= stated && page.content().is_some())
                .then_some((size, walk, page))
        })
        .collect();
    // Two sizes that stop at the same number: else it is a short page, not a cap.
    asked.dedup_by_key(|(size, ..)| *size);
    (most > 0
        && most < count.min(stated)
        && asked.len() > 1
        && asked
            .iter()
            .all(|(_, _, page)| page.keys().len() as u64 == most))
    .then(|| asked.into_iter().max_by_key(|(size, ..)| *size))
    .flatten()
    .map(|(_, walk, page)| (most, walk, page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;
    use crate::law::testing::{breaks, cursor_style, holds, more_walks, page_style, skips};

    #[test]
    fn pages_hold_no_more_than_asked() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        holds("page-bound", &seen);
        seen.walks[0].pages[0].asked.size = Some(1);
        let found = breaks("page-bound", &seen);
        assert_eq!(found[0].message, "page 1 of size 1 holds 2 items");
        assert_eq!(found[0].keys, ["b"]);
        skips("page-bound", &page_style(&["a"], 2), "one item");
    }

    #[test]
    fn a_short_page_in_mid_walk_is_told_once() {
        let seen = page_style(&["a b", "c d", "e"], 2);
        holds("full-pages", &seen);
        let mut seen = page_style(&["a b", "c", "d e", "f"], 2);
        let found = breaks("full-pages", &seen);
        assert_eq!(
            found[0].message,
            "page 2 of size 2 holds 1 items, and more follow"
        );
        seen.profile.short_pages = Some(true);
        skips("full-pages", &seen, "allows short pages");
    }

    #[test]
    fn what_is_not_promised_of_a_cursor_warns() {
        let mut seen = cursor_style(&["a b", "c", "d e"], 2);
        assert_eq!(breaks("full-pages", &seen)[0].severity, Severity::Warning);
        seen.profile.short_pages = Some(false);
        assert_eq!(breaks("full-pages", &seen)[0].severity, Severity::Failure);
    }

    #[test]
    fn the_first_page_is_full() {
        holds("first-page-full", &page_style(&["a b", "c"], 2));
        holds("first-page-full", &page_style(&["a"], 2));
        let found = breaks("first-page-full", &page_style(&["a", "b c"], 2));
        assert_eq!(
            found[0].message,
            "page 1 of size 2 holds 1 items, though there are 3"
        );
        skips("first-page-full", &page_style(&[], 2), "empty");
    }

    #[test]
    fn a_cap_that_nothing_documents_is_found_and_blamed_once() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        holds("silent-cap", &seen);
        more_walks(&mut seen, 4, &["a b", "c d", "e"]);
        more_walks(&mut seen, 9, &["a b", "c d", "e"]);
        let found = breaks("silent-cap", &seen);
        assert_eq!(
            found[0].message,
            "size 9 gets 2 of 5 items: sizes stop at 2, and nothing says so"
        );
        holds("full-pages", &seen);
        holds("first-page-full", &seen);
        seen.profile.maximum = Some(2);
        holds("silent-cap", &seen);
    }

    #[test]
    fn a_documented_refusal_of_a_great_size_is_no_cap() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        more_walks(&mut seen, 1000, &[]);
        seen.walks[1].pages[0].answer = PageResponse::Status(400);
        holds("silent-cap", &seen);
        seen.walks[1].pages[0].answer = PageResponse::Status(413);
        assert_eq!(breaks("silent-cap", &seen)[0].severity, Severity::Warning);
    }
}
