//! What a validator found, in one sentence with what was expected and what came.

use super::Violation;
use crate::rule;
use crate::shorten::shorten;
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use plumbline_specs::Pointer;
use serde_json::Value;

/// The longest rendering of a value in a message, in characters.
const VALUE: usize = 160;

/// One violation for each error, the unions reduced to the branch that was meant.
pub(super) fn violations(
    raw: &Value,
    place: &Pointer,
    errors: Vec<ValidationError<'_>>,
) -> Vec<Violation> {
    let mut found: Vec<Violation> = Vec::new();
    for error in &errors {
        for violation in one(raw, place, error, 4) {
            let known = found.iter().any(|other| {
                other.pointer == violation.pointer && other.message == violation.message
            });
            if !known {
                found.push(violation);
            }
        }
    }
    // A union that fails repeats what a discriminator has already told more precisely.
    if found.len() > 1 && found.iter().any(|violation| !violation.vague) {
        let precise: Vec<String> = found
            .iter()
            .filter(|violation| !violation.vague)
            .filter_map(|violation| violation.pointer.clone())
            .collect();
        found.retain(|violation| {
            !violation.vague
                || !violation.pointer.as_ref().is_some_and(|union| {
                    precise
                        .iter()
                        .any(|pointer| pointer.starts_with(union.as_str()))
                })
        });
    }
    found
}

fn one(raw: &Value, place: &Pointer, error: &ValidationError<'_>, depth: usize) -> Vec<Violation> {
    if let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = error.kind()
        && depth > 0
        && let Some(branch) = meant(context, error.instance_path().as_str())
    {
        return branch
            .iter()
            .flat_map(|error| one(raw, place, error, depth - 1))
            .collect();
    }
    let (message, expected, vague) = phrase(error);
    let instance = error.instance();
    let mut violation = Violation::new(rule::check::BODY_SCHEMA, message)
        .expected(expected)
        .actual(rendered(instance))
        .at(error.instance_path().as_str());
    violation.place = Some(nearest(raw, place, error));
    violation.vague = vague;
    if is_local_date_time(error) {
        "the date-time has no offset from UTC".clone_into(&mut violation.message);
        violation = violation.warning();
    }
    vec![violation]
}

/// The branch of a union that the value was meant for: the only one whose faults all lie
/// within the value rather than at its root.
fn meant<'e>(
    context: &'e [Vec<ValidationError<'static>>],
    root: &str,
) -> Option<&'e [ValidationError<'static>]> {
    let mut within = context.iter().filter(|errors| {
        !errors.is_empty()
            && errors
                .iter()
                .all(|error| error.instance_path().as_str().len() > root.len())
    });
    let first = within.next();
    if let (Some(only), None) = (first, within.next()) {
        return Some(only);
    }
    // Else the only branch that takes a value of this type at all.
    let mut typed = context.iter().filter(|errors| {
        !errors.is_empty()
            && !errors.iter().any(|error| {
                error.instance_path().as_str().len() == root.len()
                    && matches!(
                        error.kind(),
                        Kind::Type { .. } | Kind::Constant { .. } | Kind::FalseSchema
                    )
            })
    });
    match (typed.next(), typed.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Message, what was expected, and whether it says little.
fn phrase(error: &ValidationError<'_>) -> (String, String, bool) {
    let limit = |value: &Value| rendered(value);
    let (message, expected) = match error.kind() {
        Kind::Required { property } => {
            let name = rendered(property);
            (
                format!("the required member {name} is missing"),
                format!("a member {name}"),
            )
        }
        Kind::Type { kind } => {
            let types = match kind {
                TypeKind::Single(single) => single.to_string(),
                TypeKind::Multiple(set) => {
                    let names: Vec<_> = set.iter().map(|kind| kind.to_string()).collect();
                    names.join(" or ")
                }
            };
            (
                format!("the value is {}", article(error.instance())),
                format!("type {types}"),
            )
        }
        Kind::Format { format } => (
            format!("the string is no {format}"),
            format!("a string of format {format}"),
        ),
        Kind::Enum { options } => (
            "the value is none of the listed ones".to_owned(),
            format!("one of {}", rendered(options)),
        ),
        Kind::Constant { expected_value } => (
            "the value is not the only one allowed".to_owned(),
            rendered(expected_value),
        ),
        Kind::Minimum { limit: least } => (
            "the number is too small".to_owned(),
            format!("at least {}", limit(least)),
        ),
        Kind::Maximum { limit: most } => (
            "the number is too large".to_owned(),
            format!("at most {}", limit(most)),
        ),
        Kind::ExclusiveMinimum { limit: least } => (
            "the number is too small".to_owned(),
            format!("more than {}", limit(least)),
        ),
        Kind::ExclusiveMaximum { limit: most } => (
            "the number is too large".to_owned(),
            format!("less than {}", limit(most)),
        ),
        Kind::MinLength { limit } => (
            "the string is too short".to_owned(),
            format!("at least {limit} characters"),
        ),
        Kind::MaxLength { limit } => (
            "the string is too long".to_owned(),
            format!("at most {limit} characters"),
        ),
        Kind::MinItems { limit } => (
            "the array has too few items".to_owned(),
            format!("at least {limit} items"),
        ),
        Kind::MaxItems { limit } => (
            "the array has too many items".to_owned(),
            format!("at most {limit} items"),
        ),
        Kind::UniqueItems => (
            "the array repeats an item".to_owned(),
            "items that differ".to_owned(),
        ),
        Kind::Pattern { pattern } => (
            "the string does not match the pattern".to_owned(),
            shorten(pattern, VALUE),
        ),
        Kind::AdditionalProperties { unexpected } => (
            format!(
                "the object has members that the schema forbids: {}",
                shorten(&unexpected.join(", "), VALUE)
            ),
            "no further members".to_owned(),
        ),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            return (
                format!("the value fits none of the {} alternatives", context.len()),
                "one of the alternatives".to_owned(),
                true,
            );
        }
        Kind::OneOfMultipleValid { .. } => (
            "the value fits several alternatives of which one alone may".to_owned(),
            "exactly one alternative".to_owned(),
        ),
        Kind::FalseSchema => (
            "the schema allows nothing here".to_owned(),
            "nothing".to_owned(),
        ),
        Kind::Custom { message, .. } => (shorten(message, 400), "JSON by its schema".to_owned()),
        _ => (
            shorten(&error.masked().to_string(), 400),
            format!("what `{}` asks", error.kind().keyword()),
        ),
    };
    (message, expected, false)
}

/// The JSON type of a value, with its article.
fn article(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A date-time that lacks its offset alone; frameworks send them, readers mind.
fn is_local_date_time(error: &ValidationError<'_>) -> bool {
    let Kind::Format { format } = error.kind() else {
        return false;
    };
    format == "date-time"
        && error.instance().as_str().is_some_and(|text| {
            jsonschema::options()
                .should_validate_formats(true)
                .build(&serde_json::json!({"type": "string", "format": "date-time"}))
                .is_ok_and(|validator| validator.is_valid(&Value::String(format!("{text}Z"))))
        })
}

/// The error's place in the document as it was read.
fn nearest(raw: &Value, place: &Pointer, error: &ValidationError<'_>) -> String {
    let Some(fragment) = error.absolute_keyword_location().and_then(|uri| {
        uri.as_str()
            .split_once('#')
            .map(|(_, fragment)| fragment.to_owned())
    }) else {
        return place.to_string();
    };
    let pointer = percent_encoding::percent_decode_str(&fragment)
        .decode_utf8_lossy()
        .into_owned();
    let Some(pointer) = Pointer::parse(&pointer) else {
        return place.to_string();
    };
    let mut node = raw;
    let mut reached = Pointer::root();
    for token in pointer.tokens() {
        let next = match node {
            Value::Object(members) => members.get(&token),
            Value::Array(items) => token
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index)),
            _ => None,
        };
        match next {
            Some(next) => {
                node = next;
                reached = reached.join(&token);
            }
            // Added by the translation.
            None if token == "else" => {}
            None => break,
        }
    }
    if reached == Pointer::root() {
        return place.to_string();
    }
    reached.to_string()
}

/// A value as JSON, cut to a line's length.
pub(crate) fn rendered(value: &Value) -> String {
    match value {
        Value::Array(items) if items.len() > 20 => {
            format!("an array of {} items", items.len())
        }
        Value::Object(members) if members.len() > 20 => {
            format!("an object with {} members", members.len())
        }
        // Cut before it is quoted: a string may have megabytes.
        Value::String(text) if text.len() > VALUE * 4 => {
            format!("a string of {} bytes: {}", text.len(), shorten(text, VALUE))
        }
        other => shorten(&other.to_string(), VALUE),
    }
}
