//! Tokens become text.
//!
//! Items are printed one by one by `prettyplease`, which knows no blank lines; calls of the
//! runtime's macros, which it does not lay out, by `layout`.

mod layout;
mod prose;

use crate::emit::Source;
use plumbline_specs::visible;
use proc_macro2::{TokenStream, TokenTree};

/// The widest line.
const WIDTH: usize = 100;

/// A file as text; an error names what could not be parsed, which is a defect of `emit`.
pub(crate) fn file(header: &str, source: &Source) -> Result<String, String> {
    let mut text = format!("// {}\n\n", visible(header));
    let parted: Vec<&str> = source
        .docs
        .iter()
        .enumerate()
        .flat_map(|(index, paragraph)| (index > 0).then_some("").into_iter().chain([&**paragraph]))
        .collect();
    for line in prose::documentation(&parted, WIDTH - 4) {
        text.push_str(format!("//! {line}").trim_end());
        text.push('\n');
    }
    if !source.attributes.is_empty() {
        text.push('\n');
    }
    for attribute in &source.attributes {
        text.push_str(attribute);
        text.push('\n');
    }
    if !source.head.is_empty() {
        text.push('\n');
    }
    for tokens in &source.head {
        text.push_str(&item(tokens)?);
    }
    for tokens in &source.items {
        text.push('\n');
        text.push_str(&item(tokens)?);
    }
    Ok(text)
}

fn item(tokens: &TokenStream) -> Result<String, String> {
    if let Some((name, body)) = call(tokens) {
        return Ok(layout::call(&name, body));
    }
    let wrapped = prose::wrapped(tokens.clone(), 0);
    let fault = |error: syn::Error| format!("{error}: {tokens}");
    let item: syn::Item = syn::parse2(wrapped).map_err(fault)?;
    Ok(match item {
        syn::Item::Impl(node) if node.items.len() > 1 => implementation(node),
        item => plain(item),
    })
}

fn plain(item: syn::Item) -> String {
    text(&file_of(item))
}

fn file_of(item: syn::Item) -> syn::File {
    syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    }
}

fn text(file: &syn::File) -> String {
    prettyplease::unparse(file)
}

/// An `impl` with a blank line between its items: each is printed in the `impl` alone.
fn implementation(mut node: syn::ItemImpl) -> String {
    let items = std::mem::take(&mut node.items);
    let mut file = file_of(syn::Item::Impl(node));
    let mut head = String::new();
    let mut bodies = Vec::new();
    for item in items {
        if let Some(syn::Item::Impl(node)) = file.items.first_mut() {
            node.items = vec![item];
        }
        let text = text(&file);
        let mut lines = text.lines();
        head = lines.next().unwrap_or_default().to_owned();
        let mut body: Vec<&str> = lines.collect();
        body.pop();
        bodies.push(body.join("\n"));
    }
    format!("{head}\n{}\n}}\n", bodies.join("\n\n"))
}

/// The name and the body of a macro call that stands as an item.
fn call(tokens: &TokenStream) -> Option<(String, TokenStream)> {
    let mut trees = tokens.clone().into_iter();
    match (trees.next()?, trees.next()?, trees.next()?, trees.next()) {
        (TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(body), None)
            if bang.as_char() == '!' =>
        {
            Some((name.to_string(), body.stream()))
        }
        _ => None,
    }
}
