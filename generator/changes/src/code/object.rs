//! Codes of objects and unions, and of Rust differences that have no cause in a document.

/// Hands these codes to the next macro, after those that came before them.
macro_rules! object_codes {
    ($next:ident $($rest:ident)*; $($before:tt)*) => { $next! { $($rest)*; $($before)*

        // Objects.
        /// an object has a new optional property
        PropertyAdded "property-added" (Object, Added) {
            .request(
                safe("requests without it are still allowed"),
                breaks("it must obey a property that it does not know"),
            )
            .response(
                safe("clients pass over properties that they do not know"),
                safe("it may go on without it"),
            )
            .rust(Minor, "the struct has a new field")
        }
        /// an object has a new required property
        PropertyAddedRequired "property-added-required" (Object, Added) {
            .request(
                breaks("requests without it are refused"),
                breaks("it must obey a property that it does not know"),
            )
            .response(
                safe("clients pass over properties that they do not know"),
                breaks("its answer must have it"),
            )
            .rust(Major, "what is sent must be given it")
        }
        /// an object no longer has an optional property
        PropertyRemoved "property-removed" (Object, Removed) {
            .request(
                breaks("requests with it are refused, or it is passed over"),
                safe("nothing asks for it any more"),
            )
            .response(may("a client that reads it finds none"), safe("it was optional"))
            .rust(Major, "the struct's field is gone")
        }
        /// an object no longer has a required property
        PropertyRemovedRequired "property-removed-required" (Object, Removed) {
            .request(
                breaks("requests with it are refused, or it is passed over"),
                breaks("it must answer requests without it"),
            )
            .response(
                breaks("a client does not decode an answer without it"),
                safe("it may go on sending it"),
            )
            .rust(Major, "the struct's field is gone")
        }
        /// a property has another name
        PropertyRenamed "property-renamed" (Object, Changed) {
            .naming()
            .request(
                breaks("requests with the old name are refused, or it is passed over"),
                breaks("it must obey a property of a name that it does not know"),
            )
            .response(
                breaks("a client that reads the old name finds none"),
                breaks("its answer must use another name"),
            )
            .rust(Major, "the struct's field has another name")
        }
        /// an optional property is now required
        PropertyRequired "property-required" (Object, Changed) {
            .request(
                breaks("requests without it are refused"),
                safe("requests with it were allowed before"),
            )
            .response(safe("it comes more often than before"), breaks("its answer must have it"))
            .rust(Major, "the field is no `Option` any more")
        }
        /// a required property is now optional
        PropertyOptional "property-optional" (Object, Changed) {
            .request(
                safe("requests with it are still allowed"),
                breaks("it must answer requests without it"),
            )
            .response(
                breaks("a client does not decode an answer without it"),
                safe("it may go on sending it"),
            )
            .rust(Major, "the field is an `Option` now")
        }
        /// an object may have no further properties
        AdditionalForbidden "additional-forbidden" (Object, Changed) {
            .narrows()
            .rust(Major, "the struct keeps no further properties")
        }
        /// an object may have further properties again
        AdditionalAllowed "additional-allowed" (Object, Changed) {
            .widens(safe("clients pass over properties that they do not know"))
        }
        /// further properties are spoken of where they were not
        AdditionalDeclared "additional-declared" (Object, Changed) {
            .both(
                safe("further properties were not forbidden before"),
                may("it must obey properties that it may pass over"),
            )
            .rust(Minor, "the struct keeps further properties")
        }
        /// further properties are no longer spoken of
        AdditionalUndeclared "additional-undeclared" (Object, Changed) {
            .both(
                may("further properties may be passed over"),
                safe("further properties are not forbidden"),
            )
            .rust(Major, "the struct keeps no further properties")
        }
        /// an object must have more properties
        MinPropertiesRaised "min-properties-raised" (Object, Changed) {
            .narrows()
        }
        /// an object may have fewer properties
        MinPropertiesLowered "min-properties-lowered" (Object, Changed) {
            .widens(may("objects may come that a client does not expect"))
        }
        /// an object may have fewer properties at most
        MaxPropertiesLowered "max-properties-lowered" (Object, Changed) {
            .narrows()
        }
        /// an object may have more properties at most
        MaxPropertiesRaised "max-properties-raised" (Object, Changed) {
            .widens(may("objects may come that a client does not expect"))
        }

        // Unions.
        /// a value may be of one more kind
        UnionVariantAdded "union-variant-added" (UnionVariant, Added) {
            .widens(breaks("a client that does not know the kind may not decode it"))
            .rust(Minor, "the enum has a new variant")
        }
        /// a value may be of one more kind, told apart by a property
        TaggedVariantAdded "tagged-variant-added" (UnionVariant, Added) {
            .widens(safe("an enum with a tag keeps a kind that it does not know in `Other`"))
            .rust(Minor, "the enum has a new variant")
        }
        /// a value may be of one kind less
        UnionVariantRemoved "union-variant-removed" (UnionVariant, Removed) {
            .narrows()
            .rust(Major, "the enum's variant is gone")
        }
        /// a value may be what it was, or something else
        UnionMade "union-made" (Union, Changed) {
            .naming()
            .widens(breaks("answers may come that clients do not decode"))
            .rust(Major, "it is an enum now")
        }
        /// of several kinds one is left
        UnionUnmade "union-unmade" (Union, Changed) {
            .naming()
            .narrows()
            .rust(Major, "it is no enum any more")
        }
        /// `oneOf` became `anyOf`, or the other way round
        UnionKindChanged "union-kind-changed" (Union, Changed) {
            .both(
                may("what satisfies several kinds may be refused now, or allowed"),
                may("what satisfies several kinds must be refused now, or allowed"),
            )
        }
        /// the kinds of a union stand in another order
        UnionReordered "union-reordered" (Union, Changed) {
            .both(safe("the same values are allowed"), safe("the same values are allowed"))
            .rust(Patch, "the first kind that fits is taken, in the new order")
        }
        /// a property now tells the kinds of a union apart
        DiscriminatorAdded "discriminator-added" (Union, Added) {
            .both(
                safe("the same kinds are allowed"),
                may("the property must hold one of the values"),
            )
            .rust(Minor, "the enum keeps unknown kinds in a variant")
        }
        /// no property tells the kinds of a union apart any more
        DiscriminatorRemoved "discriminator-removed" (Union, Removed) {
            .both(may("kinds may come without the property"), safe("it may go on sending it"))
            .rust(Major, "the enum keeps unknown kinds no longer")
        }
        /// another property tells the kinds of a union apart
        DiscriminatorChanged "discriminator-changed" (Union, Changed) {
            .both(
                breaks("a client that looks at the old property does not find the kind"),
                breaks("it must look at, or send, another property"),
            )
            .rust(Patch, "the enum looks at another property")
        }
        /// a kind of a union goes by other values
        DiscriminatorValuesChanged "discriminator-values-changed" (Union, Changed) {
            .naming()
            .shifts()
            .rust(Patch, "the enum looks for other values")
        }

        // Differences of the crates that no change of the document accounts for.
        /// types that hold the same share one, and which name is the shared one's changed
        RustNameMoved "rust-name-moved" (RustApi, Changed) {
            .rust(Major, "an item has another name")
        }
        /// the crates differ and no change of the document accounts for it
        RustUnexplained "rust-unexplained" (RustApi, Changed) {
            .rust(Major, "an item differs")
        }
    }};
}
