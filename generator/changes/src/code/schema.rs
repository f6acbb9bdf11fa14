//! Codes of schemas as such, of scalars and of lists.

/// Hands these codes to the next macro, after those that came before them.
macro_rules! schema_codes {
    ($next:ident $($rest:ident)*; $($before:tt)*) => { $next! { $($rest)*; $($before)*

        // Schemas as such: names, types, nullability, annotations.
        /// there is a new named schema
        SchemaAdded "schema-added" (Schema, Added) {
            .rust(Minor, "there is a new type")
        }
        /// a named schema is gone
        SchemaRemoved "schema-removed" (Schema, Removed) {
            .rust(Major, "its type is gone")
        }
        /// a named schema has another name
        SchemaRenamed "schema-renamed" (Schema, Changed) {
            .naming()
            .rust(Major, "its type has another name")
        }
        /// another named schema stands here
        SchemaReplaced "schema-replaced" (Schema, Changed) {
            .naming()
            .rust(Major, "it is of another type")
        }
        /// an inline schema has become a named one
        SchemaNamed "schema-named" (Schema, Changed) {
            .naming()
            .rust(Major, "its type has another name")
        }
        /// a named schema has become an inline one
        SchemaInlined "schema-inlined" (Schema, Changed) {
            .naming()
            .rust(Major, "its type has another name")
        }
        /// a value is of another type
        TypeChanged "type-changed" (Schema, Changed) {
            .shifts()
            .rust(Major, "it is of another type")
        }
        /// a value may be of more types than before
        TypeWidened "type-widened" (Schema, Changed) {
            .widens(breaks("answers may come that clients do not decode"))
            .rust(Major, "it is of another type")
        }
        /// a value may be of fewer types than before
        TypeNarrowed "type-narrowed" (Schema, Changed) {
            .narrows()
            .rust(Major, "it is of another type")
        }
        /// a value may now be null
        NullableAdded "nullable-added" (Schema, Added) {
            .widens(breaks("a client that expects a value does not decode null"))
            .rust(Major, "it is an `Option` now")
        }
        /// a value may no longer be null
        NullableRemoved "nullable-removed" (Schema, Removed) {
            .narrows()
            .rust(Major, "it is no `Option` any more")
        }
        /// a property is now for reading alone
        ReadOnlyAdded "read-only-added" (Schema, Added) {
            .request(
                breaks("requests that send it are refused, or it is passed over"),
                safe("nothing sends it any more"),
            )
            .rust(None, "the type keeps it")
        }
        /// a property may now be written too
        ReadOnlyRemoved "read-only-removed" (Schema, Removed) {
            .request(
                safe("requests without it are still allowed, where it is not required"),
                breaks("it must obey a property that it passes over"),
            )
            .rust(None, "the type had it before")
        }
        /// a property is now for writing alone
        WriteOnlyAdded "write-only-added" (Schema, Added) {
            .response(
                breaks("a client that reads it finds none"),
                breaks("its answer must no longer have it"),
            )
            .rust(None, "the type keeps it")
        }
        /// a property may now be read too
        WriteOnlyRemoved "write-only-removed" (Schema, Removed) {
            .response(
                safe("clients pass over properties that they do not expect"),
                may("its answer must have it, where it is required"),
            )
            .rust(None, "the type had it before")
        }
        /// a property or a schema is deprecated
        SchemaDeprecated "schema-deprecated" (Schema, Deprecated) {
            .both(safe("it still works"), safe("it must go on with it"))
            .rust(Minor, "its use gives a warning")
        }
        /// a property or a schema is no longer deprecated
        SchemaUndeprecated "schema-undeprecated" (Schema, Undeprecated) {
            .rust(Patch, "its use gives no warning any more")
        }
        /// what is left out now has a default
        DefaultAdded "default-added" (Schema, Added) {
            .request(
                may("what is left out may mean something else than before"),
                breaks("it must act as if the default had been sent"),
            )
            .rust(Patch, "the documentation names it")
        }
        /// what is left out has no default any more
        DefaultRemoved "default-removed" (Schema, Removed) {
            .request(
                may("what is left out may mean something else than before"),
                safe("it may go on as it does"),
            )
            .rust(Patch, "the documentation no longer names it")
        }
        /// what is left out has another default
        DefaultChanged "default-changed" (Schema, Changed) {
            .request(
                may("what is left out means something else than before"),
                breaks("it must act as if the new default had been sent"),
            )
            .rust(Patch, "the documentation names another one")
        }

        // Scalars and lists: formats, bounds, patterns, values.
        /// a value has got a format
        FormatAdded "format-added" (Value, Added) {
            .narrows()
            .rust(Major, "it may be of another type")
        }
        /// a value has lost its format
        FormatRemoved "format-removed" (Value, Removed) {
            .widens(may("a client that decodes the format may not decode what comes"))
            .rust(Major, "it may be of another type")
        }
        /// a value has another format
        FormatChanged "format-changed" (Value, Changed) {
            .request(
                breaks("requests in the old format may be refused"),
                breaks("it must accept another format"),
            )
            .response(
                breaks("a client that decodes the old format may not decode what comes"),
                breaks("it must answer in another format"),
            )
            .rust(Major, "it may be of another type")
        }
        /// the least value is greater
        MinimumRaised "minimum-raised" (Value, Changed) {
            .narrows()
            .rust(None, BOUND)
        }
        /// the least value is smaller
        MinimumLowered "minimum-lowered" (Value, Changed) {
            .widens(may("values may come that a client does not expect"))
            .rust(None, BOUND)
        }
        /// the greatest value is smaller
        MaximumLowered "maximum-lowered" (Value, Changed) {
            .narrows()
            .rust(None, BOUND)
        }
        /// the greatest value is greater
        MaximumRaised "maximum-raised" (Value, Changed) {
            .widens(may("values may come that a client does not expect"))
            .rust(None, BOUND)
        }
        /// values must be multiples of a number
        MultipleOfAdded "multiple-of-added" (Value, Added) {
            .narrows()
        }
        /// values need not be multiples of a number
        MultipleOfRemoved "multiple-of-removed" (Value, Removed) {
            .widens(may("values may come that a client does not expect"))
        }
        /// values must be multiples of another number
        MultipleOfChanged "multiple-of-changed" (Value, Changed) {
            .request(
                breaks("requests that were allowed may be refused"),
                breaks("it must accept what it may refuse so far"),
            )
            .response(
                may("values may come that a client does not expect"),
                breaks("answers that were allowed may no longer be"),
            )
        }
        /// a string must match a pattern
        PatternAdded "pattern-added" (Value, Added) {
            .narrows()
        }
        /// a string need not match a pattern
        PatternRemoved "pattern-removed" (Value, Removed) {
            .widens(may("strings may come that a client does not expect"))
        }
        /// a string must match another pattern
        PatternChanged "pattern-changed" (Value, Changed) {
            .request(
                breaks("requests that were allowed may be refused"),
                breaks("it must accept what it may refuse so far"),
            )
            .response(
                may("strings may come that a client does not expect"),
                breaks("answers that were allowed may no longer be"),
            )
        }
        /// the shortest string is longer
        MinLengthRaised "min-length-raised" (Value, Changed) {
            .narrows()
        }
        /// the shortest string is shorter
        MinLengthLowered "min-length-lowered" (Value, Changed) {
            .widens(may("strings may come that a client does not expect"))
        }
        /// the longest string is shorter
        MaxLengthLowered "max-length-lowered" (Value, Changed) {
            .narrows()
        }
        /// the longest string is longer
        MaxLengthRaised "max-length-raised" (Value, Changed) {
            .widens(may("strings may come that a client does not expect"))
        }
        /// there is one more allowed value
        EnumValueAdded "enum-value-added" (EnumValue, Added) {
            .widens(safe("open enums keep a value that they do not know in `Other`"))
            .rust(Minor, "the enum has a new variant")
        }
        /// there is one allowed value less
        EnumValueRemoved "enum-value-removed" (EnumValue, Removed) {
            .narrows()
            .rust(Major, "the enum's variant is gone")
        }
        /// only listed values are allowed now
        EnumAdded "enum-added" (Value, Added) {
            .narrows()
            .rust(Major, "it is an enum now")
        }
        /// values are no longer listed
        EnumRemoved "enum-removed" (Value, Removed) {
            .widens(safe("open enums keep a value that they do not know in `Other`"))
            .rust(Major, "it is no enum any more")
        }
        /// the only allowed value is another one
        ConstantChanged "constant-changed" (Value, Changed) {
            .naming()
            .shifts()
            .rust(Major, "the constant has another name")
        }
        /// the shortest list is longer
        MinItemsRaised "min-items-raised" (Value, Changed) {
            .narrows()
        }
        /// the shortest list is shorter
        MinItemsLowered "min-items-lowered" (Value, Changed) {
            .widens(may("lists may come that a client does not expect"))
        }
        /// the longest list is shorter
        MaxItemsLowered "max-items-lowered" (Value, Changed) {
            .narrows()
        }
        /// the longest list is longer
        MaxItemsRaised "max-items-raised" (Value, Changed) {
            .widens(may("lists may come that a client does not expect"))
        }
        /// a list's items must differ
        UniqueItemsAdded "unique-items-added" (Value, Added) {
            .narrows()
        }
        /// a list's items may repeat
        UniqueItemsRemoved "unique-items-removed" (Value, Removed) {
            .widens(may("lists may come that a client does not expect"))
        }
        /// a list has more items of its own schema
        TupleItemsAdded "tuple-items-added" (Value, Added) {
            .shifts()
            .rust(Major, "the tuple is longer")
        }
        /// a list has fewer items of its own schema
        TupleItemsRemoved "tuple-items-removed" (Value, Removed) {
            .shifts()
            .rust(Major, "the tuple is shorter")
        }
        /// a list may have no further items
        TupleClosed "tuple-closed" (Value, Changed) {
            .narrows()
            .rust(Major, "it may be of another type")
        }
        /// a list may have further items
        TupleOpened "tuple-opened" (Value, Changed) {
            .widens(breaks("answers may come that clients do not decode"))
            .rust(Major, "it may be of another type")
        }
        /// the document within a string is of another media type
        ContentChanged "content-changed" (Value, Changed) {
            .shifts()
            .rust(Major, "it may be of another type")
        }
    }};
}
