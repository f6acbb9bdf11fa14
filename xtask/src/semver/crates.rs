//! The crates of both sides, and rustdoc's description of each as JSON.

use super::pairs::Pair;
use crate::workspace::{cargo_in, run};
use anyhow::{Context, Result, bail};
use plumbline_cli::package::{self, OnConflict};
use plumbline_cli::say;
use plumbline_generator::rust::Layout;
use plumbline_generator::{Options, Source, generate};
use plumbline_specs::Severity;
use plumbline_specs::api::Api;
use std::path::{Path, PathBuf};
use toml_edit::DocumentMut;

/// Where the descriptions lie.
pub(super) struct Docs(PathBuf);

impl Docs {
    /// The old crate's description and the new one's.
    pub(super) fn of(&self, pair: &str) -> (PathBuf, PathBuf) {
        let file = format!("{}.json", library(pair));
        let side = |side: &str| self.0.join(side).join("target/doc").join(&file);
        (side("old"), side("new"))
    }
}

/// Writes the crates of both sides and has rustdoc describe them.
///
/// Each side is a workspace, as a crate has to have one name on both; they share what they
/// depend on.
pub(super) fn document(pairs: &[Pair], work: &Path) -> Result<Docs> {
    for side in ["old", "new"] {
        let folder = work.join(side);
        let mut features = Vec::new();
        for pair in pairs {
            let api = if side == "old" { &pair.old } else { &pair.new };
            let package = package(&pair.name);
            let own = client(&package, api, &folder.join("crates").join(&package))
                .with_context(|| format!("{side} {}", pair.name))?;
            features.extend(own.into_iter().map(|own| format!("{package}/{own}")));
        }
        let names: Vec<String> = pairs.iter().map(|pair| package(&pair.name)).collect();
        crate::corpus::workspace(&folder.join("crates"), &names)?;
        let mut command = cargo_in(
            &folder.join("crates"),
            &[
                "doc",
                "--workspace",
                "--no-deps",
                "--quiet",
                "--no-default-features",
            ],
        );
        command.arg("--features").arg(features.join(","));
        command
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("CARGO_BUILD_BUILD_DIR", work.join("build"))
            // The form is not stable, and `cargo semver-checks` asks for it in the same way.
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "RUSTDOCFLAGS",
                "-Z unstable-options --output-format json --cap-lints allow",
            );
        say!("{side}: rustdoc of {} crates", pairs.len());
        run(command, "cargo doc")?;
    }
    Ok(Docs(work.to_owned()))
}

/// Writes a client and gives its features; what is the same is left alone, so that rustdoc need
/// not read it again.
fn client(package: &str, api: &Api, folder: &Path) -> Result<Vec<String>> {
    let generated = generate(
        &[Source {
            name: "api",
            file: "openapi.yaml",
            api,
        }],
        &Options {
            package: package.to_owned(),
            version: "0.1.0".to_owned(),
            layout: Layout::Root,
            command: "cargo xtask semver".to_owned(),
        },
    );
    let diagnostics = generated.diagnostics;
    if diagnostics
        .iter()
        .any(|one| one.severity == Severity::Error)
    {
        bail!("{diagnostics}");
    }
    let texts = generated.files.iter().collect();
    package::write(folder, &texts, |_| false, OnConflict::Replace)?;
    features(generated.files.get("Cargo.toml").unwrap_or_default())
}

/// All features of a package but HTTPS, which adds nothing to what is described and takes long.
fn features(manifest: &str) -> Result<Vec<String>> {
    let manifest: DocumentMut = manifest.parse()?;
    let table = manifest.get("features").and_then(|own| own.as_table());
    let names = table.into_iter().flat_map(|own| own.iter());
    let names = names.map(|(name, _)| name.to_owned());
    Ok(names
        .filter(|name| !["default", "tls"].contains(&name.as_str()))
        .collect())
}

fn package(pair: &str) -> String {
    format!("client-{pair}")
}

fn library(pair: &str) -> String {
    package(pair).replace('-', "_")
}
