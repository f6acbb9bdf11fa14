//! `deny`: the tree of dependencies held against the policy of deny.toml.

use crate::children;
use crate::tools;
use crate::workspace::{Status, root};
use anyhow::{Context, Result};
use clap::Args;
use plumbline_cli::say;
use std::process::Command;

/// The version of cargo-deny.
const VERSION: &str = "0.20.2";

/// Licences, versions that come twice, sources, and known holes where their database can be had.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Leave out the known holes, whose database comes from GitHub.
    #[arg(long)]
    offline: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let tool = tools::installed("cargo-deny", VERSION, &root().join("target/deny"))?;
    let passes = |what: &[&str]| -> Result<bool> {
        let mut command = Command::new(&tool);
        command.current_dir(root()).args(["--color", "never"]);
        if arguments.offline {
            command.arg("--offline");
        }
        command.arg("check").args(what);
        let status = children::status(&mut command).context("cargo-deny cannot be started")?;
        Ok(status.success())
    };
    let policy = passes(&["bans", "licenses", "sources"])?;
    let holes = if arguments.offline {
        say!("deny: known holes are left out");
        true
    } else {
        passes(&["advisories"])?
    };
    Ok(Status::of(policy && holes))
}
