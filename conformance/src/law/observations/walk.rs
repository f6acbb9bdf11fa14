//! Walks, their pages, and the items on them.

use super::short;
use crate::ExchangeId;
use crate::shorten::shorten;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// A link is shown up to this length, in characters.
pub(in crate::law) const LINK: usize = 300;

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
    pub asked: PageRequest,
    /// What came.
    pub answer: PageResponse,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageRequest {
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
pub enum PageResponse {
    /// A page.
    List(Box<Content>),
    /// A status that is not the documented success.
    Status(u16),
    /// Success, but the items are not an array.
    NotAList(String),
    /// So many items, more than asked for, that they were not taken in.
    TooMany(usize),
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
            PageResponse::List(content) => Some(content),
            _ => None,
        }
    }

    /// The keys in order; none when no page came.
    pub fn keys(&self) -> Vec<&str> {
        self.content().map(Content::keys).unwrap_or_default()
    }

    /// What was asked for, as words.
    pub fn describe(&self) -> String {
        let size = match self.asked.size {
            Some(size) => format!("of size {size}"),
            None => "of the default size".to_owned(),
        };
        match &self.asked.position {
            Position::First => format!("the first page {size}"),
            Position::Number(number) => format!("page {number} {size}"),
            Position::Offset(offset) => format!("the page at offset {offset} {size}"),
            Position::Token(token) => format!("the page at cursor {} {size}", short(token)),
            Position::Link(target) => format!("the page {size} at {}", shorten(target, LINK)),
        }
    }

    /// What came, as words.
    pub fn describe_actual(&self) -> String {
        match &self.answer {
            PageResponse::List(content) => match content.items.len() {
                0 => "a page without items".to_owned(),
                1 => "a page of 1 item".to_owned(),
                count => format!("a page of {count} items"),
            },
            PageResponse::TooMany(count) => format!("a page of {count} items"),
            PageResponse::Status(status) => format!("status {status}"),
            PageResponse::NotAList(what) => what.clone(),
            PageResponse::Nothing(why) => why.clone(),
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
    pub fn describe(&self) -> String {
        match self.size {
            Some(size) => format!("the walk of size {size}"),
            None => "the walk of the default size".to_owned(),
        }
    }
}
