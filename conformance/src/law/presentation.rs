//! `presentation-keeps-set`: an option that adds to items changes neither set nor order.

use super::examination::Conditions;
use super::finding::{Difference, FindingBuilder, first_difference};
use super::observations::Observations;
use super::{ANY, Judgement, Law, Skip};
use crate::rule;

pub(super) const PRESENTATION_KEEPS_SET: Law = Law {
    rule: rule::law::PRESENTATION_KEEPS_SET,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    if seen.profile.presentation.is_empty() {
        return Err(Skip(
            "the profile names no option that only adds to items".to_owned(),
        ));
    }
    let all = seen.all()?;
    if all.items.is_empty() {
        return Err(Skip("the list is empty".to_owned()));
    }
    let mut conditions = Conditions::new(seen);
    for (option, walk) in &seen.presentations {
        conditions.at([walk], &format!("with {option}"), |_| {
            if !walk.whole() || !all.whole {
                return None;
            }
            let came: Vec<&str> = walk.distinct().iter().map(|item| &*item.key).collect();
            let expected: Vec<&str> = all.items.iter().map(|item| &*item.key).collect();
            let Some(difference) = Difference::between(&expected, &came) else {
                return Some(None);
            };
            let mut fault = FindingBuilder::new(format!(
                "with {option}, {} {}",
                walk.describe(),
                difference.describe()
            ))
            .expected_actual(
                format!("the same {} items in the same order", expected.len()),
                format!("{} items", came.len()),
            )
            .keys(difference.keys());
            for page in first_difference(walk, all.walk) {
                fault = fault.with_page(page);
            }
            Some(Some(fault))
        });
    }
    conditions.judgement(
        "every option",
        "no walk with an option reached the end of the list",
    )
}

#[cfg(test)]
mod tests {
    use crate::law::testing::{breaks, holds, page_style, skips, walk_like};

    #[test]
    fn an_option_keeps_the_set_and_the_order() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("presentation-keeps-set", &seen, "names no option");
        seen.profile.presentation.push(Default::default());
        seen.presentations = vec![("include_counts=true".to_owned(), seen.walks[0].clone())];
        holds("presentation-keeps-set", &seen);
        seen.presentations[0].1 = walk_like(&seen, 2, &["a b"]);
        let found = breaks("presentation-keeps-set", &seen);
        assert_eq!(
            found[0].message,
            "with include_counts=true, the walk of size 2 lacks \"c\""
        );
    }
}
