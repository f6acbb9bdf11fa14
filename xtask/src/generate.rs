//! `generate`: the vendors' clients, or that of any document.

use crate::documents;
use crate::update::version;
use crate::workspace::{self, Status, root};
use anyhow::{Context, Result};
use clap::Args;
use clap::builder::PossibleValuesParser;
use plumbline_cli::documents::Allowed;
use plumbline_cli::generate::{Job, OneClient, Options, Source};
use plumbline_generator::rust::Layout;
use plumbline_generator::{self as generator, Generated};
use plumbline_specs::Reading;
use std::path::PathBuf;

/// How the vendors' clients are generated.
const COMMAND: &str = "cargo xtask generate";

/// Without --spec: the vendors' clients into `generated/`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only this vendor's module, and what all modules share.
    #[arg(long, value_parser = PossibleValuesParser::new(workspace::vendors()), conflicts_with = "spec")]
    vendor: Option<String>,
    /// An OpenAPI document of your own.
    #[arg(long, requires = "out", requires = "name")]
    spec: Option<PathBuf>,
    /// An OpenAPI Overlay that corrects it.
    #[arg(long, requires = "spec")]
    overlay: Option<PathBuf>,
    #[command(flatten)]
    allowed: Allowed,
    /// The operations to keep: a path template (`*` for any characters), `METHOD /path`,
    /// `tag:NAME` or an operationId.
    #[arg(long, num_args = 1.., requires = "spec")]
    select: Vec<String>,
    /// The folder of the package. Files in it that this command did not write stay, and so do
    /// keys of your own in Cargo.toml.
    #[arg(long, requires = "spec")]
    out: Option<PathBuf>,
    /// The package's name.
    #[arg(long, requires = "spec")]
    name: Option<String>,
    #[command(flatten)]
    options: Options,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let job = match (&arguments.spec, &arguments.out, &arguments.name) {
        (Some(spec), Some(out), Some(name)) => Job::of_document(&OneClient {
            spec,
            overlay: arguments.overlay.as_deref(),
            allowed: &arguments.allowed,
            select: &arguments.select,
            name,
            out,
            program: COMMAND,
        })?,
        _ => vendors()?,
    };
    let vendor = arguments.vendor.as_deref();
    let leave = |path: &str| vendor.is_some_and(|vendor| belongs_to_another(&job, path, vendor));
    Ok(job.run(&arguments.options, leave)?)
}

/// Whether the bindings in `generated/` are fresh; prints what is not.
pub(crate) fn check() -> Result<bool> {
    let job = vendors()?;
    Ok(job.is_fresh(&job.generate()?, |_| false)?)
}

/// The version that the workspace's manifest gives the clients; `update` moves it.
fn clients_version() -> Result<String> {
    let manifest =
        std::fs::read_to_string(root().join("Cargo.toml")).context("Cargo.toml cannot be read")?;
    version::read(&manifest)
}

/// How the vendors' clients are made.
fn clients(version: &str) -> generator::Options {
    generator::Options {
        package: "plumbline-clients".to_owned(),
        version: version.to_owned(),
        layout: Layout::Modules,
        command: COMMAND.to_owned(),
    }
}

/// The vendors' clients of documents that were read, by the vendors' names.
pub(crate) fn bindings(readings: &[(&str, Reading)], version: &str) -> Generated {
    let file = |(vendor, _): &(&str, Reading)| format!("specs/{vendor}/openapi.yaml");
    let files: Vec<String> = readings.iter().map(file).collect();
    let sources: Vec<generator::Source<'_>> = readings
        .iter()
        .zip(&files)
        .map(|((name, reading), file)| generator::Source {
            name,
            file,
            api: &reading.api,
        })
        .collect();
    generator::generate(&sources, &clients(version))
}

/// The vendors' clients.
fn vendors() -> Result<Job> {
    let mut sources = Vec::new();
    for vendor in workspace::vendors() {
        let document = documents::vendor(vendor)?;
        let reading = document.read(&[])?;
        sources.push(Source {
            document,
            reading,
            module: vendor.to_owned(),
        });
    }
    Ok(Job {
        sources,
        options: clients(&clients_version()?),
        out: root().join("generated"),
        shown: "generated".to_owned(),
    })
}

/// Whether a file is of another vendor's module.
fn belongs_to_another(job: &Job, path: &str, vendor: &str) -> bool {
    job.sources.iter().any(|Source { module, .. }| {
        module != vendor && path.starts_with(&format!("src/{module}/"))
    })
}
