//! Walks under a filter, in an order, with an option.

use super::candidates::candidates;
use super::template::filled;
use super::{Condition, Observer, condition};
use crate::expression::text;
use crate::law::compare::selects;
use crate::law::observations::{Observations, Ordered, Pair, Selection, Walk};

/// Of filters, orders and options no more are tried.
const FILTERS: usize = 12;
const ORDERS: usize = 6;
const OPTIONS: usize = 4;

/// A filter is tried with so many values.
const VALUES: usize = 2;

/// A walk under a condition has no more pages than this.
const PAGES: usize = 14;

/// Of a list longer than this, a walk with a few pages is enough: all of it in one answer
/// shows little more and weighs as much again.
const LONG: usize = 200;

impl Observer<'_> {
    /// Walks under every filter, order and option of the profile.
    pub(super) async fn conditions(&self, seen: &mut Observations, great: Option<u64>) {
        let Ok(all) = seen.all() else { return };
        let count = all.items.len();
        if count == 0 {
            return;
        }
        let mut selections = Vec::new();
        for filter in self.profile.filter.iter().take(FILTERS) {
            for value in candidates(filter, &all.items, VALUES) {
                let condition: Condition = filter
                    .set
                    .iter()
                    .map(|(place, template)| (place.clone(), filled(template, &value)))
                    .collect();
                let matching = all
                    .items
                    .iter()
                    .filter(|item| selects(filter, &value, item) == Some(true))
                    .count();
                let walks = self.both(&condition, great, matching).await;
                selections.push(Selection {
                    filter: filter.clone(),
                    value,
                    walks,
                });
            }
        }
        let mut orders = Vec::new();
        let mut repeats = Vec::new();
        if count > 1 {
            for sort in self.profile.sort.iter().take(ORDERS) {
                let forth = condition(&sort.set);
                let walks = self.both(&forth, great, count).await;
                let reversed = match &sort.reverse {
                    Some(reverse) => {
                        let back = condition(reverse);
                        vec![self.small(&back, count).await]
                    }
                    None => Vec::new(),
                };
                // Ties show when the same is asked for again.
                for page in walks.iter().filter_map(|walk| walk.pages.first()) {
                    if let Some(again) = self.page(&forth, page.asked.clone(), true).await {
                        repeats.push(Pair {
                            once: page.clone(),
                            again,
                            sort: Some(sort.clone()),
                        });
                    }
                }
                orders.push(Ordered {
                    sort: sort.clone(),
                    walks,
                    reversed,
                });
            }
        }
        let mut presentations = Vec::new();
        for option in self.profile.presentation.iter().take(OPTIONS) {
            let words: Vec<String> = option
                .iter()
                .map(|(place, value)| format!("{place}={}", text(value)))
                .collect();
            let option = condition(option);
            for walk in self.both(&option, great, count).await {
                presentations.push((words.join(" "), walk));
            }
        }
        seen.selections = selections;
        seen.orders = orders;
        seen.repeats.extend(repeats);
        seen.presentations = presentations;
    }

    /// Walks at the great size, and at one with a few pages.
    async fn both(&self, condition: &Condition, great: Option<u64>, count: usize) -> Vec<Walk> {
        let mut walks = Vec::new();
        if self.profile.size.is_none() || count <= LONG {
            let plan = self.plan(condition, great, Some(count), PAGES.max(44));
            walks.push(self.walk(plan, None).await);
        }
        if self.profile.size.is_some() && count > 1 {
            walks.push(self.small(condition, count).await);
        }
        walks.retain(|walk| !walk.pages.is_empty());
        walks
    }

    /// Walks at a size with a few pages, the last of them not full.
    async fn small(&self, condition: &Condition, count: usize) -> Walk {
        let size = self.profile.size.as_ref().map(|_| {
            let quarter = count.div_ceil(4).max(1) as u64;
            let least = self.documented.size.as_ref().and_then(|size| size.minimum);
            let least = least
                .and_then(|least| u64::try_from(least).ok())
                .unwrap_or(1);
            let most = self.documented.size.as_ref().and_then(|size| size.maximum);
            let most = most.and_then(|most| u64::try_from(most).ok());
            quarter
                .max(least)
                .min(most.unwrap_or(u64::MAX))
                .min(self.profile.maximum.unwrap_or(u64::MAX))
        });
        self.walk(self.plan(condition, size, Some(count), PAGES), None)
            .await
    }
}
