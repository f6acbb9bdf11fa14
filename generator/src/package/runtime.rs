//! The runtime, copied verbatim.

/// The names and the texts of its files.
pub(super) const FILES: &[(&str, &str)] = &[
    ("answer.rs", include_str!("../../runtime/src/answer.rs")),
    ("auth.rs", include_str!("../../runtime/src/auth.rs")),
    ("body.rs", include_str!("../../runtime/src/body.rs")),
    ("client.rs", include_str!("../../runtime/src/client.rs")),
    ("deadline.rs", include_str!("../../runtime/src/deadline.rs")),
    ("decode.rs", include_str!("../../runtime/src/decode.rs")),
    ("dispatch.rs", include_str!("../../runtime/src/dispatch.rs")),
    ("encode.rs", include_str!("../../runtime/src/encode.rs")),
    ("error.rs", include_str!("../../runtime/src/error.rs")),
    ("execute.rs", include_str!("../../runtime/src/execute.rs")),
    ("macros.rs", include_str!("../../runtime/src/macros.rs")),
    ("mod.rs", include_str!("../../runtime/src/mod.rs")),
    ("object.rs", include_str!("../../runtime/src/object.rs")),
    ("paging.rs", include_str!("../../runtime/src/paging.rs")),
    ("records.rs", include_str!("../../runtime/src/records.rs")),
    ("request.rs", include_str!("../../runtime/src/request.rs")),
    ("response.rs", include_str!("../../runtime/src/response.rs")),
    ("retry.rs", include_str!("../../runtime/src/retry.rs")),
    ("shapes.rs", include_str!("../../runtime/src/shapes.rs")),
    ("types.rs", include_str!("../../runtime/src/types.rs")),
    ("union.rs", include_str!("../../runtime/src/union.rs")),
    ("walk.rs", include_str!("../../runtime/src/walk.rs")),
];
