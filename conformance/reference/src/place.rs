//! Places: what a runtime expression means in a request.

use super::context::RequestContext;
use super::value::captures;
use plumbline_conformance::expression::read_request;
use plumbline_specs::api::{Expression, RequestValues};
use serde_json::Value;

impl RequestContext<'_> {
    /// What stands at an expression's place in the request, a parameter by its style.
    pub(super) fn read(&self, expression: &Expression) -> Option<Value> {
        match expression {
            Expression::RequestBody(pointer) => {
                return self.json.as_ref()?.pointer(pointer.as_str()).cloned();
            }
            // Those of the operation that was asked for, where a scene looks at another one.
            Expression::RequestPath(name) => {
                let mut values = self.values.iter();
                let (_, value) = values.find(|(own, _)| own == name)?;
                return Some(Value::String(value.clone()));
            }
            _ => {}
        }
        let request = self.call.head(&self.operation.label());
        read_request(self.api(), self.operation, &request, expression)
    }

    /// Whether the request asks all that `ask` says.
    pub(super) fn asks(&self, ask: &RequestValues) -> bool {
        !ask.is_empty()
            && ask
                .iter()
                .all(|(place, wanted)| self.captured(place, wanted).is_some())
    }

    /// What a template captures of what stands at a place. Of a parameter that is a list, each
    /// element is laid under a template that is none.
    pub(super) fn captured(&self, place: &Expression, template: &Value) -> Option<Vec<Value>> {
        let actual = self.read(place)?;
        // JSON in a text, where the parameter's media type says that it is JSON.
        let parsed = match template {
            Value::String(text) if text.starts_with(['[', '{']) && !actual.is_string() => {
                serde_json::from_str(text).ok()
            }
            _ => None,
        };
        let template = parsed.as_ref().unwrap_or(template);
        match (&actual, place.parameter_name()) {
            (Value::Array(elements), Some(_)) if !template.is_array() => {
                let found = elements.iter().map(|element| captures(template, element));
                found
                    .collect::<Option<Vec<_>>>()
                    .map(|found| found.concat())
            }
            _ => captures(template, &actual),
        }
    }
}
