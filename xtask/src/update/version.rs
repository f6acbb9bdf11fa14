//! The version of the clients, where it stands.

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, value};

/// Where the manifest of the workspace says it.
const PLACE: [&str; 4] = ["workspace", "metadata", "plumbline", "clients"];

/// The version that a workspace's manifest says.
///
/// # Errors
///
/// When it is no TOML or says none.
pub(crate) fn read(manifest: &str) -> Result<String> {
    let document: DocumentMut = manifest.parse()?;
    PLACE
        .iter()
        .try_fold(document.as_item(), |item, key| item.get(key))
        .and_then(|item| item.as_str())
        .map(str::to_owned)
        .with_context(|| format!("Cargo.toml has no `{}`", PLACE.join(".")))
}

/// The manifest with another version, all else as it is.
pub(super) fn written(manifest: &str, version: &str) -> Result<String> {
    let mut document: DocumentMut = manifest.parse()?;
    let [workspace, metadata, own, key] = PLACE;
    let item = document
        .get_mut(workspace)
        .and_then(|item| item.get_mut(metadata))
        .and_then(|item| item.get_mut(own))
        .and_then(|item| item.get_mut(key))
        .with_context(|| format!("Cargo.toml has no `{}`", PLACE.join(".")))?;
    *item = value(version);
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::{read, written};

    #[test]
    fn the_manifest_keeps_its_other_lines() {
        let manifest = "# A comment.\n[workspace.metadata.plumbline]\nclients = \"0.1.0\"\n";
        assert_eq!(read(manifest).ok().as_deref(), Some("0.1.0"));
        assert_eq!(
            written(manifest, "0.2.0").ok().as_deref(),
            Some("# A comment.\n[workspace.metadata.plumbline]\nclients = \"0.2.0\"\n")
        );
    }
}
