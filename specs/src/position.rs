//! JSON Pointer → line and column, found only when somebody asks.
//!
//! One walk over the text finds all pointers of an input. A node that the text does not have,
//! because an overlay added it, gets the position of the nearest one around it that it has.

use crate::Pointer;
use crate::diagnostic::Position;
use crate::read::Input;
use crate::source::{is_json, text_of};
use saphyr_parser::{Event, Parser, Span};
use std::collections::HashMap;

/// The position of each of these pointers in an input, in order; of a member that of its key.
/// `None` where the text cannot be read at all.
pub fn positions(input: Input<'_>, pointers: &[Pointer]) -> Vec<Option<Position>> {
    let pointers: Vec<&Pointer> = pointers.iter().collect();
    locate(input.bytes, &pointers)
}

/// [`positions`] in a text.
pub(crate) fn locate(bytes: &[u8], pointers: &[&Pointer]) -> Vec<Option<Position>> {
    let mut finder = Finder {
        found: vec![None; pointers.len()],
    };
    let Some(text) = text_of(bytes) else {
        return finder.found;
    };
    let mut tree = Wanted::default();
    for (id, pointer) in pointers.iter().enumerate() {
        let mut node = &mut tree;
        for token in pointer.tokens() {
            node = node.below.entry(token).or_default();
        }
        node.ids.push(id);
    }
    if is_json(text) {
        Json::new(text).walk(&tree, &mut finder);
    } else {
        yaml(text, &tree, &mut finder);
    }
    finder.found
}

/// The pointers that are asked for, as a tree of their tokens.
#[derive(Default)]
struct Wanted {
    ids: Vec<usize>,
    below: HashMap<String, Wanted>,
}

struct Finder {
    found: Vec<Option<Position>>,
}

impl Finder {
    /// A node is met: it is the best so far for all that stands below it.
    fn met(&mut self, wanted: &Wanted, position: Position) {
        let mut stack = vec![wanted];
        while let Some(wanted) = stack.pop() {
            for id in &wanted.ids {
                if let Some(slot) = self.found.get_mut(*id) {
                    *slot = Some(position);
                }
            }
            stack.extend(wanted.below.values());
        }
    }
}

/// A collection that a walk is inside of.
enum Open<'w> {
    List {
        wanted: Option<&'w Wanted>,
        index: usize,
    },
    /// `key` is the one whose value comes next.
    Map {
        wanted: Option<&'w Wanted>,
        key: Option<Option<&'w Wanted>>,
    },
}

fn yaml(text: &str, tree: &Wanted, finder: &mut Finder) {
    let mut stack: Vec<Open<'_>> = Vec::new();
    for event in Parser::new_from_str(text) {
        // The text was read before; where this parser is stricter, what is found so far stands.
        let Ok((event, span)) = event else { return };
        match event {
            Event::Scalar(value, ..) => {
                node(&mut stack, tree, finder, position(span), Some(&value));
            }
            Event::Alias(_) => {
                node(&mut stack, tree, finder, position(span), None);
            }
            Event::SequenceStart(..) => {
                let wanted = node(&mut stack, tree, finder, position(span), None);
                stack.push(Open::List { wanted, index: 0 });
            }
            Event::MappingStart(..) => {
                let wanted = node(&mut stack, tree, finder, position(span), None);
                stack.push(Open::Map { wanted, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                stack.pop();
            }
            _ => {}
        }
    }
}

fn position(span: Span) -> Position {
    Position {
        line: span.start.line().max(1),
        column: span.start.col() + 1,
    }
}

/// Takes a node of the stream for a key, a member, an element or the root; gives what is wanted
/// below it.
fn node<'w>(
    stack: &mut [Open<'w>],
    tree: &'w Wanted,
    finder: &mut Finder,
    at: Position,
    scalar: Option<&str>,
) -> Option<&'w Wanted> {
    match stack.last_mut() {
        None => {
            finder.met(tree, at);
            Some(tree)
        }
        Some(Open::List { wanted, index }) => {
            let element = wanted.and_then(|wanted| wanted.below.get(&index.to_string()));
            *index += 1;
            if let Some(element) = element {
                finder.met(element, at);
            }
            element
        }
        Some(Open::Map { wanted, key }) => match key.take() {
            Some(member) => member,
            None => {
                let member =
                    scalar.and_then(|name| wanted.and_then(|wanted| wanted.below.get(name)));
                if let Some(member) = member {
                    finder.met(member, at);
                }
                *key = Some(member);
                None
            }
        },
    }
}

/// A walk over JSON that is known to be well formed.
struct Json<'t> {
    text: &'t str,
    rest: std::iter::Peekable<std::str::CharIndices<'t>>,
    at: Position,
}

impl<'t> Json<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            rest: text.char_indices().peekable(),
            at: Position { line: 1, column: 1 },
        }
    }

    fn next(&mut self) -> Option<(usize, char)> {
        let (offset, character) = self.rest.next()?;
        if character == '\n' {
            self.at.line += 1;
            self.at.column = 1;
        } else {
            self.at.column += 1;
        }
        Some((offset, character))
    }

    fn walk(&mut self, tree: &Wanted, finder: &mut Finder) {
        let mut stack: Vec<Open<'_>> = Vec::new();
        loop {
            let at = self.at;
            let Some((start, character)) = self.next() else {
                return;
            };
            match character {
                '{' => {
                    let wanted = node(&mut stack, tree, finder, at, None);
                    stack.push(Open::Map { wanted, key: None });
                }
                '[' => {
                    let wanted = node(&mut stack, tree, finder, at, None);
                    stack.push(Open::List { wanted, index: 0 });
                }
                '}' | ']' => {
                    stack.pop();
                }
                '"' => {
                    let end = self.string();
                    let quoted = self.text.get(start..end).unwrap_or_default();
                    let name: Option<String> = serde_json::from_str(quoted).ok();
                    node(&mut stack, tree, finder, at, name.as_deref());
                }
                ',' | ':' => {}
                other if other.is_whitespace() => {}
                _ => {
                    while self
                        .rest
                        .peek()
                        .is_some_and(|(_, next)| next.is_alphanumeric() || "+-.".contains(*next))
                    {
                        self.next();
                    }
                    node(&mut stack, tree, finder, at, None);
                }
            }
        }
    }

    /// Passes over the rest of a string; gives the offset after its closing quote.
    fn string(&mut self) -> usize {
        while let Some((offset, character)) = self.next() {
            match character {
                '"' => return offset + 1,
                '\\' => {
                    self.next();
                }
                _ => {}
            }
        }
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::Pointer;

    fn found(text: &str, pointers: &[&str]) -> Vec<(usize, usize)> {
        let pointers: Vec<Pointer> = pointers
            .iter()
            .map(|pointer| Pointer::parse(pointer).expect("a pointer"))
            .collect();
        let pointers: Vec<&Pointer> = pointers.iter().collect();
        locate(text.as_bytes(), &pointers)
            .into_iter()
            .map(|position| position.map_or((0, 0), |at| (at.line, at.column)))
            .collect()
    }

    #[test]
    fn nodes_of_yaml_are_found() {
        let text = "a:\n  - b: 1\n    200: [x, {y: z}]\n  - c\nü: &n {k: v}\nalias: *n\n";
        let pointers = [
            "",
            "/a",
            "/a/0",
            "/a/0/b",
            "/a/0/200/1/y",
            "/a/1",
            "/ü/k",
            "/alias/k",
            "/new/x",
        ];
        assert_eq!(
            found(text, &pointers),
            [
                (1, 1),
                (1, 1),
                (2, 5),
                (2, 5),
                (3, 15),
                (4, 5),
                (5, 8),
                (6, 1),
                (1, 1)
            ]
        );
    }

    #[test]
    fn nodes_of_json_are_found() {
        let text = "\u{feff}{\"a\": [1, {\"b\\u00e9\": \"\\\"}\"}],\n\t\"c\": {\"\\ud83d\\ude00\": -1.5e3, \"d\": null}}";
        let pointers = ["/a/0", "/a/1/bé", "/c", "/c/d", "/c/😀", "/a/7"];
        assert_eq!(
            found(text, &pointers),
            [(1, 8), (1, 12), (2, 2), (2, 32), (2, 8), (1, 2)]
        );
    }

    #[test]
    fn of_a_key_that_comes_twice_the_last_is_found() {
        assert_eq!(found("a: 1\nb: 2\na: 3\n", &["/a"]), [(3, 1)]);
    }
}
