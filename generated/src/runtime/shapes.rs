//! The macros that types are written in.
//!
//! They say in one line what would take ten, and what they expand to is checked in a third of
//! the time that derived code takes: see `object!`, which stands for the bulk of every client.

#![allow(
    unused_macros,
    reason = "which of them a client uses depends on its API"
)]

/// A JSON object as a struct.
///
/// ```text
/// object! {
///     /// Documentation.
///     pub struct Name(end: DateTime, id: Uuid) {  // what `new` takes; or `Name: Default`; or neither
///         pub id!: Uuid,                          // must be there; marked where `new` takes it
///         pub sort as "sortBy": Option<String>,   // by another name on the wire; may be absent
///         pub tags: Field<Vec<String>>,           // absent, null and a value told apart
///         pub end!: DateTime,
///         pub note: Option<String> | null,        // `None` is written as null
///         pub kind: Circle | default,             // absent means `Default`
///         ..rest: BTreeMap<String, Value>,        // what else the object holds
///     }
/// }
/// ```
///
/// Members that it does not know are passed over unless there is a `rest`.
///
/// The next document may name more members. So that they break nobody, what is sent is made by
/// `new` or `default()`, after which its fields are set, and what is only received is not made.
/// For the same reason there is no `Eq` and no `Hash`, which a number would take away.
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(($($arg:ident: $arg_ty:ty),+ $(,)?))? $(: $derive:ident)? {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident $(as $wire:literal)? $(!: $given:ty)? $(: $ty:ty)? $(| $how:ident)?,
            )*
            $(..$rest:ident: $rest_ty:ty,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq $(, $derive)?)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $($given)? $($ty)?,)*
            $(
                /// What else the object holds.
                pub $rest: $rest_ty,
            )?
        }

        object!(@new $name [$($($arg: $arg_ty),+)?] {
            $($field: object!(@init $($given, $field)?),)*
            $($rest: <$rest_ty>::default(),)?
        });

        impl $crate::runtime::Member for $name {}

        #[allow(deprecated, reason = "a deprecated member is still written")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                #[allow(unused_mut, reason = "an object may have no members")]
                let mut map = serializer.serialize_map(::core::option::Option::None)?;
                $(object!(@put map, object!(@wire $field $($wire)?), &self.$field $(, $how)?)?;)*
                $(
                    for (key, value) in &self.$rest {
                        map.serialize_entry(key, value)?;
                    }
                )?
                map.end()
            }
        }

        #[allow(deprecated, reason = "a deprecated member is still read")]
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                struct Visitor;

                impl<'de> ::serde::de::Visitor<'de> for Visitor {
                    type Value = $name;

                    fn expecting(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        out.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::core::result::Result<$name, A::Error> {
                        $(let mut $field = ::core::option::Option::None;)*
                        $(let mut $rest = <$rest_ty>::default();)?
                        while let ::core::option::Option::Some(key) = map.next_key::<$crate::runtime::Key<'_>>()? {
                            match &*key.0 {
                                $(object!(@wire $field $($wire)?) => $field = ::core::option::Option::Some(map.next_value()?),)*
                                $(_ => {
                                    let value = map.next_value()?;
                                    $rest.insert(key.0.into_owned(), value);
                                })?
                                #[allow(unreachable_patterns, reason = "reached without a rest")]
                                _ => {
                                    map.next_value::<::serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        ::core::result::Result::Ok($name {
                            $($field: object!(@done $field, object!(@wire $field $($wire)?) $(, $how)?),)*
                            $($rest,)?
                        })
                    }
                }

                from.deserialize_map(Visitor)
            }
        }
    };
    (@new $name:ident [] $fields:tt) => {};
    (@new $name:ident [$($given:ident: $ty:ty),+] $fields:tt) => {
        #[allow(deprecated, reason = "a deprecated member is made as well")]
        impl $name {
            /// With what must be given, and nothing else.
            #[allow(clippy::too_many_arguments, reason = "so many are required")]
            pub fn new($($given: $ty),+) -> Self {
                Self $fields
            }
        }
    };
    (@init) => { ::core::default::Default::default() };
    (@init $ty:ty, $given:ident) => { $given };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@put $map:ident, $wire:expr, $value:expr) => { $crate::runtime::put(&mut $map, $wire, $value) };
    (@put $map:ident, $wire:expr, $value:expr, $how:ident) => { $map.serialize_entry($wire, $value) };
    (@done $slot:ident, $wire:expr) => { $crate::runtime::done($slot, $wire)? };
    (@done $slot:ident, $wire:expr, null) => { $slot.unwrap_or_default() };
    (@done $slot:ident, $wire:expr, default) => { $slot.unwrap_or_default() };
}

/// Several objects.
macro_rules! objects {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident $(($($args:tt)*))? $(: $derive:ident)? { $($body:tt)* }
    )*) => {
        $(object! { $(#[$meta])* pub struct $name $(($($args)*))? $(: $derive)? { $($body)* } })*
    };
}

/// A string that is one of several; an unknown one is kept.
///
/// ```text
/// open_enum! {
///     pub enum Kind: Default { #[default] Regular = "regular", Trial = "trial", ..Other }
///     pub enum Odd { Break = "<br>\n" as "<br>\\n", ..Other }     // as documentation shows it
/// }
/// ```
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(: $derive:ident)? {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal $(as $shown:literal)?,)*
            ..$other:ident $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash $(, $derive)?)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", open_enum!(@shown $wire $($shown)?), "`")]
                $(#[$variant_meta])* $variant,
            )*
            /// A value that the document does not name.
            $other(::std::string::String),
        }

        impl $name {
            /// The value as it goes over the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::$other(text) => text,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::$other(text.to_owned()),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl $crate::runtime::Member for $name {}

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::text(from, "a string", |text| ::core::option::Option::Some(Self::from(text)))
            }
        }
    };
    (@shown $wire:literal) => { $wire };
    (@shown $wire:literal $shown:literal) => { $shown };
}

/// Several enums.
macro_rules! open_enums {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident $(: $derive:ident)? { $($body:tt)* }
    )*) => {
        $(open_enum! { $(#[$meta])* pub enum $name $(: $derive)? { $($body)* } })*
    };
}

/// Strings that a property must have, each a type with one value.
///
/// ```text
/// constants! { Circle = "circle", Square = "square" }
/// ```
macro_rules! constants {
    ($($name:ident = $wire:literal $(as $shown:literal)?),* $(,)?) => {$(
        #[doc = concat!("`", open_enum!(@shown $wire $($shown)?), "`")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name;

        impl ::core::fmt::Display for $name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                out.write_str($wire)
            }
        }

        impl $crate::runtime::Member for $name {}

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str($wire)
            }
        }

        #[cfg(feature = "dispatch")]
        impl $crate::runtime::FromInput<'_> for $name {
            type Owned = Self;

            fn borrow(owned: &Self) -> Self {
                *owned
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::text(from, concat!("`", open_enum!(@shown $wire $($shown)?), "`"), |text| {
                    (text == $wire).then_some(Self)
                })
            }
        }
    )*};
}

/// One of several types.
///
/// ```text
/// union! {
///     pub enum Shape by "kind" {                       // a property tells them apart;
///         Circle(Circle) = "circle",                   // what has another tag is kept
///         Square(Square) = "square" | "rectangle",
///         ..Other
///     }
/// }
/// union! { pub enum Text by first { Line(String), Lines(Vec<String>), } }
/// union! { pub enum Pet by best { Cat(Cat), Dog(Dog), } }  // the one that keeps every member
/// ```
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $property:literal {
            $($variant:ident($ty:ty) $(= $($tag:literal)|+)?,)*
            ..$other:ident $(,)?
        }
    ) => {
        union!(@define [$(#[$meta])*] $name {
            $($variant($ty),)*
            #[doc = "What has a tag that the document does not name."]
            $other(::serde_json::Value),
        });

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(from)?;
                let tag = value.get($property).and_then(::serde_json::Value::as_str);
                match tag {
                    $($(::core::option::Option::Some($($tag)|+) => $crate::runtime::variant(&value).map(Self::$variant),)?)*
                    _ => ::core::result::Result::Ok(Self::$other(value)),
                }
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $choose:ident { $($variant:ident($ty:ty),)* }
    ) => {
        union!(@define [$(#[$meta])*] $name { $($variant($ty),)* });

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(from)?;
                $crate::runtime::$choose(&value, stringify!($name), &[$(
                    &|value| {
                        <$ty as ::serde::Deserialize>::deserialize(value).ok().map(Self::$variant)
                    },
                )*])
            }
        }
    };
    (
        @define [$(#[$meta:meta])*]
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident($ty:ty),)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* #[allow(missing_docs, reason = "the type says it")] $variant($ty),)*
        }

        impl $crate::runtime::Member for $name {}

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => value.serialize(serializer),)*
                }
            }
        }
    };
}

/// Several unions.
macro_rules! unions {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident by $how:tt { $($body:tt)* }
    )*) => {
        $(union! { $(#[$meta])* pub enum $name by $how { $($body)* } })*
    };
}

/// Other names of types.
///
/// ```text
/// aliases! { Pets = Vec<Pet>, Dog = Pet }
/// ```
macro_rules! aliases {
    ($($(#[$meta:meta])* $name:ident = $ty:ty),* $(,)?) => {
        $(
            $(#[$meta])*
            #[doc = concat!("\n\nAnother name of [`", stringify!($ty), "`](", stringify!($ty), ").")]
            pub type $name = $ty;
        )*
    };
}
