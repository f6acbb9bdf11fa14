//! `every-page-answers` and `items-is-a-list`: what has to come before anything can be judged.

use super::compare::selects;
use super::documented::integer;
use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{All, Observations, Page, PageResponse, Position, Selection, Walk};
use super::{ANY, Judgement, Law};
use crate::rule;

pub(super) const EVERY_PAGE_ANSWERS: Law = Law {
    rule: rule::law::EVERY_PAGE_ANSWERS,
    styles: ANY,
    judge: every_page_answers,
};

pub(super) const ITEMS_IS_A_LIST: Law = Law {
    rule: rule::law::ITEMS_IS_A_LIST,
    styles: ANY,
    judge: items_is_a_list,
};

fn every_page_answers(seen: &Observations) -> Judgement {
    let all = seen.all()?;
    let mut look = Examination::default();
    for (walk, count, condition) in counted(seen, &all) {
        let mut met = 0;
        let mut before: Option<&Page> = None;
        for page in &walk.pages {
            let wrong = match &page.answer {
                PageResponse::Status(status) => Some(*status),
                PageResponse::Nothing(_) => None,
                PageResponse::List(content) => {
                    met += content.items.len();
                    before = Some(page);
                    look.at(None);
                    continue;
                }
                // `page-bound` tells of too many items.
                PageResponse::NotAList(_) | PageResponse::TooMany(_) => continue,
            };
            // A size that is refused is `silent-cap`'s, a filter `filtered`'s, and so on; the end
            // of a list is `past-the-end`'s.
            let refused = wrong.is_some_and(|status| (400..500).contains(&status));
            if refused && before.is_none() && (condition || walk.size.is_some()) {
                continue;
            }
            let error = wrong.is_some_and(|status| (400..600).contains(&status));
            if error && all.whole && beyond(page, met, count, before) {
                continue;
            }
            let mut fault = FindingBuilder::new(format!(
                "{} answers {} after {met} items",
                page.describe(),
                page.describe_actual()
            ))
            .expected_page("the documented success status", page);
            if let Some(before) = before {
                fault = fault.with_page(before);
            }
            look.at(Some(fault));
        }
    }
    for page in &seen.access {
        let within = seen
            .start(page)
            .is_some_and(|start| (0..all.items.len() as i64).contains(&start));
        if within {
            let wrong = matches!(
                page.answer,
                PageResponse::Status(_) | PageResponse::Nothing(_)
            );
            look.at(wrong.then(|| {
                FindingBuilder::new(format!(
                    "{} answers {}",
                    page.describe(),
                    page.describe_actual()
                ))
                .expected_page("the documented success status", page)
            }));
        }
    }
    look.or(seen, "no page was answered or refused within the list")
}

/// Every walk with the number of the items that it has to meet, and whether a filter, an order or
/// an option was asked for: a filtered list ends where its matches do.
fn counted<'a>(
    seen: &'a Observations,
    all: &All<'a>,
) -> impl Iterator<Item = (&'a Walk, usize, bool)> {
    let count = all.items.len();
    let matching = |selection: &Selection| {
        let selected =
            |item: &&&_| selects(&selection.filter, &selection.value, item) == Some(true);
        all.items.iter().filter(selected).count()
    };
    let plain = seen.walks.iter().map(move |walk| (walk, count, false));
    let filtered: Vec<_> = seen
        .selections
        .iter()
        .flat_map(|selection| {
            let matching = matching(selection);
            let walks = selection.walks.iter();
            walks.map(move |walk| (walk, matching, true))
        })
        .collect();
    let ordered = seen
        .orders
        .iter()
        .flat_map(|ordered| ordered.walks.iter().chain(&ordered.reversed));
    let presented = seen.presentations.iter().map(|(_, walk)| walk);
    let others = ordered.chain(presented);
    plain
        .chain(filtered)
        .chain(others.map(move |walk| (walk, count, true)))
}

/// Whether a refused page lies beyond the end, as far as anything says. A position that the
/// server itself gave out never does.
fn beyond(page: &Page, met: usize, count: usize, before: Option<&Page>) -> bool {
    let given = before
        .and_then(Page::content)
        .is_some_and(|content| content.next.is_some());
    let total = before
        .and_then(Page::content)
        .and_then(|content| content.total.as_ref())
        .and_then(integer);
    matches!(
        page.asked.position,
        Position::Number(_) | Position::Offset(_)
    ) && !given
        && met >= count
        && total.is_none_or(|total| total <= met as i64)
}

fn items_is_a_list(seen: &Observations) -> Judgement {
    let look: Examination = seen
        .every_page()
        .filter_map(|page| match &page.answer {
            PageResponse::NotAList(what) => Some(Some(
                FindingBuilder::new(format!("{} has no list of items: {what}", page.describe()))
                    .expected_page("an array", page)
                    .at(seen.items_pointer()),
            )),
            PageResponse::List(_) | PageResponse::TooMany(_) => Some(None),
            PageResponse::Status(_) | PageResponse::Nothing(_) => None,
        })
        .collect();
    look.or(seen, "no page came")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;
    use crate::law::observations::State;
    use crate::law::testing::{breaks, holds, offset_style, page_style};
    use plumbline_specs::api::Status;

    #[test]
    fn a_hidden_result_window_is_found() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        holds("every-page-answers", &seen);
        // The walk of another size saw all; this one is refused after the first page.
        seen.walks.push(seen.walks[0].clone());
        seen.walks[1].pages[1].answer = PageResponse::Status(400);
        seen.walks[1].pages.truncate(2);
        let found = breaks("every-page-answers", &seen);
        assert_eq!(
            found[0].message,
            "page 2 of size 2 answers status 400 after 2 items"
        );
    }

    /// A document cannot say that one of two filters has to be there.
    #[test]
    fn a_first_page_that_is_refused_as_documented_warns() {
        let mut seen = page_style(&["a"], 2);
        let mut page = seen.walks[0].pages[0].clone();
        let mut severity = |status, secured| {
            page.answer = PageResponse::Status(status);
            seen.documented.statuses = [200, 400, 401, 403].map(Status::Code).to_vec();
            seen.documented.secured = secured;
            seen.state = State::Unanswered(Box::new(page.clone()));
            breaks("every-page-answers", &seen)[0].severity
        };
        assert_eq!(severity(400, true), Severity::Warning);
        assert_eq!(severity(403, false), Severity::Warning);
        // Not documented, no refusal, or for want of credentials.
        assert_eq!(severity(404, true), Severity::Failure);
        assert_eq!(severity(500, true), Severity::Failure);
        assert_eq!(severity(401, false), Severity::Failure);
        assert_eq!(severity(403, true), Severity::Failure);
    }

    #[test]
    fn a_refusal_beyond_the_end_is_no_hidden_window() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        seen.walks[0].pages[3].answer = PageResponse::Status(404);
        holds("every-page-answers", &seen);
        // `past-the-end` tells of this one.
        seen.walks[0].pages[3].answer = PageResponse::Status(500);
        holds("every-page-answers", &seen);
        seen.walks[0].pages[3].answer = PageResponse::Nothing("closed".to_owned());
        breaks("every-page-answers", &seen);
    }

    #[test]
    fn a_position_that_the_server_gave_out_has_to_answer() {
        let mut seen = offset_style(&["a b", "c d", "e"], 2);
        seen.walks[0].pages[2].answer = PageResponse::Status(404);
        breaks("every-page-answers", &seen);
    }

    #[test]
    fn null_is_no_list() {
        let mut seen = page_style(&["a b", "c"], 2);
        holds("items-is-a-list", &seen);
        seen.walks[0].pages[2].answer = PageResponse::NotAList("null at /items".to_owned());
        let found = breaks("items-is-a-list", &seen);
        assert_eq!(found[0].pointer.as_deref(), Some("/items"));
    }
}
