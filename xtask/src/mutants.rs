//! `mutants`: the kit tried on itself.

use crate::workspace::Outcome;
use anyhow::Result;
use clap::Args;
use plumbline_conformance::reference::{Trials, mutants};

/// Every defect of the embedded server has to be caught by a rule that names it, every rule
/// tripped by a defect, and healthy servers found without fault.
#[derive(Args, Default)]
pub(crate) struct Arguments {
    /// Only this defect; may be given several times. `none` tries the healthy servers alone.
    #[arg(long)]
    only: Vec<String>,
    /// Only this document: a vendor or `library`; may be given several times.
    #[arg(long)]
    subject: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let trials = Trials {
        only: arguments.only.clone(),
        subjects: arguments.subject.clone(),
        ..Trials::default()
    };
    let matrix = tokio::runtime::Runtime::new()?.block_on(mutants(&trials))?;
    println!("{}", matrix.text());
    Ok(if matrix.holds() {
        Outcome::Fine
    } else {
        Outcome::Amiss
    })
}
