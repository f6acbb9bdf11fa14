//! The items of generated files, told apart by their text.
//!
//! Generated files are written in one form: an item begins at the margin after an empty line, and a
//! macro that holds many things has an empty line between them.

use plumbline_generator::Files;
use similar::{ChangeTag, TextDiff};
use std::collections::HashMap;

/// How many lines are shown around a line that differs.
const AROUND: usize = 2;

/// One item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The file's path.
    pub(super) path: String,
    /// The name of the type or method; of other items the first line.
    pub(super) name: String,
    /// Its lines, at the margin.
    pub(super) text: String,
}

/// An item that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) name: String,
    /// What it was called, where that is another name.
    pub(super) before: Option<String>,
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
}

impl Changed {
    /// Whether it is what the client's builder can do.
    pub(super) fn is_of_the_builder(&self) -> bool {
        self.name.starts_with("impl Builder<")
    }
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    New,
    Gone,
    Differs,
}

/// A line of an item's difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) sign: Sign,
    pub(super) text: String,
}

/// Whether a line is new, gone, or there for orientation; a gap stands for lines left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    New,
    Gone,
    Same,
    Gap,
}

impl Sign {
    /// As it stands before the line.
    pub(super) fn mark(self) -> char {
        match self {
            Self::New => '+',
            Self::Gone => '-',
            Self::Same => ' ',
            Self::Gap => '⋮',
        }
    }
}

/// The items of a package's sources, the runtime aside, which is the same in all of them.
pub(super) fn items(files: &Files) -> Vec<Item> {
    let mut items = Vec::new();
    for (path, text) in files.iter() {
        if path.ends_with(".rs") && !path.contains("runtime/") {
            of_file(path, text, &mut items);
        }
    }
    items
}

fn of_file(path: &str, text: &str, items: &mut Vec<Item>) {
    for block in blocks(text) {
        if let Some(list) = list(&block) {
            add(path, list, items);
            continue;
        }
        let Some(inner) = within_macro(&block) else {
            add(path, block, items);
            continue;
        };
        for member in blocks(&inner) {
            add(path, member, items);
        }
    }
}

/// Runs of lines, each ended by an empty line after which the margin is reached again.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    for line in text.lines() {
        let begins = !line.is_empty() && !line.starts_with([' ', '}', ')']);
        if begins && block.last().is_some_and(|last| last.is_empty()) {
            blocks.push(block.join("\n").trim_end().to_owned());
            block.clear();
        }
        block.push(line);
    }
    blocks.push(block.join("\n").trim_end().to_owned());
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// A macro that holds a list of short things, one a line, so that one more is one line more.
fn list(block: &str) -> Option<String> {
    let (name, rest) = block.split_once("! {")?;
    let inner = rest.strip_suffix('}')?;
    let (of, inner) = match name {
        "failures" => inner.split_once('=')?,
        "constants" | "dispatch" => ("", inner),
        _ => return None,
    };
    let mut lines = vec![format!("{name} {}", of.trim()).trim_end().to_owned()];
    lines.extend(entries(inner).map(|entry| format!("    {entry}")));
    Some(lines.join("\n"))
}

/// What commas outside of quotes part.
fn entries(text: &str) -> impl Iterator<Item = String> {
    let mut entries = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for character in text.chars() {
        match character {
            ',' if !quoted => {
                entries.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
        if let Some(entry) = entries.last_mut() {
            entry.push(character);
        }
    }
    let trimmed = entries.into_iter().map(|entry| entry.trim().to_owned());
    trimmed.filter(|entry| !entry.is_empty())
}

/// What a macro of many items holds, at the margin.
fn within_macro(block: &str) -> Option<String> {
    let (head, rest) = block.split_once('\n')?;
    let name = head.strip_suffix("! {")?;
    let many = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let inner = rest.strip_suffix('}').filter(|_| many)?;
    let lines = inner
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

fn add(path: &str, text: String, items: &mut Vec<Item>) {
    let code = |line: &&str| !line.starts_with("//") && !line.starts_with("#[");
    let Some(first) = text.lines().find(code) else {
        return;
    };
    // Imports follow from what is used.
    if ["use ", "pub use ", "mod ", "pub mod "]
        .iter()
        .any(|start| first.starts_with(start))
    {
        return;
    }
    items.push(Item {
        path: path.to_owned(),
        name: name(first),
        text,
    });
}

/// The name that a first line gives its item.
fn name(first: &str) -> String {
    let plain = first
        .trim_start_matches("pub(super) ")
        .trim_start_matches("pub ");
    let named = ["struct ", "enum ", "type ", "fn ", "const ", "static "]
        .iter()
        .find_map(|word| plain.strip_prefix(word));
    match named {
        Some(rest) => {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#'))
                .unwrap_or(rest.len());
            rest.get(..end).unwrap_or(rest).to_owned()
        }
        None => first.trim_end_matches([' ', '{']).to_owned(),
    }
}

/// The items that differ; `renamed` says what new names were.
pub(super) fn changed(
    old: &[Item],
    new: &[Item],
    renamed: &HashMap<String, String>,
) -> Vec<Changed> {
    let mut left: HashMap<(&str, &str), Vec<&Item>> = HashMap::new();
    for item in old.iter().rev() {
        left.entry((&item.path, &item.name)).or_default().push(item);
    }
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for item in new {
        match left.get_mut(&(item.path.as_str(), item.name.as_str())) {
            Some(same) if !same.is_empty() => {
                if let Some(before) = same.pop()
                    && before.text != item.text
                {
                    found.push((item, Some(before)));
                }
            }
            _ => waiting.push(item),
        }
    }
    for item in waiting {
        let before = renamed
            .get(&item.name)
            .and_then(|before| left.get_mut(&(item.path.as_str(), before.as_str())))
            .and_then(Vec::pop);
        found.push((item, before));
    }
    let place: HashMap<(&str, &str), usize> = new
        .iter()
        .enumerate()
        .map(|(index, item)| ((item.path.as_str(), item.name.as_str()), index))
        .collect();
    found.sort_by_key(|(item, _)| {
        place
            .get(&(item.path.as_str(), item.name.as_str()))
            .copied()
    });
    let mut changed: Vec<Changed> = found
        .into_iter()
        .map(|(item, before)| Changed {
            path: item.path.clone(),
            name: item.name.clone(),
            before: before
                .map(|before| before.name.clone())
                .filter(|before| *before != item.name),
            kind: if before.is_some() {
                Kind::Differs
            } else {
                Kind::New
            },
            lines: match before {
                Some(before) => difference(&before.text, &item.text),
                None => lines(&item.text, Sign::New),
            },
        })
        .collect();
    for item in old {
        let gone = left
            .get_mut(&(item.path.as_str(), item.name.as_str()))
            .is_some_and(|same| same.pop().is_some());
        if gone {
            changed.push(Changed {
                path: item.path.clone(),
                name: item.name.clone(),
                before: None,
                kind: Kind::Gone,
                lines: lines(&item.text, Sign::Gone),
            });
        }
    }
    changed
}

fn lines(text: &str, sign: Sign) -> Vec<Line> {
    text.lines()
        .map(|line| Line {
            sign,
            text: line.to_owned(),
        })
        .collect()
}

/// The lines that differ, with some around them.
fn difference(old: &str, new: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if index > 0 {
            lines.push(Line {
                sign: Sign::Gap,
                text: String::new(),
            });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(Line {
                sign: match change.tag() {
                    ChangeTag::Insert => Sign::New,
                    ChangeTag::Delete => Sign::Gone,
                    ChangeTag::Equal => Sign::Same,
                },
                text: change.value().trim_end_matches('\n').to_owned(),
            });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Kind, changed, items, list};
    use plumbline_generator::Files;
    use std::collections::HashMap;

    const OLD: &str = "// Generated.\n\nuse a::B;\n\nobjects! {\n    /// A pet.\n    ///\n    /// Two.\n    \
        pub struct Pet: Default {\n        pub name: String,\n    }\n\n    pub struct Gone {\n        pub a: B,\n    }\n}\n\n\
        impl A {\n    fn one() {}\n\n    fn two() {}\n}\n\nfailures! { X = Y }\n";

    fn of(text: &str) -> Files {
        let mut files = Files::default();
        files.insert("src/types.rs", text.to_owned());
        files.insert("src/runtime/x.rs", "pub fn never() {}".to_owned());
        files
    }

    #[test]
    fn items_are_told_apart() {
        let items = items(&of(OLD));
        let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["Pet", "Gone", "impl A", "failures X"]);
        assert_eq!(
            items[0].text,
            "/// A pet.\n///\n/// Two.\npub struct Pet: Default {\n    pub name: String,\n}"
        );
    }

    #[test]
    fn lists_have_an_entry_a_line() {
        let text = "failures! {\n    X = A, B,\n    C,\n}";
        assert_eq!(
            list(text).as_deref(),
            Some("failures X\n    A\n    B\n    C")
        );
        let text = "constants! { One = \"a, b\", Two = \"\\\"\" }";
        let lines = "constants\n    One = \"a, b\"\n    Two = \"\\\"\"";
        assert_eq!(list(text).as_deref(), Some(lines));
    }

    #[test]
    fn items_are_paired_by_name() {
        let new = OLD.replace("name: String", "name: Option<String>");
        let new = new.replace("struct Gone", "struct Come");
        let (old, new) = (items(&of(OLD)), items(&of(&new)));
        let found = changed(&old, &new, &HashMap::new());
        let kinds: Vec<(&str, Kind)> = found
            .iter()
            .map(|one| (one.name.as_str(), one.kind))
            .collect();
        assert_eq!(
            kinds,
            [
                ("Pet", Kind::Differs),
                ("Come", Kind::New),
                ("Gone", Kind::Gone)
            ]
        );
        let renamed = HashMap::from([("Come".to_owned(), "Gone".to_owned())]);
        let found = changed(&old, &new, &renamed);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].before.as_deref(), Some("Gone"));
    }
}
