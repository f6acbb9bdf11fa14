//! Paragraphs become lines of documentation, in which nothing of a document's text is alive.

use super::WIDTH;
use crate::escape;
use plumbline_specs::is_hidden;
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use quote::quote;

/// The lines of an item's documentation. A paragraph that rustdoc would take for more than prose,
/// lists, tables, text and links is escaped as a whole, whoever wrote it.
pub(super) fn documentation<P: AsRef<str>>(paragraphs: &[P], width: usize) -> Vec<String> {
    let broken = |paragraph: &P| {
        let lines = lines(paragraph.as_ref(), width);
        if is_inert(&lines) {
            lines
        } else {
            escaped(paragraph, width)
        }
    };
    let all: Vec<String> = paragraphs.iter().flat_map(broken).collect();
    if is_inert(&all) {
        return all;
    }
    // What each alone does not do they may do together: define a link and use it.
    let escape = |paragraph| escaped(paragraph, width);
    paragraphs.iter().flat_map(escape).collect()
}

fn escaped<P: AsRef<str>>(paragraph: &P, width: usize) -> Vec<String> {
    lines(&escape::prose(paragraph.as_ref()), width)
}

/// Whether rustdoc, which reads with the same parser, makes no code, no HTML and no image of
/// these lines, and links to nothing but items and the web.
fn is_inert(lines: &[String]) -> bool {
    let hidden = |character| is_hidden(character) && character != '\t';
    if lines.iter().any(|line| line.contains(hidden)) {
        return false;
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    Parser::new_ext(&lines.join("\n"), options).all(|event| match event {
        Event::Html(_) | Event::InlineHtml(_) => false,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => &*language == "text",
        Event::Start(
            Tag::CodeBlock(CodeBlockKind::Indented) | Tag::HtmlBlock | Tag::Image { .. },
        ) => false,
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_item = |path: &str| {
                path.split("::")
                    .all(|part| !part.is_empty() && part.chars().all(is_identifier))
            };
            dest_url.starts_with("https://")
                || dest_url.starts_with("http://")
                || is_item(&dest_url)
        }
        _ => true,
    })
}

fn is_identifier(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_continue(character)
}

/// The lines of a paragraph; one that has line breaks keeps them.
fn lines(paragraph: &str, width: usize) -> Vec<String> {
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
    let mut docs: Vec<String> = Vec::new();
    while let Some(tree) = trees.next() {
        let text = match (&tree, trees.peek()) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(group))) if hash.as_char() == '#' => {
                doc(group)
            }
            _ => None,
        };
        if let Some(text) = text {
            trees.next();
            docs.push(text);
            continue;
        }
        for line in documentation(&std::mem::take(&mut docs), width(depth)) {
            let line = if line.is_empty() {
                line
            } else {
                format!(" {line}")
            };
            all.extend(quote!(#[doc = #line]));
        }
        match tree {
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
