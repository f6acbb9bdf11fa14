//! Files that a command reads, each within a limit. Nothing else in this crate reads a file whole.
//!
//! What the user names may be a file, a pipe or a device. What is found in a folder may be anybody's:
//! it is read where it is a regular file, and refused without being opened where it is not, as a FIFO
//! would be waited for.

use plumbline_specs::MAX_BYTES;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// So many bytes of a file are read at most where nothing else is said.
pub const MOST: u64 = MAX_BYTES as u64;

/// Reads what the user named.
///
/// # Errors
///
/// When it cannot be read, or holds more than `most` bytes ([`io::ErrorKind::FileTooLarge`]).
pub fn named(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    bounded(File::open(path)?, most)
}

/// Reads a regular file that was found in a folder. No link is followed.
///
/// # Errors
///
/// When it is no regular file, cannot be read, or holds more than `most` bytes
/// ([`io::ErrorKind::FileTooLarge`]).
pub fn found(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    bounded(regular(path)?, most)
}

/// Reads the beginning of a regular file: so many bytes, or what there is. No link is followed.
///
/// # Errors
///
/// When it is no regular file, or cannot be read.
pub fn head(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn bounded(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= most {
        return Ok(bytes);
    }
    let size = match most % (1 << 20) {
        0 => format!("{} MiB", most >> 20),
        _ => format!("{most} bytes"),
    };
    let message = format!("it holds more than {size}");
    Err(io::Error::new(io::ErrorKind::FileTooLarge, message))
}

/// Opens a regular file. It is looked at before it is opened, as opening a FIFO or a device can do
/// harm, and once more after, as another may have taken its place.
fn regular(path: &Path) -> io::Result<File> {
    check(&fs::symlink_metadata(path)?)?;
    let file = without_waiting(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

fn check(found: &Metadata) -> io::Result<()> {
    let (kind, what) = match () {
        () if found.is_file() => return Ok(()),
        () if found.is_dir() => (io::ErrorKind::IsADirectory, "it is a folder"),
        () => (io::ErrorKind::InvalidInput, "it is no regular file"),
    };
    Err(io::Error::new(kind, what))
}

/// Opens a file; what is a FIFO by now is not waited for, and what is a link is not followed.
fn without_waiting(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}
