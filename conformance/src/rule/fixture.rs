//! The rules that a recorded exchange adds to those of the document.

rules! {
    Fixture;
    /// A recorded request gets the status that was recorded.
    RECORDED_STATUS = "recorded-status",
        "the fixture's `response.status`",
        "The fixture says 404 for an id that is gone; the server answers 200 with an empty object.";
    /// An answer has the media type that was recorded.
    RECORDED_MEDIA_TYPE = "recorded-media-type",
        "the fixture's `response.headers` and the form of its body",
        "The fixture has application/json; the server answers with text/html.";
    /// An answer's objects have the keys that a server was recorded with; one gone or new is a
    /// warning.
    RECORDED_KEYS = "recorded-keys",
        "the fixture's `response.body`, where its provenance is `recorded`",
        "The recorded page has `total`; the server's page has none.";
    /// An answer's values are what the fixture says of them.
    RECORDED_VALUES = "recorded-values",
        "the fixture's `compare`",
        "An experiment renamed to `second` is still read as `first`.";
    /// A value that later requests need stands where it was recorded.
    CAPTURES = "captures",
        "the fixture's `capture`",
        "201 comes without the Location header that names the new experiment.";
}
