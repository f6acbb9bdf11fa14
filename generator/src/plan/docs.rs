//! Prose: a document's markdown becomes paragraphs that rustdoc reads without a warning.

use crate::rust::Docs;

/// Documentation from a summary and a description; a summary that the description begins with
/// is not said twice.
pub(super) fn docs(summary: Option<&str>, description: Option<&str>) -> Docs {
    let mut all = Vec::new();
    for text in [summary, description].into_iter().flatten() {
        all.extend(paragraphs(text));
    }
    if let (Some(first), Some(second)) = (all.first(), all.get(1)) {
        let bare = first.trim_end_matches('.');
        if second.trim_end_matches('.') == bare || second.starts_with(&format!("{bare}.")) {
            all.remove(0);
        }
    }
    all.iter_mut().for_each(end);
    Docs(all)
}

/// Adds short sentences to the last paragraph.
pub(super) fn with_notes(mut docs: Docs, notes: &[String]) -> Docs {
    if notes.is_empty() {
        return docs;
    }
    let notes = notes.join(" ");
    match docs.0.last_mut() {
        Some(last) if !last.contains('\n') => {
            end(last);
            last.push(' ');
            last.push_str(&notes);
        }
        _ => docs.0.push(notes),
    }
    docs
}

/// Ends prose with a full stop.
fn end(paragraph: &mut String) {
    if !paragraph.contains('\n')
        && paragraph
            .ends_with(|last: char| last.is_alphanumeric() || matches!(last, ')' | '`' | '"'))
    {
        paragraph.push('.');
    }
}

/// Splits markdown into paragraphs. One that holds line breaks (a list, a table, code) keeps
/// its lines; any other is one line.
fn paragraphs(text: &str) -> Vec<String> {
    let text: String = text
        .chars()
        .filter(|character| allowed(*character))
        .collect();
    let mut all = Vec::new();
    let mut block: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        let mark = fence_mark(trimmed);
        if let Some(open) = &fence {
            let closes = mark
                .as_ref()
                .is_some_and(|mark| mark.starts_with(open.as_str()))
                && trimmed.trim_start_matches(['`', '~']).is_empty();
            if closes {
                block.push("```".to_owned());
                all.push(block.join("\n"));
                block.clear();
                fence = None;
            } else {
                block.push(line.trim_end().replace("```", "'''"));
            }
        } else if mark.is_some() {
            flush(&mut block, &mut all);
            // rustdoc would compile a block of no language, or of one that it takes for Rust.
            block.push("```text".to_owned());
            fence = mark;
        } else if trimmed.is_empty() {
            flush(&mut block, &mut all);
        } else {
            block.push(line.trim_end().to_owned());
        }
    }
    if fence.is_some() {
        block.push("```".to_owned());
        all.push(block.join("\n"));
    } else {
        flush(&mut block, &mut all);
    }
    all
}

/// What rustc refuses in a comment, or an editor does not show, goes.
fn allowed(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        other => !other.is_control(),
    }
}

fn fence_mark(line: &str) -> Option<String> {
    ['`', '~'].into_iter().find_map(|mark| {
        let run: String = line.chars().take_while(|found| *found == mark).collect();
        (run.len() >= 3).then_some(run)
    })
}

fn flush(block: &mut Vec<String>, all: &mut Vec<String>) {
    if block.is_empty() {
        return;
    }
    let mut lines: Vec<String> = Vec::new();
    for line in block.drain(..) {
        let text = harmless(line.trim());
        let nested = line.starts_with("  ") && !lines.is_empty() && is_item(&text);
        if is_item(&text) || text.starts_with('|') || text.starts_with('#') {
            lines.push(if nested { format!("  {text}") } else { text });
            continue;
        }
        match lines.last_mut() {
            Some(last) if !last.starts_with(['|', '#']) => {
                last.push(' ');
                last.push_str(&text);
            }
            _ => lines.push(text),
        }
    }
    all.push(balanced(&lines.join("\n")));
}

/// Whether a line begins an item of a list.
fn is_item(line: &str) -> bool {
    if line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ") {
        return true;
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    (1..=9).contains(&digits)
        && line
            .get(digits..)
            .is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "))
}

/// An odd backtick opens code that never ends.
fn balanced(text: &str) -> String {
    if text.matches('`').count().is_multiple_of(2) {
        return text.to_owned();
    }
    match text.rsplit_once('`') {
        Some((before, after)) => format!("{before}\\`{after}"),
        None => text.to_owned(),
    }
}

/// Escapes what rustdoc takes for a link to an item or for HTML, and makes a link of a URL.
fn harmless(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let taken = match character {
            '`' => code_span(rest),
            '[' => link(rest),
            '<' => auto_link(rest),
            '\\' => rest.chars().nth(1).map(|next| &rest[..1 + next.len_utf8()]),
            'h' if !out.ends_with(|last: char| last.is_alphanumeric() || last == '<') => url(rest),
            _ => None,
        };
        match (character, taken) {
            ('h', Some(url)) => {
                out.push('<');
                out.push_str(url);
                out.push('>');
            }
            (_, Some(taken)) => out.push_str(taken),
            ('[' | ']' | '<' | '>', None) if !(character == '>' && out.is_empty()) => {
                out.push('\\');
                out.push(character);
            }
            (other, None) => out.push(other),
        }
        let length = taken.map_or(character.len_utf8(), str::len);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// `` `code` `` at the beginning, when it ends in this line.
fn code_span(text: &str) -> Option<&str> {
    let run = text.chars().take_while(|found| *found == '`').count();
    let mark = text.get(..run)?;
    let inner = text.get(run..)?;
    let end = inner.find(mark)?;
    text.get(..run + end + run)
}

/// `[text](target)` at the beginning, where the target is a URL and the text holds no bracket.
fn link(text: &str) -> Option<&str> {
    let close = text.find(']')?;
    let label = text.get(1..close)?;
    let target = text.get(close + 1..)?.strip_prefix('(')?;
    let end = target.find(')')?;
    let plain = !label.contains(['[', '`', '<']);
    let web = target.starts_with("http://") || target.starts_with("https://");
    let whole = !target.get(..end)?.contains([' ', '<', '(']);
    (plain && web && whole).then(|| text.get(..close + 2 + end + 1))?
}

/// `<https://example.com>` at the beginning.
fn auto_link(text: &str) -> Option<&str> {
    let end = text.find('>')?;
    let inner = text.get(1..end)?;
    let web = inner.starts_with("http://") || inner.starts_with("https://");
    (web && !inner.contains([' ', '<'])).then(|| text.get(..=end))?
}

/// A bare URL at the beginning, without the punctuation that ends its sentence.
fn url(text: &str) -> Option<&str> {
    if !(text.starts_with("http://") || text.starts_with("https://")) {
        return None;
    }
    let end = text
        .find(|found: char| found.is_whitespace() || matches!(found, '<' | '>' | '"' | '`' | '|'))
        .unwrap_or(text.len());
    let url = text
        .get(..end)?
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
    (url.len() > "https://".len()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(description: &str) -> Vec<String> {
        docs(None, Some(description)).0
    }

    #[test]
    fn prose_is_joined_and_ended() {
        assert_eq!(text("Lists\nexperiments"), ["Lists experiments."]);
        assert_eq!(text("One.\n\n\nTwo"), ["One.", "Two."]);
        assert_eq!(
            docs(Some("Get it"), Some("Get it. Or not.")).0,
            ["Get it. Or not."]
        );
        assert_eq!(
            docs(Some("Get it"), Some("Slowly")).0,
            ["Get it.", "Slowly."]
        );
    }

    #[test]
    fn notes_follow_the_last_sentence() {
        let noted = with_notes(docs(None, Some("At most")), &["Default: 10.".to_owned()]);
        assert_eq!(noted.0, ["At most. Default: 10."]);
        let noted = with_notes(docs(None, Some("- a\n- b")), &["Default: 10.".to_owned()]);
        assert_eq!(noted.0, ["- a\n- b", "Default: 10."]);
    }

    #[test]
    fn what_rustdoc_would_misread_is_escaped() {
        let cases = [
            ("Takes [Something].", "Takes \\[Something\\]."),
            ("A <T> here.", "A \\<T\\> here."),
            ("See https://a.b/c_d.", "See <https://a.b/c_d>."),
            ("See <https://a.b>.", "See <https://a.b>."),
            ("See [docs](https://a.b).", "See [docs](https://a.b)."),
            ("See [docs](./there).", "See \\[docs\\](./there)."),
            ("`a[0]` and `b.", "`a[0]` and \\`b."),
            ("x\u{202e}y.", "xy."),
        ];
        for (given, expected) in cases {
            assert_eq!(text(given), [expected]);
        }
    }

    #[test]
    fn code_is_not_compiled() {
        assert_eq!(
            text("Do:\n```python\nprint('[x]')\n```\n\n    indented\n\n- one\n  - two\n~~~\nopen"),
            [
                "Do:",
                "```text\nprint('[x]')\n```",
                "indented.",
                "- one\n  - two",
                "```text\nopen\n```"
            ]
        );
    }
}
