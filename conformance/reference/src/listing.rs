//! A list request on its way to an answer.

use super::call::encode;
use super::complaint::place_of;
use super::context::RequestContext;
use super::ordering::Standing;
use super::parsed::{self, ParsedPaging, Position};
use super::selection;
use super::store::Item;
use super::token::{self, Token, Way};
use plumbline_specs::api::{Pagination, PaginationStyle, SizeEcho, SortKey};
use serde_json::Value;
use std::cmp::Ordering;

/// One link of a Link header (RFC 8288).
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) relation: &'static str,
    pub(super) target: String,
}

/// A list request on its way to an answer. Every stage fills in its part from what stands
/// before it.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    /// What is asked for.
    pub(super) asked: ParsedPaging,
    /// The whole collection in the order of creation.
    pub(super) all: Vec<Item>,
    /// What was deleted from it.
    pub(super) gone: Vec<Item>,
    /// The selection, in order.
    pub(super) chosen: Vec<Item>,
    /// Where the page begins and ends in the selection.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The items of the page.
    pub(super) items: Vec<Item>,
    pub(super) total: u64,
    pub(super) echo_number: i64,
    pub(super) echo_size: u64,
    pub(super) echo_offset: i64,
    /// The next token or offset.
    pub(super) next: Option<Value>,
    pub(super) previous: Option<Value>,
    pub(super) more: bool,
    pub(super) links: Vec<Link>,
    /// Why the server cannot go on, as a status.
    pub(super) broken: Option<u16>,
}

impl Listing {
    pub(super) fn new(context: &RequestContext<'_>) -> Self {
        Self {
            asked: parsed::ask(context),
            all: Vec::new(),
            gone: Vec::new(),
            chosen: Vec::new(),
            start: 0,
            end: 0,
            items: Vec::new(),
            total: 0,
            echo_number: 0,
            echo_size: 0,
            echo_offset: 0,
            next: None,
            previous: None,
            more: false,
            links: Vec::new(),
            broken: None,
        }
    }

    /// The size of a page; the whole selection where none is asked for.
    pub(super) fn size(&self) -> usize {
        self.asked.size.map_or(usize::MAX, |size| {
            usize::try_from(size).unwrap_or(usize::MAX)
        })
    }

    /// Selects from the collection and puts the selection in order.
    pub(super) fn select(&mut self) {
        self.chosen = self
            .all
            .iter()
            .filter(|item| {
                self.asked
                    .wants
                    .iter()
                    .all(|want| selection::fits(want, &item.value))
            })
            .cloned()
            .collect();
        sort(&mut self.chosen, &self.asked.order);
    }

    /// Finds the page's begin and end in the selection.
    pub(super) fn cut(&mut self, profile: &Pagination) {
        let size = self.size();
        let count = self.chosen.len();
        let order = self.asked.order.clone();
        let find = |standing: &Standing, wanted: Ordering| {
            self.chosen.partition_point(|item| {
                let own = Standing::of(&order, &item.value, item.sequence);
                let ordering = own.compare(standing, &order);
                ordering == Ordering::Less || ordering == wanted
            })
        };
        let pages = |number: i64, first: i64| {
            let number = usize::try_from(number.saturating_sub(first)).unwrap_or(0);
            number.saturating_mul(size)
        };
        let (start, end) = match &self.asked.position {
            Position::Start => (0, size),
            Position::Page(number) => {
                let first = match &profile.style {
                    PaginationStyle::Page { first, .. } => *first,
                    _ => 1,
                };
                let start = pages(*number, first);
                (start, start.saturating_add(size))
            }
            Position::Offset(offset) => {
                let start = usize::try_from(*offset).unwrap_or(0);
                (start, start.saturating_add(size))
            }
            Position::Token(Token::Beside(Way::After, standing)) => {
                let start = find(standing, Ordering::Equal);
                (start, start.saturating_add(size))
            }
            Position::Token(Token::Beside(Way::Before, standing)) => {
                let end = find(standing, Ordering::Less);
                (end.saturating_sub(size), end)
            }
            Position::Token(Token::Page(number)) => {
                let start = pages(i64::try_from(*number).unwrap_or(i64::MAX), 1);
                (start, start.saturating_add(size))
            }
        };
        self.start = start.min(count);
        self.end = end.min(count);
    }

    /// Takes the page out of the selection, with all that is said about it.
    pub(super) fn fill(&mut self, context: &RequestContext<'_>, profile: &Pagination) {
        self.items = self
            .chosen
            .get(self.start..self.end)
            .unwrap_or_default()
            .to_vec();
        self.total = self.chosen.len() as u64;
        self.more = self.end < self.chosen.len();
        let size = self.asked.size.unwrap_or(self.chosen.len() as u64);
        self.echo_size = match profile.size_echo {
            Some(SizeEcho::Items) => self.items.len() as u64,
            Some(SizeEcho::Asked) | None => size,
        };
        match (&profile.style, &self.asked.position) {
            (PaginationStyle::Page { .. }, Position::Page(number)) => self.echo_number = *number,
            (PaginationStyle::Offset { .. }, Position::Offset(offset)) => {
                self.echo_offset = *offset;
                self.next = self.more.then(|| self.end.into());
            }
            _ => {
                self.next = self
                    .more
                    .then(|| self.token(context, profile, Way::After))
                    .flatten();
                self.previous = (self.start > 0)
                    .then(|| self.token(context, profile, Way::Before))
                    .flatten();
            }
        }
        if let PaginationStyle::Link { .. } = profile.style {
            self.links = self.link(context, profile);
        }
    }

    /// The token that leads on from this page, or back.
    pub(super) fn token(
        &self,
        context: &RequestContext<'_>,
        profile: &Pagination,
        way: Way,
    ) -> Option<Value> {
        let item = match way {
            Way::After => self.chosen.get(self.end.checked_sub(1)?)?,
            Way::Before => self.chosen.get(self.start).or(self.chosen.last())?,
        };
        let standing = Standing::of(&self.asked.order, &item.value, item.sequence);
        let page = (self.start / self.size().max(1)) as u64;
        let page = if way == Way::After { page + 2 } else { page };
        Some(token::write(context, profile, way, &standing, page))
    }

    /// The links of a page: every other part of the request is kept.
    fn link(&self, context: &RequestContext<'_>, profile: &Pagination) -> Vec<Link> {
        let token = |token: Option<&Value>| address(context, profile, token);
        let mut links = vec![Link {
            relation: "first",
            target: token(None),
        }];
        if let Some(previous) = &self.previous {
            links.push(Link {
                relation: "prev",
                target: token(Some(previous)),
            });
        }
        if let Some(next) = &self.next {
            links.push(Link {
                relation: "next",
                target: token(Some(next)),
            });
        }
        links
    }
}

/// The request's own address with another token, or without one.
pub(super) fn address(
    context: &RequestContext<'_>,
    profile: &Pagination,
    token: Option<&Value>,
) -> String {
    let name = context.token_place(profile).map(|place| place_of(&place));
    let name = name.as_deref().and_then(|name| name.strip_prefix("query."));
    let name = name.unwrap_or("cursor");
    let mut pairs: Vec<_> = context
        .call
        .query
        .iter()
        .filter(|(own, _)| super::call::decode(own) != name)
        .map(|(own, value)| format!("{own}={value}"))
        .collect();
    if let Some(token) = token {
        pairs.push(format!(
            "{}={}",
            encode(name),
            encode(&super::value::text(token))
        ));
    }
    let query = if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    };
    format!(
        "{}{}{}{query}",
        context.call.origin(),
        context.call.prefix,
        context.call.path
    )
}

/// Puts items in an order; the order of creation breaks ties.
pub(super) fn sort(items: &mut [Item], order: &[SortKey]) {
    items.sort_by_cached_key(|item| Ranked {
        standing: Standing::of(order, &item.value, item.sequence),
        order,
    });
}

/// A standing with its order, so that it can be a sort key.
struct Ranked<'a> {
    standing: Standing,
    order: &'a [SortKey],
}

impl Ord for Ranked<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.standing.compare(&other.standing, self.order)
    }
}

impl PartialOrd for Ranked<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked<'_> {}
