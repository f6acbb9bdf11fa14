//! `plumbline suggest`.

use crate::{Failure, Outcome, args, input, output};
use plumbline_cli::stdout;
use plumbline_specs::{Diagnostics, Input, Options, Selector, Severity};

pub(crate) fn run(args: &args::Suggest) -> Outcome {
    if let Some(out) = &args.out {
        output::try_place(out)?;
    }
    let bytes = input::description(&args.document)?;
    let beside = plumbline_cli::documents::beside(&args.document, &bytes, &args.allowed);
    let name = args.document.display().to_string();
    let document = Input {
        name: &name,
        bytes: &bytes,
    };
    let files: Vec<Input<'_>> = beside.inputs().collect();
    let options = Options {
        select: args
            .select
            .iter()
            .map(|text| Selector::parse(text))
            .collect(),
        files: files.clone(),
        unread: beside.unread.clone(),
        ..Options::default()
    };
    let mut sources = vec![document];
    sources.extend(files);
    let reading = plumbline_specs::read(document, &options).map_err(|found| {
        let errors: Diagnostics = found
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .cloned()
            .collect();
        Failure::Usage(plumbline_specs::render(&errors, &sources))
    })?;
    let suggestions = plumbline_specs::suggest(&reading);
    let overlay = suggestions.overlay().map_err(Failure::Usage)?;
    match &args.out {
        Some(out) => output::write(out, &overlay)?,
        None => stdout::print(&overlay),
    }
    let certain = suggestions.certain();
    output::tell(&format!(
        "{name}: {} suggestions, {certain} of them certain\n",
        suggestions.list.len()
    ));
    if certain == 0 {
        output::tell(
            "an overlay needs an action: take one out of the comments before it is used\n",
        );
    }
    Ok(true)
}
