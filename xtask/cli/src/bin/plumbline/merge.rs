//! `plumbline merge`.

use crate::{Failure, Outcome, args, input, keep, output};
use plumbline_cli::documents::display_path;
use plumbline_conformance::{Report, known, merge::merge};
use plumbline_specs::Diagnostics;

pub(crate) fn run(args: &args::Merge) -> Outcome {
    let mut inputs = args.reports.clone();
    inputs.extend(args.known.clone());
    output::try_reports(&args.report, &inputs)?;
    let mut reports: Vec<Report> = Vec::new();
    let mut room = input::Room::of(args.max_file);
    for file in &args.reports {
        let bytes = room.read(file)?;
        let report = serde_json::from_slice(&bytes).map_err(|error| {
            Failure::Usage(format!(
                "{} is no report of ours: {error}",
                display_path(file)
            ))
        })?;
        reports.push(report);
    }
    let mut report = merge(reports).map_err(|refusal| Failure::Usage(refusal.to_string()))?;
    let mut stale = Diagnostics::default();
    let mut list = None;
    if let Some(file) = &args.known {
        let (name, bytes) = (display_path(file), input::file(file)?);
        let entries =
            known::load(&bytes, &name).map_err(|faults| keep::told(faults, &name, &bytes))?;
        stale = known::apply(&mut report, &entries, plumbline_conformance::today())
            .into_iter()
            .map(|fault| fault.file(&name))
            .collect();
        list = Some((name, bytes));
    }
    output::stale(&stale, list.as_ref());
    let written = output::reports(&report, &args.report);
    output::verdict(&report, written)
}
