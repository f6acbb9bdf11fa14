//! `rules`: the documentation's tables of checks and laws, from the tables in the code.

use crate::tables::Table;
use plumbline_conformance::{report, rule};

/// The tables, between their marks.
pub(crate) fn table() -> Table {
    Table {
        file: "docs/reference/rules.md",
        verb: "rules",
        marks: "rules",
        text: report::rules_markdown(&rule::rules()),
    }
}
