//! What is suggested for the documents of a folder, as a table.

use crate::tables::aligned;
use plumbline_specs::Suggestions;
use plumbline_specs::suggest::{Confidence, Kind};
use std::collections::BTreeMap;

/// One document.
pub(super) struct Row {
    document: String,
    /// How many profiles of each style, and how many operations that no profile can say.
    styles: BTreeMap<String, usize>,
    /// How many list operations were found.
    lists: usize,
    /// How many of them are certain, likely and possible.
    confidence: [usize; 3],
    /// How many other suggestions there are, and how many of them are certain.
    others: [(usize, usize); 5],
}

/// The kinds beside paging, with the headings of their columns.
const OTHERS: [(Kind, &str); 5] = [
    (Kind::Resources, "resources"),
    (Kind::Names, "names"),
    (Kind::Security, "security"),
    (Kind::Strings, "JSON strings"),
    (Kind::Dialect, "dialect"),
];

impl Row {
    pub(super) fn new(document: &str, suggestions: &Suggestions) -> Self {
        let mut styles = BTreeMap::new();
        let mut confidence = [0; 3];
        let mut lists = 0;
        for one in suggestions.paging() {
            lists += 1;
            let style = one.style().unwrap_or("unsaid");
            *styles.entry(style.to_owned()).or_default() += 1;
            let column = match one.confidence {
                Confidence::Certain => 0,
                Confidence::Likely => 1,
                Confidence::Possible => 2,
            };
            if let Some(count) = confidence.get_mut(column) {
                *count += 1;
            }
        }
        let others = OTHERS.map(|(kind, _)| {
            let own = suggestions.list.iter().filter(|one| one.kind == kind);
            let certain = own
                .clone()
                .filter(|one| one.confidence == Confidence::Certain);
            (own.count(), certain.count())
        });
        Self {
            document: document.to_owned(),
            styles,
            lists,
            confidence,
            others,
        }
    }

    fn cells(&self) -> Vec<String> {
        let styles: Vec<String> = self
            .styles
            .iter()
            .map(|(style, count)| format!("{count} {style}"))
            .collect();
        let mut cells = vec![
            self.document.clone(),
            self.lists.to_string(),
            styles.join(", "),
        ];
        cells.extend(self.confidence.iter().map(usize::to_string));
        cells.extend(self.others.iter().map(|(all, certain)| match all {
            0 => String::new(),
            _ => format!("{certain} of {all}"),
        }));
        cells
    }
}

/// For a terminal; of the kinds beside paging it says how many are certain.
pub(super) fn text(rows: &[Row]) -> String {
    let mut head: Vec<String> = [
        "document", "lists", "styles", "certain", "likely", "possible",
    ]
    .map(str::to_owned)
    .to_vec();
    head.extend(OTHERS.map(|(_, heading)| heading.to_owned()));
    let mut lines = vec![head];
    lines.extend(rows.iter().map(Row::cells));
    aligned(&lines, |column| column == 1 || (3..6).contains(&column))
}
