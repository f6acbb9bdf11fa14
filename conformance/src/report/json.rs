//! The report as JSON: the data itself, to be merged, kept or read by other tools.

use crate::Report;

/// Writes the report as indented JSON, ending with a line feed; [`crate::Report`] reads it back.
pub fn json(report: &Report) -> String {
    // A report has string keys only, so that writing it cannot fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    super::escape::json(&text)
}
