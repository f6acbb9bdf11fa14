//! `plumbline`: holds a server against its OpenAPI document.
//!
//! Exit codes: 0 the target conforms, 1 it does not or nothing was judged, 2 the command or an input
//! is wrong or a report could not be written, 3 the target cannot be reached, 130 and 143 ctrl-c or SIGTERM came, 141
//! nobody reads standard output.

mod args;
mod check;
mod explain;
mod export;
mod import;
mod input;
mod keep;
mod merge;
mod output;
mod record;
mod serve;
mod shell;
mod verify;

use clap::Parser as _;
use plumbline_cli::documents::DocumentError;
use plumbline_cli::signals::{self, OnSignal};
use plumbline_cli::{CommandError, Status, stdout};
use plumbline_conformance::Interrupt;
use plumbline_conformance::report::escape;
use std::process::ExitCode;

/// How a command ends without a verdict.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command or an input is wrong.
    Usage(String),
    /// The target cannot be reached.
    Unreachable(String),
    /// Something could not be written, which has been told.
    Lost,
    /// A signal came; what was done until then has been reported.
    Interrupted,
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        Self::Usage(error.to_string())
    }
}

/// What a command comes to: whether the target conforms.
pub(crate) type Outcome = Result<bool, Failure>;

/// Takes out of a complaint what was typed for an argument that may hold a secret.
fn hide_value(error: &mut clap::Error) {
    use clap::error::{ContextKind, ContextValue};
    let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    let may_hold_one = argument.is_some_and(|argument| {
        ["--header", "--map", "--secret", "--set", "--credentials"]
            .iter()
            .any(|name| argument.starts_with(name))
    });
    if may_hold_one && error.get(ContextKind::InvalidValue).is_some() {
        let hidden = ContextValue::String("(not shown)".to_owned());
        error.insert(ContextKind::InvalidValue, hidden);
    }
}

/// Writes out what was typed where it would act on a terminal: a script may pass on anybody's words.
fn make_visible(error: &mut clap::Error) {
    use clap::error::ContextValue;
    let line = |text: &String| escape::line(text);
    let context: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(line(text)))),
            ContextValue::Strings(texts) => {
                let texts = texts.iter().map(line).collect();
                Some((kind, ContextValue::Strings(texts)))
            }
            _ => None,
        })
        .collect();
    for (kind, value) in context {
        error.insert(kind, value);
    }
}

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(mut error) => {
            hide_value(&mut error);
            // Help and version are no errors.
            if !error.use_stderr() {
                stdout::print(&output::help(&error));
                return stdout::end(0);
            }
            make_visible(&mut error);
            let _ = error.print();
            return ExitCode::from(2);
        }
    };
    let interrupt = Interrupt::new();
    if let Err(error) = signals::listen(on_signal(&arguments.command, &interrupt), || {}) {
        output::complain(&format!("signals cannot be listened for: {error}"));
        return ExitCode::from(2);
    }
    let outcome = match arguments.command {
        args::Command::Verify(verify) => verify::run(*verify, interrupt),
        args::Command::Serve(serve) => serve::run(serve),
        args::Command::Merge(merge) => merge::run(&merge),
        args::Command::Explain(explain) => explain::run(&explain),
        args::Command::Generate(generate) => ended(plumbline_cli::generate::run(&generate)),
        args::Command::Diff(diff) => ended(plumbline_cli::diff::run(&diff)),
        args::Command::Update(update) => ended(plumbline_cli::update::run(&update)),
        args::Command::Review(review) => ended(plumbline_cli::review::run(&review)),
        args::Command::Select(select) => ended(plumbline_cli::select::run(&select)),
        args::Command::Suggest(suggest) => ended(plumbline_cli::suggest::run(&suggest)),
        args::Command::Record(record) => record::run(&record, &interrupt),
        args::Command::Import(import) => import::run(&import),
        args::Command::Export(export) => export::run(&export),
        args::Command::Check(check) => check::run(&check, &interrupt),
        args::Command::Completions(completions) => shell::completions(&completions),
        args::Command::Man => shell::man(),
    };
    stdout::end(match outcome {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(failure) => {
            let code = match failure {
                Failure::Usage(message) => {
                    output::complain(&message);
                    2
                }
                Failure::Unreachable(message) => {
                    output::complain(&message);
                    3
                }
                Failure::Lost | Failure::Interrupted => 2,
            };
            signals::received().unwrap_or(code)
        }
    })
}

/// How a command on documents ended.
fn ended(status: Result<Status, CommandError>) -> Outcome {
    Ok(status? == Status::Ok)
}

/// What a command does with ctrl-c: those that have something to report end by themselves, once
/// they have.
fn on_signal(command: &args::Command, interrupt: &Interrupt) -> OnSignal {
    match command {
        args::Command::Verify(_) | args::Command::Check(_) | args::Command::Record(_) => {
            let interrupt = interrupt.clone();
            OnSignal::ReportOnceBegun(Box::new(move || interrupt.interrupt()))
        }
        _ => OnSignal::End,
    }
}
