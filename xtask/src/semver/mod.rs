//! `semver`: whether our verdict on the Rust API is that of `cargo semver-checks`.

mod crates;
mod explained;
mod pairs;
mod table;
mod tool;

use crate::workspace::{Status, display_path, root};
use anyhow::{Context, Result, bail};
use clap::Args;
use explained::Explained;
use pairs::Pair;
use plumbline_changes::Step;
use plumbline_cli::say;
use std::path::PathBuf;
use std::{env, fs};
use tool::Tool;

/// Generates both crates of each pair of documents, and asks `cargo semver-checks`, which it
/// installs below `target`, what step it takes from the one to the other.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only these pairs of `specs/changes`.
    pairs: Vec<String>,
    /// The last pairs of the vendors' histories too, which `PLUMBLINE_SHARED` holds.
    #[arg(long)]
    history: bool,
}

/// A pair with both verdicts.
struct Judged {
    name: String,
    ours: Step,
    theirs: tool::Verdict,
}

impl Judged {
    /// Whether the verdicts agree: on what breaks, and that there is at least the step that the
    /// tool demands. It has no lint for what is merely added, so it never says that a minor step
    /// of ours is too much.
    fn agrees(&self) -> bool {
        let theirs = self.theirs.step;
        (theirs == Step::Major) == (self.ours == Step::Major) && self.ours >= theirs
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let explained = Explained::load()?;
    let work = folder();
    fs::create_dir_all(&work).with_context(|| format!("{} cannot be made", display_path(&work)))?;
    let tool = Tool::ready(&work)?;
    let mut pairs = pairs::small()?;
    let wanted = arguments.pairs.iter().map(String::as_str);
    for name in wanted.chain(explained.pairs()) {
        if !pairs.iter().any(|pair| pair.name == name) {
            bail!("specs/changes has no pair `{name}`");
        }
    }
    if !arguments.pairs.is_empty() {
        pairs.retain(|pair| arguments.pairs.contains(&pair.name));
    }
    if arguments.history {
        pairs.extend(pairs::history()?);
    }
    let docs = crates::document(&pairs, &work)?;
    let judged = judge(&pairs, &docs, &tool)?;
    let (text, faults) = table::text(&judged, &explained);
    plumbline_cli::stdout::print(&text);
    for fault in &faults {
        say!("{fault}");
    }
    Ok(Status::of(faults.is_empty()))
}

/// Both verdicts on each pair.
fn judge(pairs: &[Pair], docs: &crates::Docs, tool: &Tool) -> Result<Vec<Judged>> {
    let bar = crate::corpus::bar(pairs.len(), "judge");
    let mut judged = Vec::new();
    for pair in pairs {
        bar.set_message(pair.name.clone());
        let (old, new) = docs.of(&pair.name);
        let theirs = tool
            .compare(&old, &new)
            .with_context(|| pair.name.clone())?;
        judged.push(Judged {
            name: pair.name.clone(),
            ours: pair.step(),
            theirs,
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(judged)
}

/// Where everything is written.
fn folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join("semver")
}
