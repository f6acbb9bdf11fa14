//! A document and fixtures become verdicts on a server.
//!
//! The flow: a [`contract`](crate) is made from what `plumbline-specs` read; a session sends
//! requests to a [`Target`] and keeps each [`Exchange`]; checks and laws, functions of
//! exchanges alone, give [`Outcome`]s; a [`Report`] holds them, and every format is a view of it.

pub mod cassette;
pub mod check;
pub mod codes;
mod contract;
mod coverage;
mod curl;
mod digest;
mod exchange;
pub mod expression;
pub mod fixture;
mod guard;
pub mod har;
mod input;
mod interrupt;
pub mod invent;
pub mod known;
pub mod law;
pub mod merge;
mod outcome;
pub mod record;
mod redacted;
pub mod report;
pub mod rule;
pub mod run;
pub mod secrets;
mod session;
mod shorten;
mod stopped;
mod target;
mod tls;
pub mod traffic;
mod user;
mod verify;
mod weight;

pub use contract::{Contract, Direction, Missing, Route, Values, Violation};
pub use coverage::{Coverage, OperationCoverage, Seen};
pub use exchange::{Exchange, ExchangeId, Failure, Reply, Request};
pub use guard::LeftOut;
pub use interrupt::Interrupt;
pub use outcome::{FORMAT, Finding, Note, Outcome, Remaining, Report, Severity, Totals, Verdict};
pub use rule::{Family, Rule, Rules};
pub use session::{Session, SessionError};
pub use stopped::Stopped;
pub use target::{Limits, Target};
pub use user::{MissingVariable, UserHeader, UserText};
pub use verify::{Verify, VerifyError, verify};

/// The day by which known failures expire: in UTC, so that it is the same on every machine.
pub fn today() -> jiff::civil::Date {
    jiff::tz::TimeZone::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
}

/// This second, as a report says when it was begun.
pub fn now() -> String {
    jiff::Timestamp::now()
        .round(jiff::Unit::Second)
        .unwrap_or_default()
        .to_string()
}
