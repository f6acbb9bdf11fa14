//! Values as numbers and as words.

use plumbline_specs::api::Expression;
use serde_json::Value;

/// The pointer of a place in a response's body; empty for a header.
pub(in crate::law) fn pointer(expression: &Expression) -> String {
    match expression {
        Expression::ResponseBody(pointer) => pointer.to_string(),
        _ => String::new(),
    }
}

/// A value, short enough for a sentence.
pub(in crate::law) fn short(value: &Value) -> String {
    clip(&value.to_string())
}

/// A text, short enough for a sentence.
pub(in crate::law) fn clip(text: &str) -> String {
    crate::shorten::shorten(text, 60)
}

/// A whole number, also where it is written as a string.
pub(in crate::law) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            // 57.0 is the integer 57 (JSON Schema 2020-12 core, section 6.3).
            .or_else(|| {
                number
                    .as_f64()
                    .filter(|float| float.fract() == 0.0 && float.abs() < 9.0e15)
                    .map(|float| float as i64)
            }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
