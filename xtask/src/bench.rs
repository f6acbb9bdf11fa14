//! `bench`: how fast the kit and the generator are, as ratios of one run.

use crate::children;
use crate::documents;
use crate::generate::bindings;
use crate::growth;
use crate::workspace::{Status, cargo, carried, vendors};
use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;
use plumbline_cli::say;
use plumbline_reference::Options;
use plumbline_reference::bench::{Measured, measure};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Replays read exchanges against an embedded server, beside a bare client that checks nothing.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many exchanges each of the two sends.
    #[arg(long, default_value_t = 10_000)]
    requests: u64,
    /// Whose document is served.
    #[arg(long, value_parser = PossibleValuesParser::new(vendors()), default_value = "opik")]
    vendor: String,
    /// Measure instead how long this document, or each of this folder, takes to generate: once,
    /// doubled and fourfold.
    #[arg(long, value_name = "FILE|DIR")]
    growth: Option<PathBuf>,
}

/// How much longer a checked exchange may take than a bare one, at eight at once.
const ALLOWED: f64 = 0.3;

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    if cfg!(debug_assertions) {
        // Figures without optimisation say nothing.
        let requests = arguments.requests.to_string();
        let mut command = cargo(&["run", "--release", "--quiet", "--package", "xtask", "--"]);
        command.args(["bench", "--requests", &requests]);
        command.args(["--vendor", &arguments.vendor]);
        if let Some(path) = &arguments.growth {
            command.arg("--growth").arg(std::path::absolute(path)?);
        }
        let fine = children::status(&mut command)
            .context("cargo cannot be started")?
            .success();
        return Ok(Status::of(fine));
    }
    if let Some(path) = &arguments.growth {
        growth::print(path)?;
        return Ok(Status::Ok);
    }
    let runtime = tokio::runtime::Runtime::new()?;
    say!(
        "{:<6} {:>12} {:>12} {:>9}",
        "jobs",
        "bare/s",
        "checked/s",
        "slower"
    );
    let mut overhead = 0.0;
    let mut validations = 0.0;
    for jobs in [1, 8] {
        let measured = runtime.block_on(exchanges(arguments, jobs))?;
        say!(
            "{jobs:<6} {:>12.0} {:>12.0} {:>8.0}%",
            measured.bare_exchanges(),
            measured.exchanges(),
            measured.overhead() * 100.0
        );
        anyhow::ensure!(measured.faults == 0, "{} replies at fault", measured.faults);
        (overhead, validations) = (measured.overhead(), measured.validations);
    }
    say!("{validations:.0} bodies validated a second on one core");
    generation()?;
    if overhead > ALLOWED {
        say!(
            "more than {:.0}% slower with eight at once",
            ALLOWED * 100.0
        );
        return Ok(Status::Failed);
    }
    Ok(Status::Ok)
}

async fn exchanges(arguments: &Arguments, jobs: usize) -> Result<Measured> {
    let vendor = carried(&arguments.vendor)?;
    let (_, contract) = vendor.verify("").contract()?;
    let contract = Arc::new(contract);
    let server = vendor.serve(Options::default())?;
    let base = server.url().parse().context("the embedded server's URL")?;
    Ok(measure(contract, base, arguments.requests, jobs).await?)
}

/// What writing all bindings takes beside reading the documents.
fn generation() -> Result<()> {
    let documents: Vec<_> = vendors()
        .map(|vendor| (vendor, documents::vendor(vendor)))
        .collect();
    let begun = Instant::now();
    let mut readings = Vec::new();
    for (vendor, document) in documents {
        readings.push((vendor, document?.read(&[])?));
    }
    let read = begun.elapsed();
    let begun = Instant::now();
    let generated = bindings(&readings, env!("CARGO_PKG_VERSION"));
    let written = begun.elapsed();
    say!(
        "{} lines of bindings in {}, {:.1} times what reading the documents takes ({})",
        generated.summary.lines,
        millis(written),
        written.as_secs_f64() / read.as_secs_f64(),
        millis(read)
    );
    Ok(())
}

fn millis(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}
