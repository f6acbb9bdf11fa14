//! `page-base`: the first page has the number that the document says.

use super::examination::Examination;
use super::finding::{FindingBuilder, join_keys};
use super::observations::{Observations, PageResponse, Part, Probe};
use super::{Judgement, Law, PAGE};
use crate::rule;

pub(super) const PAGE_BASE: Law = Law {
    rule: rule::law::PAGE_BASE,
    styles: PAGE,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let before = (seen.first() - 1).to_string();
    let Some(probe) = seen
        .bounds
        .iter()
        .find(|probe| probe.part == Part::Number && probe.sent == before)
    else {
        return seen.nothing("the page before the first was not asked for");
    };
    let minimum = seen
        .documented
        .number
        .as_ref()
        .and_then(|number| number.minimum);
    let fault = fault(seen, probe, minimum == Some(seen.first()));
    Examination::from_iter([fault]).or(seen, "the page before the first was not asked for")
}

fn fault(seen: &Observations, probe: &Probe, documented: bool) -> Option<FindingBuilder> {
    let page = &probe.page;
    match &page.answer {
        PageResponse::Status(status) if (400..500).contains(status) => None,
        PageResponse::List(content) if !content.items.is_empty() => {
            let all = seen.all().ok()?;
            let keys = content.keys();
            let unmet: Vec<&str> = keys
                .iter()
                .filter(|key| !all.index.contains_key(**key))
                .copied()
                .collect();
            let first = seen.walks.first().and_then(|walk| walk.pages.first());
            let fault = if unmet.is_empty() {
                FindingBuilder::new(format!(
                    "page {} answers {}, though the first page is {}",
                    probe.sent,
                    page.describe_actual(),
                    seen.first()
                ))
                .warns_unless(documented)
            } else {
                FindingBuilder::new(format!(
                    "pages are counted from {}: page {} has {}, which no page from {} on shows",
                    probe.sent,
                    probe.sent,
                    join_keys(&unmet),
                    seen.first()
                ))
                .keys(unmet)
            };
            let fault = fault.expected_page("a refusal", page);
            Some(match first {
                Some(first) => fault.with_page(first),
                None => fault,
            })
        }
        _ => Some(
            FindingBuilder::new(format!(
                "page {} answers {}",
                probe.sent,
                page.describe_actual()
            ))
            .expected_page("a refusal", page)
            .warns_unless(documented || matches!(page.answer, PageResponse::Status(_))),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity::{self, Failure, Warning};
    use crate::law::Range;
    use crate::law::observations::ProbeKind;
    use crate::law::testing::{list, page_style, severity, skips};

    #[test]
    fn the_page_before_the_first_is_refused() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("page-base", &seen, "was not asked for");
        let cases: [(PageResponse, Option<i64>, Option<Severity>); 6] = [
            (PageResponse::Status(400), Some(1), None),
            (PageResponse::Status(404), None, None),
            (list("a b"), Some(1), Some(Failure)),
            (list("a b"), None, Some(Warning)),
            (list("y z"), None, Some(Failure)),
            (PageResponse::Status(500), None, Some(Failure)),
        ];
        for (answer, minimum, expected) in cases {
            let mut page = seen.walks[0].pages[0].clone();
            page.answer = answer.clone();
            seen.documented.number = Some(Range {
                minimum,
                ..Range::default()
            });
            seen.bounds = vec![Probe {
                part: Part::Number,
                kind: ProbeKind::BelowMinimum,
                sent: "0".to_owned(),
                page,
                violations: Vec::new(),
            }];
            assert_eq!(
                severity("page-base", &seen),
                expected,
                "{answer:?} {minimum:?}"
            );
        }
    }
}
