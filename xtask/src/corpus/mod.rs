//! `corpus`: every document of a folder is read, generated and, on request, compiled.
//!
//! What comes of each is a row of a table; `target/corpus/report.json` holds the same with all
//! messages.

mod audit;
mod check;
mod find;
mod machine;
mod make;
mod table;

use crate::children::{self, Interrupted};
use crate::workspace::{Status, display_path, root};
use anyhow::{Context, Result, bail};
use clap::Args;
use find::Found;
use indicatif::{ProgressBar, ProgressStyle};
use machine::Machine;
use plumbline_cli::documents::Allowed;
use plumbline_cli::{output, say, tell};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::{env, fs, thread};
use table::Row;

pub(crate) use check::{workspace, wrapped};
pub(crate) use find::documents;

/// Whole documents, unmodified: which of them generate, compile, and at what cost.
#[derive(Args, Default)]
pub(crate) struct Arguments {
    /// Folders of OpenAPI documents, or documents.
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
    #[command(flatten)]
    allowed: Allowed,
    /// Only documents of this name, as the table shows it; may be given several times.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Only the documents that this file lists, a name a line; `#` begins a comment.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Leave out the documents whose names have this in them; may be given several times.
    #[arg(long, value_name = "TEXT")]
    skip: Vec<String>,
    /// Compile the clients with `cargo check`; a warning is a failure.
    #[arg(long)]
    compile: bool,
    /// Compile only clients of at most so many lines; the others are generated.
    #[arg(long, requires = "compile", value_name = "LINES")]
    up_to: Option<usize>,
    /// Compile those with features for their tags with none and with one of them too.
    #[arg(long, requires = "compile")]
    tags: bool,
    /// Take values invented from the schemas through the client's types: each has to come back
    /// the same.
    #[arg(long)]
    audit: bool,
    /// How many at once; without it as many as processors and memory allow.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Write the table into this file, as Markdown, between its marks.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    if let Some(path) = &arguments.write {
        output::try_place(path)?;
    }
    let found = choose(arguments)?;
    let machine = Machine::look();
    let jobs = arguments.jobs.unwrap_or_else(|| machine.jobs()).max(1);
    let work = folder();
    fs::create_dir_all(&work).with_context(|| format!("{} cannot be made", display_path(&work)))?;
    let allowed = arguments.allowed.clone().and(&arguments.dirs);
    let mut rows = make_all(&found, &work, &allowed, jobs);
    let all = found.len();
    if let Err(error) = tried(arguments, &mut rows, &work, &allowed, jobs)
        && !children::interrupt().is_interrupted()
    {
        return Err(error);
    }
    let incomplete = children::interrupt().is_interrupted().then(|| {
        format!("interrupted: {} of {all} documents were read, and what was begun with them is not at its end", rows.len())
    });
    plumbline_cli::stdout::print(&table::text(&rows));
    for row in &rows {
        if let Some(audit) = &row.audit {
            say!("audit of {}: {audit}", row.document);
        }
    }
    for row in rows.iter().filter(|row| !row.fine()) {
        tell!("\n{}: {}", row.document, row.result());
        for message in &row.messages {
            tell!("{message}");
        }
    }
    let report = work.join("report.json");
    let json = serde_json::json!({ "incomplete": incomplete, "documents": rows });
    output::write(&report, &(serde_json::to_string_pretty(&json)? + "\n"))?;
    if let Some(incomplete) = incomplete {
        say!("incomplete: {incomplete}; {}", display_path(&report));
        return Err(Interrupted.into());
    }
    if let Some(path) = &arguments.write {
        table::write(path, &rows)?;
    }
    let fine = rows.iter().filter(|row| row.fine()).count();
    let done = if arguments.compile {
        "generate and compile without a warning"
    } else {
        "generate"
    };
    say!("{fine} of {} {done}; {}", rows.len(), display_path(&report));
    if let Some(peak) = machine::peak() {
        say!("this process held {} MB at most", peak / 1_000_000);
    }
    Ok(Status::of(fine == rows.len()))
}

/// Compiles and audits what was generated, as far as that is asked for.
fn tried(
    arguments: &Arguments,
    rows: &mut [Row],
    work: &Path,
    allowed: &Allowed,
    jobs: usize,
) -> Result<()> {
    if arguments.compile {
        let most = arguments.up_to.unwrap_or(usize::MAX);
        check::check(rows, work, jobs, arguments.tags, most)?;
    }
    if arguments.audit {
        audit::audit(rows, work, allowed)?;
    }
    Ok(())
}

/// What continuous integration holds: every document of the corpus and the vendors' as they are
/// now are generated, and all compile but the largest third, which takes two thirds of the time:
/// those are for the verb by itself.
pub(crate) fn compiles(shared: &Path) -> Result<bool> {
    let arguments = Arguments {
        dirs: vec![shared.join("corpus"), shared.join("vendor")],
        skip: vec!["/history/".to_owned()],
        compile: true,
        up_to: Some(16_000),
        ..Arguments::default()
    };
    Ok(run(&arguments)? == Status::Ok)
}

/// What continuous integration holds: a client compiles with each choice of tags.
pub(crate) fn tags() -> Result<bool> {
    let arguments = Arguments {
        dirs: vec![root().join("specs/features/tags.yaml")],
        compile: true,
        tags: true,
        ..Arguments::default()
    };
    Ok(run(&arguments)? == Status::Ok)
}

/// Where everything is written.
fn folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join("corpus")
}

fn choose(arguments: &Arguments) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for dir in &arguments.dirs {
        found.extend(find::documents(dir)?);
    }
    let mut wanted = arguments.only.clone();
    if let Some(path) = &arguments.list {
        wanted.extend(listed(path)?);
    }
    if let Some(unknown) = wanted
        .iter()
        .find(|name| found.iter().all(|one| one.name != **name))
    {
        bail!("no document is called `{unknown}`");
    }
    if !wanted.is_empty() {
        found.retain(|one| wanted.contains(&one.name));
    }
    let left_out = |one: &Found| arguments.skip.iter().any(|text| one.name.contains(text));
    found.retain(|one| !left_out(one));
    if found.is_empty() {
        bail!("there are no documents");
    }
    Ok(found)
}

fn listed(path: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", display_path(path)))?;
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

/// Generates all, some at once.
fn make_all(found: &[Found], work: &Path, allowed: &Allowed, jobs: usize) -> Vec<Row> {
    let bar = bar(found.len(), "generate");
    // The longest first, so that none is left for the end.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|index| found.get(*index).map(|one| one.bytes));
    let queue = Mutex::new(order);
    let rows = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(index) = queue.lock().ok().and_then(|mut queue| queue.pop()) {
                    let Some(one) = found.get(index) else {
                        continue;
                    };
                    if children::interrupt().is_interrupted() {
                        break;
                    }
                    bar.set_message(one.name.clone());
                    let row = make::make(one, work, allowed);
                    if let Ok(mut rows) = rows.lock() {
                        rows.push(row);
                    }
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    let mut rows = rows.into_inner().unwrap_or_default();
    rows.sort_by(|left, right| left.document.cmp(&right.document));
    rows
}

/// A progress bar; it shows itself on a terminal alone.
pub(crate) fn bar(length: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    let form = format!("{what} {{wide_bar}} {{pos}}/{{len}} {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&form) {
        bar.set_style(style);
    }
    bar
}
