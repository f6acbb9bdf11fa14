//! An exchange, read as a page.

use super::link::{self, links};
use crate::expression::{read_response, text};
use crate::law::documented::Documented;
use crate::law::observations::{Content, Item, Link, Page, PageRequest, PageResponse, clip};
use crate::shorten::shorten;
use crate::{Exchange, Failure, Reply, Request};
use plumbline_specs::api::{EmptyToken, Expression, NoItems, Pagination, PaginationStyle};
use serde_json::Value;
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;
use url::Url;

/// What a page is read by.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) profile: &'a Pagination,
    pub(super) documented: &'a Documented,
    pub(super) base: &'a Url,
    /// More than these, and more than asked for, are not taken in.
    pub(super) items: usize,
}

/// A page with more items than these keeps of each what the laws look at, and no more.
const WHOLE: usize = 1_000;

/// A token is followed up to this length, in bytes: none that is longer fits into a URL.
const TOKEN: usize = 64_000;

/// A key is kept up to this length, in bytes; a longer one by its beginning and a digest.
const KEY: usize = 200;

impl Reader<'_> {
    /// Reads a page. `first` is the request for the first page, which links are held against.
    pub(super) fn page(&self, exchange: &Exchange, asked: PageRequest, first: &Request) -> Page {
        let answer = match &exchange.answer {
            Ok(reply) => self.answer(reply, &exchange.request, first, asked.size),
            Err(failure) => PageResponse::Nothing(describe(failure)),
        };
        Page {
            id: exchange.id,
            asked,
            answer,
        }
    }

    fn answer(
        &self,
        reply: &Reply,
        sent: &Request,
        first: &Request,
        size: Option<u64>,
    ) -> PageResponse {
        if !self.documented.succeeds(reply.status) {
            return PageResponse::Status(reply.status);
        }
        let body = reply.json();
        if body.is_none() && matches!(self.profile.items, Expression::ResponseBody(_)) {
            return PageResponse::NotAList("a body that is no JSON".to_owned());
        }
        let read = |place: &Expression| {
            read_response(reply, body.as_ref(), place).filter(|value| !value.is_null())
        };
        let items = match read_response(reply, body.as_ref(), &self.profile.items) {
            Some(Value::Array(items)) => items,
            // Where the profile says so, nothing stands for no items.
            None if self.profile.no_items == Some(NoItems::Absent) => Vec::new(),
            Some(other) => return PageResponse::NotAList(clip(&other.to_string())),
            None => return PageResponse::NotAList("no items".to_owned()),
        };
        let count = items.len();
        if count > self.items && size.is_some_and(|size| count as u64 > size) {
            return PageResponse::TooMany(count);
        }
        let kept = (count > WHOLE && self.profile.get.is_none()).then(|| self.looked_at());
        let read_by = |place: &Option<Expression>| place.as_ref().and_then(read);
        let said = |place: &Option<Expression>| read_by(place).map(compact);
        let mut content = Content {
            items: items
                .into_iter()
                .map(|item| self.item(item, kept.as_deref()))
                .collect(),
            total: said(&self.profile.total),
            more: said(&self.profile.more),
            number: said(&self.profile.echo.number),
            size: said(&self.profile.echo.size),
            offset: said(&self.profile.echo.offset),
            links: links(reply, self.base, sent, first),
            ..Content::default()
        };
        match &self.profile.style {
            PaginationStyle::Page { .. } => {}
            PaginationStyle::Offset { next, .. } => content.next = read_by(next),
            PaginationStyle::Cursor { next, previous, .. } => {
                content.next = self.token(read(next));
                content.previous = self.token(read_by(previous));
            }
            PaginationStyle::Link { next } => {
                if let (Expression::ResponseBody(_), Some(Value::String(target))) =
                    (next, self.token(read(next)))
                {
                    // Some APIs write the link into the body.
                    content.links.extend(link::link(
                        &target,
                        vec!["next".to_owned()],
                        self.base,
                        sent,
                        first,
                    ));
                }
                content.next = target(&content.links, "next");
                content.previous =
                    target(&content.links, "prev").or_else(|| target(&content.links, "previous"));
            }
        }
        for token in [&content.next, &content.previous].into_iter().flatten() {
            let text = text(token);
            if text.len() > TOKEN {
                return PageResponse::Nothing(format!(
                    "a cursor longer than the {TOKEN} bytes that are followed: {}",
                    clip(&text)
                ));
            }
        }
        PageResponse::List(Box::new(content))
    }

    /// A token is there when it is there: an empty one too, unless the profile says that it
    /// means the end.
    fn token(&self, value: Option<Value>) -> Option<Value> {
        value.filter(|value| {
            value.as_str() != Some("") || self.profile.empty_token != Some(EmptyToken::End)
        })
    }

    fn item(&self, mut value: Value, kept: Option<&[String]>) -> Item {
        let key = self
            .profile
            .key
            .as_ref()
            .and_then(|key| value.pointer(key.as_str()))
            .filter(|key| !key.is_null());
        let key = match key {
            Some(Value::String(text)) => brief(text),
            Some(other) => brief(&canonical(other)),
            None => brief(&canonical(&value)),
        };
        if let (Some(kept), Value::Object(members)) = (kept, &mut value) {
            let all = std::mem::take(members);
            members.extend(all.into_iter().filter(|(name, _)| kept.contains(name)));
        }
        Item {
            key,
            value: Arc::new(value),
        }
    }

    /// The members of an item that filters and orders look at.
    fn looked_at(&self) -> Vec<String> {
        let profile = self.profile;
        let orders = profile.sort.iter().flat_map(|sort| &sort.by);
        orders
            .chain(&profile.default_sort)
            .map(|key| &key.item)
            .chain(profile.filter.iter().map(|filter| &filter.item))
            .filter_map(|item| item.tokens().next())
            .collect()
    }
}

/// A value that is said once a page, as it is kept: a long one by its beginning.
fn compact(value: Value) -> Value {
    const LONG: usize = 1_000;
    match value {
        Value::String(text) if text.len() > LONG => clip(&text).into(),
        Value::Array(_) | Value::Object(_) => {
            let text = value.to_string();
            if text.len() > LONG {
                clip(&text).into()
            } else {
                value
            }
        }
        value => value,
    }
}

/// A key as it is kept.
fn brief(key: &str) -> Arc<str> {
    if key.len() <= KEY {
        return key.into();
    }
    let mut hasher = std::hash::DefaultHasher::new();
    key.hash(&mut hasher);
    format!("{} #{:016x}", shorten(key, KEY / 2), hasher.finish()).into()
}

/// The target of the link with a relation type.
pub(super) fn target(links: &[Link], relation: &str) -> Option<Value> {
    links
        .iter()
        .find(|link| link.relations.iter().any(|own| own == relation))
        .map(|link| Value::String(link.target.clone()))
}

/// A value as text that does not depend on the order of its members.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| name.as_str());
            let members: Vec<String> = members
                .into_iter()
                .map(|(name, value)| {
                    format!("{}:{}", Value::String(name.clone()), canonical(value))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(members) => {
            let members: Vec<String> = members.iter().map(canonical).collect();
            format!("[{}]", members.join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// Why nothing came, as words.
fn describe(failure: &Failure) -> String {
    match failure {
        Failure::NotSent(why) => format!("nothing, as no request was sent ({why})"),
        Failure::Unreachable(why) => format!("no connection ({why})"),
        Failure::Timeout(millis) => format!("nothing within {millis} ms"),
        Failure::Closed(why) => format!("a connection that ended early ({why})"),
        Failure::TooLarge(bytes) => format!("more than {bytes} bytes"),
        Failure::Unfolds(bytes) => format!("JSON whose values take more than {bytes} bytes"),
        Failure::Malformed(why) => format!("something malformed ({why})"),
    }
}
