//! What a command shows: reports to files and to the terminal, progress, complaints.

use crate::Failure;
use crate::args::Format;
use plumbline_conformance::run::{self, Event};
use plumbline_conformance::{Report, report};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// Tells what is wrong, on standard error.
pub(crate) fn complain(message: &str) {
    let mut out = std::io::stderr().lock();
    let prefix = if message.starts_with("error") {
        ""
    } else {
        "error: "
    };
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(out, "{prefix}{}", message.trim_end());
}

/// Tells what is worth knowing, on standard error.
pub(crate) fn tell(message: &str) {
    // Nobody is left to be told that standard error is closed.
    let _ = std::io::stderr().lock().write_all(message.as_bytes());
}

/// Writes to standard output; a closed pipe is the reader's choice.
pub(crate) fn show(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Writes the reports that were asked for, and the terminal's own unless one goes there.
pub(crate) fn reports(report: &Report, wanted: &[(Format, PathBuf)]) -> Result<(), Failure> {
    for (format, file) in wanted {
        let to_terminal = file == Path::new("-");
        let text = rendered(report, *format, to_terminal && colours())?;
        if *format == Format::Github {
            show(&report::github::annotations(report));
        }
        if to_terminal {
            show(&text);
        } else {
            write_whole(file, &text)?;
        }
    }
    if !wanted.iter().any(|(_, file)| file == Path::new("-")) {
        let text = rendered(report, Format::Text, colours())?;
        if wanted.iter().any(|(format, _)| *format == Format::Github) {
            show(&without_commands(&text));
        } else {
            show(&text);
        }
    }
    Ok(())
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

fn rendered(of: &Report, format: Format, colour: bool) -> Result<String, Failure> {
    let rules = run::rules();
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Usage(format!("the report could not be made: {error}"))
    };
    match format {
        Format::Text => Ok(report::text(
            of,
            &rules,
            report::Look {
                colour,
                ..report::Look::default()
            },
        )),
        Format::Json => Ok(report::json(of)),
        Format::Junit => report::junit(of, &rules).map_err(|error| failed(&error)),
        Format::Html => report::html(of, &rules).map_err(|error| failed(&error)),
        Format::Github => Ok(report::github::summary(of, &rules)),
    }
}

/// Colours on a terminal, unless they are not wanted (no-color.org).
pub(crate) fn colours() -> bool {
    std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(file: &Path, text: &str) -> Result<(), Failure> {
    plumbline_cli::output::write_whole(file, text)
        .map_err(|error| Failure::Usage(format!("{} cannot be written: {error}", file.display())))
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
