//! Operations: calls of `operation!`, and what some of them have besides.

use super::imports::Imports;
use super::ty::{argument, ident, ty};
use super::{Source, answers, client, docs, groups, paging};
use crate::escape;
use crate::rust::{Argument, Body, HeaderAccessor, Module, Operation, Output, Wire};
use plumbline_specs::api::{Location, Style};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// `operations.rs`, and a file for each group.
pub(super) fn operations(module: &Module) -> Vec<Source> {
    if module.operations.is_empty() {
        return Vec::new();
    }
    let docs = "Operations: a marker type for each, and what may be set on its request.".to_owned();
    if module.groups.is_empty() {
        let all: Vec<&Operation> = module.operations.iter().collect();
        let mut imports = Imports::default();
        let mut items = group(module, &all, &mut imports);
        let markers = markers(&all);
        items.push(quote!(dispatch! { #(#markers),* }));
        return vec![Source::new("operations.rs", docs, &imports, items)];
    }
    let mut files = Vec::new();
    let mut modules = Vec::new();
    for node in &module.groups {
        let own = |it: &&Operation| it.group.as_ref() == Some(&node.name);
        let all: Vec<&Operation> = module.operations.iter().filter(own).collect();
        let mut imports = Imports::default();
        let mut items = group(module, &all, &mut imports);
        let markers = markers(&all);
        items.push(quote!(runners! { #(#markers),* }));
        files.push(groups::file("operations", node, &imports, items));
        let (gate, name) = (groups::gate(node), ident(&node.name));
        modules.push(quote!(#gate #name::RUNNERS));
    }
    let mut head = vec![quote!(
        #[cfg(feature = "dispatch")]
        use super::client::Client;
    )];
    head.extend(groups::modules(&module.groups));
    files.insert(
        0,
        Source {
            head,
            ..Source::new(
                "operations.rs",
                docs,
                &Imports::default(),
                vec![quote!(dispatch! { #(#modules),* })],
            )
        },
    );
    files
}

fn markers(all: &[&Operation]) -> Vec<Ident> {
    all.iter().map(|node| ident(&node.marker)).collect()
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
    let method = format_ident!("{}", node.method.as_str());
    let path = &node.path;
    let shown = docs::displayed(path);
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
            #label = #method #path #shown #accept #security,
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
        let text = format!("The header {}.", escape::code(&node.wire));
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
