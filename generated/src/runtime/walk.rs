//! Where a walk over pages is, and what follows.

use super::{Core, Error, Marks, PageStyle, Part, Parts, Received};
use reqwest::header::LINK;
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is remembered of an answer besides its page.
pub(super) struct Seen {
    body: u64,
    next: Option<Result<reqwest::Url, String>>,
}

impl Seen {
    pub(super) fn new(core: &Core, answer: &Received) -> Self {
        Self {
            body: digest(&answer.body),
            next: link(core, answer),
        }
    }
}

/// How the next page is asked for.
pub(super) enum Step {
    Set(Part, Value),
    Follow(reqwest::Url),
}

impl Step {
    pub(super) fn apply(self, mut parts: Parts) -> Parts {
        match self {
            Self::Set(part, value) => parts.set(part, value),
            Self::Follow(url) => parts.url = Some(url),
        }
        parts
    }
}

/// Where a walk is.
pub(super) struct Walk {
    operation: &'static str,
    style: PageStyle,
    /// The page's number or the offset that was asked for.
    position: i64,
    /// How many items come before the first page of the walk, when that is known.
    before: Option<i64>,
    size: Option<i64>,
    items: i64,
    /// How many pages without an item came in a row, and how many may.
    empty: u32,
    max_empty: u32,
    /// Digests of tokens and links that were asked for, and of contents of pages: a server chooses
    /// how long those are.
    met: HashSet<u64>,
}

impl Walk {
    pub(super) fn new(
        operation: &'static str,
        style: PageStyle,
        parts: &Parts,
        max_empty: u32,
    ) -> Self {
        let asked = |part| parts.get(part).and_then(|value| integer(&value));
        let mut met = HashSet::new();
        let (position, before, size) = match style {
            PageStyle::Number {
                number,
                first,
                size,
            } => {
                let position = asked(number).unwrap_or(first);
                (
                    position,
                    (position == first).then_some(0),
                    size.and_then(asked),
                )
            }
            PageStyle::Offset { offset, size, .. } => {
                let position = asked(offset).unwrap_or_default();
                (position, Some(position), size.and_then(asked))
            }
            PageStyle::Cursor { cursor, .. } => {
                met.extend(parts.get(cursor).map(|token| digest(&token.to_string())));
                (0, None, None)
            }
            PageStyle::Link => (0, None, None),
        };
        Self {
            operation,
            style,
            position,
            before,
            size,
            items: 0,
            empty: 0,
            max_empty,
            met,
        }
    }

    fn fault(&self, message: impl Into<String>) -> Error {
        Error::paging(self.operation, message)
    }

    /// What follows a page; `None` after the last.
    pub(super) fn advance(&mut self, page: &Marks, seen: Seen) -> Result<Option<Step>, Error> {
        let step = self.follow(page, seen)?;
        self.empty = match page.count {
            0 => self.empty.saturating_add(1),
            _ => 0,
        };
        if step.is_some() && self.empty > self.max_empty {
            let pages = self.empty;
            return Err(self.fault(format!("{pages} pages in a row hold no items")));
        }
        Ok(step)
    }

    fn follow(&mut self, page: &Marks, seen: Seen) -> Result<Option<Step>, Error> {
        let count = i64::try_from(page.count).unwrap_or(i64::MAX);
        self.items = self.items.saturating_add(count);
        match self.style {
            PageStyle::Number { number, .. } => {
                self.check_echo(page, "page")?;
                if self.is_over(page, count) {
                    return Ok(None);
                }
                self.check_contents(page, &seen)?;
                self.position = self.position.saturating_add(1);
                Ok(Some(Step::Set(number, Value::from(self.position))))
            }
            PageStyle::Offset {
                offset, says_next, ..
            } => {
                self.check_echo(page, "offset")?;
                let next = match (says_next, &page.next) {
                    // A flag beside it is not asked: servers set it wrongly more often.
                    (true, None) => return Ok(None),
                    (true, Some(next)) => integer(next)
                        .ok_or_else(|| self.fault(format!("the next offset is {next}")))?,
                    (false, _) if self.is_over(page, count) => return Ok(None),
                    (false, _) => {
                        self.check_contents(page, &seen)?;
                        self.position.saturating_add(count)
                    }
                };
                if next <= self.position {
                    let position = self.position;
                    return Err(self.fault(format!(
                        "the offset {next} comes after the offset {position}"
                    )));
                }
                self.position = next;
                Ok(Some(Step::Set(offset, Value::from(next))))
            }
            PageStyle::Cursor { cursor, empty_ends } => match &page.next {
                None => Ok(None),
                Some(_) if page.more == Some(false) => Ok(None),
                Some(Value::String(text)) if text.is_empty() && empty_ends => Ok(None),
                Some(token) => {
                    if !self.met.insert(digest(&token.to_string())) {
                        return Err(self.fault("the server gave a token again"));
                    }
                    Ok(Some(Step::Set(cursor, token.clone())))
                }
            },
            PageStyle::Link => match seen.next {
                None => Ok(None),
                Some(Err(message)) => Err(self.fault(message)),
                Some(Ok(url)) => {
                    if !self.met.insert(digest(url.as_str())) {
                        return Err(self.fault("the server gave a link again"));
                    }
                    Ok(Some(Step::Follow(url)))
                }
            },
        }
    }

    fn check_echo(&self, page: &Marks, what: &str) -> Result<(), Error> {
        match page.echo {
            Some(echo) if echo != self.position => {
                let position = self.position;
                Err(self.fault(format!(
                    "asked for {what} {position}, the server gave {echo}"
                )))
            }
            _ => Ok(()),
        }
    }

    /// A server that passes over the number or the offset gives the same page for ever.
    fn check_contents(&mut self, page: &Marks, seen: &Seen) -> Result<(), Error> {
        if page.echo.is_none() && !self.met.insert(seen.body) {
            return Err(self.fault("the server gave a page again"));
        }
        Ok(())
    }

    fn is_over(&self, page: &Marks, count: i64) -> bool {
        let total = page.total.zip(self.before);
        count == 0
            || page.more == Some(false)
            || total.is_some_and(|(total, before)| before.saturating_add(self.items) >= total)
            || (page.more.is_none()
                && total.is_none()
                && self.size.is_some_and(|size| count < size))
    }
}

fn digest<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            // Some servers write whole numbers as `3.0`.
            let float = number.as_f64()?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "checked to be whole and small"
            )]
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
        }),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The next page's address: the link whose relation is `next`, within the API's origin, as keys
/// would follow it anywhere.
fn link(core: &Core, answer: &Received) -> Option<Result<reqwest::Url, String>> {
    let target = answer
        .headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(next_target)?;
    Some(match answer.url.join(&target) {
        Ok(url) if url.origin() == core.0.base.origin() => Ok(url),
        Ok(_) => Err("the link to the next page leads to another server".to_owned()),
        Err(error) => Err(format!("the link to the next page: {error}")),
    })
}

/// The target of the link whose relation is `next` (RFC 8288, section 3).
fn next_target(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        let (parameters, after) = split_link(after);
        let is_next = parameters.split(';').any(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("rel")
                    && value
                        .trim()
                        .trim_matches('"')
                        .split_ascii_whitespace()
                        .any(|relation| relation.eq_ignore_ascii_case("next"))
            })
        });
        if is_next {
            return Some(target.to_owned());
        }
        rest = after;
    }
    None
}

/// Splits at the comma that ends a link, which is not within quotes.
fn split_link(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => return text.split_at(at),
            _ => {}
        }
    }
    (text, "")
}
