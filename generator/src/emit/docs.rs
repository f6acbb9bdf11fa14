//! Documentation.

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
        return paragraphs(&[format!("`{}`.", fragment(place))]);
    }
    paragraphs(&docs.0)
}

/// A text as code, so that nothing in it is markup.
pub(super) fn literal(text: &str) -> String {
    text.replace(['`', '\n', '\r'], " ")
        .replace('[', "\\[")
        .replace('<', "\\<")
}

/// Where something stands, as a URI's fragment; backticks would end the code.
fn fragment(place: &Pointer) -> String {
    format!("#{}", place.as_str().replace(['`', '\n'], "'"))
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
