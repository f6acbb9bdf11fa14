//! A package in a folder: its files compared with what they should be, and written.
//!
//! The folder is its owner's. Only files that were written here before are replaced and removed;
//! which they are, and what was in them, stands in the package itself (`list`). Keys of the
//! owner's in `Cargo.toml` stay (`manifest`). All is written or nothing, also when the process
//! is killed (`journal`), and one run at a time.

mod journal;
mod list;
mod manifest;
mod place;

use crate::documents::display_path;
use crate::tell;
use journal::Change;
use list::List;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// The folder of what is known about a package, in it.
const OWN: &str = ".plumbline";

/// The list of the files that were written.
const LIST: &str = ".plumbline/files";

/// The manifest as it was written: what it has no more is what its owner changed.
const BASE: &str = ".plumbline/Cargo.toml.written";

const MANIFEST: &str = "Cargo.toml";

/// So many bytes the files that one run replaces or removes may hold together.
const REPLACED: usize = 128 << 20;

/// The texts of a package's files, by their paths from its folder with `/` between the parts.
pub type Texts<'a> = BTreeMap<&'a str, &'a str>;

/// What becomes of a file that a person changed, and of one that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// Nothing is written.
    Refuse,
    /// It is replaced, or removed.
    Replace,
}

/// What came of writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many files were written or removed.
    pub files: usize,
    /// What stays as its owner has it: keys of the manifest, though another value would be written
    /// now, and files that a list names and that nobody knows to be generated. A sentence for each.
    pub notes: Vec<String>,
}

/// Why a package is not written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What is named as the folder, or a part of the package, is a link, a FIFO or the like.
    #[error("{} is {what}: it is neither followed nor replaced", display_path(.path))]
    Irregular {
        /// Its path.
        path: PathBuf,
        /// What it is, with its article.
        what: &'static str,
    },
    /// The folder was never generated.
    #[error("{} holds something else than generated files: choose another folder", display_path(.0))]
    Foreign(PathBuf),
    /// Files would be lost.
    #[error("{}", conflicts(.0, .1))]
    Conflicts(PathBuf, Vec<Conflict>),
    /// The manifest cannot be read as TOML.
    #[error("{} is no TOML: {why}; mend it, or give --force to replace it", display_path(.path))]
    Manifest {
        /// The manifest's path.
        path: PathBuf,
        /// What the parser says.
        why: String,
    },
    /// The system says no.
    #[error("{}: {source}", display_path(.path))]
    Io {
        /// What could not be read or written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A file that would be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its path from the package's folder.
    pub path: String,
    /// Why it is not replaced.
    pub why: &'static str,
}

fn conflicts(folder: &Path, all: &[Conflict]) -> String {
    let mut text = format!("{}: nothing is written\n", display_path(folder));
    for Conflict { path, why } in all {
        text.push_str(&format!("  {path}: {why}\n"));
    }
    text + "keep what you need elsewhere, and give --force to replace them"
}

/// How a folder departs from a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file is not there.
    Missing(String),
    /// A file that was written before is there, and should not be.
    Extra(String),
    /// A file has another text: a unified diff from it to what it should be.
    Changed(String, String),
    /// A run was broken off while it wrote.
    BrokenOff,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => writeln!(out, "missing: {path}"),
            Self::Extra(path) => writeln!(out, "extra: {path}"),
            Self::Changed(path, diff) => write!(out, "changed: {path}\n{diff}"),
            Self::BrokenOff => writeln!(out, "a run was broken off; the next one ends it"),
        }
    }
}

/// Compares a folder with a package. Files that were not written here do not count, and neither
/// do those that `leave` names.
///
/// # Errors
///
/// When something is there that cannot be read, or is none of a package's files.
pub fn compare(
    folder: &Path,
    texts: &Texts<'_>,
    leave: impl Fn(&str) -> bool,
) -> Result<Vec<Difference>, Error> {
    let folder = trimmed(folder);
    if !place::is_folder(&folder)? {
        let missing = texts.keys().filter(|path| !leave(path));
        return Ok(missing
            .map(|path| Difference::Missing((*path).to_owned()))
            .collect());
    }
    let _lock = lock(&folder)?;
    if journal::is_pending(&folder)? {
        return Ok(vec![Difference::BrokenOff]);
    }
    let plan = plan(&folder, texts, &leave, OnConflict::Refuse)?;
    Ok(plan.changes.into_iter().map(difference).collect())
}

/// Makes a folder hold a package: all of its files or none. Files that `leave` names stay as
/// they are. What a run before was killed over is ended first.
///
/// # Errors
///
/// When files would be lost that are not ours to replace, when a link or the like stands where a
/// file or a folder belongs, and when something cannot be read or written.
pub fn write(
    folder: &Path,
    texts: &Texts<'_>,
    leave: impl Fn(&str) -> bool,
    on_conflict: OnConflict,
) -> Result<Written, Error> {
    let folder = trimmed(folder);
    if !place::is_folder(&folder)? {
        fs::create_dir_all(&folder).map_err(|error| at(&folder, error))?;
        // Another may have put something else there.
        place::is_folder(&folder)?;
    }
    let _lock = lock(&folder)?;
    journal::recover(&folder, on_conflict)?;
    let plan = plan(&folder, texts, &leave, on_conflict)?;
    if !plan.conflicts.is_empty() && on_conflict == OnConflict::Refuse {
        return Err(Error::Conflicts(folder, plan.conflicts));
    }
    let own = |change: &&Change| !change.path.starts_with(OWN);
    let written = Written {
        files: plan.changes.iter().filter(own).count(),
        notes: plan.notes,
    };
    journal::commit(&folder, &plan.changes, on_conflict)?;
    Ok(written)
}

/// A folder's path without a slash or a dot at its end, behind which a link would be followed.
fn trimmed(folder: &Path) -> PathBuf {
    let trimmed: PathBuf = folder.components().collect();
    match trimmed.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => trimmed,
    }
}

fn at(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}

/// Takes the folder for this run alone, until what is returned is dropped. The system gives it
/// free when the process dies, however it does.
fn lock(folder: &Path) -> Result<File, Error> {
    let failed = |error| at(folder, error);
    let file = lockable(folder).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            tell!(
                "{}: another run is at work in it; waiting for its end",
                display_path(folder)
            );
            file.lock().map_err(failed)?;
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    Ok(file)
}

/// The folder itself, so that no file is left of it.
#[cfg(unix)]
fn lockable(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// A file in the folder, where folders cannot be locked.
#[cfg(not(unix))]
fn lockable(folder: &Path) -> io::Result<File> {
    let own = folder.join(OWN);
    fs::create_dir_all(&own)?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(own.join("lock"))
}

/// What is to be done to a folder.
#[derive(Debug, Default)]
struct Plan {
    changes: Vec<Change>,
    /// How many bytes the files hold that change.
    kept: usize,
    conflicts: Vec<Conflict>,
    notes: Vec<String>,
}

fn plan(
    folder: &Path,
    texts: &Texts<'_>,
    leave: &dyn Fn(&str) -> bool,
    on_conflict: OnConflict,
) -> Result<Plan, Error> {
    let known = Known::read(folder, texts, on_conflict)?;
    let mut plan = Plan::default();
    let mut list = List::default();
    let paths: BTreeSet<&str> = texts.keys().copied().chain(known.list.paths()).collect();
    for path in paths {
        if path == MANIFEST {
            continue;
        }
        if leave(path) && place::read(folder, path)?.is_some() {
            list.take(path, &known.list);
            continue;
        }
        let Some(text) = texts.get(path) else {
            plan.removal(folder, path, &known.list)?;
            continue;
        };
        list.insert(path, text);
        let after = Some((*text).to_owned());
        let before = place::read(folder, path)?;
        // What says who wrote it in its first line said so before.
        let is_ours = |before: &[u8]| {
            let says = !list::has_header(text.as_bytes()) || list::has_header(before);
            says && known.list.holds(path, before)
        };
        if let Some(before) = &before
            && !is_ours(before)
            && !is_same(before, text)
        {
            let changed = known.list.has(path) && !known.list.holds(path, before);
            let why = match changed {
                true => "it was changed since it was written",
                false => "it was not written by this command",
            };
            let path = path.to_owned();
            plan.conflicts.push(Conflict { path, why });
        }
        plan.change(path, before, after)?;
    }
    if let Some(text) = texts.get(MANIFEST) {
        let before = place::read(folder, MANIFEST)?;
        let after = known.manifest(folder, before.as_deref(), text, on_conflict)?;
        plan.notes.extend(after.notes);
        plan.change(MANIFEST, before, Some(after.text))?;
        plan.change(BASE, place::read(folder, BASE)?, Some((*text).to_owned()))?;
    }
    plan.change(LIST, place::read(folder, LIST)?, Some(list.text()))?;
    Ok(plan)
}

impl Plan {
    /// A file that a list names and that is needed no more: it is removed where it is known to be
    /// generated, and stays and is named where it is not.
    fn removal(&mut self, folder: &Path, path: &str, known: &List) -> Result<(), Error> {
        let before = match place::read(folder, path) {
            Ok(None) => return Ok(()),
            Ok(Some(before)) => before,
            Err(Error::Irregular { what, .. }) => {
                self.notes.push(format!("{path} stays: it is {what}"));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if !list::is_removable(path, &before) {
            self.notes.push(format!(
                "{path} stays: the list of files names it, and its first line does not say that it was generated"
            ));
            return Ok(());
        }
        if !known.holds(path, &before) {
            self.conflicts.push(Conflict {
                path: path.to_owned(),
                why: "it was changed since it was written",
            });
        }
        self.change(path, Some(before), None)
    }

    fn change(
        &mut self,
        path: &str,
        before: Option<Vec<u8>>,
        after: Option<String>,
    ) -> Result<(), Error> {
        let same = match (&before, &after) {
            (None, None) => true,
            (Some(before), Some(after)) => is_same(before, after),
            _ => false,
        };
        if same {
            return Ok(());
        }
        // What is replaced is kept until the end, and a list may name files without number.
        self.kept += before.as_ref().map_or(0, Vec::len);
        if self.kept > REPLACED {
            let why = format!(
                "the files that would be replaced hold more than {} MiB together",
                REPLACED >> 20
            );
            let error = io::Error::new(io::ErrorKind::FileTooLarge, why);
            return Err(at(Path::new(path), error));
        }
        let path = path.to_owned();
        let change = Change {
            path,
            before,
            after,
        };
        self.changes.push(change);
        Ok(())
    }
}

/// Whether a file holds a text. Git may have changed how its lines end.
fn is_same(before: &[u8], after: &str) -> bool {
    before == after.as_bytes() || list::hash(before) == list::hash(after.as_bytes())
}

fn difference(change: Change) -> Difference {
    match (change.before, change.after) {
        (None, _) => Difference::Missing(change.path),
        (Some(_), None) => Difference::Extra(change.path),
        (Some(before), Some(after)) => {
            let before = String::from_utf8_lossy(&before);
            let diff = TextDiff::from_lines(before.as_ref(), after.as_str());
            let path = change.path;
            let diff = diff.unified_diff().header(&path, &path).to_string();
            Difference::Changed(path, diff)
        }
    }
}

/// What is known of what a folder holds.
#[derive(Debug, Default)]
struct Known {
    list: List,
    /// The manifest as it was written.
    base: Option<String>,
}

impl Known {
    fn read(folder: &Path, texts: &Texts<'_>, on_conflict: OnConflict) -> Result<Self, Error> {
        if let Some(text) = place::read(folder, LIST)? {
            let base = place::read(folder, BASE)?;
            return Ok(Self {
                list: List::parse(&String::from_utf8_lossy(&text)),
                base: base.map(|base| String::from_utf8_lossy(&base).into_owned()),
            });
        }
        // Before there was a list, each file said in its first line whose it was.
        let manifest = place::read(folder, MANIFEST)?;
        if manifest.is_some_and(|text| list::has_header(&text)) {
            let list = List::found(folder, texts)?;
            return Ok(Self { list, base: None });
        }
        if on_conflict == OnConflict::Refuse && !is_empty(folder)? {
            return Err(Error::Foreign(folder.to_owned()));
        }
        Ok(Self::default())
    }

    /// The manifest as it should be.
    fn manifest(
        &self,
        folder: &Path,
        before: Option<&[u8]>,
        text: &str,
        on_conflict: OnConflict,
    ) -> Result<manifest::Merged, Error> {
        let Some(before) = before else {
            return Ok(manifest::Merged::from(text));
        };
        let before = String::from_utf8_lossy(before).replace("\r\n", "\n");
        match manifest::merged(self.base.as_deref(), &before, text) {
            Err(_) if on_conflict == OnConflict::Replace => Ok(manifest::Merged::from(text)),
            Err(error) => Err(Error::Manifest {
                path: folder.join(MANIFEST),
                why: error.message().to_owned(),
            }),
            Ok(merged) => Ok(merged),
        }
    }
}

/// Whether a folder holds nothing but what begins with a dot, and what cargo makes.
fn is_empty(folder: &Path) -> Result<bool, Error> {
    for entry in fs::read_dir(folder).map_err(|error| at(folder, error))? {
        let name = entry.map_err(|error| at(folder, error))?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && !matches!(&*name, "target" | "Cargo.lock") {
            return Ok(false);
        }
    }
    Ok(true)
}
