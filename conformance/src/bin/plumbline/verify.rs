//! `plumbline verify`.

use crate::{Failure, Outcome, args, input, output};
use plumbline_conformance::{Limits, VerifyError, run::RunError};
use plumbline_specs::{Diagnostics, Input};
use std::time::Duration;

pub(crate) fn run(args: args::Verify) -> Outcome {
    let mut verify = plumbline_conformance::verify(&args.target)
        .limits(Limits {
            timeout: Duration::from_secs_f64(args.timeout),
            jobs: usize::from(args.jobs),
            rate: args.rate,
            ..Limits::default()
        })
        .writes(args.writes);
    verify = input::document(verify, &args.spec.spec, args.spec.overlay.as_deref())?;
    if let Some(folder) = &args.fixtures {
        verify = verify.fixtures(input::fixtures(folder)?);
    }
    for (name, value) in args.set {
        verify = verify.set(name, value);
    }
    for (name, value) in args.header {
        verify = verify.header(name, value);
    }
    for id in args.only {
        verify = verify.only(id);
    }
    if let Some((part, parts)) = args.shard {
        verify = verify.shard(part, parts);
    }
    let mut known = None;
    if let Some(file) = &args.known {
        let (name, bytes) = (file.display().to_string(), input::file(file)?);
        verify = verify.known(name.clone(), bytes.clone());
        known = Some((name, bytes));
    }
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::Usage(format!("no runtime could be made: {error}")))?;
    let progress = output::Progress::new();
    let verified = runtime.block_on(verify.run_with(&|event| progress.take(&event)));
    progress.end();
    let verified = verified.map_err(|error| match error {
        VerifyError::Run(RunError::Unreachable { .. }) => Failure::Unreachable(error.to_string()),
        _ => Failure::Usage(error.to_string()),
    })?;
    output::reports(&verified.report, &args.report)?;
    if !verified.stale.is_empty() {
        let stale: Diagnostics = verified.stale.into_iter().collect();
        let sources: Vec<Input<'_>> = known
            .iter()
            .map(|(name, bytes)| Input { name, bytes })
            .collect();
        let stale = plumbline_specs::render(&stale, &sources);
        if verified.report.conforms() {
            return Err(Failure::Usage(stale));
        }
        output::complain(&stale);
    }
    let totals = verified.report.totals();
    if totals.passed + totals.warned + totals.failed + totals.known == 0 {
        // Silence is no assent: a mistyped value must not make a build green.
        return Err(Failure::Usage("nothing was judged".to_owned()));
    }
    Ok(verified.report.conforms())
}
