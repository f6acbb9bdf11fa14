//! The table of codes: what each means and how it is judged.

mod message;
mod operation;
mod schema;

use crate::change::{Effect, Step};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A kind of change and how it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// In kebab-case; never renamed.
    pub id: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How it is judged where a client writes, and where writing and reading have no meaning.
    pub request: Judgement,
    /// How it is judged where a client reads.
    pub response: Judgement,
    /// The step that it demands of the generated crate and why, where the crates of both
    /// documents are not at hand.
    pub rust: (Step, &'static str),
    /// Whether only prose changed.
    pub words: bool,
}

/// The two verdicts on deployed parties, each with its reason.
#[derive(Clone, Copy, Debug)]
pub struct Judgement {
    /// Of a client that was built from the old document.
    pub client: (Effect, &'static str),
    /// Of a server that does what the old document says.
    pub server: (Effect, &'static str),
}

/// Every code that [`compare`](crate::compare()) gives.
pub static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    [
        operation::OPERATION,
        operation::SECURITY,
        operation::PAGING,
        message::PARAMETER,
        message::BODY,
        message::RESPONSE,
        schema::SCHEMA,
        schema::VALUE,
        schema::OBJECT,
        schema::UNION,
        schema::RUST,
    ]
    .concat()
});

static BY_ID: LazyLock<HashMap<&'static str, Code>> =
    LazyLock::new(|| CODES.iter().map(|code| (code.id, *code)).collect());

/// The entry of a code.
pub fn code(id: &str) -> Option<&'static Code> {
    BY_ID.get(id)
}

/// Why nothing breaks where nothing is sent.
pub(super) const UNTOUCHED: &str = "nothing that is sent changes";
const SAFE: Judgement = Judgement {
    client: (Effect::Safe, UNTOUCHED),
    server: (Effect::Safe, UNTOUCHED),
};

/// A code that breaks nothing until the methods below say so.
const fn entry(id: &'static str, meaning: &'static str) -> Code {
    Code {
        id,
        meaning,
        request: SAFE,
        response: SAFE,
        rust: (Step::None, "the generated source stays as it is"),
        words: false,
    }
}

type Say = (Effect, &'static str);

const fn safe(reason: &'static str) -> Say {
    (Effect::Safe, reason)
}

const fn may(reason: &'static str) -> Say {
    (Effect::May, reason)
}

const fn breaks(reason: &'static str) -> Say {
    (Effect::Breaks, reason)
}

impl Code {
    const fn request(mut self, client: Say, server: Say) -> Self {
        self.request = Judgement { client, server };
        self
    }

    const fn response(mut self, client: Say, server: Say) -> Self {
        self.response = Judgement { client, server };
        self
    }

    const fn both(self, client: Say, server: Say) -> Self {
        self.request(client, server).response(client, server)
    }

    /// Fewer values are allowed than were.
    const fn narrows(self) -> Self {
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
    const fn widens(self, reader: Say) -> Self {
        self.request(
            safe("every request that was allowed still is"),
            breaks("it must accept what it may refuse so far"),
        )
        .response(reader, safe("every answer that was allowed still is"))
    }

    /// Other values are allowed than were.
    const fn shifts(self) -> Self {
        self.request(
            breaks("requests that were allowed are refused"),
            breaks("it must accept what it may refuse so far"),
        )
        .response(
            breaks("answers may come that clients do not decode"),
            breaks("answers that were allowed no longer are"),
        )
    }

    const fn rust(mut self, step: Step, reason: &'static str) -> Self {
        self.rust = (step, reason);
        self
    }

    const fn prose(mut self) -> Self {
        self.words = true;
        self.rust(Step::Patch, "only documentation differs")
    }
}

#[cfg(test)]
mod tests {
    use super::CODES;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_in_kebab_case() {
        let mut seen = HashSet::new();
        for code in CODES.iter() {
            assert!(seen.insert(code.id), "{} comes twice", code.id);
            assert!(
                code.id
                    .chars()
                    .all(|character| character.is_ascii_lowercase() || character == '-'),
                "{}",
                code.id
            );
        }
    }
}
