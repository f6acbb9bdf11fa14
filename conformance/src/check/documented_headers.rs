//! `documented-headers`: documented headers are there and fit. Judged by [`Contract::check_reply`](crate::Contract::check_reply).

use crate::{Family, Rule};

pub(super) const RULE: Rule = Rule {
    id: "documented-headers",
    family: Family::Check,
    promise: "The headers that the document demands of a reply are there, and each fits its schema.",
    source: "OpenAPI 3.0.3, Response Object, `headers`; Header Object",
    example: r#"201 comes without the required `Location`."#,
};
