//! Codes of schemas, and of Rust differences that have no cause in a schema.

use super::{Code, breaks, entry, may, safe};
use crate::change::Step::{Major, Minor, None, Patch};

const BOUND: (super::Step, &str) = (None, "bounds are not part of the types, most of the time");

/// Schemas as such: names, types, nullability, annotations.
pub(super) const SCHEMA: &[Code] = &[
    entry("schema-added", "there is a new named schema").rust(Minor, "there is a new type"),
    entry("schema-removed", "a named schema is gone").rust(Major, "its type is gone"),
    entry("schema-renamed", "a named schema has another name")
        .rust(Major, "its type has another name"),
    entry("schema-replaced", "another named schema stands here")
        .rust(Major, "it is of another type"),
    entry("schema-named", "an inline schema has become a named one")
        .rust(Major, "its type has another name"),
    entry("schema-inlined", "a named schema has become an inline one")
        .rust(Major, "its type has another name"),
    entry("type-changed", "a value is of another type")
        .shifts()
        .rust(Major, "it is of another type"),
    entry("type-widened", "a value may be of more types than before")
        .widens(breaks("answers may come that clients do not decode"))
        .rust(Major, "it is of another type"),
    entry("type-narrowed", "a value may be of fewer types than before")
        .narrows()
        .rust(Major, "it is of another type"),
    entry("nullable-added", "a value may now be null")
        .widens(breaks("a client that expects a value does not decode null"))
        .rust(Major, "it is an `Option` now"),
    entry("nullable-removed", "a value may no longer be null")
        .narrows()
        .rust(Major, "it is no `Option` any more"),
    entry("read-only-added", "a property is now for reading alone")
        .request(
            breaks("requests that send it are refused, or it is passed over"),
            safe("nothing sends it any more"),
        )
        .rust(None, "the type keeps it"),
    entry("read-only-removed", "a property may now be written too")
        .request(
            safe("requests without it are still allowed, where it is not required"),
            breaks("it must obey a property that it passes over"),
        )
        .rust(None, "the type had it before"),
    entry("write-only-added", "a property is now for writing alone")
        .response(
            breaks("a client that reads it finds none"),
            breaks("its answer must no longer have it"),
        )
        .rust(None, "the type keeps it"),
    entry("write-only-removed", "a property may now be read too")
        .response(
            safe("clients pass over properties that they do not expect"),
            may("its answer must have it, where it is required"),
        )
        .rust(None, "the type had it before"),
    entry("schema-deprecated", "a property or a schema is deprecated")
        .both(safe("it still works"), safe("it must go on with it"))
        .rust(Minor, "its use gives a warning"),
    entry(
        "schema-undeprecated",
        "a property or a schema is no longer deprecated",
    )
    .rust(Patch, "its use gives no warning any more"),
    entry("default-added", "what is left out now has a default")
        .request(
            may("what is left out may mean something else than before"),
            breaks("it must act as if the default had been sent"),
        )
        .rust(Patch, "the documentation names it"),
    entry(
        "default-removed",
        "what is left out has no default any more",
    )
    .request(
        may("what is left out may mean something else than before"),
        safe("it may go on as it does"),
    )
    .rust(Patch, "the documentation no longer names it"),
    entry("default-changed", "what is left out has another default")
        .request(
            may("what is left out means something else than before"),
            breaks("it must act as if the new default had been sent"),
        )
        .rust(Patch, "the documentation names another one"),
];

/// Scalars and lists: formats, bounds, patterns, values.
pub(super) const VALUE: &[Code] = &[
    entry("format-added", "a value has got a format")
        .narrows()
        .rust(Major, "it may be of another type"),
    entry("format-removed", "a value has lost its format")
        .widens(may(
            "a client that decodes the format may not decode what comes",
        ))
        .rust(Major, "it may be of another type"),
    entry("format-changed", "a value has another format")
        .request(
            breaks("requests in the old format may be refused"),
            breaks("it must accept another format"),
        )
        .response(
            breaks("a client that decodes the old format may not decode what comes"),
            breaks("it must answer in another format"),
        )
        .rust(Major, "it may be of another type"),
    entry("minimum-raised", "the least value is greater")
        .narrows()
        .rust(BOUND.0, BOUND.1),
    entry("minimum-lowered", "the least value is smaller")
        .widens(may("values may come that a client does not expect"))
        .rust(BOUND.0, BOUND.1),
    entry("maximum-lowered", "the greatest value is smaller")
        .narrows()
        .rust(BOUND.0, BOUND.1),
    entry("maximum-raised", "the greatest value is greater")
        .widens(may("values may come that a client does not expect"))
        .rust(BOUND.0, BOUND.1),
    entry("multiple-of-added", "values must be multiples of a number").narrows(),
    entry(
        "multiple-of-removed",
        "values need not be multiples of a number",
    )
    .widens(may("values may come that a client does not expect")),
    entry(
        "multiple-of-changed",
        "values must be multiples of another number",
    )
    .request(
        breaks("requests that were allowed may be refused"),
        breaks("it must accept what it may refuse so far"),
    )
    .response(
        may("values may come that a client does not expect"),
        breaks("answers that were allowed may no longer be"),
    ),
    entry("pattern-added", "a string must match a pattern").narrows(),
    entry("pattern-removed", "a string need not match a pattern")
        .widens(may("strings may come that a client does not expect")),
    entry("pattern-changed", "a string must match another pattern")
        .request(
            breaks("requests that were allowed may be refused"),
            breaks("it must accept what it may refuse so far"),
        )
        .response(
            may("strings may come that a client does not expect"),
            breaks("answers that were allowed may no longer be"),
        ),
    entry("min-length-raised", "the shortest string is longer").narrows(),
    entry("min-length-lowered", "the shortest string is shorter")
        .widens(may("strings may come that a client does not expect")),
    entry("max-length-lowered", "the longest string is shorter").narrows(),
    entry("max-length-raised", "the longest string is longer")
        .widens(may("strings may come that a client does not expect")),
    entry("enum-value-added", "there is one more allowed value")
        .widens(safe(
            "open enums keep a value that they do not know in `Other`",
        ))
        .rust(Minor, "the enum has a new variant"),
    entry("enum-value-removed", "there is one allowed value less")
        .narrows()
        .rust(Major, "the enum's variant is gone"),
    entry("enum-added", "only listed values are allowed now")
        .narrows()
        .rust(Major, "it is an enum now"),
    entry("enum-removed", "values are no longer listed")
        .widens(safe(
            "open enums keep a value that they do not know in `Other`",
        ))
        .rust(Major, "it is no enum any more"),
    entry("constant-changed", "the only allowed value is another one")
        .shifts()
        .rust(Major, "the constant has another name"),
    entry("min-items-raised", "the shortest list is longer").narrows(),
    entry("min-items-lowered", "the shortest list is shorter")
        .widens(may("lists may come that a client does not expect")),
    entry("max-items-lowered", "the longest list is shorter").narrows(),
    entry("max-items-raised", "the longest list is longer")
        .widens(may("lists may come that a client does not expect")),
    entry("unique-items-added", "a list's items must differ").narrows(),
    entry("unique-items-removed", "a list's items may repeat")
        .widens(may("lists may come that a client does not expect")),
    entry(
        "tuple-items-added",
        "a list has more items of its own schema",
    )
    .shifts()
    .rust(Major, "the tuple is longer"),
    entry(
        "tuple-items-removed",
        "a list has fewer items of its own schema",
    )
    .shifts()
    .rust(Major, "the tuple is shorter"),
    entry("tuple-closed", "a list may have no further items")
        .narrows()
        .rust(Major, "it may be of another type"),
    entry("tuple-opened", "a list may have further items")
        .widens(breaks("answers may come that clients do not decode"))
        .rust(Major, "it may be of another type"),
    entry(
        "content-changed",
        "the document within a string is of another media type",
    )
    .shifts()
    .rust(Major, "it may be of another type"),
];

/// Objects.
pub(super) const OBJECT: &[Code] = &[
    entry("property-added", "an object has a new optional property")
        .request(
            safe("requests without it are still allowed"),
            breaks("it must obey a property that it does not know"),
        )
        .response(
            safe("clients pass over properties that they do not know"),
            safe("it may go on without it"),
        )
        .rust(Minor, "the struct has a new field"),
    entry(
        "property-added-required",
        "an object has a new required property",
    )
    .request(
        breaks("requests without it are refused"),
        breaks("it must obey a property that it does not know"),
    )
    .response(
        safe("clients pass over properties that they do not know"),
        breaks("its answer must have it"),
    )
    .rust(Major, "what is sent must be given it"),
    entry(
        "property-removed",
        "an object no longer has an optional property",
    )
    .request(
        breaks("requests with it are refused, or it is passed over"),
        safe("nothing asks for it any more"),
    )
    .response(
        may("a client that reads it finds none"),
        safe("it was optional"),
    )
    .rust(Major, "the struct's field is gone"),
    entry(
        "property-removed-required",
        "an object no longer has a required property",
    )
    .request(
        breaks("requests with it are refused, or it is passed over"),
        breaks("it must answer requests without it"),
    )
    .response(
        breaks("a client does not decode an answer without it"),
        safe("it may go on sending it"),
    )
    .rust(Major, "the struct's field is gone"),
    entry("property-renamed", "a property has another name")
        .request(
            breaks("requests with the old name are refused, or it is passed over"),
            breaks("it must obey a property of a name that it does not know"),
        )
        .response(
            breaks("a client that reads the old name finds none"),
            breaks("its answer must use another name"),
        )
        .rust(Major, "the struct's field has another name"),
    entry("property-required", "an optional property is now required")
        .request(
            breaks("requests without it are refused"),
            safe("requests with it were allowed before"),
        )
        .response(
            safe("it comes more often than before"),
            breaks("its answer must have it"),
        )
        .rust(Major, "the field is no `Option` any more"),
    entry("property-optional", "a required property is now optional")
        .request(
            safe("requests with it are still allowed"),
            breaks("it must answer requests without it"),
        )
        .response(
            breaks("a client does not decode an answer without it"),
            safe("it may go on sending it"),
        )
        .rust(Major, "the field is an `Option` now"),
    entry(
        "additional-forbidden",
        "an object may have no further properties",
    )
    .narrows()
    .rust(Major, "the struct keeps no further properties"),
    entry(
        "additional-allowed",
        "an object may have further properties again",
    )
    .widens(safe("clients pass over properties that they do not know")),
    entry(
        "additional-declared",
        "further properties are spoken of where they were not",
    )
    .both(
        safe("further properties were not forbidden before"),
        may("it must obey properties that it may pass over"),
    )
    .rust(Minor, "the struct keeps further properties"),
    entry(
        "additional-undeclared",
        "further properties are no longer spoken of",
    )
    .both(
        may("further properties may be passed over"),
        safe("further properties are not forbidden"),
    )
    .rust(Major, "the struct keeps no further properties"),
    entry(
        "min-properties-raised",
        "an object must have more properties",
    )
    .narrows(),
    entry(
        "min-properties-lowered",
        "an object may have fewer properties",
    )
    .widens(may("objects may come that a client does not expect")),
    entry(
        "max-properties-lowered",
        "an object may have fewer properties at most",
    )
    .narrows(),
    entry(
        "max-properties-raised",
        "an object may have more properties at most",
    )
    .widens(may("objects may come that a client does not expect")),
];

/// Unions.
pub(super) const UNION: &[Code] = &[
    entry("union-variant-added", "a value may be of one more kind")
        .widens(breaks(
            "a client that does not know the kind may not decode it",
        ))
        .rust(Minor, "the enum has a new variant"),
    entry(
        "tagged-variant-added",
        "a value may be of one more kind, told apart by a property",
    )
    .widens(safe(
        "an enum with a tag keeps a kind that it does not know in `Other`",
    ))
    .rust(Minor, "the enum has a new variant"),
    entry("union-variant-removed", "a value may be of one kind less")
        .narrows()
        .rust(Major, "the enum's variant is gone"),
    entry(
        "union-made",
        "a value may be what it was, or something else",
    )
    .widens(breaks("answers may come that clients do not decode"))
    .rust(Major, "it is an enum now"),
    entry("union-unmade", "of several kinds one is left")
        .narrows()
        .rust(Major, "it is no enum any more"),
    entry(
        "union-kind-changed",
        "`oneOf` became `anyOf`, or the other way round",
    )
    .both(
        may("what satisfies several kinds may be refused now, or allowed"),
        may("what satisfies several kinds must be refused now, or allowed"),
    ),
    entry(
        "union-reordered",
        "the kinds of a union stand in another order",
    )
    .both(
        safe("the same values are allowed"),
        safe("the same values are allowed"),
    )
    .rust(Patch, "the first kind that fits is taken, in the new order"),
    entry(
        "discriminator-added",
        "a property now tells the kinds of a union apart",
    )
    .both(
        safe("the same kinds are allowed"),
        may("the property must hold one of the values"),
    )
    .rust(Minor, "the enum keeps unknown kinds in a variant"),
    entry(
        "discriminator-removed",
        "no property tells the kinds of a union apart any more",
    )
    .both(
        may("kinds may come without the property"),
        safe("it may go on sending it"),
    )
    .rust(Major, "the enum keeps unknown kinds no longer"),
    entry(
        "discriminator-changed",
        "another property tells the kinds of a union apart",
    )
    .both(
        breaks("a client that looks at the old property does not find the kind"),
        breaks("it must look at, or send, another property"),
    )
    .rust(Patch, "the enum looks at another property"),
    entry(
        "discriminator-values-changed",
        "a kind of a union goes by other values",
    )
    .shifts()
    .rust(Patch, "the enum looks for other values"),
];

/// Differences of the crates that no change of the document accounts for.
pub(super) const RUST: &[Code] = &[
    entry(
        "rust-name-moved",
        "types that hold the same share one, and which name is the shared one's changed",
    )
    .rust(Major, "an item has another name"),
    entry(
        "rust-unexplained",
        "the crates differ and no change of the document accounts for it",
    )
    .rust(Major, "an item differs"),
];
