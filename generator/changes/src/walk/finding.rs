//! Findings: changes before they are judged, and what concerns them.

use crate::change::Direction;
use crate::code::Code;
use plumbline_specs::Pointer;

/// The way of a request, as a bit.
pub(crate) const REQUEST: u8 = 1;
/// The way of a response, as a bit.
pub(crate) const RESPONSE: u8 = 2;
/// Both ways.
pub(crate) const BOTH: u8 = REQUEST | RESPONSE;

/// A change that is not judged yet.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) code: Code,
    pub(crate) subject: String,
    pub(crate) old: Option<Pointer>,
    pub(crate) new: Option<Pointer>,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) guess: Option<String>,
    pub(crate) scope: Scope,
}

/// What a finding concerns.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    /// The whole document.
    Api,
    /// Pairs of operations, by index, and the way, when it has one.
    Operations(Vec<usize>, Option<Direction>),
    /// A pair of schemas, by index, and the ways in which the finding matters.
    Node(usize, u8),
}

impl Finding {
    pub(crate) fn new(code: Code, subject: &str, scope: Scope) -> Self {
        Self {
            code,
            subject: subject.to_owned(),
            old: None,
            new: None,
            before: None,
            after: None,
            guess: None,
            scope,
        }
    }

    #[must_use]
    pub(crate) fn at(mut self, old: &Pointer, new: &Pointer) -> Self {
        self.old = Some(old.clone());
        self.new = Some(new.clone());
        self
    }

    #[must_use]
    pub(crate) fn old_at(mut self, old: &Pointer) -> Self {
        self.old = Some(old.clone());
        self
    }

    #[must_use]
    pub(crate) fn new_at(mut self, new: &Pointer) -> Self {
        self.new = Some(new.clone());
        self
    }

    #[must_use]
    pub(crate) fn before(mut self, before: impl Into<String>) -> Self {
        self.before = Some(before.into());
        self
    }

    #[must_use]
    pub(crate) fn after(mut self, after: impl Into<String>) -> Self {
        self.after = Some(after.into());
        self
    }

    #[must_use]
    pub(crate) fn guess(mut self, why: Option<&str>) -> Self {
        self.guess = why.map(str::to_owned);
        self
    }
}

/// Bits as a direction.
pub(crate) fn direction(mask: u8) -> Option<Direction> {
    match mask & BOTH {
        REQUEST => Some(Direction::Request),
        RESPONSE => Some(Direction::Response),
        BOTH => Some(Direction::Both),
        _ => None,
    }
}

/// The same ways, seen by the other party.
pub(crate) fn flipped(mask: u8) -> u8 {
    (mask & REQUEST) << 1 | (mask & RESPONSE) >> 1
}

#[cfg(test)]
mod tests {
    use super::{BOTH, REQUEST, RESPONSE, flipped};

    #[test]
    fn ways_are_flipped() {
        assert_eq!(flipped(REQUEST), RESPONSE);
        assert_eq!(flipped(RESPONSE), REQUEST);
        assert_eq!(flipped(BOTH), BOTH);
    }
}
