//! `cursor-advances`, `cursor-is-bound` and `bad-cursor`: what a token is good for.

use super::examination::Examination;
use super::finding::{FindingBuilder, join_keys};
use super::observations::{
    All, Crossed, Observations, Page, PageResponse, Position, Probe, ProbeKind, Walk, short,
};
use super::{CURSOR, Judgement, Law, TOKENS};
use crate::rule;
use serde_json::Value;

pub(super) const CURSOR_ADVANCES: Law = Law {
    rule: rule::law::CURSOR_ADVANCES,
    styles: TOKENS,
    judge: cursor_advances,
};

pub(super) const CURSOR_IS_BOUND: Law = Law {
    rule: rule::law::CURSOR_IS_BOUND,
    styles: CURSOR,
    judge: cursor_is_bound,
};

pub(super) const BAD_CURSOR: Law = Law {
    rule: rule::law::BAD_CURSOR,
    styles: CURSOR,
    judge: bad_cursor,
};

fn cursor_advances(seen: &Observations) -> Judgement {
    seen.boundary()?;
    let look: Examination = seen
        .every_walk()
        .filter(|walk| walk.pages.iter().any(names_next))
        .map(again)
        .collect();
    look.or(seen, "no page gave a cursor")
}

/// Whether a page says where the next one is.
fn names_next(page: &Page) -> bool {
    page.content().is_some_and(|content| content.next.is_some())
}

/// The first token that a walk was given twice, or given where it led.
fn again(walk: &Walk) -> Option<FindingBuilder> {
    let mut given: Vec<(&Value, &Page)> = Vec::new();
    for page in walk.pages.iter().chain(&walk.tail) {
        if let Position::Token(token) = &page.asked.position
            && !given.iter().any(|(own, _)| *own == token)
        {
            given.push((token, page));
        }
        let Some(next) = page.content().and_then(|content| content.next.as_ref()) else {
            continue;
        };
        if let Some((token, before)) = given.iter().find(|(own, _)| *own == next) {
            return Some(
                FindingBuilder::new(format!(
                    "{} names the cursor {} as next, which the walk has met before",
                    page.describe(),
                    short(token)
                ))
                .expected_actual("another cursor", short(token))
                .with_page(before)
                .with_page(page),
            );
        }
        given.push((next, page));
    }
    None
}

fn cursor_is_bound(seen: &Observations) -> Judgement {
    let all = seen.boundary()?;
    let look: Examination = seen
        .crossed
        .iter()
        // What is refused without a cursor too says nothing of cursors.
        .filter(|crossed| {
            crossed.changed.as_ref().is_none_or(|walk| {
                let first = walk.pages.first();
                !matches!(
                    first.map(|page| &page.answer),
                    Some(PageResponse::Status(400..500))
                )
            })
        })
        .map(|crossed| mixture(seen, &all, crossed))
        .collect();
    look.or(
        seen,
        "no cursor could be used with anything else than it was given for",
    )
}

fn mixture(seen: &Observations, all: &All<'_>, crossed: &Crossed) -> Option<FindingBuilder> {
    let came = &crossed.came;
    let token = match &came.asked.position {
        Position::Token(token) => short(token),
        _ => "?".to_owned(),
    };
    let message = match &came.answer {
        PageResponse::Status(status) if (400..500).contains(status) => return None,
        PageResponse::List(content) => {
            let keys = content.keys();
            if keys == crossed.meant.keys() || coherent(all, crossed, &keys) {
                return None;
            }
            format!(
                "cursor {token}, used with {}, gives {} from {}",
                crossed.with,
                came.describe_actual(),
                join_keys(&keys)
            )
        }
        _ => format!(
            "cursor {token}, used with {}, answers {}",
            crossed.with,
            came.describe_actual()
        ),
    };
    Some(
        FindingBuilder::new(message)
            .expected_actual(
                "a refusal, or what it was given for",
                came.describe_actual(),
            )
            .keys(came.keys())
            .with_page(&crossed.giver)
            .with_page(&crossed.meant)
            .with_page(came)
            .at(seen.items_pointer()),
    )
}

/// Whether these items go on where the cursor stands: in the list, for another size; in the
/// changed list, for a filter or an order. A cursor that names an item can do that.
fn coherent(all: &All<'_>, crossed: &Crossed, keys: &[&str]) -> bool {
    let Some(last) = crossed.giver.keys().last().copied() else {
        return false;
    };
    let Some(at) = all.index.get(last) else {
        return false;
    };
    let rest: Vec<&str> = all
        .items
        .iter()
        .skip(at + 1)
        .map(|item| &*item.key)
        .collect();
    let begins = |rest: &[&str]| {
        rest.get(..keys.len()) == Some(keys) && (!keys.is_empty() || rest.is_empty())
    };
    let Some(changed) = &crossed.changed else {
        return begins(&rest);
    };
    let list = changed.keys();
    // Filtered: the matches among what remains.
    let matches: Vec<&str> = list
        .iter()
        .filter(|key| rest.contains(key))
        .copied()
        .collect();
    // Ordered: what follows the item in that order.
    let following = list
        .iter()
        .position(|key| *key == last)
        .and_then(|index| list.get(index + 1..));
    (list.len() < all.items.len() && begins(&matches)) || following.is_some_and(begins)
}

fn bad_cursor(seen: &Observations) -> Judgement {
    let look: Examination = seen.tokens.iter().map(|probe| bad(seen, probe)).collect();
    look.or(seen, "no bad cursor was handed in")
}

fn bad(seen: &Observations, probe: &Probe) -> Option<FindingBuilder> {
    let kind = match probe.kind {
        ProbeKind::Truncated => "the truncated cursor",
        ProbeKind::Foreign => "the foreign cursor",
        _ => "the cursor",
    };
    let name = format!("{kind} {:?}", super::observations::clip(&probe.sent));
    let promised = seen.documented.names_refusals();
    let page = &probe.page;
    let fault = match &page.answer {
        PageResponse::Status(status) if (400..500).contains(status) => {
            if !seen.documented.refuses(*status) {
                FindingBuilder::new(format!(
                    "{name} is refused with status {status}, which is not documented"
                ))
                .promised_at(&seen.documented.place)
                .warns()
            } else {
                let violation = probe.violations.first()?;
                FindingBuilder::new(format!(
                    "{name} is refused with a body that is not as documented: {violation}"
                ))
            }
        }
        PageResponse::List(content) => {
            let keys = content.keys();
            let all = seen.all().ok()?;
            let first = all.items.iter().take(keys.len()).map(|item| &*item.key);
            if !keys.is_empty() && first.eq(keys.iter().copied()) {
                FindingBuilder::new(format!("{name} gives the first page")).keys(keys)
            } else if probe.kind == ProbeKind::Truncated && slice(&all, &keys) {
                // What is left of a plain id or number may well be another one.
                return None;
            } else {
                FindingBuilder::new(format!("{name} gives {}", page.describe_actual()))
                    .keys(keys)
                    .warns_unless(promised)
            }
        }
        PageResponse::TooMany(_) => {
            FindingBuilder::new(format!("{name} gives {}", page.describe_actual()))
                .warns_unless(promised)
        }
        PageResponse::NotAList(what) => {
            FindingBuilder::new(format!("{name} succeeds with {what}")).warns_unless(promised)
        }
        PageResponse::Status(status) => {
            FindingBuilder::new(format!("{name} answers status {status}"))
        }
        PageResponse::Nothing(why) => FindingBuilder::new(format!("{name} gets no answer: {why}")),
    };
    Some(fault.expected_page("a documented 4xx", page))
}

/// Whether keys are neighbours in the list.
fn slice(all: &All<'_>, keys: &[&str]) -> bool {
    let Some(first) = keys.first() else {
        return true;
    };
    all.index.get(first).is_some_and(|start| {
        all.items
            .iter()
            .skip(*start)
            .take(keys.len())
            .map(|item| &*item.key)
            .eq(keys.iter().copied())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity::{self, Failure, Warning};
    use crate::law::testing::{
        breaks, cursor_style, holds, list, more_walks, severity, skips, walk_like,
    };
    use plumbline_specs::api::Status;
    use serde_json::json;

    #[test]
    fn no_cursor_comes_twice() {
        let mut seen = cursor_style(&["a b", "c d", "e"], 2);
        holds("cursor-advances", &seen);
        if let PageResponse::List(content) = &mut seen.walks[0].pages[1].answer {
            content.next = Some(json!("after b"));
        }
        assert_eq!(
            breaks("cursor-advances", &seen)[0].message,
            "the page at cursor \"after b\" of size 2 names the cursor \"after b\" as next, which the walk has met before"
        );
    }

    #[test]
    fn a_cursor_is_bound_to_what_it_was_given_for() {
        let mut seen = cursor_style(&["ax b", "cx d", "ex f"], 2);
        skips("cursor-is-bound", &seen, "no cursor could be used");
        let changed = walk_like(&seen, 2, &["ax cx", "ex"]);
        let order = walk_like(&seen, 2, &["f ex", "d cx", "b ax"]);
        let cases: [(PageResponse, Option<&Walk>, bool); 12] = [
            (PageResponse::Status(400), None, true),
            (PageResponse::Status(500), None, false),
            (list("cx d"), None, true),
            (list("cx d ex"), None, true),
            (list("cx"), None, true),
            (list("d ex"), None, false),
            (list("cx ex"), Some(&changed), true),
            (list("cx d"), Some(&changed), true),
            (list("ax cx"), Some(&changed), false),
            (list("ex"), Some(&changed), false),
            (list("ax"), Some(&order), true),
            (list("d cx"), Some(&order), false),
        ];
        for (answer, changed, right) in cases {
            let mut came = seen.walks[0].pages[1].clone();
            came.answer = answer.clone();
            seen.crossed = vec![Crossed {
                with: "something else".to_owned(),
                giver: seen.walks[0].pages[0].clone(),
                meant: seen.walks[0].pages[1].clone(),
                came,
                changed: changed.cloned(),
            }];
            if right {
                holds("cursor-is-bound", &seen);
            } else {
                breaks("cursor-is-bound", &seen);
            }
        }
    }

    #[test]
    fn a_bad_cursor_is_refused() {
        let mut seen = cursor_style(&["a b", "c d", "e"], 2);
        more_walks(&mut seen, 5, &["a b c d e"]);
        let cases: [(ProbeKind, PageResponse, Option<Severity>); 8] = [
            (ProbeKind::Garbage, PageResponse::Status(400), None),
            (ProbeKind::Garbage, PageResponse::Status(422), Some(Warning)),
            (ProbeKind::Garbage, PageResponse::Status(500), Some(Failure)),
            (ProbeKind::Garbage, list("a b"), Some(Failure)),
            (ProbeKind::Garbage, list(""), Some(Failure)),
            (ProbeKind::Truncated, list("b c"), None),
            (ProbeKind::Truncated, list("a b"), Some(Failure)),
            (ProbeKind::Foreign, list("c d"), Some(Failure)),
        ];
        for (kind, answer, expected) in cases {
            let mut page = seen.walks[0].pages[0].clone();
            page.answer = answer.clone();
            seen.tokens = vec![Probe {
                part: crate::law::Part::Cursor,
                kind,
                sent: "x".to_owned(),
                page,
                violations: Vec::new(),
            }];
            assert_eq!(
                severity("bad-cursor", &seen),
                expected,
                "{kind:?} {answer:?}"
            );
        }
        // A document without any refusal leaves more open, but never the first page.
        seen.documented.statuses = vec![Status::Code(200)];
        assert_eq!(severity("bad-cursor", &seen), Some(Warning));
    }
}
