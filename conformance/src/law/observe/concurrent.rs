//! A mix of pages and sizes, under way at once.

use super::{Condition, Observer, condition};
use crate::law::observations::{Observations, Page, PageRequest, Pair};
use std::collections::HashSet;

/// So many different requests are under way at once.
const AT_ONCE: usize = 12;

/// So many times, while nothing differs.
const ROUNDS: usize = 5;

impl Observer<'_> {
    /// Asks for pages of several walks at once, and compares with the walks. An answer that
    /// differs is asked for once more on its own: only when that one is right was it the
    /// company that made it wrong.
    pub(super) async fn concurrent(&self, seen: &mut Observations) {
        let mix = self.mix(seen);
        if mix.len() < 2 || self.session.target().limits.jobs < 2 {
            return;
        }
        for round in 0..ROUNDS {
            // Another neighbour each time.
            let step = if round % 2 == 0 { 1 } else { mix.len() - 1 };
            let order = (0..mix.len()).filter_map(|index| {
                let index = (round * 5 + index * step) % mix.len();
                mix.get(index)
            });
            let answers = futures::future::join_all(order.map(|(condition, once)| async move {
                let again = self.page(condition, once.asked.clone(), true).await;
                (condition, once, again)
            }))
            .await;
            let mut differs = false;
            for (condition, once, again) in answers {
                let Some(again) = again else { return };
                if again.keys() == once.keys() && again.content().is_some() {
                    seen.concurrent.push(Pair {
                        once: once.clone(),
                        again,
                        sort: None,
                    });
                    continue;
                }
                let alone = self.page(condition, once.asked.clone(), true).await;
                let Some(alone) = alone.filter(|alone| alone.keys() == once.keys()) else {
                    continue;
                };
                differs = true;
                seen.concurrent.push(Pair {
                    once: alone,
                    again,
                    sort: None,
                });
            }
            if differs {
                return;
            }
        }
    }

    /// Pages of different walks whose items differ from one another's.
    fn mix<'s>(&self, seen: &'s Observations) -> Vec<(Condition, Page)> {
        let mut mix: Vec<(Condition, Page)> = Vec::new();
        let mut met: HashSet<Vec<&str>> = HashSet::new();
        let mut add = |condition: Condition, page: &'s Page| {
            let keys = page.keys();
            let asked = PageRequest::clone(&page.asked);
            let other = !mix
                .iter()
                .any(|(own, page)| page.asked == asked && *own == condition);
            if !keys.is_empty() && other && mix.len() < AT_ONCE && met.insert(keys) {
                mix.push((condition, page.clone()));
            }
        };
        // One page under a filter and one in an order: what is asked must not be shared either.
        for selection in seen.selections.iter().take(1) {
            let set: Condition = selection
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
            for page in selection
                .walks
                .iter()
                .flat_map(|walk| walk.pages.first())
                .take(1)
            {
                add(set.clone(), page);
            }
        }
        for ordered in seen.orders.iter().take(1) {
            let set = condition(&ordered.sort.set);
            for page in ordered
                .walks
                .iter()
                .flat_map(|walk| walk.pages.first())
                .take(1)
            {
                add(set.clone(), page);
            }
        }
        // In turn from every walk: its first page, its second, and so on.
        for index in 0..AT_ONCE {
            for walk in &seen.walks {
                if let Some(page) = walk.pages.get(index) {
                    add(Condition::new(), page);
                }
            }
        }
        mix
    }
}
