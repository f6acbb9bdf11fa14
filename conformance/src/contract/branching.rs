//! How often a validator looks at a value: schemas that branch can make it more often than there is
//! time and memory for.
//!
//! Each `anyOf` of two schemas that are each an `anyOf` of two doubles what has to be looked at, and
//! the errors of a wrong value with it. That is reckoned before anything is validated, each schema
//! with each part of the value once.

use serde_json::{Map, Value};
use std::collections::HashMap;

/// So often a validator may look at a value, and so many pairs of a schema and a value are reckoned.
pub(super) const MOST: u64 = 2_000_000;
const PAIRS: u64 = 1_000_000;

/// So deep schemas are followed with a value.
const DEPTH: usize = 400;

/// Unfolded into fewer schemas than these, none looks too often, unless it holds itself.
const FEW: u64 = 20_000;

/// What a schema refers to, as far as validating by it is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// How many schemas stand within one another, references followed; a schema that only names
    /// another one does not count.
    pub(super) depth: usize,
    /// Whether it may look at a value too often, so that [`is_bounded`] has to be asked.
    pub(super) branches: bool,
}

/// Walks through all that a schema of the document holds and refers to.
pub(super) fn reach(document: &Value, schema: &Value) -> Reach {
    let mut found = Reach::default();
    let (mut forks, mut recursive) = (is_fork(schema), false);
    // What each schema unfolds to; 0 while it is under way.
    let mut unfolded: HashMap<usize, u64> = HashMap::new();
    let mut stack = vec![(schema, within(document, schema), level(schema) as u64)];
    let mut depth = 1;
    unfolded.insert(place(schema), 0);
    while let Some((schema, rest, sum)) = stack.last_mut() {
        let Some(next) = rest.pop() else {
            unfolded.insert(place(schema), *sum);
            let sum = *sum;
            depth -= level(schema);
            stack.pop();
            if let Some((.., above)) = stack.last_mut() {
                *above = above.saturating_add(sum);
            } else {
                found.branches = sum > FEW || recursive && forks;
            }
            continue;
        };
        match unfolded.get(&place(next)) {
            Some(0) => recursive = true,
            Some(known) => *sum = sum.saturating_add(*known),
            None => {
                forks |= is_fork(next);
                unfolded.insert(place(next), 0);
                stack.push((next, within(document, next), level(next) as u64));
                depth += level(next);
                found.depth = found.depth.max(depth);
            }
        }
    }
    found
}

/// Whether a value is held against several schemas at once.
fn is_fork(schema: &Value) -> bool {
    ["allOf", "anyOf", "oneOf", "if"]
        .iter()
        .any(|keyword| schema.get(keyword).is_some())
}

fn level(schema: &Value) -> usize {
    let members = schema.as_object();
    usize::from(!members.is_some_and(|members| members.len() == 1 && members.contains_key("$ref")))
}

/// The schemas that stand in a schema, and the one that it refers to.
fn within<'d>(document: &'d Value, schema: &'d Value) -> Vec<&'d Value> {
    let Value::Object(members) = schema else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (keyword, member) in members {
        match (keyword.as_str(), member) {
            ("$ref", Value::String(target)) => {
                found.extend(super::schema::resolved(document, target));
            }
            ("allOf" | "anyOf", Value::Array(list)) => found.extend(super::schema::distinct(list)),
            ("oneOf" | "prefixItems", Value::Array(list)) => found.extend(list),
            ("properties" | "patternProperties" | "dependentSchemas", Value::Object(members)) => {
                found.extend(members.values())
            }
            (
                "not"
                | "if"
                | "then"
                | "else"
                | "items"
                | "contains"
                | "additionalProperties"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "propertyNames",
                schema,
            ) => found.push(schema),
            _ => {}
        }
    }
    found
}

/// Whether validating a value by a schema of the document stays within [`MOST`] looks.
pub(super) fn is_bounded(document: &Value, schema: &Value, instance: &Value) -> bool {
    let mut looks = Looks {
        document,
        known: HashMap::new(),
        left: PAIRS,
    };
    looks.at(schema, instance, 0) <= MOST
}

struct Looks<'d> {
    document: &'d Value,
    /// By the places in memory of a schema and a value.
    known: HashMap<(usize, usize), u64>,
    left: u64,
}

fn place(value: &Value) -> usize {
    std::ptr::from_ref(value) as usize
}

impl<'d> Looks<'d> {
    /// The schema that a name stands for in the end, however many names lead to it.
    fn end<'s>(&self, schema: &'s Value) -> &'s Value
    where
        'd: 's,
    {
        let mut at = schema;
        for _ in 0..super::schema::MOST_ALIASES {
            let target = at.get("$ref").and_then(Value::as_str);
            match target.and_then(|target| super::schema::resolved(self.document, target)) {
                Some(next) if level(at) == 0 => at = next,
                _ => break,
            }
        }
        at
    }

    fn at(&mut self, schema: &Value, instance: &Value, depth: usize) -> u64 {
        let schema = self.end(schema);
        let Value::Object(members) = schema else {
            return 1;
        };
        let key = (place(schema), place(instance));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if depth > DEPTH || self.left == 0 {
            return u64::MAX;
        }
        self.left -= 1;
        // A schema that leads back to itself at the same value is looked at once.
        self.known.insert(key, 1);
        let looks = self
            .here(members, instance, depth + 1)
            .saturating_add(self.below(members, instance, depth + 1));
        self.known.insert(key, looks);
        looks
    }

    /// What applies to the value itself.
    fn here(&mut self, members: &Map<String, Value>, instance: &Value, depth: usize) -> u64 {
        let mut looks = 1_u64;
        if let Some(target) = members.get("$ref").and_then(Value::as_str)
            && let Some(target) = super::schema::resolved(self.document, target)
        {
            looks = looks.saturating_add(self.at(target, instance, depth));
        }
        let list = |keyword| members.get(keyword).and_then(Value::as_array);
        let both = [list("allOf"), list("anyOf")].into_iter().flatten();
        for branch in both
            .flat_map(|list| super::schema::distinct(list))
            .chain(list("oneOf").into_iter().flatten())
        {
            looks = looks.saturating_add(self.at(branch, instance, depth));
        }
        for keyword in ["not", "if", "then", "else"] {
            if let Some(branch) = members.get(keyword) {
                looks = looks.saturating_add(self.at(branch, instance, depth));
            }
        }
        for branch in named(members, "dependentSchemas") {
            looks = looks.saturating_add(self.at(branch.1, instance, depth));
        }
        // A union is looked at once more for its tags.
        if members.contains_key("discriminator") {
            looks = looks.saturating_mul(2);
        }
        looks
    }

    /// What applies to the parts of the value.
    fn below(&mut self, members: &Map<String, Value>, instance: &Value, depth: usize) -> u64 {
        let mut looks = 0_u64;
        match instance {
            Value::Object(parts) => {
                let rest: Vec<&Value> = ["additionalProperties", "unevaluatedProperties"]
                    .into_iter()
                    .filter_map(|keyword| members.get(keyword))
                    .chain(named(members, "patternProperties").map(|(_, schema)| schema))
                    .collect();
                let properties = members.get("properties").and_then(Value::as_object);
                for (name, part) in parts {
                    let own = properties.and_then(|properties| properties.get(name));
                    for schema in own.into_iter().chain(rest.iter().copied()) {
                        looks = looks.saturating_add(self.at(schema, part, depth));
                    }
                }
            }
            Value::Array(parts) => {
                let prefix = members.get("prefixItems").and_then(Value::as_array);
                let rest: Vec<&Value> = ["items", "contains", "unevaluatedItems"]
                    .into_iter()
                    .filter_map(|keyword| members.get(keyword))
                    .collect();
                for (index, part) in parts.iter().enumerate() {
                    let own = prefix.and_then(|prefix| prefix.get(index));
                    for schema in own.into_iter().chain(rest.iter().copied()) {
                        looks = looks.saturating_add(self.at(schema, part, depth));
                    }
                }
            }
            _ => {}
        }
        looks
    }
}

fn named<'m>(
    members: &'m Map<String, Value>,
    keyword: &str,
) -> impl Iterator<Item = (&'m String, &'m Value)> {
    members
        .get(keyword)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{Reach, is_bounded, reach};
    use serde_json::{Map, Value, json};

    /// Schemas S0, S1, … of which each is made from a reference to the next.
    fn chain(length: usize, link: impl Fn(Value) -> Value) -> Value {
        let mut schemas = Map::new();
        for index in 0..length {
            let next = json!({"$ref": format!("#/S{}", index + 1)});
            schemas.insert(format!("S{index}"), link(next));
        }
        schemas.insert(format!("S{length}"), json!({"type": "string"}));
        Value::Object(schemas)
    }

    #[test]
    fn what_doubles_is_told_from_what_is_long() {
        let value = json!({"a": {"a": {"a": 1}}});
        for (document, branches, bounded) in [
            (
                chain(16, |next| json!({"anyOf": [next, {"allOf": [next]}]})),
                true,
                true,
            ),
            (
                chain(30, |next| json!({"anyOf": [next, {"allOf": [next]}]})),
                true,
                false,
            ),
            (
                chain(150, |next| json!({"anyOf": [{"type": "null"}, next]})),
                false,
                true,
            ),
            (
                chain(30, |next| json!({"if": next, "then": next})),
                true,
                false,
            ),
        ] {
            let schema = &document["S0"];
            assert_eq!(reach(&document, schema).branches, branches, "{document}");
            assert_eq!(is_bounded(&document, schema, &value), bounded, "{document}");
        }
    }

    #[test]
    fn a_schema_that_holds_itself_twice_doubles_with_each_level_of_the_value() {
        let own = json!({"$ref": "#/S"});
        let document = json!({"S": {"anyOf": [
            {"properties": {"a": own}}, {"properties": {"a": own}, "required": ["b"]},
        ]}});
        let mut value = json!(1);
        for depth in 0..30 {
            let bounded = is_bounded(&document, &document["S"], &value);
            assert!(bounded || depth > 12, "{depth}");
            assert!(!bounded || depth < 24, "{depth}");
            value = json!({ "a": value });
        }
        assert!(reach(&document, &document["S"]).branches);
    }

    #[test]
    fn a_plain_schema_is_never_reckoned() {
        let document =
            json!({"S": {"properties": {"a": {"$ref": "#/S"}, "b": {"type": "string"}}}});
        let plain = Reach {
            depth: 2,
            branches: false,
        };
        assert_eq!(reach(&document, &document["S"]), plain);
        let long = chain(9_000, |next| json!({"properties": {"a": next}}));
        assert_eq!(reach(&long, &long["S0"]).depth, 9_001);
        let names = chain(50_000, |next| next);
        assert_eq!(reach(&names, &names["S0"]).depth, 2);
    }
}
