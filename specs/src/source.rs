//! Bytes become a value: YAML or JSON by content, within limits.
//!
//! YAML is read by the core schema of YAML 1.2: `off` and `=` are strings, dates are strings.
//! Keys become strings as they are written, so that `200:` is `"200"`. Anchors and merge keys
//! work; what they expand to is counted, so that a small file cannot fill the memory.

use crate::Pointer;
use crate::codes;
use crate::diagnostic::{Diagnostic, Position, Sink};
use saphyr_parser::{Event, Parser};
use serde::Deserialize;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The most bytes that an input may have, the files that a document refers to counted with it.
pub const MAX_BYTES: usize = 64 << 20;

/// How deep lists and maps may nest; both parsers refuse what is deeper.
pub(crate) const MAX_DEPTH: usize = 128;

/// So many brackets are let through to libyaml where another reader of YAML gave up.
const MAX_BRACKETS: usize = 20_000;

/// So many values, lists and maps of YAML are read, and so many ends of lists and maps.
const MAX_NODES: usize = 1_500_000;

/// What all values together may take in memory after aliases are expanded, in bytes.
const MAX_EXPANDED: usize = 256 << 20;

/// What one value takes beside its text.
const NODE_COST: usize = 72;

/// What a map takes beside its members, and what a member takes beside its key and value.
const MAP_COST: usize = 64;
const MEMBER_COST: usize = 104;

/// Reads bytes as JSON when they begin as JSON does, as YAML otherwise.
///
/// # Errors
///
/// `None` with diagnostics in the sink: `invalid-utf8`, `syntax`, `too-large`, `too-deep`,
/// `empty-document`. Members given twice are reported as `duplicate-key`.
pub(crate) fn parse(bytes: &[u8], sink: &mut Sink) -> Option<Value> {
    if bytes.len() > MAX_BYTES {
        sink.push(
            Diagnostic::error(
                codes::TOO_LARGE,
                format!("the input has {} bytes, more than {MAX_BYTES}", bytes.len()),
            )
            .help("take the part that you need with `select` of another tool first"),
        );
        return None;
    }
    let text = decode(bytes, sink)?;
    let mut state = State::default();
    let outcome = if is_json(text) {
        read_json(text, &mut state)
    } else {
        read_yaml(text, &mut state)
    };
    for tokens in state.duplicates {
        let pointer = tokens
            .iter()
            .rev()
            .fold(Pointer::root(), |pointer, token| pointer.join(token));
        let key = tokens.first().map(String::as_str).unwrap_or_default();
        sink.push(
            Diagnostic::error(codes::DUPLICATE_KEY, format!("the key `{key}` comes twice"))
                .pointer(&pointer)
                .help("readers disagree about which one counts: keep one"),
        );
    }
    match outcome {
        Ok(Value::Null) => {
            sink.push(
                Diagnostic::error(codes::EMPTY_DOCUMENT, "the input is empty")
                    .help("an OpenAPI document begins with `openapi: 3.1.0` or the like"),
            );
            None
        }
        Ok(value) => Some(value),
        Err(failure) => {
            sink.push(*failure);
            None
        }
    }
}

/// Whether a text begins as JSON does; a YAML flow mapping without quotes does not.
pub(crate) fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix('{') {
        rest.trim_start().starts_with(['"', '}'])
    } else if let Some(rest) = text.strip_prefix('[') {
        rest.trim_start().starts_with(['{', '[', '"', ']'])
    } else {
        false
    }
}

/// The text of the bytes, without a byte order mark.
pub(crate) fn text_of(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn decode<'a>(bytes: &'a [u8], sink: &mut Sink) -> Option<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let good = std::str::from_utf8(good).unwrap_or_default();
            let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
            sink.push(
                Diagnostic::error(codes::INVALID_UTF8, "the input is not UTF-8")
                    .position(end_of(good))
                    .help(if wide {
                        "it looks like UTF-16: convert it to UTF-8"
                    } else {
                        "convert it to UTF-8"
                    }),
            );
            None
        }
    }
}

/// The position after the last character.
fn end_of(text: &str) -> Position {
    let line = text.matches('\n').count() + 1;
    let last = text.rsplit('\n').next().unwrap_or_default();
    Position {
        line,
        column: last.chars().count() + 1,
    }
}

fn read_json(text: &str, state: &mut State) -> Result<Value, Box<Diagnostic>> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Node { state }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| {
            let message = error.to_string();
            // serde_json ends its messages with the position, which is said apart.
            let message = message
                .rsplit_once(" at line ")
                .map_or(message.as_str(), |(message, _)| message);
            // serde_json counts bytes.
            let line = text.lines().nth(error.line().saturating_sub(1));
            let before = line.and_then(|line| line.get(..error.column().saturating_sub(1)));
            let column = before.map_or(error.column(), |before| before.chars().count() + 1);
            Box::new(failure(message).position(Position {
                line: error.line().max(1),
                column: column.max(1),
            }))
        })
}

fn read_yaml(text: &str, state: &mut State) -> Result<Value, Box<Diagnostic>> {
    if text
        .lines()
        .all(|line| matches!(line.trim_start().chars().next(), None | Some('#')))
    {
        return Ok(Value::Null);
    }
    within_bounds(text)?;
    Node { state }
        .deserialize(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| {
            let position = error.location().map(|location| Position {
                line: location.line().max(1),
                column: location.column().max(1),
            });
            let message = error.to_string();
            let message = message
                .split_once(" at line ")
                .map_or(message.as_str(), |(message, _)| message);
            let diagnostic = failure(message);
            Box::new(match position {
                Some(position) => diagnostic.position(position),
                None => diagnostic,
            })
        })
}

/// Refuses what libyaml would take too much for: time that is quadratic in the depth of `[` and
/// `{`, and memory for each node, as it reads a document to its end before anything else can count.
fn within_bounds(text: &str) -> Result<(), Box<Diagnostic>> {
    let brackets = |text: &str| {
        text.bytes()
            .filter(|byte| matches!(byte, b'[' | b'{'))
            .count()
    };
    if brackets(text) <= MAX_DEPTH && text.len() <= MAX_NODES {
        return Ok(());
    }
    let (mut depth, mut nodes, mut rest) = (0_usize, 0_usize, 0);
    let mut last = Position { line: 1, column: 1 };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else {
            // What only libyaml reads is not let near it with so many brackets in what is left.
            let left = text.get(rest..).unwrap_or(text);
            if depth.saturating_add(brackets(left)) > MAX_BRACKETS {
                return Err(Box::new(too_deep().position(last)));
            }
            return Ok(());
        };
        last = Position {
            line: span.start.line().max(1),
            column: span.start.col() + 1,
        };
        // Counted in characters: never behind the byte that is meant.
        rest = span.start.index();
        nodes += 1;
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Box::new(too_deep().position(last)));
        }
        if nodes > MAX_NODES {
            return Err(Box::new(
                Diagnostic::error(
                    codes::TOO_LARGE,
                    format!("the input has more than {MAX_NODES} values, lists and maps"),
                )
                .position(last)
                .help("select the part that you need with another tool first"),
            ));
        }
    }
    Ok(())
}

fn too_deep() -> Diagnostic {
    Diagnostic::error(
        codes::TOO_DEEP,
        format!("lists and maps nest more than {MAX_DEPTH} deep"),
    )
    .help("name the inner parts under `components` and refer to them")
}

fn failure(message: &str) -> Diagnostic {
    if message.contains("recursion limit") {
        return too_deep();
    }
    if message.contains("repetition limit") || message.contains(TOO_LARGE) {
        return Diagnostic::error(
            codes::TOO_LARGE,
            format!(
                "the values come to more than {} MiB, aliases expanded",
                MAX_EXPANDED >> 20
            ),
        )
        .help("write a repeated part under `components` and refer to it with `$ref`");
    }
    if message.contains("more than one document") {
        return Diagnostic::error(codes::SYNTAX, "the input holds more than one YAML document")
            .help("remove what follows the second `---`");
    }
    Diagnostic::error(codes::SYNTAX, message.to_owned())
}

const TOO_LARGE: &str = "expands to too much";

/// What reading one input counts and finds.
#[derive(Default)]
struct State {
    expanded: usize,
    /// The tokens of each key that came twice, innermost first; each level that a value is
    /// left through adds its own.
    duplicates: Vec<Vec<String>>,
}

impl State {
    fn count<E: Error>(&mut self, text: usize) -> Result<(), E> {
        self.expanded = self.expanded.saturating_add(text + NODE_COST);
        if self.expanded > MAX_EXPANDED {
            return Err(E::custom(TOO_LARGE));
        }
        Ok(())
    }

    fn leave(&mut self, before: usize, token: impl Fn() -> String) {
        for tokens in self.duplicates.iter_mut().skip(before) {
            tokens.push(token());
        }
    }
}

/// Reads one value.
struct Node<'a> {
    state: &'a mut State,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON has")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.state.count(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.state.count(0)?;
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.state.count(0)?;
        Ok(Value::Number(value.into()))
    }

    // An integer beyond 64 bits is kept as the nearest double, as JSON readers do.
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is meant"
    )]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is meant"
    )]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.state.count(0)?;
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("infinity and not-a-number are not values that JSON has"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.state.count(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.state.count(value.len())?;
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.state.count(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    /// A value with a YAML tag of its own: the tag says nothing that JSON has.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (_, contents): (Key, _) = access.variant()?;
        contents.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.state.count(0)?;
        let mut items = Vec::new();
        loop {
            let before = self.state.duplicates.len();
            let Some(item) = access.next_element_seed(Node { state: self.state })? else {
                return Ok(Value::Array(items));
            };
            self.state.leave(before, || items.len().to_string());
            items.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        self.state.count(MAP_COST)?;
        let mut map = Map::new();
        let mut merged = Vec::new();
        while let Some(Key(key)) = access.next_key()? {
            self.state.count(key.len() + MEMBER_COST)?;
            let before = self.state.duplicates.len();
            let value = access.next_value_seed(Node { state: self.state })?;
            self.state.leave(before, || key.clone());
            if key == "<<" && (value.is_object() || is_list_of_maps(&value)) {
                merged.push(value);
                continue;
            }
            if map.contains_key(&key) {
                self.state.duplicates.push(vec![key]);
            } else {
                map.insert(key, value);
            }
        }
        merge(&mut map, merged);
        Ok(Value::Object(map))
    }
}

fn is_list_of_maps(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_object))
}

/// Adds what merge keys (`<<`) bring: a key of the map's own wins, and of several maps the first.
fn merge(map: &mut Map<String, Value>, merged: Vec<Value>) {
    for value in merged {
        let maps = match value {
            Value::Array(items) => items,
            other => vec![other],
        };
        for other in maps {
            if let Value::Object(other) = other {
                for (key, value) in other {
                    map.entry(key).or_insert(value);
                }
            }
        }
    }
}

/// A key, as it is written.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Key)
    }
}

/// A scalar as YAML, quoted where it would be read as something else.
///
/// # Errors
///
/// What the writer says.
pub(crate) fn scalar(value: &Value) -> Result<String, String> {
    let text = serde_yaml::to_string(value).map_err(|error| error.to_string())?;
    Ok(text.trim_end_matches('\n').to_owned())
}

/// Whether a value nests no deeper than [`MAX_DEPTH`].
pub(crate) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// How many values a value holds, itself included.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
