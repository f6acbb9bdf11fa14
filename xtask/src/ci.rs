//! `ci`: all that continuous integration holds beyond the tests.

use crate::workspace::{Status, cargo, root, run as execute, shared};
use crate::{
    cases, clients, codes, corpus, generate, live_servers, mutants, rules, tutorial, verify,
};
use anyhow::{Context, Result, ensure};
use clap::Args;
use plumbline_cli::say;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Format, lints, bindings, snapshots, documentation, and the main job.
#[derive(Args)]
pub(crate) struct Arguments {}

/// A step's name, and whether it passes.
type Step = (&'static str, fn() -> Result<bool>);

pub(crate) fn run(_arguments: &Arguments) -> Result<Status> {
    let mut failed = Vec::new();
    let steps: &[Step] = &[
        ("format", format),
        ("clippy", clippy),
        ("the kit without features", light),
        ("bindings fresh", generate::check),
        ("tables of rules fresh", || rules::table().fresh()),
        ("tables of codes fresh", codes::fresh),
        ("snapshots reviewed", snapshots),
        ("documentation", documentation),
        ("verify", || {
            Ok(verify::run(&verify::Arguments::default())? == Status::Ok)
        }),
        ("cases", || {
            match shared().map(|shared| shared.join("cases")) {
                Some(folder) if folder.is_dir() => {
                    let wrong = cases::wrong(&cases::Arguments::all_of(folder))?;
                    ensure!(wrong.is_empty(), "wrong: {}", wrong.join("\n"));
                    Ok(true)
                }
                _ => Ok(true),
            }
        }),
        ("a real Phoenix", || {
            served(|| live_servers::phoenix::run(&Default::default()))
        }),
        ("a real MLflow", || {
            served(|| live_servers::mlflow::run(&Default::default()))
        }),
        ("the tutorial", || {
            served(|| tutorial::run(&tutorial::Arguments {}))
        }),
        ("the vendors' SDKs", || {
            served(|| clients::run(&clients::Arguments::default()))
        }),
        ("features by tag", corpus::tags),
        ("corpus", || match shared() {
            Some(shared) => corpus::compiles(&shared),
            None => Ok(true),
        }),
        ("mutants", || {
            Ok(mutants::run(&mutants::Arguments::default())? == Status::Ok)
        }),
    ];
    if shared().is_none() {
        say!("ci: PLUMBLINE_SHARED is not set, so what needs the reference documents is left out");
    }
    // The last lines of a log are what one sees first: they say every step's verdict and time again.
    let mut summary = Vec::new();
    for &(name, step) in steps {
        say!("ci: {name}");
        let start = Instant::now();
        let passed = step();
        let verdict = match &passed {
            Ok(true) => "passed".to_owned(),
            Ok(false) => "FAILED".to_owned(),
            Err(error) => format!("FAILED: {error:#}"),
        };
        let line = format!("{:>5} s  {name}: {verdict}", start.elapsed().as_secs());
        say!("ci: {line}");
        if !passed.unwrap_or(false) {
            failed.push(name);
        }
        summary.push(line);
    }
    for line in &summary {
        say!("{line}");
    }
    if failed.is_empty() {
        say!("ci: all passed");
        return Ok(Status::Ok);
    }
    say!("ci: failed: {}", failed.join(", "));
    Ok(Status::Failed)
}

fn format() -> Result<bool> {
    let members = [
        "plumbline-specs",
        "plumbline-generator",
        "plumbline-changes",
        "plumbline-runtime",
        "plumbline-features",
        "plumbline-conformance",
        "plumbline-reference",
        "plumbline-cli",
        "xtask",
    ];
    // The bindings are printed by prettyplease; rustfmt has no say in them.
    let mut command = cargo(&["fmt", "--check"]);
    for member in members {
        command.args(["--package", member]);
    }
    Ok(execute(command, "cargo fmt").is_ok())
}

fn clippy() -> Result<bool> {
    let command = cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]);
    Ok(execute(command, "cargo clippy").is_ok())
}

/// As a server team has it: in the workspace every feature is on.
fn light() -> Result<bool> {
    let command = cargo(&["check", "--package", "plumbline-conformance"]);
    Ok(execute(command, "cargo check").is_ok())
}

fn documentation() -> Result<bool> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "--deny warnings");
    Ok(execute(command, "cargo doc").is_ok())
}

/// A real server, where this machine can have it.
fn served(run: impl Fn() -> Result<Status>) -> Result<bool> {
    match run() {
        Ok(status) => Ok(status == Status::Ok),
        Err(error) => match error.downcast_ref::<live_servers::NotHere>() {
            Some(missing) => {
                say!("ci: left out: {missing}");
                Ok(true)
            }
            None => Err(error),
        },
    }
}

/// A pending snapshot is one that nobody has reviewed.
fn snapshots() -> Result<bool> {
    let mut pending = Vec::new();
    find(root(), &mut pending)?;
    for path in &pending {
        say!("not reviewed: {}", path.display());
    }
    Ok(pending.is_empty())
}

fn find(folder: &Path, pending: &mut Vec<PathBuf>) -> Result<()> {
    for entry in folder
        .read_dir()
        .with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                find(&path, pending)?;
            }
        } else if name.ends_with(".snap.new") || name.ends_with(".pending-snap") {
            pending.push(path);
        }
    }
    Ok(())
}
