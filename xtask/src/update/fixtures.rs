//! The fixtures that an update makes stale.

use super::checkout::{Checkout, Folder};
use crate::verify::KEY;
use crate::workspace::run_settings;
use anyhow::{Result, anyhow};
use plumbline_conformance::{
    Contract, Limits, Session, Target, UserHeader, Values, Verdict, fixture,
};
use plumbline_reference::{Options, Server};
use plumbline_specs::{Reading, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A fixture's exchange, or a whole fixture, that no longer fits.
pub(super) struct Stale {
    /// The fixture, and the exchange where it is one.
    pub(super) name: String,
    /// What is wrong.
    pub(super) reason: String,
}

/// Replays a vendor's fixtures against servers of the old and of the new document: what passed
/// and does no longer is stale.
///
/// # Errors
///
/// When a server cannot be started.
pub(super) async fn stale(
    checkout: &Checkout,
    folder: &Folder,
    before: Reading,
    after: Reading,
) -> Result<Vec<Stale>> {
    let fixtures = checkout.fixtures(&folder.vendor)?;
    let old = replayed(&folder.vendor, &fixtures, before).await?;
    let new = replayed(&folder.vendor, &fixtures, after).await?;
    let broken: BTreeSet<&str> = old.keys().map(String::as_str).collect();
    Ok(new
        .iter()
        .filter(|(name, _)| {
            // A fixture that did not fit as a whole had no exchange that could.
            let whole = name.split('/').next().unwrap_or_default();
            !broken.contains(name.as_str()) && !broken.contains(whole)
        })
        .map(|(name, reason)| Stale {
            name: name.clone(),
            reason: reason.clone(),
        })
        .collect())
}

/// What does not fit, by name.
async fn replayed(
    vendor: &str,
    fixtures: &[(String, Vec<u8>)],
    reading: Reading,
) -> Result<BTreeMap<String, String>> {
    let contract = Contract::new(reading).map_err(|found| anyhow!("{}", lines(&found)))?;
    let contract = Arc::new(contract);
    let carried = plumbline_reference::vendor(vendor);
    let settings = carried.map(run_settings).transpose()?.unwrap_or_default();
    let server = Server::start(
        Arc::clone(&contract),
        Options {
            items: 57,
            seed: 1,
            credentials: Some(KEY.to_owned()),
            vendor: carried,
            ..Options::default()
        },
    )?;
    let session = Session::new(Target {
        base: server.url().parse()?,
        headers: settings
            .headers(KEY)
            .into_iter()
            .map(|(name, value)| UserHeader::literal(name, value))
            .collect(),
        values: BTreeMap::new(),
        limits: Limits::default(),
    })?;
    let mut found = BTreeMap::new();
    for (name, bytes) in fixtures {
        let file = name.rsplit('/').next().unwrap_or(name);
        let stem = file.trim_end_matches(".yaml").to_owned();
        let fixture = match fixture::load(bytes, name) {
            Ok(fixture) => fixture,
            Err(faults) => {
                found.insert(stem, lines(&faults));
                continue;
            }
        };
        let mut faults = fixture::check(&contract, &fixture);
        faults.retain(|fault| fault.severity == Severity::Error);
        if !faults.is_empty() {
            found.insert(stem, lines(&faults));
            continue;
        }
        for outcome in fixture::replay(&contract, &session, &fixture, &Values::default()).await {
            if outcome.verdict != Verdict::Failed {
                continue;
            }
            // `fixture/exchange`.
            let subject = outcome.subject.unwrap_or_else(|| stem.clone());
            let messages: Vec<String> = outcome
                .findings
                .into_iter()
                .map(|finding| finding.message)
                .collect();
            found.insert(subject, messages.join("\n"));
        }
    }
    Ok(found)
}

fn lines(found: &[plumbline_specs::Diagnostic]) -> String {
    let lines: Vec<String> = found.iter().map(|one| one.message.clone()).collect();
    lines.join("\n")
}
