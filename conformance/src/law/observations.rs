//! What was seen of one list operation, as data: the laws judge this and nothing else.

use super::documented::Documented;
use super::{Judgement, Skip};
use crate::ExchangeId;
use plumbline_specs::api::{Expression, Filter, Pagination, PaginationStyle, Sort};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

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

/// The pages met from the first on.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// The size asked for; `None` asks for none.
    pub size: Option<u64>,
    /// The pages in order, the one that ended the walk included.
    pub pages: Vec<Page>,
    /// Pages that came after the end and brought nothing new.
    pub tail: Vec<Page>,
    /// How it ended.
    pub end: End,
}

/// How a walk ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// As the profile says.
    Done,
    /// At a position, token or page that it had met before; what, and where.
    Met(String, ExchangeId),
    /// It had more requests than ceil(N / n) + 2.
    Endless,
    /// At an answer that is no page.
    Broken,
    /// The kit stopped it: it had seen enough, or the allowance of requests ran out.
    Cut,
}

/// One page, or what came in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The exchange.
    pub id: ExchangeId,
    /// What was asked for.
    pub asked: Asked,
    /// What came.
    pub answer: Answer,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Where in the list.
    pub position: Position,
    /// How many items; `None` when that was left out.
    pub size: Option<u64>,
}

/// Where in the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Position {
    /// Nothing was said.
    #[default]
    First,
    /// A page's number.
    Number(i64),
    /// How many items to pass over.
    Offset(i64),
    /// A token that the server gave.
    Token(Value),
    /// A link that the server gave, as it was written.
    Link(String),
}

/// What came.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A page.
    List(Box<Content>),
    /// A status that is not the documented success.
    Status(u16),
    /// Success, but the items are not an array.
    NotAList(String),
    /// Nothing: why.
    Nothing(String),
}

/// A page's content, as far as the profile names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    /// The items.
    pub items: Vec<Item>,
    /// The number of all items.
    pub total: Option<Value>,
    /// Whether more follows.
    pub more: Option<Value>,
    /// Where the next page is; absent where it is missing, null, or empty when that ends.
    pub next: Option<Value>,
    /// Where the page before is, likewise.
    pub previous: Option<Value>,
    /// The echoed page number.
    pub number: Option<Value>,
    /// The echoed size.
    pub size: Option<Value>,
    /// The echoed offset.
    pub offset: Option<Value>,
    /// The Link header's entries.
    pub links: Vec<Link>,
}

/// One entry of a Link header (RFC 8288, section 3), resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its relation types, in lower case.
    pub relations: Vec<String>,
    /// The absolute target.
    pub target: String,
    /// What is wrong with it: another origin, or query parameters lost or changed.
    pub faults: Vec<String>,
}

/// An item.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What identifies it: the value at the profile's key, or else the whole item.
    pub key: Arc<str>,
    /// The whole item.
    pub value: Arc<Value>,
}

/// Two answers that should be the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The first.
    pub once: Page,
    /// The second.
    pub again: Page,
    /// The order that both were asked in, when one was asked for.
    pub sort: Option<Sort>,
}

/// A paging parameter with a value that it may not have.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Which parameter.
    pub part: Part,
    /// What is wrong with the value.
    pub kind: ProbeKind,
    /// The value as it was sent.
    pub sent: String,
    /// What came. `asked` holds what a server that passes over the value would take it for.
    pub page: Page,
    /// How the body of a refusal departs from the document.
    pub violations: Vec<String>,
}

/// A paging parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Part {
    Number,
    Offset,
    Cursor,
    Size,
}

impl Part {
    /// Its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "page number",
            Self::Offset => "offset",
            Self::Cursor => "cursor",
            Self::Size => "size",
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ProbeKind {
    BelowMinimum,
    AboveMaximum,
    Negative,
    NotANumber,
    Empty,
    Beyond64Bits,
    Garbage,
    Truncated,
    Foreign,
}

/// A paging parameter passed as its default, and left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Omission {
    /// Which parameter.
    pub part: Part,
    /// The default.
    pub default: String,
    /// Whether the document states it; else it is what the profile implies.
    pub documented: bool,
    /// The answer with the default passed.
    pub passed: Page,
    /// The answer without the parameter.
    pub omitted: Page,
}

/// The walks of one filter at one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The filter.
    pub filter: Filter,
    /// The value asked for.
    pub value: Value,
    /// At several sizes.
    pub walks: Vec<Walk>,
}

/// The walks of one order.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered {
    /// The order.
    pub sort: Sort,
    /// As asked, at several sizes.
    pub walks: Vec<Walk>,
    /// Its reverse, at several sizes.
    pub reversed: Vec<Walk>,
}

/// A token used with something else than it was given for.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossed {
    /// What was changed, as words: `another size`, `a filter`, `another order`.
    pub with: String,
    /// The page that gave the token.
    pub giver: Page,
    /// The page that the token was given for.
    pub meant: Page,
    /// What came with the change.
    pub came: Page,
    /// The walk with the change from its first page on, when there was one.
    pub changed: Option<Walk>,
}

/// An item as the list shows it, and as the operation that reads one gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// As the list shows it.
    pub listed: Item,
    /// The list's exchange.
    pub list: ExchangeId,
    /// The read's exchange.
    pub read: ExchangeId,
    /// The status, or why nothing came.
    pub answer: Result<(u16, Option<Value>), String>,
}

/// What became of an item that was created and deleted again.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Why it could not be tried.
    pub obstacle: Option<String>,
    /// The new item's key, and the exchange that made it.
    pub created: Option<(Arc<str>, ExchangeId)>,
    /// The walk after the creation.
    pub after_create: Option<Walk>,
    /// The exchange that deleted it.
    pub deleted: Option<ExchangeId>,
    /// The walk after the deletion.
    pub after_delete: Option<Walk>,
}

/// A walk that went on while items came and went.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsettled {
    /// Why it could not be tried.
    pub obstacle: Option<String>,
    /// The keys that were there from before it to after it.
    pub kept: Vec<Arc<str>>,
    /// The walk.
    pub walk: Option<Walk>,
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

impl Content {
    /// The keys in order.
    pub fn keys(&self) -> Vec<&str> {
        self.items.iter().map(|item| &*item.key).collect()
    }
}

impl Page {
    /// The content, when a page came.
    pub fn content(&self) -> Option<&Content> {
        match &self.answer {
            Answer::List(content) => Some(content),
            _ => None,
        }
    }

    /// The keys in order; none when no page came.
    pub fn keys(&self) -> Vec<&str> {
        self.content().map(Content::keys).unwrap_or_default()
    }

    /// What was asked for, as words.
    pub fn words(&self) -> String {
        let size = match self.asked.size {
            Some(size) => format!("of size {size}"),
            None => "of the default size".to_owned(),
        };
        match &self.asked.position {
            Position::First => format!("the first page {size}"),
            Position::Number(number) => format!("page {number} {size}"),
            Position::Offset(offset) => format!("the page at offset {offset} {size}"),
            Position::Token(token) => format!("the page at cursor {} {size}", short(token)),
            Position::Link(target) => format!("the page {size} at {target}"),
        }
    }

    /// What came, as words.
    pub fn came(&self) -> String {
        match &self.answer {
            Answer::List(content) => match content.items.len() {
                0 => "a page without items".to_owned(),
                1 => "a page of 1 item".to_owned(),
                count => format!("a page of {count} items"),
            },
            Answer::Status(status) => format!("status {status}"),
            Answer::NotAList(what) => what.clone(),
            Answer::Nothing(why) => why.clone(),
        }
    }
}

impl Walk {
    /// Whether it reached the end of the list.
    pub fn whole(&self) -> bool {
        matches!(self.end, End::Done | End::Met(..))
    }

    /// The items of its pages, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.pages
            .iter()
            .filter_map(Page::content)
            .flat_map(|content| &content.items)
    }

    /// The keys of its pages, in order.
    pub fn keys(&self) -> Vec<&str> {
        self.items().map(|item| &*item.key).collect()
    }

    /// The items, each where it was met first.
    pub fn distinct(&self) -> Vec<&Item> {
        let mut met = HashSet::new();
        self.items().filter(|item| met.insert(&*item.key)).collect()
    }

    /// The page that holds the item at this place in the walk.
    pub fn page_of(&self, index: usize) -> Option<&Page> {
        let mut rest = index;
        self.pages.iter().find(|page| {
            let count = page.keys().len();
            let here = rest < count;
            rest = rest.saturating_sub(count);
            here
        })
    }

    /// Its size, as words.
    pub fn words(&self) -> String {
        match self.size {
            Some(size) => format!("the walk of size {size}"),
            None => "the walk of the default size".to_owned(),
        }
    }
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

/// The pointer of a place in a response's body; empty for a header.
pub(super) fn pointer(expression: &Expression) -> String {
    match expression {
        Expression::ResponseBody(pointer) => pointer.to_string(),
        _ => String::new(),
    }
}

/// A value, short enough for a sentence.
pub(super) fn short(value: &Value) -> String {
    clip(&value.to_string())
}

/// A text, short enough for a sentence.
pub(super) fn clip(text: &str) -> String {
    const ENOUGH: usize = 60;
    if text.chars().count() <= ENOUGH {
        return text.to_owned();
    }
    let mut clipped: String = text.chars().take(ENOUGH).collect();
    clipped.push('…');
    clipped
}

/// A whole number, also where it is written as a string.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            // 57.0 is the integer 57 (JSON Schema 2020-12 core, section 6.3).
            .or_else(|| {
                number
                    .as_f64()
                    .filter(|float| float.fract() == 0.0 && float.abs() < 9.0e15)
                    .map(|float| float as i64)
            }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
