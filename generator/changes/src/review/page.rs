//! Reviews as one HTML page that stands alone: no script, no request to anywhere.

use super::item::{Changed, Sign};
use super::{Review, text};
use askama::Template;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    reviews: Vec<Whole<'a>>,
}

/// One review.
struct Whole<'a> {
    name: &'a str,
    headline: &'a str,
    items: String,
    groups: Vec<Group<'a>>,
    rest: Vec<Item<'a>>,
}

/// The changes of one severity.
struct Group<'a> {
    title: &'static str,
    class: &'static str,
    rows: Vec<Row<'a>>,
}

/// A change of the document, and the items that it changed.
struct Row<'a> {
    heading: Option<&'a str>,
    first: &'a str,
    lines: Vec<&'a str>,
    above: Option<String>,
    items: Vec<Item<'a>>,
}

struct Item<'a> {
    title: String,
    lines: Vec<(&'static str, char, &'a str)>,
}

/// Writes reviews, each with its name, as a page. The template escapes every value, and a content
/// security policy forbids scripts, so that a hostile document stays text.
///
/// # Errors
///
/// When the page cannot be written into memory.
pub fn html(reviews: &[(String, Review)]) -> Result<String, askama::Error> {
    Page {
        reviews: reviews
            .iter()
            .map(|(name, review)| Whole::of(name, review))
            .collect(),
    }
    .render()
}

impl<'a> Whole<'a> {
    fn of(name: &'a str, review: &'a Review) -> Self {
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut heading = None;
        for part in &review.parts {
            let title = part.severity.title();
            if groups.last().is_none_or(|group| group.title != title) {
                heading = None;
                groups.push(Group {
                    title,
                    class: class(part.severity),
                    rows: Vec::new(),
                });
            }
            let new = heading != Some(&part.heading);
            heading = Some(&part.heading);
            let (first, lines) =
                part.lines
                    .split_first()
                    .map_or(("", Vec::new()), |(first, rest)| {
                        let less = |line: &'a String| line.strip_prefix("  ").unwrap_or(line);
                        (first.as_str(), rest.iter().map(less).collect())
                    });
            let row = Row {
                heading: new.then_some(part.heading.as_str()),
                first,
                lines,
                above: (!part.above.is_empty()).then(|| part.above.join(", ")),
                items: items(review, &part.items),
            };
            if let Some(group) = groups.last_mut() {
                group.rows.push(row);
            }
        }
        Self {
            name,
            headline: &review.headline,
            items: review.items_in_words(),
            groups,
            rest: items(review, &review.rest),
        }
    }
}

fn items<'a>(review: &'a Review, indices: &[usize]) -> Vec<Item<'a>> {
    let found = indices.iter().filter_map(|index| review.items.get(*index));
    found.map(item).collect()
}

fn item(item: &Changed) -> Item<'_> {
    let class = |sign| match sign {
        Sign::New => "new",
        Sign::Gone => "gone",
        Sign::Same => "same",
        Sign::Gap => "gap",
    };
    Item {
        title: text::title(item),
        lines: item
            .lines
            .iter()
            .map(|line| (class(line.sign), line.sign.mark(), line.text.as_str()))
            .collect(),
    }
}

fn class(severity: crate::Severity) -> &'static str {
    use crate::Severity;
    match severity {
        Severity::Client | Severity::Rust => "breaks",
        Severity::Server | Severity::Risk => "risks",
        Severity::Compatible | Severity::Prose => "safe",
    }
}
