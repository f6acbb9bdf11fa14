//! The code of a diagnostic, and the macro that declares a table of them.

use serde::{Serialize, Serializer};
use std::fmt;

/// The code of a diagnostic: a stable kebab-case word, and what it means.
///
/// A code is a constant of a table that [`codes!`](crate::codes!) declares; there is no other
/// way to make one, so that documentation made from the tables names every code that exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    text: &'static str,
    meaning: &'static str,
}

impl Code {
    /// What [`codes!`](crate::codes!) calls.
    #[doc(hidden)]
    pub const fn declare(text: &'static str, meaning: &'static str) -> Self {
        Self { text, meaning }
    }

    /// The word, for example `missing-reference`.
    pub const fn as_str(self) -> &'static str {
        self.text
    }

    /// What the code means, in one sentence.
    pub const fn meaning(self) -> &'static str {
        self.meaning
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.text)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text, formatter)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text)
    }
}

/// Declares codes as constants of type [`Code`], and `ALL`, the table of them. The doc comment
/// of a code is its meaning.
///
/// ```
/// plumbline_specs::codes! {
///     /// A page has no number.
///     NO_NUMBER = "no-number";
/// }
/// assert_eq!(NO_NUMBER.as_str(), "no-number");
/// assert_eq!(ALL[0].meaning(), "A page has no number.");
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $text:literal;)+) => {
        $(
            $(#[doc = $meaning])+
            // The space that a doc comment begins with is no part of it.
            pub const $name: $crate::Code =
                $crate::Code::declare($text, concat!($($meaning),+).split_at(1).1);
        )+

        /// Every code of this table, sorted.
        pub const ALL: &[$crate::Code] = &[$($name),+];
    };
}
