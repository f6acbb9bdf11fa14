//! Files as a map from path to text; comparing them with a directory and writing them there.

use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::{fmt, fs};

/// Texts by path, which is relative and has `/` between its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Adds a file, or replaces the one of this path.
    pub fn insert(&mut self, path: impl Into<String>, text: String) {
        self.0.insert(path.into(), text);
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Paths and texts, in order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// How many lines they have in all.
    pub fn lines(&self) -> usize {
        self.0.values().map(|text| text.lines().count()).sum()
    }
}

/// How a directory departs from files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file is not there.
    Missing(String),
    /// A file is there that should not be.
    Extra(String),
    /// A file has another text: a unified diff from it to what it should be.
    Changed(String, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => writeln!(out, "missing: {path}"),
            Self::Extra(path) => writeln!(out, "extra: {path}"),
            Self::Changed(path, diff) => write!(out, "changed: {path}\n{diff}"),
        }
    }
}

/// Compares a directory with files. What cargo makes (`target`, `Cargo.lock`) does not count.
///
/// # Errors
///
/// When the directory is there and cannot be read.
pub fn compare(directory: &Path, files: &Files) -> io::Result<Vec<Difference>> {
    let found = read(directory)?;
    let paths: BTreeSet<&String> = found.keys().chain(files.0.keys()).collect();
    let difference = |path: &String| match (found.get(path), files.0.get(path)) {
        (None, Some(_)) => Some(Difference::Missing(path.clone())),
        (Some(_), None) => Some(Difference::Extra(path.clone())),
        (Some(old), Some(new)) if old != new.as_bytes() => {
            let old = String::from_utf8_lossy(old);
            let diff = TextDiff::from_lines(old.as_ref(), new.as_str());
            let diff = diff.unified_diff().header(path, path).to_string();
            Some(Difference::Changed(path.clone(), diff))
        }
        _ => None,
    };
    Ok(paths.into_iter().filter_map(difference).collect())
}

/// Makes a directory hold these files and no others. They are written beside it first and put in
/// its place whole, so that a failure leaves what was there.
///
/// # Errors
///
/// When something cannot be read, written or moved.
pub fn write(directory: &Path, files: &Files) -> io::Result<()> {
    let fresh = beside(directory, "new");
    let stale = beside(directory, "old");
    remove(&fresh)?;
    remove(&stale)?;
    let written = fill(&fresh, directory, files);
    if let Err(error) = written {
        remove(&fresh)?;
        return Err(error);
    }
    if directory.exists() {
        fs::rename(directory, &stale)?;
    }
    if let Err(error) = fs::rename(&fresh, directory) {
        // What was there comes back.
        fs::rename(&stale, directory)?;
        remove(&fresh)?;
        return Err(error);
    }
    remove(&stale)
}

fn fill(fresh: &Path, directory: &Path, files: &Files) -> io::Result<()> {
    for (path, text) in files.iter() {
        let path = fresh.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    for kept in KEPT {
        let kept = Path::new(kept);
        if directory.join(kept).is_file() {
            fs::copy(directory.join(kept), fresh.join(kept))?;
        }
    }
    Ok(())
}

/// What cargo makes beside a package's files.
const KEPT: [&str; 2] = ["Cargo.lock", "target"];

/// A path beside a directory, on the same file system.
fn beside(directory: &Path, suffix: &str) -> PathBuf {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    directory.with_file_name(format!(".{name}.{suffix}"))
}

fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn read(directory: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    if directory.exists() {
        visit(directory, "", &mut found)?;
    }
    Ok(found)
}

fn visit(directory: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if prefix.is_empty() && KEPT.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            visit(&entry.path(), &format!("{path}/"), found)?;
        } else {
            found.insert(path, fs::read(entry.path())?);
        }
    }
    Ok(())
}
