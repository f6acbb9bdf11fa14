//! `codes`: ARCHITECTURE.md's table of diagnostic codes, from the tables in the code.

use crate::workspace::{Outcome, root};
use anyhow::{Context, Result};
use clap::Args;
use std::fmt::Write as _;
use std::fs;

/// Writes the table between its markers in ARCHITECTURE.md.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 when the table is not what it should be.
    #[arg(long)]
    check: bool,
}

const BEGIN: &str = "<!-- codes: written by cargo xtask codes -->\n";
const END: &str = "<!-- end of codes -->";

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let path = root().join("ARCHITECTURE.md");
    let is = fs::read_to_string(&path).context("ARCHITECTURE.md cannot be read")?;
    let parts = is
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.context("ARCHITECTURE.md has no markers of the table of codes")?;
    let should = format!("{before}{BEGIN}\n{}\n{END}{after}", table());
    if is == should {
        println!("ARCHITECTURE.md: up to date");
    } else if arguments.check {
        println!("ARCHITECTURE.md: stale; `cargo xtask codes` mends it");
        return Ok(Outcome::Amiss);
    } else {
        fs::write(&path, should).context("ARCHITECTURE.md cannot be written")?;
        println!("ARCHITECTURE.md: written");
    }
    Ok(Outcome::Fine)
}

/// Whether the table is what it should be.
pub(crate) fn check() -> Result<bool> {
    Ok(run(&Arguments { check: true })? == Outcome::Fine)
}

fn table() -> String {
    let mut table = "| code | from | what it means |\n|---|---|---|\n".to_owned();
    let sources = [
        ("reading", plumbline_specs::CODES),
        ("planning", plumbline_generator::plan::CODES),
    ];
    for (from, codes) in sources {
        for (code, meaning) in codes {
            let _ = writeln!(table, "| `{code}` | {from} | {meaning} |");
        }
    }
    table
}
