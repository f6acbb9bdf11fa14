//! The folders of the vendors.

use std::fs;
use std::path::{Path, PathBuf};

/// Every folder with a `vendor.yaml`, in the order of the names.
pub(crate) fn vendors() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .expect("our folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|folder| folder.join("vendor.yaml").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "there are vendors");
    folders
}
