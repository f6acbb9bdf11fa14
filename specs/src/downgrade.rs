//! Brings a document's value to the dialect of 3.0, and finds what no dialect knows.
//!
//! Vendors mix the dialects: `nullable` stands in 3.1 documents and lists of types in 3.0
//! documents. So both versions take this way, and what is meant is read; a diagnostic says where
//! a document speaks the other dialect. No node is moved: a pointer into the result is a pointer
//! into the document. What 3.0 cannot say stays under its own keyword (`prefixItems`, `$defs`,
//! `contentSchema`) or under an `x-plumbline-` key ([`TYPES`]), and lowering reads it there.

use crate::Pointer;
use crate::codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::document::SpecVersion;
use crate::shape::{Dialect, Object, Path, Support, Walk, walk_mut};
use crate::text::nearest;
use crate::unused;
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// The key that holds a schema's types where they are several.
pub(crate) const TYPES: &str = "x-plumbline-types";

/// Changes the value in place; see the module.
pub(crate) fn downgrade(value: &mut Value, version: SpecVersion, sink: &mut Sink) {
    let mut state = State {
        version,
        sink,
        mixed: IndexMap::new(),
    };
    if let Value::Object(map) = value
        && version == SpecVersion::V3_1
        && !map.contains_key("paths")
    {
        map.insert("paths".to_owned(), json!({}));
    }
    walk_mut(
        value,
        Object::Document,
        &Path::ROOT,
        &mut |object, value, path| state.visit(object, value, path),
    );
    state.report_mixed();
}

struct State<'s> {
    version: SpecVersion,
    sink: &'s mut Sink,
    /// What belongs to the other dialect: where it was met first, and how often.
    mixed: IndexMap<&'static str, (Pointer, usize)>,
}

impl State<'_> {
    fn visit(&mut self, object: Object, value: &mut Value, path: &Path<'_>) -> Walk {
        if object == Object::Schema && value.is_boolean() {
            self.boolean(value, path);
        }
        let Value::Object(map) = value else {
            return Walk::Over;
        };
        self.keys(object, map, path);
        unused::note(object, map, path, self.sink);
        if object == Object::Schema {
            self.schema(map, path);
        }
        Walk::Into
    }

    /// Notes that something is said in the other dialect.
    fn mixed(&mut self, dialect: Dialect, what: &'static str, path: &Path<'_>) {
        let foreign = match dialect {
            Dialect::Both => false,
            Dialect::V3_0Only => self.version == SpecVersion::V3_1,
            Dialect::V3_1Only => self.version == SpecVersion::V3_0,
        };
        if foreign {
            self.mixed
                .entry(what)
                .or_insert_with(|| (path.pointer(), 0))
                .1 += 1;
        }
    }

    fn report_mixed(&mut self) {
        let (code, own, other) = match self.version {
            SpecVersion::V3_0 => (codes::DIALECT_3_1_IN_3_0, "3.0", "3.1"),
            SpecVersion::V3_1 => (codes::DIALECT_3_0_IN_3_1, "3.1", "3.0"),
        };
        for (what, (pointer, count)) in std::mem::take(&mut self.mixed) {
            let what = if what.contains(' ') {
                what.to_owned()
            } else {
                format!("`{what}`")
            };
            let places = match count {
                1 => String::new(),
                count => format!(", at {count} places"),
            };
            self.sink.push(
                Diagnostic::note(
                    code,
                    format!("{what} is OpenAPI {other} in a document of {own}{places}"),
                )
                .pointer(&pointer)
                .help("it is read as it is meant"),
            );
        }
    }

    /// `true` and `false` in the place of a schema.
    fn boolean(&mut self, value: &mut Value, path: &Path<'_>) {
        // 3.0 has them here alone.
        if path.last_key() == Some("additionalProperties") {
            return;
        }
        self.mixed(Dialect::V3_1Only, "a boolean schema", path);
        *value = match value {
            Value::Bool(false) => json!({"not": {}}),
            _ => json!({}),
        };
    }

    /// Finds the keys that mean nothing here, or whose meaning is lost.
    fn keys(&mut self, object: Object, map: &Map<String, Value>, path: &Path<'_>) {
        let is_reference = object.referable()
            && object != Object::PathItem
            && map.get("$ref").is_some_and(Value::is_string);
        if is_reference && (object != Object::Schema || self.version == SpecVersion::V3_0) {
            self.siblings(object, map, path);
            return;
        }
        // Lowering checks the keys of Plumbline's own extensions, and says errors.
        if object == Object::Stream {
            return;
        }
        for (key, value) in map {
            if key.starts_with("x-") || (object == Object::Schema && key == "$ref") {
                continue;
            }
            if object.free().is_some() {
                if object == Object::Paths && !key.starts_with('/') {
                    self.sink.push(
                        Diagnostic::warning(codes::UNKNOWN_KEY, format!("`{key}` is not a path"))
                            .pointer(&path.key(key).pointer())
                            .help("a path begins with a slash"),
                    );
                }
                continue;
            }
            let Some(field) = object.field(key) else {
                let mut diagnostic = Diagnostic::warning(
                    codes::UNKNOWN_KEY,
                    format!("`{key}` is not a key of {}", object.a_name()),
                )
                .pointer(&path.key(key).pointer());
                let keys = object.fields().iter().map(|field| field.key);
                if let Some(near) = nearest(key, keys) {
                    diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
                }
                self.sink.push(diagnostic);
                continue;
            };
            if field.dialect != Dialect::Both {
                self.mixed(field.dialect, field.key, &path.key(key));
            }
            // `true` under these says what their absence says.
            if field.support == Support::Unsupported && *value != Value::Bool(true) {
                self.sink.push(
                    Diagnostic::warning(
                        codes::IGNORED_KEYWORD,
                        format!("`{key}` is not carried over into types"),
                    )
                    .pointer(&path.key(key).pointer()),
                );
            }
        }
    }

    /// What stands beside `$ref` is ignored (OpenAPI 3.0.3, Reference Object), but for the
    /// schemas of 3.1.
    fn siblings(&mut self, object: Object, map: &Map<String, Value>, path: &Path<'_>) {
        let ignored: Vec<String> = map
            .keys()
            .filter(|key| {
                let key = key.as_str();
                key != "$ref"
                    && !key.starts_with("x-")
                    && !matches!(key, "summary" | "description" | "title" | "example")
            })
            .map(|key| format!("`{key}`"))
            .collect();
        if ignored.is_empty() {
            return;
        }
        let mut diagnostic = Diagnostic::warning(
            codes::REF_SIBLING,
            format!("{} beside `$ref` is ignored", ignored.join(", ")),
        )
        .pointer(&path.pointer());
        if object == Object::Schema {
            diagnostic =
                diagnostic.help("write `allOf: [{$ref: …}]` beside it, or use OpenAPI 3.1");
        }
        self.sink.push(diagnostic);
    }

    fn schema(&mut self, map: &mut Map<String, Value>, path: &Path<'_>) {
        self.reference(map);
        self.types(map, path);
        self.constant(map);
        for (exclusive, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            self.exclusive(map, path, exclusive, bound);
        }
        encoding(map);
        if !map.contains_key("example")
            && let Some(first) = map
                .get("examples")
                .and_then(Value::as_array)
                .and_then(|examples| examples.first())
        {
            let first = first.clone();
            map.insert("example".to_owned(), first);
        }
    }

    /// `$ref` with siblings becomes the last member of `allOf`; the siblings stay.
    fn reference(&mut self, map: &mut Map<String, Value>) {
        let alone = map.keys().all(|key| match key.as_str() {
            "$ref" | "$comment" => true,
            // The name of a type is the alias's own.
            "x-name" => false,
            other => other.starts_with("x-"),
        });
        if self.version == SpecVersion::V3_0 || alone {
            return;
        }
        if !map.get("$ref").is_some_and(Value::is_string) {
            return;
        }
        let Some(reference) = map.shift_remove("$ref") else {
            return;
        };
        let member = json!({ "$ref": reference });
        match map.get_mut("allOf") {
            Some(Value::Array(members)) => members.push(member),
            _ => {
                map.insert("allOf".to_owned(), Value::Array(vec![member]));
            }
        }
    }

    fn types(&mut self, map: &mut Map<String, Value>, path: &Path<'_>) {
        let mut types: Vec<String> = match map.get("type") {
            Some(Value::Array(types)) => {
                self.mixed(Dialect::V3_1Only, "a list of types", path);
                let all: Option<Vec<String>> = types
                    .iter()
                    .map(|name| name.as_str().map(str::to_owned))
                    .collect();
                // A list of other things is left for typing to refuse.
                let Some(all) = all else { return };
                all
            }
            Some(Value::String(name)) if name == "null" => {
                self.mixed(Dialect::V3_1Only, "the type null", path);
                vec![name.clone()]
            }
            _ => return,
        };
        let before = types.len();
        types.retain(|name| name != "null");
        let null = types.len() < before;
        // An enumeration without null forbids it, whatever the types are.
        let null_in_values = map
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|values| values.contains(&Value::Null));
        let null_is_constant = map.get("const").is_none_or(Value::is_null);
        if null && null_in_values && null_is_constant {
            map.insert("nullable".to_owned(), Value::Bool(true));
        }
        match types.as_slice() {
            [] if null => {
                map.shift_remove("type");
                map.insert("enum".to_owned(), json!([null]));
            }
            [] => {
                map.shift_remove("type");
            }
            [one] => {
                map.insert("type".to_owned(), Value::String(one.clone()));
            }
            several => {
                map.insert(TYPES.to_owned(), json!(several));
                map.shift_remove("type");
            }
        }
    }

    /// `const` becomes an `enum` of one.
    fn constant(&mut self, map: &mut Map<String, Value>) {
        if let Some(value) = map.get("const").cloned() {
            if value.is_null() {
                map.insert("nullable".to_owned(), Value::Bool(true));
            }
            map.insert("enum".to_owned(), Value::Array(vec![value]));
        }
    }

    /// A number under `exclusiveMinimum` becomes the bound, and `exclusiveMinimum` a boolean.
    fn exclusive(
        &mut self,
        map: &mut Map<String, Value>,
        path: &Path<'_>,
        exclusive: &'static str,
        bound: &str,
    ) {
        match map.get(exclusive) {
            Some(Value::Bool(_)) => {
                let what = match exclusive {
                    "exclusiveMinimum" => "a boolean `exclusiveMinimum`",
                    _ => "a boolean `exclusiveMaximum`",
                };
                self.mixed(Dialect::V3_0Only, what, &path.key(exclusive));
            }
            Some(Value::Number(limit)) => {
                let what = match exclusive {
                    "exclusiveMinimum" => "a number under `exclusiveMinimum`",
                    _ => "a number under `exclusiveMaximum`",
                };
                self.mixed(Dialect::V3_1Only, what, &path.key(exclusive));
                let limit = limit.clone();
                let other = map.get(bound).and_then(Value::as_f64);
                let own = limit.as_f64().unwrap_or_default();
                let tighter = other.is_none_or(|other| {
                    if bound == "minimum" {
                        own >= other
                    } else {
                        own <= other
                    }
                });
                if tighter {
                    map.insert(bound.to_owned(), Value::Number(limit));
                    map.insert(exclusive.to_owned(), Value::Bool(true));
                } else {
                    map.shift_remove(exclusive);
                }
            }
            _ => {}
        }
    }
}

/// `contentEncoding: base64` is 3.0's `format: byte`, and a media type of bytes alone is its
/// `format: binary` (OpenAPI 3.1.1, section "Migrating binary descriptions from OAS 3.0").
fn encoding(map: &mut Map<String, Value>) {
    if map.contains_key("format") {
        return;
    }
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let format = match (text("contentEncoding"), text("contentMediaType")) {
        (Some("base64"), _) => "byte",
        (None, Some("application/octet-stream")) => "binary",
        _ => return,
    };
    map.insert("format".to_owned(), Value::String(format.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::downgrade;
    use crate::diagnostic::Sink;
    use crate::document::SpecVersion;
    use serde_json::{Value, json};

    /// The schema after it was brought down, and the codes of what was said meanwhile.
    fn down(version: SpecVersion, schema: &Value) -> (Value, Vec<&'static str>) {
        let mut document = json!({
            "openapi": "3",
            "info": {"title": "t", "version": "1"},
            "components": {"schemas": {"It": schema}},
        });
        let mut sink = Sink::new("document.yaml");
        downgrade(&mut document, version, &mut sink);
        let codes = sink
            .into_found()
            .into_iter()
            .map(|found| found.code.as_str());
        let schema = document.pointer("/components/schemas/It").cloned();
        (schema.unwrap_or_default(), codes.collect())
    }

    fn new(schema: &Value) -> Value {
        down(SpecVersion::V3_1, schema).0
    }

    #[test]
    fn lists_of_types() {
        assert_eq!(
            new(&json!({"type": ["string", "null"]})),
            json!({"type": "string", "nullable": true})
        );
        assert_eq!(
            new(&json!({"type": ["string", "integer", "null"]})),
            json!({"nullable": true, "x-plumbline-types": ["string", "integer"]})
        );
        assert_eq!(
            new(&json!({"type": "null"})),
            json!({"nullable": true, "enum": [null]})
        );
        assert_eq!(
            new(&json!({"type": ["string", "null"], "enum": ["a"]})),
            json!({"type": "string", "enum": ["a"]}),
            "an enumeration without null forbids it"
        );
    }

    #[test]
    fn null_among_alternatives_keeps_its_place() {
        assert_eq!(
            new(&json!({"anyOf": [{"type": "null"}, {"type": "string"}]})),
            json!({"anyOf": [{"nullable": true, "enum": [null]}, {"type": "string"}]})
        );
    }

    #[test]
    fn constants() {
        assert_eq!(
            new(&json!({"const": "a"})),
            json!({"const": "a", "enum": ["a"]})
        );
        assert_eq!(
            new(&json!({"const": null})),
            json!({"const": null, "nullable": true, "enum": [null]})
        );
    }

    #[test]
    fn exclusive_bounds() {
        assert_eq!(
            new(&json!({"exclusiveMinimum": 0})),
            json!({"exclusiveMinimum": true, "minimum": 0})
        );
        assert_eq!(
            new(&json!({"exclusiveMaximum": 9, "maximum": 5})),
            json!({"maximum": 5}),
            "the tighter bound counts"
        );
    }

    #[test]
    fn siblings_of_a_reference() {
        let schema = json!({"$ref": "#/a", "description": "d", "nullable": true});
        assert_eq!(
            new(&schema),
            json!({"nullable": true, "description": "d", "allOf": [{"$ref": "#/a"}]})
        );
        assert_eq!(
            down(SpecVersion::V3_0, &schema),
            (schema.clone(), vec!["ref-sibling"]),
            "3.0 ignores them"
        );
        let described = json!({"$ref": "#/a", "description": "d"});
        assert_eq!(
            down(SpecVersion::V3_0, &described),
            (described.clone(), vec![])
        );
        let twice = json!({"$ref": "#/a", "allOf": [{"type": "object"}]});
        assert_eq!(
            new(&twice),
            json!({"allOf": [{"type": "object"}, {"$ref": "#/a"}]})
        );
    }

    #[test]
    fn boolean_schemas() {
        assert_eq!(
            new(&json!({"properties": {"a": true, "b": false}, "additionalProperties": false})),
            json!({"properties": {"a": {}, "b": {"not": {}}}, "additionalProperties": false})
        );
    }

    #[test]
    fn bytes_have_a_format() {
        let encoded = json!({"type": "string", "contentEncoding": "base64"});
        assert_eq!(new(&encoded)["format"], "byte");
        let bytes = json!({"type": "string", "contentMediaType": "application/octet-stream"});
        assert_eq!(new(&bytes)["format"], "binary");
    }

    #[test]
    fn each_dialect_is_read_in_documents_of_the_other() {
        let old =
            json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "nullable": true});
        let (schema, codes) = down(SpecVersion::V3_1, &old);
        assert_eq!(schema, old);
        assert_eq!(codes, ["dialect-3.0-in-3.1", "dialect-3.0-in-3.1"]);
        let (schema, codes) = down(SpecVersion::V3_0, &json!({"type": ["string", "null"]}));
        assert_eq!(schema, json!({"type": "string", "nullable": true}));
        assert_eq!(codes, ["dialect-3.1-in-3.0"]);
    }

    #[test]
    fn what_no_type_says_is_reported() {
        let schema = json!({"if": {}, "patternProperties": {}, "unevaluatedProperties": false});
        let (_, codes) = down(SpecVersion::V3_1, &schema);
        assert_eq!(
            codes,
            ["ignored-keyword", "ignored-keyword", "ignored-keyword"]
        );
    }

    #[test]
    fn values_are_left_alone() {
        let schema = json!({
            "default": {"type": ["string", "null"], "const": 1},
            "enum": [{"exclusiveMinimum": 1}],
            "example": {"$ref": "#/a", "b": 1},
        });
        assert_eq!(new(&schema), schema);
    }
}
