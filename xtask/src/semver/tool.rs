//! `cargo semver-checks`: installed, run, and what it says.

use crate::children;
use crate::tools;
use anyhow::{Context, Result, bail};
use plumbline_changes::Step;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version whose verdicts are compared. A later one has more lints: take it when the
/// toolchain's form of rustdoc's JSON is too new for this one.
const VERSION: &str = "0.51.0";

/// The program, installed.
pub(super) struct Tool(PathBuf);

/// What it says of a pair.
pub(super) struct Verdict {
    /// The least step that it demands; none where no lint found anything.
    pub(super) step: Step,
    /// The lints that found something.
    pub(super) lints: Vec<String>,
}

impl Tool {
    /// Installs it below a folder, unless it is there.
    pub(super) fn ready(work: &Path) -> Result<Self> {
        let path = tools::installed("cargo-semver-checks", VERSION, work)?;
        Ok(Self(path))
    }

    /// What it says of two descriptions of a crate.
    pub(super) fn compare(&self, old: &Path, new: &Path) -> Result<Verdict> {
        let mut command = Command::new(&self.0);
        command.args(["semver-checks", "--color", "never"]);
        // As if nothing were to change, so that every lint is tried.
        command.args(["--release-type", "patch"]);
        command.arg("--baseline-rustdoc").arg(old);
        command.arg("--current-rustdoc").arg(new);
        let output = children::output(command.stderr(Stdio::piped()))
            .context("cargo-semver-checks cannot be started")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        match verdict(&said) {
            Some(verdict) => Ok(verdict),
            None => bail!("cargo-semver-checks: {said}"),
        }
    }
}

/// Reads the verdict off what the tool prints.
fn verdict(said: &str) -> Option<Verdict> {
    let summary = said
        .lines()
        .find(|line| line.trim_start().starts_with("Summary"))?;
    let step = if summary.contains("new major version") {
        Step::Major
    } else if summary.contains("new minor version") {
        Step::Minor
    } else if summary.contains("no semver update required") {
        Step::None
    } else {
        return None;
    };
    let lints = said.lines().filter_map(|line| {
        let (lint, _) = line.strip_prefix("--- failure ")?.split_once(':')?;
        Some(lint.to_owned())
    });
    Some(Verdict {
        step,
        lints: lints.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the tool prints, shortened.
    const SAID: &str = "\
    Checking client v0.1.0 -> v0.1.0 (patch change)
     Checked [   0.021s] 196 checks: 194 pass, 2 fail, 0 warn, 49 skip

--- failure struct_pub_field_missing: pub struct's pub field removed or renamed ---

Failed in:
  field weight of struct Pet, previously in file types.rs:12

     Summary semver requires new major version: 1 major and 0 minor checks failed
";

    #[test]
    fn a_verdict_is_read_off_the_summary() {
        let read = verdict(SAID).map(|verdict| (verdict.step, verdict.lints));
        let lints = vec!["struct_pub_field_missing".to_owned()];
        assert_eq!(read, Some((Step::Major, lints)));
        let fine = verdict("     Summary no semver update required\n");
        assert_eq!(fine.map(|verdict| verdict.step), Some(Step::None));
        assert!(verdict("error: unsupported rustdoc format v99").is_none());
    }
}
