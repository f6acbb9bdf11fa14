//! What must not be shown: secret values, found by where they stand and hidden wherever they
//! turn up again.

mod declared;
mod given;
mod masks;
mod names;
mod places;
mod spelling;
mod variables;

pub use declared::Declared;
pub(crate) use declared::{ALWAYS, Spot};
pub(crate) use given::Given;
pub(crate) use masks::Masks;
pub use names::is_secret_header;
pub(crate) use names::{are_same as names_are_same, ends_like_one};
pub use places::{Map, Place};
pub(crate) use places::{is_name, variable_for};
pub(crate) use variables::Names;

use crate::contract::decoded;
use url::Url;

/// The user and the password of a URL without their encoding (RFC 3986, section 3.2.1); `None` where
/// it has neither.
pub(crate) fn user_info(url: &Url) -> Option<(String, String)> {
    let (user, password) = (url.username(), url.password());
    (!user.is_empty() || password.is_some())
        .then(|| (decoded(user), decoded(password.unwrap_or_default())))
}
