//! The pairs of documents: one change each, and versions of the vendors'.

use crate::documents;
use crate::workspace::{display_path, root, shared};
use anyhow::{Context, Result, bail};
use plumbline_changes::{Options, Step, compare, step};
use plumbline_cli::documents::Allowed;
use plumbline_specs::api::Api;
use std::fs;
use std::path::{Path, PathBuf};

/// How many pairs are taken of each vendor's history, the last ones.
const LAST: usize = 2;

/// Two documents, read.
pub(super) struct Pair {
    /// The change's code, or the vendor and the date of the newer version.
    pub(super) name: String,
    pub(super) old: Api,
    pub(super) new: Api,
}

impl Pair {
    fn open(name: String, old: &Path, new: &Path) -> Result<Self> {
        let api = |path: &Path| {
            Ok::<_, anyhow::Error>(
                documents::open(path, None, &Allowed::default())?
                    .read(&[])?
                    .api,
            )
        };
        Ok(Self {
            name,
            old: api(old)?,
            new: api(new)?,
        })
    }

    /// The step that our comparison demands.
    pub(super) fn step(&self) -> Step {
        step(&compare(&self.old, &self.new, Options { prose: true }))
    }
}

/// The pairs of `specs/changes`, in the order of their names.
pub(super) fn small() -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for folder in entries(&root().join("specs/changes"))? {
        let name = name(&folder);
        pairs.push(Pair::open(
            name,
            &folder.join("old.yaml"),
            &folder.join("new.yaml"),
        )?);
    }
    Ok(pairs)
}

/// The last pairs of consecutive versions of each vendor that has a history.
pub(super) fn history() -> Result<Vec<Pair>> {
    let Some(shared) = shared() else {
        bail!("PLUMBLINE_SHARED is not set: it names the folder that holds the histories");
    };
    let mut pairs = Vec::new();
    for vendor in ["opik", "galileo"] {
        let files = entries(&shared.join("vendor").join(vendor).join("history"))?;
        for pair in files.windows(2).rev().take(LAST) {
            if let [old, new] = pair {
                pairs.push(Pair::open(format!("{vendor}-{}", name(new)), old, new)?);
            }
        }
    }
    Ok(pairs)
}

fn name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// What lies in a folder, in the order of the names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", display_path(folder));
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        all.push(entry.with_context(unreadable)?.path());
    }
    all.sort();
    Ok(all)
}
