//! `plumbline check`.

use crate::{Failure, Outcome, args, input, keep, output};
use plumbline_conformance::fixture::Provenance;
use plumbline_conformance::record;
use plumbline_conformance::traffic::{self, Traffic};

pub(crate) fn run(args: &args::Check) -> Outcome {
    let (spec, contract) = keep::contract(&args.spec)?;
    let base = args
        .base
        .as_deref()
        .map(|base| keep::base(base, "the base"))
        .transpose()?;
    let mut all = Traffic::default();
    for file in &args.files {
        let (name, bytes) = (file.display().to_string(), input::file(file)?);
        let mut traffic =
            traffic::read(&bytes, &name).map_err(|faults| keep::told(faults, &name, &bytes))?;
        all.exchanges.append(&mut traffic.exchanges);
        all.notes.append(&mut traffic.notes);
    }
    let options = record::Options {
        name: "checked".to_owned(),
        spec,
        base,
        provenance: Provenance::Written("It is not kept.".to_owned()),
        maps: args.hide.map.clone(),
        places: args.hide.secret.clone(),
    };
    let checked = record::checked(&contract, &all, &options)
        .map_err(|nothing| Failure::Usage(nothing.to_string()))?;
    keep::notes(checked.notes);
    output::reports(&checked.report, &args.report)?;
    Ok(checked.report.conforms())
}
