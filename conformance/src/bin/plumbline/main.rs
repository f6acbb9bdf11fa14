//! `plumbline`: holds a server against its OpenAPI document.
//!
//! Exit codes: 0 the target conforms, 1 it does not, 2 the command or an input is wrong,
//! 3 the target cannot be reached.

mod args;
mod explain;
mod input;
mod merge;
mod output;
mod serve;
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

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
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
