//! `update`: a vendor's document changed; the whole way from reading it to a changelog entry.
//!
//! The new document is read, what we follow of it put into our form, the overlay applied, the
//! changes judged, the clients made and compiled, the fixtures replayed. Files are written when
//! all of it works, or when each failure is accepted by its name.

mod changelog;
mod clients;
mod failure;
mod fixtures;
mod house;
pub(crate) mod version;

use crate::workspace::{Status, root};
use anyhow::{Context, Result, anyhow, bail};
use changelog::Entry;
use clap::Args;
use failure::Failures;
use house::{Folder, House};
use plumbline_changes::{Change, Comparison, Format, Options, Step, compare, step};
use plumbline_cli::documents::{self, Document};
use plumbline_cli::stdout::print;
use plumbline_specs::transcription::{Followed, Prose, renew};
use plumbline_specs::{Diagnostics, Input, Pointer, Severity, render, without_items};
use std::fs;
use std::path::PathBuf;

/// Nothing is written unless all of it works, or --accept says which failures to take.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask update opik --from openapi.yaml\n  cargo xtask update \
                  galileo --from openapi.yaml --accept overlay --accept fixture:life/created"
)]
pub(crate) struct Arguments {
    /// A folder in specs/.
    vendor: String,
    /// The vendor's new document, whole: 64 MiB at most, and no file beside it is read.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The overlay mended for the new document; it takes the place of the vendor's.
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// Goes on in spite of a failure, by the name that it was shown with, or of all failures of
    /// a kind: selection, departure, overlay, compile, fixture.
    #[arg(long, value_name = "FAILURE")]
    accept: Vec<String>,
    /// Leave out the document's prose, and carry our own sentences over, whatever followed.yaml
    /// says.
    #[arg(long)]
    strip_prose: bool,
    /// The date or the version of the new document; a date in the file's name when not given.
    #[arg(long)]
    dated: Option<String>,
    /// The checkout to work on, instead of the one that this command belongs to.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let root = arguments.root.as_deref().unwrap_or_else(|| root());
    let house = House::open(root)?;
    let old = house.folder(&arguments.vendor)?;
    let (_, bytes) = documents::load(&arguments.from)?;
    let mut failures = Failures::new(&arguments.accept);
    let new = follow(arguments, &old, &bytes, &mut failures)?;
    if failures.refused() {
        return refused(&failures);
    }
    let (before, after) = (old.document().read(&[])?, new.document().read(&[])?);
    let changes = compare(&before.api, &after.api, Options::default());
    if new.document == old.document {
        print(&format!(
            "{}: nothing that we follow has changed\n",
            arguments.vendor
        ));
        return Ok(Status::Ok);
    }
    show(&old, &new, &changes)?;
    let step = step(&changes);
    let version = version::stepped(&house.version()?, step)?;
    let package = clients::generate_files(&house, &new, &after, &version)?;
    if let Err(reason) = clients::compile(&house, &package) {
        failures.add("compile", "the clients do not compile", &reason.to_string());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    for stale in runtime.block_on(fixtures::stale(&house, &old, before, after))? {
        failures.add(&format!("fixture:{}", stale.name), "stale", &stale.reason);
    }
    if failures.refused() {
        return refused(&failures);
    }
    let entry = Entry {
        vendor: &arguments.vendor,
        dated: &new.followed.dated,
        version: &version,
        changes: &changes,
        accepted: failures.accepted(),
    };
    house.write(&new, &package, &version, &entry)?;
    print(&format!(
        "{}: specs/{} and generated/ are written; plumbline-clients is {version} ({}); \
         CHANGELOG.md says why\n",
        arguments.vendor,
        arguments.vendor,
        stepped(step)
    ));
    Ok(Status::Ok)
}

fn stepped(step: Step) -> &'static str {
    match step {
        Step::None => "no step",
        Step::Patch => "a patch",
        Step::Minor => "a minor step",
        Step::Major => "a major step",
    }
}

fn refused(failures: &Failures) -> Result<Status> {
    print(&format!("\n{failures}nothing is written\n"));
    Ok(Status::Failed)
}

fn show(old: &Folder, new: &Folder, changes: &[Change]) -> Result<()> {
    let comparison = Comparison {
        old: Input {
            name: &format!("{} so far", old.vendor),
            bytes: old.document.as_bytes(),
        },
        new: Input {
            name: &format!("{} now", new.vendor),
            bytes: new.document.as_bytes(),
        },
        changes,
    };
    print(&comparison.render(Format::Text));
    Ok(())
}

/// The folder as it would be: the new document in our form, and the lists without what is
/// accepted to be gone from them.
fn follow(
    arguments: &Arguments,
    old: &Folder,
    bytes: &[u8],
    failures: &mut Failures,
) -> Result<Folder> {
    let mut new = old.clone();
    let file = arguments.from.file_name().unwrap_or_default();
    let dated = arguments
        .dated
        .clone()
        .or_else(|| date_in(&file.to_string_lossy()));
    let prose = match arguments.strip_prose {
        true => Prose::Ours,
        false => old.followed.prose,
    };
    let name = arguments.from.display().to_string();
    let vendor = Input { name: &name, bytes };
    let (ours, departures) = (old.input("openapi.yaml"), old.input("departures.yaml"));
    let sources = [ours.input(), vendor, departures.input()];
    let selectors = old.followed.selectors();
    let [ours, vendor, departures] = sources;
    let renewed = renew(ours, vendor, departures, &selectors, prose)
        .map_err(|found| anyhow!("{}", render(&found, &sources)))?;
    for index in &renewed.idle {
        let text = old.followed.select.get(*index).cloned().unwrap_or_default();
        let name = format!("selection:{text}");
        failures.add(&name, "it selects no operation any more", "");
    }
    let gone: Vec<usize> = renewed.gone.iter().filter_map(index_of).collect();
    for (index, one) in gone.iter().zip(&renewed.gone) {
        failures.add(&format!("departure:{index}"), &one.message, "");
    }
    new.document = renewed.text;
    new.departures = old.without("departures.yaml", &Pointer::root(), &gone)?;
    new.listed = old.without(
        "followed.yaml",
        &Pointer::root().join("select"),
        &renewed.idle,
    )?;
    if let Some(dated) = dated {
        new.listed = with_date(&new.listed, &dated);
    }
    new.followed = Followed::read(Input {
        name: "followed.yaml",
        bytes: new.listed.as_bytes(),
    })
    .map_err(|found| anyhow!("{found}"))?;
    if let Some(path) = &arguments.overlay {
        new.overlay = fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
    }
    let idle = idle_actions(&new)?;
    for (index, target) in &idle {
        let name = format!("overlay:{index}");
        failures.add(&name, "its target selects nothing", target);
    }
    let indexes: Vec<usize> = idle.iter().map(|(index, _)| *index).collect();
    new.overlay = new.without("overlay.yaml", &Pointer::root().join("actions"), &indexes)?;
    Ok(new)
}

/// The actions of the overlay that match nothing in the new document, with their targets.
///
/// # Errors
///
/// Whatever else is wrong with the document or the overlay.
fn idle_actions(new: &Folder) -> Result<Vec<(usize, String)>> {
    let document = new.document();
    let Err(found) = document.diagnose(&[]) else {
        return Ok(Vec::new());
    };
    let errors: Diagnostics = found
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .cloned()
        .collect();
    let actions = plumbline_specs::value(new.input("overlay.yaml").input());
    let target = |index: usize| {
        let pointer = format!("/actions/{index}/target");
        let text = actions.as_ref().ok()?.pointer(&pointer)?.as_str()?;
        Some(text.trim().to_owned())
    };
    let idle: Vec<(usize, String)> = errors
        .iter()
        .filter(|one| one.code == "overlay-target")
        .filter_map(index_of)
        .map(|index| (index, target(index).unwrap_or_default()))
        .collect();
    if idle.len() == errors.len() {
        return Ok(idle);
    }
    bail!("{}", document.render(&errors, Severity::Error))
}

/// The item of a list that a diagnostic points at: the last number of its pointer.
fn index_of(one: &plumbline_specs::Diagnostic) -> Option<usize> {
    one.place
        .pointer
        .as_ref()?
        .tokens()
        .filter_map(|token| token.parse().ok())
        .next()
}

/// `2026-07-24` in a file's name.
fn date_in(name: &str) -> Option<String> {
    let is_date = |part: &&str| {
        part.len() == 10
            && part.char_indices().all(|(index, character)| match index {
                4 | 7 => character == '-',
                _ => character.is_ascii_digit(),
            })
    };
    name.split(['.', '_', ' ']).find(is_date).map(str::to_owned)
}

/// The list of what we follow with another date, its other lines as they are.
fn with_date(text: &str, dated: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.starts_with("dated:") {
            true => format!("dated: {dated}\n"),
            false => line.to_owned(),
        })
        .collect()
}

impl Folder {
    /// Its document with its overlay, as it is read.
    fn document(&self) -> Document {
        let name = |file: &str| format!("specs/{}/{file}", self.vendor);
        let overlay = (name("overlay.yaml"), self.overlay.clone().into_bytes());
        Document::new(
            name("openapi.yaml"),
            self.document.clone().into_bytes(),
            Some(overlay),
        )
        .strict()
    }

    /// One of its lists without some items.
    fn without(&self, file: &str, list: &Pointer, indexes: &[usize]) -> Result<String> {
        let source = self.input(file);
        if indexes.is_empty() {
            return Ok(source.text.to_owned());
        }
        without_items(source.input(), list, indexes)
            .with_context(|| format!("{}: the items cannot be taken out", source.name))
    }
}
