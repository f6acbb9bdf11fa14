//! Standard output and standard error, the one way in which commands write to them.
//!
//! Standard output may be a full disk, or a pipe whose reader has gone. That is an error of the
//! command, and no reason to leave work half done: what was begun ends, nothing further is
//! printed, and the exit code says it.

use plumbline_conformance::report::escape;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

/// The exit code of a command whose reader has gone: what a shell says of one that SIGPIPE ended.
const CLOSED_PIPE: u8 = 128 + 13;

/// The first failure to write.
static FAILED: OnceLock<io::Error> = OnceLock::new();

/// Writes a line to standard output, as `println!` does, and never panics: see [`stdout`](crate::stdout).
#[macro_export]
macro_rules! say {
    () => { $crate::stdout::print("\n") };
    ($($argument:tt)*) => {
        $crate::stdout::say(&format!("{}\n", format_args!($($argument)*)))
    };
}

/// Writes a line to standard error, as `eprintln!` does, and never panics.
#[macro_export]
macro_rules! tell {
    ($($argument:tt)*) => {
        $crate::stdout::tell(&format!("{}\n", format_args!($($argument)*)))
    };
}

/// Writes lines for a person to standard output: whatever is in them acts on no terminal.
pub fn say(text: &str) {
    print(&escape::lines(text));
}

/// Writes a text to standard output as it is; after a failure, nothing more.
pub fn print(text: &str) {
    if FAILED.get().is_some() {
        return;
    }
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // What failed first is what is told.
        let _ = FAILED.set(error);
    }
}

/// Whether standard output takes colours: a terminal does, unless `NO_COLOR` is set to something
/// (no-color.org).
pub fn has_colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether standard output could not be written.
pub fn failed() -> bool {
    FAILED.get().is_some()
}

/// Writes lines for a person to standard error: whatever is in them acts on no terminal.
pub fn tell(text: &str) {
    let text = escape::lines(text);
    // Nobody is left to be told that standard error is closed.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// The exit code of a command that would end with `code`: another one when standard output could
/// not be written. A full disk is told on standard error; a reader that has gone is not.
pub fn end(code: u8) -> ExitCode {
    match FAILED.get() {
        None => ExitCode::from(code),
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(CLOSED_PIPE),
        Some(error) => {
            tell(&format!(
                "error: standard output cannot be written: {error}\n"
            ));
            // What was wrong with the command itself weighs more.
            ExitCode::from(code.max(2))
        }
    }
}
