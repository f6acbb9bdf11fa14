//! What a command shows: reports to files and to the terminal, progress, complaints.

use crate::args::Format;
use crate::{Failure, Outcome};
use plumbline_cli::documents::display_path;
use plumbline_cli::{output, signals, stdout};
use plumbline_conformance::run::Event;
use plumbline_conformance::{Report, report, rule};
use plumbline_specs::{Diagnostics, Input};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

/// Tells what is wrong, on standard error.
pub(crate) fn complain(message: &str) {
    let prefix = if message.starts_with("error") {
        ""
    } else {
        "error: "
    };
    stdout::tell(&format!("{prefix}{}\n", message.trim_end()));
}

/// Tells what is worth knowing, on standard error.
pub(crate) fn tell(message: &str) {
    stdout::tell(message);
}

/// Help and version, as a terminal or a file takes them.
pub(crate) fn help(error: &clap::Error) -> String {
    let help = error.render();
    if stdout::has_colours() {
        help.ansi().to_string()
    } else {
        help.to_string()
    }
}

/// Sees before anything is done that every report can be written, in a file of its own that the
/// command does not read.
pub(crate) fn try_reports(wanted: &[(Format, PathBuf)], inputs: &[PathBuf]) -> Result<(), Failure> {
    for (index, (_, file)) in wanted.iter().enumerate() {
        try_place(file)?;
        let before = wanted.iter().take(index).map(|(_, other)| other);
        if output::is_standard(file) {
            // One behind the other they would be neither of the two.
            if before.into_iter().any(|other| output::is_standard(other)) {
                return Err(Failure::Usage(
                    "two reports would be written to standard output; name a file for one"
                        .to_owned(),
                ));
            }
            continue;
        }
        let same = |other: &Path| output::is_same(file, other);
        if let Some(input) = inputs.iter().find(|input| same(input)) {
            return Err(Failure::Usage(format!(
                "a report would replace {}, which this command reads; name another file",
                display_path(input)
            )));
        }
        let mut files = before.filter(|other| !output::is_standard(other));
        if files.any(|other| same(other)) {
            return Err(Failure::Usage(format!(
                "two reports would be written to {}; name a file for each",
                display_path(file)
            )));
        }
    }
    Ok(())
}

/// Sees before anything is done that a file can be written.
pub(crate) fn try_place(file: &Path) -> Result<(), Failure> {
    output::try_place(file).map_err(|error| Failure::Usage(error.to_string()))
}

/// Sees that a file is none of those that the command reads.
pub(crate) fn try_apart(file: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    output::try_apart(file, inputs).map_err(|error| Failure::Usage(error.to_string()))
}

/// Writes the reports that were asked for, and the terminal's own unless one goes there. One that
/// cannot be written keeps no other from being written, nor the verdict from being said.
pub(crate) fn reports(report: &Report, wanted: &[(Format, PathBuf)]) -> Result<(), Failure> {
    let mut lost = false;
    let github = wanted.iter().any(|(format, _)| *format == Format::Github)
        || std::env::var_os("GITHUB_ACTIONS").is_some();
    for (format, file) in wanted {
        let to_terminal = output::is_standard(file);
        if *format == Format::Github {
            stdout::print(&report::github::annotations(report));
        }
        let written = rendered(report, *format, to_terminal && stdout::has_colours())
            .map(|text| match format {
                Format::Text if to_terminal && github => without_commands(&text),
                _ => text,
            })
            .and_then(|text| output::write(file, &text).map_err(|error| error.to_string()));
        if let Err(message) = written {
            complain(&message);
            lost = true;
        }
    }
    if !wanted.iter().any(|(_, file)| output::is_standard(file)) {
        match rendered(report, Format::Text, stdout::has_colours()) {
            Ok(text) if github => stdout::print(&without_commands(&text)),
            Ok(text) => stdout::print(&text),
            Err(message) => {
                complain(&message);
                lost = true;
            }
        }
    }
    if lost || stdout::failed() {
        tell(&format!("{}\n", report::conclusion(report)));
    }
    if lost { Err(Failure::Lost) } else { Ok(()) }
}

/// What a command comes to whose reports are written: a signal weighs more than a report that is
/// lost, and that more than the verdict.
pub(crate) fn verdict(report: &Report, written: Result<(), Failure>) -> Outcome {
    if signals::received().is_some() {
        return Err(Failure::Interrupted);
    }
    written.map(|()| report.conforms())
}

/// Tells which entries of a list of known failures no longer apply, with their lines. The report says
/// that there are some, and does not conform.
pub(crate) fn stale(stale: &Diagnostics, list: Option<&(String, Vec<u8>)>) {
    if stale.is_empty() {
        return;
    }
    let sources: Vec<Input<'_>> = list
        .iter()
        .map(|(name, bytes)| Input { name, bytes })
        .collect();
    complain(&plumbline_specs::render(stale, &sources));
}

/// A text in which GitHub looks for no command: it holds what a server said. The word that ends
/// it is made anew each time, so that no server can say it.
fn without_commands(text: &str) -> String {
    use std::hash::{BuildHasher as _, RandomState};
    // Keyed by the system's random numbers: the standard library has no plainer way to them.
    let [left, right] = [0, 1].map(|number| RandomState::new().hash_one(number));
    let word = format!("plumbline-{left:016x}{right:016x}");
    format!("::stop-commands::{word}\n{}\n::{word}::\n", text.trim_end())
}

fn rendered(of: &Report, format: Format, colour: bool) -> Result<String, String> {
    let rules = rule::rules();
    let failed = |error: &dyn std::fmt::Display| format!("the report could not be made: {error}");
    match format {
        Format::Text => Ok(report::text(
            of,
            &rules,
            report::TextOptions {
                colour,
                ..report::TextOptions::default()
            },
        )),
        Format::Json => Ok(report::json(of)),
        Format::Junit => report::junit(of, &rules).map_err(|error| failed(&error)),
        Format::Html => report::html(of, &rules).map_err(|error| failed(&error)),
        Format::Github => Ok(report::github::summary(of, &rules)),
    }
}

/// Writes a file.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    output::write(file, text).map_err(|error| Failure::Usage(error.to_string()))
}

/// What runs a command's requests.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|error| Failure::Usage(format!("no runtime could be made: {error}")))
}

/// A bar on a terminal, nothing where the output is piped.
pub(crate) struct Progress(Option<indicatif::ProgressBar>);

impl Progress {
    pub(crate) fn new() -> Self {
        Self(std::io::stderr().is_terminal().then(|| {
            let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
                .unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
            indicatif::ProgressBar::new(0).with_style(style)
        }))
    }

    pub(crate) fn take(&self, event: &Event) {
        let Some(bar) = &self.0 else {
            return;
        };
        match event {
            Event::Begun { steps } => bar.set_length(*steps as u64),
            Event::Done { label, requests } => {
                bar.inc(1);
                let label = report::escape::line(label);
                bar.set_message(format!("{requests} requests, {label}"));
            }
        }
    }

    pub(crate) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
