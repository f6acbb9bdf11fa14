//! Types as they are named in fields, arguments and results.

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// `()`
    Unit,
    /// `bool`
    Bool,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `u64`, where the document's bounds leave `i64`.
    U64,
    /// `f64`; also for `format: float`, which an `f32` would not keep.
    F64,
    /// `serde_json::Number`, where no machine type holds the document's bounds.
    Number,
    /// `String`
    String,
    /// `uuid::Uuid`
    Uuid,
    /// `runtime::DateTime`: RFC 3339, and what lacks an offset read as UTC.
    DateTime,
    /// `chrono::NaiveDate`
    Date,
    /// `runtime::Base64`: bytes as base64 text.
    Base64,
    /// `Vec<u8>`: a body of bytes.
    Bytes,
    /// `runtime::Upload`: a file of a multipart body: name, media type, bytes.
    Upload,
    /// `serde_json::Value`
    Json,
    /// `serde_json::Map<String, serde_json::Value>`
    JsonObject,
    /// A constant of [`Module::constants`](super::Module::constants), by its Rust name.
    Constant(String),
    /// An item of [`Module::items`](super::Module::items), by its Rust name.
    Named(String),
    /// `Vec<T>`
    List(Box<Ty>),
    /// `BTreeMap<String, T>`
    Map(Box<Ty>),
    /// `Option<T>`, for null.
    Option(Box<Ty>),
    /// `Box<T>`, where a type would hold itself.
    Boxed(Box<Ty>),
    /// `(A, B, …)`
    Tuple(Vec<Ty>),
}
