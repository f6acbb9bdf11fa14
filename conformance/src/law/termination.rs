//! `walk-terminates`: a walk ends.

use super::examination::Examination;
use super::finding::FindingBuilder;
use super::observations::{End, Observations};
use super::{ANY, Judgement, Law};
use crate::rule;

pub(super) const WALK_TERMINATES: Law = Law {
    rule: rule::law::WALK_TERMINATES,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let look: Examination = seen
        .every_walk()
        .filter_map(|walk| {
            let last = walk.tail.last().or(walk.pages.last())?;
            let requests = walk.pages.len() + walk.tail.len();
            match &walk.end {
                End::Met(what, first) => Some(Some(
                    FindingBuilder::new(format!(
                        "{} does not end: after {requests} requests it is back at {what}",
                        walk.describe()
                    ))
                    .expected_actual("an end", format!("{what} again"))
                    .with_exchange(*first)
                    .with_page(last),
                )),
                End::Endless => Some(Some(
                    FindingBuilder::new(format!(
                        "{} has not ended after {requests} requests",
                        walk.describe()
                    ))
                    .expected_actual(
                        "an end",
                        format!("{} and more to come", last.describe_actual()),
                    )
                    .with_page(last),
                )),
                End::Done => Some(None),
                // Where it would have ended is not known.
                End::Broken | End::Cut => None,
            }
        })
        .collect();
    look.or(seen, "no walk was followed to its end")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ExchangeId;
    use crate::law::testing::{breaks, cursor_style, holds};

    #[test]
    fn a_walk_that_comes_back_or_goes_on_is_found() {
        let mut seen = cursor_style(&["a b", "c"], 2);
        holds("walk-terminates", &seen);
        seen.walks[0].end = End::Met("cursor \"1\"".to_owned(), ExchangeId(1));
        let found = breaks("walk-terminates", &seen);
        assert_eq!(
            found[0].message,
            "the walk of size 2 does not end: after 2 requests it is back at cursor \"1\""
        );
        assert_eq!(found[0].evidence, [ExchangeId(1), ExchangeId(2)]);
        seen.walks[0].end = End::Endless;
        breaks("walk-terminates", &seen);
    }
}
