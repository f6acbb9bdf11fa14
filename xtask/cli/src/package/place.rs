//! Places in a package's folder: nothing but folders and regular files, and no link is followed.

use super::{BASE, Error, MANIFEST, OWN, at};
use crate::read::{self, MOST};
use std::fs::{self, FileType};
use std::io;
use std::path::{Component, Path, PathBuf};

/// Whether a package's folder is there.
pub(super) fn is_folder(folder: &Path) -> Result<bool, Error> {
    match kind_at(folder)? {
        None => Ok(false),
        Some(kind) if kind.is_dir() => Ok(true),
        Some(kind) => Err(irregular(folder, kind)),
    }
}

/// So many bytes of a manifest are read: as TOML it takes many times that in memory.
const MOST_OF_MANIFEST: u64 = 4 << 20;

/// What a file of a package holds; `None` when it is not there.
pub(super) fn read(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let path = regular(folder, name)?;
    let most = match name {
        MANIFEST | BASE => MOST_OF_MANIFEST,
        _ => MOST,
    };
    match read::found(&path, most) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(&path, error)),
    }
}

/// The path of a file of a package, where a regular file stands or nothing.
pub(super) fn regular(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    let mut path = folder.to_owned();
    let mut parts = name.split('/').peekable();
    while let Some(part) = parts.next() {
        path.push(part);
        match kind_at(&path)? {
            // Nothing stands below either.
            None => {
                path.extend(parts);
                break;
            }
            Some(kind) if parts.peek().is_some() && kind.is_dir() => {}
            Some(kind) if parts.peek().is_none() && kind.is_file() => {}
            Some(kind) => return Err(irregular(&path, kind)),
        }
    }
    Ok(path)
}

/// Whether a path that was read from a list leads to a file that a generator may have written.
pub(super) fn is_plain(name: &str) -> bool {
    let parts = Path::new(name).components();
    !name.starts_with('.')
        && !name.contains('\\')
        && !name.ends_with('/')
        && parts.clone().count() == name.split('/').count()
        && parts
            .into_iter()
            .all(|part| matches!(part, Component::Normal(_)))
}

/// The same for a path that a run wrote down, which may be one of its own.
pub(super) fn is_plain_or_own(name: &str) -> bool {
    let own = name
        .strip_prefix(OWN)
        .and_then(|rest| rest.strip_prefix('/'));
    is_plain(own.unwrap_or(name))
}

fn kind_at(path: &Path) -> Result<Option<FileType>, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found.file_type())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, error)),
    }
}

fn irregular(path: &Path, kind: FileType) -> Error {
    Error::Irregular {
        path: path.to_owned(),
        what: what(kind),
    }
}

fn what(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a FIFO";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    if kind.is_symlink() {
        "a link"
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_file() {
        "a file"
    } else {
        "no regular file"
    }
}
