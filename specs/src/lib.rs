//! What the vendors say, and the one way to read it.
//!
//! Bytes become a value (`source`), an overlay corrects it, the operations that are asked for
//! are taken out of it (`select`), it is brought to the dialect of OpenAPI 3.0 (`downgrade`,
//! and `swagger2` before),
//! `openapiv3` types its objects (`document`), and lowering turns it into an [`api::Api`]: plain
//! data. [`read`] does all of it; it is a function of its arguments.

pub mod api;
mod bundle;
mod code;
pub mod codes;
pub mod collection;
mod diagnostic;
mod document;
mod downgrade;
mod edit;
pub mod effect;
pub mod extensions;
mod fragment;
mod lower;
mod overlay;
mod pointer;
mod position;
mod print;
mod read;
mod render;
mod select;
mod shape;
mod source;
mod strip;
pub mod suggest;
mod swagger2;
pub mod text;
pub mod transcription;
mod unread;
mod unused;
mod visible;

pub use code::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Place, Position, Severity};
pub use document::SpecVersion;
pub use edit::without_items;
pub use pointer::Pointer;
pub use position::positions;
pub use print::to_yaml;
pub use read::{Beside, Input, Options, Reading, files_beside, gather, read, value};
pub use render::{find_positions, render, render_all};
pub use select::Selector;
pub use source::MAX_BYTES;

pub use strip::strip;
pub use suggest::{Suggestion, Suggestions, suggest};
pub use unread::Unread;
pub use visible::{is_hidden, visible};
