//! The codes of diagnostics.

/// Every code that a diagnostic of this crate can have, and what it means, in order.
pub const CODES: &[(&str, &str)] = &[
    (
        "body-without-schema",
        "A body has no schema; it is bytes or any JSON.",
    ),
    (
        "discriminator-added",
        "A member of a union does not name the discriminator; it is added.",
    ),
    (
        "discriminator-dropped",
        "A discriminator cannot tell the members of its union apart.",
    ),
    (
        "encoding-not-used",
        "An encoding of a part of a body is not used.",
    ),
    (
        "enum-mixed",
        "An enum of values of several types is read as any JSON.",
    ),
    ("failure-header", "A header of a failure has no accessor."),
    (
        "media-type-passed-over",
        "A body has several media types; one is used.",
    ),
    (
        "operation-servers",
        "A server of an operation alone is not used.",
    ),
    (
        "pagination-unresolved",
        "A paging profile does not fit its operation; there are no streams.",
    ),
    (
        "parameter-media-type",
        "A parameter of a media type that is not JSON is written as JSON.",
    ),
    (
        "schema-never",
        "A schema that allows nothing is read as any JSON.",
    ),
    (
        "security-scheme-unsupported",
        "A security scheme has no method on the client's builder.",
    ),
    (
        "tuple-open",
        "An array with schemas for its first items alone is read as any JSON.",
    ),
    (
        "union-untagged",
        "Nothing but what they hold tells the members of a union apart.",
    ),
    (
        "union-with-any",
        "A union with a member that allows anything is read as any JSON.",
    ),
];
