//! Walks over pages.

use super::request::{Output, finish, receive};
use super::walk::{Seen, Walk, integer};
use super::{Core, Error, Operation, Request};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use serde::Serialize;
use serde_json::Value;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A place in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A query parameter.
    Query(&'static str),
    /// A header.
    Header(&'static str),
    /// A place in the JSON body, as a JSON Pointer.
    Body(&'static str),
}

/// How an operation hands out its pages.
#[derive(Clone, Copy, Debug)]
pub enum PageStyle {
    /// By number.
    Number {
        /// Where the number goes.
        number: Part,
        /// The first page's number.
        first: i64,
        /// Where the size goes, when a page with fewer items is surely the last.
        size: Option<Part>,
    },
    /// By how many items to pass over.
    Offset {
        /// Where the offset goes.
        offset: Part,
        /// Whether the answer says the next offset.
        says_next: bool,
        /// Where the size goes, when a page with fewer items is surely the last.
        size: Option<Part>,
    },
    /// By a token.
    Cursor {
        /// Where the token goes.
        cursor: Part,
        /// Whether an empty token stands for no further page.
        empty_ends: bool,
    },
    /// By a Link header (RFC 8288).
    Link,
}

/// What a page says of itself.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// How many items it has.
    pub count: usize,
    /// The next token or offset.
    pub next: Option<Value>,
    /// How many items there are in all.
    pub total: Option<i64>,
    /// Whether more follows.
    pub more: Option<bool>,
    /// The page's number or the offset, repeated.
    pub echo: Option<i64>,
}

/// A value as a token; null is none.
pub fn token<T: Serialize>(value: Option<&T>) -> Option<Value> {
    let value = serde_json::to_value(value?).ok()?;
    (!value.is_null()).then_some(value)
}

/// A value as a number.
pub fn number<T: Serialize>(value: Option<&T>) -> Option<i64> {
    integer(&token(value)?)
}

/// A value as a flag.
pub fn flag<T: Serialize>(value: Option<&T>) -> Option<bool> {
    token(value)?.as_bool()
}

/// An operation that hands out pages.
pub trait Paged: Operation {
    /// What its pages hold.
    type Item: Send + 'static;

    /// How it hands out its pages.
    const STYLE: PageStyle;

    /// What a page says of itself.
    fn marks(page: &Output<Self>) -> Marks;

    /// What a page holds.
    fn items(page: Output<Self>) -> Vec<Self::Item>;
}

impl<'c, O: Paged> Request<'c, O> {
    /// Sends it for one page after another, from the one that was asked for on.
    ///
    /// Ends with [`Error::Paging`] when the server gives a page, a token or a link again, an
    /// offset that does not grow, another page than was asked for, or more pages without an item
    /// in a row than [`Builder::max_empty_pages`](super::Builder::max_empty_pages) allows.
    pub fn pages(self) -> Pages<'c, O> {
        let core: &'c Core = self.core;
        let walk = Walk::new(O::META.id, O::STYLE, &self.parts, core.0.max_empty_pages);
        let inner = try_unfold(
            (walk, Some(self.parts)),
            move |(mut walk, parts)| async move {
                let Some(parts) = parts else {
                    return Ok(None);
                };
                let answer = receive::<O>(core, parts.clone()).await?;
                let seen = Seen::new(core, &answer);
                let page = finish::<O>(answer)?.into_body();
                let next = walk
                    .advance(&O::marks(&page), seen)
                    .map_err(Error::widen)?
                    .map(|step| step.apply(parts));
                Ok(Some((page, (walk, next))))
            },
        );
        Pages {
            inner: Box::pin(inner),
        }
    }

    /// Sends it for one page after another and gives their items; see [`pages`](Self::pages).
    pub fn items(self) -> Items<'c, O> {
        Items {
            pages: self.pages(),
            items: Vec::new().into_iter(),
        }
    }
}

type Page<O> = Result<Output<O>, Error<<O as Operation>::Failure>>;

/// Pages, each asked for when it is wanted.
#[must_use = "pages are asked for when they are wanted"]
pub struct Pages<'c, O: Paged> {
    inner: Pin<Box<dyn Stream<Item = Page<O>> + Send + 'c>>,
}

impl<O: Paged> Pages<'_, O> {
    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Page<O>> {
        std::future::poll_fn(|context| self.inner.as_mut().poll_next(context)).await
    }
}

impl<O: Paged> Stream for Pages<'_, O> {
    type Item = Page<O>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(context)
    }
}

impl<O: Paged> std::fmt::Debug for Pages<'_, O> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// Items of one page after another, each page asked for when it is wanted.
#[must_use = "items are asked for when they are wanted"]
pub struct Items<'c, O: Paged> {
    pages: Pages<'c, O>,
    items: std::vec::IntoIter<O::Item>,
}

type Item<O> = Result<<O as Paged>::Item, Error<<O as Operation>::Failure>>;

impl<O: Paged> Items<'_, O> {
    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Item<O>> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            match self.pages.next().await? {
                Ok(page) => self.items = O::items(page).into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// All items that are left.
    ///
    /// # Errors
    ///
    /// The first one, if any; the items before it are lost.
    pub async fn collect(mut self) -> Result<Vec<O::Item>, Error<O::Failure>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }
}

impl<O: Paged> Unpin for Items<'_, O> {}

impl<O: Paged> Stream for Items<'_, O> {
    type Item = Item<O>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::task::ready!(self.pages.inner.as_mut().poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Ok(page)) => self.items = O::items(page).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<O: Paged> std::fmt::Debug for Items<'_, O> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Items").finish_non_exhaustive()
    }
}
