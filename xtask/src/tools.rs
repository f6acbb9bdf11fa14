//! Programs of others that a verb needs: installed below `target/`, each in one version.

use crate::workspace::{cargo, display_path, run};
use anyhow::{Context, Result};
use plumbline_cli::say;
use std::path::{Path, PathBuf};

/// The path of a program from the registry, installed below a folder unless it is there.
pub(crate) fn installed(name: &str, version: &str, work: &Path) -> Result<PathBuf> {
    let root = work.join(format!("tool-{version}"));
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = root.join("bin").join(file);
    if !path.is_file() {
        say!("installing {name} {version}, which takes minutes");
        let mut command = cargo(&["install", "--locked", "--quiet", name]);
        command
            .args(["--version", version])
            .arg("--root")
            .arg(&root);
        command.env("CARGO_TARGET_DIR", work.join("tool-build"));
        run(command, "cargo install").with_context(|| {
            format!(
                "{name} {version} is not in {} and cannot be installed; that needs the network",
                display_path(&root)
            )
        })?;
    }
    Ok(path)
}
