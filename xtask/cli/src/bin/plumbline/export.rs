//! `plumbline export`.

use crate::{Failure, Outcome, args, input, keep, output};
use plumbline_cli::documents::display_path;
use plumbline_cli::output::OnOther;
use plumbline_conformance::fixture::{self, Fixture, Provenance};
use plumbline_conformance::har::{self, Entry};
use plumbline_conformance::{Exchange, ExchangeId, Report, report};
use std::collections::BTreeMap;

pub(crate) fn run(args: &args::Export) -> Outcome {
    output::try_place(&args.har)?;
    output::try_apart(&args.har, &args.files)?;
    let mut base = keep::base(&args.base, "the base")?;
    let mut entries = Vec::new();
    let mut room = input::Room::of(args.max_file);
    for file in &args.files {
        let (name, bytes) = (display_path(file), room.read(file)?);
        if let Ok(report) = serde_json::from_slice::<Report>(&bytes) {
            base = keep::base(&report.target, "the report's target")?;
            entries.extend(report.exchanges.into_iter().map(|exchange| Entry {
                exchange,
                begun: jiff::Timestamp::UNIX_EPOCH,
                comment: None,
            }));
        } else {
            let fixture =
                fixture::load(&bytes, &name).map_err(|faults| keep::told(faults, &name, &bytes))?;
            entries.extend(of_fixture(&fixture));
        }
    }
    // The time of sending is not kept: a second apart, so that viewers keep the order.
    for (second, entry) in (0_i64..).zip(&mut entries) {
        entry.begun = entry
            .begun
            .checked_add(jiff::SignedDuration::from_secs(second))
            .unwrap_or(entry.begun);
    }
    let archive = har::export(&base, &entries);
    let mut text = serde_json::to_string_pretty(&archive)
        .map_err(|error| Failure::Usage(format!("the archive cannot be written: {error}")))?;
    text.push('\n');
    let on_other = OnOther::forced(args.force);
    plumbline_cli::output::write_kept(&args.har, &report::escape::json(&text), on_other)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(true)
}

/// The exchanges of a fixture; `$NAME` stands for its secrets.
fn of_fixture(fixture: &Fixture) -> Vec<Entry> {
    let secrets: BTreeMap<String, String> = fixture
        .secrets
        .keys()
        .map(|name| (name.clone(), format!("${name}")))
        .collect();
    let begun = match &fixture.provenance {
        Provenance::Recorded { on, .. } => format!("{on}T00:00:00Z").parse().ok(),
        Provenance::Documented { .. } | Provenance::Written(_) => None,
    };
    fixture::expand(fixture, &secrets)
        .unwrap_or_default()
        .into_iter()
        .map(|expanded| Entry {
            exchange: Exchange {
                id: ExchangeId(0),
                request: expanded.request,
                answer: Ok(expanded.reply),
            },
            begun: begun.unwrap_or(jiff::Timestamp::UNIX_EPOCH),
            comment: Some(format!("{}/{}", fixture.name, expanded.step.id)),
        })
        .collect()
}
