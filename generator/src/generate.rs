//! The whole way from `Api`s to files.

use crate::audit::{self, Named};
use crate::package::{self, Origin};
use crate::plan::{self, Source, plan};
use crate::rust::{Crate, Layout};
use crate::{Files, codes, rust};
use plumbline_specs::{Diagnostic, Diagnostics};

/// What the package is called, how it is laid out, and who wrote it.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name, for example `plumbline-clients`.
    pub package: String,
    /// The package's version.
    pub version: String,
    /// Where the APIs stand in it. With [`Layout::Root`] there is one source.
    pub layout: Layout,
    /// The command that the files' header lines name, for example `cargo xtask generate`.
    pub command: String,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The package's files.
    pub files: Files,
    /// What was carried over in another way than it was written; nothing is written to disk, so
    /// an error among them is the caller's to heed.
    pub diagnostics: Diagnostics,
    /// How much there is.
    pub summary: Summary,
    /// The types that JSON can hold.
    pub types: Vec<Named>,
}

/// How much a package holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// For each module.
    pub modules: Vec<Count>,
    /// How many files there are.
    pub files: usize,
    /// How many lines they have.
    pub lines: usize,
}

/// How much a module holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The module's name.
    pub name: String,
    /// How many operations it has.
    pub operations: usize,
    /// How many types it has, constants and answers not counted.
    pub types: usize,
    /// The features of its tags.
    pub tags: Vec<String>,
}

/// Makes the files of a package with a client of each API: a function of its arguments.
pub fn generate(sources: &[Source<'_>], options: &Options) -> Generated {
    let (planned, mut diagnostics) = plan(
        sources,
        &plan::Options {
            package: options.package.clone(),
            version: options.version.clone(),
            layout: options.layout,
        },
    );
    if options.layout == Layout::Root && sources.len() != 1 {
        let message = format!("one API stands at a crate's root, not {}", sources.len());
        diagnostics.push(fault(message, "give one document, or ask for modules"));
    }
    let origin = Origin {
        command: options.command.clone(),
        documents: sources
            .iter()
            .map(|source| source.file.to_owned())
            .collect(),
    };
    let files = package::emit(&planned, &origin).unwrap_or_else(|message| {
        diagnostics.push(fault(
            message,
            "report this: it is a defect of the generator",
        ));
        Files::default()
    });
    Generated {
        summary: summary(&planned, &files),
        types: planned.modules.iter().flat_map(audit::named).collect(),
        files,
        diagnostics,
    }
}

fn fault(message: String, help: &str) -> Diagnostic {
    Diagnostic::error(codes::CANNOT_GENERATE, message).help(help)
}

fn summary(planned: &Crate, files: &Files) -> Summary {
    let count = |module: &rust::Module| Count {
        name: module.name.clone(),
        operations: module.operations.len(),
        types: module.items.len(),
        tags: module
            .groups
            .iter()
            .filter_map(|it| it.feature.clone())
            .collect(),
    };
    Summary {
        modules: planned.modules.iter().map(count).collect(),
        files: files.iter().count(),
        lines: files.lines(),
    }
}
