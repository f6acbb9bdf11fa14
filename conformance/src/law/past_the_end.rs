//! `past-the-end`: beyond the last item there is nothing.

use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{Observations, Page, PageResponse, short};
use super::{COUNTED, Judgement, Law, Skip};
use crate::rule;
use plumbline_specs::api::PastTheEnd;
use std::collections::HashSet;

pub(super) const PAST_THE_END: Law = Law {
    rule: rule::law::PAST_THE_END,
    styles: COUNTED,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let all = seen.all()?;
    if !all.whole {
        return Err(Skip("no walk reached the end of the list".to_owned()));
    }
    if all.items.is_empty() {
        return Err(Skip(
            "the list is empty: its end is its beginning".to_owned(),
        ));
    }
    let count = all.items.len() as i64;
    let mut told = HashSet::new();
    let mut look = Examination::default();
    for page in seen.pages() {
        if seen.start(page).is_none_or(|start| start < count) {
            continue;
        }
        // `items-is-a-list` tells this one.
        let promised = seen.profile.past_the_end;
        if matches!(page.answer, PageResponse::NotAList(_))
            && matches!(promised, None | Some(PastTheEnd::Empty))
        {
            continue;
        }
        look.at(match fault(seen, page) {
            Some((kind, fault)) if told.insert(kind) => {
                let last = all.walk.page_of(all.items.len() - 1);
                Some(match last {
                    Some(last) => fault.with_page(last),
                    None => fault,
                })
            }
            _ => None,
        });
    }
    look.or(seen, "nothing beyond the end was asked for")
}

/// What is wrong with a page beyond the end: the kind, of which one is told, and the fault.
fn fault(seen: &Observations, page: &Page) -> Option<(&'static str, FindingBuilder)> {
    let promised = seen.profile.past_the_end;
    let (kind, expected, fault) = match (&page.answer, promised) {
        (PageResponse::List(content), _) if !content.items.is_empty() => (
            "items",
            "no items",
            FindingBuilder::new(format!(
                "{} lies beyond the end and holds {} items",
                page.describe(),
                content.items.len()
            ))
            .keys(content.keys()),
        ),
        (PageResponse::List(content), None | Some(PastTheEnd::Empty)) => {
            let next = content.next.as_ref()?;
            (
                "next",
                "no next",
                FindingBuilder::new(format!(
                    "{} lies beyond the end and names {} as next",
                    page.describe(),
                    short(next)
                ))
                .warns_unless(promised.is_some()),
            )
        }
        (PageResponse::Status(status), Some(PastTheEnd::Status(promised)))
            if *status == promised =>
        {
            return None;
        }
        (PageResponse::Status(status), None) if (400..500).contains(status) => {
            if seen.documented.refuses(*status) {
                return None;
            }
            (
                "status",
                "a documented answer",
                FindingBuilder::new(format!(
                    "{} lies beyond the end and answers status {status}, which is not documented",
                    page.describe()
                ))
                .warns(),
            )
        }
        _ => (
            "answer",
            match promised {
                Some(PastTheEnd::Status(_)) => "the promised status",
                _ => "a page without items",
            },
            FindingBuilder::new(format!(
                "{} lies beyond the end and answers {}",
                page.describe(),
                page.describe_actual()
            )),
        ),
    };
    Some((kind, fault.expected_page(expected, page)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity::{Failure, Warning};
    use crate::law::testing::{list, offset_style, page_style, severity, skips};
    use serde_json::json;

    #[test]
    fn beyond_the_end_comes_what_is_promised() {
        let empty = Some(PastTheEnd::Empty);
        let gone = Some(PastTheEnd::Status(404));
        for (promised, answer, expected) in [
            (None, list(""), None),
            (empty, list(""), None),
            (gone, list(""), Some(Failure)),
            (gone, PageResponse::Status(404), None),
            (empty, PageResponse::Status(404), Some(Failure)),
            (None, PageResponse::Status(400), None),
            (None, PageResponse::Status(404), Some(Warning)),
            (None, PageResponse::Status(500), Some(Failure)),
            (None, list("c"), Some(Failure)),
        ] {
            let mut seen = page_style(&["a b", "c"], 2);
            seen.profile.past_the_end = promised;
            seen.walks[0].pages[2].answer = answer.clone();
            assert_eq!(
                severity("past-the-end", &seen),
                expected,
                "{promised:?} {answer:?}"
            );
        }
        skips("past-the-end", &page_style(&[], 2), "empty");
    }

    #[test]
    fn beyond_the_end_nothing_is_next() {
        let mut seen = offset_style(&["a b", "c"], 2);
        skips("past-the-end", &seen, "nothing beyond the end");
        let mut page = seen.walks[0].pages[1].clone();
        page.asked.position = crate::law::Position::Offset(3);
        page.answer = list("");
        if let PageResponse::List(content) = &mut page.answer {
            content.next = Some(json!(5));
        }
        seen.access.push(page);
        assert_eq!(severity("past-the-end", &seen), Some(Warning));
    }
}
