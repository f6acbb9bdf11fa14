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
