//! `plumbline merge`.

use crate::{Failure, Outcome, args, input, output};
use plumbline_conformance::{Report, merge::merge};

pub(crate) fn run(args: &args::Merge) -> Outcome {
    output::try_reports(&args.report)?;
    let mut reports: Vec<Report> = Vec::new();
    for file in &args.reports {
        let bytes = input::file(file)?;
        let report = serde_json::from_slice(&bytes).map_err(|error| {
            Failure::Usage(format!("{} is no report of ours: {error}", file.display()))
        })?;
        reports.push(report);
    }
    let report = merge(reports).map_err(|refusal| Failure::Usage(refusal.to_string()))?;
    let written = output::reports(&report, &args.report);
    output::verdict(&report, written)
}
