//! `bounds`: a paging parameter outside of its bounds is refused.

use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{Observations, PageResponse, Part, Probe, ProbeKind};
use super::{ANY, Judgement, Law, Range};
use crate::rule;

pub(super) const BOUNDS: Law = Law {
    rule: rule::law::BOUNDS,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let mut look: Examination = seen
        .bounds
        .iter()
        .map(|probe| Some(fault(seen, probe)?.about(probe.part.name())))
        .collect();
    // Whatever is wrong with the body of one refusal is so with all: told once, it hides nothing.
    look.add(seen.bounds.iter().find_map(|probe| body(seen, probe)));
    look.or(seen, "the profile names no numeric paging parameter")
}

fn fault(seen: &Observations, probe: &Probe) -> Option<FindingBuilder> {
    let range = range(seen, probe.part);
    let asked = asked(probe);
    let fault = match &probe.page.answer {
        PageResponse::Status(status) if (400..500).contains(status) => return refusal(seen, probe),
        PageResponse::List(content) => {
            let keys = content.keys();
            if wraps(seen, probe) {
                FindingBuilder::new(format!(
                    "{asked} wraps around: it answers {} from elsewhere in the list",
                    probe.page.describe_actual()
                ))
                .keys(keys)
            } else {
                let stops = probe.kind == ProbeKind::AboveMaximum
                    && seen
                        .profile
                        .maximum
                        .is_some_and(|most| keys.len() as u64 <= most);
                FindingBuilder::new(format!("{asked} answers {}", probe.page.describe_actual()))
                    .warns_unless(!stops && contradicts(range, probe.kind))
            }
        }
        PageResponse::NotAList(what) => {
            FindingBuilder::new(format!("{asked} succeeds with {what}"))
                .warns_unless(contradicts(range, probe.kind))
        }
        PageResponse::TooMany(_) => {
            FindingBuilder::new(format!("{asked} answers {}", probe.page.describe_actual()))
                .warns_unless(contradicts(range, probe.kind))
        }
        // A server error and an answer that never came are wrong for any input.
        PageResponse::Status(status) => {
            FindingBuilder::new(format!("{asked} answers status {status}"))
        }
        PageResponse::Nothing(why) => FindingBuilder::new(format!("{asked} gets no answer: {why}")),
    };
    let fault = fault.expected_page("a documented 4xx", &probe.page);
    Some(match range {
        Some(range) => fault.promised_at(&range.place),
        None => fault,
    })
}

/// A refusal is right when its status is documented.
fn refusal(seen: &Observations, probe: &Probe) -> Option<FindingBuilder> {
    let status = match probe.page.answer {
        PageResponse::Status(status) if !seen.documented.refuses(status) => status,
        _ => return None,
    };
    Some(
        FindingBuilder::new(format!(
            "{} is refused with status {status}, which is not documented",
            asked(probe)
        ))
        .expected_page("a documented 4xx", &probe.page)
        .promised_at(&seen.documented.place)
        .warns(),
    )
}

/// The body of a documented refusal is as documented too.
fn body(seen: &Observations, probe: &Probe) -> Option<FindingBuilder> {
    match probe.page.answer {
        PageResponse::Status(status) if seen.documented.refuses(status) => {}
        _ => return None,
    }
    let violation = probe.violations.first()?;
    Some(
        FindingBuilder::new(format!(
            "{} is refused with a body that is not as documented: {violation}",
            asked(probe)
        ))
        .expected_actual("the documented error body", violation.clone())
        .with_page(&probe.page),
    )
}

/// Whether a value that no list can have was taken for a place in it.
fn wraps(seen: &Observations, probe: &Probe) -> bool {
    if !matches!(probe.part, Part::Number | Part::Offset) {
        return false;
    }
    let keys = probe.page.keys();
    if keys.is_empty() {
        return false;
    }
    let Ok(all) = seen.boundary() else {
        return false;
    };
    let first = all.items.iter().map(|item| &*item.key).take(keys.len());
    match probe.kind {
        ProbeKind::Negative | ProbeKind::BelowMinimum => !first.eq(keys),
        // Far beyond every list there is nothing.
        ProbeKind::Beyond64Bits => true,
        _ => false,
    }
}

/// Whether the document says that the value is wrong.
fn contradicts(range: Option<&Range>, kind: ProbeKind) -> bool {
    let Some(range) = range else { return false };
    match kind {
        ProbeKind::BelowMinimum => range.minimum.is_some(),
        ProbeKind::Negative => range.minimum.is_some_and(|least| least >= 0),
        ProbeKind::AboveMaximum | ProbeKind::Beyond64Bits => range.maximum.is_some(),
        ProbeKind::NotANumber => range.integer,
        // Many frameworks read an empty value as one that was left out.
        ProbeKind::Empty | ProbeKind::Garbage | ProbeKind::Truncated | ProbeKind::Foreign => false,
    }
}

fn asked(probe: &Probe) -> String {
    match probe.kind {
        ProbeKind::Empty => format!("an empty {}", probe.part.name()),
        _ => format!("{} {}", probe.part.name(), probe.sent),
    }
}

fn range(seen: &Observations, part: Part) -> Option<&Range> {
    match part {
        Part::Number => seen.documented.number.as_ref(),
        Part::Offset => seen.documented.offset.as_ref(),
        Part::Cursor => seen.documented.cursor.as_ref(),
        Part::Size => seen.documented.size.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity::{Failure, Warning};
    use crate::law::testing::{holds, list, page_style, severity};

    #[test]
    fn what_the_document_says_fails_and_the_rest_warns() {
        use ProbeKind::*;
        let bounded = Range {
            integer: true,
            minimum: Some(1),
            maximum: Some(100),
            ..Range::default()
        };
        let unbounded = Range {
            integer: true,
            ..Range::default()
        };
        for (range, part, kind, answer, expected) in [
            (
                &bounded,
                Part::Number,
                BelowMinimum,
                PageResponse::Status(400),
                None,
            ),
            (
                &bounded,
                Part::Number,
                BelowMinimum,
                list("a b"),
                Some(Failure),
            ),
            (
                &unbounded,
                Part::Number,
                BelowMinimum,
                list("a b"),
                Some(Warning),
            ),
            (
                &unbounded,
                Part::Number,
                BelowMinimum,
                list(""),
                Some(Warning),
            ),
            (&unbounded, Part::Number, Negative, list("c"), Some(Failure)),
            (
                &unbounded,
                Part::Number,
                Negative,
                PageResponse::Status(500),
                Some(Failure),
            ),
            (
                &unbounded,
                Part::Number,
                Beyond64Bits,
                list("a"),
                Some(Failure),
            ),
            (
                &unbounded,
                Part::Number,
                Beyond64Bits,
                list(""),
                Some(Warning),
            ),
            (
                &unbounded,
                Part::Number,
                NotANumber,
                list("a b"),
                Some(Failure),
            ),
            (&bounded, Part::Size, Empty, list("a b"), Some(Warning)),
            (
                &bounded,
                Part::Size,
                AboveMaximum,
                list("a b c"),
                Some(Failure),
            ),
            (
                &bounded,
                Part::Size,
                NotANumber,
                PageResponse::Status(404),
                Some(Warning),
            ),
            (
                &bounded,
                Part::Size,
                Negative,
                PageResponse::Nothing("closed".into()),
                Some(Failure),
            ),
        ] {
            let mut seen = page_style(&["a b", "c"], 2);
            seen.documented.number = Some(range.clone());
            seen.documented.size = Some(range.clone());
            let mut page = seen.walks[0].pages[0].clone();
            page.answer = answer.clone();
            seen.bounds.push(Probe {
                part,
                kind,
                sent: "x".to_owned(),
                page,
                violations: Vec::new(),
            });
            assert_eq!(
                severity("bounds", &seen),
                expected,
                "{part:?} {kind:?} {answer:?}"
            );
        }
    }

    #[test]
    fn a_maximum_that_the_profile_stops_at_may_be_stopped_at() {
        let mut seen = page_style(&["a b", "c"], 2);
        seen.profile.maximum = Some(3);
        seen.documented.size = Some(Range {
            maximum: Some(3),
            ..Range::default()
        });
        let mut page = seen.walks[0].pages[0].clone();
        page.answer = list("a b c");
        seen.bounds.push(Probe {
            part: Part::Size,
            kind: ProbeKind::AboveMaximum,
            sent: "4".to_owned(),
            page,
            violations: Vec::new(),
        });
        assert_eq!(severity("bounds", &seen), Some(Warning));
        seen.bounds[0].page.answer = list("a b c d");
        assert_eq!(severity("bounds", &seen), Some(Failure));
    }

    #[test]
    fn a_refusal_has_the_documented_body() {
        let mut seen = page_style(&["a b", "c"], 2);
        let mut page = seen.walks[0].pages[0].clone();
        page.answer = PageResponse::Status(400);
        seen.bounds.push(Probe {
            part: Part::Size,
            kind: ProbeKind::Negative,
            sent: "-1".to_owned(),
            page,
            violations: Vec::new(),
        });
        holds("bounds", &seen);
        seen.bounds[0]
            .violations
            .push("\"errors\" is missing".to_owned());
        assert_eq!(severity("bounds", &seen), Some(Failure));
    }
}
