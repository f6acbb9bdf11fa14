//! The macros that operations are written in.

#![allow(
    unused_macros,
    reason = "which of them a client uses depends on its API"
)]

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
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant $(($($code,)? $ty))?,)*
        }

        impl $name {
            #[allow(unreachable_patterns, reason = "the last status may be any")]
            fn read(
                answer: &mut $crate::runtime::Received,
            ) -> ::core::option::Option<::core::result::Result<Self, $crate::runtime::Mismatch>> {
                ::core::option::Option::Some(match answer.status() {
                    $($status => answers!(
                        @read answer, $variant $(, $payload, [$($code)?] $ty)?
                    ),)*
                    _ => return ::core::option::Option::None,
                })
            }
        }

        answers!(@impl $name $($payload_trait)? {
            $($variant $([$($code)?] ($ty) as $payload)?,)*
        });
    };
    (@read $answer:ident, $variant:ident) => {
        ::core::result::Result::Ok(Self::$variant)
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
            ) -> ::core::option::Option<::core::result::Result<Self, $crate::runtime::Mismatch>> {
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
            ) -> ::core::result::Result<Self, $crate::runtime::Mismatch> {
                Self::read(answer).unwrap_or_else(|| ::core::result::Result::Err($crate::runtime::Mismatch::status()))
            }
        }

        #[cfg(feature = "dispatch")]
        impl $crate::runtime::Encode for $name {
            fn encode(output: Self) -> $crate::runtime::BoxFuture<
                'static,
                ::core::result::Result<::serde_json::Value, $crate::runtime::DispatchError>,
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
///         "findPets" = GET "/owners/{id}/pets" with SECURITY,   // path `as` documentation shows it
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
            $id:literal = $method:ident $path:literal $(as $shown:literal)?
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
                "\n\n`", stringify!($method), " ", operation!(@shown $path $($shown)?),
                "`: in the document under `paths`, `", operation!(@shown $path $($shown)?), "`."
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
            ) -> ::core::result::Result<$crate::runtime::Request<'c, Self>, $crate::runtime::DispatchError> {
                $(let $arg = input.required::<<$arg_ty as $crate::runtime::FromInput<'_>>::Owned>(
                    stringify!($arg_how), &[$(stringify!($arg_wire)),*]
                )?;)*
                let mut request = client.$name(
                    $(<$arg_ty as $crate::runtime::FromInput<'_>>::borrow(&$arg)),*
                );
                $(if let ::core::option::Option::Some(value) = input.optional::<<$opt_ty as $crate::runtime::FromInput<'_>>::Owned>(
                    stringify!($how), &[$(stringify!($wire)),*]
                )? {
                    request = request.$opt(<$opt_ty as $crate::runtime::FromInput<'_>>::borrow(&value));
                })*
                ::core::result::Result::Ok(request)
            }
        }
    };
    (@shown $path:literal) => { $path };
    (@shown $path:literal $shown:literal) => { $shown };
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

/// What drives the operations of a file by name.
///
/// ```text
/// runners! { FindPets, GetPet }
/// ```
macro_rules! runners {
    ($($marker:ident),* $(,)?) => {
        /// The operations of this file, and what drives each of them.
        #[cfg(feature = "dispatch")]
        pub(super) const RUNNERS: &[(&str, $crate::runtime::Runner<Client>)] = &[$((
            <$marker as $crate::runtime::Operation>::META.id,
            $crate::runtime::run::<$marker>,
        )),*];
    };
}

/// A client's operations, driven by name: those of this file, or of the modules that have them.
///
/// ```text
/// dispatch! { FindPets, GetPet }
/// dispatch! { #[cfg(feature = "pets")] pets::RUNNERS, #[cfg(feature = "users")] users::RUNNERS }
/// ```
macro_rules! dispatch {
    ($($marker:ident),* $(,)?) => {
        runners! { $($marker),* }
        dispatch! { self::RUNNERS }
    };
    ($($(#[$meta:meta])* $runners:path),* $(,)?) => {
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
        ) -> ::core::result::Result<::serde_json::Value, $crate::runtime::DispatchError> {
            const ALL: &[&[(&str, $crate::runtime::Runner<Client>)]] =
                &[$($(#[$meta])* $runners),*];
            $crate::runtime::drive(ALL, client, operation, input).await
        }
    };
}
