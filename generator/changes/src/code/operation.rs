//! Codes of operations, servers, security and paging.

use super::{Code, breaks, entry, may, safe};
use crate::change::Step::{Major, Minor, Patch};

/// Operations and what stands above them.
pub(super) const OPERATION: &[Code] = &[
    entry("operation-added", "there is a new operation")
        .both(
            safe("no deployed client calls it"),
            breaks("it must answer a request that it does not know"),
        )
        .rust(Minor, "the client has a new method"),
    entry("operation-removed", "an operation is gone")
        .both(
            breaks("its calls are no longer answered as documented"),
            safe("nothing asks for it any more"),
        )
        .rust(Major, "the client's method is gone"),
    entry(
        "operation-renamed",
        "the same route has another operationId",
    )
    .rust(Major, "the client's method and its types have other names"),
    entry("operation-id-added", "an operation has got an operationId")
        .rust(Major, "the client's method is named after it"),
    entry(
        "operation-id-removed",
        "an operation has lost its operationId",
    )
    .rust(Major, "the client's method is named after its route"),
    entry("path-changed", "an operation stands at another path")
        .both(
            breaks("calls to the old path are no longer answered as documented"),
            breaks("it must answer at a path that it does not know"),
        )
        .rust(Patch, "the method sends another path"),
    entry(
        "path-parameter-renamed",
        "a place in a path has another name",
    )
    .rust(
        Patch,
        "the argument has another name, which no caller writes",
    ),
    entry("method-changed", "an operation uses another HTTP method")
        .both(
            breaks("calls with the old method are no longer answered as documented"),
            breaks("it must answer a method that it does not know"),
        )
        .rust(Patch, "the method sends another HTTP method"),
    entry("operation-deprecated", "an operation is deprecated")
        .both(
            safe("it still works; what replaces it should be called"),
            safe("it must go on answering"),
        )
        .rust(Minor, "calls of the method give a warning"),
    entry(
        "operation-undeprecated",
        "an operation is no longer deprecated",
    )
    .rust(Patch, "calls of the method give no warning any more"),
    entry(
        "operation-servers-changed",
        "an operation's own servers changed",
    )
    .both(
        may("a client that calls the old server may not be answered"),
        may("it must answer under another address"),
    )
    .rust(Patch, "the method may send to another server"),
    entry("resource-changed", "`x-resource` changed").both(
        safe("only the conformance kit reads it"),
        safe("only the conformance kit reads it"),
    ),
    entry(
        "x-name-changed",
        "`x-name` changed: a Rust name was chosen anew",
    )
    .rust(Major, "an item has another name"),
    entry("callback-added", "the server sends a new request")
        .both(
            may("a client that asked for callbacks must answer a request that it does not know"),
            breaks("it must send a request that it does not know"),
        )
        .rust(Minor, "there are new types"),
    entry("callback-removed", "the server no longer sends a request")
        .both(
            breaks("a client that waits for it waits in vain"),
            safe("nothing waits for it any more"),
        )
        .rust(Major, "its types are gone"),
    entry("server-added", "there is a new server")
        .both(
            safe("the servers that clients call are still there"),
            may("the API must be answered at another address"),
        )
        .rust(Patch, "the documentation names it"),
    entry("server-removed", "a server is no longer named")
        .both(
            may("clients that call it may no longer be answered"),
            safe("nothing asks for it any more"),
        )
        .rust(Patch, "the documentation no longer names it"),
    entry("default-server-changed", "another server comes first")
        .both(
            may("clients that were built with the old address go on calling it"),
            safe("every server was named before"),
        )
        .rust(Patch, "the client's default address differs"),
    entry("server-variable-changed", "a server's variables changed")
        .both(
            may("clients that were built with the old address go on calling it"),
            may("the API must be answered at another address"),
        )
        .rust(Patch, "the client's default address may differ"),
    entry("tags-changed", "an operation's tags changed")
        .rust(Patch, "the method's source stands in another file"),
    entry("summary-changed", "a summary was reworded").prose(),
    entry("description-changed", "a description was reworded").prose(),
    entry("title-changed", "a title was reworded").prose(),
    entry(
        "version-changed",
        "the document calls itself another version",
    )
    .prose(),
];

/// Security schemes and requirements.
pub(super) const SECURITY: &[Code] = &[
    entry(
        "security-scheme-added",
        "there is a new way to hand in credentials",
    )
    .both(
        safe("the old ways are still there"),
        safe("no operation asks for it by this alone"),
    )
    .rust(Minor, "the builder has a new method"),
    entry(
        "security-scheme-removed",
        "a way to hand in credentials is gone",
    )
    .both(
        breaks("credentials that are handed in this way are not accepted"),
        safe("nothing asks for it any more"),
    )
    .rust(Major, "the builder's method is gone"),
    entry(
        "security-scheme-renamed",
        "a security scheme has another name in the document",
    )
    .rust(Major, "the builder's method has another name"),
    entry("api-key-renamed", "an API key travels under another name")
        .both(
            breaks("credentials that are sent under the old name are not accepted"),
            breaks("it must accept credentials under a name that it does not know"),
        )
        .rust(Patch, "the client sends the key under another name"),
    entry("api-key-moved", "an API key travels in another place")
        .both(
            breaks("credentials that are sent in the old place are not accepted"),
            breaks("it must accept credentials in a place where it does not look"),
        )
        .rust(Patch, "the client sends the key in another place"),
    entry(
        "security-scheme-type-changed",
        "a security scheme is of another type",
    )
    .both(
        breaks("credentials of the old kind are not accepted"),
        breaks("it must accept credentials of a kind that it does not know"),
    )
    .rust(Major, "the builder takes other credentials"),
    entry(
        "http-scheme-changed",
        "HTTP authentication uses another scheme",
    )
    .both(
        breaks("credentials of the old scheme are not accepted"),
        breaks("it must accept credentials of a scheme that it does not know"),
    )
    .rust(Major, "the builder takes other credentials"),
    entry(
        "bearer-format-changed",
        "`bearerFormat` changed, which is a hint",
    )
    .both(
        may("tokens of the old format may not be accepted"),
        may("it may have to accept tokens of another format"),
    ),
    entry(
        "openid-url-changed",
        "the OpenID Connect discovery URL changed",
    )
    .both(
        breaks("tokens from the old provider may not be accepted"),
        breaks("it must accept tokens of another provider"),
    ),
    entry(
        "security-required",
        "an operation that was open asks for credentials",
    )
    .both(
        breaks("calls without credentials are refused"),
        breaks("it must refuse calls that it answers"),
    )
    .rust(Patch, "the method sends credentials"),
    entry(
        "security-dropped",
        "an operation no longer asks for credentials",
    )
    .both(
        safe("credentials that are not asked for do no harm"),
        breaks("it must answer calls that it refuses"),
    )
    .rust(Patch, "the method sends no credentials"),
    entry(
        "security-alternative-added",
        "an operation accepts credentials that it did not",
    )
    .both(
        safe("what was accepted still is"),
        breaks("it must accept credentials that it refuses"),
    )
    .rust(Patch, "the method may send other credentials"),
    entry(
        "security-alternative-removed",
        "an operation no longer accepts some credentials",
    )
    .both(
        breaks("calls with those credentials are refused"),
        breaks("it must refuse calls that it answers"),
    )
    .rust(Patch, "the method no longer sends them"),
    entry(
        "security-scopes-changed",
        "an operation asks for other scopes",
    )
    .both(
        breaks("tokens that were made for the old scopes may be refused"),
        may("it must tell other scopes apart"),
    ),
];

/// Paging profiles: what an overlay says of lists.
pub(super) const PAGING: &[Code] = &[
    entry("paging-added", "a list has got a paging profile")
        .both(
            safe("pages are handed out as they were"),
            may("the laws of pagination are checked against it"),
        )
        .rust(Minor, "the request can walk all items"),
    entry("paging-removed", "a list has lost its paging profile")
        .both(
            may("a client that walks pages may find none"),
            safe("nothing is promised of it any more"),
        )
        .rust(Major, "the request can no longer walk all items"),
    entry(
        "paging-style-changed",
        "a list hands out its pages in another way",
    )
    .both(
        breaks("a client that walks pages asks for them in a way that is gone"),
        breaks("it must hand out pages in a way that it does not know"),
    )
    .rust(Patch, "the walk asks for pages in another way"),
    entry(
        "paging-places-changed",
        "what pages are asked for with, or read from, moved",
    )
    .both(
        breaks("a client that walks pages looks in the wrong place"),
        breaks("it must look, or answer, in another place"),
    )
    .rust(Patch, "the walk looks in another place"),
    entry(
        "paging-promise-changed",
        "what a list promises of its pages changed",
    )
    .both(
        may("a client may rely on what is no longer promised"),
        may("it must keep another promise"),
    ),
    entry(
        "paging-asks-changed",
        "how an order or a selection is asked for changed",
    )
    .both(
        safe("only the conformance kit reads it"),
        may("other laws of pagination are checked against it"),
    ),
];
