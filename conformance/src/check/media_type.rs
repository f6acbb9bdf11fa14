//! `media-type`: a reply's media type is documented. Judged by [`Contract::check_reply`](crate::Contract::check_reply).

use crate::{Family, Rule};

pub(super) const RULE: Rule = Rule {
    id: "media-type",
    family: Family::Check,
    promise: "The media type of a reply is one that the document names for its status.",
    source: "OpenAPI 3.0.3, Response Object, `content`",
    example: r#"A documented `application/json` comes as `text/html`."#,
};
