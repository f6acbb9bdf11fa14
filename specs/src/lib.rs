//! What the vendors say, and the one way to read it.
//!
//! Bytes become a value ([`source`]), an overlay corrects it, a dialect of 3.1 is brought down
//! to 3.0, `openapiv3` types it, and lowering turns it into an [`api::Api`]: plain data.

pub mod api;
mod diagnostic;
mod pointer;

pub use diagnostic::{Diagnostic, Place, Position, Severity};
pub use pointer::Pointer;
