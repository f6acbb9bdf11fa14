//! Diagnostics for people, as rustc shows them: what, where, the line itself, and help.
//!
//! Written here and not by a crate: documents have lines of many thousand characters, of which
//! a window is shown, and places are pointers as well as lines.

use crate::diagnostic::{Diagnostic, Diagnostics, Position, Severity};
use crate::position::locate;
use crate::read::Input;
use crate::source::text_of;
use crate::visible::{is_hidden, visible};
use crate::{Code, Pointer};
use std::collections::HashMap;
use std::fmt::Write;

/// How many notes or warnings of one code are shown of one input.
const MAX_ALIKE: usize = 5;

/// How many characters of a line are shown, and how many of them before the place.
const WINDOW: usize = 100;
const BEFORE: usize = 40;
const MAX_CARETS: usize = 60;

/// Finds the line and the column of each diagnostic that has a pointer into one of the sources
/// and no position yet.
pub fn find_positions(diagnostics: &mut Diagnostics, sources: &[Input<'_>]) {
    for source in sources {
        let mut wanted: Vec<(usize, Pointer)> = Vec::new();
        for (index, diagnostic) in diagnostics.iter().enumerate() {
            let place = &diagnostic.place;
            if place.file == source.name
                && place.position.is_none()
                && let Some(pointer) = &place.pointer
            {
                wanted.push((index, pointer.clone()));
            }
        }
        if wanted.is_empty() {
            continue;
        }
        let pointers: Vec<&Pointer> = wanted.iter().map(|(_, pointer)| pointer).collect();
        let found = locate(source.bytes, &pointers);
        for ((index, _), position) in wanted.iter().zip(found) {
            diagnostics.set_position(*index, position);
        }
    }
}

/// Shows diagnostics with the lines that they speak of; the gravest last, then a line that
/// counts them. Of notes and warnings of one code only the first few are shown.
pub fn render(diagnostics: &Diagnostics, sources: &[Input<'_>]) -> String {
    display(diagnostics, sources, MAX_ALIKE)
}

/// The same with every note and warning: for those of which each is to be acted on.
pub fn render_all(diagnostics: &Diagnostics, sources: &[Input<'_>]) -> String {
    display(diagnostics, sources, usize::MAX)
}

fn display(diagnostics: &Diagnostics, sources: &[Input<'_>], most: usize) -> String {
    let mut diagnostics = diagnostics.clone();
    find_positions(&mut diagnostics, sources);
    diagnostics.deduplicate();
    diagnostics.sort();
    let lines: HashMap<&str, Vec<&str>> = sources
        .iter()
        .filter_map(|source| Some((source.name, text_of(source.bytes)?.lines().collect())))
        .collect();
    let mut alike: HashMap<(&str, Code), usize> = HashMap::new();
    let mut text = String::new();
    for diagnostic in &diagnostics {
        let file = diagnostic.place.file.as_str();
        let count = alike.entry((file, diagnostic.code)).or_default();
        *count += 1;
        if diagnostic.severity < Severity::Error && *count > most {
            continue;
        }
        let line = diagnostic.place.position.and_then(|at| {
            let lines = lines.get(file)?;
            lines.get(at.line.checked_sub(1)?).copied()
        });
        one(&mut text, diagnostic, line);
        text.push('\n');
    }
    let mut more: Vec<((&str, Code), usize)> = alike
        .into_iter()
        .filter(|((file, code), count)| {
            *count > most
                && diagnostics.iter().any(|diagnostic| {
                    diagnostic.code == *code
                        && diagnostic.place.file == *file
                        && diagnostic.severity < Severity::Error
                })
        })
        .collect();
    more.sort_unstable();
    for ((file, code), count) in more {
        let hidden = count - most;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{hidden} more of {code} in {file}\n");
    }
    text.push_str(&diagnostics.summary());
    text.push('\n');
    text
}

fn one(text: &mut String, diagnostic: &Diagnostic, line: Option<&str>) {
    let Diagnostic {
        severity,
        code,
        message,
        place,
        help,
    } = diagnostic;
    let _ = writeln!(text, "{severity}[{code}]: {}", visible(message));
    let number = place
        .position
        .map(|at| at.line.to_string())
        .unwrap_or_default();
    let margin = " ".repeat(number.len());
    let _ = write!(text, "{margin}--> {}", visible(&place.file));
    if let Some(Position { line, column }) = place.position {
        let _ = write!(text, ":{line}:{column}");
    }
    if let Some(pointer) = &place.pointer {
        let _ = write!(text, " (#{})", visible(pointer.as_str()));
    }
    text.push('\n');
    if let (Some(at), Some(line)) = (place.position, line) {
        let (window, before, width) = window(line, at.column);
        let _ = writeln!(text, "{margin} |");
        let _ = writeln!(text, "{number} | {window}");
        let _ = writeln!(
            text,
            "{margin} | {}{}",
            " ".repeat(before),
            "^".repeat(width)
        );
    }
    if let Some(help) = help {
        let _ = writeln!(text, "{margin} = help: {}", visible(help));
    }
}

/// The part of a line around a column, how many characters stand before the place in it, and how
/// many the place has.
fn window(line: &str, column: usize) -> (String, usize, usize) {
    let characters: Vec<char> = line.trim_end().chars().collect();
    let at = column.saturating_sub(1).min(characters.len());
    let start = if characters.len() <= WINDOW {
        0
    } else {
        at.saturating_sub(BEFORE)
    };
    let mut window = String::new();
    let mut before = at - start;
    if start > 0 {
        window.push('…');
        before += 1;
    }
    window.extend(characters.iter().skip(start).take(WINDOW).map(|character| {
        if is_hidden(*character) {
            ' '
        } else {
            *character
        }
    }));
    if characters.len() > start + WINDOW {
        window.push('…');
    }
    let word = characters.iter().skip(at);
    let width = match characters.get(at) {
        Some(quote @ ('"' | '\'')) => {
            let inner = word.skip(1).take_while(|character| *character != quote);
            inner.count() + 2
        }
        _ => word
            .take_while(|character| !matches!(character, ' ' | ':' | ',' | '}' | ']'))
            .count(),
    };
    let width = width.clamp(1, (start + WINDOW).saturating_sub(at).clamp(1, MAX_CARETS));
    (window, before, width)
}

#[cfg(test)]
mod tests {
    use super::{render, visible, window};
    use crate::diagnostic::{Diagnostic, Diagnostics};
    use crate::{Input, Pointer};

    #[test]
    fn a_diagnostic_shows_its_line() {
        let pointer = Pointer::root().join("info").join("version");
        let diagnostics: Diagnostics = [
            Diagnostic::error(crate::codes::SYNTAX, "this is wrong")
                .file("a.yaml")
                .pointer(&pointer)
                .help("fix it"),
            Diagnostic::note(crate::codes::TOO_DEEP, "no place").file("b.yaml"),
        ]
        .into_iter()
        .collect();
        let source = Input {
            name: "a.yaml",
            bytes: b"openapi: 3.0.3\ninfo:\n  version: 1\n",
        };
        assert_eq!(
            render(&diagnostics, &[source]),
            "\
note[too-deep]: no place
--> b.yaml

error[syntax]: this is wrong
 --> a.yaml:3:3 (#/info/version)
  |
3 |   version: 1
  |   ^^^^^^^
  = help: fix it

1 error, 1 note
"
        );
    }

    #[test]
    fn of_a_long_line_a_window_is_shown() {
        let line = format!("{}\"key\": 1{}", "x".repeat(300), "y".repeat(300));
        let (window, before, width) = window(&line, 301);
        assert_eq!(window.chars().count(), 102);
        assert_eq!(window.chars().nth(before), Some('"'));
        assert_eq!(width, 5);
    }

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(visible("a\u{1b}[31m"), "a\\u{1b}[31m");
    }
}
