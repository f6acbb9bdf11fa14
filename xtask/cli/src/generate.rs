//! `generate`: the clients of documents, written as a package or compared with what is there.

use crate::documents::{Allowed, Document, display_path};
use crate::package::{self, Difference, OnConflict, Texts};
use crate::{CommandError, Status, read, say, stdout};
use clap::Args;
use plumbline_generator::rust::Layout;
use plumbline_generator::{self as generator, Generated};
use plumbline_specs::text::nearest;
use plumbline_specs::{Code, Diagnostic, Diagnostics, Reading, Severity};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The client of one document, as a package of its own.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The OpenAPI document, in YAML or JSON.
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// An OpenAPI Overlay that corrects it, and says what OpenAPI cannot: pages, streams
    /// (`x-stream`), names. An action that matches nothing is an error (exit code 2).
    #[arg(long, value_name = "FILE")]
    pub overlay: Option<PathBuf>,
    /// The files that the document may refer to.
    #[command(flatten)]
    pub allowed: Allowed,
    /// The operations to keep: a path template (`*` for any characters), `METHOD /path`,
    /// `tag:NAME` or an operationId.
    #[arg(long, num_args = 1..)]
    pub select: Vec<String>,
    /// The folder of the package. Files in it that this command did not write stay, and so do
    /// keys of your own in Cargo.toml.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The package's name.
    #[arg(long)]
    pub name: String,
    /// What is done with what is generated.
    #[command(flatten)]
    pub options: Options,
}

/// What is done with what is generated.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Write nothing; exit with 1 and a diff when the files are not what they should be. The
    /// document's file may have another name.
    #[arg(long)]
    pub check: bool,
    /// Replace also files of the package that were changed since they were written, and files
    /// that stand where it has its own: all of them, there is no choosing.
    #[arg(long, conflicts_with = "check")]
    pub force: bool,
    /// A diagnostic's code that shall count as an error; may be given several times.
    #[arg(long, value_name = "CODE", value_parser = known_code)]
    pub deny: Vec<Code>,
    /// Show each note and warning, not their counts alone.
    #[arg(long, short)]
    pub verbose: bool,
}

/// Clients to be generated as one package, and its place.
#[derive(Debug)]
pub struct Job {
    /// The documents.
    pub sources: Vec<Source>,
    /// How the package is made.
    pub options: generator::Options,
    /// Its folder.
    pub out: PathBuf,
    /// What messages call the folder.
    pub shown: String,
}

/// A document that was read, and the module that its client becomes.
#[derive(Debug)]
pub struct Source {
    /// The document.
    pub document: Document,
    /// What was read of it.
    pub reading: Reading,
    /// The module's name.
    pub module: String,
}

/// Generates the client of one document.
///
/// # Errors
///
/// When the document cannot be read, a diagnostic of it is denied, or the package cannot be
/// written.
pub fn run(arguments: &Arguments) -> Result<Status, CommandError> {
    let job = Job::of_document(&OneClient {
        spec: &arguments.spec,
        overlay: arguments.overlay.as_deref(),
        allowed: &arguments.allowed,
        select: &arguments.select,
        name: &arguments.name,
        out: &arguments.out,
        program: "plumbline generate",
    })?;
    job.run(&arguments.options, |_| false)
}

/// What the package of one client is made from.
#[derive(Clone, Copy, Debug)]
pub struct OneClient<'a> {
    /// The document.
    pub spec: &'a Path,
    /// Its overlay.
    pub overlay: Option<&'a Path>,
    /// The files that it may refer to.
    pub allowed: &'a Allowed,
    /// The operations to keep; all where there is none.
    pub select: &'a [String],
    /// The package's name.
    pub name: &'a str,
    /// Its folder.
    pub out: &'a Path,
    /// The command that is typed, without its options; generated files name it.
    pub program: &'a str,
}

impl Job {
    /// Reads a document whose client becomes a package of its own.
    ///
    /// # Errors
    ///
    /// When no package can have that name, or the document cannot be read.
    pub fn of_document(client: &OneClient<'_>) -> Result<Self, CommandError> {
        check_name(client.name)?;
        let document = Document::open(client.spec, client.overlay, client.allowed)?;
        let reading = document.read(client.select)?;
        Self::of_reading(document, reading, client)
    }

    /// The same for a document that was read.
    ///
    /// # Errors
    ///
    /// When no package can have that name.
    pub fn of_reading(
        document: Document,
        reading: Reading,
        client: &OneClient<'_>,
    ) -> Result<Self, CommandError> {
        let OneClient { name, program, .. } = *client;
        check_name(name)?;
        let file = document.file_name();
        Ok(Self {
            sources: vec![Source {
                document,
                reading,
                module: name.replace('-', "_"),
            }],
            options: generator::Options {
                package: name.to_owned(),
                version: "0.1.0".to_owned(),
                layout: Layout::Root,
                command: format!("{program} --spec {file} --name {name}"),
            },
            out: client.out.to_path_buf(),
            shown: display_path(client.out),
        })
    }

    /// Makes the package and writes it, or says whether it is what it should be. Files that `leave`
    /// names are left as they are.
    ///
    /// # Errors
    ///
    /// When a diagnostic is an error or denied, or the package cannot be compared or written.
    pub fn run(
        &self,
        options: &Options,
        leave: impl Fn(&str) -> bool,
    ) -> Result<Status, CommandError> {
        let package = self.generate()?;
        for source in &self.sources {
            report(&source.document, &source.reading.diagnostics, options)?;
        }
        for Source { document, .. } in &self.sources {
            let own = package
                .diagnostics
                .iter()
                .filter(|one| one.place.file == document.name);
            report(document, &own.cloned().collect(), options)?;
        }
        for module in &package.summary.modules {
            let (operations, types) = (module.operations, module.types);
            say!("{}: {operations} operations, {types} types", module.name);
        }
        let summary = &package.summary;
        say!("{} files, {} lines", summary.files, summary.lines);
        let out = &self.shown;
        if options.check {
            let differences = self.differences(&package, &leave)?;
            if differences.is_empty() {
                say!("{out}: up to date");
                return Ok(Status::Ok);
            }
            if let Some(name) = self.made_from()
                && self
                    .differences(&self.generate_from(&name)?, &leave)?
                    .is_empty()
            {
                say!("{out}: up to date, made from the same document as `{name}`");
                return Ok(Status::Ok);
            }
            for difference in &differences {
                say!("{difference}");
            }
            say!("{out}: stale; `{}` mends it", self.options.command);
            return Ok(Status::Failed);
        }
        let on_conflict = match options.force {
            true => OnConflict::Replace,
            false => OnConflict::Refuse,
        };
        self.write(&package, leave, on_conflict)?;
        Ok(Status::Ok)
    }

    /// Writes the package, and says what came of it.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(
        &self,
        package: &Generated,
        leave: impl Fn(&str) -> bool,
        on_conflict: OnConflict,
    ) -> Result<(), CommandError> {
        let texts: Texts<'_> = package.files.iter().collect();
        let written = package::write(&self.out, &texts, leave, on_conflict)?;
        for note in &written.notes {
            say!("{note}");
        }
        let out = &self.shown;
        match written.files {
            0 => say!("{out}: up to date"),
            files => say!("{out}: {files} files written"),
        }
        Ok(())
    }

    /// Whether the package's folder holds what it should; prints what it does not.
    ///
    /// # Errors
    ///
    /// When it cannot be compared.
    pub fn is_fresh(
        &self,
        package: &Generated,
        leave: impl Fn(&str) -> bool,
    ) -> Result<bool, CommandError> {
        let differences = self.differences(package, &leave)?;
        for difference in &differences {
            say!("{difference}");
        }
        Ok(differences.is_empty())
    }

    fn differences(
        &self,
        package: &Generated,
        leave: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Difference>, CommandError> {
        let texts = package.files.iter().collect();
        Ok(package::compare(&self.out, &texts, leave)?)
    }

    /// The name of the document that a package of one client says that it was made from, where that
    /// is another one.
    fn made_from(&self) -> Option<String> {
        let [source] = self.sources.as_slice() else {
            return None;
        };
        let head = read::head(&self.out.join("src/lib.rs"), 4096).ok()?;
        let head = String::from_utf8_lossy(&head);
        let (_, rest) = head.lines().next()?.split_once(" from ")?;
        let name = rest.strip_suffix(". Do not edit.")?;
        let is_root = self.options.layout == Layout::Root;
        (is_root && name != source.document.file_name()).then(|| name.to_owned())
    }

    /// Makes the files of one client as if its document had another name.
    fn generate_from(&self, name: &str) -> Result<Generated, CommandError> {
        let mut options = self.options.clone();
        if let [source] = self.sources.as_slice() {
            let own = format!(" --spec {} ", source.document.file_name());
            options.command = options.command.replace(&own, &format!(" --spec {name} "));
        }
        self.generate_with(&[name.to_owned()], &options)
    }

    /// Makes the files.
    ///
    /// # Errors
    ///
    /// The diagnostics, rendered, when one of them is an error.
    pub fn generate(&self) -> Result<Generated, CommandError> {
        // The files name a document by what is the same on every machine: not by its folders,
        // unless it lies in the repository.
        let files: Vec<String> = self
            .sources
            .iter()
            .map(|Source { document, .. }| match self.options.layout {
                Layout::Modules => document.name.clone(),
                Layout::Root => document.file_name(),
            })
            .collect();
        self.generate_with(&files, &self.options)
    }

    fn generate_with(
        &self,
        files: &[String],
        options: &generator::Options,
    ) -> Result<Generated, CommandError> {
        let sources: Vec<generator::Source<'_>> = self
            .sources
            .iter()
            .zip(files)
            .map(|(source, file)| generator::Source {
                name: &source.module,
                file,
                api: &source.reading.api,
            })
            .collect();
        let mut generated = generator::generate(&sources, options);
        let names = |diagnostic: &Diagnostic| {
            let index = files
                .iter()
                .position(|file| *file == diagnostic.place.file)?;
            let source = self.sources.get(index)?;
            Some(source.document.name.as_str())
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
            for Source { document, .. } in &self.sources {
                rendered.push_str(&document.render(&generated.diagnostics, Severity::Error));
            }
            return Err(CommandError::Refused(rendered));
        }
        Ok(generated)
    }
}

/// The code of reading or of generating that has this text.
fn known_code(text: &str) -> Result<Code, String> {
    let read = plumbline_specs::codes::ALL.iter();
    let codes: Vec<Code> = read.chain(generator::codes::ALL).copied().collect();
    if let Some(code) = codes.iter().find(|code| code.as_str() == text) {
        return Ok(*code);
    }
    Err(
        match nearest(text, codes.iter().map(|code| code.as_str())) {
            Some(near) => format!("there is no such code; did you mean `{near}`?"),
            None => "there is no such code".to_owned(),
        },
    )
}

/// Refuses a name that no package can have.
fn check_name(name: &str) -> Result<(), CommandError> {
    let fits = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
    match fits {
        true => Ok(()),
        false => Err(CommandError::PackageName(name.to_owned())),
    }
}

/// Shows what a document's readers and planners noticed; counts it by code, or in full.
fn report(document: &Document, found: &Diagnostics, options: &Options) -> Result<(), CommandError> {
    let mut codes: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in found {
        *codes.entry(diagnostic.code).or_default() += 1;
    }
    let denied: Diagnostics = found
        .iter()
        .filter(|one| options.deny.contains(&one.code))
        .cloned()
        .collect();
    if !denied.is_empty() {
        stdout::tell(&document.render(&denied, Severity::Note));
        return Err(CommandError::Denied {
            document: document.name.clone(),
            summary: denied.summary(),
        });
    }
    if options.verbose {
        stdout::tell(&document.render(found, Severity::Note));
    } else if !codes.is_empty() {
        let counts: Vec<_> = codes
            .iter()
            .map(|(code, count)| format!("{count} {code}"))
            .collect();
        say!(
            "{}: {} (--verbose shows them)",
            document.name,
            counts.join(", ")
        );
    }
    Ok(())
}
