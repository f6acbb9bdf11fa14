//! Operations: calls of `operation!`, and what some of them have besides.

use super::imports::Imports;
use super::ty::{argument, ident, ty};
use super::{Source, answers, client, docs, paging};
use crate::rust::{Argument, Body, HeaderAccessor, Module, Operation, Output, Wire};
use plumbline_specs::api::{Location, Style};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// `operations.rs`, and a file for each group.
pub(super) fn operations(module: &Module) -> Vec<Source> {
    if module.operations.is_empty() {
        return Vec::new();
    }
    let mut groups: Vec<(&str, Vec<&Operation>)> = Vec::new();
    for operation in &module.operations {
        let name = operation.group.as_deref().unwrap_or_default();
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, operations)) => operations.push(operation),
            None => groups.push((name, vec![operation])),
        }
    }
    let mut files = Vec::new();
    let mut imports = Imports::default();
    let mut head = Vec::new();
    let mut items = Vec::new();
    for (name, operations) in groups {
        if name.is_empty() {
            items = group(module, &operations, &mut imports);
            continue;
        }
        let mut imports = Imports::default();
        let items = group(module, &operations, &mut imports);
        let mut file = Source::new(
            &format!("operations/{}.rs", name.trim_start_matches("r#")),
            "Operations of one kind.".to_owned(),
            &imports,
            items,
        );
        // The file stands a level deeper.
        for item in &mut file.head {
            *item = deeper(item);
        }
        files.push(file);
        let name = ident(name);
        head.push(quote!(mod #name;));
        head.push(quote!(pub use #name::*;));
    }
    if items.is_empty() {
        head.insert(
            0,
            quote!(
                #[cfg(feature = "dispatch")]
                use super::client::Client;
            ),
        );
    }
    let markers = module.operations.iter().map(|node| ident(&node.marker));
    items.push(quote!(dispatch! { #(#markers),* }));
    let docs = "Operations: a marker type for each, and what may be set on its request.".to_owned();
    let mut file = Source::new("operations.rs", docs, &imports, items);
    file.head.extend(head);
    files.insert(0, file);
    files
}

/// `super::` one level further up.
fn deeper(item: &TokenStream) -> TokenStream {
    let text = item
        .to_string()
        .replace("use super ::", "use super :: super ::");
    text.parse().unwrap_or_else(|_| item.clone())
}

fn group(module: &Module, operations: &[&Operation], imports: &mut Imports) -> Vec<TokenStream> {
    let common = client::common_security(module);
    let mut calls = TokenStream::new();
    let mut items = Vec::new();
    for node in operations {
        import(node, imports);
        let security = if node.security.is_empty() {
            None
        } else if Some(&node.security) == common {
            imports.add("super::client", "SECURITY");
            Some(quote!(with SECURITY))
        } else {
            let security = client::security(&node.security);
            Some(quote!(with #security))
        };
        calls.extend(operation(node, security));
        items.extend(headers(node));
        if let Some(paging) = &node.paging {
            items.push(paging::paging(node, paging, imports));
        }
    }
    items.insert(0, quote!(operations! { #calls }));
    items
}

fn import(node: &Operation, imports: &mut Imports) {
    imports.add("super::client", "Client");
    match &node.output {
        Output::One(_, payload) => imports.payload(payload),
        Output::Several(..) => imports.add("super::answers", "*"),
    }
    if node.error.is_some() {
        imports.add("super::errors", "*");
    }
    for argument in node.arguments.iter().chain(&node.options) {
        if argument.pass != crate::rust::Pass::Str {
            imports.ty(&argument.ty);
        }
        if needs_style(&argument.wire) {
            imports.runtime(&["Style"]);
        }
    }
    if !node.headers.is_empty() {
        imports.runtime(&["Error", "Response"]);
        for header in &node.headers {
            imports.ty(&header.ty);
        }
    }
}

fn operation(node: &Operation, security: Option<TokenStream>) -> TokenStream {
    let docs = docs::docs(&node.docs);
    let deprecated = node.deprecated.then(|| quote!(#[deprecated]));
    let name = ident(&node.name);
    let marker = ident(&node.marker);
    let label = &node.label;
    let method = format_ident!("{}", node.method);
    let path = &node.path;
    let arguments = node.arguments.iter().map(|node| {
        let name = ident(&node.name);
        let ty = argument(node);
        let wire = wire(&node.wire);
        quote!(#name: #ty => #wire)
    });
    let (statuses, success) = match &node.output {
        Output::One(statuses, payload) => (answers::success(statuses), answers::payload(payload)),
        Output::Several(name, all) => {
            let statuses: Vec<_> = all.iter().map(|answer| answer.status).collect();
            let name = ident(name);
            (answers::success(&statuses), quote!(#name))
        }
    };
    let failure = node.error.as_ref().map(|error| {
        let error = ident(error);
        quote!(| #error)
    });
    let accept = node
        .accept
        .as_ref()
        .filter(|accept| Some(accept.as_str()) != answers::usual_accept(&node.output))
        .map(|accept| quote!(accept #accept));
    let options = node.options.iter().map(option);
    quote! {
        #docs
        #deprecated
        pub fn #name(#(#arguments),*) -> #marker {
            #label = #method #path #accept #security,
            #statuses => #success #failure,
            #(#options,)*
        }
    }
}

fn option(node: &Argument) -> TokenStream {
    let docs = docs::docs(&node.docs);
    let deprecated = node.deprecated.then(|| quote!(#[deprecated]));
    let name = ident(&node.name);
    let ty = argument(node);
    let wire = wire(&node.wire);
    quote!(#docs #deprecated #name: #ty => #wire)
}

fn needs_style(wire: &Wire) -> bool {
    match wire {
        Wire::Parameter {
            location: Location::Query,
            style,
            explode,
            allow_reserved,
            ..
        } => (*style, *explode, *allow_reserved) != (Style::Form, true, false),
        Wire::Parameter {
            location: Location::Path,
            style,
            explode,
            ..
        } => (*style, *explode) != (Style::Simple, false),
        _ => false,
    }
}

/// How an argument is put into the request: a method of the request's parts.
fn wire(node: &Wire) -> TokenStream {
    let place = |location: &Location| match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    match node {
        Wire::Json { location, name } => {
            let method = format_ident!("{}_json", place(location));
            quote!(#method(#name))
        }
        Wire::Parameter {
            location,
            name,
            style: node,
            explode,
            allow_reserved,
        } => {
            let style = style(*node);
            match location {
                Location::Path if needs_style_path(*node, *explode) => {
                    quote!(path_as(#name, #style, #explode))
                }
                Location::Query
                    if (*node, *explode, *allow_reserved) != (Style::Form, true, false) =>
                {
                    quote!(query_as(#name, #style, #explode, #allow_reserved))
                }
                Location::Header if *explode => quote!(header_as(#name, true)),
                Location::Cookie if !*explode => quote!(cookie_as(#name, false)),
                location => {
                    let method = format_ident!("{}", place(location));
                    quote!(#method(#name))
                }
            }
        }
        Wire::Body(body) => match body {
            Body::Json(media_type) if media_type == "application/json" => quote!(json()),
            Body::Json(media_type) => quote!(json_as(#media_type)),
            Body::Form => quote!(form()),
            Body::Multipart => quote!(multipart()),
            Body::Text(media_type) => quote!(text(#media_type)),
            Body::Bytes(media_type) => quote!(bytes(#media_type)),
        },
    }
}

fn needs_style_path(style: Style, explode: bool) -> bool {
    (style, explode) != (Style::Simple, false)
}

fn style(node: Style) -> TokenStream {
    match node {
        Style::Matrix => quote!(Style::Matrix),
        Style::Label => quote!(Style::Label),
        Style::Form => quote!(Style::Form),
        Style::Simple => quote!(Style::Simple),
        Style::SpaceDelimited => quote!(Style::SpaceDelimited),
        Style::PipeDelimited => quote!(Style::PipeDelimited),
        Style::DeepObject => quote!(Style::DeepObject),
    }
}

fn headers(node: &Operation) -> Option<TokenStream> {
    if node.headers.is_empty() {
        return None;
    }
    let marker = ident(&node.marker);
    let accessors = node.headers.iter().map(header);
    Some(quote!(impl Response<#marker> { #(#accessors)* }))
}

fn header(node: &HeaderAccessor) -> TokenStream {
    let docs = docs::docs(&node.docs);
    let docs = if docs.is_empty() {
        let text = format!("The header `{}`.", node.wire);
        quote!(#[doc = #text])
    } else {
        docs
    };
    let name = ident(&node.name);
    let wire = &node.wire;
    let ty = ty(&node.ty);
    quote! {
        #docs
        #[doc = ""]
        #[doc = "# Errors"]
        #[doc = ""]
        #[doc = "When it is there and cannot be read."]
        pub fn #name(&self) -> Result<Option<#ty>, Error> {
            self.read_header(#wire)
        }
    }
}
