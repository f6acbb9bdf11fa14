//! What stands in the way of an update, each by a name that accepts it.

use std::fmt;

/// Failures met, and which of them are accepted.
#[derive(Clone, Debug)]
pub struct Failures {
    accept: Vec<String>,
    met: Vec<Failure>,
}

/// One thing that does not work with the new document.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What does not work.
    pub kind: FailureKind,
    /// Which of its kind it is; empty where there is one only.
    pub name: String,
    /// What is wrong, in one line.
    pub reason: String,
    /// More of it, in lines.
    details: String,
    accepted: bool,
}

/// What can fail to work with a new document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A selector of what is followed of a document.
    Selection,
    /// A departure of a transcription.
    Departure,
    /// An action of an overlay.
    Overlay,
    /// The compiler, on the clients.
    Compile,
    /// A fixture.
    Fixture,
}

impl FailureKind {
    /// What accepts all failures of the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Selection => "selection",
            Self::Departure => "departure",
            Self::Overlay => "overlay",
            Self::Compile => "compile",
            Self::Fixture => "fixture",
        }
    }
}

impl Failure {
    /// What accepts it alone, for example `overlay:3`.
    fn id(&self) -> String {
        match self.name.as_str() {
            "" => self.kind.as_str().to_owned(),
            name => format!("{}:{name}", self.kind.as_str()),
        }
    }
}

impl Failures {
    /// None met yet; those that are named, or whose kind is, are accepted when they are.
    pub fn new(accept: &[String]) -> Self {
        Self {
            accept: accept.to_vec(),
            met: Vec::new(),
        }
    }

    /// Notes a failure.
    pub fn add(&mut self, kind: FailureKind, name: &str, reason: &str, details: &str) {
        let mut failure = Failure {
            kind,
            name: name.to_owned(),
            reason: reason.to_owned(),
            details: details.to_owned(),
            accepted: false,
        };
        let names = [failure.id(), kind.as_str().to_owned()];
        failure.accepted = self.accept.iter().any(|one| names.contains(one));
        self.met.push(failure);
    }

    /// Whether one was met that is not accepted.
    pub fn refused(&self) -> bool {
        self.met.iter().any(|one| !one.accepted)
    }

    /// Those that were accepted.
    pub fn accepted(&self) -> Vec<&Failure> {
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
                writeln!(out, "  {}: {}", failure.id(), failure.reason)?;
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
