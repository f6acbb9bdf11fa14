//! Calls of the runtime's macros as text, laid out as `rustfmt` would a struct.

use super::{WIDTH, prose};
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A call with its body in braces.
pub(super) fn call(name: &str, body: TokenStream) -> String {
    let entries = entries(body);
    if let Some(line) = single(name, &entries) {
        return line;
    }
    let mut text = format!("{name}! {{\n");
    if entries.iter().all(Entry::is_bare) {
        fill(&entries, &mut text);
    } else {
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 && entry.block.is_some() {
                text.push('\n');
            }
            entry.write(1, &mut text);
        }
    }
    text.push_str("}\n");
    text
}

/// A short list on one line.
fn single(name: &str, all: &[Entry]) -> Option<String> {
    if !all.iter().all(Entry::is_bare) {
        return None;
    }
    let inner: Vec<String> = all.iter().map(Entry::line).collect();
    let line = format!("{name}! {{ {} }}\n", inner.join(", "));
    (line.len() <= WIDTH).then_some(line)
}

/// As many short entries on a line as there is room for.
fn fill(entries: &[Entry], text: &mut String) {
    let mut line = String::new();
    for entry in entries {
        let piece = format!("{},", entry.line());
        if !line.is_empty() && 4 + line.len() + 1 + piece.len() > WIDTH {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&piece);
    }
    if !line.is_empty() {
        text.push_str(&format!("    {line}\n"));
    }
}

/// What stands between two commas, or ends with a block in braces.
struct Entry {
    docs: Vec<String>,
    attributes: Vec<String>,
    tokens: Vec<TokenTree>,
    block: Option<TokenStream>,
}

impl Entry {
    fn is_bare(&self) -> bool {
        self.docs.is_empty() && self.attributes.is_empty() && self.block.is_none()
    }

    fn head(&self) -> String {
        inline(&self.tokens)
    }

    /// Without documentation and block.
    fn line(&self) -> String {
        let mut line = self.attributes.join(" ");
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&self.head());
        line
    }

    fn write(&self, depth: usize, text: &mut String) {
        let indent = "    ".repeat(depth);
        for line in prose::documentation(&self.docs, prose::width(depth)) {
            text.push_str(format!("{indent}/// {line}").trim_end());
            text.push('\n');
        }
        for attribute in &self.attributes {
            text.push_str(&format!("{indent}{attribute}\n"));
        }
        let end = if self.block.is_some() { " {" } else { "," };
        let head = self.head();
        if let Some(block) = self.short_block(&head) {
            let line = format!("{indent}{head} {{ {block} }}");
            if line.len() <= WIDTH {
                text.push_str(&line);
                text.push('\n');
                return;
            }
        }
        if indent.len() + head.len() + end.len() <= WIDTH {
            text.push_str(&format!("{indent}{head}{end}\n"));
        } else {
            self.broken(&indent, end, text);
        }
        if let Some(block) = &self.block {
            let entries = entries(block.clone());
            for entry in &entries {
                entry.write(depth + 1, text);
            }
            text.push_str(&format!("{indent}}}\n"));
        }
    }

    /// What a block says on one line: the variants of an enum without documentation.
    fn short_block(&self, head: &str) -> Option<String> {
        if !head.starts_with("pub enum") {
            return None;
        }
        let block = entries(self.block.clone()?);
        let last = block.last()?;
        // A list that ends with a rest may end without a comma.
        let is_open = last.head().starts_with("..");
        let plain = block.iter().all(|entry| entry.docs.is_empty());
        let inner: Vec<String> = block.iter().map(Entry::line).collect();
        (is_open && plain).then(|| inner.join(", "))
    }

    /// Too long for a line: a parenthesis with several arguments is opened, or else the line is
    /// broken between tokens.
    fn broken(&self, indent: &str, end: &str, text: &mut String) {
        let arguments = self.tokens.iter().position(|tree| {
            matches!(tree, TokenTree::Group(group)
                if group.delimiter() == Delimiter::Parenthesis && !group.stream().is_empty())
        });
        if let (Some(at), true) = (arguments, self.block.is_some())
            && let (before, [TokenTree::Group(group), after @ ..]) = self.tokens.split_at(at)
        {
            text.push_str(&format!("{indent}{}(\n", inline(before)));
            for argument in entries(group.stream()) {
                text.push_str(&format!("{indent}    {},\n", argument.line()));
            }
            let after = inline(after);
            text.push_str(&format!("{indent}) {after}{end}\n"));
            return;
        }
        let mut line = indent.to_owned();
        let mut fresh = true;
        for (space, piece) in pieces(&self.tokens) {
            if !fresh && space && line.len() + 1 + piece.len() + end.len() > WIDTH {
                text.push_str(&line);
                text.push('\n');
                line = format!("{indent}    ");
                fresh = true;
            }
            if space && !fresh {
                line.push(' ');
            }
            line.push_str(&piece);
            fresh = false;
        }
        text.push_str(&format!("{line}{end}\n"));
    }
}

/// Splits at commas that do not stand between angle brackets, and after blocks.
fn entries(tokens: TokenStream) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut docs = Vec::new();
    let mut attributes = Vec::new();
    let mut own: Vec<TokenTree> = Vec::new();
    let mut angles = 0usize;
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' && own.is_empty() => {
                if let Some(TokenTree::Group(group)) = trees.next() {
                    match prose::doc(&group) {
                        Some(text) => docs.push(text),
                        None => attributes.push(format!("#[{}]", inline_stream(group.stream()))),
                    }
                }
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' && angles == 0 => {
                if !own.is_empty() {
                    all.push(Entry {
                        docs: std::mem::take(&mut docs),
                        attributes: std::mem::take(&mut attributes),
                        tokens: std::mem::take(&mut own),
                        block: None,
                    });
                }
                continue;
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                all.push(Entry {
                    docs: std::mem::take(&mut docs),
                    attributes: std::mem::take(&mut attributes),
                    tokens: std::mem::take(&mut own),
                    block: Some(group.stream()),
                });
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == '<' => angles += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' && !is_arrow(&own) => {
                angles = angles.saturating_sub(1);
            }
            _ => {}
        }
        own.push(tree);
    }
    if !own.is_empty() {
        all.push(Entry {
            docs,
            attributes,
            tokens: own,
            block: None,
        });
    }
    all
}

/// Whether a `>` after these tokens ends `->` or `=>`.
fn is_arrow(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Punct(punct))
        if matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint)
}

fn inline_stream(tokens: TokenStream) -> String {
    inline(&tokens.into_iter().collect::<Vec<_>>())
}

fn inline(tokens: &[TokenTree]) -> String {
    let mut text = String::new();
    for (space, piece) in pieces(tokens) {
        if space {
            text.push(' ');
        }
        text.push_str(&piece);
    }
    text
}

/// Tokens as texts, each with whether a space stands before it.
fn pieces(tokens: &[TokenTree]) -> Vec<(bool, String)> {
    let mut all: Vec<(bool, String)> = Vec::new();
    let mut joined = false;
    for tree in tokens {
        let (piece, joins) = match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                (
                    format!("{open}{}{close}", inline_stream(group.stream())),
                    false,
                )
            }
            TokenTree::Punct(punct) => (
                punct.as_char().to_string(),
                punct.spacing() == Spacing::Joint && !matches!(punct.as_char(), '>' | '<' | '&'),
            ),
            other => (other.to_string(), false),
        };
        match all.last_mut() {
            Some((_, last)) if joined => last.push_str(&piece),
            last => {
                let space = last.is_some_and(|(_, last)| spaced(last, &piece, tree));
                all.push((space, piece));
            }
        }
        joined = joins;
    }
    all
}

/// Whether a space stands between two tokens.
fn spaced(before: &str, after: &str, tree: &TokenTree) -> bool {
    let is_group = matches!(tree, TokenTree::Group(_));
    if matches!(
        before,
        "&" | "#" | "::" | ".." | "<" | "'" | "@" | "..=" | "!"
    ) {
        return false;
    }
    if matches!(after, "," | ";" | ":" | "::" | ">" | "<" | "..=" | "!") {
        return false;
    }
    if is_group && after.starts_with('(') {
        // `name(` and `Type<T>(`, but `-> (A, B)`.
        return !before.ends_with(|last: char| last.is_alphanumeric() || last == '_')
            && before != ">";
    }
    true
}
