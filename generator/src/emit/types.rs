//! Structs, enums, unions, aliases, constants.

use super::imports::Imports;
use super::ty::{field, ident, ty};
use super::{Source, docs, groups};
use crate::rust::visit::{all, slots};
use crate::rust::{
    Alias, Constant, Discrimination, Field, Group, Item, Module, OpenEnum, Presence, Rename,
    Struct, Union,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// `types.rs`, when there are any, and a file for the types of each group.
pub(super) fn types(module: &Module) -> Vec<Source> {
    if module.items.is_empty() {
        return Vec::new();
    }
    let groups = || module.groups.iter().filter(|group| !group.types.is_empty());
    let grouped = |item: &&Item| groups().any(|group| group.types.contains(item.name()));
    let shared: Vec<&Item> = module.items.iter().filter(|item| !grouped(item)).collect();
    let docs = "What requests and answers hold.".to_owned();
    let names = imports(&shared).without("super::types");
    let mut root = Source::new("types.rs", docs, &names, calls(&shared));
    root.head.extend(groups::modules(groups()));
    let mut files = vec![root];
    for group in groups() {
        let own = |item: &&Item| group.types.contains(item.name());
        let items: Vec<&Item> = module.items.iter().filter(own).collect();
        let mut names = imports(&items);
        if !items.iter().any(|item| leads_out(item, group)) {
            names = names.without("super::types");
        }
        files.push(groups::file("types", group, &names, calls(&items)));
    }
    files
}

/// Whether an item names a type that stands in another file.
fn leads_out(item: &Item, group: &Group) -> bool {
    let mut out = false;
    for ty in slots(item) {
        all(ty, &mut |name| out |= !group.types.contains(name));
    }
    out
}

fn imports(items: &[&Item]) -> Imports {
    let mut imports = Imports::default();
    for item in items {
        import(item, &mut imports);
    }
    imports
}

/// Items in calls of macros, one for each kind.
fn calls(items: &[&Item]) -> Vec<TokenStream> {
    let mut objects = TokenStream::new();
    let mut enums = TokenStream::new();
    let mut unions = TokenStream::new();
    let mut aliases = TokenStream::new();
    for item in items {
        match item {
            Item::Struct(node) => objects.extend(structure(node)),
            Item::OpenEnum(node) => enums.extend(open_enum(node)),
            Item::Union(node) => unions.extend(union(node)),
            Item::Alias(node) => aliases.extend(alias(node)),
        }
    }
    [
        (quote!(objects), objects),
        (quote!(open_enums), enums),
        (quote!(unions), unions),
        (quote!(aliases), aliases),
    ]
    .into_iter()
    .filter(|(_, body)| !body.is_empty())
    .map(|(name, body)| quote!(#name! { #body }))
    .collect()
}

/// `constants.rs`, when there are any.
pub(super) fn constants(module: &Module) -> Option<Source> {
    if module.constants.is_empty() {
        return None;
    }
    let constants = module.constants.iter().map(|Constant { name, wire }| {
        let name = ident(name);
        let shown = docs::displayed(wire);
        quote!(#name = #wire #shown)
    });
    let items = vec![quote!(constants! { #(#constants,)* })];
    let docs = "Strings that a property must have, each a type with one value.".to_owned();
    let imports = Imports::default();
    Some(Source::new("constants.rs", docs, &imports, items))
}

fn import(item: &Item, imports: &mut Imports) {
    match item {
        Item::Struct(node) => {
            for field in &node.fields {
                imports.ty(&field.ty);
                if field.presence == Presence::Field {
                    imports.runtime(&["Field"]);
                }
            }
            if let Some((_, ty)) = &node.rest {
                imports.ty(ty);
            }
        }
        Item::OpenEnum(_) => {}
        Item::Union(node) => {
            for variant in &node.variants {
                imports.ty(&variant.ty);
            }
        }
        Item::Alias(node) => imports.ty(&node.ty),
    }
}

fn structure(node: &Struct) -> TokenStream {
    let docs = docs::item(&node.docs, &node.place);
    let name = ident(&node.name);
    let default = node.default.then(|| quote!(: Default));
    let required_fields = node.required_fields.iter().filter_map(|name| {
        let field = node.fields.iter().find(|field| field.name == *name)?;
        let (name, ty) = (ident(name), field_ty(field));
        Some(quote!(#name: #ty))
    });
    let required_fields =
        (!node.required_fields.is_empty()).then(|| quote!((#(#required_fields),*)));
    let fields = node.fields.iter().map(|field| {
        let is_required = node.required_fields.contains(&field.name);
        property(field, node.rename_all, is_required)
    });
    let rest = node.rest.as_ref().map(|(name, map)| {
        let name = ident(name);
        let map = ty(map);
        quote!(..#name: #map,)
    });
    quote! {
        #docs
        pub struct #name #required_fields #default { #(#fields,)* #rest }
    }
}

fn property(node: &Field, rule: Option<Rename>, is_required: bool) -> TokenStream {
    let docs = docs::docs(&node.docs);
    let deprecated = node.deprecated.then(|| quote!(#[deprecated]));
    let name = ident(&node.name);
    let wire = wire(node, rule);
    let rename = (name != wire.as_str()).then(|| quote!(as #wire));
    let ty = field_ty(node);
    let how = match node.presence {
        Presence::Nullable => Some(quote!(| null)),
        Presence::Defaulted => Some(quote!(| default)),
        Presence::Required | Presence::Optional | Presence::Field => None,
    };
    let bang = is_required.then(|| quote!(!));
    quote!(#docs #deprecated pub #name #rename #bang: #ty #how)
}

fn field_ty(node: &Field) -> TokenStream {
    field(&node.ty, node.presence)
}

/// A property's name on the wire.
fn wire(node: &Field, rule: Option<Rename>) -> String {
    if let Some(wire) = &node.rename {
        return wire.clone();
    }
    let name = node.name.strip_prefix("r#").unwrap_or(&node.name);
    match rule {
        None | Some(Rename::SnakeCase | Rename::Lowercase) => name.to_owned(),
        Some(Rename::Uppercase | Rename::ScreamingSnakeCase) => name.to_ascii_uppercase(),
        Some(Rename::KebabCase) => name.replace('_', "-"),
        Some(Rename::PascalCase) => pascal(name),
        Some(Rename::CamelCase) => {
            let name = pascal(name);
            let mut characters = name.chars();
            match characters.next() {
                Some(first) => format!("{}{}", first.to_ascii_lowercase(), characters.as_str()),
                None => name,
            }
        }
    }
}

/// PascalCase as serde's `rename_all` makes it.
fn pascal(name: &str) -> String {
    let mut pascal = String::new();
    let mut upper = true;
    for character in name.chars() {
        if character == '_' {
            upper = true;
        } else if upper {
            pascal.push(character.to_ascii_uppercase());
            upper = false;
        } else {
            pascal.push(character);
        }
    }
    pascal
}

fn open_enum(node: &OpenEnum) -> TokenStream {
    let docs = docs::item(&node.docs, &node.place);
    let name = ident(&node.name);
    let default = node.default.map(|_| quote!(: Default));
    let variants = node.variants.iter().enumerate().map(|(index, variant)| {
        let mark = (node.default == Some(index)).then(|| quote!(#[default]));
        let name = ident(&variant.name);
        let wire = &variant.wire;
        let shown = docs::displayed(wire);
        quote!(#mark #name = #wire #shown)
    });
    let other = ident(&node.other);
    quote! {
        #docs
        pub enum #name #default { #(#variants,)* ..#other }
    }
}

fn union(node: &Union) -> TokenStream {
    let docs = docs::item(&node.docs, &node.place);
    let name = ident(&node.name);
    let (choose, other): (TokenStream, Option<Ident>) = match &node.tagging {
        Discrimination::Tagged { property, other } => (quote!(#property), Some(ident(other))),
        Discrimination::Shape => (quote!(first), None),
        Discrimination::Best => (quote!(best), None),
    };
    let variants = node.variants.iter().map(|variant| {
        let name = ident(&variant.name);
        let ty = ty(&variant.ty);
        let tags = &variant.tags;
        let tags = (other.is_some() && !tags.is_empty()).then(|| quote!(= #(#tags)|*));
        quote!(#name(#ty) #tags)
    });
    let other = other.as_ref().map(|other| quote!(..#other));
    quote! {
        #docs
        pub enum #name by #choose { #(#variants,)* #other }
    }
}

fn alias(node: &Alias) -> TokenStream {
    let docs = docs::docs(&node.docs);
    let name = ident(&node.name);
    let ty = ty(&node.ty);
    quote!(#docs #name = #ty,)
}
