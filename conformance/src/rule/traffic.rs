//! The rules that recorded traffic adds to those of the document: what a client promises.

rules! {
    Traffic;
    /// The path of a request is the operation's.
    REQUEST_PATH = "request-path",
        "OpenAPI 3.0.3, Paths Object, path templating",
        "A client asks for `/experiments/`, and the document has `/experiments` alone.";
    /// The parameters of a request that succeeds are the documented ones, and fit.
    REQUEST_PARAMETER = "request-parameter",
        "OpenAPI 3.0.3, Parameter Object",
        "A client asks for `?per_page=10`, and the document knows `size` alone.";
    /// The body of a request that succeeds has a media type that the document names.
    REQUEST_MEDIA_TYPE = "request-media-type",
        "OpenAPI 3.0.3, Request Body Object, `content`",
        "A client sends application/json where the document has multipart/form-data alone.";
    /// The body of a request that succeeds fits its schema.
    REQUEST_BODY = "request-body",
        "OpenAPI 3.0.3, Request Body Object; JSON Schema 2020-12",
        "A client leaves out `name`, which the document requires, and the server takes it.";
}
