//! `rules`: the README's tables of checks and laws, from the tables in the code.

use crate::tables::Table;
use plumbline_conformance::{report, run};

/// The tables, between their marks in the README.
pub(crate) fn table() -> Table {
    Table {
        file: "README.md",
        verb: "rules",
        marks: "rules",
        text: report::rules_markdown(&run::rules()),
    }
}
