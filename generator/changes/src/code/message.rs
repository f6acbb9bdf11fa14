//! Codes of parameters, bodies, responses, headers and media types.

use super::{Code, breaks, entry, may, safe};
use crate::change::Step::{Major, Minor, Patch};

/// Parameters.
pub(super) const PARAMETER: &[Code] = &[
    entry(
        "parameter-added-optional",
        "an operation takes a new optional parameter",
    )
    .both(
        safe("requests without it are still allowed"),
        breaks("it must obey a parameter that it does not know"),
    )
    .rust(Minor, "the request has a new setter"),
    entry(
        "parameter-added-required",
        "an operation demands a new parameter",
    )
    .both(
        breaks("requests without it are refused"),
        breaks("it must obey a parameter that it does not know"),
    )
    .rust(Major, "the method takes another argument"),
    entry(
        "parameter-removed",
        "an operation no longer takes a parameter",
    )
    .both(
        breaks("requests with it are refused, or it is passed over"),
        safe("nothing asks for it any more"),
    )
    .rust(Major, "its setter or argument is gone"),
    entry(
        "parameter-renamed",
        "a parameter travels under another name",
    )
    .both(
        breaks("requests with the old name are refused, or it is passed over"),
        breaks("it must obey a parameter of a name that it does not know"),
    )
    .rust(Major, "its setter has another name"),
    entry("parameter-moved", "a parameter travels in another place")
        .both(
            breaks("requests with it in the old place are refused, or it is passed over"),
            breaks("it must look for it in another place"),
        )
        .rust(Patch, "the request writes it in another place"),
    entry(
        "parameter-required",
        "an optional parameter is now required",
    )
    .both(
        breaks("requests without it are refused"),
        safe("requests with it were allowed before"),
    )
    .rust(Major, "the method takes another argument"),
    entry("parameter-optional", "a required parameter is now optional")
        .both(
            safe("requests with it are still allowed"),
            breaks("it must answer requests without it"),
        )
        .rust(Major, "an argument of the method is now a setter"),
    entry(
        "parameter-style-changed",
        "a parameter is written in another style",
    )
    .both(
        breaks("its old form is not understood"),
        breaks("it must understand another form"),
    )
    .rust(Patch, "the request writes it in another form"),
    entry(
        "parameter-explode-changed",
        "a parameter's `explode` changed",
    )
    .both(
        breaks("its old form is not understood"),
        breaks("it must understand another form"),
    )
    .rust(Patch, "the request writes it in another form"),
    entry(
        "parameter-reserved-changed",
        "a parameter's `allowReserved` changed",
    )
    .both(
        may("reserved characters are written in a form that may not be understood"),
        may("it must understand reserved characters in another form"),
    )
    .rust(Patch, "the request escapes other characters"),
    entry(
        "parameter-content-changed",
        "a parameter is, or was, a document of a media type",
    )
    .both(
        breaks("its old form is not understood"),
        breaks("it must understand another form"),
    )
    .rust(Major, "its setter takes another type"),
    entry("parameter-deprecated", "a parameter is deprecated")
        .both(safe("it still works"), safe("it must go on obeying it"))
        .rust(Minor, "use of its setter gives a warning"),
    entry(
        "parameter-undeprecated",
        "a parameter is no longer deprecated",
    )
    .rust(Patch, "use of its setter gives no warning any more"),
    entry(
        "parameter-order-changed",
        "required parameters stand in another order",
    )
    .rust(Major, "the method takes its arguments in another order"),
];

/// Request bodies, and media types of requests.
pub(super) const BODY: &[Code] = &[
    entry("body-added-optional", "an operation takes an optional body")
        .both(
            safe("requests without it are still allowed"),
            breaks("it must read a body that it does not know"),
        )
        .rust(Minor, "the request has a new setter"),
    entry("body-added-required", "an operation demands a body")
        .both(
            breaks("requests without it are refused"),
            breaks("it must read a body that it does not know"),
        )
        .rust(Major, "the method takes another argument"),
    entry("body-removed", "an operation no longer takes a body")
        .both(
            breaks("requests with it are refused, or it is passed over"),
            safe("nothing asks for it any more"),
        )
        .rust(Major, "the body's setter or argument is gone"),
    entry("body-required", "an optional body is now required")
        .both(
            breaks("requests without it are refused"),
            safe("requests with it were allowed before"),
        )
        .rust(Major, "the method takes another argument"),
    entry("body-optional", "a required body is now optional")
        .both(
            safe("requests with it are still allowed"),
            breaks("it must answer requests without it"),
        )
        .rust(Major, "an argument of the method is now a setter"),
    entry(
        "body-media-type-added",
        "a body may be of another media type",
    )
    .both(
        safe("the media types that clients send are still accepted"),
        breaks("it must accept a media type that it does not know"),
    )
    .rust(
        Patch,
        "the client goes on sending the first one that it knows",
    ),
    entry(
        "body-media-type-removed",
        "a body may no longer be of a media type",
    )
    .both(
        breaks("requests of that media type are refused"),
        safe("it may go on accepting it"),
    )
    .rust(Major, "the body may be of another type"),
    entry(
        "encoding-changed",
        "a part of a form is written in another way",
    )
    .both(
        breaks("its old form may not be understood"),
        breaks("it must understand another form"),
    )
    .rust(Patch, "the request writes it in another form"),
];

/// Responses, headers, media types of responses, streams.
pub(super) const RESPONSE: &[Code] = &[
    entry(
        "response-success-added",
        "an operation may succeed with another status",
    )
    .both(
        breaks("a client takes a success that it does not know for an undocumented answer"),
        safe("it need not answer so"),
    )
    .rust(Major, "what success gives is of another type"),
    entry(
        "response-success-removed",
        "an operation no longer succeeds with a status",
    )
    .both(
        safe("one answer less may come"),
        breaks("an answer that was allowed no longer is"),
    )
    .rust(Major, "what success gives is of another type"),
    entry(
        "response-success-changed",
        "an operation succeeds with another status",
    )
    .both(
        breaks("a client takes a success that it does not know for an undocumented answer"),
        breaks("it must answer with another status"),
    )
    .rust(Patch, "another status is taken for success"),
    entry(
        "response-error-added",
        "an operation may fail in another documented way",
    )
    .both(
        may("a client that knows the old failures only keeps it as undocumented"),
        safe("it need not answer so"),
    )
    .rust(Major, "what it fails with has another name"),
    entry(
        "response-error-removed",
        "a failure is no longer documented",
    )
    .both(
        may("where it still comes it is said to be undocumented"),
        breaks("an answer that was allowed no longer is"),
    )
    .rust(Major, "the failure's variant is gone"),
    entry("response-default-added", "there is a default response")
        .both(
            may("answers may come that no status foretells"),
            safe("it need not answer so"),
        )
        .rust(Major, "what it fails with has another name"),
    entry(
        "response-default-removed",
        "there is no default response any more",
    )
    .both(
        may("where it still comes it is said to be undocumented"),
        breaks("answers that only it covers are no longer allowed"),
    )
    .rust(Major, "the failure's variant is gone"),
    entry(
        "response-body-added",
        "a response that was empty has a body",
    )
    .both(
        safe("a client that looks for no body passes over it"),
        breaks("its answer must have a body"),
    )
    .rust(Major, "what the answer gives is of another type"),
    entry("response-body-removed", "a response has no body any more")
        .both(
            breaks("a client that decodes a body finds none"),
            breaks("its answer must have no body"),
        )
        .rust(Major, "what the answer gives is of another type"),
    entry(
        "response-media-type-added",
        "a response may be of another media type",
    )
    .both(
        may("a client that does not say what it accepts may not decode it"),
        safe("it may go on answering as it does"),
    )
    .rust(Patch, "the `Accept` header may differ"),
    entry(
        "response-media-type-removed",
        "a response is no longer of a media type",
    )
    .both(
        breaks("a client that asks for it gets another one, or is refused"),
        breaks("an answer that was allowed no longer is"),
    )
    .rust(Major, "what the answer gives may be of another type"),
    entry("header-added", "a response has a new header")
        .both(
            safe("clients pass over headers that they do not know"),
            safe("it is optional"),
        )
        .rust(Minor, "the response has a new accessor"),
    entry(
        "header-added-required",
        "a response has a new header, always",
    )
    .both(
        safe("clients pass over headers that they do not know"),
        breaks("its answer must have it"),
    )
    .rust(Minor, "the response has a new accessor"),
    entry(
        "header-removed",
        "a response's header is no longer documented",
    )
    .both(
        may("a client that reads it finds none"),
        safe("it may go on sending it"),
    )
    .rust(Major, "the response's accessor is gone"),
    entry("header-required", "a response's header is now always there").both(
        safe("clients find it more often"),
        breaks("its answer must have it"),
    ),
    entry("header-optional", "a response's header may be absent").both(
        may("a client that reads it may find none"),
        safe("it may go on sending it"),
    ),
    entry("header-deprecated", "a response's header is deprecated")
        .both(safe("it still comes"), safe("it must go on sending it"))
        .rust(Patch, "the documentation says so"),
    entry(
        "header-undeprecated",
        "a response's header is no longer deprecated",
    )
    .rust(Patch, "the documentation says so no longer"),
    entry("schema-set", "a body or a header has got a schema")
        .narrows()
        .rust(Major, "it is of another type"),
    entry("schema-unset", "a body or a header has lost its schema")
        .widens(breaks("answers may come that clients do not decode"))
        .rust(Major, "it is of another type"),
    entry("stream-added", "a body is now a sequence of records")
        .both(
            breaks("a client that reads one document finds many"),
            breaks("it must answer with records"),
        )
        .rust(Major, "the answer is a stream"),
    entry(
        "stream-removed",
        "a body is no longer a sequence of records",
    )
    .both(
        breaks("a client that reads records finds one document"),
        breaks("it must answer with one document"),
    )
    .rust(Major, "the answer is no stream"),
    entry(
        "stream-framing-changed",
        "the records of a stream are told apart in another way",
    )
    .both(
        breaks("a client does not find where a record ends"),
        breaks("it must end records in another way"),
    )
    .rust(Patch, "the stream is cut in another way"),
];
