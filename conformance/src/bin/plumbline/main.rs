//! `plumbline`: holds a server against its OpenAPI document.
//!
//! Exit codes: 0 the target conforms, 1 it does not, 2 the command or an input is wrong,
//! 3 the target cannot be reached.

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
mod suggest;
mod verify;

use clap::Parser as _;
use std::process::ExitCode;

/// How a command ends without a verdict.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command or an input is wrong.
    Usage(String),
    /// The target cannot be reached.
    Unreachable(String),
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

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(mut error) => {
            hide_value(&mut error);
            // Help and version are no errors. A closed pipe is nothing to tell of.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let outcome = match arguments.command {
        args::Command::Verify(verify) => verify::run(*verify),
        args::Command::Serve(serve) => serve::run(serve),
        args::Command::Merge(merge) => merge::run(&merge),
        args::Command::Explain(explain) => explain::run(&explain),
        args::Command::Suggest(suggest) => suggest::run(&suggest),
        args::Command::Record(record) => record::run(&record),
        args::Command::Import(import) => import::run(&import),
        args::Command::Export(export) => export::run(&export),
        args::Command::Check(check) => check::run(&check),
        args::Command::Completions(completions) => shell::completions(&completions),
        args::Command::Man => shell::man(),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            output::complain(&message);
            ExitCode::from(2)
        }
        Err(Failure::Unreachable(message)) => {
            output::complain(&message);
            ExitCode::from(3)
        }
    }
}
