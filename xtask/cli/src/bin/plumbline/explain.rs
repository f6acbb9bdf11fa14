//! `plumbline explain`.

use crate::{Failure, Outcome, args};
use plumbline_cli::stdout;
use plumbline_conformance::{report, rule};
use plumbline_specs::extensions;

pub(crate) fn run(args: &args::Explain) -> Outcome {
    let rules = rule::rules();
    let text = match &args.id {
        Some(id) => match extensions::explain(id) {
            Some(text) => text,
            None => report::explain(&rules, id).map_err(Failure::Usage)?,
        },
        None => rules
            .iter()
            .map(|rule| format!("{:28} {}\n", rule.id, rule.promise))
            .collect(),
    };
    stdout::print(&text);
    Ok(true)
}
