//! Files that a command writes for its user: whole or not at all.

use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file whole or not at all.
///
/// # Errors
///
/// When the folder is not there, or the file cannot be written or put in its place.
pub fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut temporary = temporary(folder)?;
    temporary.write_all(text.as_bytes())?;
    temporary.persist(file)?;
    Ok(())
}

/// Makes a file that others may read as any other, as far as the umask lets them: a report is made to
/// be passed on.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
