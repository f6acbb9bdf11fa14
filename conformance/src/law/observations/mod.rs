//! What was seen of one list operation, as data: the laws judge this and nothing else.

mod probe;
mod text;
mod walk;

pub use probe::{
    Crossed, Omission, Ordered, Pair, Part, Probe, ProbeKind, Read, Selection, Unsettled, Written,
};
pub(super) use text::{clip, pointer, short};
pub(super) use walk::LINK;
pub use walk::{Content, End, Item, Link, Page, PageRequest, PageResponse, Position, Walk};

use super::documented::Documented;
use super::{Judgement, Skip};
use plumbline_specs::api::{Pagination, PaginationStyle};
use std::collections::HashMap;

/// What was seen of one list operation.
#[derive(Clone, Debug)]
pub struct Observations {
    /// The operation's label.
    pub operation: String,
    /// Its `x-pagination`.
    pub profile: Pagination,
    /// What the document says of its paging parameters and statuses.
    pub documented: Documented,
    /// Whether there is anything to judge.
    pub state: State,
    /// Walks without a filter or an order, the reference walk first.
    pub walks: Vec<Walk>,
    /// The same request, sent twice in a row.
    pub repeats: Vec<Pair>,
    /// Pages asked for out of order, those beyond the end included.
    pub access: Vec<Page>,
    /// Paging parameters outside of their bounds.
    pub bounds: Vec<Probe>,
    /// A paging parameter passed as its default, and left out.
    pub defaults: Vec<Omission>,
    /// Filtered walks.
    pub selections: Vec<Selection>,
    /// Walks in an order that was asked for.
    pub orders: Vec<Ordered>,
    /// Walks with an option that only adds to items: the option, and the walk.
    pub presentations: Vec<(String, Walk)>,
    /// An answer on its own, and one to the same request while others were under way.
    pub concurrent: Vec<Pair>,
    /// A cursor's page in its walk, and when it was asked for again.
    pub replays: Vec<Pair>,
    /// Tokens that the server never gave.
    pub tokens: Vec<Probe>,
    /// Tokens used with another filter, order or size than they were given for.
    pub crossed: Vec<Crossed>,
    /// A page, and where the way back from the page after it leads.
    pub back: Vec<Pair>,
    /// What a link of the relation `first` leads to, beside the first page.
    pub first_links: Vec<Pair>,
    /// The walk of the operation over the same collection: its label, and the walk.
    pub twin: Option<(String, Walk)>,
    /// Items as the list shows them, and as the operation that reads one gives them.
    pub reads: Vec<Read>,
    /// What became of items that were created and deleted.
    pub written: Option<Written>,
    /// A walk that went on while items came and went.
    pub unsettled: Option<Unsettled>,
    /// Whether the allowance of requests ran out before everything was asked.
    pub spent: bool,
}

/// Whether there is anything to judge.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The collection stood still.
    Settled,
    /// It changed meanwhile, or cannot be told from one that did.
    Moved(String),
    /// Not even the first page came.
    Unanswered(Box<Page>),
    /// The profile asks for something that is not supported.
    Unsupported(String),
}

/// The items in order.
#[derive(Clone, Debug)]
pub struct All<'a> {
    /// Each once.
    pub items: Vec<&'a Item>,
    /// Whether these are all: a walk that reached its end met them.
    pub whole: bool,
    /// The walk they come from.
    pub walk: &'a Walk,
    /// Where a key stands.
    pub index: HashMap<&'a str, usize>,
}

impl Observations {
    /// Nothing seen yet.
    pub fn new(operation: String, profile: Pagination, documented: Documented) -> Self {
        Self {
            operation,
            profile,
            documented,
            state: State::Settled,
            walks: Vec::new(),
            repeats: Vec::new(),
            access: Vec::new(),
            bounds: Vec::new(),
            defaults: Vec::new(),
            selections: Vec::new(),
            orders: Vec::new(),
            presentations: Vec::new(),
            concurrent: Vec::new(),
            replays: Vec::new(),
            tokens: Vec::new(),
            crossed: Vec::new(),
            back: Vec::new(),
            first_links: Vec::new(),
            twin: None,
            reads: Vec::new(),
            written: None,
            unsettled: None,
            spent: false,
        }
    }

    /// All items: those of the walk that met the most, of those that reached the end if any
    /// did. The longest is taken, as a fault drops items more often than it makes them.
    pub fn all(&self) -> Result<All<'_>, Skip> {
        let whole = self.walks.iter().any(Walk::whole);
        // `max_by_key` takes the last of equals; the reference walk is the first.
        let (walk, items) = self
            .walks
            .iter()
            .rev()
            .filter(|walk| walk.whole() || !whole)
            .map(|walk| (walk, walk.distinct()))
            .max_by_key(|(_, items)| items.len())
            .ok_or_else(|| Skip("no walk was made".to_owned()))?;
        let index = items
            .iter()
            .enumerate()
            .map(|(place, item)| (&*item.key, place))
            .collect();
        Ok(All {
            items,
            whole,
            walk,
            index,
        })
    }

    /// All items, where there are enough of them for a page to have a neighbour.
    pub fn boundary(&self) -> Result<All<'_>, Skip> {
        let all = self.all()?;
        match all.items.len() {
            0 => Err(Skip(
                "the list is empty: no page has a neighbour".to_owned(),
            )),
            1 => Err(Skip(
                "the list holds one item: no page has a neighbour".to_owned(),
            )),
            _ => Ok(all),
        }
    }

    /// The greatest size that is answered in full, as far as document or profile say one.
    pub fn maximum(&self) -> Option<u64> {
        let stated = self
            .documented
            .size
            .as_ref()
            .and_then(|size| size.maximum)
            .and_then(|maximum| u64::try_from(maximum).ok());
        match (stated, self.profile.maximum) {
            (Some(stated), Some(promised)) => Some(stated.min(promised)),
            (stated, promised) => stated.or(promised),
        }
    }

    /// The first page's number, where pages have numbers.
    pub fn first(&self) -> i64 {
        match self.profile.style {
            PaginationStyle::Page { first, .. } => first,
            _ => 0,
        }
    }

    /// Every page that was met without a filter, an order or a wrong value.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        self.walks
            .iter()
            .flat_map(|walk| walk.pages.iter().chain(&walk.tail))
            .chain(&self.access)
    }

    /// Every walk: without conditions, filtered, ordered, and with options.
    pub fn every_walk(&self) -> impl Iterator<Item = &Walk> {
        self.walks
            .iter()
            .chain(self.selections.iter().flat_map(|seen| &seen.walks))
            .chain(
                self.orders
                    .iter()
                    .flat_map(|seen| seen.walks.iter().chain(&seen.reversed)),
            )
            .chain(self.presentations.iter().map(|(_, walk)| walk))
    }

    /// Every page of every walk, and those asked for out of order.
    pub fn every_page(&self) -> impl Iterator<Item = &Page> {
        self.every_walk()
            .flat_map(|walk| walk.pages.iter().chain(&walk.tail))
            .chain(&self.access)
    }

    /// Where a page begins in the list, when its position says so. Saturates.
    pub fn start(&self, page: &Page) -> Option<i64> {
        match page.asked.position {
            Position::Number(number) => {
                let size = i64::try_from(page.asked.size?).unwrap_or(i64::MAX);
                Some(number.saturating_sub(self.first()).saturating_mul(size))
            }
            Position::Offset(offset) => Some(offset),
            _ => None,
        }
    }

    /// The pointer of the items in a response.
    pub fn items_pointer(&self) -> String {
        pointer(&self.profile.items)
    }

    /// What a law says that has nothing to look at: the allowance ran out, or this reason.
    pub fn nothing<T>(&self, reason: &str) -> Result<T, Skip> {
        Err(Skip(if self.spent {
            format!("the allowance of requests ran out ({reason})")
        } else {
            reason.to_owned()
        }))
    }

    /// Skips a law when there is nothing to look at.
    pub fn needs<T>(&self, seen: &[T], reason: &str) -> Judgement<()> {
        if seen.is_empty() {
            self.nothing(reason)
        } else {
            Ok(())
        }
    }
}
