//! Tables: in a terminal, and in Markdown files between two marks, from what the code holds.

use crate::workspace::{Status, display_path, root};
use anyhow::{Context, Result};
use clap::Args;
use plumbline_cli::say;
use std::fs;
use std::path::Path;

/// How a verb that writes a table is called.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 when the table is not what it should be.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Without writing.
    pub(crate) const CHECK: Self = Self { check: true };
}

/// One place for tables in a file of the repository.
pub(crate) struct Table {
    /// The file, from the root.
    pub(crate) file: &'static str,
    /// The verb that writes it.
    pub(crate) verb: &'static str,
    /// What its marks are called by.
    pub(crate) marks: &'static str,
    /// What stands there.
    pub(crate) text: String,
}

impl Table {
    /// Writes the table, or says whether it is what it should be.
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<Status> {
        let (file, verb) = (self.file, self.verb);
        let path = root().join(file);
        let is = read(&path)?;
        let should = self.placed(&is).with_context(|| file.to_owned())?;
        if is == should {
            say!("{file}: up to date");
        } else if arguments.check {
            say!("{file}: stale; `cargo xtask {verb}` mends it");
            return Ok(Status::Failed);
        } else {
            fs::write(&path, should).with_context(|| format!("{file} cannot be written"))?;
            say!("{file}: written");
        }
        Ok(Status::Ok)
    }

    /// A file's text with the table between its marks.
    fn placed(&self, text: &str) -> Result<String> {
        let (verb, marks) = (self.verb, self.marks);
        let begin = format!("<!-- {marks}: written by cargo xtask {verb} -->\n");
        let end = format!("<!-- end of {marks} -->");
        between(text, &begin, &end, &format!("\n{}\n", self.text))
    }

    /// Whether the table is what it should be.
    pub(crate) fn fresh(&self) -> Result<bool> {
        Ok(self.run(&Arguments::CHECK)? == Status::Ok)
    }
}

/// Rows for a terminal: columns as wide as their widest cell, those of numbers to the right.
pub(crate) fn aligned<Row: AsRef<[String]>>(
    rows: &[Row],
    is_number: impl Fn(usize) -> bool,
) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        let row = row.as_ref();
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells = row.as_ref().iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match is_number(column) {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A file's text.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", display_path(path)))
}

/// A text with another one between two marks; what stood there goes.
///
/// # Errors
///
/// Which mark is missing.
pub(crate) fn between(text: &str, begin: &str, end: &str, body: &str) -> Result<String> {
    let missing = |mark: &str| format!("there is no line `{}`", mark.trim_end());
    let (head, rest) = text.split_once(begin).with_context(|| missing(begin))?;
    let (_, tail) = rest.split_once(end).with_context(|| missing(end))?;
    Ok(format!("{head}{begin}{body}{end}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::aligned;
    use crate::rules;

    fn placed(text: &str) -> Result<String, String> {
        let placed = rules::table().placed(text);
        placed.map_err(|error| error.to_string())
    }

    #[test]
    fn a_table_is_written_between_its_marks() {
        let text = "before\n<!-- rules: written by cargo xtask rules -->\nold\n\
                    <!-- end of rules -->\nafter\n";
        let written = placed(text).unwrap_or_default();
        assert!(written.starts_with("before\n<!-- rules"));
        assert!(written.ends_with("<!-- end of rules -->\nafter\n"));
        assert!(!written.contains("\nold\n") && written.contains("| `no-duplicates` |"));
        assert_eq!(placed(&written), Ok(written));
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["name", "n", ""], ["é", "10", "x"]].map(|row| row.map(str::to_owned));
        let text = aligned(&rows, |column| column == 1);
        assert_eq!(text, "name   n\né     10  x\n");
    }

    #[test]
    fn a_mark_that_is_missing_is_named() {
        let begin = "<!-- rules: written by cargo xtask rules -->";
        let missing = |mark: &str| Err(format!("there is no line `{mark}`"));
        assert_eq!(placed("nothing"), missing(begin));
        assert_eq!(
            placed(&format!("{begin}\n")),
            missing("<!-- end of rules -->")
        );
    }
}
