//! What the macros `object!` and `open_enum!` build on: members of JSON objects.

use super::{Base64, DateTime, Field, Upload, types};
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// What can be the value of a member of an object: says what its absence means.
pub trait Member: Sized {
    /// What stands for an absent member; `None` where it must not be absent.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether the member is not written.
    fn is_absent(&self) -> bool {
        false
    }
}

macro_rules! members {
    ($($ty:ty),*) => {
        $(impl Member for $ty {})*
    };
}

members!(
    (),
    bool,
    i32,
    i64,
    u64,
    f64,
    Number,
    String,
    uuid::Uuid,
    DateTime,
    chrono::NaiveDate,
    Base64,
    Upload,
    Value,
    Map<String, Value>
);

impl<T> Member for Vec<T> {}
impl<T> Member for BTreeMap<String, T> {}
impl<T> Member for Box<T> {}
impl<A> Member for (A,) {}
impl<A, B> Member for (A, B) {}
impl<A, B, C> Member for (A, B, C) {}
impl<A, B, C, D> Member for (A, B, C, D) {}
impl<A, B, C, D, E> Member for (A, B, C, D, E) {}
impl<A, B, C, D, E, F> Member for (A, B, C, D, E, F) {}

impl<T> Member for Option<T> {
    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Member for Field<T> {
    fn absent() -> Option<Self> {
        Some(Self::Absent)
    }

    fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// Writes a member unless it is absent.
pub fn put<S, T>(map: &mut S, key: &'static str, value: &T) -> Result<(), S::Error>
where
    S: SerializeMap,
    T: Member + Serialize,
{
    if value.is_absent() {
        return Ok(());
    }
    map.serialize_entry(key, value)
}

/// Gives a member that was read, or what its absence means.
pub fn done<T: Member, E: de::Error>(value: Option<T>, key: &'static str) -> Result<T, E> {
    value
        .or_else(T::absent)
        .ok_or_else(|| E::missing_field(key))
}

/// A text that is not copied where the input allows it: a member's name or an enum's value.
#[derive(Debug)]
pub struct Key<'a>(pub Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                self.visit_string(text.to_owned())
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

/// Reads a text and makes a value of it; `expected` says what it should have been.
pub fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    let text = Key::deserialize(deserializer)?.0;
    read(&text).ok_or_else(|| types::unexpected(&text, expected))
}
