//! `generate`: bindings from documents, written or compared with what is there.

use crate::documents::Document;
use crate::update::version;
use crate::workspace::{Outcome, VENDORS, root, shown};
use anyhow::{Context, Result, bail};
use clap::Args;
use plumbline_cli::documents::Allowed;
use plumbline_cli::package::{self, OnConflict, Texts};
use plumbline_cli::say;
use plumbline_generator::rust::Layout;
use plumbline_generator::{Generated, Options, Source, generate};
use plumbline_specs::{Diagnostic, Diagnostics, Reading, Severity};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Without --spec: the vendors' clients into `generated/`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 and a diff when the files are not what they should be.
    #[arg(long)]
    check: bool,
    /// Only this vendor's module, and what all modules share.
    #[arg(long, value_parser = VENDORS, conflicts_with = "spec")]
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
    /// Replace also files of the package that were changed since they were written, and files
    /// that stand where it has its own.
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// The package's name.
    #[arg(long, requires = "spec")]
    name: Option<String>,
    /// A diagnostic's code that shall count as an error; may be given several times.
    #[arg(long, value_name = "CODE")]
    deny: Vec<String>,
    /// Show each note and warning, not their counts alone.
    #[arg(long, short)]
    verbose: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let job = match (&arguments.spec, &arguments.out, &arguments.name) {
        (Some(spec), Some(out), Some(name)) => Job::own(arguments, spec, out, name)?,
        _ => Job::vendors()?,
    };
    let package = job.generate()?;
    for (document, reading, _) in &job.sources {
        report(document, &reading.diagnostics, arguments)?;
    }
    for (document, ..) in &job.sources {
        let own = package
            .diagnostics
            .iter()
            .filter(|one| one.place.file == document.name());
        report(document, &own.cloned().collect(), arguments)?;
    }
    for module in &package.summary.modules {
        let (operations, types) = (module.operations, module.types);
        say!("{}: {operations} operations, {types} types", module.name);
    }
    let summary = &package.summary;
    say!("{} files, {} lines", summary.files, summary.lines);
    let texts: Texts<'_> = package.files.iter().collect();
    let vendor = arguments.vendor.as_deref();
    let leave = |path: &str| vendor.is_some_and(|vendor| job.belongs_to_another(path, vendor));
    let out = shown(&job.out);
    if arguments.check {
        let differences = package::compare(&job.out, &texts, leave)?;
        for difference in &differences {
            say!("{difference}");
        }
        if differences.is_empty() {
            say!("{out}: up to date");
            return Ok(Outcome::Fine);
        }
        say!("{out}: stale; `{}` mends it", job.options.command);
        return Ok(Outcome::Amiss);
    }
    let on_conflict = match arguments.force {
        true => OnConflict::Replace,
        false => OnConflict::Refuse,
    };
    let written = package::write(&job.out, &texts, leave, on_conflict)?;
    for note in &written.notes {
        say!("{note}");
    }
    match written.files {
        0 => say!("{out}: up to date"),
        files => say!("{out}: {files} files written"),
    }
    Ok(Outcome::Fine)
}

/// Whether the bindings in `generated/` are fresh; prints what is not.
pub(crate) fn check() -> Result<bool> {
    let job = Job::vendors()?;
    let package = job.generate()?;
    let texts = package.files.iter().collect();
    let differences = package::compare(&job.out, &texts, |_| false)?;
    for difference in &differences {
        say!("{difference}");
    }
    Ok(differences.is_empty())
}

/// The version that the workspace's manifest gives the clients; `update` moves it.
fn clients_version() -> Result<String> {
    let manifest =
        std::fs::read_to_string(root().join("Cargo.toml")).context("Cargo.toml cannot be read")?;
    version::read(&manifest)
}

/// How the vendors' clients are made.
fn clients(version: &str) -> Options {
    Options {
        package: "plumbline-clients".to_owned(),
        version: version.to_owned(),
        layout: Layout::Modules,
        command: "cargo xtask generate".to_owned(),
    }
}

/// The vendors' clients of documents that were read, by the vendors' names.
pub(crate) fn bindings(readings: &[(&str, Reading)], version: &str) -> Generated {
    let file = |(vendor, _): &(&str, Reading)| format!("specs/{vendor}/openapi.yaml");
    let files: Vec<String> = readings.iter().map(file).collect();
    let sources: Vec<Source<'_>> = readings
        .iter()
        .zip(&files)
        .map(|((name, reading), file)| Source {
            name,
            file,
            api: &reading.api,
        })
        .collect();
    generate(&sources, &clients(version))
}

/// What is to be generated, and where to.
struct Job {
    /// Each document with what was read of it and its module's name.
    sources: Vec<(Document, plumbline_specs::Reading, String)>,
    options: Options,
    out: PathBuf,
}

impl Job {
    fn vendors() -> Result<Self> {
        let mut sources = Vec::new();
        for vendor in VENDORS {
            let document = Document::vendor(vendor)?;
            let reading = document.read(&[])?;
            sources.push((document, reading, vendor.to_owned()));
        }
        Ok(Self {
            sources,
            options: clients(&clients_version()?),
            out: root().join("generated"),
        })
    }

    fn own(arguments: &Arguments, spec: &Path, out: &Path, name: &str) -> Result<Self> {
        let fits = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
        if !fits {
            bail!("`{name}` is no package name: use lower-case letters, digits, `-` and `_`");
        }
        let document = Document::open(spec, arguments.overlay.as_deref(), &arguments.allowed)?;
        let reading = document.read(&arguments.select)?;
        let file = spec.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            sources: vec![(document, reading, name.replace('-', "_"))],
            options: Options {
                package: name.to_owned(),
                version: "0.1.0".to_owned(),
                layout: Layout::Root,
                command: format!("cargo xtask generate --spec {file} --name {name}"),
            },
            out: out.to_path_buf(),
        })
    }

    /// Makes the files.
    ///
    /// # Errors
    ///
    /// The diagnostics, rendered, when one of them is an error.
    fn generate(&self) -> Result<Generated> {
        // The files name a document by what is the same on every machine: not by its folders,
        // unless it lies in the repository.
        let files: Vec<String> = self
            .sources
            .iter()
            .map(|(document, ..)| match self.options.layout {
                Layout::Modules => document.name().to_owned(),
                Layout::Root => document.file_name(),
            })
            .collect();
        let sources: Vec<Source<'_>> = self
            .sources
            .iter()
            .zip(&files)
            .map(|((_, reading, name), file)| Source {
                name,
                file,
                api: &reading.api,
            })
            .collect();
        let mut generated = generate(&sources, &self.options);
        let names = |diagnostic: &Diagnostic| {
            let index = files
                .iter()
                .position(|file| *file == diagnostic.place.file)?;
            self.sources
                .get(index)
                .map(|(document, ..)| document.name())
        };
        generated.diagnostics = generated
            .diagnostics
            .iter()
            .map(|one| match names(one) {
                Some(name) => one.clone().file(name),
                None => one.clone(),
            })
            .collect();
        if generated.diagnostics.has_errors() {
            let mut rendered = String::new();
            for (document, ..) in &self.sources {
                rendered.push_str(&document.render(&generated.diagnostics, Severity::Error));
            }
            bail!("{rendered}");
        }
        Ok(generated)
    }

    /// Whether a file is of another vendor's module.
    fn belongs_to_another(&self, path: &str, vendor: &str) -> bool {
        self.sources
            .iter()
            .any(|(.., name)| name != vendor && path.starts_with(&format!("src/{name}/")))
    }
}

/// Shows what a document's readers and planners noticed; counts it by code, or in full.
fn report(document: &Document, found: &Diagnostics, arguments: &Arguments) -> Result<()> {
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in found {
        *codes.entry(diagnostic.code).or_default() += 1;
    }
    let denied: Diagnostics = found
        .iter()
        .filter(|one| arguments.deny.iter().any(|code| code == one.code))
        .cloned()
        .collect();
    if !denied.is_empty() {
        plumbline_cli::stdout::tell(&document.render(&denied, Severity::Note));
        bail!("{}: {} denied", document.name(), denied.summary());
    }
    if arguments.verbose {
        plumbline_cli::stdout::tell(&document.render(found, Severity::Note));
    } else if !codes.is_empty() {
        let counts: Vec<_> = codes
            .iter()
            .map(|(code, count)| format!("{count} {code}"))
            .collect();
        say!(
            "{}: {} (--verbose shows them)",
            document.name(),
            counts.join(", ")
        );
    }
    Ok(())
}
