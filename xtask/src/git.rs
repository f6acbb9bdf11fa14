//! What this repository's history holds.

use crate::workspace::root;
use anyhow::{Context, Result, bail};
use std::process::Command;

/// A file as it was at a revision.
///
/// # Errors
///
/// When there is no git, no such revision, or no such file in it.
pub(crate) fn file(revision: &str, path: &str) -> Result<Vec<u8>> {
    // What begins with a dash would be read as an option.
    if revision.is_empty() || revision.starts_with('-') {
        bail!("`{revision}` is no revision");
    }
    let output = Command::new("git")
        .current_dir(root())
        .args(["show", "--end-of-options", &format!("{revision}:{path}")])
        .output()
        .context("git cannot be started")?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        bail!("{path} at `{revision}`: {}", reason.trim());
    }
    Ok(output.stdout)
}
