//! Complaints about a request, and why one is refused.

use plumbline_specs::api::Expression;

/// What a complaint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    /// Text that is not of its type: a word for a number, a body that is not JSON.
    Unreadable,
    /// A value that its schema does not allow.
    Value,
    /// A page, an offset or a size that is out of bounds.
    Bounds,
    /// A token that this list did not give.
    Cursor,
}

/// One fault of a request.
#[derive(Clone, Debug)]
pub(super) struct Complaint {
    pub(super) matter: Matter,
    /// The place in the request, as an expression without `$request.`, for example `query.page`.
    pub(super) place: String,
    pub(super) message: String,
}

impl Complaint {
    /// Whether it is about the place of an expression, or about what stands within it.
    pub(super) fn concerns(&self, expression: &Expression) -> bool {
        let place = place_of(expression);
        self.place
            .strip_prefix(&place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// An expression's place as complaints write it.
pub(super) fn place_of(expression: &Expression) -> String {
    expression.to_string().replacen("$request.", "", 1)
}

/// Why a request is not performed.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// It is wrong.
    Bad(Vec<Complaint>),
    /// Credentials are missing or wrong.
    Unauthorized,
    /// There is no such item.
    Unknown,
    /// There is no item that would own it.
    NoOwner,
    /// It breaks a rule of the vendor's server that no schema states.
    Demanded {
        /// The status that says so.
        status: u16,
        message: String,
    },
    /// There is no such page, and the profile says that this is an error.
    PastTheEnd(u16),
    /// The server cannot go on; only a defect says so.
    Broken(u16),
}
