//! The clients of `specs/features`, one module each, compiled together.

#![deny(warnings)]
#![expect(
    clippy::module_inception,
    reason = "the document about constants makes a module of that name"
)]

include!(concat!(env!("OUT_DIR"), "/features/src/modules.rs"));
include!(concat!(env!("OUT_DIR"), "/features/src/trips.rs"));
include!(concat!(env!("OUT_DIR"), "/features/src/types.rs"));
