//! The clients of an update: made from the new document and the others' as they are, and
//! compiled where they disturb nothing.

use super::checkout::{Checkout, Folder};
use crate::children;
use crate::generate::bindings;
use crate::workspace::{cargo_in, vendors};
use anyhow::{Context, Result, bail};
use plumbline_cli::package::{self, OnConflict};
use plumbline_generator::Files;
use plumbline_specs::{Reading, Severity};
use std::fs;
use std::process::Stdio;

/// The files of the clients.
///
/// # Errors
///
/// When a document cannot be read, or one cannot be planned.
pub(super) fn generate_files(
    checkout: &Checkout,
    new: &Folder,
    after: &Reading,
    version: &str,
) -> Result<Files> {
    let mut readings = Vec::new();
    for vendor in vendors() {
        let reading = match vendor == new.vendor {
            true => after.clone(),
            false => checkout.document(vendor)?.read(&[])?,
        };
        readings.push((vendor, reading));
    }
    let generated = bindings(&readings, version);
    if generated.diagnostics.has_errors() {
        bail!(
            "{}",
            new.document()
                .render(&generated.diagnostics, Severity::Error)
        );
    }
    Ok(generated.files)
}

/// Compiles the clients with every feature, in a folder of their own.
///
/// # Errors
///
/// What the compiler says.
pub(super) fn compile(checkout: &Checkout, package: &Files) -> Result<()> {
    let folder = checkout.root.join("target/update/clients");
    let mut staged = package.clone();
    // A workspace of its own, as it lies below another.
    let manifest = staged.get("Cargo.toml").unwrap_or_default().to_owned();
    staged.insert("Cargo.toml", format!("{manifest}\n[workspace]\n"));
    let texts = staged.iter().collect();
    package::write(&folder, &texts, |_| false, OnConflict::Replace)
        .context("target/update cannot be written")?;
    let lock = checkout.root.join("Cargo.lock");
    if lock.is_file() {
        fs::copy(lock, folder.join("Cargo.lock"))?;
    }
    let mut command = cargo_in(&folder, &["check", "--all-features", "--quiet"]);
    command.env("RUSTFLAGS", "--deny warnings");
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        command.env(
            "CARGO_TARGET_DIR",
            checkout.root.join("target/update/target"),
        );
    }
    let output =
        children::output(command.stderr(Stdio::piped())).context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
