//! The laws of pagination: what a list operation promises beyond its schema.
//!
//! Two halves. [`observe()`] walks a list and gathers [`Observations`], and is all that sends
//! anything; a law is a pure function of them, one file per law or close family.

mod answers;
mod bounds;
mod compare;
mod cursor;
mod defaults;
mod documented;
mod duplicates;
mod echo;
mod examination;
mod filtered;
mod finding;
mod invariance;
mod link;
mod next;
mod observations;
mod observe;
mod page_base;
mod past_the_end;
mod presentation;
mod read_back;
mod repeat;
mod same_collection;
mod sizes;
mod slice;
mod sorted;
mod stability;
mod termination;
mod total;

#[cfg(test)]
mod testing;

pub use documented::{Documented, Range};
pub use observations::{
    All, Content, Crossed, End, Item, Link, Observations, Omission, Ordered, Page, PageRequest,
    PageResponse, Pair, Part, Position, Probe, ProbeKind, Read, Selection, State, Unsettled, Walk,
    Written,
};
pub use observe::{LawOptions, judge, observe};

use crate::{Finding, Outcome, Rule, rule};
use examination::{Examination, Examined};
use finding::FindingBuilder;
use plumbline_specs::api::StyleKind;
use std::num::NonZeroUsize;

/// Why a law could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip(pub String);

/// What a law finds, or why it could not be judged.
type Judgement<T = Examined> = Result<T, Skip>;

/// A law: what it promises, whom it binds, and how it is judged.
struct Law {
    rule: Rule,
    styles: &'static [StyleKind],
    judge: fn(&Observations) -> Judgement,
}

const ANY: &[StyleKind] = &StyleKind::ALL;
const PAGE: &[StyleKind] = &[StyleKind::Page];
const OFFSET: &[StyleKind] = &[StyleKind::Offset];
const COUNTED: &[StyleKind] = &[StyleKind::Page, StyleKind::Offset];
const TOKENS: &[StyleKind] = &[StyleKind::Cursor, StyleKind::Link];
const FOLLOWED: &[StyleKind] = &[StyleKind::Offset, StyleKind::Cursor, StyleKind::Link];
const LINK: &[StyleKind] = &[StyleKind::Link];
const CURSOR: &[StyleKind] = &[StyleKind::Cursor];

/// Every law with its judge, in the order in which they are told.
const TABLE: &[Law] = &[
    answers::EVERY_PAGE_ANSWERS,
    answers::ITEMS_IS_A_LIST,
    sizes::PAGE_BOUND,
    sizes::FULL_PAGES,
    sizes::FIRST_PAGE_FULL,
    sizes::SILENT_CAP,
    termination::WALK_TERMINATES,
    duplicates::NO_DUPLICATES,
    invariance::SIZE_INVARIANCE,
    repeat::SAME_ANSWER_TWICE,
    defaults::DEFAULTS,
    bounds::BOUNDS,
    total::TOTAL_CONSTANT,
    total::TOTAL_TRUE,
    filtered::FILTERED,
    sorted::SORTED,
    sorted::DEFAULT_SORT,
    presentation::PRESENTATION_KEEPS_SET,
    repeat::ISOLATION,
    same_collection::SAME_COLLECTION,
    read_back::READ_BACK,
    echo::PAGE_ECHO,
    echo::SIZE_ECHO,
    page_base::PAGE_BASE,
    slice::PAGE_SLICE,
    past_the_end::PAST_THE_END,
    slice::LAST_PAGE,
    echo::OFFSET_ECHO,
    next::NEXT_IS_SUM,
    next::NEXT_ADVANCES,
    next::NEXT_IFF_MORE,
    next::NO_EMPTY_PAGE,
    slice::OFFSET_SLICE,
    cursor::CURSOR_ADVANCES,
    repeat::CURSOR_REPLAYS,
    cursor::CURSOR_IS_BOUND,
    cursor::BAD_CURSOR,
    link::PREV_OF_NEXT,
    link::LINK_KEEPS_QUERY,
    stability::STABILITY_UNDER_WRITES,
];

/// Judges every law that binds the observed operation's style, in the order of [`rule::law::ALL`].
pub fn judge_all(observations: &Observations) -> Vec<Outcome> {
    let style = observations.profile.style.kind();
    TABLE
        .iter()
        .filter(|law| law.styles.contains(&style))
        .map(|law| outcome(law, observations))
        .collect()
}

/// What one law looked at, and what it finds there.
type Found = (NonZeroUsize, Vec<Finding>);

/// What one law finds, and in how many things; `None` when the rule is no law.
pub fn findings(rule: Rule, observations: &Observations) -> Option<Result<Found, Skip>> {
    let law = TABLE.iter().find(|law| law.rule == rule)?;
    Some(judged(law, observations))
}

fn outcome(law: &Law, observations: &Observations) -> Outcome {
    match judged(law, observations) {
        Ok((count, findings)) => {
            Outcome::judged(law.rule, &observations.operation, count, findings)
        }
        Err(Skip(reason)) => Outcome::skipped(law.rule, &observations.operation, reason),
    }
}

/// Whether all that was seen is a walk without an end.
fn is_endless(observations: &Observations) -> bool {
    matches!(observations.walks.as_slice(), [walk] if walk.end == observations::End::Endless)
}

/// What was expected in place of a first page that cannot be used.
fn expected(page: &observations::Page) -> String {
    match (&page.answer, page.asked.size) {
        (PageResponse::TooMany(_), Some(size)) => format!("at most {size} items"),
        _ => "a page of the list".to_owned(),
    }
}

fn judged(law: &Law, observations: &Observations) -> Result<Found, Skip> {
    let looked = looked(law, observations)?;
    let count = looked.count();
    Ok((count, looked.findings(observations.profile.place.as_str())))
}

fn looked(law: &Law, observations: &Observations) -> Judgement {
    match &observations.state {
        State::Settled => {}
        // Where no walk ever ended, that is why two of them differ.
        State::Moved(_) if law.rule == rule::law::WALK_TERMINATES && is_endless(observations) => {}
        State::Moved(reason) | State::Unsupported(reason) => return Err(Skip(reason.clone())),
        State::Unanswered(page) => return unanswered(law, observations, page),
    }
    (law.judge)(observations)
}

/// What came in place of the first page is told once, by the law that it breaks.
fn unanswered(law: &Law, observations: &Observations, page: &observations::Page) -> Judgement {
    let broken = match &page.answer {
        PageResponse::TooMany(_) => rule::law::PAGE_BOUND,
        PageResponse::NotAList(_) => rule::law::ITEMS_IS_A_LIST,
        _ => rule::law::EVERY_PAGE_ANSWERS,
    };
    if law.rule != broken {
        return Err(Skip(format!(
            "the first page did not come: {}",
            page.describe_actual()
        )));
    }
    let refused = match page.answer {
        PageResponse::Status(status) => observations.documented.may_refuse(status),
        _ => false,
    };
    let fault = FindingBuilder::new(format!(
        "{} answers {}",
        page.describe(),
        page.describe_actual()
    ))
    .expected_page(expected(page), page)
    .warns_unless(!refused);
    Examination::from_iter([Some(fault)]).or(observations, "the first page did not come")
}

#[cfg(test)]
mod tests {
    use super::TABLE;
    use crate::{Rule, rule};

    #[test]
    fn every_law_has_its_judge() {
        let judged: Vec<Rule> = TABLE.iter().map(|law| law.rule).collect();
        assert_eq!(judged, rule::law::ALL);
    }
}
