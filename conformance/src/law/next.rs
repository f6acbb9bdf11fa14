//! `next-is-sum`, `next-advances`, `next-iff-more` and `no-empty-page`: the way onward.

use super::documented::integer;
use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{All, Content, End, Observations, Page, Position, Walk, pointer, short};
use super::{FOLLOWED, Judgement, Law, OFFSET, Skip};
use crate::rule;
use plumbline_specs::api::PaginationStyle;
use serde_json::Value;
use std::collections::HashSet;

pub(super) const NEXT_IS_SUM: Law = Law {
    rule: rule::law::NEXT_IS_SUM,
    styles: OFFSET,
    judge: next_is_sum,
};

pub(super) const NEXT_ADVANCES: Law = Law {
    rule: rule::law::NEXT_ADVANCES,
    styles: OFFSET,
    judge: next_advances,
};

pub(super) const NEXT_IFF_MORE: Law = Law {
    rule: rule::law::NEXT_IFF_MORE,
    styles: FOLLOWED,
    judge: next_iff_more,
};

pub(super) const NO_EMPTY_PAGE: Law = Law {
    rule: rule::law::NO_EMPTY_PAGE,
    styles: OFFSET,
    judge: no_empty_page,
};

/// Why nothing is known of next offsets.
const NO_NEXT: &str = "no page names a next offset";

/// The pages within the list that name a next offset: the offset, the content, and the next.
fn named(seen: &Observations) -> Judgement<Vec<(&Page, i64, &Content, &Value)>> {
    if !matches!(
        &seen.profile.style,
        PaginationStyle::Offset { next: Some(_), .. }
    ) {
        return Err(Skip("the profile names no next offset".to_owned()));
    }
    seen.boundary()?;
    Ok(seen
        .pages()
        .filter_map(|page| match page.asked.position {
            Position::Offset(offset) => {
                let content = page.content()?;
                Some((page, offset, content, content.next.as_ref()?))
            }
            _ => None,
        })
        .collect())
}

fn next_is_sum(seen: &Observations) -> Judgement {
    let place = next_pointer(seen);
    let look: Examination = named(seen)?
        .into_iter()
        // Beyond the end there is nothing to add; `past-the-end` tells of a next there.
        .filter(|(_, _, content, _)| !content.items.is_empty())
        .map(|(page, offset, content, next)| {
            let sum = offset.saturating_add(content.items.len() as i64);
            (integer(next) != Some(sum)).then(|| {
                FindingBuilder::new(format!(
                    "{} holds {} items and names {} as next",
                    page.describe(),
                    content.items.len(),
                    short(next)
                ))
                .expected_actual(sum.to_string(), short(next))
                .with_page(page)
                .at(&place)
            })
        })
        .collect();
    look.or(seen, NO_NEXT)
}

fn next_advances(seen: &Observations) -> Judgement {
    let place = next_pointer(seen);
    let look: Examination = named(seen)?
        .into_iter()
        .filter(|(_, offset, ..)| *offset >= 0)
        .map(|(page, offset, _, next)| {
            let stays = integer(next).is_none_or(|next| next <= offset);
            stays.then(|| {
                FindingBuilder::new(format!("{} names {} as next", page.describe(), short(next)))
                    .expected_actual(format!("more than {offset}"), short(next))
                    .with_page(page)
                    .at(&place)
            })
        })
        .collect();
    look.or(seen, NO_NEXT)
}

fn no_empty_page(seen: &Observations) -> Judgement {
    if seen.profile.short_pages == Some(true) {
        return Err(Skip("the profile allows short pages".to_owned()));
    }
    seen.boundary()?;
    let look: Examination = seen
        .every_walk()
        .filter_map(|walk| {
            let mut onward = walk
                .pages
                .iter()
                .filter(|page| page.content().is_some_and(onward))
                .peekable();
            onward.peek()?;
            let empty = onward.find(|page| page.keys().is_empty());
            // One fault for a walk.
            Some(empty.map(|page| {
                FindingBuilder::new(format!(
                    "{} is empty and says that more follows",
                    page.describe()
                ))
                .expected_page("items, or no next", page)
            }))
        })
        .collect();
    look.or(seen, "no page says that more follows")
}

/// Whether a page says that more follows.
fn onward(content: &Content) -> bool {
    content.next.is_some() || content.more == Some(Value::Bool(true))
}

fn next_iff_more(seen: &Observations) -> Judgement {
    let all = seen.boundary()?;
    let names_next = !matches!(
        &seen.profile.style,
        PaginationStyle::Offset { next: None, .. }
    );
    if !names_next && seen.profile.more.is_none() {
        return Err(Skip(
            "the profile names neither a next offset nor a flag".to_owned(),
        ));
    }
    if !all.whole {
        return seen.nothing("no walk reached the end of the list");
    }
    let look: Examination =
        seen.walks
            .iter()
            // Where no page says anything of what follows, there is nothing to hold it against.
            .filter(|walk| {
                walk.pages.iter().filter_map(Page::content).any(|content| {
                    names_next || content.more.as_ref().is_some_and(Value::is_boolean)
                })
            })
            .map(|walk| in_walk(seen, &all, walk, names_next))
            .collect();
    look.or(seen, "no page says whether more follows")
}

/// The first page of a walk whose next, or whose flag, is wrong: one finding for each walk.
fn in_walk(
    seen: &Observations,
    all: &All<'_>,
    walk: &Walk,
    names_next: bool,
) -> Option<FindingBuilder> {
    // Where a walk met other items than there are, only its end says something.
    let mut met: HashSet<&str> = HashSet::new();
    let place = next_pointer(seen);
    let count = walk.pages.len();
    for (index, page) in walk.pages.iter().enumerate() {
        let content = page.content()?;
        let before = met.len();
        met.extend(content.keys());
        let within = before < all.items.len() || index == 0;
        if !within {
            return None;
        }
        let remains = all.items.iter().any(|item| !met.contains(&*item.key));
        let last = index + 1 == count;
        if names_next && content.next.is_none() && remains && last && walk.end == End::Done {
            let left: Vec<&str> = all
                .items
                .iter()
                .map(|item| &*item.key)
                .filter(|key| !met.contains(key))
                .collect();
            let fault = FindingBuilder::new(format!(
                "{} names no next, and {} of {} items remain",
                page.describe(),
                left.len(),
                all.items.len()
            ))
            .expected_actual("a next", "none")
            .with_page(page)
            .at(&place);
            let other = left
                .first()
                .and_then(|key| all.index.get(key))
                .and_then(|index| all.walk.page_of(*index));
            return Some(
                other
                    .into_iter()
                    .fold(fault.keys(left), FindingBuilder::with_page),
            );
        }
        // A page after the last that is empty may be taken for a short one.
        let excess = seen.profile.short_pages != Some(true);
        if names_next
            && excess
            && !remains
            && let Some(next) = &content.next
        {
            let fault = FindingBuilder::new(format!(
                "{} names {} as next, and no item remains",
                page.describe(),
                short(next)
            ))
            .expected_actual("no next", short(next))
            .with_page(page)
            .at(&place);
            let after = walk.pages.get(index + 1).or(walk.tail.first());
            return Some(after.into_iter().fold(fault, FindingBuilder::with_page));
        }
        if let Some(more) = content.more.as_ref().and_then(Value::as_bool)
            && more != remains
        {
            return Some(
                FindingBuilder::new(format!(
                    "{} says {more} for more, and {}",
                    page.describe(),
                    if remains {
                        "items remain"
                    } else {
                        "no item remains"
                    }
                ))
                .expected_actual(remains.to_string(), more.to_string())
                .with_page(page)
                .at(seen.profile.more.as_ref().map(pointer).unwrap_or_default())
                // Beside a next the flag is a hint: readers have the surer sign.
                .warns_unless(!names_next),
            );
        }
    }
    None
}

fn next_pointer(seen: &Observations) -> String {
    match &seen.profile.style {
        PaginationStyle::Offset {
            next: Some(next), ..
        }
        | PaginationStyle::Cursor { next, .. }
        | PaginationStyle::Link { next } => pointer(next),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::law::observations::{Content, Observations, PageResponse};
    use crate::law::testing::{
        breaks, cursor_style, holds, more_walks, offset_style, severity, skips,
    };
    use plumbline_specs::Pointer;
    use plumbline_specs::api::{Expression, PaginationStyle};
    use serde_json::json;

    fn content(seen: &mut Observations, page: usize) -> &mut Content {
        match &mut seen.walks[0].pages[page].answer {
            PageResponse::List(content) => content,
            _ => panic!("a list"),
        }
    }

    #[test]
    fn the_next_offset_is_the_sum() {
        let mut seen = offset_style(&["a b", "c d", "e"], 2);
        holds("next-is-sum", &seen);
        holds("next-advances", &seen);
        content(&mut seen, 1).next = Some(json!(5));
        assert_eq!(
            breaks("next-is-sum", &seen)[0].message,
            "the page at offset 2 of size 2 holds 2 items and names 5 as next"
        );
        holds("next-advances", &seen);
        content(&mut seen, 1).next = Some(json!(2));
        breaks("next-advances", &seen);
        if let PaginationStyle::Offset { next, .. } = &mut seen.profile.style {
            *next = None;
        }
        skips("next-is-sum", &seen, "names no next offset");
    }

    #[test]
    fn next_is_there_when_items_remain_and_only_then() {
        let mut seen = offset_style(&["a b", "c d"], 2);
        holds("next-iff-more", &seen);
        content(&mut seen, 1).next = Some(json!(4));
        assert_eq!(
            breaks("next-iff-more", &seen)[0].message,
            "the page at offset 2 of size 2 names 4 as next, and no item remains"
        );
        let mut seen = cursor_style(&["a b c d"], 4);
        more_walks(&mut seen, 2, &["a b"]);
        let found = breaks("next-iff-more", &seen);
        assert_eq!(
            found[0].message,
            "the first page of size 2 names no next, and 2 of 4 items remain"
        );
        assert_eq!(found[0].keys, ["c", "d"]);
        assert_eq!(found[0].evidence.len(), 2);
    }

    #[test]
    fn a_flag_beside_a_next_warns_and_a_flag_alone_fails() {
        let mut seen = offset_style(&["a b", "c d"], 2);
        seen.profile.more = Pointer::parse("/more").map(Expression::ResponseBody);
        for (page, more) in [(0, true), (1, true)] {
            content(&mut seen, page).more = Some(json!(more));
        }
        assert_eq!(severity("next-iff-more", &seen), Some(Severity::Warning));
        if let PaginationStyle::Offset { next, .. } = &mut seen.profile.style {
            *next = None;
        }
        assert_eq!(severity("next-iff-more", &seen), Some(Severity::Failure));
        content(&mut seen, 1).more = Some(json!(false));
        holds("next-iff-more", &seen);
    }

    #[test]
    fn no_page_in_mid_walk_is_empty() {
        let mut seen = offset_style(&["a b", "c d"], 2);
        holds("no-empty-page", &seen);
        content(&mut seen, 0).items.clear();
        breaks("no-empty-page", &seen);
    }
}
