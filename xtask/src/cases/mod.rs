//! `cases`: inputs from public bug reports, odd servers and attacks, each tried with the commands as
//! a user types them, and held against what is right.

mod came;
mod table;
mod trial;

use crate::workspace::{Status, built, display_path};
use anyhow::{Context, Result, ensure};
use clap::Args;
use plumbline_cli::say;
use plumbline_cli::stdout::print;
use std::path::{Path, PathBuf};
use table::Table;
use trial::{Commands, Trial};

/// Tries the commands on a folder of cases, by the tables that stand beside this verb.
///
/// A case is a document, a server or a script, with what is right. The folder is that of all the
/// cases, or one of its sections.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder of the cases, or sections of it.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Only the cases whose name contains this; may be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Show what each command printed, not only where it is wrong.
    #[arg(long, short)]
    verbose: bool,
    /// Another `plumbline` than the one of this checkout.
    #[arg(long, value_name = "FILE")]
    plumbline: Option<PathBuf>,
    /// Another `xtask` than this one.
    #[arg(long, value_name = "FILE")]
    xtask: Option<PathBuf>,
}

impl Arguments {
    /// Every case of a folder, with the commands of this checkout.
    pub(crate) fn all_of(folder: PathBuf) -> Self {
        Self {
            folders: vec![folder],
            only: Vec::new(),
            verbose: false,
            plumbline: None,
            xtask: None,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    Ok(Status::of(wrong(arguments)?.is_empty()))
}

/// Tries the cases, and returns the names of those that are wrong, each with its faults.
///
/// # Errors
///
/// When a folder cannot be read, or no case has such a name.
pub(crate) fn wrong(arguments: &Arguments) -> Result<Vec<String>> {
    let absolute = |path: &PathBuf| {
        path.canonicalize()
            .with_context(|| format!("{} cannot be read", path.display()))
    };
    let commands = Commands {
        plumbline: match &arguments.plumbline {
            Some(path) => absolute(path)?,
            None => built(&[])?,
        },
        xtask: match &arguments.xtask {
            Some(path) => absolute(path)?,
            None => std::env::current_exe().context("this program cannot be found")?,
        },
    };
    let mut sections = Vec::new();
    for folder in &arguments.folders {
        sections.extend(sections_of(&absolute(folder)?)?);
    }
    let (mut right, mut wrong) = (0, Vec::new());
    for (folder, table) in &sections {
        say!("{}", display_path(folder));
        let trial = Trial::new(&commands, folder, table)?;
        for case in table.cases() {
            let label = format!("{}/{}", table.name, case.name);
            let wanted = |text: &String| label.contains(text.as_str());
            if !arguments.only.is_empty() && !arguments.only.iter().any(wanted) {
                continue;
            }
            let came = trial.run(case)?;
            let faults = case.faults(&came);
            say!("  {} {label}", if faults.is_empty() { "ok" } else { "NO" });
            say!("     right: {}", case.right);
            say!("     came:  {}", came.summary());
            for fault in &faults {
                say!("     {fault}");
            }
            if arguments.verbose || !faults.is_empty() {
                print(&came.indented());
            }
            if faults.is_empty() {
                right += 1;
            } else {
                wrong.push(format!("{label}: {}", faults.join("; ")));
            }
        }
        if arguments.only.is_empty() {
            for file in table.unnamed(folder)? {
                say!("  NO {}/{file}: no case names it", table.name);
                wrong.push(format!("{}/{file}: no case names it", table.name));
            }
        }
    }
    ensure!(right + wrong.len() > 0, "no case has such a name");
    say!("{right} right, {} wrong", wrong.len());
    for line in &wrong {
        say!("wrong: {line}");
    }
    Ok(wrong)
}

/// The sections of a folder for which there are tables: itself, or those below it.
fn sections_of(folder: &Path) -> Result<Vec<(PathBuf, Table)>> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut found = Vec::new();
    for table in Table::all()? {
        if table.name == name {
            return Ok(vec![(folder.to_owned(), table)]);
        }
        let below = folder.join(table.name);
        if below.is_dir() {
            found.push((below, table));
        }
    }
    ensure!(
        !found.is_empty(),
        "{} is no folder of cases that there is a table for",
        display_path(folder)
    );
    Ok(found)
}
