//! What stands in the way of an update, each by a name that accepts it.

use std::fmt;

/// Failures met, and which of them are accepted.
#[derive(Debug)]
pub(super) struct Failures {
    accept: Vec<String>,
    met: Vec<Failure>,
}

/// One thing that does not work with the new document.
#[derive(Debug)]
pub(super) struct Failure {
    /// What accepts it, for example `overlay:3`.
    pub(super) name: String,
    /// What is wrong, in one line.
    pub(super) reason: String,
    /// More of it, in lines.
    details: String,
    accepted: bool,
}

impl Failures {
    /// None met yet; what is named is accepted when it is.
    pub(super) fn new(accept: &[String]) -> Self {
        Self {
            accept: accept.to_vec(),
            met: Vec::new(),
        }
    }

    /// Notes a failure. Its own name accepts it, and so does its kind: what stands before the
    /// colon.
    pub(super) fn add(&mut self, name: &str, reason: &str, details: &str) {
        let kind = name.split(':').next().unwrap_or_default();
        self.met.push(Failure {
            accepted: self.accept.iter().any(|one| one == name || one == kind),
            name: name.to_owned(),
            reason: reason.to_owned(),
            details: details.to_owned(),
        });
    }

    /// Whether one was met that is not accepted.
    pub(super) fn refused(&self) -> bool {
        self.met.iter().any(|one| !one.accepted)
    }

    /// Those that were accepted.
    pub(super) fn accepted(&self) -> Vec<&Failure> {
        self.met.iter().filter(|one| one.accepted).collect()
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (taken, left): (Vec<_>, Vec<_>) = self.met.iter().partition(|one| one.accepted);
        for (heading, failures) in [("accepted", taken), ("in the way", left)] {
            if failures.is_empty() {
                continue;
            }
            writeln!(out, "{heading}:")?;
            for failure in failures {
                writeln!(out, "  {}: {}", failure.name, failure.reason)?;
                for line in failure.details.lines() {
                    writeln!(out, "    {line}")?;
                }
            }
        }
        if self.refused() {
            writeln!(
                out,
                "mend them, or take one with `--accept NAME` or all of a kind with `--accept KIND`"
            )?;
        }
        Ok(())
    }
}
