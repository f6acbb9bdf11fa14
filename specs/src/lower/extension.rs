//! The extensions that Plumbline reads: `x-resource` and `x-stream`, and how any is read.

use super::Lowerer;
use crate::Pointer;
use crate::api::{Expression, Framing, MemberValue, Resource, ResourceParent, Role, Stream};
use crate::diagnostic::Diagnostic;
use crate::extensions::{RESOURCE, STREAM};
use crate::text::nearest;
use crate::{Code, codes};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The fields of one extension object, each checked when it is read.
pub(super) struct Fields<'d> {
    pub(super) place: Pointer,
    map: &'d Map<String, Value>,
    /// The code that faults are reported under.
    code: Code,
}

impl<'d> Lowerer<'d, '_> {
    /// The extension object at a place; its keys must be among the known ones.
    pub(super) fn fields(
        &mut self,
        place: Pointer,
        code: Code,
        known: &[&str],
    ) -> Option<Fields<'d>> {
        let document = self.document;
        let Some(map) = document.map(&place) else {
            self.error(code, "this is a map of keys and values", &place);
            return None;
        };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let mut diagnostic = Diagnostic::error(code, format!("`{key}` is not known here"))
                .pointer(&place.join(key));
            diagnostic = diagnostic.help(match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            });
            self.sink.push(diagnostic);
        }
        Some(Fields { place, map, code })
    }

    /// A string that must be there.
    pub(super) fn needed<'f>(&mut self, fields: &'f Fields<'d>, key: &str) -> Option<&'f str> {
        let found = self.text(fields, key);
        if found.is_none() && !fields.map.contains_key(key) {
            self.error(fields.code, format!("`{key}` is missing"), &fields.place);
        }
        found
    }

    /// A string, where there is one.
    pub(super) fn text<'f>(&mut self, fields: &'f Fields<'d>, key: &str) -> Option<&'f str> {
        let value = fields.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong(fields, key, "a string");
        }
        text
    }

    /// A runtime expression, where there is one.
    pub(super) fn expression(&mut self, fields: &Fields<'d>, key: &str) -> Option<Expression> {
        let text = self.text(fields, key)?;
        let found = parse_expression(text);
        if found.is_none() {
            self.not_an_expression(fields.code, text, &fields.place.join(key));
        }
        found
    }

    /// A runtime expression that must be there.
    pub(super) fn needed_expression(
        &mut self,
        fields: &Fields<'d>,
        key: &str,
    ) -> Option<Expression> {
        if fields.get(key).is_none() {
            self.error(fields.code, format!("`{key}` is missing"), &fields.place);
        }
        self.expression(fields, key)
    }

    pub(super) fn not_an_expression(&mut self, code: Code, text: &str, place: &Pointer) {
        self.sink.push(
            Diagnostic::error(code, format!("`{text}` is not a runtime expression"))
                .pointer(place)
                .help(
                    "write $request.query.name, $request.path.name, $request.header.name, \
                     $request.body#/pointer, $response.header.name or $response.body#/pointer",
                ),
        );
    }

    /// A JSON Pointer, where there is one.
    pub(super) fn pointer(&mut self, fields: &Fields<'d>, key: &str) -> Option<Pointer> {
        let text = self.text(fields, key)?;
        let found = Pointer::parse(text);
        if found.is_none() {
            self.wrong(fields, key, "a JSON Pointer, which begins with a slash");
        }
        found
    }

    /// One of several words, where there is one.
    pub(super) fn word<T: Copy>(
        &mut self,
        fields: &Fields<'d>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(fields, key)?;
        let found = words.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(fields, key, &format!("one of {}", known.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    /// A whole number that is not negative, where there is one.
    pub(super) fn count(&mut self, fields: &Fields<'d>, key: &str) -> Option<u64> {
        let value = fields.get(key)?;
        let count = value.as_u64();
        if count.is_none() {
            self.wrong(fields, key, "a whole number");
        }
        count
    }

    /// A status code, where there is one.
    fn status(&mut self, fields: &Fields<'d>, key: &str) -> Option<u16> {
        let count = self.count(fields, key)?;
        let status = u16::try_from(count)
            .ok()
            .filter(|status| (100..=999).contains(status));
        if status.is_none() {
            self.wrong(fields, key, "a status code");
        }
        status
    }

    pub(super) fn wrong(&mut self, fields: &Fields<'d>, key: &str, expected: &str) {
        self.error(
            fields.code,
            format!("`{key}` is {expected}"),
            &fields.place.join(key),
        );
    }

    /// `x-reads` of an operation.
    pub(super) fn reads(&mut self, place: &Pointer) -> Option<bool> {
        let found = self.document.get(&place.join("x-reads"))?;
        let reads = found.as_bool();
        if reads.is_none() {
            let message = "`x-reads` is true or false";
            self.error(codes::INVALID_RESOURCE, message, &place.join("x-reads"));
        }
        reads
    }

    /// `x-resource` of an operation.
    pub(super) fn resource(&mut self, place: &Pointer) -> Option<Resource> {
        self.member(place, "x-resource")?;
        let code = codes::INVALID_RESOURCE;
        let known = RESOURCE.names(None);
        let fields = self.fields(place.join("x-resource"), code, &known)?;
        let roles = [
            ("list", Role::List),
            ("create", Role::Create),
            ("get", Role::Get),
            ("update", Role::Update),
            ("upsert", Role::Upsert),
            ("delete", Role::Delete),
            ("stream", Role::Stream),
        ];
        let collection = self.needed(&fields, "collection").map(str::to_owned);
        self.needed(&fields, "role");
        let role = self.word(&fields, "role", &roles);
        let parent = match fields.get("parent") {
            None => None,
            Some(_) => {
                let at = fields.place.join("parent");
                let parent = self.fields(at, code, &["collection", "id"])?;
                let collection = self.needed(&parent, "collection").map(str::to_owned);
                let id = self.needed_expression(&parent, "id");
                Some(ResourceParent {
                    collection: collection?,
                    id: id?,
                })
            }
        };
        let id = self.expression(&fields, "id");
        let ids = self.expression(&fields, "ids");
        let chosen = self.expression(&fields, "chosen");
        let again = self.status(&fields, "again");
        let key = self.pointer(&fields, "key");
        let input = self.expression(&fields, "input");
        let output = self.expression(&fields, "output");
        let unknown = self.status(&fields, "unknown");
        let sets = self.sets(&fields);
        let only = self.values_at(&fields, "only").into_iter().collect();
        let after = self.expression(&fields, "after");
        let limit = self.expression(&fields, "limit");
        Some(Resource {
            collection: collection?,
            role: role?,
            id,
            ids,
            parent,
            chosen,
            again,
            key,
            input,
            output,
            unknown,
            sets,
            only,
            after,
            limit,
        })
    }

    /// What an operation sets: expressions for what the request gives, and constants.
    fn sets(&mut self, fields: &Fields<'d>) -> IndexMap<Pointer, MemberValue> {
        let mut sets = IndexMap::new();
        for (pointer, value) in self.values_at(fields, "sets") {
            let set = match &value {
                Value::String(text) if text.starts_with("$request.") => {
                    match parse_expression(text) {
                        Some(expression) => MemberValue::Given(expression),
                        None => {
                            let at = fields.place.join("sets").join(pointer.as_str());
                            self.not_an_expression(fields.code, text, &at);
                            continue;
                        }
                    }
                }
                _ => MemberValue::Constant(value),
            };
            sets.insert(pointer, set);
        }
        sets
    }

    /// A map of pointers within an item to values.
    fn values_at(&mut self, fields: &Fields<'d>, key: &str) -> Vec<(Pointer, Value)> {
        let Some(value) = fields.get(key) else {
            return Vec::new();
        };
        let Some(map) = value.as_object() else {
            self.wrong(fields, key, "a map of pointers within an item to values");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (pointer, value) in map {
            match Pointer::parse(pointer) {
                Some(pointer) => found.push((pointer, value.clone())),
                None => {
                    let at = fields.place.join(key).join(pointer);
                    let message =
                        format!("`{pointer}` is no JSON Pointer, which begins with a slash");
                    self.error(fields.code, message, &at);
                }
            }
        }
        found
    }

    /// `x-stream` of a media type, or what the media type itself says.
    pub(super) fn stream(&mut self, place: &Pointer, name: &str) -> Option<Stream> {
        if self.member(place, "x-stream").is_none() {
            let essence = name.split(';').next().unwrap_or_default().trim();
            let framing = match essence.to_ascii_lowercase().as_str() {
                "application/x-ndjson"
                | "application/ndjson"
                | "application/jsonl"
                | "application/x-jsonlines"
                | "application/json-lines" => Framing::JsonLines,
                "text/event-stream" => Framing::ServerSentEvents,
                _ => return None,
            };
            let item = self.member(place, "schema").is_some();
            return Some(Stream {
                framing,
                delimiter: delimiter(framing).to_owned(),
                item: item.then(|| self.schema(place.join("schema"))),
                error: None,
            });
        }
        let at = place.join("x-stream");
        let fields = self.fields(at.clone(), codes::INVALID_STREAM, &STREAM.names(None))?;
        let framings = [
            ("json-lines", Framing::JsonLines),
            ("server-sent-events", Framing::ServerSentEvents),
        ];
        self.needed(&fields, "framing");
        let framing = self.word(&fields, "framing", &framings);
        let delimiter_said = self.text(&fields, "delimiter").map(str::to_owned);
        let mut inner = |key: &str| match fields.get(key) {
            None => None,
            Some(Value::Object(_)) => Some(self.schema(at.join(key))),
            Some(_) => {
                self.wrong(&fields, key, "a schema");
                None
            }
        };
        let item = inner("item");
        let error = inner("error");
        let framing = framing?;
        Some(Stream {
            framing,
            delimiter: delimiter_said.unwrap_or_else(|| delimiter(framing).to_owned()),
            item,
            error,
        })
    }
}

impl<'d> Fields<'d> {
    /// The value of a key, null being none.
    pub(super) fn get(&self, key: &str) -> Option<&'d Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }
}

fn delimiter(framing: Framing) -> &'static str {
    match framing {
        Framing::JsonLines => "\n",
        Framing::ServerSentEvents => "\n\n",
    }
}

/// A runtime expression (OpenAPI 3.0.3, section "Runtime Expressions"), of the kinds that paging
/// needs.
pub(super) fn parse_expression(text: &str) -> Option<Expression> {
    let (source, rest) = match text.strip_prefix("$request.") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("$response.")?),
    };
    if let Some(body) = rest.strip_prefix("body") {
        let pointer = match body {
            "" => Pointer::root(),
            body => Pointer::parse(body.strip_prefix('#')?)?,
        };
        return Some(if source {
            Expression::RequestBody(pointer)
        } else {
            Expression::ResponseBody(pointer)
        });
    }
    let (kind, name) = rest.split_once('.')?;
    if name.is_empty() {
        return None;
    }
    let name = name.to_owned();
    match (source, kind) {
        (true, "path") => Some(Expression::RequestPath(name)),
        (true, "query") => Some(Expression::RequestQuery(name)),
        (true, "header") => Some(Expression::RequestHeader(name)),
        (false, "header") => Some(Expression::ResponseHeader(name)),
        _ => None,
    }
}
