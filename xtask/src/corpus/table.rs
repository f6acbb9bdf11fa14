//! What came of each document, as a table.

use super::find::Found;
use crate::tables::{aligned, between, read};
use crate::workspace::display_path;
use anyhow::{Context, Result};
use plumbline_cli::output;
use plumbline_generator::audit::Named;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The marks between which a Markdown file holds the table.
const BEGIN: &str = "<!-- corpus: written by cargo xtask corpus --write -->";
const END: &str = "<!-- end of corpus -->";

/// What came of one document.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) document: String,
    /// The name of its package.
    pub(super) package: String,
    pub(super) bytes: u64,
    /// The version of OpenAPI.
    pub(super) version: String,
    pub(super) operations: usize,
    pub(super) schemas: usize,
    /// The lines of all files of the client, the runtime among them.
    pub(super) lines: usize,
    /// The milliseconds from the document's bytes to the client's files in memory.
    pub(super) generate_ms: u128,
    /// The processor seconds of the compiler for this client alone.
    pub(super) check_seconds: Option<f64>,
    /// How often each diagnostic was given, by its code.
    pub(super) fallbacks: BTreeMap<String, usize>,
    pub(super) generated: bool,
    /// The features that its operations are behind, by tag.
    pub(super) tags: Vec<String>,
    /// Whether it compiles, where that was tried.
    pub(super) compiled: Option<bool>,
    /// How many warnings and errors the compiler gave.
    pub(super) complaints: usize,
    /// What the audit says, where it ran, and whether every value came back the same.
    pub(super) audit: Option<String>,
    pub(super) audited: Option<bool>,
    pub(super) messages: Vec<String>,
    #[serde(skip)]
    pub(super) path: PathBuf,
    #[serde(skip)]
    pub(super) types: Vec<Named>,
}

impl Row {
    pub(super) fn new(found: &Found) -> Self {
        let document = found.name.as_str();
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let name: String = document.chars().map(plain).collect();
        Self {
            document: document.to_owned(),
            // A client must not be called as one of the packages that it depends on.
            package: format!("client-of-{name}"),
            bytes: found.bytes,
            version: String::new(),
            operations: 0,
            schemas: 0,
            lines: 0,
            generate_ms: 0,
            check_seconds: None,
            fallbacks: BTreeMap::new(),
            generated: false,
            tags: Vec::new(),
            compiled: None,
            complaints: 0,
            audit: None,
            audited: None,
            messages: Vec::new(),
            path: found.path.clone(),
            types: Vec::new(),
        }
    }

    /// Whether nothing is wrong with it.
    pub(super) fn fine(&self) -> bool {
        self.generated
            && self.compiled != Some(false)
            && self.complaints == 0
            && self.audited != Some(false)
    }

    /// How it went, in a word or two.
    pub(super) fn result(&self) -> String {
        match (self.generated, self.compiled, self.complaints) {
            (false, ..) => "not generated".to_owned(),
            (true, Some(false), count) => format!("does not compile: {count} messages"),
            (true, Some(true), 0) => "compiles".to_owned(),
            (true, Some(true), count) => format!("{count} warnings"),
            (true, None, _) => "generated".to_owned(),
        }
    }

    fn cells(&self) -> Vec<String> {
        let fallbacks: Vec<String> = self
            .fallbacks
            .iter()
            .map(|(code, count)| format!("{count} {code}"))
            .collect();
        vec![
            self.document.clone(),
            self.version.clone(),
            self.operations.to_string(),
            self.schemas.to_string(),
            self.lines.to_string(),
            self.generate_ms.to_string(),
            self.check_seconds
                .map(|seconds| format!("{seconds:.1}"))
                .unwrap_or_default(),
            self.result(),
            fallbacks.join(", "),
        ]
    }
}

const HEADINGS: [&str; 9] = [
    "document",
    "version",
    "operations",
    "schemas",
    "lines",
    "generate ms",
    "check CPU s",
    "result",
    "diagnostics",
];

/// Whether a column holds numbers.
fn number(column: usize) -> bool {
    (2..7).contains(&column)
}

/// For a terminal.
pub(super) fn text(rows: &[Row]) -> String {
    let mut lines = vec![HEADINGS.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(Row::cells));
    aligned(&lines, number)
}

/// As Markdown.
fn markdown(rows: &[Row]) -> String {
    let mut out = format!("| {} |\n|", HEADINGS.join(" | "));
    for column in 0..HEADINGS.len() {
        out.push_str(if number(column) { "--:|" } else { "---|" });
    }
    out.push('\n');
    for row in rows {
        let _ = writeln!(out, "| {} |", row.cells().join(" | "));
    }
    out
}

/// Writes the table between the marks of a Markdown file.
pub(super) fn write(path: &Path, rows: &[Row]) -> Result<()> {
    let new = between(&read(path)?, BEGIN, END, &format!("\n{}", markdown(rows)))
        .with_context(|| display_path(path))?;
    Ok(output::write(path, &new)?)
}
