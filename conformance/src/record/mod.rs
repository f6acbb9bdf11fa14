//! Recording: traffic becomes a fixture, its secrets out of it, with findings beside it.

mod again;
mod capture;
mod finder;
#[cfg(feature = "proxy")]
mod gate;
mod known;
mod matchers;
#[cfg(feature = "proxy")]
mod proxy;
mod redact;
#[cfg(feature = "proxy")]
mod renew;
mod rewrite;
mod settle;
mod steps;
mod suspects;
#[cfg(feature = "proxy")]
mod wire;

pub use again::again;
#[cfg(feature = "proxy")]
pub use proxy::{Proxy, ProxyError};
#[cfg(feature = "proxy")]
pub use renew::{Played, play, renewed};

use crate::fixture::{Fixture, Provenance};
use crate::secrets::{Declared, Map, Place};
use crate::traffic::{self, Traffic};
use crate::{Contract, Interrupt, Limits, Report};
use plumbline_specs::Diagnostic;
use redact::Redacted;
use url::Url;

/// How traffic is made into a fixture.
#[derive(Clone, Debug)]
pub struct Options {
    /// The fixture's name.
    pub name: String,
    /// The document's name, for the report.
    pub spec: String,
    /// Where the document's paths begin; found from the traffic when not said.
    pub base: Option<Url>,
    /// What the fixture says of where it comes from.
    pub provenance: Provenance,
    /// Headers whose values become variables of the user's choice.
    pub maps: Vec<Map>,
    /// Places that hold secrets, besides those that the document and HTTP declare.
    pub places: Vec<Place>,
    /// The greatest body that is judged and kept, and what all of them may come to.
    pub limits: Limits,
    /// Names that are shown, though they are those of secrets.
    pub keep: Vec<String>,
}

/// What a document says of traffic that is not kept.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What the traffic breaks of the document.
    pub report: Report,
    /// What was left out, and why; and what looks like a secret.
    pub notes: Vec<Diagnostic>,
    /// Those of the user's flags of secrets whose place no exchange has.
    pub unmet: Vec<String>,
}

/// What became of traffic.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The scenario; `None` where no exchange could be kept.
    pub fixture: Option<Fixture>,
    /// What the traffic breaks of the document.
    pub report: Report,
    /// What was left out, and why; and what looks like a secret.
    pub notes: Vec<Diagnostic>,
    /// Those of the user's flags of secrets whose place no exchange has.
    pub unmet: Vec<String>,
}

/// Why traffic becomes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No exchange is an operation of the document.
    #[error("none of the {0} exchanges is an operation of the document")]
    NoMatchingExchange(usize),
}

/// Makes traffic into a fixture and judges it against the document. Secrets are found by where
/// they stand ([`Declared`]), and hidden wherever their values turn up again.
///
/// # Errors
///
/// When no exchange is an operation of the document.
pub fn recording(
    contract: &Contract,
    traffic: &Traffic,
    options: &Options,
) -> Result<Recording, RecordError> {
    let (redacted, checked) = judged(contract, traffic, options, &Interrupt::new())?;
    let mut notes = checked.notes;
    let fixture = steps::fixture(contract, &redacted, options, &mut notes);
    Ok(Recording {
        fixture,
        report: checked.report,
        notes,
        unmet: checked.unmet,
    })
}

/// Judges traffic against a document; secrets are hidden as for a fixture. Where it is interrupted,
/// the report says so, and judges what came before.
///
/// # Errors
///
/// When no exchange is an operation of the document.
pub fn checked(
    contract: &Contract,
    traffic: &Traffic,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<Checked, RecordError> {
    judged(contract, traffic, options, interrupt).map(|(_, checked)| checked)
}

fn judged(
    contract: &Contract,
    traffic: &Traffic,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<(Redacted, Checked), RecordError> {
    let none = || RecordError::NoMatchingExchange(traffic.exchanges.len());
    let base = match &options.base {
        Some(base) => base.clone(),
        None => traffic::base(contract, traffic).ok_or_else(none)?,
    };
    let mut matched = traffic::matched(contract, traffic, &base);
    traffic::admit(&mut matched, &options.limits);
    if matched.exchanges.is_empty() {
        return Err(none());
    }
    let declared = Declared::new(contract, &options.maps, &options.places, &options.keep);
    let mut report = traffic::judge(
        contract,
        &options.spec,
        &base,
        &matched.exchanges,
        interrupt,
    );
    let redacted = redact::redact(
        contract,
        &declared,
        &matched.exchanges,
        &matched.user_info,
        &traffic.variables,
    );
    redacted.hide(&mut report);
    let mut notes = traffic.notes.clone();
    notes.extend(matched.notes);
    for note in &mut notes {
        note.message = redacted.masks.text(&note.message);
    }
    notes.extend(suspects::suspects(&redacted, &options.keep));
    let unmet = declared.unmet();
    Ok((
        redacted,
        Checked {
            report,
            notes,
            unmet,
        },
    ))
}
