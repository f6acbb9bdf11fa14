//! `mutants`: the kit tried on itself.

use crate::workspace::Status;
use anyhow::Result;
use clap::Args;
use plumbline_cli::{say, tell};
use plumbline_reference::{Trial, Trials, mutants};
use std::io::IsTerminal as _;
use std::time::Instant;

/// The numbers of items of the healthy servers.
const ITEMS: [u64; 5] = [0, 1, 2, 57, 1000];

/// Every defect of the embedded server has to be caught by a rule that names it, every rule
/// tripped by a defect, and healthy servers found without fault.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only this defect; may be given several times.
    #[arg(long)]
    only: Vec<String>,
    /// Only this document: a vendor or `library`; may be given several times.
    #[arg(long)]
    subject: Vec<String>,
    /// Only the healthy servers.
    #[arg(long)]
    healthy: bool,
    /// Only the servers with a defect.
    #[arg(long, conflicts_with = "healthy")]
    ill: bool,
    /// In how many seeds each server is tried; the first of them is 1.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// How many trials run at once.
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// Say of every trial what came of it, as it is done.
    #[arg(long)]
    trials: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            subject: Vec::new(),
            healthy: false,
            ill: false,
            seeds: 1,
            jobs: 4,
            trials: false,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let begun = Instant::now();
    let seeds = 1..=arguments.seeds.max(1);
    let each = |items: &[u64]| -> Vec<(u64, u64)> {
        let pairs = items
            .iter()
            .flat_map(|items| seeds.clone().map(|seed| (seed, *items)));
        pairs.collect()
    };
    let trials = Trials {
        only: arguments.only.clone(),
        subjects: arguments.subject.clone(),
        ill: if arguments.healthy {
            Vec::new()
        } else {
            each(&[57])
        },
        healthy: if arguments.ill {
            Vec::new()
        } else {
            each(&ITEMS)
        },
        jobs: arguments.jobs,
    };
    let say = arguments.trials || std::io::stderr().is_terminal();
    let told = move |trial: Trial<'_>| {
        if say {
            tell!("{}", line(trial));
        }
    };
    let matrix = tokio::runtime::Runtime::new()?.block_on(mutants(&trials, &told))?;
    say!("{}", matrix.text());
    say!("{} s", begun.elapsed().as_secs());
    Ok(Status::of(matrix.holds()))
}

/// A trial, in a line.
fn line(trial: Trial<'_>) -> String {
    match trial {
        Trial::Mutant(own) => format!(
            "{} on {} (seed {}): failed [{}], warned [{}]; {} requests, {} ms",
            own.defect,
            own.subject,
            own.seed,
            join(&own.failed),
            join(&own.warned),
            own.requests,
            own.millis
        ),
        Trial::Healthy(own) => format!(
            "healthy {} (seed {}, {} items): {} findings; {} requests, {} ms",
            own.subject,
            own.seed,
            own.items,
            own.findings.len(),
            own.requests,
            own.millis
        ),
    }
}

fn join(rules: &std::collections::BTreeSet<String>) -> String {
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    rules.join(" ")
}
