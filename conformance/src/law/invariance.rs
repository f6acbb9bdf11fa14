//! `size-invariance`: the list does not depend on the size of its pages.

use super::examination::Examination;
use super::finding::{Difference, FindingBuilder, first_difference};
use super::observations::{End, Observations};
use super::{ANY, Judgement, Law};
use crate::rule;

pub(super) const SIZE_INVARIANCE: Law = Law {
    rule: rule::law::SIZE_INVARIANCE,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let all = seen.boundary()?;
    let mut look = Examination::default();
    for walk in &seen.walks {
        if std::ptr::eq(walk, all.walk) || walk.end == End::Broken {
            continue;
        }
        let came: Vec<&str> = walk.distinct().iter().map(|item| &*item.key).collect();
        let mut expected: Vec<&str> = all.items.iter().map(|item| &*item.key).collect();
        if !walk.whole() || !all.whole {
            // A walk that was cut short is compared as far as it went.
            expected.truncate(came.len());
        }
        let came = if all.whole {
            came.as_slice()
        } else {
            came.get(..expected.len()).unwrap_or(&came)
        };
        if came.is_empty() && !walk.whole() {
            continue;
        }
        let difference = Difference::between(&expected, came);
        look.at(difference.map(|difference| {
            let mut fault = FindingBuilder::new(format!(
                "{} {}, compared with {}",
                walk.describe(),
                difference.describe(),
                all.walk.describe()
            ))
            .expected_actual(
                format!("the same {} keys in the same order", expected.len()),
                format!("{} keys", came.len()),
            )
            .keys(difference.keys());
            for page in first_difference(walk, all.walk) {
                fault = fault.with_page(page);
            }
            fault
        }));
    }
    look.or(seen, "one size was walked")
}

#[cfg(test)]
mod tests {
    use crate::law::observations::End;
    use crate::law::testing::{breaks, holds, more_walks, page_style, skips};

    #[test]
    fn walks_of_all_sizes_meet_the_same() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        skips("size-invariance", &seen, "one size");
        more_walks(&mut seen, 3, &["a b c", "d e"]);
        holds("size-invariance", &seen);
        more_walks(&mut seen, 4, &["a b c d"]);
        let found = breaks("size-invariance", &seen);
        assert_eq!(
            found[0].message,
            "the walk of size 4 lacks \"e\", compared with the walk of size 2"
        );
        assert_eq!(found[0].keys, ["e"]);
        assert_eq!(found[0].evidence.len(), 2);
    }

    #[test]
    fn order_counts_and_a_walk_cut_short_does_not() {
        let mut seen = page_style(&["a b", "c d", "e"], 2);
        more_walks(&mut seen, 1, &["a", "b", "c"]);
        seen.walks[1].end = End::Cut;
        holds("size-invariance", &seen);
        more_walks(&mut seen, 5, &["a c b d e"]);
        let found = breaks("size-invariance", &seen);
        assert_eq!(
            found[0].message,
            "the walk of size 5 has another order from item 2 on, compared with the walk of size 2"
        );
    }
}
