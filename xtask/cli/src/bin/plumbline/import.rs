//! `plumbline import`.

use crate::input::Room;
use crate::{Outcome, args, keep};
use plumbline_cli::documents::display_path;
use plumbline_conformance::traffic;

pub(crate) fn run(args: &args::Import) -> Outcome {
    let place = keep::place(&args.keep, None, Some(&args.file))?;
    let base = args
        .base
        .as_deref()
        .map(|base| keep::base(base, "the base"))
        .transpose()?;
    let (name, bytes) = (
        display_path(&args.file),
        Room::of(args.max_file).read(&args.file)?,
    );
    let traffic = traffic::read(&bytes, &name).map_err(keep::refused)?;
    keep::keep(place, &traffic, base, &args.keep, None)
}
