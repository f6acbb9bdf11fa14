//! Parameters of Swagger 2.0, and the bodies that some of them are.

use super::{Converter, Object, reference, schema, text};
use crate::Pointer;
use crate::codes;
use crate::diagnostic::Diagnostic;
use serde_json::{Map, Value, json};

/// The media types of forms.
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Whether a parameter is a body or a part of one.
pub(super) fn is_body(parameter: &Value) -> bool {
    matches!(text(parameter.get("in")), Some("body" | "formData"))
}

impl Converter<'_, '_> {
    /// What a parameter says, after a reference.
    pub(super) fn resolved<'v>(&'v self, parameter: &'v Value) -> &'v Value {
        let target = text(parameter.get("$ref"))
            .and_then(|reference| reference.strip_prefix("#/parameters/"))
            .and_then(|name| self.old.get("parameters")?.get(name));
        target.unwrap_or(parameter)
    }

    /// A parameter that is one in 3.0 too.
    pub(super) fn parameter(&mut self, value: &Value, place: &Pointer) -> Value {
        let Value::Object(old) = value else {
            return value.clone();
        };
        if let Some(old) = text(old.get("$ref")) {
            return json!({ "$ref": reference(old) });
        }
        let mut new = old.clone();
        let format = new.shift_remove("collectionFormat");
        let is_list = text(old.get("type")) == Some("array");
        let own = schema::take(&mut new);
        new.insert("schema".to_owned(), own);
        if is_list {
            let query = text(old.get("in")) == Some("query");
            self.list(&mut new, text(format.as_ref()), query, place);
        }
        Value::Object(new)
    }

    /// `collectionFormat` as `style` and `explode`.
    fn list(&mut self, new: &mut Object, format: Option<&str>, query: bool, place: &Pointer) {
        let (style, explode) = match (format.unwrap_or("csv"), query) {
            ("multi", true) => ("form", true),
            ("csv", true) => ("form", false),
            ("ssv", true) => ("spaceDelimited", false),
            ("pipes", true) => ("pipeDelimited", false),
            ("csv", false) => ("simple", false),
            (other, _) => {
                self.sink.push(
                    Diagnostic::warning(
                        codes::SWAGGER_COLLECTION_FORMAT,
                        format!("OpenAPI 3.0 has no `collectionFormat: {other}` here"),
                    )
                    .pointer(&place.join("collectionFormat"))
                    .help("it is written with commas"),
                );
                (if query { "form" } else { "simple" }, false)
            }
        };
        new.insert("style".to_owned(), Value::from(style));
        new.insert("explode".to_owned(), Value::from(explode));
    }

    /// The request body that the parameters among these make.
    pub(super) fn body(
        &mut self,
        parameters: &[(Value, Pointer)],
        consumes: &[String],
    ) -> Option<Value> {
        let of = |wanted: &'static str| {
            parameters
                .iter()
                .filter(move |(it, _)| text(it.get("in")) == Some(wanted))
        };
        if let Some((body, _)) = of("body").next() {
            return Some(whole(body, consumes));
        }
        let fields: Vec<&(Value, Pointer)> = of("formData").collect();
        (!fields.is_empty()).then(|| self.form(&fields, consumes))
    }

    fn form(&mut self, fields: &[&(Value, Pointer)], consumes: &[String]) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut encoding = Map::new();
        for (field, place) in fields {
            let (Some(name), Value::Object(old)) = (text(field.get("name")), field) else {
                continue;
            };
            let mut rest = old.clone();
            let mut own = schema::take(&mut rest);
            if let (Value::Object(own), Some(description)) = (&mut own, rest.get("description")) {
                own.insert("description".to_owned(), description.clone());
            }
            if old.get("required") == Some(&Value::Bool(true)) {
                required.push(Value::from(name));
            }
            if text(old.get("type")) == Some("array") {
                let mut how = Map::new();
                self.list(&mut how, text(old.get("collectionFormat")), true, place);
                encoding.insert(name.to_owned(), Value::Object(how));
            }
            properties.insert(name.to_owned(), own);
        }
        let file = fields
            .iter()
            .any(|(field, _)| text(field.get("type")) == Some("file"));
        let mut types: Vec<&str> = consumes
            .iter()
            .map(String::as_str)
            .filter(|it| *it == MULTIPART || (*it == URLENCODED && !file))
            .collect();
        if types.is_empty() {
            types.push(if file { MULTIPART } else { URLENCODED });
        }
        let demanded = !required.is_empty();
        let mut schema = json!({ "type": "object", "properties": properties });
        if let (Value::Object(schema), true) = (&mut schema, demanded) {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        let mut content = Map::new();
        for name in types {
            let mut media = json!({ "schema": schema });
            // Parts of one name are what multipart has for lists.
            if let (Value::Object(media), false, URLENCODED) =
                (&mut media, encoding.is_empty(), name)
            {
                media.insert("encoding".to_owned(), Value::Object(encoding.clone()));
            }
            content.insert(name.to_owned(), media);
        }
        json!({ "content": content, "required": demanded })
    }
}

/// A parameter `in: body` as a request body.
fn whole(body: &Value, consumes: &[String]) -> Value {
    let mut new = Map::new();
    if let Value::Object(old) = body {
        let kept = |key: &str| key == "description" || key == "required" || key.starts_with("x-");
        new.extend(
            old.iter()
                .filter(|(key, _)| kept(key))
                .map(|(key, value)| (key.clone(), value.clone())),
        );
    }
    let schema = schema::schema(body.get("schema").unwrap_or(&json!({})));
    let default = ["application/json".to_owned()];
    let types = if consumes.is_empty() {
        default.as_slice()
    } else {
        consumes
    };
    let content: Map<String, Value> = types
        .iter()
        .map(|name| (name.clone(), json!({ "schema": schema })))
        .collect();
    new.insert("content".to_owned(), Value::Object(content));
    Value::Object(new)
}
