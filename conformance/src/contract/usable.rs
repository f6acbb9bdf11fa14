//! Keywords of a schema that cannot be used: each is left out alone and named, so that every other
//! keyword of the schema goes on judging.

use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;

/// What of a document's schemas cannot be used.
#[derive(Default)]
pub(super) struct Usable {
    /// Why a pattern cannot be used, by the pattern: many stand in a document more than once.
    patterns: RefCell<HashMap<String, Option<String>>>,
    /// Place and reason of each keyword that was left out.
    found: RefCell<Vec<(String, String)>>,
}

/// Shapes that a keyword's value may have to have.
const SCHEMA: &str = "an object or a boolean";
const SCHEMAS: &str = "an object of schemas";

impl Usable {
    /// Whether a keyword of the schema at `place` can be used; where it cannot, that is kept.
    pub(super) fn takes(&self, place: &str, keyword: &str, value: &Value) -> bool {
        let reason = match self.reason(keyword, value) {
            None => return true,
            Some(reason) => reason,
        };
        let place = format!("{place}/{}", escaped(keyword));
        let said = format!("`{keyword}` cannot be used, and nothing was judged by it: {reason}");
        self.found.borrow_mut().push((place, said));
        false
    }

    /// Whether a member of a keyword that holds schemas by name can be used.
    pub(super) fn takes_member(
        &self,
        place: &str,
        keyword: &str,
        name: &str,
        member: &Value,
    ) -> bool {
        let pattern = (keyword == "patternProperties")
            .then(|| self.pattern(name))
            .flatten();
        let reason = match pattern {
            Some(reason) => reason,
            None if is_schema(member) => return true,
            None => format!("it is not {SCHEMA}"),
        };
        let place = format!("{place}/{}", escaped(name));
        let said = format!(
            "`{name}` of `{keyword}` cannot be used, and nothing was judged by it: {reason}"
        );
        self.found.borrow_mut().push((place, said));
        false
    }

    /// All that was left out, in the document's order.
    pub(super) fn found(self) -> Vec<(String, String)> {
        self.found.into_inner()
    }

    fn reason(&self, keyword: &str, value: &Value) -> Option<String> {
        let not = |right: bool, what: &str| (!right).then(|| format!("it is not {what}"));
        match keyword {
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" | "minContains" | "maxContains" => {
                not(is_count(value), "a whole number from 0")
            }
            "minimum" | "maximum" => not(value.is_number(), "a number"),
            // A boolean is the form of OpenAPI 3.0.
            "exclusiveMinimum" | "exclusiveMaximum" => {
                not(value.is_number() || value.is_boolean(), "a number")
            }
            "multipleOf" => not(
                value.as_f64().is_some_and(|step| step > 0.0),
                "a number above 0",
            ),
            "uniqueItems" | "nullable" => not(value.is_boolean(), "a boolean"),
            "format" | "$ref" => not(value.is_string(), "a string"),
            "pattern" => match value.as_str() {
                Some(pattern) => self.pattern(pattern),
                None => Some("it is not a string".to_owned()),
            },
            "type" => of_types(value),
            "enum" => not(value.is_array(), "a list"),
            "required" => not(is_names(value), "a list of names"),
            "dependentRequired" => not(
                value
                    .as_object()
                    .is_some_and(|members| members.values().all(is_names)),
                "an object of lists of names",
            ),
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                not(value.is_object(), SCHEMAS)
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => not(
                value
                    .as_array()
                    .is_some_and(|schemas| !schemas.is_empty() && schemas.iter().all(is_schema)),
                "a list of one schema or more",
            ),
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedProperties"
            | "unevaluatedItems" => not(is_schema(value), SCHEMA),
            _ => None,
        }
    }

    /// Why a pattern cannot be used: JSON Schema's are of ECMA-262, and documents have others.
    fn pattern(&self, pattern: &str) -> Option<String> {
        if let Some(known) = self.patterns.borrow().get(pattern) {
            return known.clone();
        }
        let reason = options()
            .build(&json!({ "pattern": pattern }))
            .err()
            .map(|error| {
                let error = crate::shorten::shorten(&error.to_string(), 120);
                format!("it is not a regular expression of ECMA-262 ({error})")
            });
        let mut patterns = self.patterns.borrow_mut();
        patterns.insert(pattern.to_owned(), reason.clone());
        reason
    }
}

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn is_count(value: &Value) -> bool {
    value.is_u64()
        || value
            .as_f64()
            .is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
}

fn is_names(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|names| names.iter().all(Value::is_string))
}

fn of_types(value: &Value) -> Option<String> {
    const TYPES: [&str; 7] = [
        "null", "boolean", "object", "array", "number", "string", "integer",
    ];
    let names: Vec<&Value> = match value {
        Value::Array(names) if !names.is_empty() => names.iter().collect(),
        single => vec![single],
    };
    let wrong = names
        .into_iter()
        .find(|name| name.as_str().is_none_or(|name| !TYPES.contains(&name)))?;
    Some(format!("{wrong} is no type of JSON Schema"))
}

/// A token of a JSON Pointer.
pub(super) fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// The dialect, and how patterns are read.
pub(super) fn options<'a>() -> jsonschema::ValidationOptions<'a> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        // A pattern may come from anyone; the time that it takes must not.
        .with_pattern_options(jsonschema::PatternOptions::fancy_regex().backtrack_limit(100_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_that_cannot_be_used_is_named() {
        for (keyword, good, bad) in [
            ("minLength", json!(1.0), json!("1")),
            ("maxLength", json!(3), json!(-1)),
            ("maxItems", json!(3), json!(1.5)),
            ("minimum", json!(-1.5), json!("0")),
            ("exclusiveMinimum", json!(true), json!("0")),
            ("multipleOf", json!(0.1), json!(0)),
            ("uniqueItems", json!(true), json!("true")),
            ("nullable", json!(true), json!("true")),
            ("format", json!("date"), json!(7)),
            ("pattern", json!("^a+$"), json!("[")),
            ("pattern", json!(r"^\p{L}+$"), json!(r"^[\w-.]+\Z")),
            ("type", json!(["string", "null"]), json!("date")),
            ("enum", json!([]), json!("a")),
            ("required", json!([]), json!(true)),
            ("dependentRequired", json!({"a": ["b"]}), json!("x")),
            ("properties", json!({}), json!(["a"])),
            ("allOf", json!([{}]), json!([])),
            ("items", json!({}), json!([{}])),
            ("additionalProperties", json!(false), json!("false")),
        ] {
            let usable = Usable::default();
            assert!(usable.takes("/s", keyword, &good), "{keyword} {good}");
            assert!(!usable.takes("/s", keyword, &bad), "{keyword} {bad}");
            let found = usable.found();
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, format!("/s/{keyword}"));
        }
        let usable = Usable::default();
        assert!(!usable.takes_member("/s/patternProperties", "patternProperties", "[", &json!({})));
        assert!(usable.takes_member("/s/properties", "properties", "[", &json!({})));
        assert!(!usable.takes_member("/s/properties", "properties", "a/b", &json!("x")));
        let places: Vec<String> = usable.found().into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["/s/patternProperties/[", "/s/properties/a~1b"]);
    }
}
