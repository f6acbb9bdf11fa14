//! Strips a document of its prose.

use crate::shape::{Object, Path, Support, Walk, walk_mut};
use serde_json::Value;

/// Removes what is written for people: descriptions, summaries, titles, examples, links to
/// documentation, contact and licence. Property names, values of enumerations and defaults are
/// left alone whatever they are called.
pub fn strip(document: &mut Value) {
    strip_object(document, Object::Document);
}

/// [`strip`] for a part of a document.
pub(crate) fn strip_object(value: &mut Value, object: Object) {
    walk_mut(value, object, &Path::ROOT, &mut |object, value, _| {
        if let Value::Object(map) = value
            && object.free().is_none()
        {
            let is_reference = object.referable() && map.contains_key("$ref");
            map.retain(|key, _| {
                let prose = is_reference && matches!(key.as_str(), "summary" | "description");
                let field = object.field(key);
                !prose && field.is_none_or(|field| field.support != Support::Documentation)
            });
        }
        Walk::Into
    });
}

#[cfg(test)]
mod tests {
    use super::strip;
    use serde_json::json;

    #[test]
    fn prose_is_stripped_and_names_are_not() {
        let mut schema = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {},
            "components": {"schemas": {"A": {
                "title": "A",
                "description": "a",
                "default": {"description": "kept"},
                "enum": [{"title": "kept"}],
                "required": ["description"],
                "properties": {"description": {"type": "string", "example": "gone"}},
            }}},
        });
        strip(&mut schema);
        assert_eq!(
            schema,
            json!({
                "openapi": "3.1.0",
                "info": {"version": "1"},
                "paths": {},
                "components": {"schemas": {"A": {
                    "default": {"description": "kept"},
                    "enum": [{"title": "kept"}],
                    "required": ["description"],
                    "properties": {"description": {"type": "string"}},
                }}},
            })
        );
    }
}
