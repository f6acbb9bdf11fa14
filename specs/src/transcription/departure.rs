//! The places where we differ from a vendor's document on purpose.

use crate::Pointer;
use crate::codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::shape::object_at;
use crate::strip::strip_object;
use serde_json::Value;

/// The longest text of a value in a message.
const MAX_SHOWN: usize = 120;

/// One place where we differ on purpose.
pub(super) struct Departure {
    /// Where it stands in the list.
    entry: Pointer,
    at: Pointer,
    vendor: Option<Value>,
    ours: Option<Value>,
}

/// Reads the list; what is malformed is `invalid-departure`.
pub(super) fn entries(departures: &Value, sink: &mut Sink) -> Vec<Departure> {
    let root = Pointer::root();
    let Some(list) = departures.as_array() else {
        sink.push(
            Diagnostic::error(codes::INVALID_DEPARTURE, "the departures are a list").pointer(&root),
        );
        return Vec::new();
    };
    let mut entries = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let entry = root.index(index);
        let mut wrong = |message: String| {
            sink.push(Diagnostic::error(codes::INVALID_DEPARTURE, message).pointer(&entry));
        };
        let Some(map) = item.as_object() else {
            wrong("a departure is a map".to_owned());
            continue;
        };
        for key in map.keys() {
            if !["at", "vendor", "ours", "reason"].contains(&key.as_str()) {
                wrong(format!("`{key}` is not a key of a departure"));
            }
        }
        let text = |key: &str| map.get(key).and_then(Value::as_str);
        if text("reason").is_none_or(str::is_empty) {
            wrong("a departure has a `reason`".to_owned());
        }
        let Some(at) = text("at").and_then(Pointer::parse) else {
            wrong("`at` is a JSON Pointer".to_owned());
            continue;
        };
        let side = |key: &str| {
            let mut value = map.get(key).cloned()?;
            if let Some(object) = object_at(&at) {
                strip_object(&mut value, object);
            }
            Some(value)
        };
        entries.push(Departure {
            vendor: side("vendor"),
            ours: side("ours"),
            entry,
            at,
        });
    }
    entries
}

/// Takes a departure out of both documents, when it is as it says.
pub(super) fn settle(departure: &Departure, ours: &mut Value, vendor: &mut Value, sink: &mut Sink) {
    if stands(departure, "vendor", departure.vendor.as_ref(), vendor, sink)
        && stands(departure, "ours", departure.ours.as_ref(), ours, sink)
    {
        // Both sides get the same, so that nothing is left to tell them apart here.
        for document in [ours, vendor] {
            put(document, &departure.at, departure.ours.clone());
        }
    }
}

/// Makes a vendor's document depart, where it still says what the departure is from.
pub(super) fn depart(departure: &Departure, vendor: &mut Value, sink: &mut Sink) {
    if stands(departure, "vendor", departure.vendor.as_ref(), vendor, sink) {
        put(vendor, &departure.at, departure.ours.clone());
    }
}

/// Whether a document says what the departure says that it does; `departure-gone` otherwise.
fn stands(
    departure: &Departure,
    side: &str,
    said: Option<&Value>,
    document: &Value,
    sink: &mut Sink,
) -> bool {
    let mut found = document.pointer(departure.at.as_str()).cloned();
    if let (Some(found), Some(object)) = (&mut found, object_at(&departure.at)) {
        strip_object(found, object);
    }
    let fits = found.as_ref() == said;
    if !fits {
        sink.push(
            Diagnostic::error(
                codes::DEPARTURE_GONE,
                format!(
                    "at #{} `{side}` is {}, not {}",
                    departure.at,
                    display(found.as_ref()),
                    display(said)
                ),
            )
            .pointer(&departure.entry)
            .help("change or remove the departure"),
        );
    }
    fits
}

/// Sets or removes the value at a pointer whose parent is there.
fn put(document: &mut Value, at: &Pointer, value: Option<Value>) {
    let (Some(parent), Some(last)) = (at.parent(), at.tokens().last()) else {
        if let Some(value) = value {
            *document = value;
        }
        return;
    };
    match (document.pointer_mut(parent.as_str()), value) {
        (Some(Value::Object(map)), Some(value)) => {
            map.insert(last, value);
        }
        (Some(Value::Object(map)), None) => {
            map.shift_remove(&last);
        }
        (Some(Value::Array(items)), value) => {
            let Ok(index) = last.parse::<usize>() else {
                return;
            };
            match (items.get_mut(index), value) {
                (Some(slot), Some(value)) => *slot = value,
                (None, Some(value)) => items.push(value),
                (Some(_), None) => {
                    items.remove(index);
                }
                (None, None) => {}
            }
        }
        _ => {}
    }
}

/// A value in a message, cut short.
pub(super) fn display(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    if text.chars().count() <= MAX_SHOWN {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(MAX_SHOWN).collect();
    format!("`{start}…`")
}
