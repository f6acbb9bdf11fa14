//! What makes a text a text: one function for each form in which texts of documents, servers, fixtures
//! and recordings are shown. (XML and HTML are escaped by `quick-junit` and `askama`, after [`line()`].)

use std::fmt::Write as _;

/// Whether a character can act on a terminal, break XML 1.0, or reorder a line.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// One line for a terminal: control characters (a terminal's escape among them) and characters that
/// turn the direction of writing are written as escapes; line feeds and tabs too.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_unprintable(character) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}

/// As [`line()`], but lines stay lines.
pub fn lines(text: &str) -> String {
    text.split('\n')
        .map(|own| line(own.strip_suffix('\r').unwrap_or(own)).replace("\\t", "\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// JSON that was written, its unprintable characters as JSON's own escapes: they stand in strings alone.
pub fn json(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for character in written.chars() {
        if character != '\n' && is_unprintable(character) {
            // None of them is beyond the basic plane.
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Text of which Markdown and the HTML in it make nothing else.
pub fn markdown(text: &str) -> String {
    let mut out = String::new();
    for character in line(text).chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '$' => out.push_str("&#36;"),
            // Behind a backslash it would still part the cells of a table.
            '|' => out.push_str("&#124;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '!' | '#' => {
                out.push('\\');
                out.push(character);
            }
            // These make lists and headings where they begin a line.
            '-' | '+' | '=' if out.trim_start().is_empty() => {
                out.push('\\');
                out.push(character);
            }
            '.' | ')' if out.bytes().all(|byte| byte.is_ascii_digit()) => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

/// A code span of Markdown that holds any text.
pub fn code(text: &str) -> String {
    let text = line(text);
    if text.contains('|') || text.trim().is_empty() {
        return format!("<code>{}</code>", markdown(&text));
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// What fences a block of code that holds a text of lines.
pub(super) fn fence(text: &str) -> String {
    "`".repeat(longest_run(text).max(2) + 1)
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

/// Text inside an HTML element that stands in Markdown, where Markdown does not reach.
pub(super) fn html(text: &str) -> String {
    line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "&#64;")
}

/// The text of one of GitHub's workflow commands.
pub(super) fn command(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of one of GitHub's workflow commands.
pub(super) fn property(text: &str) -> String {
    command(&line(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{code, command, json, line, lines, markdown, property};

    #[test]
    fn each_form_has_its_escapes() {
        assert_eq!(
            line("a\u{1b}[31mb\n\u{202e}c\0"),
            "a\\u{1b}[31mb\\n\\u{202e}c\\u{0}"
        );
        assert_eq!(lines("a\r\n\tb\u{7}"), "a\n\tb\\u{7}");
        assert_eq!(json("\"\u{9b}\u{2028}\"\n"), "\"\\u009b\\u2028\"\n");
        assert_eq!(
            markdown("<b>*x*</b> [a](b)"),
            "&lt;b&gt;\\*x\\*&lt;/b&gt; \\[a\\](b)"
        );
        assert_eq!(markdown("1. a|b"), "1\\. a&#124;b");
        assert_eq!(markdown("- a-b"), "\\- a-b");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("a\\|b"), "<code>a\\\\&#124;b</code>");
        assert_eq!(command("100 %\n::error::x"), "100 %25%0A::error::x");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
