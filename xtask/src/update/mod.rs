//! `update`: a vendor's document changed; the whole way from reading it to a changelog entry.
//!
//! The new document is read, what we follow of it put into our form, the overlay applied, the
//! changes judged, the clients made and compiled, the fixtures replayed. Files are written when
//! all of it works, or when each failure is accepted by its name.

mod checkout;
mod clients;
mod fixtures;
pub(crate) mod version;

use crate::workspace::{Status, root};
use anyhow::{Context, Result, anyhow};
use checkout::{Checkout, Folder};
use clap::Args;
use plumbline_changes::{Options, compare, step};
use plumbline_cli::documents::{self, Document};
use plumbline_cli::stdout::print;
use plumbline_cli::update::{
    Entry, FailureKind, Failures, describe_step, item_of, refuse, show, stepped, without,
    without_idle_actions,
};
use plumbline_specs::transcription::{Followed, Prose, renew};
use plumbline_specs::{Input, Pointer, render};
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
    let checkout = Checkout::open(root)?;
    let old = checkout.folder(&arguments.vendor)?;
    let (_, bytes) = documents::load(&arguments.from)?;
    let mut failures = Failures::new(&arguments.accept);
    let new = follow(arguments, &old, &bytes, &mut failures)?;
    if failures.refused() {
        return Ok(refuse(&failures));
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
    let (so_far, now) = (
        format!("{} so far", old.vendor),
        format!("{} now", new.vendor),
    );
    show(old.as_document(&so_far), new.as_document(&now), &changes);
    let step = step(&changes);
    let version = checkout.version()?;
    let version = stepped(&version, step)
        .with_context(|| format!("the clients' version is {version}, and not x.y.z"))?;
    let package = clients::generate_files(&checkout, &new, &after, &version)?;
    if let Err(reason) = clients::compile(&checkout, &package) {
        let what = "the clients do not compile";
        failures.add(FailureKind::Compile, "", what, &reason.to_string());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    for stale in runtime.block_on(fixtures::stale(&checkout, &old, before, after))? {
        failures.add(FailureKind::Fixture, &stale.name, "stale", &stale.reason);
    }
    if failures.refused() {
        return Ok(refuse(&failures));
    }
    let entry = Entry {
        api: &arguments.vendor,
        dated: &new.followed.dated,
        package: "plumbline-clients",
        version: &version,
        changes: &changes,
        accepted: failures.accepted(),
    };
    checkout.write(&new, &package, &version, &entry)?;
    print(&format!(
        "{}: specs/{} and generated/ are written; plumbline-clients is {version} ({}); \
         CHANGELOG.md says why\n",
        arguments.vendor,
        arguments.vendor,
        describe_step(step)
    ));
    Ok(Status::Ok)
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
        let what = "it selects no operation any more";
        failures.add(FailureKind::Selection, &text, what, "");
    }
    let gone: Vec<usize> = renewed.gone.iter().filter_map(item_of).collect();
    for (index, one) in gone.iter().zip(&renewed.gone) {
        let name = index.to_string();
        failures.add(FailureKind::Departure, &name, &one.message, "");
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
    let document = without_idle_actions(new.document(), failures)?;
    if let Some((_, overlay)) = document.overlay {
        new.overlay = String::from_utf8(overlay)?;
    }
    Ok(new)
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

    /// Its document alone, under another name.
    fn as_document<'a>(&'a self, name: &'a str) -> Input<'a> {
        Input {
            name,
            bytes: self.document.as_bytes(),
        }
    }

    /// One of its lists without some items.
    fn without(&self, file: &str, list: &Pointer, indexes: &[usize]) -> Result<String> {
        let source = self.input(file);
        let rest = without(source.input(), list, indexes)?;
        Ok(rest.unwrap_or_else(|| source.text.to_owned()))
    }
}
