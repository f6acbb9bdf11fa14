//! The codes of reading: what is said of a document, an overlay or a transcription.

crate::codes! {
    /// Parts of a schema exclude each other, so nothing satisfies it as written.
    CONTRADICTION = "contradiction";
    /// A departure of a transcription no longer applies.
    DEPARTURE_GONE = "departure-gone";
    /// A 3.1 document says something as 3.0 does; it is read as it is meant.
    DIALECT_3_0_IN_3_1 = "dialect-3.0-in-3.1";
    /// A 3.0 document says something as 3.1 does; it is read as it is meant.
    DIALECT_3_1_IN_3_0 = "dialect-3.1-in-3.0";
    /// A discriminator maps to what is no member of the union.
    DISCRIMINATOR_MAPPING = "discriminator-mapping";
    /// A map has a key twice.
    DUPLICATE_KEY = "duplicate-key";
    /// Two operations have one operationId.
    DUPLICATE_OPERATION_ID = "duplicate-operation-id";
    /// One list has two parameters of one name and location.
    DUPLICATE_PARAMETER = "duplicate-parameter";
    /// The input holds nothing.
    EMPTY_DOCUMENT = "empty-document";
    /// A reference leads into another document.
    EXTERNAL_REFERENCE = "external-reference";
    /// A keyword is not carried over into types; validation still obeys it.
    IGNORED_KEYWORD = "ignored-keyword";
    /// An overlay action updates what it removes.
    IGNORED_UPDATE = "ignored-update";
    /// A keyword constrains values of another type than the schema's, so it says nothing.
    INAPPLICABLE_KEYWORD = "inapplicable-keyword";
    /// A departure is not written as departures are.
    INVALID_DEPARTURE = "invalid-departure";
    /// A list of what is followed is not written as such lists are.
    INVALID_FOLLOWED = "invalid-followed";
    /// An object does not have the form that OpenAPI gives it.
    INVALID_OBJECT = "invalid-object";
    /// An overlay or an action of it does not have its form.
    INVALID_OVERLAY = "invalid-overlay";
    /// An x-pagination does not have its form.
    INVALID_PAGINATION = "invalid-pagination";
    /// An x-resource or x-reads does not have its form.
    INVALID_RESOURCE = "invalid-resource";
    /// A key of responses is no status.
    INVALID_STATUS = "invalid-status";
    /// An x-stream does not have its form.
    INVALID_STREAM = "invalid-stream";
    /// The input is not UTF-8.
    INVALID_UTF8 = "invalid-utf8";
    /// A response has no description, which OpenAPI asks for.
    MISSING_DESCRIPTION = "missing-description";
    /// The document has no title or no version.
    MISSING_INFO = "missing-info";
    /// A reference names nothing in the document.
    MISSING_REFERENCE = "missing-reference";
    /// The input is not an OpenAPI document.
    NOT_OPENAPI = "not-openapi";
    /// A path parameter is not marked required.
    OPTIONAL_PATH_PARAMETER = "optional-path-parameter";
    /// An overlay action selects nothing.
    OVERLAY_TARGET = "overlay-target";
    /// An x-pagination names an operation that is not there.
    PAGINATION_OPERATION = "pagination-operation";
    /// An x-pagination or x-resource names a parameter that the operation has not.
    PAGINATION_PARAMETER = "pagination-parameter";
    /// An x-pagination or x-resource points where no schema has anything.
    PAGINATION_POINTER = "pagination-pointer";
    /// What stands beside a $ref is ignored.
    REF_SIBLING = "ref-sibling";
    /// References lead back to where they began with nothing between.
    REFERENCE_CYCLE = "reference-cycle";
    /// A selector matches no operation.
    SELECTS_NOTHING = "selects-nothing";
    /// The document is written in Swagger 2.0; it is read as OpenAPI 3.0.3.
    SWAGGER = "swagger";
    /// A list is written in a way that OpenAPI 3.0 does not have; commas are used.
    SWAGGER_COLLECTION_FORMAT = "swagger-collection-format";
    /// The input is neither YAML nor JSON.
    SYNTAX = "syntax";
    /// Something nests too deep.
    TOO_DEEP = "too-deep";
    /// The input, or what it expands to, is too large.
    TOO_LARGE = "too-large";
    /// Our document says something else than the vendor's.
    TRANSCRIPTION_DIFFERS = "transcription-differs";
    /// A variable of a path template is declared by no parameter.
    UNDECLARED_PATH_PARAMETER = "undeclared-path-parameter";
    /// A property is required and not among the properties; it is read as any value.
    UNDECLARED_PROPERTY = "undeclared-property";
    /// A key means nothing where it stands.
    UNKNOWN_KEY = "unknown-key";
    /// A security requirement names a scheme that is not declared.
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme";
    /// A schema's type is none of JSON's.
    UNKNOWN_TYPE = "unknown-type";
    /// A file that a reference names may not be read, or is none of a description.
    UNREAD_FILE = "unread-file";
    /// The version of OpenAPI or of the overlay is not supported.
    UNSUPPORTED_VERSION = "unsupported-version";
    /// A keyword is read and no client uses it: links, allowEmptyValue, xml.
    UNUSED_KEYWORD = "unused-keyword";
    /// A path parameter is not in the path template.
    UNUSED_PATH_PARAMETER = "unused-path-parameter";
    /// A reference leads to an object of another kind.
    WRONG_REFERENCE = "wrong-reference";
}
