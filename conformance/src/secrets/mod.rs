//! What must not be shown: secret values, found by where they stand and hidden wherever they
//! turn up again.

mod declared;
mod given;
mod masks;
mod names;
mod places;
mod spelling;

pub use declared::Declared;
pub(crate) use declared::{ALWAYS, Spot};
pub(crate) use given::Given;
pub(crate) use masks::Masks;
pub use names::is_secret_header;
pub(crate) use names::{are_same as names_are_same, ends_like_one};
pub use places::{Map, Place};
pub(crate) use places::{is_name, variable_for};
