//! Tokens asked for again, bent, used elsewhere; and the ways back.

use super::{Condition, Observer, condition, several};
use crate::expression::{Substitution, text};
use crate::law::observations::{
    Content, Crossed, Observations, Page, PageRequest, Pair, Part, Position, ProbeKind, Walk,
};
use base64::Engine as _;
use plumbline_specs::api::PaginationStyle;
use serde_json::Value;

impl Observer<'_> {
    /// Everything about cursors and links.
    pub(super) async fn tokens(&self, seen: &mut Observations) {
        if !matches!(
            self.profile.style,
            PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. }
        ) {
            return;
        }
        let walk = several(&seen.walks).cloned();
        if let Some(walk) = &walk {
            self.replays(seen, walk).await;
            self.back(seen, walk).await;
        }
        if let PaginationStyle::Cursor { cursor, .. } = &self.profile.style {
            if let Some(walk) = &walk {
                self.crossings(seen, walk).await;
            }
            let token = walk.as_ref().and_then(|walk| {
                walk.pages
                    .iter()
                    .filter_map(Page::content)
                    .find_map(|content| content.next.clone())
            });
            for (kind, sent) in bent(token.as_ref()) {
                let value = Value::String(sent.clone());
                let probe = self
                    .probe(
                        Part::Cursor,
                        kind,
                        cursor,
                        &Substitution::Value(&value),
                        &sent,
                        walk.as_ref().and_then(|walk| walk.size),
                    )
                    .await;
                seen.tokens.extend(probe);
            }
        }
    }

    /// Asks again for pages by their tokens, the last first.
    async fn replays(&self, seen: &mut Observations, walk: &Walk) {
        let given: Vec<&Page> = walk
            .pages
            .iter()
            .filter(|page| page.asked.position != Position::First)
            .collect();
        let middle = given.len() / 2;
        let picked = [given.last(), given.get(middle), given.first()];
        for page in picked.into_iter().flatten() {
            if let Some(again) = self.page(&Vec::new(), page.asked.clone(), true).await {
                seen.replays.push(Pair {
                    once: (*page).clone(),
                    again,
                    sort: None,
                });
            }
        }
    }

    /// Goes forth and back again, and to where a page says the first is.
    async fn back(&self, seen: &mut Observations, walk: &Walk) {
        let borders: Vec<(&Page, &Page)> =
            walk.pages.iter().zip(walk.pages.iter().skip(1)).collect();
        let picked = [borders.first(), borders.last()];
        for (page, after) in picked.into_iter().flatten() {
            let Some(content) = after.content().filter(|content| !content.items.is_empty()) else {
                continue;
            };
            if let Some(token) = &content.previous
                && let Some(again) = self.follow(token, walk.size).await
            {
                seen.back.push(Pair {
                    once: (*page).clone(),
                    again,
                    sort: None,
                });
            }
            if let Some(token) = first_link(content)
                && let (Some(again), Some(once)) =
                    (self.follow(&token, walk.size).await, walk.pages.first())
            {
                seen.first_links.push(Pair {
                    once: once.clone(),
                    again,
                    sort: None,
                });
            }
        }
    }

    async fn follow(&self, token: &Value, size: Option<u64>) -> Option<Page> {
        let position = match (&self.profile.style, token) {
            (PaginationStyle::Link { .. }, Value::String(target)) => Position::Link(target.clone()),
            _ => Position::Token(token.clone()),
        };
        let asked = PageRequest { position, size };
        self.page(&Vec::new(), asked, false).await
    }

    /// Uses a token with another size, with a filter, with an order.
    async fn crossings(&self, seen: &mut Observations, walk: &Walk) {
        let (Some(giver), Some(meant)) = (walk.pages.first(), walk.pages.get(1)) else {
            return;
        };
        let Some(token) = giver.content().and_then(|content| content.next.clone()) else {
            return;
        };
        let nothing = Condition::new();
        let mut changes: Vec<(String, Condition, Option<u64>, Option<Walk>)> = Vec::new();
        if let Some(size) = walk.size {
            let most = seen.maximum().unwrap_or(u64::MAX);
            let other = if size < most {
                size + 1
            } else {
                size.saturating_sub(1)
            };
            if other > 0 {
                changes.push(("another size".to_owned(), nothing, Some(other), None));
            }
        }
        let selection = seen.selections.iter().find_map(|selection| {
            let whole = selection.walks.iter().find(|walk| walk.whole())?;
            Some((selection, whole))
        });
        if let Some((selection, whole)) = selection {
            let set = selection
                .filter
                .set
                .iter()
                .map(|(place, template)| {
                    (
                        place.clone(),
                        super::template::filled(template, &selection.value),
                    )
                })
                .collect();
            changes.push(("a filter".to_owned(), set, walk.size, Some(whole.clone())));
        }
        let order = seen.orders.iter().find_map(|ordered| {
            let whole = ordered.walks.iter().find(|walk| walk.whole())?;
            Some((ordered, whole))
        });
        if let Some((ordered, whole)) = order {
            let set = condition(&ordered.sort.set);
            changes.push((
                "another order".to_owned(),
                set,
                walk.size,
                Some(whole.clone()),
            ));
        }
        for (with, condition, size, changed) in changes {
            let asked = PageRequest {
                position: Position::Token(token.clone()),
                size,
            };
            if let Some(came) = self.page(&condition, asked, false).await {
                seen.crossed.push(Crossed {
                    with,
                    giver: giver.clone(),
                    meant: meant.clone(),
                    came,
                    changed,
                });
            }
        }
    }
}

/// Where a page says the first one is.
fn first_link(content: &Content) -> Option<Value> {
    super::page::target(&content.links, "first")
}

/// Tokens that the server never gave: garbage, a part of one that it did, and a well-formed
/// one of someone else's.
fn bent(token: Option<&Value>) -> Vec<(ProbeKind, String)> {
    let mut bent = vec![(ProbeKind::Garbage, "!no-such-cursor!".to_owned())];
    let Some(token) = token else {
        return bent;
    };
    let own = text(token);
    let half: String = own.chars().take(own.chars().count() / 2).collect();
    if !half.is_empty() {
        bent.push((ProbeKind::Truncated, half));
    }
    // A number is well-formed whoever gave it.
    if own.parse::<f64>().is_err() {
        let foreign = base64::engine::general_purpose::STANDARD.encode("foreign:0000000");
        bent.push((ProbeKind::Foreign, foreign));
    }
    bent
}
