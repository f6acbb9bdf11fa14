//! The codes of generating: what of a document the client does not carry over.

plumbline_specs::codes! {
    /// A body has no schema; it is bytes or any JSON.
    BODY_WITHOUT_SCHEMA = "body-without-schema";
    /// The generator is at fault: what it made cannot be printed as Rust.
    CANNOT_GENERATE = "cannot-generate";
    /// A member of a union does not name the discriminator; it is added.
    DISCRIMINATOR_ADDED = "discriminator-added";
    /// A discriminator cannot tell the members of its union apart.
    DISCRIMINATOR_DROPPED = "discriminator-dropped";
    /// An encoding of a part of a body is not used.
    ENCODING_NOT_USED = "encoding-not-used";
    /// An enum of values of several types is read as any JSON.
    ENUM_MIXED = "enum-mixed";
    /// A header of a failure has no accessor.
    FAILURE_HEADER = "failure-header";
    /// A body has several media types; one is used.
    MEDIA_TYPE_PASSED_OVER = "media-type-passed-over";
    /// A server of an operation alone is not used.
    OPERATION_SERVERS = "operation-servers";
    /// A paging profile does not fit its operation; there are no streams.
    PAGINATION_UNRESOLVED = "pagination-unresolved";
    /// A parameter of a media type that is not JSON is written as JSON.
    PARAMETER_MEDIA_TYPE = "parameter-media-type";
    /// A schema that allows nothing is read as any JSON.
    SCHEMA_NEVER = "schema-never";
    /// A security scheme has no method on the client's builder.
    SECURITY_SCHEME_UNSUPPORTED = "security-scheme-unsupported";
    /// An array with schemas for its first items alone is read as any JSON.
    TUPLE_OPEN = "tuple-open";
    /// Nothing but what they hold tells the members of a union apart.
    UNION_UNTAGGED = "union-untagged";
    /// A union with a member that allows anything is read as any JSON.
    UNION_WITH_ANY = "union-with-any";
}
