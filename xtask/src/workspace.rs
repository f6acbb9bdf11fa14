//! The workspace on disk, the vendors in it, and running cargo.

pub(crate) use plumbline_cli::Status;

use crate::children;
use anyhow::{Context, Result, anyhow, bail};
use plumbline_reference::{RunSettings, Vendor};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The names of the vendors: the folders of `specs` that have a `vendor.yaml`. `generated` has a
/// client of each, in this order.
pub(crate) fn vendors() -> impl Iterator<Item = &'static str> {
    plumbline_reference::vendor_names()
}

/// A vendor's document, overlay and fixtures as the binary carries them.
pub(crate) fn carried(vendor: &str) -> Result<&'static Vendor> {
    plumbline_reference::vendor(vendor).with_context(|| format!("{vendor} is not carried"))
}

/// What a run against an embedded server of the vendor's document is given.
pub(crate) fn run_settings(vendor: &Vendor) -> Result<RunSettings> {
    vendor
        .run_settings()
        .map_err(|found| anyhow!("{}", plumbline_specs::render(&found, &[])))
}

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// The folder of reference documents that `PLUMBLINE_SHARED` names, if it does.
pub(crate) fn shared() -> Option<PathBuf> {
    std::env::var_os("PLUMBLINE_SHARED")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// A cargo command in the root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    cargo_in(root(), arguments)
}

/// A cargo command in a folder, of the cargo that runs this program.
pub(crate) fn cargo_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).args(arguments);
    // What cargo told this program of itself makes build scripts (ring's) run anew, and all that
    // depends on them with it.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Builds `plumbline` with these options more, and says where it is.
pub(crate) fn built(options: &[&str]) -> Result<PathBuf> {
    let what = "cargo build --bin plumbline";
    // With this package the dependencies have the features that they are built with already.
    let mut command = cargo(&["build", "--package", "plumbline-cli", "--package", "xtask"]);
    command
        .args(["--bin", "plumbline"])
        .arg("--message-format=json-render-diagnostics")
        .args(options)
        .stderr(Stdio::inherit());
    let output =
        children::output(&mut command).with_context(|| format!("{what}: cannot be started"))?;
    if !output.status.success() {
        bail!("{what}: {}", output.status);
    }
    String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
        .next_back()
        .with_context(|| format!("{what}: there is no binary"))
}

/// Runs a command and fails unless it succeeds.
pub(crate) fn run(mut command: Command, what: &str) -> Result<()> {
    let status =
        children::status(&mut command).with_context(|| format!("{what}: cannot be started"))?;
    if !status.success() {
        bail!("{what}: {status}");
    }
    Ok(())
}

/// A path as it is shown: from the root where it lies below it, with forward slashes.
pub(crate) fn display_path(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}
