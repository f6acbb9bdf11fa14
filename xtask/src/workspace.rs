//! The workspace on disk, the vendors in it, and running cargo.

use anyhow::{Context, Result, bail};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The vendors whose experiment endpoints `generated` covers, in its order.
pub(crate) const VENDORS: [&str; 3] = ["opik", "galileo", "phoenix"];

/// How a verb ended when nothing was wrong with the command or an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// Something is not as it should be; the verb has said what.
    Amiss,
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
    command
}

/// Runs a command and fails unless it succeeds.
pub(crate) fn run(mut command: Command, what: &str) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{what}: cannot be started"))?;
    if !status.success() {
        bail!("{what}: {status}");
    }
    Ok(())
}

/// A path as it is shown: from the root where it lies below it, with forward slashes.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// Writes to standard output. A reader that has seen enough and hangs up is no fault.
pub(crate) fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("standard output cannot be written")
        }
        _ => Ok(()),
    }
}
