//! Documentation.

use crate::escape;
use crate::rust::Docs;
use plumbline_specs::Pointer;
use proc_macro2::TokenStream;
use quote::quote;

/// One attribute for each paragraph, an empty one between; `print` wraps them.
pub(super) fn docs(docs: &Docs) -> TokenStream {
    paragraphs(&docs.0)
}

/// Documentation of a type, which says where it stands in the document when it says nothing else.
pub(super) fn item(docs: &Docs, place: &Pointer) -> TokenStream {
    if docs.0.is_empty() {
        let fragment = format!("#{}", place.as_str());
        return paragraphs(&[format!("{}.", escape::code(&fragment))]);
    }
    paragraphs(&docs.0)
}

/// How documentation shows a value of the wire, where it cannot show it as it is.
pub(super) fn displayed(wire: &str) -> Option<TokenStream> {
    let shown = escape::span(wire);
    (shown != wire).then(|| quote!(as #shown))
}

fn paragraphs(paragraphs: &[String]) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            tokens.extend(quote!(#[doc = ""]));
        }
        tokens.extend(quote!(#[doc = #paragraph]));
    }
    tokens
}
