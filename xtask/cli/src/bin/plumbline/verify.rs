//! `plumbline verify`.

use crate::{Failure, Outcome, args, input, output};
use plumbline_cli::documents::display_path;
use plumbline_cli::signals;
use plumbline_conformance::{Interrupt, Limits, VerifyError, run::RunError};
use std::time::Duration;

pub(crate) fn run(args: args::Verify, interrupt: Interrupt) -> Outcome {
    let fixtures = match &args.fixtures {
        Some(folder) => input::fixture_files(folder)?,
        None => Vec::new(),
    };
    let document = input::document(&args.target, &args.spec)?;
    let mut inputs = document.files;
    inputs.extend(args.known.clone());
    inputs.extend(fixtures.iter().cloned());
    output::try_reports(&args.report, &inputs)?;
    let mut verify = document
        .verify
        .limits(Limits {
            timeout: Duration::from_secs_f64(args.timeout),
            jobs: usize::from(args.jobs),
            rate: args.rate,
            body: u64::from(args.max_body) << 20,
            kept: u64::from(args.max_kept) << 20,
            items: usize::try_from(args.max_items).unwrap_or(usize::MAX),
            requests: args.max_requests,
        })
        .writes(args.writes)
        .interrupt(interrupt);
    if args.fixtures.is_some() {
        verify = verify.fixtures(input::fixtures(&fixtures)?);
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
    for operation in args.also {
        verify = verify.also(operation);
    }
    for id in args.skip {
        verify = verify.skip(id);
    }
    if let Some((part, parts)) = args.shard {
        verify = verify.shard(part, parts);
    }
    let mut known = None;
    if let Some(file) = &args.known {
        let (name, bytes) = (display_path(file), input::file(file)?);
        verify = verify.known(name.clone(), bytes.clone());
        known = Some((name, bytes));
    }
    if args.dry_run {
        let plan = verify.dry_run();
        let plan = plan.map_err(|error| Failure::Usage(error.to_string()))?;
        plumbline_cli::stdout::print(&plan.to_string());
        return Ok(true);
    }
    let runtime = output::runtime()?;
    let progress = output::Progress::new();
    let verified = runtime.block_on(verify.run_with(&|event| {
        signals::begun();
        progress.take(&event);
    }));
    progress.end();
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    let verified = verified.map_err(|error| match error {
        VerifyError::Run(RunError::Unreachable { .. }) => Failure::Unreachable(error.to_string()),
        _ => Failure::Usage(error.to_string()),
    })?;
    output::stale(&verified.stale.into_iter().collect(), known.as_ref());
    let written = output::reports(&verified.report, &args.report);
    output::verdict(&verified.report, written)
}
