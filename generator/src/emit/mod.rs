//! `rust::` data becomes tokens: one function for each node, no choices.
//!
//! What is repeated a thousand times (objects, enums, operations) is a call of a macro of the
//! runtime, so that it takes a line where it would take ten.

mod answers;
mod client;
mod docs;
mod groups;
mod imports;
mod operations;
mod paging;
mod ty;
mod types;

use crate::escape;
use crate::rust::{Layout, Module};
use imports::Imports;
use proc_macro2::TokenStream;
use quote::quote;
use ty::ident;

/// One source file as tokens.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path under the module's directory.
    pub(crate) path: String,
    /// Its inner documentation, a paragraph each.
    pub(crate) docs: Vec<String>,
    /// Its inner attributes.
    pub(crate) attributes: Vec<String>,
    /// Its `use` and `mod` items, printed without blank lines between them.
    pub(crate) head: Vec<TokenStream>,
    /// Its other items.
    pub(crate) items: Vec<TokenStream>,
}

impl Source {
    fn new(path: &str, docs: String, imports: &Imports, items: Vec<TokenStream>) -> Self {
        Self {
            path: path.to_owned(),
            docs: vec![docs],
            attributes: Vec::new(),
            head: imports.tokens(),
            items,
        }
    }
}

/// The module that every client shares, in the root of a crate.
pub(crate) fn runtime() -> TokenStream {
    quote!(
        #[macro_use]
        pub mod runtime;
    )
}

/// A module in the root of a crate, behind the feature of its name.
pub(crate) fn featured(module: &Module) -> TokenStream {
    let name = ident(&module.name);
    let feature = module.name.trim_start_matches("r#");
    quote!(#[cfg(feature = #feature)] pub mod #name;)
}

/// All files of a module; the first one is the module's own.
pub(crate) fn module(module: &Module, layout: Layout) -> Vec<Source> {
    let mut files = vec![client::client(module)];
    files.extend(operations::operations(module));
    files.extend(answers::errors(module));
    files.extend(answers::successes(module));
    files.extend(types::types(module));
    files.extend(types::constants(module));
    let root = root(module, layout, &files);
    files.insert(0, root);
    files
}

fn root(module: &Module, layout: Layout, files: &[Source]) -> Source {
    let mut head = Vec::new();
    let mut names: Vec<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_suffix(".rs"))
        .filter(|name| !name.contains('/'))
        .collect();
    names.sort_unstable();
    for name in &names {
        let name = ty::ident(name);
        head.push(
            if matches!(name.to_string().as_str(), "constants" | "operations") {
                quote!(pub mod #name;)
            } else {
                quote!(mod #name;)
            },
        );
    }
    for name in &names {
        if !matches!(*name, "constants" | "operations") {
            let name = ty::ident(name);
            head.push(quote!(pub use #name::*;));
        }
    }
    if layout == Layout::Modules {
        head.push(quote!(
            pub use crate::runtime;
        ));
    }
    if !module.operations.is_empty() {
        head.push(quote!(
            #[cfg(feature = "dispatch")]
            pub use operations::dispatch;
        ));
    }
    Source {
        path: match layout {
            Layout::Root => "lib.rs".to_owned(),
            Layout::Modules => "mod.rs".to_owned(),
        },
        docs: module_docs(module),
        attributes: Vec::new(),
        head,
        items: Vec::new(),
    }
}

fn module_docs(module: &Module) -> Vec<String> {
    let mut docs = vec![format!(
        "A client of {}, version {} of its document.",
        escape::markdown(&module.title),
        escape::markdown(&module.version)
    )];
    docs.extend(module.docs.0.iter().cloned());
    docs
}
