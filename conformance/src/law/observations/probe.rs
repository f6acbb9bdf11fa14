//! What was asked besides walks: pages again, wrong values, filters and orders, reads and writes.

use super::{Item, Page, Walk};
use crate::ExchangeId;
use plumbline_specs::api::{Filter, Sort};
use serde_json::Value;
use std::sync::Arc;

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
