//! How changes of a code are judged, before anything is known of a single one.

use crate::effect::{Effect, Step};

/// The two verdicts on deployed parties, each with its reason.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// Of a client that was built from the old document.
    pub client: (Effect, &'static str),
    /// Of a server that does what the old document says.
    pub server: (Effect, &'static str),
}

/// How a code is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    pub(super) request: Judgement,
    pub(super) response: Judgement,
    pub(super) rust: (Step, &'static str),
    pub(super) naming: bool,
}

/// Why nothing breaks where nothing is sent.
pub(crate) const UNTOUCHED: &str = "nothing that is sent changes";

/// Why a bound leaves the generated source as it is.
pub(super) const BOUND: &str = "bounds are not part of the types, most of the time";

const UNAFFECTED: Judgement = Judgement {
    client: (Effect::Safe, UNTOUCHED),
    server: (Effect::Safe, UNTOUCHED),
};

/// An effect with its reason.
type Reasoned = (Effect, &'static str);

pub(super) const fn safe(reason: &'static str) -> Reasoned {
    (Effect::Safe, reason)
}

pub(super) const fn may(reason: &'static str) -> Reasoned {
    (Effect::May, reason)
}

pub(super) const fn breaks(reason: &'static str) -> Reasoned {
    (Effect::Breaks, reason)
}

impl Policy {
    /// It breaks nothing, until the methods below say so.
    pub(super) const SAFE: Self = Self {
        request: UNAFFECTED,
        response: UNAFFECTED,
        rust: (Step::None, "the generated source stays as it is"),
        naming: false,
    };

    pub(super) const fn request(mut self, client: Reasoned, server: Reasoned) -> Self {
        self.request = Judgement { client, server };
        self
    }

    pub(super) const fn response(mut self, client: Reasoned, server: Reasoned) -> Self {
        self.response = Judgement { client, server };
        self
    }

    pub(super) const fn both(self, client: Reasoned, server: Reasoned) -> Self {
        self.request(client, server).response(client, server)
    }

    /// Fewer values are allowed than were.
    pub(super) const fn narrows(self) -> Self {
        self.request(
            breaks("requests that were allowed are refused"),
            safe("it may go on accepting what it accepted"),
        )
        .response(
            safe("every answer that may come was allowed before"),
            breaks("answers that were allowed no longer are"),
        )
    }

    /// More values are allowed than were; `reader` says what that does to who reads them.
    pub(super) const fn widens(self, reader: Reasoned) -> Self {
        self.request(
            safe("every request that was allowed still is"),
            breaks("it must accept what it may refuse so far"),
        )
        .response(reader, safe("every answer that was allowed still is"))
    }

    /// Other values are allowed than were.
    pub(super) const fn shifts(self) -> Self {
        self.request(
            breaks("requests that were allowed are refused"),
            breaks("it must accept what it may refuse so far"),
        )
        .response(
            breaks("answers may come that clients do not decode"),
            breaks("answers that were allowed no longer are"),
        )
    }

    pub(super) const fn rust(mut self, step: Step, reason: &'static str) -> Self {
        self.rust = (step, reason);
        self
    }

    /// It can give something another name in Rust.
    pub(super) const fn naming(mut self) -> Self {
        self.naming = true;
        self
    }
}
