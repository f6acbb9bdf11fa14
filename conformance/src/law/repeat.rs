//! `same-answer-twice`, `isolation` and `cursor-replays`: a request's answer is its own.

use super::compare::tied;
use super::examination::Examination;
use super::finding::{Difference, FindingBuilder};
use super::observations::{Observations, Pair};
use super::{ANY, Judgement, Law, TOKENS};
use crate::rule;

pub(super) const SAME_ANSWER_TWICE: Law = Law {
    rule: rule::law::SAME_ANSWER_TWICE,
    styles: ANY,
    judge: same_answer_twice,
};

pub(super) const ISOLATION: Law = Law {
    rule: rule::law::ISOLATION,
    styles: ANY,
    judge: isolation,
};

pub(super) const CURSOR_REPLAYS: Law = Law {
    rule: rule::law::CURSOR_REPLAYS,
    styles: TOKENS,
    judge: cursor_replays,
};

fn same_answer_twice(seen: &Observations) -> Judgement {
    seen.boundary()?;
    differing(&seen.repeats, "asked twice").or(seen, "no request was repeated")
}

fn isolation(seen: &Observations) -> Judgement {
    seen.boundary()?;
    differing(&seen.concurrent, "asked while others were under way")
        .or(seen, "nothing was asked for concurrently")
}

fn cursor_replays(seen: &Observations) -> Judgement {
    seen.boundary()?;
    differing(&seen.replays, "asked again after the walk").or(seen, "no page gave a cursor")
}

/// Looks at pairs of answers: a fault for every one whose answers differ. Where neither is a page
/// there is nothing to compare, and other laws tell that.
pub(super) fn differing(pairs: &[Pair], when: &str) -> Examination {
    pairs
        .iter()
        .filter(|pair| pair.once.content().is_some() || pair.again.content().is_some())
        .map(|pair| {
            let (once, again) = (&pair.once, &pair.again);
            let fault = match (once.content(), again.content()) {
                (Some(left), Some(right)) => {
                    let difference = Difference::between(&left.keys(), &right.keys())?;
                    let by = pair.sort.as_ref().map(|sort| sort.by.as_slice());
                    // Where an order was asked for and only its ties changed places on the
                    // page, every item is still met once.
                    let ties = difference.is_order()
                        && by.is_some_and(|by| {
                            left.items
                                .iter()
                                .zip(&right.items)
                                .all(|(left, right)| tied(left, right, by))
                        });
                    FindingBuilder::new(format!(
                        "{}, {when}, {}",
                        once.describe(),
                        difference.describe()
                    ))
                    .expected_actual(
                        format!("the same {} items", left.items.len()),
                        again.describe_actual(),
                    )
                    .keys(difference.keys())
                    .warns_unless(!ties)
                }
                _ => FindingBuilder::new(format!(
                    "{}, {when}, answers {} and not {}",
                    once.describe(),
                    again.describe_actual(),
                    once.describe_actual()
                ))
                .expected_actual(once.describe_actual(), again.describe_actual()),
            };
            Some(fault.with_page(once).with_page(again))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::law::observations::{Observations, PageResponse, Pair};
    use crate::law::testing::{breaks, cursor_style, holds, items, page_style, skips, sort};

    fn pair(seen: &Observations, again: &str) -> Pair {
        let once = seen.walks[0].pages[0].clone();
        let mut twice = once.clone();
        twice.id.0 = 90;
        if let PageResponse::List(content) = &mut twice.answer {
            content.items = items(again);
        }
        Pair {
            once,
            again: twice,
            sort: None,
        }
    }

    #[test]
    fn an_answer_that_changes_is_found() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("same-answer-twice", &seen, "no request was repeated");
        seen.repeats = vec![pair(&seen, "a b")];
        holds("same-answer-twice", &seen);
        seen.repeats = vec![pair(&seen, "b a")];
        let found = breaks("same-answer-twice", &seen);
        assert_eq!(
            found[0].message,
            "page 1 of size 2, asked twice, has another order from item 1 on"
        );
        seen.repeats[0].again.answer = PageResponse::Status(500);
        breaks("same-answer-twice", &seen);
    }

    #[test]
    fn ties_that_change_places_on_a_page_warn_where_an_order_was_asked() {
        let mut seen = page_style(&["a b", "c"], 2);
        seen.repeats = vec![pair(&seen, "b a")];
        seen.repeats[0].sort = Some(sort("/rank"));
        // Neither item has a rank: they are ties.
        assert_eq!(
            breaks("same-answer-twice", &seen)[0].severity,
            Severity::Warning
        );
        seen.repeats[0].sort = Some(sort("/id"));
        assert_eq!(
            breaks("same-answer-twice", &seen)[0].severity,
            Severity::Failure
        );
    }

    #[test]
    fn an_answer_that_belongs_to_another_request_is_found() {
        let mut seen = page_style(&["a b", "c"], 2);
        seen.concurrent = vec![pair(&seen, "a b")];
        holds("isolation", &seen);
        seen.concurrent.push(pair(&seen, "c"));
        let found = breaks("isolation", &seen);
        assert_eq!(
            found[0].message,
            "page 1 of size 2, asked while others were under way, lacks \"a\", \"b\" and has \"c\" besides"
        );
    }

    #[test]
    fn a_cursor_gives_its_page_again() {
        let mut seen = cursor_style(&["a b", "c"], 2);
        skips("cursor-replays", &seen, "no page gave a cursor");
        seen.replays = vec![pair(&seen, "a b")];
        holds("cursor-replays", &seen);
        seen.replays = vec![pair(&seen, "c")];
        breaks("cursor-replays", &seen);
    }
}
