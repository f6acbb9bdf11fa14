//! Files that a command reads.

use crate::{Failure, args};
use plumbline_cli::documents::{self, Allowed};
use plumbline_conformance::{Verify, verify};
use plumbline_reference::{Vendor, vendor, vendor_of};
use std::path::{Path, PathBuf};

/// Reads a file whole.
pub(crate) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", path.display())))
}

/// A document that was named, put to use.
pub(crate) struct Document {
    /// The verification of a target by it.
    pub(crate) verify: Verify,
    /// The vendor whose very document it is.
    pub(crate) vendor: Option<&'static Vendor>,
}

/// The document that was named: a vendor's, or a file.
pub(crate) fn document(
    target: &str,
    spec: &str,
    overlay: Option<&Path>,
    allowed: &Allowed,
) -> Result<Document, Failure> {
    let path = Path::new(spec);
    let carried = vendor(spec).filter(|_| !path.is_file());
    let (verify, vendor, overlay) = if let Some(vendor) = carried {
        let overlay = overlay.map(documents::load).transpose()?;
        (vendor.verify(target), Some(vendor), overlay)
    } else if path.is_file() || spec.contains(['/', '.']) {
        let opened = documents::Document::open(path, overlay, allowed)?;
        let vendor = vendor_of(&opened.bytes);
        let verify = verify(target).document(opened.name, opened.bytes);
        (verify.beside(opened.beside), vendor, opened.overlay)
    } else {
        return Err(Failure::Usage(format!(
            "there is no file `{spec}`, and no vendor of that name; the vendors are {}",
            args::vendors().join(", ")
        )));
    };
    let verify = match overlay {
        None => verify,
        Some((name, bytes)) => verify.overlay(name, bytes),
    };
    Ok(Document { verify, vendor })
}

/// Every fixture of a folder, by name.
pub(crate) fn fixtures(files: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let read = |path: &PathBuf| Ok((path.display().to_string(), file(path)?));
    files.iter().map(read).collect()
}

/// The files of a folder of fixtures, sorted.
pub(crate) fn fixture_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::Usage(format!("{} cannot be read: {error}", folder.display()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml")
        {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::Usage(format!(
            "{} holds no fixture",
            folder.display()
        )));
    }
    Ok(files)
}

/// Reads a file with traffic whole, at most so many bytes.
pub(crate) fn traffic(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let unreadable = |error: std::io::Error| {
        Failure::Usage(format!("{} cannot be read: {error}", path.display()))
    };
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(Failure::Usage(format!(
            "{} has more than the {most} bytes that are read; --max-file gives another limit",
            path.display()
        )));
    }
    Ok(bytes)
}
