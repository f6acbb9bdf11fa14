//! Documents and the files that they refer to, as a command reads them from disk.

use plumbline_specs::Input;
use std::path::Path;

/// Reads the files that a document refers to, directly or not, by their paths from its folder.
pub fn beside(path: &Path, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let document = Input { name: &name, bytes };
    plumbline_specs::gather(document, |name| std::fs::read(folder.join(name)).ok())
}
