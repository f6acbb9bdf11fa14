//! The codes of the kit: what is said of fixtures, recordings, traffic and known failures.

plumbline_specs::codes! {
    /// An entry of a HAR file has no response; it is left out.
    ABORTED = "aborted";
    /// A path of a comparison is no JSON Path.
    BAD_PATH = "bad-path";
    /// A pattern of a fixture is no regular expression.
    BAD_PATTERN = "bad-pattern";
    /// A request whose path is no path was refused.
    BAD_REQUEST_PATH = "bad-request-path";
    /// A request whose path leads out of the upstream's base path was refused.
    BEYOND_BASE = "beyond-base";
    /// A capture fails in the recorded response; a replay takes the value from elsewhere.
    CAPTURE_FAILS = "capture-fails";
    /// An interaction of a cassette lacks a part; it is left out.
    CASSETTE_INTERACTION = "cassette-interaction";
    /// A recorded response does not meet its own comparison.
    COMPARISON_FAILS = "comparison-fails";
    /// A body's content coding cannot be decoded; the body is kept as it came.
    CONTENT_CODING = "content-coding";
    /// Two exchanges of a fixture have one id.
    DUPLICATE_EXCHANGE = "duplicate-exchange";
    /// A fixture does not have its form.
    FIXTURE_FORM = "fixture-form";
    /// A request for a host that is not the proxy's was refused.
    FOREIGN_HOST = "foreign-host";
    /// A request of another site's page was refused.
    FOREIGN_ORIGIN = "foreign-origin";
    /// An entry of a HAR file came from a cache; it is left out.
    FROM_CACHE = "from-cache";
    /// An entry of a HAR file lacks a part; it is left out.
    HAR_ENTRY = "har-entry";
    /// A known failure has expired.
    KNOWN_EXPIRED = "known-expired";
    /// A list of known failures does not have its form.
    KNOWN_FORM = "known-form";
    /// A known failure no longer fails.
    KNOWN_HOLDS = "known-holds";
    /// A known failure is listed twice.
    KNOWN_TWICE = "known-twice";
    /// A known failure names a rule or an operation that does not exist.
    KNOWN_UNJUDGED = "known-unjudged";
    /// An exchange cannot stand in a fixture, and is left out of it.
    LEFT_OUT = "left-out";
    /// A value that was not named as a secret looks like one.
    LOOKS_SECRET = "looks-secret";
    /// A variable or a capture has the name of an earlier one.
    NAME_TAKEN = "name-taken";
    /// An exchange had no response that can be kept.
    NO_ANSWER = "no-answer";
    /// A HAR file does not hold the body of a response; the entry is left out.
    NO_BODY = "no-body";
    /// A recorded response does not give what is captured from it.
    NO_SUCH_CAPTURE = "no-such-capture";
    /// A file is no cassette: it has neither `http_interactions` nor `interactions`.
    NOT_A_CASSETTE = "not-a-cassette";
    /// A request is for no operation of the document; it is left out.
    NOT_AN_OPERATION = "not-an-operation";
    /// A file is no HAR file: it has no `log.entries`.
    NOT_HAR = "not-har";
    /// A body or an exchange is left out, as the recording is full.
    NOT_KEPT = "not-kept";
    /// A request for another server than the upstream was refused.
    OTHER_HOST = "other-host";
    /// An entry of a HAR file is not HTTP; it is left out.
    OTHER_SCHEME = "other-scheme";
    /// The second of two recordings has no exchange like one of the first.
    RECORDED_ONCE = "recorded-once";
    /// The document forbids a request of a fixture, which does not say so.
    REQUEST_DOES_NOT_FIT = "request-does-not-fit";
    /// A request is said to be invalid, and the document allows it.
    REQUEST_FITS = "request-fits";
    /// The document does not allow a response of a fixture, which does not say so.
    RESPONSE_DOES_NOT_FIT = "response-does-not-fit";
    /// A response is said to depart from the document, and the document allows it.
    RESPONSE_FITS = "response-fits";
    /// A request was answered with another status than before.
    STATUS_DIFFERS = "status-differs";
    /// An exchange had not ended when the recording did.
    UNDER_WAY = "under-way";
    /// A fixture has a field that fixtures do not have.
    UNKNOWN_FIELD = "unknown-field";
    /// A fixture names an operation that the document does not have.
    UNKNOWN_OPERATION = "unknown-operation";
    /// A file is neither a HAR file, nor a cassette, nor a fixture.
    UNKNOWN_TRAFFIC = "unknown-traffic";
    /// A fixture uses a variable that has no value.
    UNKNOWN_VARIABLE = "unknown-variable";
    /// The document's schemas cannot be addressed, so nothing can be judged by them.
    UNUSABLE_SCHEMAS = "unusable-schemas";
    /// Nothing uses a variable or a capture.
    UNUSED_VARIABLE = "unused-variable";
    /// A client asked the proxy for another protocol than HTTP.
    UPGRADE_REFUSED = "upgrade-refused";
    /// An entry of a HAR file is a websocket; it is left out.
    WEBSOCKET = "websocket";
    /// A fixture sends what writes, and does not say `writes: true`.
    WRITES_UNSAID = "writes-unsaid";
    /// A request has another method than its operation.
    WRONG_METHOD = "wrong-method";
}
