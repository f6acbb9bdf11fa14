//! Text of a document, made fit for a person's eyes.

use std::borrow::Cow;

/// Whether a character shows nothing and changes what is shown: a control character, which a
/// terminal obeys, a sign that turns the direction of reading (Unicode, UAX 9), or a separator of
/// lines.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// The text on one line, each hidden character written out as `\u{…}`, `\n`, `\r` or `\t`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_hidden(character) {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn hidden_characters_are_written_out() {
        let cases = [
            ("plain é 名", "plain é 名"),
            ("a\n\r\tb", "a\\n\\r\\tb"),
            ("\u{1b}[31m\u{9b}m", "\\u{1b}[31m\\u{9b}m"),
            ("a\0b\u{7f}", "a\\u{0}b\\u{7f}"),
            ("\u{202e}\u{2066}\u{200f}", "\\u{202e}\\u{2066}\\u{200f}"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected);
        }
    }
}
