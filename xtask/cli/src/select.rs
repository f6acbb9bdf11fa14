//! `select`: the part of a document that some operations need.

use crate::documents::{Allowed, Document};
use crate::output::OnOther;
use crate::{CommandError, Status, output, stdout};
use clap::Args;
use std::path::PathBuf;

/// The document's own words and dialect, the operations asked for and all that they reach.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The OpenAPI document, in YAML or JSON.
    pub file: PathBuf,
    /// A path template (`*` for any characters), `METHOD /path`, `tag:NAME` or an operationId.
    #[arg(required = true)]
    pub select: Vec<String>,
    /// An OpenAPI Overlay to apply first.
    #[arg(long)]
    pub overlay: Option<PathBuf>,
    /// The files that the document may refer to.
    #[command(flatten)]
    pub allowed: Allowed,
    /// Leave out descriptions, summaries, titles and examples.
    #[arg(long)]
    pub strip_prose: bool,
    /// Where to write it; standard output when not said. A file that holds something else stays,
    /// and the exit code is 2.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Replace another text that stands in that file.
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// Writes the part of a document.
///
/// # Errors
///
/// When the document cannot be read, or its part cannot be written.
pub fn run(arguments: &Arguments) -> Result<Status, CommandError> {
    if let Some(path) = &arguments.out {
        output::try_place(path)?;
    }
    let document = Document::open(
        &arguments.file,
        arguments.overlay.as_deref(),
        &arguments.allowed,
    )?;
    if let Some(path) = &arguments.out {
        output::try_apart(path, &document.files)?;
    }
    let mut raw = document.read(&arguments.select)?.raw;
    if arguments.strip_prose {
        plumbline_specs::strip(&mut raw);
    }
    let text = plumbline_specs::to_yaml(&raw).map_err(CommandError::Refused)?;
    match &arguments.out {
        Some(path) => output::write_kept(path, &text, OnOther::forced(arguments.force))?,
        None => stdout::print(&text),
    }
    Ok(Status::Ok)
}
