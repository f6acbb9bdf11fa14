//! Codes of parameters, bodies, responses, headers and media types.

/// Hands these codes to the next macro, after those that came before them.
macro_rules! message_codes {
    ($next:ident $($rest:ident)*; $($before:tt)*) => { $next! { $($rest)*; $($before)*

        // Parameters.
        /// an operation takes a new optional parameter
        ParameterAddedOptional "parameter-added-optional" (Parameter, Added) {
            .both(
                safe("requests without it are still allowed"),
                breaks("it must obey a parameter that it does not know"),
            )
            .rust(Minor, "the request has a new setter")
        }
        /// an operation demands a new parameter
        ParameterAddedRequired "parameter-added-required" (Parameter, Added) {
            .both(
                breaks("requests without it are refused"),
                breaks("it must obey a parameter that it does not know"),
            )
            .rust(Major, "the method takes another argument")
        }
        /// an operation no longer takes a parameter
        ParameterRemoved "parameter-removed" (Parameter, Removed) {
            .both(
                breaks("requests with it are refused, or it is passed over"),
                safe("nothing asks for it any more"),
            )
            .rust(Major, "its setter or argument is gone")
        }
        /// a parameter travels under another name
        ParameterRenamed "parameter-renamed" (Parameter, Changed) {
            .both(
                breaks("requests with the old name are refused, or it is passed over"),
                breaks("it must obey a parameter of a name that it does not know"),
            )
            .rust(Major, "its setter has another name")
        }
        /// a parameter travels in another place
        ParameterMoved "parameter-moved" (Parameter, Changed) {
            .both(
                breaks("requests with it in the old place are refused, or it is passed over"),
                breaks("it must look for it in another place"),
            )
            .rust(Patch, "the request writes it in another place")
        }
        /// an optional parameter is now required
        ParameterRequired "parameter-required" (Parameter, Changed) {
            .both(
                breaks("requests without it are refused"),
                safe("requests with it were allowed before"),
            )
            .rust(Major, "the method takes another argument")
        }
        /// a required parameter is now optional
        ParameterOptional "parameter-optional" (Parameter, Changed) {
            .both(
                safe("requests with it are still allowed"),
                breaks("it must answer requests without it"),
            )
            .rust(Major, "an argument of the method is now a setter")
        }
        /// a parameter is written in another style
        ParameterStyleChanged "parameter-style-changed" (Parameter, Changed) {
            .both(
                breaks("its old form is not understood"),
                breaks("it must understand another form"),
            )
            .rust(Patch, "the request writes it in another form")
        }
        /// a parameter's `explode` changed
        ParameterExplodeChanged "parameter-explode-changed" (Parameter, Changed) {
            .both(
                breaks("its old form is not understood"),
                breaks("it must understand another form"),
            )
            .rust(Patch, "the request writes it in another form")
        }
        /// a parameter's `allowReserved` changed
        ParameterReservedChanged "parameter-reserved-changed" (Parameter, Changed) {
            .both(
                may("reserved characters are written in a form that may not be understood"),
                may("it must understand reserved characters in another form"),
            )
            .rust(Patch, "the request escapes other characters")
        }
        /// a parameter is, or was, a document of a media type
        ParameterContentChanged "parameter-content-changed" (Parameter, Changed) {
            .both(
                breaks("its old form is not understood"),
                breaks("it must understand another form"),
            )
            .rust(Major, "its setter takes another type")
        }
        /// a parameter is deprecated
        ParameterDeprecated "parameter-deprecated" (Parameter, Deprecated) {
            .both(safe("it still works"), safe("it must go on obeying it"))
            .rust(Minor, "use of its setter gives a warning")
        }
        /// a parameter is no longer deprecated
        ParameterUndeprecated "parameter-undeprecated" (Parameter, Undeprecated) {
            .rust(Patch, "use of its setter gives no warning any more")
        }
        /// required parameters stand in another order
        ParameterOrderChanged "parameter-order-changed" (Parameter, Changed) {
            .rust(Major, "the method takes its arguments in another order")
        }

        // Request bodies, and media types of requests.
        /// an operation takes an optional body
        BodyAddedOptional "body-added-optional" (Body, Added) {
            .both(
                safe("requests without it are still allowed"),
                breaks("it must read a body that it does not know"),
            )
            .rust(Minor, "the request has a new setter")
        }
        /// an operation demands a body
        BodyAddedRequired "body-added-required" (Body, Added) {
            .both(
                breaks("requests without it are refused"),
                breaks("it must read a body that it does not know"),
            )
            .rust(Major, "the method takes another argument")
        }
        /// an operation no longer takes a body
        BodyRemoved "body-removed" (Body, Removed) {
            .both(
                breaks("requests with it are refused, or it is passed over"),
                safe("nothing asks for it any more"),
            )
            .rust(Major, "the body's setter or argument is gone")
        }
        /// an optional body is now required
        BodyRequired "body-required" (Body, Changed) {
            .both(
                breaks("requests without it are refused"),
                safe("requests with it were allowed before"),
            )
            .rust(Major, "the method takes another argument")
        }
        /// a required body is now optional
        BodyOptional "body-optional" (Body, Changed) {
            .both(
                safe("requests with it are still allowed"),
                breaks("it must answer requests without it"),
            )
            .rust(Major, "an argument of the method is now a setter")
        }
        /// a body may be of another media type
        BodyMediaTypeAdded "body-media-type-added" (Body, Added) {
            .both(
                safe("the media types that clients send are still accepted"),
                breaks("it must accept a media type that it does not know"),
            )
            .rust(Patch, "the client goes on sending the first one that it knows")
        }
        /// a body may no longer be of a media type
        BodyMediaTypeRemoved "body-media-type-removed" (Body, Removed) {
            .both(
                breaks("requests of that media type are refused"),
                safe("it may go on accepting it"),
            )
            .rust(Major, "the body may be of another type")
        }
        /// a part of a form is written in another way
        EncodingChanged "encoding-changed" (Body, Changed) {
            .both(
                breaks("its old form may not be understood"),
                breaks("it must understand another form"),
            )
            .rust(Patch, "the request writes it in another form")
        }

        // Responses, headers, media types of responses, streams.
        /// an operation may succeed with another status
        ResponseSuccessAdded "response-success-added" (Response, Added) {
            .both(
                breaks("a client takes a success that it does not know for an undocumented answer"),
                safe("it need not answer so"),
            )
            .rust(Major, "what success gives is of another type")
        }
        /// an operation no longer succeeds with a status
        ResponseSuccessRemoved "response-success-removed" (Response, Removed) {
            .both(
                safe("one answer less may come"),
                breaks("an answer that was allowed no longer is"),
            )
            .rust(Major, "what success gives is of another type")
        }
        /// an operation succeeds with another status
        ResponseSuccessChanged "response-success-changed" (Response, Changed) {
            .both(
                breaks("a client takes a success that it does not know for an undocumented answer"),
                breaks("it must answer with another status"),
            )
            .rust(Patch, "another status is taken for success")
        }
        /// an operation may fail in another documented way
        ResponseErrorAdded "response-error-added" (Response, Added) {
            .both(
                may("a client that knows the old failures only keeps it as undocumented"),
                safe("it need not answer so"),
            )
            .rust(Major, "what it fails with has another name")
        }
        /// a failure is no longer documented
        ResponseErrorRemoved "response-error-removed" (Response, Removed) {
            .both(
                may("where it still comes it is said to be undocumented"),
                breaks("an answer that was allowed no longer is"),
            )
            .rust(Major, "the failure's variant is gone")
        }
        /// there is a default response
        ResponseDefaultAdded "response-default-added" (Response, Added) {
            .both(may("answers may come that no status foretells"), safe("it need not answer so"))
            .rust(Major, "what it fails with has another name")
        }
        /// there is no default response any more
        ResponseDefaultRemoved "response-default-removed" (Response, Removed) {
            .both(
                may("where it still comes it is said to be undocumented"),
                breaks("answers that only it covers are no longer allowed"),
            )
            .rust(Major, "the failure's variant is gone")
        }
        /// a response that was empty has a body
        ResponseBodyAdded "response-body-added" (Response, Added) {
            .both(
                safe("a client that looks for no body passes over it"),
                breaks("its answer must have a body"),
            )
            .rust(Major, "what the answer gives is of another type")
        }
        /// a response has no body any more
        ResponseBodyRemoved "response-body-removed" (Response, Removed) {
            .both(
                breaks("a client that decodes a body finds none"),
                breaks("its answer must have no body"),
            )
            .rust(Major, "what the answer gives is of another type")
        }
        /// a response may be of another media type
        ResponseMediaTypeAdded "response-media-type-added" (Response, Added) {
            .both(
                may("a client that does not say what it accepts may not decode it"),
                safe("it may go on answering as it does"),
            )
            .rust(Patch, "the `Accept` header may differ")
        }
        /// a response is no longer of a media type
        ResponseMediaTypeRemoved "response-media-type-removed" (Response, Removed) {
            .both(
                breaks("a client that asks for it gets another one, or is refused"),
                breaks("an answer that was allowed no longer is"),
            )
            .rust(Major, "what the answer gives may be of another type")
        }
        /// a response has a new header
        HeaderAdded "header-added" (Header, Added) {
            .both(safe("clients pass over headers that they do not know"), safe("it is optional"))
            .rust(Minor, "the response has a new accessor")
        }
        /// a response has a new header, always
        HeaderAddedRequired "header-added-required" (Header, Added) {
            .both(
                safe("clients pass over headers that they do not know"),
                breaks("its answer must have it"),
            )
            .rust(Minor, "the response has a new accessor")
        }
        /// a response's header is no longer documented
        HeaderRemoved "header-removed" (Header, Removed) {
            .both(may("a client that reads it finds none"), safe("it may go on sending it"))
            .rust(Major, "the response's accessor is gone")
        }
        /// a response's header is now always there
        HeaderRequired "header-required" (Header, Changed) {
            .both(safe("clients find it more often"), breaks("its answer must have it"))
        }
        /// a response's header may be absent
        HeaderOptional "header-optional" (Header, Changed) {
            .both(may("a client that reads it may find none"), safe("it may go on sending it"))
        }
        /// a response's header is deprecated
        HeaderDeprecated "header-deprecated" (Header, Deprecated) {
            .both(safe("it still comes"), safe("it must go on sending it"))
            .rust(Patch, "the documentation says so")
        }
        /// a response's header is no longer deprecated
        HeaderUndeprecated "header-undeprecated" (Header, Undeprecated) {
            .rust(Patch, "the documentation says so no longer")
        }
        /// a body or a header has got a schema
        SchemaSet "schema-set" (Schema, Changed) {
            .narrows()
            .rust(Major, "it is of another type")
        }
        /// a body or a header has lost its schema
        SchemaUnset "schema-unset" (Schema, Changed) {
            .widens(breaks("answers may come that clients do not decode"))
            .rust(Major, "it is of another type")
        }
        /// a body is now a sequence of records
        StreamAdded "stream-added" (Stream, Added) {
            .both(
                breaks("a client that reads one document finds many"),
                breaks("it must answer with records"),
            )
            .rust(Major, "the answer is a stream")
        }
        /// a body is no longer a sequence of records
        StreamRemoved "stream-removed" (Stream, Removed) {
            .both(
                breaks("a client that reads records finds one document"),
                breaks("it must answer with one document"),
            )
            .rust(Major, "the answer is no stream")
        }
        /// the records of a stream are told apart in another way
        StreamFramingChanged "stream-framing-changed" (Stream, Changed) {
            .both(
                breaks("a client does not find where a record ends"),
                breaks("it must end records in another way"),
            )
            .rust(Patch, "the stream is cut in another way")
        }
    }};
}
