//! What a law looked at: a verdict on nothing cannot be made.

use super::finding::{self, FindingBuilder};
use super::observations::{Observations, Page, PageResponse, Walk};
use super::{Judgement, Skip};
use crate::Finding;
use std::num::NonZeroUsize;

/// How many things a law looked at, and what is wrong with them.
#[derive(Clone, Debug)]
pub(super) struct Examined {
    count: NonZeroUsize,
    faults: Vec<FindingBuilder>,
}

impl Examined {
    /// How many pages, walks or pairs were looked at.
    pub(super) fn count(&self) -> NonZeroUsize {
        self.count
    }

    /// What is wrong with them, as findings of a profile at `place`.
    pub(super) fn findings(self, place: &str) -> Vec<Finding> {
        finding::into_findings(self.faults, place)
    }

    /// The same, with every fault as a warning.
    #[must_use]
    pub(super) fn warns(mut self) -> Self {
        self.faults = self.faults.into_iter().map(FindingBuilder::warns).collect();
        self
    }
}

/// A law at work: it counts what it looks at. Collected from an iterator, each item is one thing
/// that was looked at, with its fault where it has one.
#[derive(Debug, Default)]
pub(super) struct Examination {
    count: usize,
    faults: Vec<FindingBuilder>,
}

impl Examination {
    /// One thing was looked at.
    pub(super) fn at(&mut self, fault: Option<FindingBuilder>) {
        self.count += 1;
        self.faults.extend(fault);
    }

    /// Something that was counted already has a fault.
    pub(super) fn add(&mut self, faults: impl IntoIterator<Item = FindingBuilder>) {
        self.faults.extend(faults);
    }

    /// The judgement; where nothing was looked at, the law is left out for this reason.
    pub(super) fn or(self, seen: &Observations, nothing: &str) -> Judgement {
        let count = self.count.max(self.faults.len());
        match NonZeroUsize::new(count) {
            Some(count) => Ok(Examined {
                count,
                faults: self.faults,
            }),
            None => seen.nothing(nothing),
        }
    }
}

impl FromIterator<Option<FindingBuilder>> for Examination {
    fn from_iter<T: IntoIterator<Item = Option<FindingBuilder>>>(things: T) -> Self {
        let mut look = Self::default();
        for fault in things {
            look.at(fault);
        }
        look
    }
}

/// What a law looks at in walks under conditions that the profile says can be asked for: filters,
/// orders, options. A server may refuse one with a status that the document names, and then there
/// is nothing to look at; what it refuses otherwise is a fault.
pub(super) struct Conditions<'a> {
    seen: &'a Observations,
    look: Examination,
    /// Refusals that the document allows: the status, and what is told of each.
    refused: Vec<(u16, FindingBuilder)>,
}

impl<'a> Conditions<'a> {
    pub(super) fn new(seen: &'a Observations) -> Self {
        Self {
            seen,
            look: Examination::default(),
            refused: Vec::new(),
        }
    }

    /// Looks at the walks of one condition that came: `judge` gives their fault, and `None` where
    /// they show nothing.
    pub(super) fn at<'w>(
        &mut self,
        walks: impl IntoIterator<Item = &'w Walk>,
        name: &str,
        judge: impl FnOnce(&[&'w Walk]) -> Option<Option<FindingBuilder>>,
    ) {
        let mut came = Vec::new();
        let mut refused = None;
        for walk in walks {
            let Some(first) = walk.pages.first() else {
                continue;
            };
            match first.answer {
                PageResponse::Status(status) if (400..500).contains(&status) => {
                    refused.get_or_insert((first, status));
                }
                _ => came.push(walk),
            }
        }
        if let Some((page, status)) = refused {
            self.refusal(page, status, name);
        }
        if came.is_empty() {
            return;
        }
        if let Some(fault) = judge(&came) {
            self.look.at(fault);
        }
    }

    fn refusal(&mut self, page: &Page, status: u16, name: &str) {
        // For want of credentials, or because too much was asked at once: not this law's matter.
        let elsewhere = matches!(status, 401 | 403) && self.seen.documented.secured
            || matches!(status, 401 | 429);
        let fault = FindingBuilder::new(format!(
            "{}, {name}, answers status {status}",
            page.describe()
        ))
        .expected_page("a page of the list", page);
        if elsewhere || self.seen.documented.refuses(status) {
            self.refused.push((status, fault.warns()));
        } else {
            self.look
                .at(Some(fault.promised_at(&self.seen.documented.place)));
        }
    }

    /// The judgement; `what` names the conditions, and `nothing` is the reason where none of them
    /// was tried or came.
    pub(super) fn judgement(mut self, what: &str, nothing: &str) -> Judgement {
        if self.look.count > 0 {
            self.look
                .add(self.refused.into_iter().map(|(_, fault)| fault));
        } else if let Some((status, _)) = self.refused.first() {
            let allowed = match self.seen.documented.refuses(*status) {
                true => ", as the document allows",
                false => "",
            };
            return Err(Skip(format!(
                "{what} is refused with status {status}{allowed}: nothing is known of it"
            )));
        }
        self.look.or(self.seen, nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::observations::{
        End, Observations, Omission, PageResponse, Pair, Part, Unsettled, Written,
    };
    use super::super::testing::{
        breaks, cursor_style, holds, offset_style, order, page_style, select, skips, sort,
    };
    use crate::{ExchangeId, Severity};
    use plumbline_specs::api::PaginationStyle;

    /// Three pages by offset that a test makes say nothing.
    fn silent(change: impl Fn(&mut super::super::Content)) -> Observations {
        let mut seen = offset_style(&["a b", "c d", "e"], 2);
        for page in &mut seen.walks[0].pages {
            if let PageResponse::List(content) = &mut page.answer {
                change(content);
            }
        }
        seen
    }

    #[test]
    fn a_condition_that_is_refused_is_left_out_or_a_fault() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        select(&mut seen, "a", &["a"], 2);
        order(&mut seen, "/id", &["a b", "c d", "e"], &["e d", "c b", "a"]);
        seen.profile.sort = vec![sort("/id")];
        seen.profile.presentation.push(Default::default());
        seen.presentations = vec![("with=x".to_owned(), seen.walks[0].clone())];
        let laws = ["filtered", "sorted", "presentation-keeps-set"];
        laws.iter().for_each(|law| holds(law, &seen));
        for (status, is_left_out) in [(400, true), (429, true), (418, false)] {
            let walks = seen.selections[0].walks.iter_mut();
            let orders = &mut seen.orders[0];
            let walks = walks.chain(&mut orders.walks).chain(&mut orders.reversed);
            for walk in walks.chain(seen.presentations.iter_mut().map(|(_, walk)| walk)) {
                walk.pages.truncate(1);
                walk.pages[0].answer = PageResponse::Status(status);
                walk.end = End::Broken;
            }
            for law in laws {
                if is_left_out {
                    skips(law, &seen, &format!("refused with status {status}"));
                } else {
                    let message = &breaks(law, &seen)[0].message;
                    assert!(message.ends_with("answers status 418"), "{message}");
                }
            }
            // The law about pages leaves the refusal to these.
            holds("every-page-answers", &seen);
        }
    }

    #[test]
    fn one_condition_of_several_that_is_refused_warns() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        select(&mut seen, "a", &["a"], 2);
        select(&mut seen, "b", &["b"], 2);
        let walk = &mut seen.selections[1].walks[0];
        walk.pages.truncate(1);
        walk.pages[0].answer = PageResponse::Status(400);
        let found = breaks("filtered", &seen);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
    }

    #[test]
    fn a_law_that_saw_nothing_is_left_out() {
        let no_next = || silent(|content| content.next = None);
        skips("next-is-sum", &no_next(), "no page names a next offset");
        skips("next-advances", &no_next(), "no page names a next offset");
        skips(
            "no-empty-page",
            &no_next(),
            "no page says that more follows",
        );
        let mut flagged = no_next();
        flagged.profile.more = flagged.profile.total.clone();
        if let PaginationStyle::Offset { next, .. } = &mut flagged.profile.style {
            *next = None;
        }
        skips("next-iff-more", &flagged, "whether more follows");

        let mut seen = cursor_style(&["a b", "c"], 2);
        seen.walks[0].pages.truncate(1);
        if let PageResponse::List(content) = &mut seen.walks[0].pages[0].answer {
            content.next = None;
        }
        skips("cursor-advances", &seen, "no page gave a cursor");

        let mut seen = page_style(&["a b", "c"], 2);
        skips("full-pages", &seen, "between its first and its last");
        seen.walks[0].end = End::Cut;
        skips("walk-terminates", &seen, "no walk was followed to its end");
        seen.walks[0].pages.truncate(1);
        skips("total-constant", &seen, "one page alone");
        skips("last-page", &seen, "no walk reached the last page");

        let refused = |page: &super::Page| super::Page {
            answer: PageResponse::Status(400),
            ..page.clone()
        };
        let page = refused(&seen.walks[0].pages[0]);
        let pair = Pair {
            once: page.clone(),
            again: page.clone(),
            sort: None,
        };
        seen.repeats = vec![pair.clone()];
        seen.concurrent = vec![pair];
        skips("same-answer-twice", &seen, "no request was repeated");
        skips("isolation", &seen, "concurrently");
        seen.defaults = vec![Omission {
            part: Part::Size,
            default: "10".to_owned(),
            documented: true,
            passed: page.clone(),
            omitted: page,
        }];
        skips("defaults", &seen, "no page came");
    }

    #[test]
    fn empty_lists_and_walks_that_were_cut_say_nothing_of_writes() {
        let mut seen = page_style(&[], 2);
        seen.profile.same_collection = Some("search".to_owned());
        seen.twin = Some(("search".to_owned(), seen.walks[0].clone()));
        skips("same-collection", &seen, "the collection is empty");
        let mut cut = seen.walks[0].clone();
        seen.unsettled = Some(Unsettled {
            obstacle: None,
            kept: Vec::new(),
            walk: Some(cut.clone()),
        });
        skips("stability-under-writes", &seen, "no item stayed");
        cut.end = End::Cut;
        seen.written = Some(Written {
            obstacle: None,
            created: Some(("k".into(), ExchangeId(1))),
            after_create: Some(cut.clone()),
            deleted: Some(ExchangeId(2)),
            after_delete: Some(cut),
        });
        skips("read-back", &seen, "no walk after a write");
    }
}
