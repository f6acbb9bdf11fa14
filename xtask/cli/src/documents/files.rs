//! The files of a document: itself, and those that it refers to, as they are read from disk.
//!
//! A document is anybody's: it may refer to whatever lies on this machine. Files are read from its
//! own folder and from those that the user names, through no link that leads out of them.

use crate::read;
use clap::Args;
use plumbline_specs::{Beside, Input, MAX_BYTES, Unread};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

/// Which files a document may refer to.
#[derive(Args, Clone, Debug, Default)]
pub struct Allowed {
    /// A folder whose files a document may refer to with `$ref`, beside its own folder; may be
    /// given several times. A document and the files that it refers to have 64 MiB together at
    /// most.
    #[arg(long = "allow-files", value_name = "DIR")]
    folders: Vec<PathBuf>,
}

impl Allowed {
    /// The same with further folders.
    #[must_use]
    pub fn and<P: AsRef<Path>>(mut self, folders: impl IntoIterator<Item = P>) -> Self {
        let folders = folders.into_iter();
        self.folders
            .extend(folders.map(|it| it.as_ref().to_owned()));
        self
    }
}

/// Reads the files that a document refers to, directly or not, by their paths from its folder; and
/// says where they lie.
pub(super) fn beside(path: &Path, bytes: &[u8], allowed: &Allowed) -> (Beside, Vec<PathBuf>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut reader = Reader {
        folder: folder(path),
        allowed: allowed
            .folders
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect(),
        left: MAX_BYTES.saturating_sub(bytes.len()) as u64,
        read: Vec::new(),
    };
    let beside = plumbline_specs::gather(Input { name: &name, bytes }, |name| reader.load(name));
    (beside, reader.read)
}

/// The folder of a document; a pipe has none.
fn folder(path: &Path) -> Option<PathBuf> {
    fs::metadata(path).ok().filter(Metadata::is_file)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    folder.canonicalize().ok()
}

/// Reads files for one document.
struct Reader {
    folder: Option<PathBuf>,
    allowed: Vec<PathBuf>,
    /// How many bytes may still be read.
    left: u64,
    /// The files that were read.
    read: Vec<PathBuf>,
}

impl Reader {
    fn load(&mut self, name: &str) -> Result<Vec<u8>, Unread> {
        self.open(name).map_err(|(why, help)| Unread {
            file: name.to_owned(),
            why,
            help: help.to_owned(),
        })
    }

    /// What a file holds, or why it is not read and what to do about it.
    fn open(&mut self, name: &str) -> Result<Vec<u8>, (String, &'static str)> {
        const ALLOW: &str = "`--allow-files DIR` names a further folder whose files may be read";
        const LOOK: &str = "a file is looked for from the folder of the file that refers to it";
        const SMALL: &str = "take the part that you need with `select` of another tool first";
        let Some(folder) = &self.folder else {
            return Err((
                "the document is no file, and has no folder".to_owned(),
                LOOK,
            ));
        };
        // The name alone decides first, so that nobody learns what lies elsewhere.
        let path = plain(&folder.join(name));
        if !self.may_read(&path) {
            return Err(("it lies outside of the document's folder".to_owned(), ALLOW));
        }
        let said = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => ("there is no such file".to_owned(), LOOK),
            io::ErrorKind::FileTooLarge => {
                let most = MAX_BYTES >> 20;
                let why = format!("the document and its files would hold more than {most} MiB");
                (why, SMALL)
            }
            _ => (error.to_string(), LOOK),
        };
        let path = path.canonicalize().map_err(said)?;
        if !self.may_read(&path) {
            let why = "a link leads out of the document's folder".to_owned();
            return Err((why, ALLOW));
        }
        let bytes = read::found(&path, self.left).map_err(said)?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        self.read.push(path);
        Ok(bytes)
    }

    /// Whether a path lies in a folder whose files may be read.
    fn may_read(&self, path: &Path) -> bool {
        let mut folders = self.folder.iter().chain(&self.allowed);
        folders.any(|folder| path.starts_with(folder))
    }
}

/// A path without `.` and `..`, by its text alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}
