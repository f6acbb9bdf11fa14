//! Which of many texts stand in another one. A recording may have thousands of secrets, and each
//! exchange a few.

use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;

/// Texts to be found.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    texts: Vec<String>,
    /// Those that are not empty; `None` where they are too large for one.
    automaton: Option<AhoCorasick>,
}

impl Finder {
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let texts: Vec<String> = texts.map(str::to_owned).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&texts)
            .ok();
        Self { texts, automaton }
    }

    /// The indices of those that stand in a text.
    pub(super) fn all_in(&self, text: &str) -> BTreeSet<usize> {
        match &self.automaton {
            Some(automaton) => automaton
                .find_overlapping_iter(text)
                .map(|found| found.pattern().as_usize())
                .collect(),
            None => (0..self.texts.len())
                .filter(|index| {
                    let own = self.texts.get(*index);
                    own.is_some_and(|own| text.contains(own.as_str()))
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Finder;

    #[test]
    fn texts_within_texts_are_found() {
        let finder = Finder::new(["secret-1", "secret-10", "none"].into_iter());
        assert_eq!(
            finder.all_in("a secret-10").into_iter().collect::<Vec<_>>(),
            [0, 1]
        );
        assert!(finder.all_in("secret-2").is_empty());
    }
}
