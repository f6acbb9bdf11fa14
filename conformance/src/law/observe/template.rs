//! Templates: what a profile writes with `{value}` in it.

use crate::expression::text;
use serde_json::Value;

/// A value with `{value}` in its strings replaced. A string that is `{value}` and nothing
/// else becomes the value itself; in a string that holds JSON the value is escaped for it.
pub(super) fn filled(template: &Value, value: &Value) -> Value {
    const HOLE: &str = "{value}";
    match template {
        Value::String(whole) if whole == HOLE => value.clone(),
        Value::String(part) if part.contains(HOLE) => {
            let plain = text(value);
            let holds_json = part.trim_start().starts_with(['[', '{']) && part != HOLE;
            let inserted = if holds_json {
                let quoted = Value::String(plain).to_string();
                quoted
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'))
                    .unwrap_or(&quoted)
                    .to_owned()
            } else {
                plain
            };
            Value::String(part.replace(HOLE, &inserted))
        }
        Value::Array(members) => members.iter().map(|member| filled(member, value)).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| (name.clone(), filled(member, value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::filled;
    use serde_json::json;

    #[test]
    fn a_value_is_filled_in_as_its_surroundings_ask() {
        for (template, value, expected) in [
            (json!("{value}"), json!(3), json!(3)),
            (json!("name:{value}"), json!("a\"b"), json!("name:a\"b")),
            (
                json!(r#"[{"field":"name","value":"{value}"}]"#),
                json!("a\"b"),
                json!(r#"[{"field":"name","value":"a\"b"}]"#),
            ),
            (
                json!([{"name": "id", "value": "{value}", "deep": true}]),
                json!("x"),
                json!([{"name": "id", "value": "x", "deep": true}]),
            ),
        ] {
            assert_eq!(filled(&template, &value), expected);
        }
    }
}
