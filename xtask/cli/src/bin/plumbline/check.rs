//! `plumbline check`.

use crate::input::Room;
use crate::{Failure, Outcome, args, keep, output};
use plumbline_cli::documents::display_path;
use plumbline_cli::signals;
use plumbline_conformance::Interrupt;
use plumbline_conformance::fixture::Provenance;
use plumbline_conformance::record;
use plumbline_conformance::traffic::{self, Traffic};
use std::path::Path;

pub(crate) fn run(args: &args::Check, interrupt: &Interrupt) -> Outcome {
    let named = keep::named(&args.spec)?;
    let inputs = [named.files.as_slice(), args.files.as_slice()].concat();
    output::try_reports(&args.report, &inputs)?;
    let keep::Named { spec, contract, .. } = named;
    let base = args
        .base
        .as_deref()
        .map(|base| keep::base(base, "the base"))
        .transpose()?;
    let runtime = output::runtime()?;
    signals::begun();
    let (mut all, mut unread) = (Traffic::default(), args.files.len());
    let mut room = Room::of(args.max_file);
    for file in &args.files {
        let Some(read) = runtime.block_on(read(file, room, interrupt)) else {
            break;
        };
        unread -= 1;
        let (name, (bytes, left)) = (display_path(file), read?);
        room = left;
        let mut traffic = traffic::read(&bytes, &name).map_err(keep::refused)?;
        all.exchanges.append(&mut traffic.exchanges);
        all.notes.append(&mut traffic.notes);
    }
    let options = record::Options {
        name: "checked".to_owned(),
        spec,
        base,
        provenance: Provenance::Written("It is not kept.".to_owned()),
        maps: args.hide.map.clone(),
        places: args.hide.secret.clone(),
        limits: keep::limits(args.most),
        keep: args.hide.keep.clone(),
    };
    // A reader that waits for a pipe is not waited for.
    runtime.shutdown_background();
    // What was read before an interrupt is judged; a second interrupt ends that.
    let judging = if unread > 0 {
        Interrupt::new()
    } else {
        interrupt.clone()
    };
    let mut checked = record::checked(&contract, &all, &options, &judging)
        .map_err(|nothing| Failure::Usage(nothing.to_string()))?;
    if unread > 0 {
        checked.report.incomplete = Some(format!(
            "the check was interrupted, and {unread} of {} files were not read",
            args.files.len()
        ));
    } else {
        keep::met(&checked.unmet)?;
    }
    checked.report.begun = Some(plumbline_conformance::now());
    keep::notes(checked.notes);
    let written = output::reports(&checked.report, &args.report);
    output::verdict(&checked.report, written)
}

/// Reads a file, unless an interrupt comes first: it may be a pipe to which nobody writes. With it
/// comes the room that is left.
async fn read(
    file: &Path,
    mut room: Room,
    interrupt: &Interrupt,
) -> Option<Result<(Vec<u8>, Room), Failure>> {
    let path = file.to_owned();
    let read = tokio::task::spawn_blocking(move || room.read(&path).map(|bytes| (bytes, room)));
    tokio::select! {
        biased;
        () = interrupt.interrupted() => None,
        read = read => Some(read.unwrap_or_else(|error| {
            Err(Failure::Usage(format!("{} cannot be read: {error}", display_path(file))))
        })),
    }
}
