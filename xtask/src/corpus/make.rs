//! One document: read, generated, written.

use super::find::Found;
use super::table::Row;
use crate::documents;
use anyhow::Result;
use plumbline_cli::documents::Allowed;
use plumbline_cli::package::{self, OnConflict};
use plumbline_generator::rust::Layout;
use plumbline_generator::{Options, Source, generate};
use plumbline_specs::{Diagnostics, Severity};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

/// How many rendered lines of diagnostics are kept of a document that is refused.
const MESSAGES: usize = 200;

/// What comes of a document. Its client is written below `work`.
pub(super) fn make(found: &Found, work: &Path, allowed: &Allowed) -> Row {
    let mut row = Row::new(found);
    let result = catch_unwind(AssertUnwindSafe(|| fill(found, work, allowed, &mut row)));
    match result {
        Ok(Ok(())) => row.generated = true,
        Ok(Err(error)) => {
            let text = format!("{error:#}");
            row.messages
                .extend(text.lines().take(MESSAGES).map(str::to_owned));
        }
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            row.messages.push(format!(
                "panicked: {}",
                text.unwrap_or("it does not say why")
            ));
        }
    }
    row
}

fn fill(found: &Found, work: &Path, allowed: &Allowed, row: &mut Row) -> Result<()> {
    let document = documents::open(&found.path, None, allowed)?;
    let start = Instant::now();
    let reading = document.read(&[])?;
    let version = reading.raw.get("openapi").and_then(|it| it.as_str());
    let version = if reading.swagger {
        "2.0"
    } else {
        version.unwrap_or_default()
    };
    version.clone_into(&mut row.version);
    row.schemas = reading.api.schemas.len();
    row.operations = reading.api.operations.len();
    let generated = generate(
        &[Source {
            name: &row.package.replace('-', "_"),
            file: &document.file_name(),
            api: &reading.api,
        }],
        &Options {
            package: row.package.clone(),
            version: "0.1.0".to_owned(),
            layout: Layout::Root,
            command: "cargo xtask corpus".to_owned(),
        },
    );
    row.generate_ms = start.elapsed().as_millis();
    row.types.clone_from(&generated.types);
    row.lines = generated.summary.lines;
    let tags = generated.summary.modules.iter().flat_map(|it| &it.tags);
    row.tags = tags.cloned().collect();
    for diagnostic in reading.diagnostics.iter().chain(&generated.diagnostics) {
        *row.fallbacks
            .entry(diagnostic.code.to_string())
            .or_default() += 1;
    }
    let errors: Diagnostics = generated
        .diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .cloned()
        .collect();
    if !errors.is_empty() {
        anyhow::bail!("{errors}");
    }
    // What is the same is left alone, so that cargo need not check it again.
    let folder = work.join("crates").join(&row.package);
    let texts = generated.files.iter().collect();
    package::write(&folder, &texts, |_| false, OnConflict::Replace)?;
    Ok(())
}
