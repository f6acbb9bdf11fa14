//! Changes to a package: all of them or none, also when the process is killed over them.
//!
//! New texts are written beside the package's own, and flushed; then a journal says what is to
//! be done, and only then is it done. A journal that is found was not ended: what is left of it is
//! done by the next run. New texts without a journal are forgotten.

use super::{Conflict, Error, LIST, OWN, OnConflict, at, list, place};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What is to be done.
const JOURNAL: &str = ".plumbline/journal";

/// The new texts, by their paths in the package.
const NEW: &str = ".plumbline/new";

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) path: String,
    pub(super) before: Option<Vec<u8>>,
    pub(super) after: Option<String>,
}

/// A line of a journal: a change, with hashes in place of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    path: String,
    /// The hash of what is replaced or removed.
    before: Option<String>,
    /// Whether there is a new text.
    puts: bool,
}

/// Whether a run was broken off.
pub(super) fn is_pending(folder: &Path) -> Result<bool, Error> {
    Ok(place::read(folder, JOURNAL)?.is_some())
}

/// Ends what a run before was killed over.
pub(super) fn recover(folder: &Path, on_conflict: OnConflict) -> Result<(), Error> {
    if let Some(text) = place::read(folder, JOURNAL)? {
        let steps = parse(&String::from_utf8_lossy(&text));
        let lost = lost(folder, &steps)?;
        if !lost.is_empty() && on_conflict == OnConflict::Refuse {
            return Err(Error::Conflicts(folder.to_owned(), lost));
        }
        act(folder, &steps)?;
    }
    forget(folder)
}

/// Does all changes, or none of them.
pub(super) fn commit(
    folder: &Path,
    changes: &[Change],
    on_conflict: OnConflict,
) -> Result<(), Error> {
    if changes.is_empty() {
        return Ok(());
    }
    let steps = steps(changes);
    let staged = stage(folder, changes).and_then(|()| lost(folder, &steps));
    match staged {
        Ok(lost) if lost.is_empty() || on_conflict == OnConflict::Replace => {}
        // Somebody changed a file while the new ones were written.
        Ok(lost) => {
            forget(folder)?;
            return Err(Error::Conflicts(folder.to_owned(), lost));
        }
        Err(error) => {
            // What failed first is what is told.
            let _ = forget(folder);
            return Err(error);
        }
    }
    let journal = place::regular(folder, JOURNAL)?;
    let draft = place::regular(folder, &format!("{JOURNAL}.new"))?;
    flushed(&draft, &text(&steps))
        .and_then(|()| fs::rename(&draft, &journal))
        .and_then(|()| flush_folder(&folder.join(OWN)))
        .map_err(|error| at(&journal, error))?;
    act(folder, &steps)?;
    forget(folder)
}

/// The steps of changes: what is new comes before what is replaced and what is removed, and the
/// list of all comes last.
fn steps(changes: &[Change]) -> Vec<Step> {
    let mut steps: Vec<Step> = changes
        .iter()
        .map(|change| Step {
            path: change.path.clone(),
            before: change.before.as_deref().map(list::hash),
            puts: change.after.is_some(),
        })
        .collect();
    steps.sort_by_key(|step| (step.path == LIST, !step.puts, step.before.is_some()));
    steps
}

fn text(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let verb = if step.puts { "put" } else { "remove" };
        let before = step.before.as_deref().unwrap_or("-");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{verb} {before} {}", step.path);
    }
    text
}

fn parse(text: &str) -> Vec<Step> {
    let step = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let (verb, before, path) = (words.next()?, words.next()?, words.next()?);
        place::is_plain_or_own(path).then(|| Step {
            path: path.to_owned(),
            before: (before != "-").then(|| before.to_owned()),
            puts: verb == "put",
        })
    };
    text.lines().filter_map(step).collect()
}

/// Writes the new texts beside the package's own.
fn stage(folder: &Path, changes: &[Change]) -> Result<(), Error> {
    forget(folder)?;
    for change in changes {
        if let Some(text) = &change.after {
            let path = place::regular(folder, &staged(&change.path))?;
            make_parent(&path)
                .and_then(|()| flushed(&path, text))
                .map_err(|error| at(&path, error))?;
        }
    }
    Ok(())
}

/// Where a new text lies before it is in its place.
fn staged(path: &str) -> String {
    format!("{NEW}/{path}")
}

/// The files that changed after it was written down what they hold, and would be lost.
fn lost(folder: &Path, steps: &[Step]) -> Result<Vec<Conflict>, Error> {
    let mut lost = Vec::new();
    for step in steps {
        if step.puts && place::read(folder, &staged(&step.path))?.is_none() {
            // This step is done.
            continue;
        }
        let found = place::read(folder, &step.path)?;
        let found = found.as_deref().map(list::hash);
        if found.is_some() && found != step.before {
            lost.push(Conflict {
                path: step.path.clone(),
                why: "it was changed while files were written",
            });
        }
    }
    Ok(lost)
}

/// Does the steps that are not done yet.
fn act(folder: &Path, steps: &[Step]) -> Result<(), Error> {
    for step in steps {
        let path = place::regular(folder, &step.path)?;
        let done = if step.puts {
            let new = place::regular(folder, &staged(&step.path))?;
            match fs::rename(&new, &path) {
                // Either it is done, or its folder is to be made.
                Err(error) if error.kind() == io::ErrorKind::NotFound && new.exists() => {
                    make_parent(&path).and_then(|()| fs::rename(&new, &path))
                }
                other => other,
            }
        } else if place::read(folder, &step.path)?
            .is_some_and(|text| list::is_removable(&step.path, &text))
        {
            fs::remove_file(&path)
        } else {
            // A journal may be anybody's, as a list may be.
            continue;
        };
        match done {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&path, error)),
            _ => {}
        }
        if !step.puts {
            remove_empty(folder, &path);
        }
    }
    Ok(())
}

/// Removes the folders that a removed file leaves empty.
fn remove_empty(folder: &Path, path: &Path) {
    let mut above = path.parent();
    while let Some(parent) = above.filter(|parent| *parent != folder) {
        // One that holds something stays.
        if fs::remove_dir(parent).is_err() {
            break;
        }
        above = parent.parent();
    }
}

/// Removes what a run wrote down for itself: the journal, then the new texts.
fn forget(folder: &Path) -> Result<(), Error> {
    if !place::is_folder(&folder.join(OWN))? {
        return Ok(());
    }
    for name in [JOURNAL.to_owned(), format!("{JOURNAL}.new")] {
        let path = place::regular(folder, &name)?;
        absent(fs::remove_file(&path)).map_err(|error| at(&path, error))?;
    }
    let new = folder.join(NEW);
    if place::is_folder(&new)? {
        absent(fs::remove_dir_all(&new)).map_err(|error| at(&new, error))?;
    }
    Ok(())
}

fn absent(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn make_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Writes a file and waits until it is on the disk.
fn flushed(path: &PathBuf, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Waits until a folder's entries are on the disk, where folders can be opened.
fn flush_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}
