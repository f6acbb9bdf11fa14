//! The macros that the generated files are written in.
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
///     pub struct Name: Default + Eq + Hash {      // further derives, or none
///         pub id: Uuid,                           // must be there
///         pub sort as "sortBy": Option<String>,   // by another name on the wire; may be absent
///         pub tags: Field<Vec<String>>,           // absent, null and a value told apart
///         pub end: Option<DateTime> | null,       // `None` is written as null
///         pub kind: Circle | default,             // absent means `Default`
///         ..rest: BTreeMap<String, Value>,        // what else the object holds
///     }
/// }
/// ```
///
/// Members that it does not know are passed over unless there is a `rest`.
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(: $derive:ident $(+ $more:ident)*)? {
            $($(#[$field_meta:meta])* pub $field:ident $(as $wire:literal)?: $ty:ty $(| $how:ident)?,)*
            $(..$rest:ident: $rest_ty:ty,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq $(, $derive $(, $more)*)?)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $ty,)*
            $(
                /// What else the object holds.
                pub $rest: $rest_ty,
            )?
        }

        impl $crate::runtime::Member for $name {}

        #[allow(deprecated, reason = "a deprecated member is still written")]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                #[allow(unused_mut, reason = "an object may have no members")]
                let mut map = serializer.serialize_map(None)?;
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
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl<'de> ::serde::de::Visitor<'de> for Visitor {
                    type Value = $name;

                    fn expecting(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        out.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<$name, A::Error> {
                        $(let mut $field = None;)*
                        $(let mut $rest = <$rest_ty>::default();)?
                        while let Some(key) = map.next_key::<$crate::runtime::Key<'_>>()? {
                            match &*key.0 {
                                $(object!(@wire $field $($wire)?) => $field = Some(map.next_value()?),)*
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
                        Ok($name {
                            $($field: object!(@done $field, object!(@wire $field $($wire)?) $(, $how)?),)*
                            $($rest,)?
                        })
                    }
                }

                from.deserialize_map(Visitor)
            }
        }
    };
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
        pub struct $name:ident $(: $derive:ident $(+ $more:ident)*)? { $($body:tt)* }
    )*) => {
        $(object! { $(#[$meta])* pub struct $name $(: $derive $(+ $more)*)? { $($body)* } })*
    };
}

/// A string that is one of several; an unknown one is kept.
///
/// ```text
/// open_enum! {
///     pub enum Kind: Default { #[default] Regular = "regular", Trial = "trial", ..Other }
/// }
/// ```
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(: $derive:ident)? {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal,)*
            ..$other:ident $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash $(, $derive)?)]
        pub enum $name {
            $(#[doc = concat!("`", $wire, "`")] $(#[$variant_meta])* $variant,)*
            /// A value that the document does not name.
            $other(String),
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

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::$other(text.to_owned()),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl $crate::runtime::Member for $name {}

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::runtime::text(from, "a string", |text| Some(Self::from(text)))
            }
        }
    };
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
    ($($name:ident = $wire:literal),* $(,)?) => {$(
        #[doc = concat!("`", $wire, "`")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name;

        impl ::std::fmt::Display for $name {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                out.write_str($wire)
            }
        }

        impl $crate::runtime::Member for $name {}

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::runtime::text(from, concat!("`", $wire, "`"), |text| {
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
        pub enum $name:ident $(: $derive:ident $(+ $more:ident)*)? by $property:literal {
            $($variant:ident($ty:ty) $(= $($tag:literal)|+)?,)*
            ..$other:ident $(,)?
        }
    ) => {
        union!(@define [$(#[$meta])*] [$($derive $(, $more)*)?] $name {
            $($variant($ty),)*
            #[doc = "What has a tag that the document does not name."]
            $other(::serde_json::Value),
        });

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(from)?;
                let tag = value.get($property).and_then(::serde_json::Value::as_str);
                match tag {
                    $($(Some($($tag)|+) => $crate::runtime::variant(&value).map(Self::$variant),)?)*
                    _ => Ok(Self::$other(value)),
                }
            }
        }
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(: $derive:ident $(+ $more:ident)*)? by $choose:ident { $($variant:ident($ty:ty),)* }
    ) => {
        union!(@define [$(#[$meta])*] [$($derive $(, $more)*)?] $name { $($variant($ty),)* });

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
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
        @define [$(#[$meta:meta])*] [$($derive:ident),*]
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident($ty:ty),)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq $(, $derive)*)]
        pub enum $name {
            $($(#[$variant_meta])* #[allow(missing_docs, reason = "the type says it")] $variant($ty),)*
        }

        impl $crate::runtime::Member for $name {}

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
        pub enum $name:ident $(: $derive:ident $(+ $more:ident)*)? by $how:tt { $($body:tt)* }
    )*) => {
        $(union! { $(#[$meta])* pub enum $name $(: $derive $(+ $more)*)? by $how { $($body)* } })*
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

/// The documented answers of an operation, told apart by status.
///
/// ```text
/// answers! {
///     pub enum Failure {                                          // or `pub enum Success: Payload`
///         404 => NotFound(ErrorMessage) as Json<_>,
///         409 => Conflict,
///         500..=599 => ServerError(@u16, ErrorMessage) as Json<_>,  // holds the status first
///     }
/// }
/// ```
macro_rules! answers {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(: $payload_trait:ident)? {
            $(
                $(#[$variant_meta:meta])*
                $status:pat => $variant:ident $(($(@$code:ident,)? $ty:ty) as $payload:ty)?,
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub enum $name {
            $($(#[$variant_meta])* $variant $(($($code,)? $ty))?,)*
        }

        impl $name {
            #[allow(unreachable_patterns, reason = "the last status may be any")]
            fn read(
                answer: &mut $crate::runtime::Received,
            ) -> Option<Result<Self, $crate::runtime::Mismatch>> {
                Some(match answer.status() {
                    $($status => answers!(
                        @read answer, $variant $(, $payload, [$($code)?] $ty)?
                    ),)*
                    _ => return None,
                })
            }
        }

        answers!(@impl $name $($payload_trait)? {
            $($variant $([$($code)?] ($ty) as $payload)?,)*
        });
    };
    (@read $answer:ident, $variant:ident) => {
        Ok(Self::$variant)
    };
    (@read $answer:ident, $variant:ident, $payload:ty, [] $ty:ty) => {
        <$payload as $crate::runtime::Payload>::decode($answer).map(Self::$variant)
    };
    (@read $answer:ident, $variant:ident, $payload:ty, [$code:ident] $ty:ty) => {{
        let status: $code = $answer.status();
        <$payload as $crate::runtime::Payload>::decode($answer)
            .map(|body| Self::$variant(status, body))
    }};
    (@impl $name:ident { $($variants:tt)* }) => {
        impl $crate::runtime::ErrorBody for $name {
            fn decode(
                answer: &mut $crate::runtime::Received,
            ) -> Option<Result<Self, $crate::runtime::Mismatch>> {
                Self::read(answer)
            }
        }
    };
    (@impl $name:ident Payload {
        $($variant:ident $([$($code:ident)?] ($ty:ty) as $payload:ty)?,)*
    }) => {
        impl $crate::runtime::Payload for $name {
            type Output = Self;

            fn decode(
                answer: &mut $crate::runtime::Received,
            ) -> Result<Self, $crate::runtime::Mismatch> {
                Self::read(answer).unwrap_or_else(|| Err($crate::runtime::Mismatch::status()))
            }
        }

        #[cfg(feature = "dispatch")]
        impl $crate::runtime::Encode for $name {
            fn encode(output: Self) -> $crate::runtime::BoxFuture<
                'static,
                Result<::serde_json::Value, $crate::runtime::DispatchError>,
            > {
                match output {
                    $(answers!(@pattern body $variant $(, [$($code)?] $ty)?) =>
                        answers!(@encode body $($payload)?),)*
                }
            }
        }
    };
    (@pattern $body:ident $variant:ident) => { Self::$variant };
    (@pattern $body:ident $variant:ident, [] $ty:ty) => { Self::$variant($body) };
    (@pattern $body:ident $variant:ident, [$code:ident] $ty:ty) => { Self::$variant(_, $body) };
    (@encode $body:ident) => {
        <$crate::runtime::Empty as $crate::runtime::Encode>::encode(())
    };
    (@encode $body:ident $payload:ty) => {
        <$payload as $crate::runtime::Encode>::encode($body)
    };
}

/// Operations' own names for their documented failures.
///
/// ```text
/// failures! { ErrorMessage404 = GetPetError, DeletePetError }
/// ```
macro_rules! failures {
    ($target:ident = $($name:ident),* $(,)?) => {
        $(#[doc = concat!("See [`", stringify!($target), "`].")] pub type $name = $target;)*
    };
}

/// An operation: a marker type, the client's method, a setter for each option.
///
/// ```text
/// operation! {
///     /// Documentation.
///     pub fn find_pets(id: Uuid => path("id"), body: &Pet => json()) -> FindPets {
///         "findPets" = GET "/owners/{id}/pets" with SECURITY,
///         200 => Json<Pets> | FindPetsError,              // success, and failures if documented
///         /// Documentation.
///         page: i32 => query("page"),                     // an option
///     }
/// }
/// ```
macro_rules! operation {
    (
        $(#[$meta:meta])*
        pub fn $name:ident(
            $($arg:ident: $arg_ty:ty => $arg_how:ident($($arg_wire:expr),*)),* $(,)?
        ) -> $marker:ident {
            $id:literal = $method:ident $path:literal
                $(accept $accept:literal)? $(with $security:expr)?,
            $ok:pat => $success:ty $(| $failure:ty)?,
            $($(#[$opt_meta:meta])* $opt:ident: $opt_ty:ty => $how:ident($($wire:expr),*),)*
        }
    ) => {
        #[doc = concat!("The operation behind [`Client::", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub struct $marker;

        impl $crate::runtime::Operation for $marker {
            type Success = $success;
            type Failure = operation!(@failure $($failure)?);

            const META: &'static $crate::runtime::Meta = &$crate::runtime::Meta {
                id: $id,
                method: stringify!($method),
                path: $path,
                accept: operation!(@accept $success $(, $accept)?),
                security: operation!(@security $($security)?),
            };

            fn is_success(status: u16) -> bool {
                matches!(status, $ok)
            }
        }

        impl Client {
            $(#[$meta])*
            #[doc = concat!(
                "\n\n`", stringify!($method), " ", $path, "`: in the document under `paths`, `",
                $path, "`."
            )]
            pub fn $name(&self $(, $arg: $arg_ty)*) -> $crate::runtime::Request<'_, $marker> {
                #[allow(unused_mut, reason = "an operation may ask for nothing")]
                let mut request = self.request();
                $(request.parts.$arg_how($($arg_wire,)* &$arg);)*
                request
            }
        }

        impl $crate::runtime::Request<'_, $marker> {
            $(
                $(#[$opt_meta])*
                pub fn $opt(mut self, $opt: $opt_ty) -> Self {
                    self.parts.$how($($wire,)* &$opt);
                    self
                }
            )*
        }

        #[cfg(feature = "dispatch")]
        impl $crate::runtime::Dispatch for $marker {
            type Client = Client;

            #[allow(deprecated, unused_mut, unused_variables, reason = "operations differ")]
            fn prepare<'c>(
                client: &'c Client,
                input: &mut $crate::runtime::Input,
            ) -> Result<$crate::runtime::Request<'c, Self>, $crate::runtime::DispatchError> {
                $(let $arg = input.required::<<$arg_ty as $crate::runtime::FromInput<'_>>::Owned>(
                    stringify!($arg_how), &[$(stringify!($arg_wire)),*]
                )?;)*
                let mut request = client.$name(
                    $(<$arg_ty as $crate::runtime::FromInput<'_>>::borrow(&$arg)),*
                );
                $(if let Some(value) = input.optional::<<$opt_ty as $crate::runtime::FromInput<'_>>::Owned>(
                    stringify!($how), &[$(stringify!($wire)),*]
                )? {
                    request = request.$opt(<$opt_ty as $crate::runtime::FromInput<'_>>::borrow(&value));
                })*
                Ok(request)
            }
        }
    };
    (@failure) => { $crate::runtime::NoError };
    (@failure $failure:ty) => { $failure };
    (@security) => { &[] };
    (@security $security:expr) => { $security };
    (@accept $success:ty) => { <$success as $crate::runtime::Payload>::ACCEPT };
    (@accept $success:ty, $accept:literal) => { $accept };
}

/// Several operations.
macro_rules! operations {
    ($(
        $(#[$meta:meta])*
        pub fn $name:ident($($args:tt)*) -> $marker:ident { $($body:tt)* }
    )*) => {
        $(operation! { $(#[$meta])* pub fn $name($($args)*) -> $marker { $($body)* } })*
    };
}

/// A client's operations, driven by name.
///
/// ```text
/// dispatch! { FindPets, GetPet }
/// ```
macro_rules! dispatch {
    ($($marker:ident),* $(,)?) => {
        /// Drives the operation of this name (its operationId, or method and path) from
        /// `{"parameters": {name: value}, "body": …}` and gives the answer as JSON.
        ///
        /// # Errors
        ///
        /// When there is no such operation, the input does not fit, or the operation fails.
        #[cfg(feature = "dispatch")]
        pub async fn dispatch(
            client: &Client,
            operation: &str,
            input: ::serde_json::Value,
        ) -> Result<::serde_json::Value, $crate::runtime::DispatchError> {
            const OPERATIONS: &[(&str, $crate::runtime::Runner<Client>)] = &[$((
                <$marker as $crate::runtime::Operation>::META.id,
                $crate::runtime::run::<$marker>,
            )),*];
            $crate::runtime::drive(OPERATIONS, client, operation, input).await
        }
    };
}
