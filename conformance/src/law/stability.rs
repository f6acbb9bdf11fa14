//! `stability-under-writes`: what stays is met once, while others come and go.

use super::examination::Examination;
use super::finding::{FindingBuilder, join_keys};
use super::observations::Observations;
use super::{ANY, COUNTED, Judgement, Law, Skip};
use crate::rule;
use std::collections::HashMap;

pub(super) const STABILITY_UNDER_WRITES: Law = Law {
    rule: rule::law::STABILITY_UNDER_WRITES,
    styles: ANY,
    judge,
};

fn judge(seen: &Observations) -> Judgement {
    let Some(unsettled) = &seen.unsettled else {
        return Err(Skip("writing was not asked for".to_owned()));
    };
    if let Some(obstacle) = &unsettled.obstacle {
        return Err(Skip(obstacle.clone()));
    }
    let Some(walk) = unsettled.walk.as_ref().filter(|walk| walk.whole()) else {
        return Err(Skip(
            "the walk did not reach the end of the list".to_owned(),
        ));
    };
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for key in walk.keys() {
        *counts.entry(key).or_default() += 1;
    }
    let count = |key: &str| counts.get(key).copied().unwrap_or_default();
    let kept: Vec<&str> = unsettled.kept.iter().map(|key| &**key).collect();
    let mut look: Examination = kept.iter().map(|_| None).collect();
    let missed: Vec<&str> = kept.iter().copied().filter(|key| count(key) == 0).collect();
    let twice: Vec<&str> = kept.iter().copied().filter(|key| count(key) > 1).collect();
    // Numbers and offsets shift when items come and go: that is how they are, and no finding.
    let counted = COUNTED.contains(&seen.profile.style.kind());
    if counted && (!missed.is_empty() || !twice.is_empty()) {
        return Err(Skip(format!(
            "positions shift while items come and go, as is the way of style {}: {} missed {} of the {} items that \
             stayed and met {} twice",
            seen.profile.style.name(),
            walk.describe(),
            missed.len(),
            kept.len(),
            twice.len()
        )));
    }
    let fault = |keys: Vec<&str>, what: &str| {
        (!keys.is_empty()).then(|| {
            let mut fault = FindingBuilder::new(format!(
                "while others came and went, {} {what} {}",
                walk.describe(),
                join_keys(&keys)
            ))
            .expected_actual(
                "each exactly once",
                format!("{} items otherwise", keys.len()),
            );
            let mut pages: Vec<_> = walk
                .pages
                .iter()
                .filter(|page| page.keys().iter().any(|key| keys.contains(key)))
                .take(2)
                .collect();
            if pages.is_empty() {
                pages = walk.pages.iter().take(2).collect();
            }
            for page in pages {
                fault = fault.with_page(page);
            }
            fault.keys(keys)
        })
    };
    look.add(fault(missed, "missed"));
    look.add(fault(twice, "met twice"));
    look.or(seen, "no item stayed from before the walk to after it")
}

#[cfg(test)]
mod tests {
    use crate::law::observations::Unsettled;
    use crate::law::testing::{breaks, cursor_style, holds, page_style, skips, walk_like};
    use plumbline_specs::api::StyleKind;

    #[test]
    fn what_stays_is_met_once() {
        for mut seen in [cursor_style(&["a b", "c"], 2), page_style(&["a b", "c"], 2)] {
            skips("stability-under-writes", &seen, "writing was not asked for");
            let mut unsettled = Unsettled {
                obstacle: None,
                kept: vec!["a".into(), "c".into()],
                walk: Some(walk_like(&seen, 2, &["a b", "new c"])),
            };
            seen.unsettled = Some(unsettled.clone());
            holds("stability-under-writes", &seen);
            unsettled.walk = Some(walk_like(&seen, 2, &["a b", "a"]));
            seen.unsettled = Some(unsettled);
            if seen.profile.style.kind() == StyleKind::Page {
                skips(
                    "stability-under-writes",
                    &seen,
                    "missed 1 of the 2 items that stayed and met 1 twice",
                );
            } else {
                assert_eq!(breaks("stability-under-writes", &seen).len(), 2);
            }
        }
    }
}
