//! `verify`: the main job.

use crate::generate;
use crate::workspace::Outcome;
use anyhow::Result;
use clap::Args;

/// Reads the documents and checks that the bindings are fresh.
#[derive(Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_arguments: &Arguments) -> Result<Outcome> {
    if generate::check()? {
        println!("bindings: up to date");
        Ok(Outcome::Fine)
    } else {
        println!("bindings: stale; `cargo xtask generate` mends them");
        Ok(Outcome::Amiss)
    }
}
