//! `select`: the part of a document that some operations need.

use crate::documents::Document;
use crate::workspace::Outcome;
use anyhow::Result;
use clap::Args;
use plumbline_cli::documents::Allowed;
use plumbline_cli::output;
use plumbline_cli::stdout::print;
use std::path::PathBuf;

/// The document's own words and dialect, the operations asked for and all that they reach.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The OpenAPI document, in YAML or JSON.
    file: PathBuf,
    /// A path template (`*` for any characters), `METHOD /path`, `tag:NAME` or an operationId.
    #[arg(required = true)]
    select: Vec<String>,
    /// An OpenAPI Overlay to apply first.
    #[arg(long)]
    overlay: Option<PathBuf>,
    #[command(flatten)]
    allowed: Allowed,
    /// Leave out descriptions, summaries, titles and examples.
    #[arg(long)]
    strip_prose: bool,
    /// Where to write it; standard output when not said.
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if let Some(path) = &arguments.out {
        output::try_place(path)?;
    }
    let document = Document::open(
        &arguments.file,
        arguments.overlay.as_deref(),
        &arguments.allowed,
    )?;
    let mut raw = document.read(&arguments.select)?.raw;
    if arguments.strip_prose {
        plumbline_specs::strip(&mut raw);
    }
    let text = plumbline_specs::to_yaml(&raw).map_err(anyhow::Error::msg)?;
    match &arguments.out {
        Some(path) => output::write(path, &text)?,
        None => print(&text),
    }
    Ok(Outcome::Fine)
}
