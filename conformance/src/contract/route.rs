//! Which operation a method and a path mean (OpenAPI 3.0.3, Paths Object: a concrete path is
//! matched before a templated one), parameters inside a segment included.

use plumbline_specs::api::{Api, Method, Operation};
use std::cmp::Ordering;

/// The operation that a request means, with the values in its path.
#[derive(Clone, Debug, PartialEq)]
pub struct Route<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// Parameter name and percent-decoded value, in the order of the template.
    pub values: Vec<(String, String)>,
}

/// All routes, the most concrete first.
pub(super) struct Routes(Vec<Entry>);

struct Entry {
    /// An index into [`Api::operations`].
    operation: usize,
    template: Template,
}

/// A path template, segment by segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Vec<Part>>);

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Parameter(String),
}

impl Routes {
    pub(super) fn new(api: &Api) -> Self {
        let mut entries: Vec<_> = api
            .operations
            .iter()
            .enumerate()
            .map(|(operation, definition)| Entry {
                operation,
                template: Template::parse(&definition.path),
            })
            .collect();
        entries.sort_by(|left, right| left.template.concreteness(&right.template));
        Self(entries)
    }

    /// The operation for a method and a percent-encoded path without its query.
    pub(super) fn find<'a>(&self, api: &'a Api, method: &str, path: &str) -> Option<Route<'a>> {
        self.at(api, path)
            .into_iter()
            .find(|route| route.operation.method.as_str() == method)
    }

    /// The methods that the path takes; none where it is unknown.
    pub(super) fn methods(&self, api: &Api, path: &str) -> Vec<Method> {
        self.at(api, path)
            .into_iter()
            .map(|route| route.operation.method)
            .collect()
    }

    /// The operations of the most concrete template that fits the path.
    fn at<'a>(&self, api: &'a Api, path: &str) -> Vec<Route<'a>> {
        let mut routes: Vec<Route<'a>> = Vec::new();
        let mut chosen: Option<&Template> = None;
        for entry in &self.0 {
            if chosen.is_some_and(|chosen| !chosen.same_shape(&entry.template)) {
                continue;
            }
            let Some(values) = entry.template.matches(path) else {
                continue;
            };
            chosen = Some(&entry.template);
            if let Some(operation) = api.operations.get(entry.operation) {
                routes.push(Route { operation, values });
            }
        }
        routes
    }
}

impl Template {
    pub(super) fn parse(path: &str) -> Self {
        Self(path.split('/').skip(1).map(parts).collect())
    }

    /// The percent-decoded values, if the path fits.
    pub(super) fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut values = Vec::new();
        let mut segments = path.split('/').skip(1);
        for parts in &self.0 {
            if !fits(parts, segments.next()?, &mut values) {
                return None;
            }
        }
        segments.next().is_none().then_some(values)
    }

    /// Less is more concrete: literal text first, then a mixed segment, then a parameter.
    fn concreteness(&self, other: &Self) -> Ordering {
        let ranks = |template: &Self| -> Vec<(u8, usize)> {
            template.0.iter().map(|parts| rank(parts)).collect()
        };
        ranks(self).cmp(&ranks(other))
    }

    /// Whether the two differ in the names of parameters alone.
    fn same_shape(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(left, right)| {
                left.len() == right.len()
                    && left.iter().zip(right).all(|pair| match pair {
                        (Part::Literal(left), Part::Literal(right)) => left == right,
                        (Part::Parameter(_), Part::Parameter(_)) => true,
                        _ => false,
                    })
            })
    }
}

fn rank(parts: &[Part]) -> (u8, usize) {
    let literal: usize = parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.len(),
            Part::Parameter(_) => 0,
        })
        .sum();
    let parameters = parts.iter().any(|part| matches!(part, Part::Parameter(_)));
    match (parameters, literal) {
        (false, _) => (0, 0),
        (true, 0) => (2, 0),
        // The more literal text, the more concrete.
        (true, literal) => (1, usize::MAX - literal),
    }
}

/// Literals and parameters of one segment; an unclosed brace is literal.
fn parts(segment: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((literal, (name, after))) = rest
        .split_once('{')
        .and_then(|(literal, tail)| Some((literal, tail.split_once('}')?)))
    {
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        parts.push(Part::Parameter(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    parts
}

/// Whether a segment fits, with its values added if so. A parameter takes at least one
/// character, and as few as the literal after it allows.
fn fits(parts: &[Part], segment: &str, values: &mut Vec<(String, String)>) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return segment.is_empty();
    };
    match part {
        Part::Literal(text) => {
            // A client may encode what needs no encoding.
            segment
                .strip_prefix(text.as_str())
                .is_some_and(|after| fits(rest, after, values))
                || (rest.is_empty() && segment.contains('%') && decoded(segment) == *text)
        }
        Part::Parameter(name) => {
            let ends = segment
                .char_indices()
                .skip(1)
                .map(|(end, _)| end)
                .chain((!segment.is_empty()).then_some(segment.len()));
            for end in ends {
                let (value, after) = segment.split_at(end);
                if rest.is_empty() && !after.is_empty() {
                    continue;
                }
                let mark = values.len();
                values.push((name.clone(), decoded(value)));
                if fits(rest, after, values) {
                    return true;
                }
                values.truncate(mark);
            }
            false
        }
    }
}

/// As a form or a query writes it: percent-decoded, and a plus sign is a space.
pub(crate) fn form_decoded(text: &str) -> String {
    decoded(&text.replace('+', " "))
}

/// Percent-decoded, what is not UTF-8 replaced.
pub(crate) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn values(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        Template::parse(template).matches(path)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn templates_match_inside_a_segment() {
        assert_eq!(
            values("/files/{name}.{ext}", "/files/a%20b.csv"),
            Some(vec![pair("name", "a b"), pair("ext", "csv")])
        );
        assert_eq!(
            values("/things/{id}:run", "/things/7:run"),
            Some(vec![pair("id", "7")])
        );
        assert_eq!(values("/things/{id}:run", "/things/7"), None);
        assert_eq!(values("/things/{id}:run", "/things/:run"), None);
    }

    #[test]
    fn segments_are_told_apart_before_decoding() {
        assert_eq!(values("/a/{x}", "/a/b%2Fc"), Some(vec![pair("x", "b/c")]));
        assert_eq!(values("/a/{x}", "/a/b/c"), None);
        assert_eq!(values("/a/{x}", "/a/"), None);
        assert_eq!(values("/a", "/a/"), None);
    }

    #[test]
    fn concrete_comes_before_templated() {
        let mut paths = ["/a/{x}", "/a/{x}.json", "/a/mine", "/{b}/mine"].map(Template::parse);
        paths.sort_by(Template::concreteness);
        assert_eq!(
            paths,
            ["/a/mine", "/a/{x}.json", "/a/{x}", "/{b}/mine"].map(Template::parse)
        );
    }
}
