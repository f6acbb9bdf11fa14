//! `clients`: the vendors' published SDKs against the embedded server, through the recording
//! proxy. Each call of each SDK is listed with its outcome, and what was recorded is held against
//! our documents.

mod call;
mod drive;
mod known;
mod sdk;
mod table;

use crate::children::{self, Interrupted};
use crate::live_servers::{NotHere, folder};
use crate::tables::{self, Table};
use crate::workspace::{Status, display_path};
use anyhow::Result;
use clap::Args;
use drive::Driven;
use known::Known;
use plumbline_cli::say;
use plumbline_cli::stdout::print;
use sdk::{SDKS, Sdk};

/// Runs the vendors' published SDKs against the embedded server, and writes the table of
/// docs/findings.md where all of them were run.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// How many experiments the server has at first.
    #[arg(long, default_value_t = 57)]
    items: u64,
    /// Only this client; may be said several times.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(SDKS.each_ref().map(|sdk| sdk.name)))]
    only: Vec<String>,
    #[command(flatten)]
    table: tables::Arguments,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            items: 57,
            only: Vec::new(),
            table: tables::Arguments::CHECK,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let known = Known::load()?;
    let wanted: Vec<&Sdk> = SDKS
        .iter()
        .filter(|sdk| arguments.only.is_empty() || arguments.only.iter().any(|own| own == sdk.name))
        .collect();
    let (mut driven, mut missing) = (Vec::new(), Vec::new());
    for sdk in &wanted {
        if children::interrupt().is_interrupted() {
            break;
        }
        // One that is not there does not keep the others from being run.
        match sdk.installed() {
            Ok(place) => {
                let one = drive::drive(sdk, &place, arguments.items)?;
                print(&table::text(&one));
                driven.push(one);
            }
            Err(error) => {
                say!("{}: not run: {error:#}\n", sdk.title());
                missing.push(sdk.name);
            }
        }
    }
    if children::interrupt().is_interrupted() {
        say!(
            "incomplete: interrupted; {} of {} clients were begun",
            driven.len(),
            wanted.len()
        );
        return Err(Interrupted.into());
    }
    let faults = judged(&driven, &known);
    for fault in &faults {
        say!("{fault}");
    }
    let mut status = Status::of(faults.is_empty());
    if driven.len() == SDKS.len() {
        let table = Table {
            file: "docs/findings.md",
            verb: "clients",
            marks: "clients",
            text: table::matrix(&driven),
        };
        if table.run(&arguments.table)? == Status::Failed {
            status = Status::Failed;
        }
    }
    say!("{}", summary(&driven, &known, faults.len()));
    if !missing.is_empty() && status == Status::Ok {
        let missing = format!("not run: {}", missing.join(", "));
        return Err(NotHere(missing).into());
    }
    Ok(status)
}

/// What is not as it should be: news, entries of the list that no longer apply, and what no list
/// excuses.
fn judged(driven: &[Driven], known: &Known) -> Vec<String> {
    let ran: Vec<&str> = driven.iter().map(|one| one.sdk.name).collect();
    let seen: Vec<String> = driven.iter().flat_map(Driven::seen).collect();
    let mut faults: Vec<String> = driven
        .iter()
        .flat_map(|one| {
            let name = one.sdk.name;
            one.faults
                .iter()
                .map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    faults.extend(known.faults(&seen, &ran));
    faults
}

/// The run in one line.
fn summary(driven: &[Driven], known: &Known, faults: usize) -> String {
    let calls = || driven.iter().flat_map(|one| &one.calls);
    let count = |kind: call::Kind| calls().filter(|call| call.outcome == kind).count();
    let exchanges: usize = driven.iter().map(|one| one.exchanges).sum();
    let seen = driven.iter().flat_map(Driven::seen);
    let known = seen.filter(|seen| known.reason(seen).is_some()).count();
    format!(
        "clients: {}, calls: {} ({} decoded, {} failed, {} not offered), exchanges recorded: \
         {exchanges}, known departures: {known}, faults: {faults}; recordings: {}",
        driven.len(),
        calls().count(),
        count(call::Kind::Decoded),
        count(call::Kind::Failed),
        count(call::Kind::NotOffered),
        display_path(&folder("clients")),
    )
}
