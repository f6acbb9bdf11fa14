//! Compares our transcription of a document with the vendor's own.
//!
//! Both are stripped of prose, the vendor's after the selection. What differs must be among the
//! departures, each of which says why; a departure that no longer applies is an error.

use crate::diagnostic::{Diagnostic, Diagnostics, Sink};
use crate::read::Input;
use crate::select::{Selector, select};
use crate::shape::object_at;
use crate::strip::{strip, strip_object};
use crate::{Pointer, source};
use serde_json::{Map, Value};

/// The longest text of a value in a message.
const MAX_SHOWN: usize = 120;

/// One place where we differ on purpose.
struct Departure {
    /// Where it stands in the list.
    entry: Pointer,
    at: Pointer,
    vendor: Option<Value>,
    ours: Option<Value>,
}

/// Compares our document with what the selectors take of the vendor's.
///
/// Nothing is found when they say the same but for the departures. A difference is
/// `transcription-differs` at its place in ours; a departure that does not apply is
/// `departure-gone`, a malformed one `invalid-departure`, both in the list of departures.
pub fn compare(
    ours: Input<'_>,
    vendor: Input<'_>,
    departures: Input<'_>,
    selectors: &[Selector],
) -> Diagnostics {
    let mut in_ours = Sink::new(ours.name);
    let mut in_vendor = Sink::new(vendor.name);
    let mut in_departures = Sink::new(departures.name);
    let our_value = source::parse(ours.bytes, &mut in_ours);
    let vendor_value = source::parse(vendor.bytes, &mut in_vendor);
    let departures = source::parse(departures.bytes, &mut in_departures);
    if let (Some(mut ours), Some(vendor), Some(departures)) = (our_value, vendor_value, departures)
    {
        let mut vendor = select(&vendor, selectors, &mut in_vendor);
        strip(&mut ours);
        strip(&mut vendor);
        for departure in entries(&departures, &mut in_departures) {
            apply(&departure, &mut ours, &mut vendor, &mut in_departures);
        }
        differences(&vendor, &ours, &Pointer::root(), &mut in_ours);
    }
    in_ours.take(in_vendor);
    in_ours.take(in_departures);
    in_ours.into_found()
}

fn entries(departures: &Value, sink: &mut Sink) -> Vec<Departure> {
    let root = Pointer::root();
    let Some(list) = departures.as_array() else {
        sink.push(
            Diagnostic::error("invalid-departure", "the departures are a list").pointer(&root),
        );
        return Vec::new();
    };
    let mut entries = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let entry = root.index(index);
        let mut wrong = |message: String| {
            sink.push(Diagnostic::error("invalid-departure", message).pointer(&entry));
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
fn apply(departure: &Departure, ours: &mut Value, vendor: &mut Value, sink: &mut Sink) {
    for (side, said, document) in [
        ("vendor", &departure.vendor, &*vendor),
        ("ours", &departure.ours, &*ours),
    ] {
        let found = document.pointer(departure.at.as_str());
        if found != said.as_ref() {
            sink.push(
                Diagnostic::error(
                    "departure-gone",
                    format!(
                        "at #{} `{side}` is {}, not {}",
                        departure.at,
                        shown(found),
                        shown(said.as_ref())
                    ),
                )
                .pointer(&departure.entry)
                .help("change or remove the departure"),
            );
            return;
        }
    }
    // Both sides get the same, so that nothing is left to tell them apart here.
    for document in [ours, vendor] {
        put(document, &departure.at, departure.ours.clone());
    }
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

/// Reports each difference at the smallest place that holds it.
fn differences(vendor: &Value, ours: &Value, at: &Pointer, sink: &mut Sink) {
    match (vendor, ours) {
        (Value::Object(vendor), Value::Object(ours)) => members(vendor, ours, at, sink),
        (Value::Array(vendor), Value::Array(ours)) => {
            for index in 0..vendor.len().max(ours.len()) {
                pair(vendor.get(index), ours.get(index), &at.index(index), sink);
            }
        }
        (vendor, ours) => pair(Some(vendor), Some(ours), at, sink),
    }
}

fn members(vendor: &Map<String, Value>, ours: &Map<String, Value>, at: &Pointer, sink: &mut Sink) {
    for (key, value) in vendor {
        pair(Some(value), ours.get(key), &at.join(key), sink);
    }
    for (key, value) in ours.iter().filter(|(key, _)| !vendor.contains_key(*key)) {
        pair(None, Some(value), &at.join(key), sink);
    }
}

fn pair(vendor: Option<&Value>, ours: Option<&Value>, at: &Pointer, sink: &mut Sink) {
    match (vendor, ours) {
        (Some(vendor), Some(ours)) if vendor == ours => {}
        (Some(vendor @ Value::Object(_)), Some(ours @ Value::Object(_)))
        | (Some(vendor @ Value::Array(_)), Some(ours @ Value::Array(_))) => {
            differences(vendor, ours, at, sink);
        }
        (vendor, ours) => sink.push(
            Diagnostic::error(
                "transcription-differs",
                format!("the vendor says {}, we say {}", shown(vendor), shown(ours)),
            )
            .pointer(at)
            .help("follow the vendor, or say why not in the departures"),
        ),
    }
}

fn shown(value: Option<&Value>) -> String {
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

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::read::Input;

    const VENDOR: &str = "
openapi: 3.0.3
info: {title: Theirs, version: '1'}
paths: {/a: {get: {responses: {'200': {description: Theirs.}}}}}
components: {schemas: {}}
servers: [{url: /old}]
";

    const OURS: &str = "
openapi: 3.0.3
info: {title: Ours, version: '1'}
servers: [{url: /new}]
paths: {/a: {get: {responses: {'200': {description: Ours.}}, deprecated: true}}}
components: {schemas: {}}
";

    fn compared(departures: &str) -> String {
        let input = |name, text: &'static str| Input {
            name,
            bytes: text.as_bytes(),
        };
        let departures = Input {
            name: "departures.yaml",
            bytes: departures.as_bytes(),
        };
        compare(
            input("ours", OURS),
            input("vendor", VENDOR),
            departures,
            &[],
        )
        .to_string()
    }

    #[test]
    fn a_difference_is_found_and_prose_is_none() {
        assert_eq!(
            compared("[]"),
            "error[transcription-differs]: the vendor says nothing, we say `true` \
             (ours#/paths/~1a/get/deprecated)\n\
             error[transcription-differs]: the vendor says `\"/old\"`, we say `\"/new\"` \
             (ours#/servers/0/url)\n\
             2 errors"
        );
    }

    #[test]
    fn departures_cover_differences_and_must_apply() {
        let covered = "
- {at: /servers/0/url, vendor: /old, ours: /new, reason: It moved.}
- {at: /paths/~1a/get/deprecated, ours: true, reason: Nobody uses it.}
";
        assert_eq!(compared(covered), "nothing found");
        let stale = format!("{covered}- {{at: /info/version, vendor: '2', ours: '1', reason: R.}}");
        assert_eq!(
            compared(&stale),
            "error[departure-gone]: at #/info/version `vendor` is `\"1\"`, not `\"2\"` \
             (departures.yaml#/2)\n1 error"
        );
    }
}
