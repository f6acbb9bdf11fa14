//! `diff`: what changed between two documents, and whom it breaks.

use crate::documents::{Allowed, Document, read_both};
use crate::{CommandError, Status, stdout};
use clap::{Args, ValueEnum};
use plumbline_changes::{self as changes, Comparison, compare};
use std::path::PathBuf;

/// Every change has a code, a place in both documents, and three verdicts: for deployed clients,
/// for deployed servers, and for the Rust API of the generated crate.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:\n  plumbline diff old.yaml new.yaml --fail-on breaking")]
pub struct Arguments {
    /// The old document, in YAML or JSON.
    pub old: PathBuf,
    /// The new one.
    pub new: PathBuf,
    /// How they are compared.
    #[command(flatten)]
    pub options: Options,
}

/// How two documents are compared, and how their changes are shown.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// An OpenAPI Overlay to apply to both sides, in place of a document's own.
    #[arg(long, value_name = "FILE")]
    pub overlay: Option<PathBuf>,
    /// The files that the documents may refer to.
    #[command(flatten)]
    pub allowed: Allowed,
    /// The operations to compare: a path template (`*` for any characters), `METHOD /path`,
    /// `tag:NAME` or an operationId.
    #[arg(long, num_args = 1..)]
    pub select: Vec<String>,
    /// How the changes are shown.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Exit with 1 when there are such changes.
    #[arg(long, value_enum, value_name = "WHICH")]
    pub fail_on: Option<FailOn>,
    /// Tell changes of descriptions and other prose too.
    #[arg(long)]
    pub prose: bool,
}

/// A form that changes are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
    /// For programs.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
}

/// Which changes make the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Changes that break a deployed client or the Rust API.
    Breaking,
    /// All changes but those of prose.
    Any,
}

/// Compares two files.
///
/// # Errors
///
/// When a document cannot be read.
pub fn run(arguments: &Arguments) -> Result<Status, CommandError> {
    let options = &arguments.options;
    let open = |path| Document::open(path, options.overlay.as_deref(), &options.allowed);
    diff(&open(&arguments.old)?, &open(&arguments.new)?, options)
}

/// Compares two documents and prints their changes. Of the options it takes those that say how.
///
/// # Errors
///
/// When a document cannot be read.
pub fn diff(old: &Document, new: &Document, options: &Options) -> Result<Status, CommandError> {
    let (before, after) = read_both(old, new, &options.select)?;
    let prose = options.prose;
    let changes = compare(&before.api, &after.api, changes::Options { prose });
    let comparison = Comparison {
        old: old.input(),
        new: new.input(),
        changes: &changes,
    };
    let text = comparison.render(options.format.into());
    stdout::print(&format!("{}\n", text.trim_end()));
    let fail_on = options.fail_on.map(changes::FailOn::from);
    let fails = fail_on.is_some_and(|which| which.fails(&changes));
    Ok(Status::of(!fails))
}

impl From<Format> for changes::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Markdown => Self::Markdown,
            Format::Json => Self::Json,
            Format::Github => Self::Github,
        }
    }
}

impl From<FailOn> for changes::FailOn {
    fn from(which: FailOn) -> Self {
        match which {
            FailOn::Breaking => Self::Breaking,
            FailOn::Any => Self::Any,
        }
    }
}
