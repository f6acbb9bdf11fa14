//! The clients compiled: one workspace, one target directory, so that what they depend on is
//! checked once.

use super::bar;
use super::machine;
use super::table::Row;
use crate::children::{self, Group};
use crate::workspace::{cargo_in, display_path, root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

/// Where the wrapped compiler writes how long it took; set for `cargo check` alone.
const TIMES: &str = "PLUMBLINE_CORPUS_TIMES";

/// How many messages of the compiler are kept for each client.
const MESSAGES: usize = 20;

/// Which operations of clients with features are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    All,
    None,
    FirstTag,
}

impl Pass {
    /// Cargo's arguments for it.
    fn features(self, rows: &[&Row]) -> Vec<String> {
        let features = rows.iter().filter_map(|row| {
            let tag = row.tags.first()?;
            let feature = match self {
                Self::All => "all",
                Self::None => return None,
                Self::FirstTag => tag,
            };
            Some(format!("{}/{feature}", row.package))
        });
        let features: Vec<String> = features.collect();
        let mut arguments = vec!["--no-default-features".to_owned()];
        if !features.is_empty() {
            arguments.extend(["--features".to_owned(), features.join(",")]);
        }
        arguments
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => "check",
            Self::None => "check without tags",
            Self::FirstTag => "check one tag",
        }
    }
}

/// The arguments that take a client's operations and nothing else.
pub(super) fn operations(row: &Row) -> Vec<String> {
    Pass::All.features(&[row])
}

/// Checks every client that was generated and has at most so many lines; on request, those with
/// features for their tags with none and one of them too.
pub(super) fn check(
    rows: &mut [Row],
    work: &Path,
    jobs: usize,
    tags: bool,
    most: usize,
) -> Result<()> {
    let mut rows: Vec<&mut Row> = rows
        .iter_mut()
        .filter(|row| row.generated && row.lines <= most)
        .collect();
    let packages: Vec<String> = rows.iter().map(|row| row.package.clone()).collect();
    if packages.is_empty() {
        return Ok(());
    }
    workspace(&work.join("crates"), &packages)?;
    pass(&mut rows, work, jobs, Pass::All)?;
    if tags && rows.iter().any(|row| !row.tags.is_empty()) {
        pass(&mut rows, work, jobs, Pass::None)?;
        pass(&mut rows, work, jobs, Pass::FirstTag)?;
    }
    Ok(())
}

fn pass(rows: &mut [&mut Row], work: &Path, jobs: usize, pass: Pass) -> Result<()> {
    let mut taken: Vec<&mut Row> = rows
        .iter_mut()
        .map(|row| &mut **row)
        .filter(|row| pass == Pass::All || !row.tags.is_empty())
        .collect();
    let known: Vec<&Row> = taken.iter().map(|row| &**row).collect();
    let features = pass.features(&known);
    let packages: Vec<String> = known.iter().map(|row| row.package.clone()).collect();
    let crates = work.join("crates");
    let times = work.join("times");
    fs::create_dir_all(&times)?;
    let mut command = cargo_in(&crates, &["check", "--keep-going", "--quiet"]);
    command
        .args(features)
        .args(["--message-format", "json"])
        .args(["--jobs", &jobs.to_string()])
        .arg("--target-dir")
        .arg(work.join("target"))
        // What was checked before must not make a time look short.
        .env("CARGO_INCREMENTAL", "0")
        .stdout(Stdio::piped());
    for package in &packages {
        command.args(["--package", package]);
    }
    if pass == Pass::All {
        command
            .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe()?)
            .env(TIMES, &times);
    }
    let mut child = Group::work(&mut command).context("cargo cannot be started")?;
    let mut messages: HashMap<String, Vec<String>> = HashMap::new();
    let mut done: Vec<String> = Vec::new();
    let bar = bar(packages.len(), pass.name());
    for line in BufReader::new(child.stdout.take().context("cargo has no output")?).lines() {
        let Ok(message) = serde_json::from_str::<Value>(&line?) else {
            continue;
        };
        let Some(package) = member(&message, &packages) else {
            continue;
        };
        match message.get("reason").and_then(Value::as_str) {
            Some("compiler-artifact") => {
                bar.set_message(package.clone());
                bar.inc(1);
                done.push(package);
            }
            Some("compiler-message") => {
                let rendered = message.pointer("/message/rendered").and_then(Value::as_str);
                let all = messages.entry(package).or_default();
                all.push(rendered.unwrap_or_default().trim_end().to_owned());
            }
            _ => {}
        }
    }
    let status = child.wait()?;
    bar.finish_and_clear();
    if children::interrupt().is_interrupted() {
        // What has not been checked is not known.
        taken.retain(|row| done.contains(&row.package));
    } else if !status.success() && messages.is_empty() {
        bail!("cargo check in {}: {status}", display_path(&crates));
    }
    for row in &mut taken {
        let compiles = done.contains(&row.package);
        row.compiled = Some(compiles && row.compiled != Some(false));
        let found = messages.remove(&row.package).unwrap_or_default();
        row.complaints += found.len();
        row.messages.extend(found.into_iter().take(MESSAGES));
        if pass == Pass::All {
            row.check_seconds = fs::read_to_string(times.join(row.package.replace('-', "_")))
                .ok()
                .and_then(|text| text.trim().parse().ok());
        }
    }
    Ok(())
}

/// The client that a message of cargo is about.
fn member(message: &Value, packages: &[String]) -> Option<String> {
    let name = message.pointer("/target/name").and_then(Value::as_str)?;
    let own = |package: &&String| package.replace('-', "_") == name;
    packages.iter().find(own).cloned()
}

/// A workspace of the clients, with the versions that our own is locked to.
pub(crate) fn workspace(crates: &Path, packages: &[String]) -> Result<()> {
    let mut manifest = String::from("[workspace]\nresolver = \"3\"\nmembers = [\n");
    for package in packages {
        writeln!(manifest, "    \"{package}\",")?;
    }
    manifest.push_str("]\n");
    let path = crates.join("Cargo.toml");
    fs::write(&path, manifest)
        .with_context(|| format!("{} cannot be written", display_path(&path)))?;
    let lock = crates.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(root().join("Cargo.lock"), &lock)
            .with_context(|| format!("{} cannot be written", display_path(&lock)))?;
    }
    Ok(())
}

/// When cargo runs this program as the compiler's wrapper: runs the compiler and writes down
/// how many processor seconds that took. `None` when this is no such run.
pub(crate) fn wrapped() -> Option<ExitCode> {
    let times = env::var_os(TIMES)?;
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let (compiler, arguments) = arguments.split_first()?;
    if Path::new(compiler)
        .file_stem()
        .is_none_or(|stem| stem != "rustc")
    {
        return None;
    }
    let status = Command::new(compiler)
        .args(arguments)
        .env_remove(TIMES)
        .status()
        .ok()?;
    let name = arguments
        .iter()
        .skip_while(|argument| *argument != "--crate-name")
        .nth(1)
        .filter(|name| *name != "___");
    if let (Some(name), Some(seconds)) = (name, machine::children()) {
        // A time that cannot be written is one that the table does not show.
        let _ = fs::write(Path::new(&times).join(name), format!("{seconds:.2}\n"));
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Some(ExitCode::from(code.unwrap_or(1)))
}
