//! Types and identifiers.

use crate::rust::{Argument, Pass, Presence, Ty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// An identifier; what is none, which `plan` never gives, becomes one instead of a panic.
pub(crate) fn ident(name: &str) -> Ident {
    let (raw, bare) = match name.strip_prefix("r#") {
        Some(bare) => (true, bare),
        None => (false, name),
    };
    let mut clean: String = bare
        .chars()
        .map(|character| {
            if character.is_alphanumeric() {
                character
            } else {
                '_'
            }
        })
        .collect();
    if !clean.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        clean.insert(0, '_');
    }
    if raw && !matches!(clean.as_str(), "self" | "super" | "crate" | "Self" | "_") {
        Ident::new_raw(&clean, Span::call_site())
    } else {
        Ident::new(&clean, Span::call_site())
    }
}

/// A type as it stands in a field or a result.
pub(super) fn ty(node: &Ty) -> TokenStream {
    match node {
        Ty::Unit => quote!(()),
        Ty::Bool => quote!(bool),
        Ty::I32 => quote!(i32),
        Ty::I64 => quote!(i64),
        Ty::U64 => quote!(u64),
        Ty::F64 => quote!(f64),
        Ty::Number => quote!(Number),
        Ty::String => quote!(String),
        Ty::Uuid => quote!(Uuid),
        Ty::DateTime => quote!(DateTime),
        Ty::Date => quote!(NaiveDate),
        Ty::Base64 => quote!(Base64),
        Ty::Bytes => quote!(Vec<u8>),
        Ty::Upload => quote!(Upload),
        Ty::Json => quote!(Value),
        Ty::JsonObject => quote!(Map<String, Value>),
        Ty::Constant(name) => {
            let name = ident(name);
            quote!(constants::#name)
        }
        Ty::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Ty::List(inner) => {
            let inner = ty(inner);
            quote!(Vec<#inner>)
        }
        Ty::Map(inner) => {
            let inner = ty(inner);
            quote!(BTreeMap<String, #inner>)
        }
        Ty::Option(inner) => {
            let inner = ty(inner);
            quote!(Option<#inner>)
        }
        Ty::Boxed(inner) => {
            let inner = ty(inner);
            quote!(Box<#inner>)
        }
        Ty::Tuple(elements) => {
            let elements = elements.iter().map(ty);
            quote!((#(#elements,)*))
        }
    }
}

/// A field's type with what its presence adds.
pub(super) fn field(node: &Ty, presence: Presence) -> TokenStream {
    let inner = ty(node);
    match presence {
        Presence::Required | Presence::Defaulted => inner,
        Presence::Nullable | Presence::Optional => quote!(Option<#inner>),
        Presence::Field => quote!(Field<#inner>),
    }
}

/// The type of an argument, by the way in which it is passed.
pub(super) fn argument(argument: &Argument) -> TokenStream {
    let inner = ty(&argument.ty);
    match (argument.pass, &argument.ty) {
        (Pass::Value, _) => inner,
        (Pass::Str, _) => quote!(&str),
        (Pass::Slice, Ty::List(element)) => {
            let element = ty(element);
            quote!(&[#element])
        }
        (Pass::Slice, Ty::Bytes) => quote!(&[u8]),
        (Pass::Slice | Pass::Reference, _) => quote!(&#inner),
    }
}
