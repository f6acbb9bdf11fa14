//! Walking: from the first page on, until the profile says the end or nothing new comes.

use super::writes::Writer;
use super::{Condition, Observer};
use crate::ExchangeId;
use crate::law::documented::integer;
use crate::law::observations::{
    Content, End, LINK, Page, PageRequest, PageResponse, Position, Walk, short,
};
use crate::shorten::shorten;
use plumbline_specs::api::{PaginationStyle, PastTheEnd};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// So many pages in a row that bring nothing new, and the walk goes no further.
const IDLE: usize = 3;

/// How a walk is made.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    pub(super) condition: &'a Condition,
    pub(super) size: Option<u64>,
    /// How many items there are, when that is known: bounds the requests.
    pub(super) count: Option<usize>,
    /// After so many pages the walk is cut short.
    pub(super) pages: usize,
    /// Asks anew for what was asked before.
    pub(super) fresh: bool,
}

/// What comes after a page.
enum Onward {
    To(Position),
    Ends(End),
}

/// A walk under way.
struct State<'a> {
    plan: Plan<'a>,
    walk: Walk,
    met: HashSet<Arc<str>>,
    /// Each position with the page that was found there.
    positions: Vec<(Position, ExchangeId)>,
    /// How many pages in a row brought nothing new.
    idle: usize,
    /// The greatest page so far: sizes may be capped.
    greatest: usize,
}

impl Observer<'_> {
    /// The position of the first page.
    pub(super) fn start(&self) -> Position {
        match &self.profile.style {
            PaginationStyle::Page { first, .. } => Position::Number(*first),
            PaginationStyle::Offset { .. } => Position::Offset(0),
            PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => Position::First,
        }
    }

    /// Walks; `writer` changes the collection between pages.
    pub(super) async fn walk(&self, plan: Plan<'_>, writer: Option<&Writer<'_>>) -> Walk {
        let mut state = State {
            plan,
            walk: Walk {
                size: plan.size,
                pages: Vec::new(),
                tail: Vec::new(),
                end: End::Cut,
            },
            met: HashSet::new(),
            positions: Vec::new(),
            idle: 0,
            greatest: 0,
        };
        let mut position = self.start();
        loop {
            let asked = PageRequest {
                position: position.clone(),
                size: plan.size,
            };
            let Some(page) = self.page(plan.condition, asked, plan.fresh).await else {
                state.stop(End::Cut);
                break;
            };
            state.positions.push((position, page.id));
            match self.after(&mut state, page) {
                Onward::To(next) => position = next,
                Onward::Ends(end) => {
                    state.stop(end);
                    break;
                }
            }
            if let Some(writer) = writer {
                writer.step(state.walk.pages.len()).await;
            }
        }
        state.walk
    }

    /// Takes in a page and says where to go on.
    fn after(&self, state: &mut State<'_>, page: Page) -> Onward {
        let refused = match &page.answer {
            PageResponse::Status(status) => Some(*status),
            _ => None,
        };
        let before = state.walk.pages.last().and_then(Page::content).cloned();
        state.walk.pages.push(page);
        let Some(content) = state.walk.pages.last().and_then(Page::content).cloned() else {
            let end = match (refused, before) {
                (Some(status), Some(before)) => self.refused(state, status, &before),
                _ => End::Broken,
            };
            return Onward::Ends(end);
        };
        let known = state.met.len();
        state
            .met
            .extend(content.items.iter().map(|item| Arc::clone(&item.key)));
        state.idle = if state.met.len() > known {
            0
        } else {
            state.idle + 1
        };
        state.greatest = state.greatest.max(content.items.len());
        let next = match self.next(state, &content) {
            Onward::To(next) => next,
            ends => return ends,
        };
        if let Some((_, first)) = state.positions.iter().find(|(own, _)| *own == next) {
            return Onward::Ends(End::Met(describe(&next), *first));
        }
        // A page by number that is empty was the end already; what is idle repeats items, or
        // is empty and says that more follows.
        if state.idle >= IDLE || state.idle > 0 && state.spent() {
            return Onward::Ends(state.repeated().unwrap_or(End::Endless));
        }
        if state.walk.pages.len() >= state.plan.pages {
            return Onward::Ends(End::Cut);
        }
        Onward::To(next)
    }

    /// What an error after a page means: the end, where the next position was only reckoned
    /// and nothing says that more is there. `past-the-end` judges it then.
    fn refused(&self, state: &State<'_>, status: u16, before: &Content) -> End {
        let promised = self.profile.past_the_end == Some(PastTheEnd::Status(status));
        let total = before.total.as_ref().and_then(integer);
        let short = state
            .plan
            .size
            .is_some_and(|size| (before.items.len() as u64) < size);
        let all = match (state.plan.count, total) {
            (Some(count), _) => state.met.len() >= count,
            (None, Some(total)) => state.met.len() as i64 >= total,
            (None, None) => short || status < 500,
        };
        let reckoned = before.next.is_none()
            && !matches!(
                self.profile.style,
                PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. }
            );
        if promised || reckoned && all && (400..600).contains(&status) {
            End::Done
        } else {
            End::Broken
        }
    }

    /// Where a page says to go on.
    fn next(&self, state: &State<'_>, content: &Content) -> Onward {
        let count = content.items.len() as i64;
        let last = state.positions.last().map(|(position, _)| position);
        let given = |next: fn(Value) -> Position| match &content.next {
            Some(token) => Onward::To(next(token.clone())),
            None => Onward::Ends(End::Done),
        };
        match &self.profile.style {
            PaginationStyle::Page { .. } => match last {
                Some(Position::Number(number)) if count > 0 => {
                    Onward::To(Position::Number(number.saturating_add(1)))
                }
                _ => Onward::Ends(End::Done),
            },
            PaginationStyle::Offset { next: Some(_), .. } => {
                match content.next.as_ref().map(integer) {
                    None => Onward::Ends(End::Done),
                    Some(Some(offset)) => Onward::To(Position::Offset(offset)),
                    // No number: `next-is-sum` tells.
                    Some(None) => Onward::Ends(End::Cut),
                }
            }
            PaginationStyle::Offset { next: None, .. } => match last {
                Some(Position::Offset(offset))
                    if count > 0 && content.more != Some(Value::Bool(false)) =>
                {
                    Onward::To(Position::Offset(offset.saturating_add(count)))
                }
                _ => Onward::Ends(End::Done),
            },
            PaginationStyle::Cursor { .. } => given(Position::Token),
            PaginationStyle::Link { .. } => {
                given(|token| Position::Link(token.as_str().unwrap_or_default().to_owned()))
            }
        }
    }
}

impl State<'_> {
    /// Whether the walk has had its ceil(N / n) + 2 requests; where pages hold fewer than
    /// asked for, by what they hold.
    fn spent(&self) -> bool {
        let Some(count) = self.plan.count else {
            return false;
        };
        let asked = self
            .plan
            .size
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(usize::MAX);
        let size = asked.min(self.greatest).max(1);
        self.walk.pages.len() >= count.div_ceil(size) + 2
    }

    /// Takes the last pages out that only repeat items; the first of them says where.
    fn repeated(&mut self) -> Option<End> {
        let keep = self.walk.pages.len().saturating_sub(self.idle);
        let repeats = self
            .walk
            .pages
            .iter()
            .skip(keep)
            .all(|page| !page.keys().is_empty());
        if !repeats {
            return None;
        }
        let first = self.walk.pages.get(keep)?;
        let same = self
            .walk
            .pages
            .iter()
            .take(keep)
            .find(|page| page.keys() == first.keys())
            .or(self.walk.pages.get(keep.checked_sub(1)?))?;
        let end = End::Met(format!("the items of {}", same.describe()), same.id);
        self.walk.tail = self.walk.pages.split_off(keep);
        Some(end)
    }

    fn stop(&mut self, end: End) {
        // A walk that comes back to a position has repeated items before it shows.
        if matches!(end, End::Met(..)) && self.walk.tail.is_empty() && self.idle > 0 {
            let keep = self.walk.pages.len().saturating_sub(self.idle);
            if keep > 0 {
                self.walk.tail = self.walk.pages.split_off(keep);
            }
        }
        self.walk.end = end;
    }
}

/// A position, as words.
fn describe(position: &Position) -> String {
    match position {
        Position::First => "the first page".to_owned(),
        Position::Number(number) => format!("page {number}"),
        Position::Offset(offset) => format!("offset {offset}"),
        Position::Token(token) => format!("cursor {}", short(token)),
        Position::Link(target) => format!("link {}", shorten(target, LINK)),
    }
}
