//! Texts of a document, escaped for each form that they are put into: one function a form.

use plumbline_specs::{is_hidden, visible};
use std::fmt::Write;

/// The most characters of a value that documentation shows as code.
const LONGEST: usize = 120;

/// What stands between two backticks in documentation, so that nothing in it is markup: on one
/// line, shortened, without a backtick.
pub(crate) fn span(text: &str) -> String {
    let mut shown: String = visible(text).chars().take(LONGEST).collect();
    if shown.len() < text.len() && shown.chars().count() == LONGEST {
        shown.push('…');
    }
    shown.replace('`', "'")
}

/// A text as code in documentation.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", span(text))
}

/// Text in which Markdown sees nothing to mark up.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&'
        ) {
            out.push('\\');
        }
        out.push(character);
    }
    // Some readers make a link of a bare URL.
    out.replace("://", "\\://")
}

/// Text as code in Markdown, whole, whatever backticks it holds (CommonMark, 6.1).
pub fn markdown_code(text: &str) -> String {
    let text = visible(text);
    let longest = text.split(|other| other != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    if fence.len() > 1 || text.starts_with(' ') && text.ends_with(' ') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Prose that Markdown and rustdoc take for nothing but prose: every sign that could mean
/// something is escaped.
pub(crate) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for character in visible(word).chars() {
            if character.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(character);
        }
    }
    out
}

/// The message of a workflow command of GitHub's.
pub fn github(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// A property of a workflow command of GitHub's.
pub fn github_property(text: &str) -> String {
    github(text).replace(':', "%3A").replace(',', "%2C")
}

/// A basic string of TOML.
pub(crate) fn toml(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            hidden if is_hidden(hidden) => {
                // Writing into a string does not fail.
                let _ = write!(out, "\\u{:04X}", u32::from(hidden));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A string literal of Rust.
pub(crate) fn rust(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Event, Parser};

    type Form = (&'static str, fn(&str) -> String);

    /// Texts that mean something to a terminal, Markdown, HTML, GitHub, TOML or Rust.
    const HOSTILE: &[&str] = &[
        "```rust\npanic!()\n```",
        "~~~\npanic!()\n~~~",
        "\n\n    panic!()",
        "x`<script>alert(1)</script>`y",
        "\\<script>alert(1)</script>",
        "``<img src=x onerror=alert(1)>`",
        "[a](javascript:alert(1)) ![b](https://example.com/b.png)",
        "<https://example.com> &lt;b&gt;",
        "# a\n- b\n> c\n| d |\n|---|",
        "\u{1b}[31mred\u{9b}0m\r\u{7}\0",
        "a\u{202e}b\u{2066}c\u{200f}",
        "\r\n::error::broken%0Aout",
        "\"] \\\" \\u{41} ${HOME} `id`",
        "a\u{2028}b\u{85}c",
        "",
        " ",
        "`",
        "``",
    ];

    /// What CommonMark takes of a text for more than words.
    fn marks(text: &str) -> Vec<String> {
        Parser::new(text)
            .filter(|event| !matches!(event, Event::Text(_) | Event::SoftBreak))
            .map(|event| format!("{event:?}"))
            .filter(|event| !event.contains("Paragraph"))
            .collect()
    }

    #[test]
    fn no_form_lets_a_hidden_character_through() {
        let forms: &[Form] = &[
            ("code", code),
            ("markdown", markdown),
            ("markdown code", markdown_code),
            ("prose", prose),
            ("github", github),
            ("github property", github_property),
            ("toml", toml),
            ("rust", rust),
        ];
        for text in HOSTILE {
            for (name, form) in forms {
                let out = form(text);
                assert!(!out.contains(is_hidden), "{name}: {text:?} gives {out:?}");
            }
        }
    }

    #[test]
    fn nothing_is_markup() {
        for text in HOSTILE {
            for out in [markdown(text), prose(text)] {
                assert_eq!(
                    marks(&format!("x {out}")),
                    [""; 0],
                    "{text:?} gives {out:?}"
                );
            }
            for out in [code(text), markdown_code(text)] {
                let marks = marks(&format!("x {out}"));
                let is_code = |mark: &String| mark.starts_with("Code(");
                assert!(
                    marks.len() <= 1 && marks.iter().all(is_code),
                    "{text:?} gives {out:?}: {marks:?}"
                );
            }
        }
    }

    #[test]
    fn literals_say_what_they_were_given() {
        for text in HOSTILE {
            let literal: syn::LitStr = syn::parse_str(&rust(text)).unwrap();
            assert_eq!(literal.value(), *text);
            // TOML's strings are JSON's where both have the escape.
            let read: String = serde_json::from_str(&toml(text)).unwrap();
            assert_eq!(read, *text);
        }
    }

    #[test]
    fn a_command_of_github_ends_where_it_should() {
        assert_eq!(github("a\n::error::b%0Ac"), "a\\n::error::b%250Ac");
        assert_eq!(github_property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
