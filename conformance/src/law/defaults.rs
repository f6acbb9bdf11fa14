//! `defaults`: a paging parameter left out means its default.

use super::examination::Examination;
use super::finding::{Difference, FindingBuilder};
use super::observations::{Observations, Omission};
use super::{ANY, Judgement, Law};
use crate::rule;

pub(super) const DEFAULTS: Law = Law {
    rule: rule::law::DEFAULTS,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    seen.boundary()?;
    seen.needs(
        &seen.defaults,
        "the document states no default of a paging parameter",
    )?;
    let look: Examination = seen
        .defaults
        .iter()
        .filter(|omission| {
            omission.passed.content().is_some() || omission.omitted.content().is_some()
        })
        .map(|omission| fault(seen, omission))
        .collect();
    look.or(
        seen,
        "no page came with a paging parameter's default, or without the parameter",
    )
}

fn fault(seen: &Observations, omission: &Omission) -> Option<FindingBuilder> {
    let (passed, omitted) = (&omission.passed, &omission.omitted);
    let name = omission.part.name();
    let fault = match (passed.content(), omitted.content()) {
        (Some(left), Some(right)) => {
            match Difference::between(&left.keys(), &right.keys()) {
                Some(difference) => FindingBuilder::new(format!(
                    "without a {name} the page {}, compared with {name} {}",
                    difference.describe(),
                    omission.default
                ))
                .keys(difference.keys()),
                // Where all items fit on a page, only the echo tells one default from another.
                None => {
                    let (one, other) = match omission.part {
                        super::Part::Size => (&left.size, &right.size),
                        super::Part::Number => (&left.number, &right.number),
                        super::Part::Offset => (&left.offset, &right.offset),
                        super::Part::Cursor => return None,
                    };
                    if one == other {
                        return None;
                    }
                    let shown = |value: &Option<serde_json::Value>| {
                        value
                            .as_ref()
                            .map_or("nothing".to_owned(), ToString::to_string)
                    };
                    FindingBuilder::new(format!(
                        "without a {name} the response repeats {}, with {name} {} it repeats {}",
                        shown(other),
                        omission.default,
                        shown(one)
                    ))
                }
            }
        }
        (None, None) => return None,
        _ => FindingBuilder::new(format!(
            "without a {name} the answer is {}, with {name} {} it is {}",
            omitted.describe_actual(),
            omission.default,
            passed.describe_actual()
        )),
    };
    let range = match omission.part {
        super::Part::Size => &seen.documented.size,
        super::Part::Number => &seen.documented.number,
        super::Part::Offset => &seen.documented.offset,
        super::Part::Cursor => &seen.documented.cursor,
    };
    let fault = match range {
        Some(range) if omission.documented => fault.promised_at(&range.place),
        _ => fault,
    };
    Some(
        fault
            .expected_actual(passed.describe_actual(), omitted.describe_actual())
            .with_page(passed)
            .with_page(omitted)
            .warns_unless(omission.documented),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::law::observations::{Omission, PageResponse, Part};
    use crate::law::testing::{breaks, holds, items, page_style, skips};
    use serde_json::json;

    #[test]
    fn a_default_is_what_the_document_says() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("defaults", &seen, "states no default");
        let page = seen.walks[0].pages[0].clone();
        seen.defaults.push(Omission {
            part: Part::Size,
            default: "2".to_owned(),
            documented: true,
            passed: page.clone(),
            omitted: page,
        });
        holds("defaults", &seen);
        let PageResponse::List(content) = &mut seen.defaults[0].omitted.answer else {
            unreachable!("the page is a list");
        };
        content.size = Some(json!(3));
        let found = breaks("defaults", &seen);
        assert_eq!(
            found[0].message,
            "without a size the response repeats 3, with size 2 it repeats nothing"
        );
        let PageResponse::List(content) = &mut seen.defaults[0].omitted.answer else {
            unreachable!("the page is a list");
        };
        content.items = items("a b c");
        let found = breaks("defaults", &seen);
        assert_eq!(
            found[0].message,
            "without a size the page has \"c\" besides, compared with size 2"
        );
        assert_eq!(found[0].severity, Severity::Failure);
        seen.defaults[0].documented = false;
        assert_eq!(breaks("defaults", &seen)[0].severity, Severity::Warning);
    }
}
