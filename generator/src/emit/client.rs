//! The client and its builder.

use super::imports::Imports;
use super::ty::ident;
use super::{Source, docs};
use crate::escape;
use crate::rust::{Credential, CredentialKind, Module};
use plumbline_specs::api::Location;
use proc_macro2::TokenStream;
use quote::quote;

/// `client.rs`.
pub(super) fn client(module: &Module) -> Source {
    let mut imports = Imports::default();
    imports.runtime(&["Builder", "Core"]);
    if !module.operations.is_empty() {
        imports.runtime(&["Operation", "Request"]);
    }
    if !module.credentials.is_empty() {
        imports.runtime(&["Credential"]);
    }
    let is_key = |credential: &Credential| matches!(credential.kind, CredentialKind::Key(..));
    if module.credentials.iter().any(is_key) {
        imports.runtime(&["Location"]);
    }
    let mut items = Vec::new();
    items.extend(security_constant(module));
    items.push(structure(module));
    items.push(methods(module));
    items.push(quote! {
        impl From<Core> for Client {
            fn from(core: Core) -> Self {
                Self(core)
            }
        }
    });
    items.extend(without_operations(module));
    items.extend(credentials(&module.credentials));
    let docs = "The client.".to_owned();
    Source::new("client.rs", docs, &imports, items)
}

/// What most operations ask for: a constant, so that it is not said with each of them.
pub(super) fn common_security(module: &Module) -> Option<&Vec<Vec<String>>> {
    let mut counts: Vec<(&Vec<Vec<String>>, usize)> = Vec::new();
    for operation in &module.operations {
        match counts
            .iter_mut()
            .find(|(security, _)| **security == operation.security)
        {
            Some((_, count)) => *count += 1,
            None => counts.push((&operation.security, 1)),
        }
    }
    counts
        .into_iter()
        .filter(|(security, _)| !security.is_empty())
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(security, _)| security)
}

/// Allows what only operations use, where features may leave them out.
fn unused(module: &Module) -> Option<TokenStream> {
    let gated = module.groups.iter().any(|group| group.feature.is_some());
    gated.then(|| quote!(#[allow(dead_code, reason = "features may leave out its users")]))
}

/// Alternatives of schemes.
pub(super) fn security(alternatives: &[Vec<String>]) -> TokenStream {
    let alternatives = alternatives.iter().map(|schemes| quote!(&[#(#schemes),*]));
    quote!(&[#(#alternatives),*])
}

fn security_constant(module: &Module) -> Option<TokenStream> {
    let alternatives = security(common_security(module)?);
    let unused = unused(module);
    Some(quote! {
        #[doc = "What most operations ask for: alternatives of security schemes."]
        #unused
        pub(super) const SECURITY: &[&[&str]] = #alternatives;
    })
}

fn structure(module: &Module) -> TokenStream {
    let docs = format!(
        "A client of {}; cheap to clone.",
        escape::markdown(&module.title)
    );
    quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        pub struct Client(Core);
    }
}

fn methods(module: &Module) -> TokenStream {
    let server = module
        .server
        .as_ref()
        .filter(|server| server.starts_with("http://") || server.starts_with("https://"))
        .map(|server| {
            quote! {
                #[doc = "The base URL that the document names."]
                pub const SERVER: &str = #server;
            }
        });
    let request = (!module.operations.is_empty()).then(|| {
        let unused = unused(module);
        quote! {
            #unused
            pub(super) fn request<O: Operation>(&self) -> Request<'_, O> {
                Request::new(&self.0)
            }
        }
    });
    quote! {
        impl Client {
            #server

            #[doc = "Sets up a client of the API at this base URL, whose path is kept."]
            pub fn builder(base_url: &str) -> Builder<Self> {
                Builder::new(base_url)
            }

            #request
        }
    }
}

/// What a client is good for where the document has webhooks alone: requests of one's own.
fn without_operations(module: &Module) -> Option<TokenStream> {
    module.operations.is_empty().then(|| {
        quote! {
            impl AsRef<Core> for Client {
                fn as_ref(&self) -> &Core {
                    &self.0
                }
            }
        }
    })
}

fn credentials(all: &[Credential]) -> Option<TokenStream> {
    let methods = all.iter().map(credential);
    (!all.is_empty()).then(|| quote!(impl Builder<Client> { #(#methods)* }))
}

fn credential(node: &Credential) -> TokenStream {
    let name = ident(&node.name);
    let scheme = &node.scheme;
    let docs = docs::docs(&node.docs);
    let (arguments, value) = match &node.kind {
        CredentialKind::Key(location, key) => {
            let location = match location {
                Location::Query => quote!(Location::Query),
                Location::Cookie => quote!(Location::Cookie),
                Location::Header | Location::Path => quote!(Location::Header),
            };
            (
                quote!(key: impl Into<String>),
                quote!(Credential::key(#location, #key, key)),
            )
        }
        CredentialKind::Bearer => (quote!(token: &str), quote!(Credential::bearer(token))),
        CredentialKind::Basic => (
            quote!(user: &str, password: &str),
            quote!(Credential::basic(user, password)),
        ),
    };
    quote! {
        #docs
        pub fn #name(self, #arguments) -> Self {
            self.credential(#scheme, #value)
        }
    }
}
