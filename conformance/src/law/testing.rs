//! Observations written by hand, for the laws' own tests.
//!
//! A page is written as its keys: `"a b"`. A walk's pages get the positions, echoes, totals
//! and nexts that a right server would give; a test then makes them wrong.

use super::observations::{
    Content, End, Item, Link, Observations, Ordered, Page, PageRequest, PageResponse, Position,
    Selection, Walk,
};
use super::{Documented, Skip, findings};
use crate::{ExchangeId, Finding, Severity};
use plumbline_specs::Pointer;
use plumbline_specs::api::{
    Echo, Expression, Filter, Match, Order, Pagination, PaginationStyle, Sort, SortKey, Status,
};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn items(keys: &str) -> Vec<Item> {
    keys.split_whitespace()
        .map(|key| Item {
            key: key.into(),
            value: Arc::new(json!({ "id": key })),
        })
        .collect()
}

pub(super) fn list(keys: &str) -> PageResponse {
    PageResponse::List(Box::new(Content {
        items: items(keys),
        ..Content::default()
    }))
}

pub(super) fn sort(pointer: &str) -> Sort {
    Sort {
        set: Default::default(),
        reverse: None,
        by: vec![SortKey {
            item: Pointer::parse(pointer).unwrap(),
            order: Order::Ascending,
        }],
    }
}

fn body(pointer: &str) -> Expression {
    Expression::ResponseBody(Pointer::parse(pointer).unwrap())
}

fn query(name: &str) -> Expression {
    Expression::RequestQuery(name.to_owned())
}

fn observations(style: PaginationStyle, pages: &[&str], size: u64) -> Observations {
    let profile = Pagination {
        place: Pointer::parse("/paths/~1items/get/x-pagination").unwrap(),
        style,
        size: Some(query("size")),
        items: body("/items"),
        key: Pointer::parse("/id"),
        total: Some(body("/total")),
        more: None,
        echo: Echo {
            number: Some(body("/page")),
            size: None,
            offset: Some(body("/offset")),
        },
        sort: Vec::new(),
        filter: Vec::new(),
        presentation: Vec::new(),
        same_collection: None,
        get: None,
        maximum: None,
        default_sort: Vec::new(),
        size_echo: None,
        past_the_end: None,
        short_pages: None,
        empty_token: None,
        no_items: None,
    };
    let documented = Documented {
        statuses: vec![Status::Code(200), Status::Code(400)],
        ..Documented::default()
    };
    let mut seen = Observations::new("listItems".to_owned(), profile, documented);
    more_walks(&mut seen, size, pages);
    seen
}

pub(super) fn page_style(pages: &[&str], size: u64) -> Observations {
    let number = query("page");
    observations(PaginationStyle::Page { number, first: 1 }, pages, size)
}

pub(super) fn offset_style(pages: &[&str], size: u64) -> Observations {
    let (offset, next) = (query("offset"), Some(body("/next")));
    observations(PaginationStyle::Offset { offset, next }, pages, size)
}

pub(super) fn cursor_style(pages: &[&str], size: u64) -> Observations {
    let (cursor, next) = (query("cursor"), body("/next"));
    let style = PaginationStyle::Cursor {
        cursor,
        next,
        previous: None,
    };
    observations(style, pages, size)
}

pub(super) fn link_style(pages: &[&str], size: u64) -> Observations {
    let next = Expression::ResponseHeader("Link".to_owned());
    observations(PaginationStyle::Link { next }, pages, size)
}

/// A walk with the pages that a right server of this style would give.
pub(super) fn walk_like(seen: &Observations, size: u64, pages: &[&str]) -> Walk {
    let total: usize = pages.iter().map(|keys| items(keys).len()).sum();
    let total = seen
        .walks
        .first()
        .map_or(total, |walk| walk.items().count());
    let mut made: Vec<Page> = Vec::new();
    let mut offset = 0;
    let mut token = None;
    // A walk by page number goes on to the page without items.
    let numbered = matches!(seen.profile.style, PaginationStyle::Page { .. });
    let mut texts = pages.to_vec();
    if numbered || texts.is_empty() {
        texts.push("");
    }
    for (index, keys) in texts.iter().enumerate() {
        let items = items(keys);
        let number = index as i64 + 1;
        let position = match &seen.profile.style {
            PaginationStyle::Page { .. } => Position::Number(number),
            PaginationStyle::Offset { .. } => Position::Offset(offset),
            PaginationStyle::Cursor { .. } => token.take().map_or(Position::First, Position::Token),
            PaginationStyle::Link { .. } => token.take().map_or(Position::First, |token: Value| {
                Position::Link(token.as_str().unwrap_or_default().to_owned())
            }),
        };
        let echoed = Some(json!(offset));
        offset += items.len() as i64;
        let last = items.last().map(|item| format!("after {}", item.key));
        let next = if index + 1 == texts.len() {
            None
        } else {
            match &seen.profile.style {
                PaginationStyle::Page { .. } => None,
                PaginationStyle::Offset { .. } => Some(json!(offset)),
                _ => last.map(Value::String),
            }
        };
        token = next.clone();
        let links = match (&seen.profile.style, &next) {
            (PaginationStyle::Link { .. }, Some(next)) => vec![Link {
                relations: vec!["next".to_owned()],
                target: next.as_str().unwrap_or_default().to_owned(),
                faults: Vec::new(),
            }],
            _ => Vec::new(),
        };
        made.push(Page {
            id: ExchangeId(0),
            asked: PageRequest {
                position,
                size: Some(size),
            },
            answer: PageResponse::List(Box::new(Content {
                items,
                total: Some(json!(total)),
                next,
                number: Some(json!(number)),
                offset: echoed,
                links,
                ..Content::default()
            })),
        });
    }
    let before = seen.every_page().count() as u64;
    for (page, id) in made.iter_mut().zip(before + 1..) {
        page.id = ExchangeId(id);
    }
    Walk {
        size: Some(size),
        pages: made,
        tail: Vec::new(),
        end: End::Done,
    }
}

/// Adds a walk.
pub(super) fn more_walks(seen: &mut Observations, size: u64, pages: &[&str]) {
    let walk = walk_like(seen, size, pages);
    seen.walks.push(walk);
}

/// Adds a filtered walk: items whose key contains the value.
pub(super) fn select(seen: &mut Observations, value: &str, pages: &[&str], size: u64) {
    let filter = Filter {
        set: Default::default(),
        item: Pointer::parse("/id").unwrap(),
        matches: Match::Contains,
    };
    seen.profile.filter = vec![filter.clone()];
    let mut walk = walk_like(seen, size, pages);
    let count = walk.items().count();
    for page in &mut walk.pages {
        if let PageResponse::List(content) = &mut page.answer {
            content.total = Some(json!(count));
        }
    }
    seen.selections.push(Selection {
        filter,
        value: json!(value),
        walks: vec![walk],
    });
}

/// Adds the walks of an order and its reverse.
pub(super) fn order(seen: &mut Observations, pointer: &str, forth: &[&str], back: &[&str]) {
    let ordered = Ordered {
        sort: sort(pointer),
        walks: vec![walk_like(seen, 2, forth)],
        reversed: vec![walk_like(seen, 2, back)],
    };
    seen.orders.push(ordered);
}

#[track_caller]
fn found(id: &str, seen: &Observations) -> Vec<Finding> {
    match findings(crate::rule::named(id), seen) {
        Some(Ok((_, findings))) => findings,
        Some(Err(Skip(reason))) => panic!("{id} is skipped: {reason}"),
        None => panic!("{id} is no law"),
    }
}

#[track_caller]
pub(super) fn holds(id: &str, seen: &Observations) {
    assert_eq!(found(id, seen), [], "{id}");
}

#[track_caller]
pub(super) fn breaks(id: &str, seen: &Observations) -> Vec<Finding> {
    let findings = found(id, seen);
    assert!(!findings.is_empty(), "{id} finds nothing");
    for finding in &findings {
        assert!(!finding.evidence.is_empty(), "{finding:?}");
        assert!(finding.place.is_some(), "{finding:?}");
    }
    findings
}

#[track_caller]
pub(super) fn severity(id: &str, seen: &Observations) -> Option<Severity> {
    found(id, seen).iter().map(|finding| finding.severity).max()
}

#[track_caller]
pub(super) fn skips(id: &str, seen: &Observations, reason: &str) {
    match findings(crate::rule::named(id), seen) {
        Some(Err(Skip(own))) => assert!(own.contains(reason), "{id}: {own}"),
        other => panic!("{id} is not skipped: {other:?}"),
    }
}
