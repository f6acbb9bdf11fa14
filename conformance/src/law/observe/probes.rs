//! Paging parameters with values that they may not have, and left out.

use super::{Condition, Observer};
use crate::Severity;
use crate::expression::{Substitution, put, text};
use crate::law::documented::{Range, integer};
use crate::law::observations::{
    Observations, Omission, PageRequest, PageResponse, Part, Position, Probe, ProbeKind,
};
use crate::rule;
use plumbline_specs::api::{Expression, PaginationStyle};
use serde_json::Value;

/// Greater than any 64-bit number.
const HUGE: &str = "99999999999999999999";

impl Observer<'_> {
    /// Asks for pages with numbers, offsets and sizes out of bounds.
    pub(super) async fn bounds(&self, seen: &mut Observations) {
        let documented = self.documented.clone();
        match &self.profile.style {
            PaginationStyle::Page { number, first } => {
                let range = documented.number.unwrap_or_default();
                let mut values = numbers(&range, *first);
                // The page before the first one has a law of its own.
                let before = (*first - 1).to_string();
                if !values.iter().any(|(_, sent)| *sent == before) {
                    values.insert(0, (ProbeKind::BelowMinimum, before));
                }
                self.out_of_bounds(seen, Part::Number, number, values).await;
            }
            PaginationStyle::Offset { offset, .. } => {
                let range = documented.offset.unwrap_or_default();
                let mut values = numbers(&range, 0);
                // From here two items would be left, where negative numbers wrap around.
                values.push((ProbeKind::Negative, "-3".to_owned()));
                self.out_of_bounds(seen, Part::Offset, offset, values).await;
            }
            PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => {}
        }
        if let Some(place) = &self.profile.size {
            let range = documented.size.unwrap_or_default();
            let values = numbers(&range, 1);
            self.out_of_bounds(seen, Part::Size, place, values).await;
        }
    }

    async fn out_of_bounds(
        &self,
        seen: &mut Observations,
        part: Part,
        place: &Expression,
        values: Vec<(ProbeKind, String)>,
    ) {
        // The least size there is, so that a number that wraps around hits a page with items.
        let least = self.documented.size.as_ref().and_then(|size| size.minimum);
        let least = least
            .and_then(|least| u64::try_from(least).ok())
            .unwrap_or(1);
        for (kind, sent) in values {
            let size = match part {
                Part::Size => None,
                Part::Offset if kind == ProbeKind::Negative => Some(least.max(2)),
                _ => Some(least.max(1)),
            };
            let size = size.filter(|_| self.profile.size.is_some());
            let quoted = Value::String(sent.clone());
            let value = match kind {
                ProbeKind::NotANumber | ProbeKind::Empty => Substitution::Value(&quoted),
                _ => Substitution::Raw(&sent),
            };
            if let Some(probe) = self.probe(part, kind, place, &value, &sent, size).await {
                seen.bounds.push(probe);
            }
        }
    }

    /// Sends one value that a parameter may not have.
    pub(super) async fn probe(
        &self,
        part: Part,
        kind: ProbeKind,
        place: &Expression,
        value: &Substitution<'_>,
        sent: &str,
        size: Option<u64>,
    ) -> Option<Probe> {
        let asked = PageRequest {
            position: Position::First,
            size,
        };
        let nothing = Condition::new();
        let mut request = self.request(&nothing, &asked)?;
        if !put(self.operation, &mut request, place, value) {
            return None;
        }
        let exchange = self.exchange(request, false).await?;
        let page = self.read(&nothing, asked, &exchange);
        let violations = match (&page.answer, exchange.reply()) {
            // An undocumented status is told as such; its body has no promise to break.
            (PageResponse::Status(400..=499), Some(reply)) => self
                .contract
                .check_reply(self.operation, reply)
                .into_iter()
                .filter(|violation| {
                    violation.severity == Severity::Failure
                        && violation.rule != rule::check::DOCUMENTED_STATUS
                })
                .map(|violation| violation.message)
                .collect(),
            _ => Vec::new(),
        };
        Some(Probe {
            part,
            kind,
            sent: sent.to_owned(),
            page,
            violations,
        })
    }

    /// Passes each paging parameter's default, and leaves the parameter out.
    pub(super) async fn defaults(&self, seen: &mut Observations) {
        let documented = &self.documented;
        let stated = |range: &Option<Range>| {
            let default = range.as_ref()?.default.clone()?;
            integer(&default).map(|number| (number, text(&default)))
        };
        if let Some((size, default)) = stated(&documented.size)
            && let Ok(size) = u64::try_from(size)
        {
            let position = self.start();
            let passed = PageRequest {
                position: position.clone(),
                size: Some(size),
            };
            let omitted = PageRequest {
                position,
                size: None,
            };
            self.omission(seen, Part::Size, default, true, passed, omitted)
                .await;
        }
        let (part, range, implied) = match &self.profile.style {
            PaginationStyle::Page { first, .. } => (Part::Number, &documented.number, *first),
            PaginationStyle::Offset { .. } => (Part::Offset, &documented.offset, 0),
            PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => return,
        };
        let (number, default, is_stated) = match stated(range) {
            Some((number, default)) => (number, default, true),
            None => (implied, implied.to_string(), false),
        };
        let least = documented.size.as_ref().and_then(|size| size.minimum);
        let size = least.unwrap_or(1).max(2);
        let size = self
            .profile
            .size
            .as_ref()
            .and_then(|_| u64::try_from(size).ok());
        let passed = PageRequest {
            position: match part {
                Part::Number => Position::Number(number),
                _ => Position::Offset(number),
            },
            size,
        };
        let omitted = PageRequest {
            position: Position::First,
            size,
        };
        self.omission(seen, part, default, is_stated, passed, omitted)
            .await;
    }

    async fn omission(
        &self,
        seen: &mut Observations,
        part: Part,
        default: String,
        documented: bool,
        passed: PageRequest,
        omitted: PageRequest,
    ) {
        let nothing = Condition::new();
        let (Some(passed), Some(omitted)) = (
            self.page(&nothing, passed, false).await,
            self.page(&nothing, omitted, false).await,
        ) else {
            return;
        };
        seen.defaults.push(Omission {
            part,
            default,
            documented,
            passed,
            omitted,
        });
    }
}

/// Values out of bounds of a number that is at least `least` where the document does not say.
fn numbers(range: &Range, least: i64) -> Vec<(ProbeKind, String)> {
    let below = range.minimum.unwrap_or(least).saturating_sub(1);
    let mut values = vec![(ProbeKind::BelowMinimum, below.to_string())];
    if below != -1 {
        values.push((ProbeKind::Negative, "-1".to_owned()));
    }
    if let Some(maximum) = range.maximum {
        let above = maximum.saturating_add(1);
        values.push((ProbeKind::AboveMaximum, above.to_string()));
    }
    values.push((ProbeKind::NotANumber, "abc".to_owned()));
    values.push((ProbeKind::Empty, String::new()));
    values.push((ProbeKind::Beyond64Bits, HUGE.to_owned()));
    values
}
