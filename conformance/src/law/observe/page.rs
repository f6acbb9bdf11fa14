//! An exchange, read as a page.

use super::link::{self, links};
use super::place::read;
use crate::law::documented::Documented;
use crate::law::observations::{Answer, Asked, Content, Item, Link, Page, clip};
use crate::{Exchange, Failure, Reply, Request};
use plumbline_specs::api::{EmptyToken, Expression, NoItems, Pagination, PaginationStyle};
use serde_json::Value;
use std::sync::Arc;
use url::Url;

/// What a page is read by.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) profile: &'a Pagination,
    pub(super) documented: &'a Documented,
    pub(super) base: &'a Url,
}

impl Reader<'_> {
    /// Reads a page. `first` is the request for the first page, which links are held against.
    pub(super) fn page(&self, exchange: &Exchange, asked: Asked, first: &Request) -> Page {
        Page {
            id: exchange.id,
            asked,
            answer: match &exchange.answer {
                Ok(reply) => self.answer(reply, &exchange.request, first),
                Err(failure) => Answer::Nothing(words(failure)),
            },
        }
    }

    fn answer(&self, reply: &Reply, sent: &Request, first: &Request) -> Answer {
        if !self.documented.succeeds(reply.status) {
            return Answer::Status(reply.status);
        }
        let body = reply.json();
        if body.is_none() && matches!(self.profile.items, Expression::ResponseBody(_)) {
            return Answer::NotAList("a body that is no JSON".to_owned());
        }
        let read =
            |place: &Expression| read(reply, body.as_ref(), place).filter(|value| !value.is_null());
        let items = match super::place::read(reply, body.as_ref(), &self.profile.items) {
            Some(Value::Array(items)) => items,
            // Where the profile says so, nothing stands for no items.
            None if self.profile.no_items == Some(NoItems::Absent) => Vec::new(),
            Some(other) => return Answer::NotAList(clip(&other.to_string())),
            None => return Answer::NotAList("no items".to_owned()),
        };
        let read_by = |place: &Option<Expression>| place.as_ref().and_then(read);
        let mut content = Content {
            items: items.into_iter().map(|item| self.item(item)).collect(),
            total: read_by(&self.profile.total),
            more: read_by(&self.profile.more),
            number: read_by(&self.profile.echo.number),
            size: read_by(&self.profile.echo.size),
            offset: read_by(&self.profile.echo.offset),
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
        Answer::List(Box::new(content))
    }

    /// A token is there when it is there: an empty one too, unless the profile says that it
    /// means the end.
    fn token(&self, value: Option<Value>) -> Option<Value> {
        value.filter(|value| {
            value.as_str() != Some("") || self.profile.empty_token != Some(EmptyToken::End)
        })
    }

    fn item(&self, value: Value) -> Item {
        let key = self
            .profile
            .key
            .as_ref()
            .and_then(|key| value.pointer(key.as_str()))
            .filter(|key| !key.is_null());
        Item {
            key: match key {
                Some(Value::String(text)) => text.as_str().into(),
                Some(other) => canonical(other).into(),
                None => canonical(&value).into(),
            },
            value: Arc::new(value),
        }
    }
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
fn words(failure: &Failure) -> String {
    match failure {
        Failure::Unreachable(why) => format!("no connection ({why})"),
        Failure::Timeout(millis) => format!("nothing within {millis} ms"),
        Failure::Closed(why) => format!("a connection that ended early ({why})"),
        Failure::TooLarge(bytes) => format!("more than {bytes} bytes"),
        Failure::Malformed(why) => format!("something malformed ({why})"),
    }
}
