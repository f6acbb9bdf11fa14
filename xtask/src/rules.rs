//! `rules`: the README's tables of checks and laws, from the tables in the code.

use crate::workspace::{Outcome, root};
use anyhow::{Context, Result};
use clap::Args;
use plumbline_conformance::{report, run};
use std::fs;

/// Writes the tables between their markers in the README.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 when the tables are not what they should be.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let (is, should) = texts()?;
    if is == should {
        println!("README.md: up to date");
    } else if arguments.check {
        println!("README.md: stale; `cargo xtask rules` mends it");
        return Ok(Outcome::Amiss);
    } else {
        fs::write(root().join("README.md"), should).context("README.md cannot be written")?;
        println!("README.md: written");
    }
    Ok(Outcome::Fine)
}

/// Whether the tables are what they should be.
pub(crate) fn check() -> Result<bool> {
    Ok(run(&Arguments { check: true })? == Outcome::Fine)
}

/// The README as it is, and as it should be.
fn texts() -> Result<(String, String)> {
    let is = fs::read_to_string(root().join("README.md")).context("README.md cannot be read")?;
    let should = report::readme(&is, &run::rules()).map_err(anyhow::Error::msg)?;
    Ok((is, should))
}
