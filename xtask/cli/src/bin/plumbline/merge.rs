//! `plumbline merge`.

use crate::{Failure, Outcome, args, input, keep, output};
use plumbline_conformance::{Report, known, merge::merge};
use plumbline_specs::Diagnostics;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &args::Merge) -> Outcome {
    let mut inputs: Vec<&Path> = args.reports.iter().map(PathBuf::as_path).collect();
    inputs.extend(args.known.as_deref());
    output::try_reports(&args.report, &inputs)?;
    let mut reports: Vec<Report> = Vec::new();
    for file in &args.reports {
        let bytes = input::file(file)?;
        let report = serde_json::from_slice(&bytes).map_err(|error| {
            Failure::Usage(format!("{} is no report of ours: {error}", file.display()))
        })?;
        reports.push(report);
    }
    let mut report = merge(reports).map_err(|refusal| Failure::Usage(refusal.to_string()))?;
    let mut stale = Diagnostics::default();
    let mut list = None;
    if let Some(file) = &args.known {
        let (name, bytes) = (file.display().to_string(), input::file(file)?);
        let entries =
            known::load(&bytes, &name).map_err(|faults| keep::told(faults, &name, &bytes))?;
        stale = known::apply(&mut report, &entries, plumbline_conformance::today())
            .into_iter()
            .map(|fault| fault.file(&name))
            .collect();
        list = Some((name, bytes));
    }
    let written = output::reports(&report, &args.report);
    output::stale(stale, list.as_ref(), report.conforms() && written.is_ok())?;
    output::verdict(&report, written)
}
