//! `suggest`: an overlay for a document that has none.

use crate::documents::{Allowed, Document};
use crate::output::OnOther;
use crate::{CommandError, Status, output, stdout, tell};
use clap::Args;
use plumbline_specs::suggest;
use std::path::PathBuf;

/// What can be typed.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// An OpenAPI document (YAML or JSON).
    pub document: PathBuf,

    /// The files that the document may refer to.
    #[command(flatten)]
    pub allowed: Allowed,

    /// The operations to look at: a path template (`*` for any characters), `METHOD /path`,
    /// `tag:NAME` or an operationId.
    #[arg(long, value_name = "OPERATIONS", num_args = 1..)]
    pub select: Vec<String>,

    /// Where to write the overlay; standard output when not said. Each suggestion has its
    /// evidence; what is certain is in force, the rest is commented out. A file that holds
    /// something else stays, and the exit code is 2.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace another text that stands in that file.
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// Suggests an overlay.
///
/// # Errors
///
/// When the document cannot be read, or the overlay cannot be written.
pub fn run(arguments: &Arguments) -> Result<Status, CommandError> {
    if let Some(out) = &arguments.out {
        output::try_place(out)?;
    }
    let document = Document::open(&arguments.document, None, &arguments.allowed)?;
    if let Some(out) = &arguments.out {
        output::try_apart(out, &document.files)?;
    }
    let suggestions = suggest(&document.read(&arguments.select)?);
    let overlay = suggestions.overlay().map_err(CommandError::Refused)?;
    match &arguments.out {
        Some(out) => output::write_kept(out, &overlay, OnOther::forced(arguments.force))?,
        None => stdout::print(&overlay),
    }
    let (name, all, certain) = (
        &document.name,
        suggestions.list.len(),
        suggestions.certain(),
    );
    tell!("{name}: {all} suggestions, {certain} of them certain");
    if certain == 0 {
        tell!("an overlay needs an action: take one out of the comments before it is used");
    }
    Ok(Status::Ok)
}
