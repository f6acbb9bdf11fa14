//! The clients of `specs/features`, one module each, compiled together.

#![deny(warnings)]

include!(concat!(env!("OUT_DIR"), "/features/src/modules.rs"));
