//! `suggest`: how well overlays are suggested. `plumbline suggest` writes them.
//!
//! For a folder a table of what each document's lists are walked by; with labels, how right that
//! is.

mod table;

use crate::corpus;
use crate::documents;
use crate::workspace::{Status, display_path, shared};
use anyhow::{Context, Result};
use clap::Args;
use plumbline_cli::documents::Allowed;
use plumbline_cli::stdout::print;
use plumbline_cli::{say, tell};
use plumbline_specs::suggest::score::{self, Label, Score};
use plumbline_specs::{Suggestions, suggest};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use table::Row;

/// What `plumbline suggest` suggests for each document of a folder, and how right that is.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
                        cargo xtask suggest ../documents\n  \
                        cargo xtask suggest --labels specs/labels.tsv")]
pub(crate) struct Arguments {
    /// A folder of OpenAPI documents, or one; with --labels the folder that they are of, the
    /// corpus of PLUMBLINE_SHARED when not said.
    path: Option<PathBuf>,
    #[command(flatten)]
    allowed: Allowed,
    /// The operations to look at: a path template (`*` for any characters), `METHOD /path`,
    /// `tag:NAME` or an operationId.
    #[arg(long, num_args = 1..)]
    select: Vec<String>,
    /// Say how much of what is called certain is right, by labels that a person gave.
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    if let Some(labels) = &arguments.labels {
        return judge(labels, arguments.path.as_deref());
    }
    let path = arguments
        .path
        .as_deref()
        .context("which folder of documents? `cargo xtask suggest DIR`")?;
    let allowed = arguments.allowed.clone().and([path]);
    let mut rows = Vec::new();
    for found in corpus::documents(path)? {
        match of(&found.path, &arguments.select, &allowed) {
            Ok(suggestions) => rows.push(Row::new(&found.name, &suggestions)),
            Err(error) => {
                // Beside documents stand other files, and documents that nobody can read.
                let text = format!("{error:#}");
                let last = text.lines().last().unwrap_or_default();
                tell!("{}: left out: {last}", found.name);
            }
        }
    }
    print(&table::text(&rows));
    Ok(Status::Ok)
}

fn of(path: &Path, select: &[String], allowed: &Allowed) -> Result<Suggestions> {
    let document = documents::open(path, None, allowed)?;
    Ok(suggest(&document.read(select)?))
}

/// Precision and recall, for each half of the labels and for all.
fn judge(labels: &Path, dir: Option<&Path>) -> Result<Status> {
    let corpus = shared().map(|shared| shared.join("corpus"));
    let Some(dir) = dir.map(Path::to_path_buf).or(corpus) else {
        say!(
            "the labels are of documents that are not ours to pass on: give their folder, or set \
             PLUMBLINE_SHARED; nothing was judged"
        );
        return Ok(Status::Ok);
    };
    let text = fs::read_to_string(labels)
        .with_context(|| format!("{} cannot be read", display_path(labels)))?;
    let labels =
        score::labels(&text).map_err(|what| anyhow::anyhow!("{}, {what}", display_path(labels)))?;
    let mut documents: Vec<&str> = labels.iter().map(|label| label.document.as_str()).collect();
    documents.dedup();
    let mut halves = [("tuned", Score::default()), ("held", Score::default())];
    for document in documents {
        let suggestions = of(&dir.join(document), &[], &Allowed::default())?;
        for (half, score) in &mut halves {
            let own = |label: &&Label| label.document == document && label.half == *half;
            score.add(labels.iter().filter(own), &suggestions);
        }
    }
    let mut out = String::new();
    let mut all = Score::default();
    for (half, score) in &halves {
        line(&mut out, half, score);
        all.labels += score.labels;
        all.paged += score.paged;
        all.certain += score.certain;
        all.right += score.right;
        all.misses.extend(score.misses.iter().cloned());
    }
    line(&mut out, "all", &all);
    for miss in &all.misses {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {miss}");
    }
    print(&out);
    Ok(Status::Ok)
}

fn line(out: &mut String, name: &str, score: &Score) {
    let percent =
        |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0} %"));
    let _ = writeln!(
        out,
        "{name:<6} {} labels, {} paged; {} certain, {} right: precision {}, recall {}",
        score.labels,
        score.paged,
        score.certain,
        score.right,
        percent(score.precision()),
        percent(score.recall()),
    );
}
