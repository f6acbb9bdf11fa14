//! Short texts: what a schema or a value is, in few words, and whether two names are alike.

use plumbline_specs::api::{Api, Kind, SchemaId, UnionKind};
use serde_json::Value;
use similar::TextDiff;

/// How many characters a value may take up.
const MAX_VALUE: usize = 60;

/// How many members of a union are named.
const MAX_MEMBERS: usize = 4;

/// A schema in few words, for example `array of Experiment`.
pub(crate) fn describe(api: &Api, id: SchemaId) -> String {
    described(api, id, 3)
}

fn described(api: &Api, id: SchemaId, depth: usize) -> String {
    let schema = &api.schemas[id];
    if let Some(name) = &schema.name {
        return name.clone();
    }
    let Some(depth) = depth.checked_sub(1) else {
        return "…".to_owned();
    };
    let with_format = |name: &str, format: &Option<String>| match format {
        Some(format) => format!("{name} ({format})"),
        None => name.to_owned(),
    };
    match &schema.kind {
        Kind::Any => "anything".to_owned(),
        Kind::Never => "nothing".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Alias(target) => described(api, *target, depth),
        Kind::Boolean { .. } => "boolean".to_owned(),
        Kind::Integer { format, .. } => with_format("integer", format),
        Kind::Number { format, .. } => with_format("number", format),
        Kind::String {
            values: Some(values),
            ..
        } => match values.as_slice() {
            [one] => format!("constant {one:?}"),
            _ => "enum".to_owned(),
        },
        Kind::String { format, .. } => with_format("string", format),
        Kind::Array { items, .. } => format!("array of {}", described(api, *items, depth)),
        Kind::Tuple { items, .. } => format!("tuple of {}", items.len()),
        Kind::Object { properties, .. } if properties.is_empty() => "object".to_owned(),
        Kind::Object { properties, .. } => {
            let names: Vec<&str> = properties.keys().map(String::as_str).collect();
            format!("object of {}", list(&names))
        }
        Kind::Union { kind, variants, .. } => {
            let names: Vec<String> = variants
                .iter()
                .map(|variant| described(api, variant.schema, depth))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let keyword = match kind {
                UnionKind::OneOf => "one",
                UnionKind::AnyOf => "any",
            };
            format!("{keyword} of {}", list(&names))
        }
        Kind::Mixed { .. } => "enum of several types".to_owned(),
    }
}

/// The first few names, and how many more there are.
pub(crate) fn list(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().take(MAX_MEMBERS).copied().collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(MAX_MEMBERS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A value as JSON, cut short.
pub(crate) fn value(value: &Value) -> String {
    shorten(&value.to_string())
}

/// A text, cut short.
pub(crate) fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_VALUE {
        return line;
    }
    let kept: String = line.chars().take(MAX_VALUE).collect();
    format!("{kept}…")
}

/// Whether two names may well be of one thing: the same letters, or most of them.
pub(crate) fn alike(one: &str, two: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|character| character.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (one, two) = (letters(one), letters(two));
    one == two || (one.len() <= 80 && two.len() <= 80 && ratio(&one, &two) >= 0.65)
}

fn ratio(one: &str, two: &str) -> f32 {
    TextDiff::from_chars(one, two).ratio()
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn names_are_alike() {
        assert!(alike("sortableBy", "sortable_by"));
        assert!(alike("project", "project_id"));
        assert!(!alike("name", "status"));
    }
}
