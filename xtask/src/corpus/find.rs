//! The documents of a folder.

use crate::workspace::display_path;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A document on disk.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its path below the folder without the extension: `galileo/history/2025-04-29`.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(super) bytes: u64,
}

/// Every YAML and JSON file below a folder, by name; or the one file that is given. Links in it
/// are not followed, as they may lead round in a circle, or out.
pub(crate) fn documents(dir: &Path) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    if dir.is_dir() {
        walk(dir, "", &mut found)?;
    } else {
        add(dir, "", &mut found)?;
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

fn walk(dir: &Path, above: &str, found: &mut Vec<Found>) -> Result<()> {
    let entries = dir
        .read_dir()
        .with_context(|| format!("{} cannot be read", display_path(dir)))?;
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            walk(&path, &format!("{above}{name}/"), found)?;
        } else if kind.is_file() {
            let extension = path.extension().unwrap_or_default();
            if extension == "yaml" || extension == "yml" || extension == "json" {
                add(&path, above, found)?;
            }
        }
    }
    Ok(())
}

fn add(path: &Path, above: &str, found: &mut Vec<Found>) -> Result<()> {
    let size =
        fs::metadata(path).with_context(|| format!("{} cannot be read", display_path(path)))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    found.push(Found {
        name: format!("{above}{stem}"),
        path: path.to_path_buf(),
        bytes: size.len(),
    });
    Ok(())
}
