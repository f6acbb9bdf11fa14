//! The programs that a verb starts, and their end when the verb is asked to end.
//!
//! Each program has a process group of its own, with all that it starts: a terminal's ctrl-c, and a
//! signal to this process alone, come to the same. The first signal ends what works for a verb, so
//! that the verb goes on and reports what it has; servers end when the verb lets go of them. Where
//! a process ends at once, all of them end with it.

use plumbline_cli::signals::OnSignal;
use plumbline_conformance::Interrupt;
use std::collections::BTreeMap;
use std::io;
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// What a program is for the verb.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Work,
    Server,
}

/// The process groups under way.
static GROUPS: Mutex<BTreeMap<u32, Role>> = Mutex::new(BTreeMap::new());

static INTERRUPT: LazyLock<Interrupt> = LazyLock::new(Interrupt::new);

/// What a verb was asked to end by.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub(crate) struct Interrupted;

/// Stops the runs of a verb that reports what it has.
pub(crate) fn interrupt() -> &'static Interrupt {
    &INTERRUPT
}

/// What a verb does with a signal that reports what it has.
pub(crate) fn report() -> OnSignal {
    OnSignal::Report(Box::new(|| {
        INTERRUPT.interrupt();
        end(|role| role == Role::Work);
    }))
}

/// Ends all programs.
pub(crate) fn end_all() {
    end(|_| true);
}

/// Does something unless an interrupt comes first.
pub(crate) async fn unless_interrupted<T>(
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    tokio::select! {
        biased;
        () = INTERRUPT.interrupted() => Err(Interrupted.into()),
        done = work => done,
    }
}

fn groups() -> MutexGuard<'static, BTreeMap<u32, Role>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end(wanted: impl Fn(Role) -> bool) {
    for (group, role) in groups().iter() {
        if wanted(*role) {
            kill(*group);
        }
    }
}

/// Ends a group. It may have ended by itself; then there is nothing to end.
fn kill(group: u32) {
    #[cfg(unix)]
    let _ = Command::new("kill")
        .args(["-KILL", "--", &format!("-{group}")])
        .stderr(Stdio::null())
        .status();
    #[cfg(not(unix))]
    let _ = group;
}

/// A program and all that it starts; they end when this is dropped.
pub(crate) struct Group {
    child: Child,
    over: bool,
}

impl Group {
    /// Starts a program that works for the verb: an interrupt ends it.
    pub(crate) fn work(command: &mut Command) -> io::Result<Self> {
        Self::start(command, Role::Work)
    }

    /// Starts a server.
    pub(crate) fn server(command: &mut Command) -> io::Result<Self> {
        Self::start(command, Role::Server)
    }

    fn start(command: &mut Command, role: Role) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        // Held while it starts: who ends the groups meanwhile would miss it.
        let mut groups = groups();
        if INTERRUPT.is_interrupted() {
            return Err(io::Error::other(Interrupted));
        }
        let child = command.spawn()?;
        groups.insert(child.id(), role);
        Ok(Self { child, over: false })
    }

    /// Waits until it ends by itself. What it leaves running stays.
    fn finish(mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait()?;
        groups().remove(&self.child.id());
        self.over = true;
        Ok(status)
    }

    /// Ends it with all that it started.
    pub(crate) fn end(&mut self) {
        if self.over {
            return;
        }
        kill(self.child.id());
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        groups().remove(&self.child.id());
        self.over = true;
    }
}

impl Deref for Group {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.child
    }
}

impl DerefMut for Group {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs a program to its end.
pub(crate) fn status(command: &mut Command) -> io::Result<ExitStatus> {
    Group::work(command)?.finish()
}

/// Runs a program to its end, and takes what it writes to standard output.
pub(crate) fn output(command: &mut Command) -> io::Result<Output> {
    let mut group = Group::work(command.stdout(Stdio::piped()))?;
    let pipes = (group.stdout.take(), group.stderr.take());
    let errors = std::thread::spawn(move || read(pipes.1));
    let stdout = read(pipes.0)?;
    let stderr = errors.join().unwrap_or_else(|_| Ok(Vec::new()))?;
    Ok(Output {
        status: group.finish()?,
        stdout,
        stderr,
    })
}

fn read(pipe: Option<impl io::Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
