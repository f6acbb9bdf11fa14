//! `plumbline import`.

use crate::{Outcome, args, input, keep};
use plumbline_conformance::traffic;

pub(crate) fn run(args: &args::Import) -> Outcome {
    let place = keep::place(&args.keep, None, Some(&args.file))?;
    let base = args
        .base
        .as_deref()
        .map(|base| keep::base(base, "the base"))
        .transpose()?;
    let (name, bytes) = (
        args.file.display().to_string(),
        input::traffic(&args.file, u64::from(args.max_file) << 20)?,
    );
    let traffic = traffic::read(&bytes, &name).map_err(keep::refused)?;
    keep::keep(place, &traffic, base, &args.keep, None)
}
