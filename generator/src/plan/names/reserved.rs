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
