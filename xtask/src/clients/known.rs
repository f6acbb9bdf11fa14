//! What is known to depart, each with its reason: a list that holds nothing else.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use toml_edit::DocumentMut;

/// The known departures.
pub(super) struct Known {
    /// The names of their reasons.
    by_departure: BTreeMap<String, String>,
}

impl Known {
    pub(super) fn load() -> Result<Self> {
        Self::read(include_str!("known.toml")).context("xtask/src/clients/known.toml")
    }

    fn read(text: &str) -> Result<Self> {
        let document: DocumentMut = text.parse()?;
        let mut by_departure = BTreeMap::new();
        for (reason, entry) in document.iter() {
            for member in ["why", "tracked"] {
                let text = entry.get(member).and_then(|text| text.as_str());
                text.with_context(|| format!("`{reason}` has no {member}"))?;
            }
            let seen = entry.get("seen").and_then(|seen| seen.as_array());
            for one in seen.with_context(|| format!("`{reason}` was not seen"))? {
                let one = one.as_str().context("what was seen is a text")?.to_owned();
                if by_departure
                    .insert(one.clone(), reason.to_owned())
                    .is_some()
                {
                    bail!("`{one}` has two reasons");
                }
            }
        }
        Ok(Self { by_departure })
    }

    /// The name of the reason for a departure.
    pub(super) fn reason(&self, seen: &str) -> Option<&str> {
        self.by_departure.get(seen).map(String::as_str)
    }

    /// What was seen and is not known, and what is known of a client that ran and was not seen.
    pub(super) fn faults(&self, seen: &[String], ran: &[&str]) -> Vec<String> {
        let news = seen.iter().filter(|seen| self.reason(seen).is_none());
        let mut faults: Vec<String> = news
            .map(|seen| format!("new, and without a reason in known.toml: `{seen}`"))
            .collect();
        for (known, reason) in &self.by_departure {
            let client = known.split(": ").next().unwrap_or_default();
            if ran.contains(&client) && !seen.contains(known) {
                faults.push(format!(
                    "`{known}` was not seen; take it out of `{reason}` in known.toml"
                ));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::sdk::SDKS;
    use crate::workspace::root;

    #[test]
    fn an_entry_has_a_reason_and_stands_once() {
        let fault = |text: &str| Known::read(text).err().map(|error| error.to_string());
        let entry = "why = 'x'\ntracked = 'y'\nseen = ['a: failed: b']";
        assert_eq!(fault(&format!("[one]\n{entry}")), None);
        assert_eq!(
            fault("[one]\nwhy = 'x'\nseen = []").as_deref(),
            Some("`one` has no tracked")
        );
        assert_eq!(
            fault(&format!("[one]\n{entry}\n[two]\n{entry}")).as_deref(),
            Some("`a: failed: b` has two reasons")
        );
    }

    #[test]
    fn the_list_is_a_ratchet() {
        let text = "[one]\nwhy = 'x'\ntracked = 'y'\nseen = ['a: failed: b', 'c: beside: GET /d']";
        let known = Known::read(text).unwrap_or_else(|error| panic!("{error}"));
        let seen = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            known.faults(&seen(&["a: failed: b"]), &["a"]),
            Vec::<String>::new()
        );
        assert_eq!(
            known.faults(&seen(&["a: failed: z"]), &["a", "c"]),
            [
                "new, and without a reason in known.toml: `a: failed: z`",
                "`a: failed: b` was not seen; take it out of `one` in known.toml",
                "`c: beside: GET /d` was not seen; take it out of `one` in known.toml",
            ]
        );
    }

    #[test]
    fn every_entry_is_of_a_client_and_told_in_the_findings() {
        let text = include_str!("known.toml");
        let known = Known::load().unwrap_or_else(|error| panic!("{error:#}"));
        for departure in known.by_departure.keys() {
            let of =
                |sdk: &super::super::sdk::Sdk| departure.starts_with(&format!("{}: ", sdk.name));
            assert!(SDKS.iter().any(of), "{departure}");
        }
        let findings = std::fs::read_to_string(root().join("docs/findings.md")).unwrap_or_default();
        let headings: Vec<String> = findings
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .map(|heading| {
                heading
                    .to_lowercase()
                    .replace(' ', "-")
                    .replace([',', '\'', '`', '/', '{', '}'], "")
            })
            .collect();
        for anchor in text
            .lines()
            .filter_map(|line| line.strip_prefix("tracked = \"docs/findings.md#"))
        {
            let anchor = anchor.trim_end_matches('"');
            assert!(headings.iter().any(|own| own == anchor), "{anchor}");
        }
    }
}
