//! `error-schema`: an error fits its schema. Judged by [`Contract::check_reply`](crate::Contract::check_reply).

use crate::{Family, Rule};

pub(super) const RULE: Rule = Rule {
    id: "error-schema",
    family: Family::Check,
    promise: "The body of a documented refusal or failure fits its schema.",
    source: "OpenAPI 3.0.3, Media Type Object; JSON Schema 2020-12",
    example: r#"404 comes as `{"oops": true}` where `message` is required."#,
};
