//! Signals that ask a command to end: ctrl-c, and SIGTERM.
//!
//! The first one lets a command end by itself, with what it has done so far; a second one ends it
//! at once. tokio listens, which every command has already: its own runtime and thread hear a
//! signal whatever the command is at.

use crate::{output, stdout};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::{io, process, thread};

/// The exit code of the first signal; 0 where none came.
static RECEIVED: AtomicU8 = AtomicU8::new(0);

/// The exit code of a command that was asked to end, if it was: 128 and the signal's number.
pub fn received() -> Option<u8> {
    Some(RECEIVED.load(Ordering::SeqCst)).filter(|code| *code != 0)
}

/// Whether there is something to report.
static BEGUN: AtomicBool = AtomicBool::new(false);

/// Says that what a command does is worth a report from now on: see [`OnSignal::ReportOnceBegun`].
pub fn begun() {
    BEGUN.store(true, Ordering::SeqCst);
}

/// What a command does when it is asked to end.
pub enum OnSignal {
    /// It ends by itself, soon after this was called, and reports what it has done so far.
    Report(Box<dyn FnOnce() + Send>),
    /// The same once [`begun`] was called. Before, it ends at once: what it reads and plans until
    /// then hears nobody, and is worth no report.
    ReportOnceBegun(Box<dyn FnOnce() + Send>),
    /// It ends at once: nothing of it is worth a report.
    End,
}

/// Listens from now on. `last` is called before the process ends at once.
///
/// # Errors
///
/// When signals cannot be listened for.
pub fn listen(first: OnSignal, last: fn()) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // Within the runtime and before anything else happens, so that no signal comes too early.
    let mut signals = {
        let _within = runtime.enter();
        Signals::new()?
    };
    let listener = move || {
        runtime.block_on(async {
            let code = signals.next().await;
            RECEIVED.store(code, Ordering::SeqCst);
            let reports = match &first {
                OnSignal::Report(_) => true,
                OnSignal::ReportOnceBegun(_) => BEGUN.load(Ordering::SeqCst),
                OnSignal::End => false,
            };
            match first {
                OnSignal::ReportOnceBegun(end) | OnSignal::Report(end) if reports => {
                    end();
                    stdout::tell("ending with what is done so far; once more ends at once\n");
                }
                _ => {
                    // A file that is being put in its place gets there first.
                    let _at_rest = output::at_rest();
                    last();
                    process::exit(i32::from(code));
                }
            }
            let code = signals.next().await;
            last();
            process::exit(i32::from(code));
        });
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(listener)?;
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// The exit code of the next signal.
    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 128 + 2,
            _ = self.terminate.recv() => 128 + 15,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> u8 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        128 + 2
    }
}
