//! Files that a command writes for its user.
//!
//! A regular file is replaced as a whole: a command that fails leaves what was there. Anything else
//! that has a name (what a symbolic link leads to, a pipe, a device) is opened and written, and
//! stays what it is. `-` is standard output.
//!
//! Reports (`--report FORMAT=FILE`) are made anew by each run and replace what is there. All else that
//! a command writes where its user says ([`write_kept`]) may have been edited since, or be somebody
//! else's: another text stays, unless it says itself that Plumbline made it, or `--force` is given.

use crate::documents::display_path;
use crate::{read, stdout};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {source}", display_path(.path))]
pub struct OutputError {
    path: PathBuf,
    source: io::Error,
}

/// Says whether a file could be written, as far as that can be known: nothing that is there changes.
/// A command asks before it begins.
///
/// # Errors
///
/// When the file is a folder, its folder is not there, or either may not be written to.
pub fn try_place(path: &Path) -> Result<(), OutputError> {
    if is_standard(path) {
        return Ok(());
    }
    tried(path, 0).map_err(|source| OutputError {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file. What cannot be written to standard output is told by [`stdout::end`].
///
/// # Errors
///
/// When the folder is not there, or the file cannot be written or put in its place.
pub fn write(path: &Path, text: &str) -> Result<(), OutputError> {
    if is_standard(path) {
        stdout::print(text);
        return Ok(());
    }
    written(path, text.as_bytes()).map_err(|source| OutputError {
        path: path.to_owned(),
        source,
    })
}

/// What becomes of another text where a file is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnOther {
    /// It stays, and the command fails.
    Refuse,
    /// It is replaced.
    Replace,
}

impl OnOther {
    /// What `--force` means.
    pub fn forced(force: bool) -> Self {
        if force { Self::Replace } else { Self::Refuse }
    }
}

/// Writes a file that its user may keep and edit. Another text in its place is replaced where it
/// says itself that Plumbline made it and nobody edits such files (a page, an archive), or where
/// that was asked for.
///
/// # Errors
///
/// As [`write()`], and when another text is there.
pub fn write_kept(path: &Path, text: &str, on_other: OnOther) -> Result<(), OutputError> {
    if on_other == OnOther::Refuse && !is_standard(path) && holds_another(path, text) {
        let why = "another text is there, which may be yours; --force replaces it";
        return Err(OutputError {
            path: path.to_owned(),
            source: io::Error::new(ErrorKind::AlreadyExists, why),
        });
    }
    write(path, text)
}

/// Refuses a place from which the command reads: `--force` is said of what stands in the way, and
/// nobody means by it what the command works on.
///
/// # Errors
///
/// When it is one.
pub fn try_apart<P: AsRef<Path>>(path: &Path, inputs: &[P]) -> Result<(), OutputError> {
    let same = |input: &P| is_same(path, input.as_ref());
    if is_standard(path) || !inputs.iter().any(same) {
        return Ok(());
    }
    let why = "this command reads it; name another file";
    Err(OutputError {
        path: path.to_owned(),
        source: io::Error::new(ErrorKind::InvalidInput, why),
    })
}

/// Whether a regular file holds what somebody may miss.
fn holds_another(path: &Path, text: &str) -> bool {
    let Ok(found) = path.canonicalize() else {
        // A link that leads nowhere yet, or nothing.
        return false;
    };
    let is_file = fs::metadata(&found).is_ok_and(|found| found.is_file());
    // One byte more than the text tells a longer one from it.
    let most = (text.len() as u64).saturating_add(1).max(HEAD as u64);
    is_file
        && read::head(&found, most).map_or(true, |before| {
            !before.is_empty() && before != text.as_bytes() && !is_made(&before)
        })
}

/// What the beginning of a file says that Plumbline made and nobody edits.
const MARKS: [&str; 2] = [
    "<meta name=\"generator\" content=\"plumbline\">",
    "\"creator\": {\n      \"name\": \"plumbline\"",
];

/// So many bytes of a file have to hold one of them.
const HEAD: usize = 1000;

fn is_made(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
    MARKS.iter().any(|mark| head.contains(mark))
}

/// A file that is written beside its place. It is removed again unless it is put there.
#[derive(Debug)]
pub struct Staged {
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

/// Writes a file beside its place, so that several can be put in theirs once all are written.
///
/// # Errors
///
/// When it cannot be written, or its place is none of a regular file.
pub fn stage(path: &Path, bytes: &[u8]) -> Result<Staged, OutputError> {
    let made = match place(path) {
        Ok(Place::New) => filled(path, bytes, None),
        Ok(Place::Regular(before)) => filled(path, bytes, Some(&before)),
        Ok(Place::Other) => Err(io::Error::new(
            ErrorKind::InvalidInput,
            "it is no regular file",
        )),
        Err(error) => Err(error),
    };
    match made {
        Ok(file) => Ok(Staged {
            file,
            path: path.to_owned(),
        }),
        Err(source) => Err(OutputError {
            path: path.to_owned(),
            source,
        }),
    }
}

impl Staged {
    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// When it cannot be put there.
    pub fn put(self) -> Result<(), OutputError> {
        let _replacing = at_rest();
        let put = self.file.persist(&self.path);
        put.map(drop).map_err(|error| OutputError {
            path: self.path,
            source: error.error,
        })
    }
}

/// Whether a name is one of standard output: `-`, or another name of what it leads to, such as
/// `/dev/stdout`. A second look at the same file would write over what the first one wrote.
pub fn is_standard(path: &Path) -> bool {
    if path == Path::new("-") {
        return true;
    }
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        use std::os::unix::fs::MetadataExt as _;
        let own = io::stdout().as_fd().try_clone_to_owned().map(File::from);
        let own = own.and_then(|own| own.metadata());
        if let (Ok(own), Ok(other)) = (own, fs::metadata(path)) {
            return (own.dev(), own.ino()) == (other.dev(), other.ino());
        }
    }
    false
}

/// Whether two names are those of one file, by links too, or would be once both are made.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| match path.canonicalize() {
        Ok(path) => Some(path),
        Err(_) => Some(parent(path).canonicalize().ok()?.join(path.file_name()?)),
    };
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// What a name leads to.
enum Place {
    /// Nothing yet.
    New,
    /// A regular file.
    Regular(Metadata),
    /// What is written through.
    Other,
}

fn place(path: &Path) -> io::Result<Place> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Err(folder_error()),
        Ok(found) if found.is_file() => Ok(Place::Regular(found)),
        Ok(_) => Ok(Place::Other),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Place::New),
        Err(error) => Err(error),
    }
}

fn folder_error() -> io::Error {
    io::Error::new(ErrorKind::IsADirectory, "it is a folder")
}

/// So many links lead from one to the next at most, as with Linux.
const LINKS: usize = 40;

fn tried(path: &Path, links: usize) -> io::Result<()> {
    match place(path)? {
        Place::New => temporary(path, None).map(drop),
        Place::Regular(before) if before.permissions().readonly() => Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "it is read-only",
        )),
        Place::Regular(before) => match temporary(path, Some(&before)) {
            Err(error) if is_refusal(&error) => OpenOptions::new().write(true).open(path).map(drop),
            made => made.map(drop),
        },
        Place::Other => match fs::metadata(path) {
            Ok(found) if found.is_dir() => Err(folder_error()),
            Ok(found) if found.is_file() => OpenOptions::new().write(true).open(path).map(drop),
            // A pipe waits for its reader, and a device may do what nobody asked for.
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound && links < LINKS => {
                let target = fs::read_link(path)?;
                tried(&parent(path).join(target), links + 1)
            }
            Err(error) => Err(error),
        },
    }
}

fn written(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match place(path)? {
        Place::New => replaced(path, bytes, None),
        Place::Regular(before) => match replaced(path, bytes, Some(&before)) {
            // A file may be writable where its folder is not, or be a mount of its own.
            Err(error) if is_refusal(&error) => through(path, bytes),
            done => done,
        },
        Place::Other => through(path, bytes),
    }
}

/// Whether a folder does not let a file of it be replaced.
fn is_refusal(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ResourceBusy | ErrorKind::CrossesDevices
    )
}

/// Held while a file is put in its place: a process that ends meanwhile would leave its temporary
/// file behind.
static REPLACING: Mutex<()> = Mutex::new(());

/// Ends when no file is being put in its place; none is while this is held.
pub(crate) fn at_rest() -> MutexGuard<'static, ()> {
    REPLACING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a file whole or not at all.
fn replaced(path: &Path, bytes: &[u8], before: Option<&Metadata>) -> io::Result<()> {
    let _replacing = at_rest();
    filled(path, bytes, before)?.persist(path)?;
    Ok(())
}

/// Makes a file beside the one that it is to replace, with what that is to hold.
fn filled(
    path: &Path,
    bytes: &[u8],
    before: Option<&Metadata>,
) -> io::Result<tempfile::NamedTempFile> {
    let mut temporary = temporary(path, before)?;
    temporary.write_all(bytes)?;
    // A full disk may be noticed only now.
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    let mut file = opened(path, &options)?;
    file.write_all(bytes)?;
    if file.metadata()?.is_file() {
        file.sync_all()?;
    }
    Ok(())
}

/// So long is a pipe's reader waited for.
#[cfg(unix)]
const READER: std::time::Duration = std::time::Duration::from_secs(5);

/// Opens what is written through. A pipe whose reader does not come is an error: it would be waited
/// for without end, whatever signal comes.
#[cfg(unix)]
fn opened(path: &Path, options: &OpenOptions) -> io::Result<File> {
    use std::os::unix::fs::FileTypeExt as _;
    if !fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo()) {
        return options.open(path);
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    let (path, options) = (path.to_owned(), options.clone());
    // The thread ends with the process where the pipe is never opened.
    std::thread::spawn(move || sender.send(options.open(path)));
    receiver.recv_timeout(READER).unwrap_or_else(|_| {
        Err(io::Error::new(
            ErrorKind::TimedOut,
            format!(
                "it is a pipe, and nobody read from it for {} s",
                READER.as_secs()
            ),
        ))
    })
}

#[cfg(not(unix))]
fn opened(path: &Path, options: &OpenOptions) -> io::Result<File> {
    options.open(path)
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a file beside the one that it is to replace. It may be read as that one, and a new one as
/// any other, as far as the umask lets it: a report is made to be passed on.
fn temporary(path: &Path, before: Option<&Metadata>) -> io::Result<tempfile::NamedTempFile> {
    let folder = parent(path);
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if before.is_none() {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let made = builder.tempfile_in(folder).map_err(|error| {
        if folder.is_dir() {
            // The crate names a file that nobody has asked for.
            return io::Error::from(error.kind());
        }
        let reason = format!("the folder {} is not there", display_path(folder));
        io::Error::new(ErrorKind::NotFound, reason)
    })?;
    if let Some(before) = before {
        made.as_file().set_permissions(before.permissions())?;
    }
    Ok(made)
}
