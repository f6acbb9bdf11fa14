//! How right the suggested profiles are, by labels that a person gave.
//!
//! Labels are lines of columns with tabs between, the first line naming the columns. A style of
//! `none` is an operation that is not paged, `unsaid` one that is in a way that no profile can
//! say. A certain suggestion is right where its style and the places of position, size, next token
//! and items are those of the label, and a total or a flag that it names is the label's.

use super::{Confidence, Suggestions};
use serde_json::Value;

/// The columns of a file of labels.
const COLUMNS: [&str; 11] = [
    "half",
    "document",
    "operation",
    "style",
    "position",
    "size",
    "next",
    "items",
    "total",
    "more",
    "how",
];

/// What a person says of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// `tuned` or `held`: whether the document was looked at while the rules were made.
    pub half: String,
    /// The document's file name.
    pub document: String,
    /// The operation, as it labels itself.
    pub operation: String,
    /// `page`, `offset`, `cursor`, `link`, `none` or `unsaid`.
    pub style: String,
    /// Position, size, next, items, total and more; empty where there is none.
    places: [String; 6],
}

/// How often what was called certain was right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Labels that were looked at.
    pub labels: usize,
    /// Those with a style that a profile can say.
    pub paged: usize,
    /// Operations for which a profile was called certain.
    pub certain: usize,
    /// Of these the right ones.
    pub right: usize,
    /// What went wrong, one sentence each.
    pub misses: Vec<String>,
}

/// Reads a file of labels.
///
/// # Errors
///
/// The first line that is not as it should be, with its number.
pub fn labels(text: &str) -> Result<Vec<Label>, String> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    if head != COLUMNS {
        return Err(format!("line 1: the columns are {}", COLUMNS.join(", ")));
    }
    let mut labels = Vec::new();
    for (index, line) in lines.enumerate() {
        let wrong = |what: String| format!("line {}: {what}", index + 2);
        let cells: Vec<&str> = line.split('\t').collect();
        let [half, document, operation, style, places @ .., how] = cells.as_slice() else {
            return Err(wrong("too few columns".to_owned()));
        };
        let places: &[&str; 6] = places
            .try_into()
            .map_err(|_| wrong(format!("there are {} columns", COLUMNS.len())))?;
        if how.is_empty() {
            return Err(wrong("how it was decided is not said".to_owned()));
        }
        if !["tuned", "held"].contains(half) {
            return Err(wrong(format!("`{half}` is neither tuned nor held")));
        }
        if !["page", "offset", "cursor", "link", "none", "unsaid"].contains(style) {
            return Err(wrong(format!("`{style}` is no style")));
        }
        labels.push(Label {
            half: (*half).to_owned(),
            document: (*document).to_owned(),
            operation: (*operation).to_owned(),
            style: (*style).to_owned(),
            places: places.map(str::to_owned),
        });
    }
    Ok(labels)
}

impl Score {
    /// Adds the labels of one document.
    pub fn add<'l>(
        &mut self,
        labels: impl IntoIterator<Item = &'l Label>,
        suggestions: &Suggestions,
    ) {
        for label in labels {
            self.labels += 1;
            let paged = !matches!(label.style.as_str(), "none" | "unsaid");
            self.paged += usize::from(paged);
            let certain = suggestions.paging().find(|one| {
                one.operation.as_ref() == Some(&label.operation)
                    && one.confidence == Confidence::Certain
            });
            let Some(profile) = certain.and_then(super::Suggestion::profile) else {
                if paged {
                    let said = suggestions
                        .paging()
                        .find(|one| one.operation.as_ref() == Some(&label.operation))
                        .map_or("nothing is suggested".to_owned(), |one| {
                            format!("{}: {}", one.confidence.word(), one.doubts.join("; "))
                        });
                    self.miss(label, &format!("missed; {said}"));
                }
                continue;
            };
            self.certain += 1;
            let place = |keys: &[&str]| {
                let found = keys.iter().find_map(|key| profile.get(*key));
                found.and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let said = [
                place(&["number", "offset", "cursor"]),
                place(&["size", "limit"]),
                place(&["next"]),
                place(&["items"]).trim_end_matches('#').to_owned(),
                place(&["total"]),
                place(&["more"]),
            ];
            let style = place(&["style"]);
            let wrong: Vec<String> = said
                .iter()
                .zip(&label.places)
                .zip(COLUMNS.iter().skip(4))
                .filter(|((said, label), column)| {
                    let optional = matches!(**column, "total" | "more") && said.is_empty();
                    said != label && !optional
                })
                .map(|((said, label), column)| format!("{column} is `{said}`, not `{label}`"))
                .collect();
            if style == label.style && wrong.is_empty() {
                self.right += 1;
            } else if style == label.style {
                self.miss(label, &wrong.join("; "));
            } else {
                self.miss(label, &format!("`{style}`, not `{}`", label.style));
            }
        }
    }

    fn miss(&mut self, label: &Label, what: &str) {
        self.misses
            .push(format!("{} {}: {what}", label.document, label.operation));
    }

    /// Of what is called certain, the part that is right, in percent; `None` where nothing is.
    pub fn precision(&self) -> Option<f64> {
        percent(self.right, self.certain)
    }

    /// Of what is paged in a way that a profile can say, the part that is found and right, in
    /// percent; `None` where nothing is.
    pub fn recall(&self) -> Option<f64> {
        percent(self.right, self.paged)
    }
}

fn percent(part: usize, whole: usize) -> Option<f64> {
    let count = |number: usize| u32::try_from(number).ok().map(f64::from);
    (whole > 0).then_some(100.0 * count(part)? / count(whole)?)
}

#[cfg(test)]
mod tests {
    use super::{Score, labels};
    use crate::suggest::{Confidence, Kind, Suggestion, Suggestions};
    use serde_json::json;

    const HEAD: &str =
        "half\tdocument\toperation\tstyle\tposition\tsize\tnext\titems\ttotal\tmore\thow\n";

    fn certain(operation: &str, profile: &serde_json::Value) -> Suggestion {
        Suggestion {
            kind: Kind::Paging,
            operation: Some(operation.to_owned()),
            confidence: Confidence::Certain,
            actions: vec![json!({"target": "$", "update": {"x-pagination": profile}})],
            evidence: Vec::new(),
            doubts: Vec::new(),
        }
    }

    #[test]
    fn what_is_certain_is_held_against_the_labels() {
        let text = format!(
            "{HEAD}tuned\ta.yaml\tright\tpage\tP\tS\t\tI\tT\t\tread\n\
             tuned\ta.yaml\twrong\tpage\tP\tS\t\tI\t\t\tread\n\
             tuned\ta.yaml\tmissed\tpage\tP\tS\t\tI\t\t\tread\n\
             tuned\ta.yaml\tnot\tnone\t\t\t\t\t\t\tread\n"
        );
        let labels = labels(&text).unwrap();
        let page = json!({"style": "page", "number": "P", "size": "S", "items": "I"});
        let other = json!({"style": "page", "number": "P", "size": "S", "items": "J"});
        let suggestions = Suggestions {
            title: String::new(),
            list: vec![
                certain("right", &page),
                certain("wrong", &other),
                certain("not", &page),
            ],
        };
        let mut score = Score::default();
        score.add(&labels, &suggestions);
        assert_eq!((score.labels, score.paged), (4, 3));
        assert_eq!((score.certain, score.right), (3, 1));
        assert_eq!(score.misses.len(), 3);
        assert!(score.recall().is_some_and(|recall| recall < 34.0));
    }

    #[test]
    fn a_bad_line_is_named() {
        assert!(labels("half\n").unwrap_err().starts_with("line 1"));
        let text = format!("{HEAD}tuned\ta\tb\tspiral\t\t\t\t\t\t\tread\n");
        assert_eq!(labels(&text).unwrap_err(), "line 2: `spiral` is no style");
    }
}
