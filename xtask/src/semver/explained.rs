//! Disagreements that have a reason: a list that holds nothing else.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use toml_edit::DocumentMut;

/// The pairs on which the verdicts differ for a known reason.
pub(super) struct Explained {
    /// The reasons by the pairs.
    by_pair: BTreeMap<String, String>,
}

impl Explained {
    pub(super) fn load() -> Result<Self> {
        Self::read(include_str!("explained.toml")).context("xtask/src/semver/explained.toml")
    }

    fn read(text: &str) -> Result<Self> {
        let document: DocumentMut = text.parse()?;
        let mut by_pair = BTreeMap::new();
        for (reason, entry) in document.iter() {
            entry
                .get("why")
                .and_then(|why| why.as_str())
                .with_context(|| format!("`{reason}` does not say why"))?;
            let pairs = entry.get("pairs").and_then(|pairs| pairs.as_array());
            for pair in pairs.with_context(|| format!("`{reason}` has no pairs"))? {
                let pair = pair.as_str().context("a pair is a name")?.to_owned();
                if by_pair.insert(pair.clone(), reason.to_owned()).is_some() {
                    bail!("`{pair}` has two reasons");
                }
            }
        }
        Ok(Self { by_pair })
    }

    /// All pairs that it names.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &str> {
        self.by_pair.keys().map(String::as_str)
    }

    /// The reason's name for a pair.
    pub(super) fn of(&self, pair: &str) -> Option<&str> {
        self.by_pair.get(pair).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_a_reason_and_stands_once() {
        let fault = |text| Explained::read(text).err().map(|error| error.to_string());
        assert_eq!(fault("[types]\nwhy = 'x'\npairs = ['a']"), None);
        assert_eq!(
            fault("[types]\npairs = ['a']").as_deref(),
            Some("`types` does not say why")
        );
        assert_eq!(
            fault("[types]\nwhy = 'x'\npairs = ['a']\n[order]\nwhy = 'x'\npairs = ['a']")
                .as_deref(),
            Some("`a` has two reasons")
        );
    }
}
