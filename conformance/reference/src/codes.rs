//! The codes of the reference server.

plumbline_specs::codes! {
    /// A file `vendor.yaml` does not have its form.
    INVALID_VENDOR = "invalid-vendor";
}
