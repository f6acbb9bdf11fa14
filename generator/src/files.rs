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

/// Compares a directory with files. What is not a generator's does not count; see [`write()`].
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
/// its place whole, so that a failure leaves what was there. What is not a generator's stays: what
/// cargo makes (`target`, `Cargo.lock`), and what begins with a dot, such as `.git`.
///
/// # Errors
///
/// When something cannot be read, written or moved.
pub fn write(directory: &Path, files: &Files) -> io::Result<()> {
    let fresh = beside(directory, "new");
    let stale = beside(directory, "old");
    remove(&fresh)?;
    if stale.exists() {
        // A run was broken off between two moves.
        return Err(io::Error::other(format!(
            "{} is in the way: what was in {} lies there",
            stale.display(),
            directory.display()
        )));
    }
    fill(&fresh, files).inspect_err(|_| {
        let _ = remove(&fresh);
    })?;
    let there = directory.exists();
    if there {
        fs::rename(directory, &stale)?;
    }
    let moved = keep(&stale, &fresh, there).and_then(|()| fs::rename(&fresh, directory));
    if let Err(error) = moved {
        // What was there comes back.
        keep(&fresh, &stale, there)?;
        if there {
            fs::rename(&stale, directory)?;
        }
        remove(&fresh)?;
        return Err(error);
    }
    remove(&stale)
}

fn fill(fresh: &Path, files: &Files) -> io::Result<()> {
    for (path, text) in files.iter() {
        let path = fresh.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// Moves what is not a generator's from one directory to another.
fn keep(from: &Path, to: &Path, there: bool) -> io::Result<()> {
    if !there {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if is_kept(&name.to_string_lossy()) {
            fs::rename(from.join(&name), to.join(&name))?;
        }
    }
    Ok(())
}

/// Whether something in a package's directory is not a generator's.
fn is_kept(name: &str) -> bool {
    matches!(name, "Cargo.lock" | "target") || name.starts_with('.')
}

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
        if prefix.is_empty() && is_kept(&name) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this name that is empty.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("plumbline-{name}-{}", std::process::id()));
        remove(&folder).expect("an old folder to be gone");
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn files(all: &[(&str, &str)]) -> Files {
        let mut files = Files::default();
        for (path, text) in all {
            files.insert(*path, (*text).to_owned());
        }
        files
    }

    /// All files below a folder and what they hold.
    fn found(folder: &Path) -> Vec<(String, String)> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                for (below, text) in self::found(&path) {
                    found.insert(format!("{name}/{below}"), text);
                }
            } else {
                let text = fs::read_to_string(&path).expect("a file");
                found.insert(name.into_owned(), text);
            }
        }
        found.into_iter().collect()
    }

    fn owned(all: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        all.iter().map(owned).collect()
    }

    #[test]
    fn what_is_not_a_generators_stays() {
        let root = folder("kept");
        let package = root.join("package");
        let old = [
            ("Cargo.toml", "old"),
            ("src/gone.rs", ""),
            ("src/lib.rs", "old"),
        ];
        write(&package, &files(&old)).expect("to be written");
        for (path, text) in [
            ("Cargo.lock", "lock"),
            ("target/debug/a", "built"),
            (".git/HEAD", "main"),
        ] {
            let path = package.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let new = files(&[("Cargo.toml", "new"), ("src/lib.rs", "new")]);
        assert_eq!(compare(&package, &new).expect("a comparison").len(), 3);
        write(&package, &new).expect("to be written");
        assert_eq!(compare(&package, &new).expect("a comparison"), []);
        let expected = [
            ("package/.git/HEAD", "main"),
            ("package/Cargo.lock", "lock"),
            ("package/Cargo.toml", "new"),
            ("package/src/lib.rs", "new"),
            ("package/target/debug/a", "built"),
        ];
        assert_eq!(found(&root), owned(&expected));
        remove(&root).expect("to be gone");
    }

    /// A path that cannot be written: what is there stays, and nothing lies beside it.
    #[test]
    fn a_failure_leaves_what_was_there() {
        let root = folder("failing");
        let package = root.join("package");
        write(&package, &files(&[("Cargo.toml", "old")])).expect("to be written");
        fs::write(package.join("Cargo.lock"), "lock").expect("a file");
        let before = found(&root);
        // A file that is a folder too.
        let bad = files(&[
            ("Cargo.toml", "new"),
            ("src", "a file"),
            ("src/lib.rs", "new"),
        ]);
        write(&package, &bad).expect_err("a failure");
        assert_eq!(found(&root), before);
        // Where nothing was, nothing is.
        let other = root.join("other");
        write(&other, &bad).expect_err("a failure");
        assert_eq!(found(&root), before);
        remove(&root).expect("to be gone");
    }
}
