//! Implementations of `Paged`.

use super::imports::Imports;
use super::ty::{ident, ty};
use crate::rust::{Access, Operation, Output, Paging, PagingStyle, Part, Payload, Presence, Ty};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// How an operation hands out its pages.
pub(super) fn paging(operation: &Operation, paging: &Paging, imports: &mut Imports) -> TokenStream {
    imports.runtime(&["Marks", "PageStyle", "Paged"]);
    imports.ty(&paging.item);
    let marker = ident(&operation.marker);
    let item = ty(&paging.item);
    let page = match &operation.output {
        Output::One(_, Payload::Json(page)) => ty(page),
        _ => ty(&Ty::Unit),
    };
    let style = style(paging, imports);
    let marks = marks(paging, imports);
    let items = owned(&paging.items);
    quote! {
        impl Paged for #marker {
            type Item = #item;

            const STYLE: PageStyle = #style;

            fn marks(page: &#page) -> Marks {
                #marks
            }

            fn items(page: #page) -> Vec<#item> {
                #items
            }
        }
    }
}

fn style(paging: &Paging, imports: &mut Imports) -> TokenStream {
    let size = paging.size.as_ref().filter(|_| paging.short_page_ends);
    let size = match size {
        Some(size) => {
            let size = part(size, imports);
            quote!(Some(#size))
        }
        None => quote!(None),
    };
    match &paging.style {
        PagingStyle::Page { number, first } => {
            let number = part(number, imports);
            let first = Literal::i64_unsuffixed(*first);
            quote!(PageStyle::Number { number: #number, first: #first, size: #size })
        }
        PagingStyle::Offset { offset } => {
            let offset = part(offset, imports);
            let says_next = !paging.next.is_empty();
            quote!(PageStyle::Offset { offset: #offset, says_next: #says_next, size: #size })
        }
        PagingStyle::Cursor { cursor } => {
            let cursor = part(cursor, imports);
            let empty_ends = paging.empty_token_ends;
            quote!(PageStyle::Cursor { cursor: #cursor, empty_ends: #empty_ends })
        }
        PagingStyle::Link => quote!(PageStyle::Link),
    }
}

fn part(node: &Part, imports: &mut Imports) -> TokenStream {
    imports.runtime(&["Part"]);
    match node {
        Part::Query(name) => quote!(Part::Query(#name)),
        Part::Header(name) => quote!(Part::Header(#name)),
        Part::Body(pointer) => {
            let pointer = pointer.as_str();
            quote!(Part::Body(#pointer))
        }
    }
}

fn marks(paging: &Paging, imports: &mut Imports) -> TokenStream {
    let (place, rest) = straight(&paging.items);
    let count = if rest.is_empty() {
        quote!(#place.len())
    } else {
        let items = borrowed(&paging.items);
        quote!(#items.map_or(0, Vec::len))
    };
    let mut fields = vec![quote!(count: #count)];
    let mut mark = |name: &str, read: &'static str, steps: &[Access]| {
        if !steps.is_empty() {
            imports.runtime(&[read]);
            let name = ident(name);
            let read = ident(read);
            let value = borrowed(steps);
            fields.push(quote!(#name: #read(#value)));
        }
    };
    mark("next", "token", &paging.next);
    mark("total", "number", &paging.total);
    mark("more", "flag", &paging.more);
    mark("echo", "number", &paging.echo);
    let others = (fields.len() < 5).then(|| quote!(..Marks::default()));
    quote!(Marks { #(#fields,)* #others })
}

/// The value at the end of a way, borrowed, as an option.
fn borrowed(steps: &[Access]) -> TokenStream {
    let (mut value, rest) = straight(steps);
    let Some((first, rest)) = rest.split_first() else {
        return quote!(Some(&#value));
    };
    let field = ident(&first.field);
    value = quote!(#value.#field);
    value = match first.boxed {
        true if first.presence != Presence::Field => quote!(#value.as_deref()),
        _ => quote!(#value.as_ref()),
    };
    for step in rest {
        let field = ident(&step.field);
        value = match step.presence {
            Presence::Required | Presence::Defaulted => quote!(#value.map(|value| &value.#field)),
            _ => quote!(#value.and_then(|value| value.#field.as_ref())),
        };
    }
    value
}

/// The list at the end of a way, moved out; empty where something on the way is not there.
fn owned(steps: &[Access]) -> TokenStream {
    let (mut value, rest) = straight(steps);
    let Some((first, rest)) = rest.split_first() else {
        return match steps.last() {
            Some(last) if last.boxed => quote!(*#value),
            _ => value,
        };
    };
    let into = |presence| match presence {
        Presence::Field => Some(quote!(.into_option())),
        _ => None,
    };
    let field = ident(&first.field);
    let option = into(first.presence);
    value = quote!(#value.#field #option);
    let mut boxed = first.boxed;
    for step in rest {
        let field = ident(&step.field);
        value = match step.presence {
            Presence::Required | Presence::Defaulted => quote!(#value.map(|value| value.#field)),
            presence => {
                let option = into(presence);
                quote!(#value.and_then(|value| value.#field #option))
            }
        };
        boxed = step.boxed;
    }
    let unbox = boxed.then(|| quote!(.map(|value| *value)));
    quote!(#value #unbox.unwrap_or_default())
}

/// The steps that are always there, and the others.
fn straight(steps: &[Access]) -> (TokenStream, &[Access]) {
    let count = steps
        .iter()
        .take_while(|step| matches!(step.presence, Presence::Required | Presence::Defaulted))
        .count();
    let (first, rest) = steps.split_at(count);
    let fields = first.iter().map(|step| ident(&step.field));
    (quote!(page #(.#fields)*), rest)
}
