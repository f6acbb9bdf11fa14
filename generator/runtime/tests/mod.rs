//! Tests of the runtime, which are not copied.
