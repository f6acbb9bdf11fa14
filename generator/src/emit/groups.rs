//! Files and modules of groups.

use super::Source;
use super::imports::Imports;
use super::ty::ident;
use crate::rust::Group;
use proc_macro2::TokenStream;
use quote::quote;

/// A group's file below `folder`.
pub(super) fn file(
    folder: &str,
    group: &Group,
    imports: &Imports,
    items: Vec<TokenStream>,
) -> Source {
    let name = group.name.trim_start_matches("r#");
    let docs = match folder {
        "types" => format!("What operations of `{name}` alone take and answer."),
        _ => format!("Operations of `{name}`."),
    };
    let mut file = Source::new(&format!("{folder}/{name}.rs"), docs, imports, items);
    for item in &mut file.head {
        *item = deeper(item);
    }
    file
}

/// The condition under which a group is compiled.
pub(super) fn gate(group: &Group) -> Option<TokenStream> {
    let feature = group.feature.as_ref()?;
    Some(quote!(#[cfg(feature = #feature)]))
}

/// The modules of groups, and what they give.
pub(super) fn modules<'g>(groups: impl IntoIterator<Item = &'g Group>) -> Vec<TokenStream> {
    let mut head = Vec::new();
    for group in groups {
        let (gate, name) = (gate(group), ident(&group.name));
        head.push(quote!(#gate mod #name;));
        head.push(quote!(#gate pub use #name::*;));
    }
    head
}

/// `super::` one level further up: the file stands a level deeper.
fn deeper(item: &TokenStream) -> TokenStream {
    let text = item
        .to_string()
        .replace("use super ::", "use super :: super ::");
    text.parse().unwrap_or_else(|_| item.clone())
}
