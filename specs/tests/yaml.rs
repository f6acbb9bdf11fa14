//! The two readers of YAML agree: serde_yaml, which reads values, and saphyr-parser, which finds
//! where a value stands. Documents of the world are read where `PLUMBLINE_SHARED` names them.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod documents;

use plumbline_specs::{Input, Pointer, Position, positions, value};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Keys as they are written and as they are read.
const KEYS: [(&str, &str); 18] = [
    ("plain", "plain"),
    ("two words", "two words"),
    ("'single ''quoted'''", "single 'quoted'"),
    (r#""double \"quoted\"""#, r#"double "quoted""#),
    (r#""\u00e9\x41\t""#, "éA\t"),
    ("größe", "größe"),
    ("😀", "😀"),
    ("a:b", "a:b"),
    ("a#b", "a#b"),
    ("/paths/{id}", "/paths/{id}"),
    ("200", "200"),
    ("'007'", "007"),
    ("-1", "-1"),
    ("on", "on"),
    ("''", ""),
    ("x-~tilde", "x-~tilde"),
    ("&anchor anchored", "anchored"),
    ("!!str tagged", "tagged"),
];

/// Values, and on how many lines each stands.
const VALUES: [(&str, usize); 18] = [
    ("1", 1),
    ("", 1),
    ("~ # a comment", 1),
    ("plain\n  goes on", 2),
    ("'single\n\n  quoted'", 3),
    ("\"double \\\n  quoted\"", 2),
    ("|\n  literal\n   block\n", 4),
    (">\n  folded\n  block", 3),
    ("|2-\n    indented\n", 3),
    (">+\n  kept\n\n", 4),
    ("[1, two,\n  {three: 3}]", 2),
    ("{a: [], b: {c: d},\n  'e': ~}", 2),
    ("\n  # between\n  - 1\n  -\n    - 2\n  - k: v", 6),
    ("\n  deep:\n    deeper: {deepest: x}", 3),
    ("*earlier", 1),
    ("!!binary aGVsbG8=", 1),
    ("!custom {a: 1}", 1),
    ("&here\n  a: &there 1", 2),
];

fn found(text: &str, pointers: &[Pointer]) -> Vec<Option<(usize, usize)>> {
    let input = Input {
        name: "odd.yaml",
        bytes: text.as_bytes(),
    };
    let position = |own: Position| (own.line, own.column);
    let found = positions(input, pointers);
    found.into_iter().map(|own| own.map(position)).collect()
}

#[test]
fn odd_documents_are_read_alike() {
    let root = Pointer::root();
    let mut documents = 0;
    for (written, name) in KEYS {
        for (text, lines) in VALUES {
            for (begin, newline) in [("", "\n"), ("%YAML 1.2\n---\n", "\n"), ("\u{feff}", "\r\n")] {
                let text = format!("{begin}first: &earlier {{z: 1}}\n{written}: {text}\nlast: 1\n");
                let text = text.replace('\n', newline);
                let input = Input {
                    name: "odd.yaml",
                    bytes: text.as_bytes(),
                };
                let read = value(input).unwrap_or_else(|found| panic!("{text}\n{found}"));
                assert!(read.get(name).is_some(), "{name:?} is not in {read}");
                let first = 1 + begin.matches('\n').count();
                assert_eq!(
                    found(
                        &text,
                        &[root.join("first"), root.join(name), root.join("last")]
                    ),
                    [
                        Some((first, 1)),
                        Some((first + 1, 1)),
                        Some((first + 1 + lines, 1)),
                    ],
                    "{text}"
                );
                documents += 1;
            }
        }
    }
    assert!(documents > 100);
}

#[test]
fn merged_members_stand_where_they_are_merged() {
    let text = "base: &base {a: 1, b: 2}\nmerged:\n  <<: *base\n  b: 3\n";
    let input = Input {
        name: "merge.yaml",
        bytes: text.as_bytes(),
    };
    let read = value(input).unwrap();
    assert_eq!(read["merged"], serde_json::json!({"b": 3, "a": 1}));
    let merged = Pointer::root().join("merged");
    assert_eq!(
        found(text, &[merged.join("a"), merged.join("b")]),
        [Some((2, 1)), Some((4, 3))]
    );
}

/// So many members of a document are sought at most.
const SOUGHT: usize = 2_000;

/// Members of every document of the corpus stand where the text has their keys.
#[test]
fn documents_of_the_world_are_read_alike() {
    let Some(shared) = std::env::var_os("PLUMBLINE_SHARED").filter(|value| !value.is_empty())
    else {
        eprintln!("PLUMBLINE_SHARED is not set: no document of the world is read");
        return;
    };
    let mut members = 0;
    for path in documents::below(&Path::new(&shared).join("corpus")) {
        let bytes = fs::read(&path).unwrap();
        let input = Input {
            name: "document",
            bytes: &bytes,
        };
        let Ok(read) = value(input) else { continue };
        let mut places = Vec::new();
        let mut open = vec![(Pointer::root(), &read)];
        while let Some((place, node)) = open.pop() {
            match node {
                Value::Object(map) => {
                    for (key, member) in map {
                        places.push((place.join(key), key.as_str()));
                        open.push((place.join(key), member));
                    }
                }
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    open.extend(items.map(|(index, item)| (place.index(index), item)));
                }
                _ => {}
            }
        }
        let every = 1 + places.len() / SOUGHT;
        let places: Vec<_> = places.into_iter().step_by(every).collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.split('\n').collect();
        let pointers: Vec<Pointer> = places.iter().map(|(place, _)| place.clone()).collect();
        let found = positions(input, &pointers);
        for ((place, key), position) in places.iter().zip(found) {
            let position = position.unwrap();
            let line = lines[position.line - 1].trim_start_matches('\u{feff}');
            let rest: String = line.chars().skip(position.column - 1).collect();
            let quoted = rest.starts_with(['"', '\'']);
            let escaped = quoted && key.contains(['"', '\'', '\\']) || !key.is_ascii();
            // What an alias stands for is found at the alias.
            let is_alias = rest.starts_with('*') || rest.contains(": *");
            assert!(
                escaped || is_alias || rest.trim_start_matches(['"', '\'']).starts_with(key),
                "{}: {place} is not at {}:{}: {rest:.60}",
                path.display(),
                position.line,
                position.column
            );
        }
        members += places.len();
    }
    assert!(members > 50_000, "only {members} members were read");
}
