//! `same-collection`: two operations over one collection give the same items.

use super::examination::Examination;
use super::finding::{Difference, FindingBuilder};
use super::observations::{Item, Observations};
use super::{ANY, Judgement, Law, Skip};
use crate::rule;

pub(super) const SAME_COLLECTION: Law = Law {
    rule: rule::law::SAME_COLLECTION,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let Some(label) = &seen.profile.same_collection else {
        return Err(Skip(
            "the profile names no other operation over the collection".to_owned(),
        ));
    };
    let Some((_, twin)) = &seen.twin else {
        return seen.nothing(&format!("{label} could not be walked"));
    };
    let all = seen.all()?;
    if !all.whole || !twin.whole() {
        return Err(Skip(format!(
            "the walks of this operation and of {label} did not both reach the end"
        )));
    }
    let sorted = |items: &[&Item]| {
        let mut keys: Vec<std::sync::Arc<str>> =
            items.iter().map(|item| item.key.clone()).collect();
        keys.sort_unstable();
        keys
    };
    let (own, other) = (sorted(&all.items), sorted(&twin.distinct()));
    let own: Vec<&str> = own.iter().map(|key| &**key).collect();
    let other: Vec<&str> = other.iter().map(|key| &**key).collect();
    let nothing = "the collection is empty";
    if own.is_empty() && other.is_empty() {
        return seen.nothing(nothing);
    }
    let Some(difference) = Difference::between(&own, &other) else {
        return Examination::from_iter([None]).or(seen, nothing);
    };
    let mut fault = FindingBuilder::new(format!(
        "{label} {}, compared with this operation",
        difference.describe()
    ))
    .expected_actual(
        format!("the same {} items", own.len()),
        format!("{} items", other.len()),
    )
    .keys(difference.keys());
    for page in [all.walk.pages.first(), twin.pages.first()]
        .into_iter()
        .flatten()
    {
        fault = fault.with_page(page);
    }
    Examination::from_iter([Some(fault)]).or(seen, nothing)
}

#[cfg(test)]
mod tests {
    use crate::law::testing::{breaks, holds, page_style, skips, walk_like};

    #[test]
    fn two_operations_give_the_same_items() {
        let mut seen = page_style(&["a b", "c"], 2);
        skips("same-collection", &seen, "names no other operation");
        seen.profile.same_collection = Some("search".to_owned());
        skips("same-collection", &seen, "could not be walked");
        // Another operation may have another order.
        seen.twin = Some(("search".to_owned(), walk_like(&seen, 2, &["c b", "a"])));
        holds("same-collection", &seen);
        seen.twin = Some(("search".to_owned(), walk_like(&seen, 2, &["c b", "d"])));
        let found = breaks("same-collection", &seen);
        assert_eq!(
            found[0].message,
            "search lacks \"a\" and has \"d\" besides, compared with this operation"
        );
    }
}
