//! Documents of this repository, and others that a verb of it works on.

use crate::workspace::root;
use anyhow::Result;
use plumbline_cli::documents::{Allowed, Document};
use std::path::Path;

/// A document and, if there is one, its overlay, named from the repository's root.
pub(crate) fn open(path: &Path, overlay: Option<&Path>, allowed: &Allowed) -> Result<Document> {
    Ok(Document::open(path, overlay, allowed)?.named_from(root()))
}

/// A vendor's document and overlay in `specs/`.
pub(crate) fn vendor(vendor: &str) -> Result<Document> {
    let folder = root().join("specs").join(vendor);
    let overlay = folder.join("overlay.yaml");
    let document = folder.join("openapi.yaml");
    Ok(open(&document, Some(&overlay), &Allowed::default())?.strict())
}
