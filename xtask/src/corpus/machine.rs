//! What the machine has, and what a process used of it. Where a system does not say, nothing is
//! known, and the verb goes on.

use std::{fs, thread};

/// How much a job may take: the largest documents need about as much.
const EACH: u64 = 1_500_000_000;

/// Processors and free memory.
#[derive(Debug)]
pub(super) struct Machine {
    processors: usize,
    available: Option<u64>,
}

impl Machine {
    pub(super) fn look() -> Self {
        Self {
            processors: thread::available_parallelism().map_or(1, usize::from),
            available: kilobytes("/proc/meminfo", "MemAvailable:"),
        }
    }

    /// How many jobs fit.
    pub(super) fn jobs(&self) -> usize {
        let fitting = self
            .available
            .and_then(|bytes| usize::try_from(bytes / EACH).ok());
        self.processors.min(fitting.unwrap_or(usize::MAX)).max(1)
    }
}

/// The most memory that this process held, in bytes.
pub(super) fn peak() -> Option<u64> {
    kilobytes("/proc/self/status", "VmHWM:")
}

fn kilobytes(file: &str, key: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let count: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(count * 1000)
}

/// The processor seconds of the children that this process has waited for.
pub(super) fn children() -> Option<f64> {
    // The fields 16 and 17 of proc(5), after the name in parentheses that may hold blanks, in
    // hundredths of a second.
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(13).map(str::parse::<u32>);
    let (user, system) = (times.next()?.ok()?, times.next()?.ok()?);
    Some(f64::from(user + system) / 100.0)
}
