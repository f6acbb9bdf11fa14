//! `diff`: what changed between two documents, and whom it breaks.

use crate::documents::{Document, read_both};
use crate::git;
use crate::workspace::{Outcome, VENDORS};
use anyhow::Result;
use clap::{Args, ValueEnum};
use plumbline_changes::{self as changes, Comparison, compare};
use plumbline_cli::documents::Allowed;
use plumbline_cli::stdout::print;
use std::path::{Path, PathBuf};

/// Every change has a code, a place in both documents, and three verdicts: for deployed clients,
/// for deployed servers, and for the Rust API of the generated crate.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask diff opik@HEAD~1 opik\n  \
                        cargo xtask diff old.yaml new.yaml --fail-on breaking")]
pub(crate) struct Arguments {
    /// A file, a vendor as it stands in specs/, or a vendor at a revision of this repository
    /// (`opik@v0.1.0`).
    old: String,
    /// The same for the new side.
    new: String,
    /// An OpenAPI Overlay to apply to both sides, in place of a vendor's own.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    #[command(flatten)]
    allowed: Allowed,
    /// The operations to compare: a path template (`*` for any characters), `METHOD /path`,
    /// `tag:NAME` or an operationId.
    #[arg(long, num_args = 1..)]
    select: Vec<String>,
    /// How the changes are shown.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 when there are such changes.
    #[arg(long, value_enum, value_name = "WHICH")]
    fail_on: Option<FailOn>,
    /// Tell changes of descriptions and other prose too.
    #[arg(long)]
    prose: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
    /// For programs.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    /// Changes that break a deployed client or the Rust API.
    Breaking,
    /// All changes but those of prose.
    Any,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let overlay = arguments.overlay.as_deref();
    let allowed = &arguments.allowed;
    let old = side(&arguments.old, overlay, allowed)?;
    let new = side(&arguments.new, overlay, allowed)?;
    let (before, after) = read_both(&old, &new, &arguments.select)?;
    let prose = arguments.prose;
    let found = compare(&before.api, &after.api, changes::Options { prose });
    let comparison = Comparison {
        old: old.input(),
        new: new.input(),
        changes: &found,
    };
    let text = comparison.render(match arguments.format {
        Format::Text => changes::Format::Text,
        Format::Markdown => changes::Format::Markdown,
        Format::Json => changes::Format::Json,
        Format::Github => changes::Format::Github,
    });
    print(&format!("{}\n", text.trim_end()));
    let fails = arguments.fail_on.is_some_and(|which| {
        let which = match which {
            FailOn::Breaking => changes::FailOn::Breaking,
            FailOn::Any => changes::FailOn::Any,
        };
        which.fails(&found)
    });
    Ok(if fails { Outcome::Amiss } else { Outcome::Fine })
}

/// One side of a comparison: a file, a vendor, or a vendor at a revision.
pub(crate) fn side(text: &str, overlay: Option<&Path>, allowed: &Allowed) -> Result<Document> {
    let vendor = |name: &str| VENDORS.contains(&name);
    if let Some((name, revision)) = text.split_once('@')
        && vendor(name)
        && !Path::new(text).exists()
    {
        let at = |file: &str| {
            let path = format!("specs/{name}/{file}");
            let bytes = git::file(revision, &path)?;
            Ok::<_, anyhow::Error>((format!("{path}@{revision}"), bytes))
        };
        let (shown, bytes) = at("openapi.yaml")?;
        return match overlay {
            Some(path) => Document::new(shown, bytes, None).with_overlay(path),
            None => Ok(Document::new(shown, bytes, Some(at("overlay.yaml")?))),
        };
    }
    if vendor(text) && !Path::new(text).is_file() {
        let document = Document::vendor(text)?;
        return match overlay {
            Some(path) => document.with_overlay(path),
            None => Ok(document),
        };
    }
    Document::open(Path::new(text), overlay, allowed)
}
