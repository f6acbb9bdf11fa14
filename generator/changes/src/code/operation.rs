//! Codes of operations, servers, security and paging.

/// Hands these codes to the next macro, after those that came before them.
macro_rules! operation_codes {
    ($next:ident $($rest:ident)*; $($before:tt)*) => { $next! { $($rest)*; $($before)*

        // Operations and what stands above them.
        /// there is a new operation
        OperationAdded "operation-added" (Operation, Added) {
            .both(
                safe("no deployed client calls it"),
                breaks("it must answer a request that it does not know"),
            )
            .rust(Minor, "the client has a new method")
        }
        /// an operation is gone
        OperationRemoved "operation-removed" (Operation, Removed) {
            .both(
                breaks("its calls are no longer answered as documented"),
                safe("nothing asks for it any more"),
            )
            .rust(Major, "the client's method is gone")
        }
        /// the same route has another operationId
        OperationRenamed "operation-renamed" (Operation, Changed) {
            .naming()
            .rust(Major, "the client's method and its types have other names")
        }
        /// an operation has got an operationId
        OperationIdAdded "operation-id-added" (Operation, Added) {
            .naming()
            .rust(Major, "the client's method is named after it")
        }
        /// an operation has lost its operationId
        OperationIdRemoved "operation-id-removed" (Operation, Removed) {
            .naming()
            .rust(Major, "the client's method is named after its route")
        }
        /// an operation stands at another path
        PathChanged "path-changed" (Operation, Changed) {
            .naming()
            .both(
                breaks("calls to the old path are no longer answered as documented"),
                breaks("it must answer at a path that it does not know"),
            )
            .rust(Patch, "the method sends another path")
        }
        /// a place in a path has another name
        PathParameterRenamed "path-parameter-renamed" (Operation, Changed) {
            .naming()
            .rust(Patch, "the argument has another name, which no caller writes")
        }
        /// an operation uses another HTTP method
        MethodChanged "method-changed" (Operation, Changed) {
            .naming()
            .both(
                breaks("calls with the old method are no longer answered as documented"),
                breaks("it must answer a method that it does not know"),
            )
            .rust(Patch, "the method sends another HTTP method")
        }
        /// an operation is deprecated
        OperationDeprecated "operation-deprecated" (Operation, Deprecated) {
            .both(
                safe("it still works; what replaces it should be called"),
                safe("it must go on answering"),
            )
            .rust(Minor, "calls of the method give a warning")
        }
        /// an operation is no longer deprecated
        OperationUndeprecated "operation-undeprecated" (Operation, Undeprecated) {
            .rust(Patch, "calls of the method give no warning any more")
        }
        /// an operation's own servers changed
        OperationServersChanged "operation-servers-changed" (Operation, Changed) {
            .both(
                may("a client that calls the old server may not be answered"),
                may("it must answer under another address"),
            )
            .rust(Patch, "the method may send to another server")
        }
        /// `x-resource` changed
        ResourceChanged "resource-changed" (Operation, Changed) {
            .both(
                safe("only the conformance kit reads it"),
                safe("only the conformance kit reads it"),
            )
        }
        /// `x-name` changed: a Rust name was chosen anew
        XNameChanged "x-name-changed" (Operation, Changed) {
            .naming()
            .rust(Major, "an item has another name")
        }
        /// the server sends a new request
        CallbackAdded "callback-added" (Callback, Added) {
            .both(
                may(
                    "a client that asked for callbacks must answer a request that it does not know",
                ),
                breaks("it must send a request that it does not know"),
            )
            .rust(Minor, "there are new types")
        }
        /// the server no longer sends a request
        CallbackRemoved "callback-removed" (Callback, Removed) {
            .both(
                breaks("a client that waits for it waits in vain"),
                safe("nothing waits for it any more"),
            )
            .rust(Major, "its types are gone")
        }
        /// there is a new server
        ServerAdded "server-added" (Server, Added) {
            .both(
                safe("the servers that clients call are still there"),
                may("the API must be answered at another address"),
            )
            .rust(Patch, "the documentation names it")
        }
        /// a server is no longer named
        ServerRemoved "server-removed" (Server, Removed) {
            .both(
                may("clients that call it may no longer be answered"),
                safe("nothing asks for it any more"),
            )
            .rust(Patch, "the documentation no longer names it")
        }
        /// another server comes first
        DefaultServerChanged "default-server-changed" (Server, Changed) {
            .both(
                may("clients that were built with the old address go on calling it"),
                safe("every server was named before"),
            )
            .rust(Patch, "the client's default address differs")
        }
        /// a server's variables changed
        ServerVariableChanged "server-variable-changed" (Server, Changed) {
            .both(
                may("clients that were built with the old address go on calling it"),
                may("the API must be answered at another address"),
            )
            .rust(Patch, "the client's default address may differ")
        }
        /// an operation's tags changed
        TagsChanged "tags-changed" (Operation, Changed) {
            .rust(Patch, "the method's source stands in another file")
        }
        /// a summary was reworded
        SummaryChanged "summary-changed" (Prose, Changed) {
            .rust(Patch, "only documentation differs")
        }
        /// a description was reworded
        DescriptionChanged "description-changed" (Prose, Changed) {
            .rust(Patch, "only documentation differs")
        }
        /// a title was reworded
        TitleChanged "title-changed" (Prose, Changed) {
            .naming()
            .rust(Patch, "only documentation differs")
        }
        /// the document calls itself another version
        VersionChanged "version-changed" (Prose, Changed) {
            .rust(Patch, "only documentation differs")
        }

        // Security schemes and requirements.
        /// there is a new way to hand in credentials
        SecuritySchemeAdded "security-scheme-added" (Security, Added) {
            .both(
                safe("the old ways are still there"),
                safe("no operation asks for it by this alone"),
            )
            .rust(Minor, "the builder has a new method")
        }
        /// a way to hand in credentials is gone
        SecuritySchemeRemoved "security-scheme-removed" (Security, Removed) {
            .both(
                breaks("credentials that are handed in this way are not accepted"),
                safe("nothing asks for it any more"),
            )
            .rust(Major, "the builder's method is gone")
        }
        /// a security scheme has another name in the document
        SecuritySchemeRenamed "security-scheme-renamed" (Security, Changed) {
            .rust(Major, "the builder's method has another name")
        }
        /// an API key travels under another name
        ApiKeyRenamed "api-key-renamed" (Security, Changed) {
            .both(
                breaks("credentials that are sent under the old name are not accepted"),
                breaks("it must accept credentials under a name that it does not know"),
            )
            .rust(Patch, "the client sends the key under another name")
        }
        /// an API key travels in another place
        ApiKeyMoved "api-key-moved" (Security, Changed) {
            .both(
                breaks("credentials that are sent in the old place are not accepted"),
                breaks("it must accept credentials in a place where it does not look"),
            )
            .rust(Patch, "the client sends the key in another place")
        }
        /// a security scheme is of another type
        SecuritySchemeTypeChanged "security-scheme-type-changed" (Security, Changed) {
            .both(
                breaks("credentials of the old kind are not accepted"),
                breaks("it must accept credentials of a kind that it does not know"),
            )
            .rust(Major, "the builder takes other credentials")
        }
        /// HTTP authentication uses another scheme
        HttpSchemeChanged "http-scheme-changed" (Security, Changed) {
            .both(
                breaks("credentials of the old scheme are not accepted"),
                breaks("it must accept credentials of a scheme that it does not know"),
            )
            .rust(Major, "the builder takes other credentials")
        }
        /// `bearerFormat` changed, which is a hint
        BearerFormatChanged "bearer-format-changed" (Security, Changed) {
            .both(
                may("tokens of the old format may not be accepted"),
                may("it may have to accept tokens of another format"),
            )
        }
        /// the OpenID Connect discovery URL changed
        OpenidUrlChanged "openid-url-changed" (Security, Changed) {
            .both(
                breaks("tokens from the old provider may not be accepted"),
                breaks("it must accept tokens of another provider"),
            )
        }
        /// an operation that was open asks for credentials
        SecurityRequired "security-required" (Security, Changed) {
            .both(
                breaks("calls without credentials are refused"),
                breaks("it must refuse calls that it answers"),
            )
            .rust(Patch, "the method sends credentials")
        }
        /// an operation no longer asks for credentials
        SecurityDropped "security-dropped" (Security, Changed) {
            .both(
                safe("credentials that are not asked for do no harm"),
                breaks("it must answer calls that it refuses"),
            )
            .rust(Patch, "the method sends no credentials")
        }
        /// an operation accepts credentials that it did not
        SecurityAlternativeAdded "security-alternative-added" (Security, Added) {
            .both(
                safe("what was accepted still is"),
                breaks("it must accept credentials that it refuses"),
            )
            .rust(Patch, "the method may send other credentials")
        }
        /// an operation no longer accepts some credentials
        SecurityAlternativeRemoved "security-alternative-removed" (Security, Removed) {
            .both(
                breaks("calls with those credentials are refused"),
                breaks("it must refuse calls that it answers"),
            )
            .rust(Patch, "the method no longer sends them")
        }
        /// an operation asks for other scopes
        SecurityScopesChanged "security-scopes-changed" (Security, Changed) {
            .both(
                breaks("tokens that were made for the old scopes may be refused"),
                may("it must tell other scopes apart"),
            )
        }

        // Paging profiles: what an overlay says of lists.
        /// a list has got a paging profile
        PagingAdded "paging-added" (Paging, Added) {
            .both(
                safe("pages are handed out as they were"),
                may("the laws of pagination are checked against it"),
            )
            .rust(Minor, "the request can walk all items")
        }
        /// a list has lost its paging profile
        PagingRemoved "paging-removed" (Paging, Removed) {
            .both(
                may("a client that walks pages may find none"),
                safe("nothing is promised of it any more"),
            )
            .rust(Major, "the request can no longer walk all items")
        }
        /// a list hands out its pages in another way
        PagingStyleChanged "paging-style-changed" (Paging, Changed) {
            .both(
                breaks("a client that walks pages asks for them in a way that is gone"),
                breaks("it must hand out pages in a way that it does not know"),
            )
            .rust(Patch, "the walk asks for pages in another way")
        }
        /// what pages are asked for with, or read from, moved
        PagingPlacesChanged "paging-places-changed" (Paging, Changed) {
            .both(
                breaks("a client that walks pages looks in the wrong place"),
                breaks("it must look, or answer, in another place"),
            )
            .rust(Patch, "the walk looks in another place")
        }
        /// what a list promises of its pages changed
        PagingPromiseChanged "paging-promise-changed" (Paging, Changed) {
            .both(
                may("a client may rely on what is no longer promised"),
                may("it must keep another promise"),
            )
        }
        /// how an order or a selection is asked for changed
        PagingAsksChanged "paging-asks-changed" (Paging, Changed) {
            .both(
                safe("only the conformance kit reads it"),
                may("other laws of pagination are checked against it"),
            )
        }
    }};
}
