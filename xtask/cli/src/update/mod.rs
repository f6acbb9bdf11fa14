//! `update`: a document changed; from the new one to the package that is made of it.
//!
//! What stands in the way has a name, and nothing is written unless it is accepted by it.

mod changelog;
mod failure;
mod version;

pub use changelog::Entry;
pub use failure::{Failure, FailureKind, Failures};
pub use version::{describe as describe_step, stepped};

use crate::documents::{self, Allowed, Document, read_both};
use crate::generate::{Job, OneClient};
use crate::package::OnConflict;
use crate::{CommandError, Status, output, say, stdout};
use clap::Args;
use plumbline_changes::{Change, Comparison, Format, Options, compare, step};
use plumbline_specs::{Diagnostic, Diagnostics, Input, Pointer, Severity, without_items};
use std::path::PathBuf;

/// Nothing is written unless all of it works, or --accept says which failures to take.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Example:\n  plumbline update --spec openapi.yaml --from new.yaml \
                  --overlay overlay.yaml --out client --name my-client"
)]
pub struct Arguments {
    /// The document that is followed; the new one takes its place.
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// The new document. The files that it refers to are looked for beside the one that it
    /// replaces.
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// The OpenAPI Overlay that corrects it; actions that are accepted to select nothing are taken
    /// out of it.
    #[arg(long, value_name = "FILE")]
    pub overlay: Option<PathBuf>,
    /// The files that the documents may refer to.
    #[command(flatten)]
    pub allowed: Allowed,
    /// The operations that are followed: a path template (`*` for any characters),
    /// `METHOD /path`, `tag:NAME` or an operationId.
    #[arg(long, num_args = 1..)]
    pub select: Vec<String>,
    /// The folder of the package that is made of the document.
    #[arg(long, value_name = "DIR", requires = "name")]
    pub out: Option<PathBuf>,
    /// The package's name.
    #[arg(long, requires = "out")]
    pub name: Option<String>,
    /// Goes on in spite of a failure, by the name that it was shown with, or of all failures of
    /// a kind: overlay.
    #[arg(long, value_name = "FAILURE")]
    pub accept: Vec<String>,
}

/// Takes a new document: shows what changed, makes the package anew, and writes both.
///
/// # Errors
///
/// When a document cannot be read, or something cannot be written.
pub fn run(arguments: &Arguments) -> Result<Status, CommandError> {
    let (spec, overlay) = (&arguments.spec, arguments.overlay.as_deref());
    let old = Document::open(spec, overlay, &arguments.allowed)?;
    let from = documents::load(&arguments.from)?;
    let new = Document::at(spec, from, overlay, &arguments.allowed)?;
    if new.bytes == old.bytes {
        say!("{}: nothing has changed", old.name);
        return Ok(Status::Ok);
    }
    let mut failures = Failures::new(&arguments.accept);
    let new = without_idle_actions(new, &mut failures)?;
    if failures.refused() {
        return Ok(refuse(&failures));
    }
    let (before, after) = read_both(&old, &new, &arguments.select)?;
    let changes = compare(&before.api, &after.api, Options::default());
    show(old.input(), new.input(), &changes);
    let mut staged = vec![output::stage(spec, &new.bytes)?];
    if let (Some(path), Some((_, bytes))) = (overlay, &new.overlay)
        && old.overlay.as_ref().is_none_or(|(_, own)| own != bytes)
    {
        staged.push(output::stage(path, bytes)?);
    }
    let needs = describe_step(step(&changes));
    if let (Some(out), Some(name)) = (&arguments.out, &arguments.name) {
        // The files name the document by its place.
        let new = Document {
            name: old.name.clone(),
            ..new
        };
        let client = OneClient {
            spec,
            overlay,
            allowed: &arguments.allowed,
            select: &arguments.select,
            name,
            out,
            program: "plumbline generate",
        };
        let job = Job::of_reading(new, after, &client)?;
        job.write(&job.generate()?, |_| false, OnConflict::Refuse)?;
        say!("{name}: its version needs {needs}");
    }
    for file in staged {
        file.put()?;
    }
    say!("{}: written", old.name);
    Ok(Status::Ok)
}

/// Says what stands in the way of an update.
pub fn refuse(failures: &Failures) -> Status {
    stdout::say(&format!("\n{failures}nothing is written\n"));
    Status::Failed
}

/// Shows the changes between two documents.
pub fn show(old: Input<'_>, new: Input<'_>, changes: &[Change]) {
    let comparison = Comparison { old, new, changes };
    stdout::print(&comparison.render(Format::Text));
}

/// A document whose overlay has no action any more that selects nothing in it; each is a failure.
///
/// # Errors
///
/// Whatever else is wrong with the document or the overlay, and when the actions cannot be taken
/// out of the overlay's text.
pub fn without_idle_actions(
    mut document: Document,
    failures: &mut Failures,
) -> Result<Document, CommandError> {
    let idle = idle_actions(&document)?;
    for (index, target) in &idle {
        let (name, reason) = (index.to_string(), "its target selects nothing");
        failures.add(FailureKind::Overlay, &name, reason, target);
    }
    if let Some((name, bytes)) = document.overlay.take() {
        let indexes: Vec<usize> = idle.iter().map(|(index, _)| *index).collect();
        let list = Pointer::root().join("actions");
        let input = Input {
            name: &name,
            bytes: &bytes,
        };
        let rest = without(input, &list, &indexes)?;
        document.overlay = Some((name, rest.map_or(bytes, String::into_bytes)));
    }
    Ok(document)
}

/// A YAML text without some items of a list; `None` where it stays as it is.
///
/// # Errors
///
/// When the items cannot be taken out.
pub fn without(
    text: Input<'_>,
    list: &Pointer,
    indexes: &[usize],
) -> Result<Option<String>, CommandError> {
    if indexes.is_empty() {
        return Ok(None);
    }
    let rest = without_items(text, list, indexes);
    let rest = rest.ok_or_else(|| {
        CommandError::Refused(format!("{}: the items cannot be taken out", text.name))
    })?;
    Ok(Some(rest))
}

/// The actions of a document's overlay that select nothing in it, with their targets.
fn idle_actions(document: &Document) -> Result<Vec<(usize, String)>, CommandError> {
    let Err(found) = document.diagnose(&[]) else {
        return Ok(Vec::new());
    };
    let errors: Diagnostics = found
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .cloned()
        .collect();
    let overlay = document.overlay.as_ref();
    let actions = overlay.map(|(name, bytes)| plumbline_specs::value(Input { name, bytes }));
    let target = |index: usize| {
        let pointer = format!("/actions/{index}/target");
        let actions = actions.as_ref()?.as_ref().ok()?;
        Some(actions.pointer(&pointer)?.as_str()?.trim().to_owned())
    };
    let idle: Vec<(usize, String)> = errors
        .iter()
        .filter(|one| one.code == plumbline_specs::codes::OVERLAY_TARGET)
        .filter_map(item_of)
        .map(|index| (index, target(index).unwrap_or_default()))
        .collect();
    if idle.len() == errors.len() {
        return Ok(idle);
    }
    Err(CommandError::Refused(
        document.render(&errors, Severity::Error),
    ))
}

/// The item of a list that a diagnostic points at, or into.
pub fn item_of(diagnostic: &Diagnostic) -> Option<usize> {
    let pointer = diagnostic.place.pointer.as_ref()?;
    pointer.tokens().find_map(|token| token.parse().ok())
}
