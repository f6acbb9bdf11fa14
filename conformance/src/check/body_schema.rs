//! `body-schema`: a success fits its schema. Judged by [`Contract::check_reply`](crate::Contract::check_reply).

use crate::{Family, Rule};

pub(super) const RULE: Rule = Rule {
    id: "body-schema",
    family: Family::Check,
    promise: "The body of a success fits its schema, record by record where it is a stream.",
    source: "OpenAPI 3.0.3, Media Type Object; JSON Schema 2020-12",
    example: r#"A required `id` is missing from the third item of a page."#,
};
