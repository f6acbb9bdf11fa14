//! A document's schemas as JSON Schema 2020-12: what OpenAPI 3.0 says in its own words, 3.0's
//! keywords in a 3.1 document, and what a direction makes of `readOnly` and `writeOnly`.

use super::Direction;
use super::usable::{Usable, escaped};
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// How many references and members of `allOf` are followed, one from the other, to learn whether a
/// property is read-only.
const DEPTH: usize = 8;

/// So many names may lead to one another.
pub(super) const MOST_ALIASES: usize = 1_000_000;

/// So many schemas of a list are compared with one another.
const COMPARED: usize = 100;

/// The schemas of an `allOf` or `anyOf` that are not there already.
pub(super) fn distinct(list: &[Value]) -> impl Iterator<Item = &Value> {
    list.iter().enumerate().filter_map(|(index, schema)| {
        let before = list.get(..index).unwrap_or_default();
        (index >= COMPARED || !before.contains(schema)).then_some(schema)
    })
}

/// Where the translated document stands for the validator, so that a `$ref` made absolute finds it.
pub(super) const DOCUMENT: &str = "https://plumbline.invalid/document";

/// Translates every schema of a document, and leaves all else as it is, so that a JSON Pointer
/// into the one is a JSON Pointer into the other; only a token `else` is added where null is let
/// in beside what has no `type` of its own. Keywords that cannot be used are left out, and kept in
/// `usable`.
pub(super) fn translate(raw: &Value, direction: Direction, usable: &Usable) -> Value {
    let translator = Translator {
        raw,
        direction,
        usable,
        siblings: !raw
            .get("openapi")
            .and_then(Value::as_str)
            .is_some_and(|version| version.starts_with("3.0")),
        ends: RefCell::default(),
        targets: RefCell::default(),
        marked: RefCell::default(),
    };
    translator.outside(raw, "", Holder::Object)
}

/// What the keys of an object outside a schema are.
#[derive(Clone, Copy)]
enum Holder {
    /// OpenAPI's own words.
    Object,
    /// Names of the document's choosing, whose values are OpenAPI objects.
    Names,
    /// Names of schemas.
    Schemas,
    /// The groups of `components`.
    Components,
}

struct Translator<'a> {
    raw: &'a Value,
    direction: Direction,
    usable: &'a Usable,
    /// Whether what stands beside a `$ref` counts (3.1), or is passed over (3.0).
    siblings: bool,
    /// Where references end that lead from name to name.
    ends: RefCell<HashMap<String, String>>,
    /// What references name.
    targets: RefCell<HashMap<&'a str, Option<&'a Value>>>,
    /// Whether the schemas of properties, by their places in memory, travel the other way alone.
    marked: RefCell<HashMap<*const Value, bool>>,
}

impl<'a> Translator<'a> {
    /// What stands at `at`, outside of a schema.
    fn outside(&self, value: &'a Value, at: &str, holder: Holder) -> Value {
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.outside(item, &format!("{at}/{index}"), Holder::Object))
                .collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, member)| {
                    let at = format!("{at}/{}", escaped(key));
                    (key.clone(), self.member(key, member, &at, holder))
                })
                .collect(),
            scalar => scalar.clone(),
        }
    }

    fn member(&self, key: &str, member: &'a Value, at: &str, holder: Holder) -> Value {
        match (holder, key) {
            (Holder::Schemas, _) => self.schema(member, at, None),
            (Holder::Names, _) => self.outside(member, at, Holder::Object),
            (Holder::Components, "schemas") => self.outside(member, at, Holder::Schemas),
            (Holder::Components, _) => self.outside(member, at, Holder::Names),
            (Holder::Object, "schema" | "itemSchema") => self.schema(member, at, None),
            (Holder::Object, "components") => self.outside(member, at, Holder::Components),
            (Holder::Object, "x-stream") => self.stream(member, at),
            (Holder::Object, "example" | "examples" | "default" | "info" | "tags") => {
                member.clone()
            }
            (
                Holder::Object,
                "paths" | "webhooks" | "responses" | "headers" | "content" | "callbacks"
                | "encoding",
            ) => self.outside(member, at, Holder::Names),
            (Holder::Object, _) => self.outside(member, at, Holder::Object),
        }
    }

    fn stream(&self, value: &'a Value, at: &str) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .map(|(key, member)| {
                    let member = match key.as_str() {
                        "item" | "error" => self.schema(member, &format!("{at}/{key}"), None),
                        _ => member.clone(),
                    };
                    (key.clone(), member)
                })
                .collect(),
            other => other.clone(),
        }
    }

    /// One schema; `hidden` are the properties that a holder of this `allOf` member knows not
    /// to travel this way.
    fn schema(&self, value: &'a Value, at: &str, hidden: Option<&HashSet<&'a str>>) -> Value {
        let Value::Object(members) = value else {
            return value.clone();
        };
        let mut own = HashSet::new();
        // Nothing else asks for them.
        if members.contains_key("required") || members.contains_key("allOf") {
            own = self.hidden(value);
        }
        let hidden = match hidden {
            Some(hidden) if own.is_subset(hidden) => hidden,
            Some(hidden) => {
                own.extend(hidden);
                &own
            }
            None => &own,
        };
        let mut out = Map::new();
        let alone = !self.siblings && members.contains_key("$ref");
        for (key, member) in members {
            if alone && key != "$ref" {
                continue;
            }
            if !self.usable.takes(at, key, member) {
                continue;
            }
            let at = format!("{at}/{}", escaped(key));
            let translated = match key.as_str() {
                "properties" | "patternProperties" | "$defs" | "definitions"
                | "dependentSchemas" => self.named(key, member, &at),
                "items"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems" => self.schema(member, &at, None),
                "contentSchema" => absolute(&self.schema(member, &at, None)),
                "$ref" => match member {
                    Value::String(reference) => Value::String(self.last(reference)),
                    other => other.clone(),
                },
                "allOf" => once(self.list(member, &at, Some(hidden)), true),
                "anyOf" => once(self.list(member, &at, None), false),
                "oneOf" | "prefixItems" => self.list(member, &at, None),
                "required" => without(member, hidden),
                "exclusiveMinimum" | "exclusiveMaximum" if member.is_boolean() => continue,
                // A type may stand as `file` or another word of Swagger 2.0 only in a document
                // that is refused before.
                "nullable" | "discriminator" | "example" | "xml" | "externalDocs" => continue,
                _ => member.clone(),
            };
            out.insert(key.clone(), translated);
        }
        exclusive(members, &mut out, "minimum", "exclusiveMinimum");
        exclusive(members, &mut out, "maximum", "exclusiveMaximum");
        numeric_format(&mut out);
        self.discriminate(members, &mut out);
        if members.get("nullable") == Some(&Value::Bool(true)) {
            return nullable(out);
        }
        Value::Object(out)
    }

    fn list(&self, value: &'a Value, at: &str, hidden: Option<&HashSet<&'a str>>) -> Value {
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.schema(item, &format!("{at}/{index}"), hidden))
                .collect(),
            other => other.clone(),
        }
    }

    /// A keyword that holds schemas by name.
    fn named(&self, keyword: &str, value: &'a Value, at: &str) -> Value {
        let Value::Object(members) = value else {
            return value.clone();
        };
        members
            .iter()
            .filter(|(name, member)| self.usable.takes_member(at, keyword, name, member))
            .map(|(name, member)| {
                let at = format!("{at}/{}", escaped(name));
                (name.clone(), self.schema(member, &at, None))
            })
            .collect()
    }

    /// The properties of a schema that this direction does not demand.
    fn hidden(&self, schema: &'a Value) -> HashSet<&'a str> {
        let mut hidden = HashSet::new();
        for schema in self.parts(schema) {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if self.is_hidden(property) {
                    hidden.insert(name.as_str());
                }
            }
        }
        hidden
    }

    /// Whether the schema of a property says that it travels the other way alone.
    fn is_hidden(&self, property: &'a Value) -> bool {
        let place = std::ptr::from_ref(property);
        if let Some(known) = self.marked.borrow().get(&place) {
            return *known;
        }
        let keyword = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let says = |schema: &&Value| schema.get(keyword) == Some(&Value::Bool(true));
        let marked = self.parts(property).iter().any(says);
        self.marked.borrow_mut().insert(place, marked);
        marked
    }

    /// A schema, the members of its `allOf` and what it refers to, and theirs in turn, each once.
    fn parts(&self, schema: &'a Value) -> Vec<&'a Value> {
        let mut parts = vec![schema];
        let mut met = HashSet::from([std::ptr::from_ref(schema)]);
        let mut last = 0..1;
        for _ in 1..DEPTH {
            let here = parts.get(last.clone()).unwrap_or_default().to_vec();
            for schema in here {
                for next in members_of(schema).iter().chain(self.target(schema)) {
                    if met.insert(std::ptr::from_ref(next)) {
                        parts.push(next);
                    }
                }
            }
            last = last.end..parts.len();
        }
        parts
    }

    fn target(&self, schema: &'a Value) -> Option<&'a Value> {
        let reference = schema.get("$ref")?.as_str()?;
        let mut targets = self.targets.borrow_mut();
        *targets
            .entry(reference)
            .or_insert_with(|| resolved(self.raw, reference))
    }

    /// Whether a schema is another name for one, and says nothing itself.
    fn alias<'s>(&self, schema: &'s Value) -> Option<&'s str> {
        let members = schema.as_object()?;
        let reference = members.get("$ref")?.as_str()?;
        (!self.siblings || members.len() == 1).then_some(reference)
    }

    /// Where a reference ends that leads from name to name: a validator would follow each.
    fn last(&self, reference: &str) -> String {
        let mut passed: Vec<&str> = Vec::new();
        let mut at = reference;
        let end = loop {
            if let Some(known) = self.ends.borrow().get(at) {
                break known.clone();
            }
            let next = resolved(self.raw, at).and_then(|schema| self.alias(schema));
            match next {
                Some(next) if next != reference && passed.len() <= MOST_ALIASES => {
                    passed.push(at);
                    at = next;
                }
                // What leads round in a circle is left to the validator.
                Some(_) => return reference.to_owned(),
                None => break at.to_owned(),
            }
        };
        let mut ends = self.ends.borrow_mut();
        for reference in passed {
            ends.insert(reference.to_owned(), end.clone());
        }
        end
    }

    /// A discriminator makes its tag one of the known ones, and the schema that the tag names
    /// the one that counts: with it, `oneOf` need not be told apart by anything else.
    fn discriminate(&self, members: &'a Map<String, Value>, out: &mut Map<String, Value>) {
        let Some(property) = members
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("propertyName"))
            .and_then(Value::as_str)
        else {
            return;
        };
        let Some(keyword) = ["oneOf", "anyOf"]
            .into_iter()
            .find(|keyword| members.contains_key(*keyword))
        else {
            return;
        };
        let variants = members.get(keyword).and_then(Value::as_array);
        let variants = variants.map(Vec::as_slice).unwrap_or_default();
        let mut tags = Vec::new();
        let mut branches = Vec::new();
        for (tag, reference) in self.tags(members, variants, property) {
            branches.push(json!({
                "if": {"type": "object", "properties": {property: {"const": tag}}, "required": [property]},
                "then": {"$ref": reference},
            }));
            tags.push(Value::String(tag));
        }
        if tags.is_empty() {
            return;
        }
        let plain = variants.iter().all(|variant| variant.get("$ref").is_some());
        if plain {
            branches.push(json!({"properties": {property: {"enum": tags}}}));
        }
        if let Some(union) = out.shift_remove(keyword) {
            out.insert("anyOf".to_owned(), union);
        }
        match out.get_mut("allOf").and_then(Value::as_array_mut) {
            Some(all) => all.extend(branches),
            None => {
                out.insert("allOf".to_owned(), Value::Array(branches));
            }
        }
    }

    /// Tag and reference, from `mapping`, from what a variant fixes its property to, or else
    /// from the names of the schemas.
    fn tags(
        &self,
        members: &Map<String, Value>,
        variants: &'a [Value],
        property: &str,
    ) -> Vec<(String, String)> {
        let mut tags: Vec<(String, String)> = Vec::new();
        let (mut known, mut mapped) = (HashSet::new(), HashSet::new());
        let mapping = members
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("mapping"))
            .and_then(Value::as_object);
        for (tag, target) in mapping.into_iter().flatten() {
            if let Some(target) = target.as_str() {
                let reference = if target.contains('#') {
                    target.to_owned()
                } else {
                    format!("#/components/schemas/{target}")
                };
                known.insert(tag.clone());
                mapped.insert(reference.clone());
                tags.push((tag.clone(), reference));
            }
        }
        for variant in variants {
            let Some(reference) = variant.get("$ref").and_then(Value::as_str) else {
                continue;
            };
            let fixed = self.fixed(variant, property);
            if fixed.is_empty() {
                let name = reference.rsplit('/').next().unwrap_or_default();
                if mapped.insert(reference.to_owned()) {
                    known.insert(name.to_owned());
                    tags.push((name.to_owned(), reference.to_owned()));
                }
            } else {
                for tag in fixed {
                    if known.insert(tag.clone()) {
                        mapped.insert(reference.to_owned());
                        tags.push((tag, reference.to_owned()));
                    }
                }
            }
        }
        tags
    }

    /// The strings that a variant allows for its tag, where it says them.
    fn fixed(&self, variant: &'a Value, property: &str) -> Vec<String> {
        let schema = self.target(variant).unwrap_or(variant);
        let Some(tag) = schema
            .get("properties")
            .and_then(|properties| properties.get(property))
        else {
            return Vec::new();
        };
        let tag = self.target(tag).unwrap_or(tag);
        let single = tag.get("const").into_iter();
        let several = tag
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        single
            .chain(several)
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    }
}

/// The schema that a reference within the document names.
pub(super) fn resolved<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    let pointer = percent_encoding::percent_decode_str(reference.strip_prefix('#')?);
    document.pointer(&pointer.decode_utf8_lossy())
}

/// The members of `allOf`.
fn members_of(schema: &Value) -> &[Value] {
    schema
        .get("allOf")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A list of schemas in which one that comes again is what changes nothing: what doubles at each step
/// of a chain would be looked at more often than there is time for. Pointers stay what they are.
fn once(list: Value, neutral: bool) -> Value {
    let Value::Array(mut schemas) = list else {
        return list;
    };
    for index in (1..schemas.len().min(COMPARED)).rev() {
        let (before, rest) = schemas.split_at_mut(index);
        if let Some(schema) = rest.first_mut()
            && before.contains(schema)
        {
            *schema = Value::Bool(neutral);
        }
    }
    Value::Array(schemas)
}

/// A `required` list without the hidden names.
fn without(required: &Value, hidden: &HashSet<&str>) -> Value {
    match required {
        Value::Array(names) => names
            .iter()
            .filter(|name| name.as_str().is_none_or(|name| !hidden.contains(name)))
            .cloned()
            .collect(),
        other => other.clone(),
    }
}

/// `exclusiveMinimum: true` beside `minimum: 0` is `exclusiveMinimum: 0` (draft 4 to 6).
fn exclusive(
    members: &Map<String, Value>,
    out: &mut Map<String, Value>,
    bound: &str,
    keyword: &str,
) {
    if members.get(keyword) == Some(&Value::Bool(true))
        && let Some(limit) = out.shift_remove(bound)
    {
        out.insert(keyword.to_owned(), limit);
    }
}

/// `int32` and `int64` bound an integer (OpenAPI 3.0.3, Data Types).
fn numeric_format(out: &mut Map<String, Value>) {
    let limits = match out.get("format").and_then(Value::as_str) {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        _ => return,
    };
    for (keyword, limit) in [("minimum", limits.0), ("maximum", limits.1)] {
        let exclusive = if keyword == "minimum" {
            "exclusiveMinimum"
        } else {
            "exclusiveMaximum"
        };
        if !out.contains_key(exclusive) {
            out.entry(keyword).or_insert(limit);
        }
    }
}

/// Lets null in beside what a schema says.
fn nullable(mut out: Map<String, Value>) -> Value {
    let composed = ["$ref", "allOf", "oneOf", "anyOf", "const", "not"]
        .iter()
        .any(|keyword| out.contains_key(*keyword));
    if composed {
        return json!({"if": {"type": "null"}, "else": out});
    }
    match out.get_mut("type") {
        Some(Value::String(name)) => {
            let name = std::mem::take(name);
            out.insert("type".to_owned(), json!([name, "null"]));
        }
        Some(Value::Array(names)) if !names.contains(&json!("null")) => names.push(json!("null")),
        _ => {}
    }
    if let Some(Value::Array(values)) = out.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    Value::Object(out)
}

/// Local references made absolute, for a schema that is compiled on its own.
fn absolute(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(absolute).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| match (key.as_str(), member) {
                ("$ref", Value::String(reference)) if reference.starts_with('#') => {
                    (key.clone(), Value::String(format!("{DOCUMENT}{reference}")))
                }
                _ => (key.clone(), absolute(member)),
            })
            .collect(),
        scalar => scalar.clone(),
    }
}
