//! The codes of changes: what each means, what it is about, and how it is judged.
//!
//! A code is declared once, in a file of this folder: its name, its text, its topic, what has
//! happened, its documentation and its policy. The declarations are handed from macro to macro, and
//! the last one makes [`Code`] of all of them.

#[macro_use]
mod operation;
#[macro_use]
mod message;
#[macro_use]
mod schema;
#[macro_use]
mod object;
mod policy;

pub use policy::Judgement;
pub(crate) use policy::UNTOUCHED;

use crate::effect::Step::{self, Major, Minor, None, Patch};
use policy::{BOUND, Policy, breaks, may, safe};
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Makes [`Code`] of declarations, each of which is
///
/// ```text
/// /// what it means
/// Variant "text" (Topic, Event) { .policy() }
/// ```
macro_rules! declare_codes {
    (;
        $(
            #[doc = $meaning:literal]
            $variant:ident $text:literal ($topic:ident, $event:ident) { $($policy:tt)* }
        )*
    ) => {
        /// A kind of change. Its text is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $text, "`:", $meaning, ".")]
                $variant,
            )*
        }

        impl Code {
            /// Every code, in the order in which they are declared.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its text, in kebab-case; never changed.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// What it means, as a sentence without a capital and a full stop.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning.trim_ascii(),)*
                }
            }

            /// What it is about.
            pub const fn topic(self) -> Topic {
                match self {
                    $(Self::$variant => Topic::$topic,)*
                }
            }

            /// What has happened to that.
            pub const fn event(self) -> Event {
                match self {
                    $(Self::$variant => Event::$event,)*
                }
            }

            const fn policy(self) -> Policy {
                match self {
                    $(Self::$variant => Policy::SAFE $($policy)*,)*
                }
            }
        }
    };
}

operation_codes! { message_codes schema_codes object_codes declare_codes; }

/// What a code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// An operation, or a name that the document chooses for Rust.
    Operation,
    /// A request that the server sends, as a whole.
    Callback,
    /// The addresses at which the API is served.
    Server,
    /// Credentials: schemes, and what operations ask for.
    Security,
    /// A paging profile.
    Paging,
    /// A parameter.
    Parameter,
    /// A request body.
    Body,
    /// A response.
    Response,
    /// A response's header.
    Header,
    /// A sequence of records.
    Stream,
    /// A schema as such: its name, its type, its annotations.
    Schema,
    /// What a scalar or a list may be.
    Value,
    /// One of the values that an enum allows.
    EnumValue,
    /// An object and its properties.
    Object,
    /// A union as a whole.
    Union,
    /// One of the kinds of a union.
    UnionVariant,
    /// Descriptions and other texts for people.
    Prose,
    /// The generated crate alone.
    RustApi,
}

impl Topic {
    /// A heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Operation => "Operations",
            Self::Callback => "Callbacks",
            Self::Server => "Servers",
            Self::Security => "Security",
            Self::Paging => "Paging profiles",
            Self::Parameter => "Parameters",
            Self::Body => "Request bodies",
            Self::Response => "Responses",
            Self::Header => "Headers of responses",
            Self::Stream => "Streams of records",
            Self::Schema => "Schemas",
            Self::Value => "Scalars and lists",
            Self::EnumValue => "Values of enums",
            Self::Object => "Objects",
            Self::Union => "Unions",
            Self::UnionVariant => "Kinds of a union",
            Self::Prose => "Prose",
            Self::RustApi => "The generated crate alone",
        }
    }
}

/// What a code says has happened to what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another than before.
    Changed,
    /// It should no longer be used.
    Deprecated,
    /// It may be used again.
    Undeprecated,
}

impl Code {
    /// How it is judged where a client writes, and where writing and reading have no meaning.
    pub const fn request(self) -> Judgement {
        self.policy().request
    }

    /// How it is judged where a client reads.
    pub const fn response(self) -> Judgement {
        self.policy().response
    }

    /// The step that it demands of the generated crate and why, where the crates of both
    /// documents are not at hand.
    pub const fn rust(self) -> (Step, &'static str) {
        self.policy().rust
    }

    /// Whether only prose changes.
    pub const fn is_prose(self) -> bool {
        matches!(self.topic(), Topic::Prose)
    }

    /// Whether it can give something another name in Rust.
    pub const fn is_naming(self) -> bool {
        self.policy().naming
    }

    /// Whether it is about one of several that a schema consists of: a value of an enum, a kind of
    /// a union. Such a change stands at the schema in both documents.
    pub const fn is_about_a_member(self) -> bool {
        matches!(self.topic(), Topic::EnumValue | Topic::UnionVariant)
    }
}

/// There is no such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let mut all = Self::ALL.iter();
        let found = all.find(|code| code.as_str() == text);
        found.copied().ok_or(UnknownCode)
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("there is no such code of a change")
    }
}

impl std::error::Error for UnknownCode {}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    /// `OperationAdded` as `operation-added`.
    fn kebab_case(variant: &str) -> String {
        let mut text = String::new();
        for character in variant.chars() {
            if character.is_ascii_uppercase() && !text.is_empty() {
                text.push('-');
            }
            text.push(character.to_ascii_lowercase());
        }
        text
    }

    #[test]
    fn texts_are_the_names_in_kebab_case() {
        for code in Code::ALL {
            assert_eq!(code.as_str(), kebab_case(&format!("{code:?}")));
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
    }

    #[test]
    fn meanings_are_sentences_without_an_end() {
        for code in Code::ALL {
            let meaning = code.meaning();
            assert!(!meaning.is_empty() && !meaning.ends_with('.'), "{code}");
            assert_eq!(meaning, meaning.trim(), "{code}");
        }
    }
}
