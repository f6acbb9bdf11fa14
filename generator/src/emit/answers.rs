//! Enums of documented answers, told apart by status.

use super::imports::{Imports, framing};
use super::ty::{ident, ty};
use super::{Source, docs};
use crate::rust::{DocumentedResponse, Module, Output, Payload};
use plumbline_specs::api::{Framing, Status};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `errors.rs`: the failures, and each operation's own name for its own.
pub(super) fn errors(module: &Module) -> Option<Source> {
    if module.errors.is_empty() {
        return None;
    }
    let mut imports = Imports::default();
    let mut items = Vec::new();
    for error in &module.errors {
        import(&error.answers, &mut imports);
        let docs = format!("Documented failures: {}.", statuses(&error.answers));
        items.push(answers(&error.name, &docs, None, &error.answers));
        let names: Vec<_> = module
            .error_aliases
            .iter()
            .filter(|alias| alias.target == error.name)
            .map(|alias| ident(&alias.name))
            .collect();
        if !names.is_empty() {
            let target = ident(&error.name);
            items.push(quote!(failures! { #target = #(#names),* }));
        }
    }
    let docs = "Documented failures.".to_owned();
    Some(Source::new("errors.rs", docs, &imports, items))
}

/// `answers.rs`: the successes of operations that have several.
pub(super) fn successes(module: &Module) -> Option<Source> {
    let mut imports = Imports::default();
    let mut items = Vec::new();
    for operation in &module.operations {
        if let Output::Several(name, all) = &operation.output {
            import(all, &mut imports);
            let docs = format!(
                "What [`Client::{}`](super::Client::{}) answers.",
                operation.name, operation.name
            );
            items.push(answers(name, &docs, Some(quote!(: Payload)), all));
        }
    }
    let docs = "Answers of operations that succeed in several ways.".to_owned();
    (!items.is_empty()).then(|| Source::new("answers.rs", docs, &imports, items))
}

/// A payload as the type that reads it.
pub(super) fn payload(node: &Payload) -> TokenStream {
    match node {
        Payload::Empty => quote!(Empty),
        Payload::Json(inner) => {
            let inner = ty(inner);
            quote!(Json<#inner>)
        }
        Payload::JsonOrText(inner) => {
            let inner = ty(inner);
            quote!(JsonOrText<#inner>)
        }
        Payload::Text => quote!(Text),
        Payload::Bytes => quote!(Bytes),
        Payload::Records {
            item,
            error,
            framing: node,
        } => {
            let name = ident(framing(*node));
            let item = ty(item);
            let error = error.as_ref().map(ty).map(|error| quote!(, #error));
            quote!(#name<#item #error>)
        }
    }
}

/// The `Accept` header that the runtime sends for a payload of itself.
pub(super) fn usual_accept(node: &Output) -> Option<&'static str> {
    match node {
        Output::One(_, Payload::Json(_) | Payload::JsonOrText(_)) | Output::Several(..) => {
            Some("application/json")
        }
        Output::One(_, Payload::Empty | Payload::Bytes) => Some("*/*"),
        Output::One(_, Payload::Records { framing, .. }) => match framing {
            Framing::ServerSentEvents => Some("text/event-stream"),
            Framing::JsonLines => None,
        },
        Output::One(_, Payload::Text) => None,
    }
}

/// The statuses of a success as a pattern.
pub(super) fn success(statuses: &[Status]) -> TokenStream {
    let patterns: Vec<TokenStream> = statuses
        .iter()
        .map(|status| match status {
            Status::Default => quote!(200..=299),
            status => pattern(*status),
        })
        .collect();
    if patterns.is_empty() {
        quote!(200..=299)
    } else {
        quote!(#(#patterns)|*)
    }
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Range(digit) => {
            let from = Literal::u16_unsuffixed(u16::from(digit) * 100);
            let to = Literal::u16_unsuffixed(u16::from(digit) * 100 + 99);
            quote!(#from..=#to)
        }
        Status::Default => quote!(_),
    }
}

fn import(answers: &[DocumentedResponse], imports: &mut Imports) {
    for answer in answers {
        // What holds nothing is a variant without fields.
        if let (Status::Code(_), Payload::Empty) = (answer.status, &answer.payload) {
            continue;
        }
        imports.payload(&answer.payload);
        if let Payload::Records { .. } = answer.payload {
            imports.runtime(&["Records"]);
        }
        if let Payload::Records { error: None, .. } = answer.payload {
            imports.runtime(&["NoError"]);
        }
    }
}

fn statuses(answers: &[DocumentedResponse]) -> String {
    let all: Vec<String> = answers
        .iter()
        .map(|answer| answer.status.to_string())
        .collect();
    all.join(", ")
}

fn answers(
    name: &str,
    documentation: &str,
    payload_trait: Option<TokenStream>,
    all: &[DocumentedResponse],
) -> TokenStream {
    let name = ident(name);
    // A code is meant before the range that holds it, and a range before `default`.
    let mut sorted: Vec<&DocumentedResponse> = all.iter().collect();
    sorted.sort_by_key(|answer| match answer.status {
        Status::Code(_) => 0,
        Status::Range(_) => 1,
        Status::Default => 2,
    });
    let variants = sorted.into_iter().map(variant);
    quote! {
        answers! {
            #[doc = #documentation]
            pub enum #name #payload_trait { #(#variants,)* }
        }
    }
}

fn variant(node: &DocumentedResponse) -> TokenStream {
    let docs = docs::docs(&node.docs);
    let status = pattern(node.status);
    let name = ident(&node.variant);
    let code = match node.status {
        Status::Code(_) => None,
        Status::Range(_) | Status::Default => Some(quote!(@u16,)),
    };
    let held = match &node.payload {
        Payload::Empty => code.is_some().then(|| quote!(())),
        Payload::Json(inner) => Some(ty(inner)),
        Payload::JsonOrText(inner) => {
            let inner = ty(inner);
            Some(quote!(OrText<#inner>))
        }
        Payload::Text => Some(quote!(String)),
        Payload::Bytes => Some(quote!(Vec<u8>)),
        Payload::Records { item, error, .. } => {
            let item = ty(item);
            let error = error.as_ref().map_or_else(|| quote!(NoError), ty);
            Some(quote!(Records<#item, #error>))
        }
    };
    let held = held.map(|held| quote!((#code #held)));
    let payload = held.is_some().then(|| {
        let payload = match &node.payload {
            Payload::Json(_) => quote!(Json<_>),
            Payload::JsonOrText(_) => quote!(JsonOrText<_>),
            other => payload(other),
        };
        quote!(as #payload)
    });
    quote!(#docs #status => #name #held #payload)
}
