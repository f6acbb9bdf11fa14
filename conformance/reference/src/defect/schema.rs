//! Defects of form: answers that are not what the document describes.

use super::super::call::{Body, ServerResponse};
use super::super::context::RequestContext;
use super::super::plan::success_schema;
use super::super::stage::Wire;
use super::{Class, Defect, Seam, when};
use plumbline_conformance::Rule;
use plumbline_conformance::rule::{check, law};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Additional, Api, Kind, Operation, SchemaId};
use serde_json::{Value, json};

const BODY: &[Rule] = &[check::BODY_SCHEMA];

/// One kind of fault at one kind of value.
macro_rules! spoil {
    ($id:literal, $breaks:literal, $test:expr, $bend:expr) => {
        Class::Schema.defect(
            $id,
            $breaks,
            BODY,
            |api, operation| reaches(api, operation, $test),
            Seam::Response(|answer, context| spoil(answer, context, $test, $bend)),
        )
    };
}

pub(super) const DEFECTS: &[Defect] = &[
    spoil!(
        "number-as-string",
        "A number comes as text.",
        |_, kind, _| matches!(kind, Kind::Integer { .. } | Kind::Number { .. }),
        |value| *value = Value::String(value.to_string())
    ),
    spoil!(
        "integer-with-fraction",
        "An integer comes with a fraction.",
        |_, kind, _| matches!(kind, Kind::Integer { values: None, .. }),
        |value| *value = json!(value.as_f64().unwrap_or_default() + 0.5)
    ),
    spoil!(
        "boolean-as-string",
        "A boolean comes as text.",
        |_, kind, _| matches!(kind, Kind::Boolean { .. }),
        |value| *value = Value::String(value.to_string())
    ),
    spoil!(
        "string-as-object",
        "Text comes as an object.",
        |_, kind, _| matches!(kind, Kind::String { .. }),
        |value| *value = json!({"value": value.clone()})
    ),
    spoil!(
        "array-as-object",
        "A list comes as an object.",
        |_, kind, _| matches!(kind, Kind::Array { .. }),
        |value| *value = json!({"items": value.clone()})
    ),
    spoil!(
        "enum-value-unknown",
        "A value is none of those listed.",
        |_, kind, _| matches!(
            kind,
            Kind::String {
                values: Some(_),
                ..
            }
        ),
        |value| *value = json!("some-new-value")
    ),
    spoil!(
        "uuid-malformed",
        "A UUID lacks its last group.",
        |_, kind, _| is_format(kind, "uuid"),
        |value| shorten(value, 13)
    ),
    spoil!(
        "date-without-offset",
        "A time lacks its offset from UTC.",
        |_, kind, _| is_format(kind, "date-time"),
        |value| shorten(value, 1)
    ),
    spoil!(
        "date-for-people",
        "A time is written as people do.",
        |_, kind, _| is_format(kind, "date-time"),
        |value| *value = json!("5 January 2026, 9 am")
    ),
    spoil!(
        "date-as-number",
        "A time comes in seconds since 1970.",
        |_, kind, _| is_format(kind, "date-time"),
        |value| *value = json!(1_767_603_600)
    ),
    spoil!(
        "text-too-long",
        "Text is longer than allowed.",
        |_, kind, _| matches!(
            kind,
            Kind::String {
                max_length: Some(..=10_000),
                ..
            }
        ),
        |value| *value = Value::String("x".repeat(10_001))
    ),
    spoil!(
        "text-empty",
        "Text is empty that must not be.",
        |_, kind, _| matches!(
            kind,
            Kind::String {
                min_length: Some(1..),
                ..
            }
        ),
        |value| *value = json!("")
    ),
    spoil!(
        "number-out-of-bounds",
        "A number lies below its bound.",
        |_, kind, _| matches!(kind,
            Kind::Integer { bounds, .. } | Kind::Number { bounds, .. }
                if bounds.minimum.is_some()),
        |value| *value = json!(-1_000_000_007)
    ),
    spoil!(
        "list-too-long",
        "A list holds more than it may.",
        |_, kind, _| matches!(
            kind,
            Kind::Array {
                max_items: Some(..=100),
                ..
            }
        ),
        |value| *value = Value::Array(vec![json!("x"); 101])
    ),
    spoil!(
        "list-with-repeats",
        "A list of different values holds one twice.",
        |_, kind, _| matches!(kind, Kind::Array { unique: true, .. }),
        |value| *value = json!(["x", "x"])
    ),
    spoil!(
        "extra-member",
        "An object has a member though all others are forbidden.",
        |_, kind, _| matches!(
            kind,
            Kind::Object {
                additional: Additional::Forbidden,
                ..
            }
        ),
        |value| {
            if let Some(members) = value.as_object_mut() {
                members.insert("internal_note".to_owned(), json!("x"));
            }
        }
    ),
    spoil!(
        "null-for-value",
        "A value is null that must not be.",
        |api, kind, schema| {
            !api.schemas[schema].nullable
                && !api.schemas[api.schemas.resolve(schema)].nullable
                && matches!(
                    kind,
                    Kind::String { .. } | Kind::Integer { .. } | Kind::Array { .. }
                )
        },
        |value| *value = Value::Null
    ),
    spoil!(
        "required-member-missing",
        "An object lacks a member that it must have.",
        |_, kind, _| has_required(kind),
        |value| {
            // Whichever is required; see `spoil`.
            if let Some(members) = value.as_object_mut() {
                members.insert("~".to_owned(), Value::Null);
            }
        }
    ),
    Class::Schema.defect(
        "success-wrapped",
        "The body is wrapped in an object of the framework.",
        BODY,
        has_required_body,
        Seam::Response(|answer, context| {
            if context.refusal.is_none()
                && let Some(value) = answer.value_mut()
            {
                *value = json!([{"status": "ok", "result": value.clone()}]);
            }
        }),
    ),
    Class::Schema.defect(
        "success-empty",
        "A success that has a body comes without one.",
        BODY,
        has_json,
        Seam::Response(|answer, context| {
            if context.refusal.is_none() && answer.value_mut().is_some() {
                answer.body = Body::Empty;
            }
        }),
    ),
    Class::Schema.defect(
        "json-cut-off",
        "The JSON lacks its last character.",
        BODY,
        has_json,
        Seam::Wire(Wire::CutBody),
    ),
    Class::Schema.defect(
        "json-not-utf-8",
        "The JSON is not written in UTF-8.",
        BODY,
        has_json,
        Seam::Response(|answer, context| {
            if context.refusal.is_none() && answer.value_mut().is_some() {
                let mut bytes = std::mem::take(&mut answer.body).into_bytes();
                let end = bytes.len().saturating_sub(1);
                bytes.splice(end..end, *b"\xff\xfe");
                answer.body = Body::Bytes(bytes);
            }
        }),
    ),
    Class::Schema.defect(
        "empty-list-is-null",
        "A list without items is null.",
        &[law::ITEMS_IS_A_LIST, check::BODY_SCHEMA],
        when::lists_nothing,
        Seam::Response(|answer, context| {
            bend_items(answer, context, |items| {
                if items.as_array().is_some_and(Vec::is_empty) {
                    *items = Value::Null;
                }
            });
        }),
    ),
    Class::Schema.defect(
        "list-is-keyed-by-id",
        "The items are an object with a member for each.",
        &[law::ITEMS_IS_A_LIST],
        when::paged,
        Seam::Response(|answer, context| {
            bend_items(answer, context, |items| {
                if let Value::Array(elements) = items {
                    let numbered = elements.drain(..).enumerate();
                    *items = numbered
                        .map(|(number, item)| (number.to_string(), item))
                        .collect();
                }
            });
        }),
    ),
    Class::Schema.defect(
        "media-type-html",
        "A success says that it is a web page.",
        &[check::MEDIA_TYPE],
        has_json,
        Seam::Response(|answer, context| {
            if context.refusal.is_none() && answer.media.is_some() {
                answer.media = Some("text/html".to_owned());
            }
        }),
    ),
    Class::Schema.defect(
        "media-type-missing",
        "A success does not say what its body is.",
        &[check::MEDIA_TYPE],
        has_json,
        Seam::Response(|answer, context| {
            if context.refusal.is_none() {
                answer.media = None;
            }
        }),
    ),
    Class::Schema.defect(
        "status-undocumented",
        "A success comes with a status that is not documented.",
        &[check::DOCUMENTED_STATUS],
        when::always,
        Seam::Response(|answer, context| {
            if context.refusal.is_none() {
                answer.status = 218;
            }
        }),
    ),
    Class::Schema.defect(
        "required-header-missing",
        "A header that is promised does not come.",
        &[check::DOCUMENTED_HEADERS, check::LIFE_CYCLE],
        |_, operation| {
            operation
                .responses
                .iter()
                .any(|response| response.status.is_success() && !response.headers.is_empty())
        },
        Seam::Response(|answer, context| {
            if context.refusal.is_none() {
                answer.headers.clear();
            }
        }),
    ),
    Class::Schema.defect(
        "error-of-wrong-form",
        "An error's body is not what the document describes.",
        &[check::ERROR_SCHEMA],
        when::takes_input,
        Seam::Response(|answer, context| {
            if context.refusal.is_some()
                && let Some(value) = answer.value_mut()
            {
                *value = json!([["something went wrong"]]);
            }
        }),
    ),
    Class::Schema.defect(
        "error-as-page",
        "An error comes as a web page.",
        &[check::MEDIA_TYPE],
        when::takes_input,
        Seam::Response(|answer, context| {
            if context.refusal.is_some() && answer.media.is_some() {
                answer.media = Some("text/html".to_owned());
                answer.body = Body::Bytes(b"<h1>something went wrong</h1>".to_vec());
            }
        }),
    ),
];

type Test = fn(&Api, &Kind, SchemaId) -> bool;

/// How deep a value is looked into.
const DEPTH: u8 = 6;

fn is_format(kind: &Kind, wanted: &str) -> bool {
    matches!(kind, Kind::String { format: Some(format), .. } if format == wanted)
}

fn has_required(kind: &Kind) -> bool {
    matches!(kind, Kind::Object { properties, .. }
        if properties.values().any(|property| property.required))
}

fn has_json(_: &Api, operation: &Operation) -> bool {
    success_schema(operation).is_some()
}

/// Where an array in the place of the body cannot be valid.
fn has_required_body(api: &Api, operation: &Operation) -> bool {
    success_schema(operation).is_some_and(|schema| {
        matches!(
            api.schemas[api.schemas.resolve(schema)].kind,
            Kind::Object { .. }
        )
    })
}

/// Bends the items of a list's success.
fn bend_items(answer: &mut ServerResponse, context: &RequestContext<'_>, bend: fn(&mut Value)) {
    if context.refusal.is_none()
        && let Some(place) = &context.plan.output
        && let Some(items) = answer
            .value_mut()
            .and_then(|value| value.pointer_mut(place.as_str()))
    {
        bend(items);
    }
}

fn shorten(value: &mut Value, by: usize) {
    if let Value::String(text) = value {
        text.truncate(text.len().saturating_sub(by));
    }
}

/// Whether the schema of success leads to a place that passes the test, by way of what is
/// always there or nearly so.
fn reaches(api: &Api, operation: &Operation, test: Test) -> bool {
    fn look(api: &Api, schema: SchemaId, test: Test, depth: u8) -> bool {
        if depth == 0 {
            return false;
        }
        let kind = &api.schemas[api.schemas.resolve(schema)].kind;
        if test(api, kind, schema) {
            return true;
        }
        match kind {
            Kind::Object { properties, .. } => properties
                .values()
                .any(|property| look(api, property.schema, test, depth - 1)),
            Kind::Array { items, .. } => look(api, *items, test, depth - 1),
            _ => false,
        }
    }
    success_schema(operation).is_some_and(|schema| look(api, schema, test, DEPTH))
}

/// Bends the first value of a success that stands where the test passes.
fn spoil(
    answer: &mut ServerResponse,
    context: &RequestContext<'_>,
    test: Test,
    bend: fn(&mut Value),
) {
    if context.refusal.is_some() {
        return;
    }
    let Some(schema) = success_schema(context.operation) else {
        return;
    };
    let api = context.api();
    let Some(value) = answer.value_mut() else {
        return;
    };
    let mut place = None;
    find(
        api,
        schema,
        value,
        test,
        &Pointer::root(),
        DEPTH,
        &mut place,
    );
    let Some((place, schema)) = place else {
        return;
    };
    let Some(found) = value.pointer_mut(place.as_str()) else {
        return;
    };
    bend(found);
    // A bend that marks an object asks for a required member to go: only the schema knows which.
    if let Value::Object(members) = found
        && members.shift_remove("~").is_some()
        && let Kind::Object { properties, .. } = &api.schemas[api.schemas.resolve(schema)].kind
        && let Some((name, _)) = properties.iter().find(|(_, property)| property.required)
    {
        members.shift_remove(name);
    }
}

/// Looks for the first place in a value whose schema passes the test.
fn find(
    api: &Api,
    schema: SchemaId,
    value: &Value,
    test: Test,
    place: &Pointer,
    depth: u8,
    found: &mut Option<(Pointer, SchemaId)>,
) {
    if depth == 0 || found.is_some() || value.is_null() {
        return;
    }
    let kind = &api.schemas[api.schemas.resolve(schema)].kind;
    if test(api, kind, schema) {
        *found = Some((place.clone(), schema));
        return;
    }
    match (kind, value) {
        (Kind::Object { properties, .. }, Value::Object(members)) => {
            for (name, value) in members {
                if let Some(property) = properties.get(name) {
                    let place = place.join(name);
                    find(api, property.schema, value, test, &place, depth - 1, found);
                }
            }
        }
        (Kind::Array { items, .. }, Value::Array(elements)) => {
            for (index, value) in elements.iter().enumerate() {
                find(
                    api,
                    *items,
                    value,
                    test,
                    &place.index(index),
                    depth - 1,
                    found,
                );
            }
        }
        _ => {}
    }
}
