//! `plumbline completions` and `plumbline man`.

use crate::{Failure, Outcome, args};
use clap::CommandFactory as _;
use plumbline_cli::stdout;

pub(crate) fn completions(args: &args::Completions) -> Outcome {
    let mut text = Vec::new();
    let mut command = args::Arguments::command();
    clap_complete::generate(args.shell, &mut command, "plumbline", &mut text);
    stdout::print(&String::from_utf8_lossy(&text));
    Ok(true)
}

/// The manual page: the command's own, then one section for each subcommand's.
pub(crate) fn man() -> Outcome {
    let failed = |error: std::io::Error| {
        Failure::Usage(format!("the manual page could not be made: {error}"))
    };
    let mut command = args::Arguments::command().disable_help_subcommand(true);
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(failed)?;
    for subcommand in command.get_subcommands() {
        let mut own = Vec::new();
        let man = clap_mangen::Man::new(subcommand.clone());
        man.render_options_section(&mut own).map_err(failed)?;
        let own = String::from_utf8_lossy(&own).replace(".SH OPTIONS\n", "");
        let about = subcommand
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        page.extend_from_slice(
            format!(
                ".SH \"PLUMBLINE {}\"\n{about}\n{own}",
                subcommand.get_name().to_uppercase()
            )
            .as_bytes(),
        );
    }
    stdout::print(&String::from_utf8_lossy(&page));
    Ok(true)
}
