//! Files that a command reads.

use crate::{Failure, args};
use plumbline_cli::documents::{self, display_path};
use plumbline_cli::read;
use plumbline_conformance::{Verify, verify};
use plumbline_reference::{Vendor, vendor, vendor_of};
use plumbline_specs::visible;
use std::io;
use std::path::{Path, PathBuf};

/// Reads a file that the user named, whole.
pub(crate) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    read::named(path, read::MOST).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!("{} cannot be read: {error}", display_path(path)))
}

/// A document that was named, put to use.
pub(crate) struct Document {
    /// The verification of a target by it.
    pub(crate) verify: Verify,
    /// The vendor whose very document it is.
    pub(crate) vendor: Option<&'static Vendor>,
    /// The files that were read for it: itself, its overlay, those that it refers to.
    pub(crate) files: Vec<PathBuf>,
}

/// The document that was named: a vendor's, or a file.
pub(crate) fn document(target: &str, named: &args::Spec) -> Result<Document, Failure> {
    let args::Spec {
        spec,
        overlay,
        allowed,
    } = named;
    let (path, overlay) = (Path::new(spec), overlay.as_deref());
    let carried = vendor(spec).filter(|_| !path.is_file());
    let (verify, vendor, overlay, files) = if let Some(vendor) = carried {
        let files = overlay.map(Path::to_owned).into_iter().collect();
        let overlay = overlay.map(documents::load).transpose()?;
        (vendor.verify(target), Some(vendor), overlay, files)
    } else if path.is_file() || spec.contains(['/', '.']) {
        let opened = documents::Document::open(path, overlay, allowed)?;
        let vendor = vendor_of(&opened.bytes);
        let verify = verify(target).document(opened.name, opened.bytes);
        let verify = verify.beside(opened.beside);
        (verify, vendor, opened.overlay, opened.files)
    } else {
        return Err(Failure::Usage(format!(
            "there is no file `{}`, and no vendor of that name; the vendors are {}",
            visible(spec),
            args::vendors().join(", ")
        )));
    };
    let verify = match overlay {
        None => verify,
        Some((name, bytes)) => verify.overlay(name, bytes),
    };
    Ok(Document {
        verify,
        vendor,
        files,
    })
}

/// Every fixture of a folder, by name.
pub(crate) fn fixtures(files: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut room = read::MOST;
    let mut fixtures = Vec::new();
    for file in files {
        // A link is followed: a folder that is mounted may consist of them.
        let found = file
            .canonicalize()
            .and_then(|file| read::found(&file, room));
        let bytes = found.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => Failure::Usage(format!(
                "{} cannot be read: the fixtures hold more than {} MiB together",
                display_path(file),
                read::MOST >> 20
            )),
            _ => unreadable(file, &error),
        })?;
        room = room.saturating_sub(bytes.len() as u64);
        fixtures.push((display_path(file), bytes));
    }
    Ok(fixtures)
}

/// The files of a folder of fixtures, sorted.
pub(crate) fn fixture_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml")
        {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        let folder = display_path(folder);
        return Err(Failure::Usage(format!("{folder} holds no fixture")));
    }
    Ok(files)
}

/// What several files that the user named may hold together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    most: u64,
    left: u64,
}

impl Room {
    /// So many MiB, as `--max-file` says.
    pub(crate) fn of(mib: u32) -> Self {
        let most = u64::from(mib) << 20;
        Self { most, left: most }
    }

    /// Reads a file whole, where there is room for it.
    pub(crate) fn read(&mut self, path: &Path) -> Result<Vec<u8>, Failure> {
        let bytes = read::named(path, self.left).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => Failure::Usage(format!(
                "{} cannot be read: what is read would be more than {} MiB; --max-file gives \
                 another limit",
                display_path(path),
                self.most >> 20
            )),
            _ => unreadable(path, &error),
        })?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Ok(bytes)
    }
}
