//! `codes`: ARCHITECTURE.md's table of diagnostic codes, from the tables in the code.

use crate::tables::Table;
use std::fmt::Write as _;

/// The table, between its marks in ARCHITECTURE.md.
pub(crate) fn table() -> Table {
    let mut text = "| code | from | what it means |\n|---|---|---|\n".to_owned();
    let sources = [
        ("reading", plumbline_specs::CODES),
        ("planning", plumbline_generator::plan::CODES),
    ];
    for (from, codes) in sources {
        for (code, meaning) in codes {
            let _ = writeln!(text, "| `{code}` | {from} | {meaning} |");
        }
    }
    Table {
        file: "ARCHITECTURE.md",
        verb: "codes",
        text,
    }
}
