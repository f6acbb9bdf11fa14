//! The codes of diagnostics.

/// Every code that a diagnostic of this crate can have, and what it means, in order.
pub const CODES: &[(&str, &str)] = &[
    (
        "contradiction",
        "Parts of a schema exclude each other, so nothing satisfies it as written.",
    ),
    (
        "departure-gone",
        "A departure of a transcription no longer applies.",
    ),
    (
        "dialect-3.0-in-3.1",
        "A 3.1 document says something as 3.0 does; it is read as it is meant.",
    ),
    (
        "dialect-3.1-in-3.0",
        "A 3.0 document says something as 3.1 does; it is read as it is meant.",
    ),
    (
        "discriminator-mapping",
        "A discriminator maps to what is no member of the union.",
    ),
    ("duplicate-key", "A map has a key twice."),
    (
        "duplicate-operation-id",
        "Two operations have one operationId.",
    ),
    (
        "duplicate-parameter",
        "One list has two parameters of one name and location.",
    ),
    ("empty-document", "The input holds nothing."),
    (
        "external-reference",
        "A reference leads into another document.",
    ),
    (
        "ignored-keyword",
        "A keyword is not carried over into types; validation still obeys it.",
    ),
    (
        "ignored-update",
        "An overlay action updates what it removes.",
    ),
    (
        "inapplicable-keyword",
        "A keyword constrains values of another type than the schema's, so it says nothing.",
    ),
    (
        "invalid-departure",
        "A departure is not written as departures are.",
    ),
    (
        "invalid-followed",
        "A list of what is followed is not written as such lists are.",
    ),
    (
        "invalid-object",
        "An object does not have the form that OpenAPI gives it.",
    ),
    (
        "invalid-overlay",
        "An overlay or an action of it does not have its form.",
    ),
    (
        "invalid-pagination",
        "An x-pagination does not have its form.",
    ),
    (
        "invalid-resource",
        "An x-resource or x-reads does not have its form.",
    ),
    ("invalid-status", "A key of responses is no status."),
    ("invalid-stream", "An x-stream does not have its form."),
    ("invalid-utf8", "The input is not UTF-8."),
    (
        "missing-description",
        "A response has no description, which OpenAPI asks for.",
    ),
    ("missing-info", "The document has no title or no version."),
    (
        "missing-reference",
        "A reference names nothing in the document.",
    ),
    ("not-openapi", "The input is not an OpenAPI document."),
    (
        "optional-path-parameter",
        "A path parameter is not marked required.",
    ),
    ("overlay-target", "An overlay action selects nothing."),
    (
        "pagination-operation",
        "An x-pagination names an operation that is not there.",
    ),
    (
        "pagination-parameter",
        "An x-pagination or x-resource names a parameter that the operation has not.",
    ),
    (
        "pagination-pointer",
        "An x-pagination or x-resource points where no schema has anything.",
    ),
    ("ref-sibling", "What stands beside a $ref is ignored."),
    (
        "reference-cycle",
        "References lead back to where they began with nothing between.",
    ),
    ("selects-nothing", "A selector matches no operation."),
    (
        "swagger",
        "The document is written in Swagger 2.0; it is read as OpenAPI 3.0.3.",
    ),
    (
        "swagger-collection-format",
        "A list is written in a way that OpenAPI 3.0 does not have; commas are used.",
    ),
    ("syntax", "The input is neither YAML nor JSON."),
    ("too-deep", "Something nests too deep."),
    (
        "too-large",
        "The input, or what it expands to, is too large.",
    ),
    (
        "transcription-differs",
        "Our document says something else than the vendor's.",
    ),
    (
        "undeclared-path-parameter",
        "A variable of a path template is declared by no parameter.",
    ),
    (
        "undeclared-property",
        "A property is required and not among the properties; it is read as any value.",
    ),
    ("unknown-key", "A key means nothing where it stands."),
    (
        "unknown-security-scheme",
        "A security requirement names a scheme that is not declared.",
    ),
    ("unknown-type", "A schema's type is none of JSON's."),
    (
        "unread-file",
        "A file that a reference names may not be read, or is none of a description.",
    ),
    (
        "unsupported-version",
        "The version of OpenAPI or of the overlay is not supported.",
    ),
    (
        "unused-keyword",
        "A keyword is read and no client uses it: links, allowEmptyValue, xml.",
    ),
    (
        "unused-path-parameter",
        "A path parameter is not in the path template.",
    ),
    (
        "wrong-reference",
        "A reference leads to an object of another kind.",
    ),
];

#[cfg(test)]
mod tests {
    use super::CODES;
    use std::fs;
    use std::path::Path;

    fn sources(folder: &Path, texts: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, texts);
            } else if !path.ends_with("codes.rs") {
                texts.push(fs::read_to_string(path).expect("a source file"));
            }
        }
    }

    fn is_code(word: &str) -> bool {
        !word.starts_with("x-")
            && word.contains('-')
            && word
                .chars()
                .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || "-.".contains(one))
    }

    /// The codes that a source text hands to a constructor of a diagnostic or keeps in a constant.
    fn used(text: &str) -> Vec<&str> {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut used = Vec::new();
        for before in ["error(", "warning(", "note(", ": &str =", "let code ="] {
            for (at, _) in text.match_indices(before) {
                let after = text[at + before.len()..].trim_start();
                if let Some(quoted) = after.strip_prefix('"')
                    && let Some((word, _)) = quoted.split_once('"')
                    && is_code(word)
                {
                    used.push(word);
                }
            }
        }
        used
    }

    #[test]
    fn the_table_is_sorted_and_has_every_code_that_is_used() {
        assert!(CODES.is_sorted_by_key(|(code, _)| *code));
        let mut texts = Vec::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut texts,
        );
        for code in texts.iter().flat_map(|text| used(text)) {
            assert!(CODES.iter().any(|(known, _)| *known == code), "{code}");
        }
        for (code, _) in CODES {
            let quoted = format!("\"{code}\"");
            assert!(
                texts.iter().any(|text| text.contains(&quoted)),
                "{code} is stale"
            );
        }
    }
}
