//! `x-pagination`: how a list operation hands out its pages, and what it promises of them.
//!
//! Used twice: the generator writes an auto-paging stream from it, and the conformance kit
//! checks the laws of pagination with it.

use super::Expression;
use crate::Pointer;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// A list operation's profile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pagination {
    /// Where it stands.
    pub place: Pointer,
    /// The style, with the places that only it has.
    pub style: Style,
    /// Where the size of a page is asked for.
    pub size: Option<Expression>,
    /// Where the items of a page stand.
    pub items: Expression,
    /// What identifies an item, as a pointer within it.
    pub key: Option<Pointer>,
    /// Where the number of all items stands.
    pub total: Option<Expression>,
    /// A flag that says whether more follows.
    pub more: Option<Expression>,
    /// What the response repeats of the request.
    pub echo: Echo,
    /// Orders that can be asked for.
    pub sort: Vec<Sort>,
    /// Selections that can be asked for.
    pub filter: Vec<Filter>,
    /// Options that add to items and must not change the set of them.
    pub presentation: Vec<RequestValues>,
    /// Another list operation over the same collection.
    pub same_collection: Option<String>,
    /// The operation that reads one item.
    pub get: Option<String>,
    /// The greatest size that the server answers in full.
    pub maximum: Option<u64>,
    /// The order that comes when none is asked for.
    pub default_sort: Vec<SortKey>,
    /// What the echoed size means.
    pub size_echo: Option<SizeEcho>,
    /// What comes beyond the last page.
    pub past_the_end: Option<PastTheEnd>,
    /// Whether a page in mid-walk may hold fewer than were asked for.
    pub short_pages: Option<bool>,
    /// What an empty token means.
    pub empty_token: Option<EmptyToken>,
    /// How a page without items is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_items: Option<NoItems>,
}

/// How a list hands out its pages.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "style", rename_all = "lowercase")]
pub enum Style {
    /// By number, counted from `first`.
    Page {
        /// Where the number is asked for.
        number: Expression,
        /// The first page's number; 1 when not said.
        first: i64,
    },
    /// By how many items to pass over.
    Offset {
        /// Where the offset is asked for.
        offset: Expression,
        /// Where the next offset stands, when the server says it.
        next: Option<Expression>,
    },
    /// By an opaque token.
    Cursor {
        /// Where the token is handed in.
        cursor: Expression,
        /// Where the next token stands.
        next: Expression,
        /// Where the previous token stands.
        previous: Option<Expression>,
    },
    /// By a Link header (RFC 8288).
    Link {
        /// The header.
        next: Expression,
    },
}

impl Style {
    /// Which of the ways it is.
    pub fn kind(&self) -> StyleKind {
        match self {
            Self::Page { .. } => StyleKind::Page,
            Self::Offset { .. } => StyleKind::Offset,
            Self::Cursor { .. } => StyleKind::Cursor,
            Self::Link { .. } => StyleKind::Link,
        }
    }

    /// Its name in a profile.
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }
}

/// One of the ways to hand out pages, without the places of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StyleKind {
    /// By number.
    Page,
    /// By how many items to pass over.
    Offset,
    /// By an opaque token.
    Cursor,
    /// By a Link header.
    Link,
}

impl StyleKind {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Page, Self::Offset, Self::Cursor, Self::Link];

    /// Its name in a profile.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Offset => "offset",
            Self::Cursor => "cursor",
            Self::Link => "link",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a response repeats of its request.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Echo {
    /// The page's number.
    pub number: Option<Expression>,
    /// The page's size (or limit).
    pub size: Option<Expression>,
    /// The offset.
    pub offset: Option<Expression>,
}

/// Values to put into a request: place to value. A string may hold `{value}`.
pub type RequestValues = IndexMap<Expression, Value>;

/// An order that can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sort {
    /// How to ask for it.
    pub set: RequestValues,
    /// How to ask for its reverse.
    pub reverse: Option<RequestValues>,
    /// How items show that they obeyed, most significant first.
    pub by: Vec<SortKey>,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SortKey {
    /// A pointer within an item.
    pub item: Pointer,
    /// Which way.
    pub order: Order,
}

/// Which way an order runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Order {
    Ascending,
    Descending,
}

/// A selection that can be asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Filter {
    /// How to ask for it; `{value}` is taken from items that a walk has met.
    pub set: RequestValues,
    /// A pointer within an item to the value.
    pub item: Pointer,
    /// How the item's value and the one asked for compare.
    pub matches: Match,
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Match {
    Equals,
    OneOf,
    Contains,
    ContainsIgnoringCase,
    Before,
    After,
}

/// What an echoed size means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SizeEcho {
    /// The size that was asked for.
    Asked,
    /// The number of items on the page.
    Items,
}

/// What comes beyond the last page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PastTheEnd {
    /// A page without items.
    Empty,
    /// An error with this status.
    Status(u16),
}

/// How a page without items is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoItems {
    /// With an empty array.
    Empty,
    /// Without the array: servers that write Protocol Buffers as JSON leave out what is empty.
    Absent,
}

/// What an empty token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyToken {
    /// No further page.
    End,
    /// The first page.
    First,
}
