//! Names that are not free.

/// Keywords of Rust 2024 that may be raw identifiers.
pub(super) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield", "union",
];

/// Keywords that may not be raw identifiers.
pub(super) const NEVER_RAW: &[&str] = &["self", "super", "crate", "Self", "_"];

/// Types and traits that the prelude has or that generated files name by themselves: a type of
/// the API that took one of these names would shadow it.
pub(in crate::plan) const TYPES: &[&str] = &[
    // The prelude.
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    // What files of types import.
    "BTreeMap",
    "Base64",
    "DateTime",
    "Field",
    "Map",
    "NaiveDate",
    "Number",
    "Upload",
    "Uuid",
    "Value",
    // What files of operations import.
    "Builder",
    "Bytes",
    "Client",
    "Core",
    "Credential",
    "Empty",
    "Error",
    "Events",
    "Json",
    "JsonOrText",
    "Lines",
    "Location",
    "Marks",
    "NoError",
    "OrText",
    "Operation",
    "PageStyle",
    "Paged",
    "Part",
    "Records",
    "Request",
    "Response",
    "Style",
    "Text",
];

/// The client's own methods.
pub(in crate::plan) const CLIENT_METHODS: &[&str] = &[
    "builder", "clone", "core", "execute", "new", "request", "run",
];

/// The methods of the client's builder.
pub(in crate::plan) const BUILDER_METHODS: &[&str] = &[
    "base_url",
    "build",
    "clone",
    "credential",
    "header",
    "http_client",
    "max_body",
    "max_empty_pages",
    "middleware",
    "new",
    "retries",
    "retry",
    "timeout",
    "user_agent",
];

/// The methods of a request, to which setters are added.
pub(in crate::plan) const REQUEST_METHODS: &[&str] = &[
    "header",
    "into_future",
    "items",
    "new",
    "pages",
    "response",
    "retries",
    "retry",
    "send",
    "timeout",
];

/// The methods of a response, to which header accessors are added.
pub(in crate::plan) const RESPONSE_METHODS: &[&str] = &[
    "body",
    "deref",
    "headers",
    "into_body",
    "new",
    "read_header",
    "status",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    /// The sources of a folder of this crate.
    fn sources(folder: &str) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a source"))
            .collect()
    }

    /// The methods that the runtime's types have, by type.
    fn methods() -> BTreeMap<String, BTreeSet<String>> {
        let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for source in sources("runtime/src") {
            let mut owner = String::new();
            for line in source.lines() {
                if let Some(block) = line.strip_prefix("impl") {
                    owner.clear();
                    for known in ["Builder", "Request", "Response"] {
                        if block.contains(&format!(" {known}<")) {
                            known.clone_into(&mut owner);
                        }
                    }
                }
                let Some(rest) = line.strip_prefix("    ") else {
                    continue;
                };
                let rest = rest.trim_start_matches("pub ").trim_start_matches("async ");
                if let Some(signature) = rest.strip_prefix("fn ") {
                    let name = signature.split(['(', '<']).next().unwrap_or_default();
                    methods
                        .entry(owner.clone())
                        .or_default()
                        .insert(name.to_owned());
                }
            }
        }
        methods
    }

    /// A method of the API's would stand beside the runtime's of the same name.
    #[test]
    fn the_runtimes_methods_are_reserved() {
        let methods = methods();
        for (ty, reserved) in [
            ("Builder", BUILDER_METHODS),
            ("Request", REQUEST_METHODS),
            ("Response", RESPONSE_METHODS),
        ] {
            let own = methods.get(ty).expect("methods");
            assert!(own.len() > 4, "{ty} has {own:?}");
            for name in own.iter().filter(|name| *name != "fmt") {
                assert!(reserved.contains(&name.as_str()), "{ty}::{name}");
            }
        }
    }

    /// A type of the API's would be hidden by the import of the same name.
    #[test]
    fn what_emit_imports_is_reserved() {
        let mut met = 0;
        for source in sources("src/emit") {
            let calls = source
                .match_indices("runtime(&[")
                .chain(source.match_indices(".add(\""));
            for (at, _) in calls {
                let call = source[at..].split(");").next().expect("a call");
                let names = call.split('"').skip(1).step_by(2);
                let types = names.filter(|name| name.starts_with(char::is_uppercase));
                // No type is called in capitals alone.
                for name in types.filter(|name| name.contains(char::is_lowercase)) {
                    met += 1;
                    assert!(TYPES.contains(&name), "{name}");
                }
            }
        }
        assert!(met > 20, "{met} names are imported");
    }
}
