//! The checks: rules about one exchange, or a few of one operation.

rules! {
    Check;
    /// Every request is answered: in time, whole, and in HTTP.
    ANSWERS = "answers",
        "RFC 9110, section 3.4; RFC 9112, section 6",
        "The reply says `Content-Encoding: gzip`, and its body is plain JSON.";
    /// No request, valid or not, is answered with a 5xx.
    NO_SERVER_ERROR = "no-server-error",
        "RFC 9110, section 15.6: a 5xx says that the server erred",
        "A malformed UUID in the path is answered with 500 and a stack trace.";
    /// The status of every reply is documented, and a valid request succeeds.
    DOCUMENTED_STATUS = "documented-status",
        "OpenAPI 3.0.3, Responses Object",
        "An operation that documents 200 and 404 answers 206.";
    /// The media type of a reply is one that the document names for its status.
    MEDIA_TYPE = "media-type",
        "OpenAPI 3.0.3, Response Object, `content`",
        "A documented `application/json` comes as `text/html`.";
    /// The headers that the document demands of a reply are there, and each fits its schema.
    DOCUMENTED_HEADERS = "documented-headers",
        "OpenAPI 3.0.3, Response Object, `headers`; Header Object",
        "201 comes without the required `Location`.";
    /// The body of a success fits its schema, record by record where it is a stream.
    BODY_SCHEMA = "body-schema",
        "OpenAPI 3.0.3, Media Type Object; JSON Schema 2020-12",
        "A required `id` is missing from the third item of a page.";
    /// The body of a documented refusal or failure fits its schema.
    ERROR_SCHEMA = "error-schema",
        "OpenAPI 3.0.3, Media Type Object; JSON Schema 2020-12",
        r#"404 comes as `{"oops": true}` where `message` is required."#;
    /// A request that the document forbids is refused with a documented 4xx.
    BAD_INPUT = "bad-input",
        "OpenAPI 3.0.3, Parameter Object and Request Body Object; RFC 9110, section 15.5.1",
        "`?project_id=0195f0a0-zzzz` is answered with 200 and an empty list.";
    /// Where security is declared, a request without credentials, or with wrong ones, is refused.
    CREDENTIALS = "credentials",
        "OpenAPI 3.0.3, Security Requirement Object; RFC 9110, section 15.5.2",
        "A list that demands an API key is answered with 200 without one.";
    /// An id that nothing has is answered with the documented status, 404 unless said otherwise.
    UNKNOWN_ID = "unknown-id",
        "RFC 9110, section 15.5.5; x-resource",
        "GET with an id that was never given out is answered with 200 and an empty object.";
    /// An item is not to be had under another parent's id.
    OTHER_PARENT = "other-parent",
        "RFC 9110, section 15.5.5; OWASP API Security, API1:2023",
        "GET /projects/{other}/experiments/{id} answers with the experiment of another project.";
    /// What is created can be read as it was written, changed, and is gone when deleted.
    LIFE_CYCLE = "life-cycle",
        "RFC 9110, sections 9.3.3 to 9.3.5; x-resource",
        "DELETE answers 204, and GET still shows the item.";
    /// A creation under an id that is there already changes nothing, where x-resource says so.
    CREATE_AGAIN = "create-again",
        "x-resource, `again`; RFC 9110, section 9.2.2",
        "A client that got no answer creates once more under the id it chose, and its item is overwritten.";
}
