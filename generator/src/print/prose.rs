//! Paragraphs become lines.

use super::WIDTH;
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::quote;

/// The lines of a paragraph; one that has line breaks keeps them.
pub(super) fn lines(paragraph: &str, width: usize) -> Vec<String> {
    if paragraph.contains('\n') {
        return paragraph
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let wide = word.chars().count();
        if length > 0 && length + 1 + wide > width && may_begin(word) {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += wide;
    }
    lines.push(line);
    lines
}

/// Whether a line may begin with this word: markdown takes some for a list, a heading, a quote, a
/// table or a rule.
fn may_begin(word: &str) -> bool {
    let numbered = word
        .strip_suffix(['.', ')'])
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    !numbered && !word.starts_with(['#', '>', '|', '+', '-', '*', '=', '~', ':', '`', '<'])
        || word.starts_with('`') && !word.starts_with("```")
}

/// Documentation whose paragraphs are wrapped for the depth that they stand at.
pub(super) fn wrapped(tokens: TokenStream, depth: usize) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut all = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(hash) if hash.as_char() == '#' => {
                let text = match trees.peek() {
                    Some(TokenTree::Group(group)) => doc(group),
                    _ => None,
                };
                match text {
                    Some(text) => {
                        trees.next();
                        for line in lines(&text, width(depth)) {
                            let line = if line.is_empty() {
                                line
                            } else {
                                format!(" {line}")
                            };
                            all.extend(quote!(#[doc = #line]));
                        }
                    }
                    None => all.extend([TokenTree::Punct(hash)]),
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inner = wrapped(group.stream(), depth + 1);
                all.extend([TokenTree::Group(Group::new(Delimiter::Brace, inner))]);
            }
            other => all.extend([other]),
        }
    }
    all
}

/// The columns that prose has at a depth: without the indentation and `/// `.
pub(super) fn width(depth: usize) -> usize {
    WIDTH.saturating_sub(4 * depth + 4)
}

/// The text of a `doc` attribute.
pub(super) fn doc(attribute: &Group) -> Option<String> {
    let mut trees = attribute.stream().into_iter();
    match (trees.next()?, trees.next()?, trees.next()?) {
        (TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(text))
            if name == "doc" =>
        {
            value(&text)
        }
        _ => None,
    }
}

fn value(literal: &Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}
