//! `total-constant` and `total-true`: the total is what it says.

use super::compare::selects;
use super::documented::integer;
use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{Observations, Page, Walk, pointer, short};
use super::{ANY, Judgement, Law, Skip};
use crate::rule;

pub(super) const TOTAL_CONSTANT: Law = Law {
    rule: rule::law::TOTAL_CONSTANT,
    styles: ANY,
    judge: total_constant,
};

pub(super) const TOTAL_TRUE: Law = Law {
    rule: rule::law::TOTAL_TRUE,
    styles: ANY,
    judge: total_true,
};

fn total_constant(seen: &Observations) -> Judgement {
    let place = named(seen)?;
    let pages: Vec<&Page> = seen
        .pages()
        .filter(|page| page.content().is_some())
        .collect();
    let first = stated(&pages)?;
    let expected = total(first).cloned().unwrap_or_default();
    let mut look = Examination::default();
    // A total that is named once is as constant as can be.
    for page in pages.into_iter().filter(|page| page.id != first.id) {
        match total(page) {
            Some(came) if *came == expected => look.at(None),
            Some(came) => look.at(Some(
                FindingBuilder::new(format!(
                    "{} says {} in all, {} says {}",
                    page.describe(),
                    short(came),
                    first.describe(),
                    short(&expected)
                ))
                .expected_actual(short(&expected), short(came))
                .with_page(first)
                .with_page(page)
                .at(&place),
            )),
            // A total need not come; where it comes at times, readers have to mind.
            None => look.at(Some(
                FindingBuilder::new(format!("{} names no total", page.describe()))
                    .expected_actual(short(&expected), "nothing")
                    .with_page(first)
                    .with_page(page)
                    .at(&place)
                    .warns(),
            )),
        }
    }
    look.or(seen, "one page alone came")
}

fn total_true(seen: &Observations) -> Judgement {
    let place = named(seen)?;
    let all = seen.all()?;
    if !all.whole {
        return Err(Skip("no walk reached the end of the list".to_owned()));
    }
    let pages: Vec<&Page> = seen
        .pages()
        .filter(|page| page.content().is_some())
        .collect();
    stated(&pages)?;
    let count = all.items.len();
    // One fault for the list, and one for each filter.
    let told = pages.iter().filter(|page| total(page).is_some());
    let mut look: Examination = told.clone().map(|_| None).collect();
    look.add(
        pages
            .iter()
            .find(|page| wrong(page, count))
            .map(|page| untrue(page, all.walk, count, &place, "the list")),
    );
    for selection in &seen.selections {
        let mut open = false;
        let expected = all
            .items
            .iter()
            .filter(
                |item| match selects(&selection.filter, &selection.value, item) {
                    Some(selected) => selected,
                    None => {
                        open = true;
                        false
                    }
                },
            )
            .count();
        if open {
            continue;
        }
        let found = selection
            .walks
            .iter()
            .flat_map(|walk| walk.pages.iter().map(move |page| (walk, page)))
            .find(|(_, page)| wrong(page, expected));
        if let Some((walk, page)) = found {
            let subject = format!(
                "the list filtered by {} {}",
                selection.filter.item,
                short(&selection.value)
            );
            look.add([untrue(page, walk, expected, &place, &subject)]);
        }
    }
    look.or(seen, "no response named a total")
}

fn untrue(page: &Page, walk: &Walk, count: usize, place: &str, subject: &str) -> FindingBuilder {
    let came = total(page).map(short).unwrap_or_default();
    let mut fault = FindingBuilder::new(format!(
        "{} says {came} in all, and {subject} holds {count}",
        page.describe()
    ))
    .expected_actual(count.to_string(), came)
    .with_page(page)
    .at(place);
    for other in walk.pages.iter().rev().take(1) {
        fault = fault.with_page(other);
    }
    fault
}

fn wrong(page: &Page, count: usize) -> bool {
    total(page)
        .is_some_and(|total| integer(total).is_none_or(|total| usize::try_from(total) != Ok(count)))
}

fn total(page: &Page) -> Option<&serde_json::Value> {
    page.content()?.total.as_ref()
}

fn named(seen: &Observations) -> Judgement<String> {
    seen.profile
        .total
        .as_ref()
        .map(pointer)
        .ok_or_else(|| Skip("the profile names no total".to_owned()))
}

fn stated<'a>(pages: &[&'a Page]) -> Judgement<&'a Page> {
    pages
        .iter()
        .find(|page| total(page).is_some())
        .copied()
        .ok_or_else(|| Skip("no response named a total".to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::law::observations::PageResponse;
    use crate::law::testing::{breaks, holds, page_style, select, severity, skips};
    use serde_json::json;

    fn set_total(answer: &mut PageResponse, total: Option<serde_json::Value>) {
        if let PageResponse::List(content) = answer {
            content.total = total;
        }
    }

    #[test]
    fn a_total_that_changes_is_found() {
        let mut seen = page_style(&["a b", "c"], 2);
        holds("total-constant", &seen);
        set_total(&mut seen.walks[0].pages[1].answer, Some(json!(1)));
        let found = breaks("total-constant", &seen);
        assert_eq!(
            found[0].message,
            "page 2 of size 2 says 1 in all, page 1 of size 2 says 3"
        );
        set_total(&mut seen.walks[0].pages[1].answer, None);
        assert_eq!(severity("total-constant", &seen), Some(Severity::Warning));
        for page in &mut seen.walks[0].pages {
            set_total(&mut page.answer, None);
        }
        skips("total-constant", &seen, "no response named a total");
        skips("total-true", &seen, "no response named a total");
    }

    #[test]
    fn a_total_counts_what_the_filter_leaves() {
        let mut seen = page_style(&["ax bx", "cy"], 2);
        holds("total-true", &seen);
        select(&mut seen, "x", &["ax bx"], 2);
        holds("total-true", &seen);
        set_total(
            &mut seen.selections[0].walks[0].pages[0].answer,
            Some(json!(3)),
        );
        let found = breaks("total-true", &seen);
        assert_eq!(
            found[0].message,
            "page 1 of size 2 says 3 in all, and the list filtered by /id \"x\" holds 2"
        );
        seen.selections.clear();
        set_total(&mut seen.walks[0].pages[0].answer, Some(json!("3 or so")));
        breaks("total-true", &seen);
        let empty = page_style(&[], 2);
        holds("total-true", &empty);
    }
}
