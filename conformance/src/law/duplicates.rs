//! `no-duplicates`: no item comes twice in a walk.

use super::examination::Examination;
use super::finding::{FindingBuilder, join_keys};
use super::observations::{Observations, Page, Walk};
use super::{ANY, Judgement, Law};
use crate::rule;
use std::collections::HashMap;

pub(super) const NO_DUPLICATES: Law = Law {
    rule: rule::law::NO_DUPLICATES,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    // Two items that are one by their keys are what this law is about.
    if !seen.walks.iter().any(|walk| walk.items().count() > 1) {
        seen.boundary()?;
    }
    let look: Examination = seen
        .every_walk()
        .filter(|walk| walk.items().nth(1).is_some())
        .map(|walk| repeated(seen, walk))
        .collect();
    look.or(seen, "no walk met two items")
}

/// The first page of a walk that repeats keys, with the page that had them.
fn repeated(seen: &Observations, walk: &Walk) -> Option<FindingBuilder> {
    let mut met: HashMap<&str, &Page> = HashMap::new();
    for page in &walk.pages {
        let mut again: Option<&Page> = None;
        let mut keys = Vec::new();
        for key in page.keys() {
            match met.get(key) {
                Some(&before) if again.is_none_or(|page| page.id == before.id) => {
                    again = Some(before);
                    keys.push(key);
                }
                Some(_) => {}
                None => {
                    met.insert(key, page);
                }
            }
        }
        if let Some(before) = again {
            let message = if before.id == page.id {
                format!("{} holds {} twice", page.describe(), join_keys(&keys))
            } else {
                format!(
                    "{} repeats {} of {}",
                    page.describe(),
                    join_keys(&keys),
                    before.describe()
                )
            };
            return Some(
                FindingBuilder::new(message)
                    .expected_actual("every key once", format!("{} again", join_keys(&keys)))
                    .keys(keys)
                    .with_page(before)
                    .with_page(page)
                    .at(seen.items_pointer())
                    // Without a key whole items are compared, and equal items may be two.
                    .warns_unless(seen.profile.key.is_some()),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::ExchangeId;
    use crate::law::testing::{breaks, holds, page_style, skips};

    #[test]
    fn a_page_that_repeats_items_of_another_is_found() {
        holds("no-duplicates", &page_style(&["a b", "c d", "e"], 2));
        let found = breaks("no-duplicates", &page_style(&["a b", "b c", "d"], 2));
        assert_eq!(
            found[0].message,
            "page 2 of size 2 repeats \"b\" of page 1 of size 2"
        );
        assert_eq!(found[0].keys, ["b"]);
        assert_eq!(found[0].evidence, [ExchangeId(1), ExchangeId(2)]);
        let found = breaks("no-duplicates", &page_style(&["a a"], 2));
        assert_eq!(found[0].message, "page 1 of size 2 holds \"a\" twice");
        skips("no-duplicates", &page_style(&["a"], 2), "one item");
    }
}
