//! The version of the clients: where it stands, and its next one.

use anyhow::{Context, Result, bail};
use plumbline_changes::Step;
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

/// The next version by Semantic Versioning as cargo reads it: before 1.0 the leftmost part that
/// is not zero is the major one.
pub(super) fn stepped(version: &str, step: Step) -> Result<String> {
    let parts: Vec<u64> = version
        .split('.')
        .map(|part| part.parse().context("the clients' version is not x.y.z"))
        .collect::<Result<_>>()?;
    let [major, minor, patch] = parts[..] else {
        bail!("the clients' version is not x.y.z");
    };
    let next = match (step, major, minor) {
        (Step::None, ..) => [major, minor, patch],
        (Step::Major, 0, 0) | (Step::Minor | Step::Patch, 0, _) => [major, minor, patch + 1],
        (Step::Major, 0, _) => [major, minor + 1, 0],
        (Step::Major, ..) => [major + 1, 0, 0],
        (Step::Minor, ..) => [major, minor + 1, 0],
        (Step::Patch, ..) => [major, minor, patch + 1],
    };
    Ok(next.map(|part| part.to_string()).join("."))
}

#[cfg(test)]
mod tests {
    use super::{read, stepped, written};
    use plumbline_changes::Step::{Major, Minor, None, Patch};

    #[test]
    fn a_step_moves_the_part_that_cargo_looks_at() {
        let cases = [
            ("0.1.0", Major, "0.2.0"),
            ("0.1.3", Minor, "0.1.4"),
            ("0.1.3", Patch, "0.1.4"),
            ("0.0.3", Major, "0.0.4"),
            ("1.2.3", Major, "2.0.0"),
            ("1.2.3", Minor, "1.3.0"),
            ("1.2.3", Patch, "1.2.4"),
            ("1.2.3", None, "1.2.3"),
        ];
        for (old, step, new) in cases {
            assert_eq!(
                stepped(old, step).ok().as_deref(),
                Some(new),
                "{old} {step}"
            );
        }
        assert!(stepped("1.2", Major).is_err());
    }

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
