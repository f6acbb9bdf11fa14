//! Our transcription of a vendor's document: compared with the vendor's own, and made anew from
//! a later one.
//!
//! What is compared is stripped of prose, the vendor's after the selection. What differs must be
//! among the departures, each of which says why; a departure that no longer applies is an error.

mod carry;
mod departure;
mod followed;

pub use followed::{Followed, Prose};

use crate::codes;
use crate::diagnostic::{Diagnostic, Diagnostics, Sink};
use crate::read::Input;
use crate::select::{Selector, is_idle, select};
use crate::shape::Object;
use crate::strip::strip;
use crate::{Pointer, print, source};
use departure::{depart, display, entries, settle};
use serde_json::{Map, Value};

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
            settle(&departure, &mut ours, &mut vendor, &mut in_departures);
        }
        differences(&vendor, &ours, &Pointer::root(), &mut in_ours);
    }
    in_ours.take(in_vendor);
    in_ours.take(in_departures);
    in_ours.into_found()
}

/// A transcription made anew.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// The document, in the form of [`to_yaml`](crate::to_yaml), under the comment that ours
    /// begins with.
    pub text: String,
    /// The departures that no longer apply (`departure-gone`); there the vendor's word stands.
    pub gone: Diagnostics,
    /// The selectors that no longer take anything, by their index.
    pub idle: Vec<usize>,
}

/// Makes our document anew from a later one of the vendor's: what we follow of it, with the
/// departures, in our order where ours has one.
///
/// With [`Prose::Ours`] the vendor's prose is left out and our own sentences are carried over to
/// the places that are still there.
///
/// # Errors
///
/// What is wrong with one of the inputs, and `selects-nothing` when nothing at all is left.
pub fn renew(
    ours: Input<'_>,
    vendor: Input<'_>,
    departures: Input<'_>,
    selectors: &[Selector],
    prose: Prose,
) -> Result<Renewed, Diagnostics> {
    let mut sink = Sink::new(ours.name);
    let mut in_vendor = Sink::new(vendor.name);
    let mut in_departures = Sink::new(departures.name);
    let our_value = source::parse(ours.bytes, &mut sink);
    let vendor_value = source::parse(vendor.bytes, &mut in_vendor);
    let list = source::parse(departures.bytes, &mut in_departures);
    let mut idle = Vec::new();
    let new = vendor_value.map(|value| {
        let mut live = Vec::new();
        for (index, selector) in selectors.iter().enumerate() {
            if is_idle(&value, selector) {
                idle.push(index);
            } else {
                live.push(selector.clone());
            }
        }
        let selectors = if live.is_empty() { selectors } else { &live };
        select(&value, selectors, &mut in_vendor)
    });
    let list = list.map(|list| entries(&list, &mut in_departures));
    let failed = in_vendor.errors() + in_departures.errors() > 0;
    sink.take(in_vendor);
    sink.take(in_departures);
    let (Some(our_value), Some(mut new), Some(list), false) = (our_value, new, list, failed) else {
        return Err(sink.into_found());
    };
    if prose == Prose::Ours {
        strip(&mut new);
    }
    let mut gone = Sink::new(departures.name);
    for departure in &list {
        depart(departure, &mut new, &mut gone);
    }
    carry::carry(&our_value, &mut new, Object::Document, prose);
    if prose == Prose::Ours {
        carry::describe(&mut new);
    }
    let body = print::to_yaml(&new).map_err(|reason| {
        sink.push(Diagnostic::error(codes::SYNTAX, reason).pointer(&Pointer::root()));
        std::mem::replace(&mut sink, Sink::new(ours.name)).into_found()
    })?;
    Ok(Renewed {
        text: comment(ours.bytes) + &body,
        gone: gone.into_found(),
        idle,
    })
}

/// The lines of comment that a file begins with.
fn comment(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.split_inclusive('\n')
        .take_while(|line| line.starts_with('#'))
        .collect()
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
                codes::TRANSCRIPTION_DIFFERS,
                format!(
                    "the vendor says {}, we say {}",
                    display(vendor),
                    display(ours)
                ),
            )
            .pointer(at)
            .help("follow the vendor, or say why not in the departures"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Prose, compare, renew};
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

    #[test]
    fn our_sentences_are_carried_to_the_places_that_are_still_there() {
        let ours = "\
# Ours.
openapi: '3.0.3'
info:
  title: Ours
  version: '1'
paths:
  /a:
    get:
      description: Our a.
      parameters:
        - name: page
          in: query
          description: Our page.
      responses:
        '200':
          description: Our answer.
servers:
  - url: /new
    description: Our server.
";
        let vendor = "
openapi: 3.0.3
info: {title: Theirs, version: '2'}
servers: [{url: /old}]
paths:
  /a:
    get:
      summary: Theirs.
      parameters:
        - {name: size, in: query, description: Theirs., schema: {type: integer}}
        - {name: page, in: query}
      responses:
        '404': {description: Theirs.}
        '200': {description: Theirs., content: {text/plain: {}}}
  /b: {get: {responses: {}}}
";
        let departures = "
- {at: /servers/0/url, vendor: /old, ours: /new, reason: It moved.}
- {at: /paths/~1a/get/deprecated, vendor: true, reason: We use it.}
";
        let input = |name, text: &'static str| Input {
            name,
            bytes: text.as_bytes(),
        };
        let renewed = renew(
            input("ours", ours),
            input("vendor", vendor),
            input("departures.yaml", departures),
            &[],
            Prose::Ours,
        );
        let expected = "\
# Ours.
openapi: '3.0.3'
info:
  title: Ours
  version: '2'
paths:
  /a:
    get:
      description: Our a.
      parameters:
        - name: size
          in: query
          schema:
            type: integer
        - name: page
          in: query
          description: Our page.
      responses:
        '404':
          description: An answer that is new in the document.
        '200':
          description: Our answer.
          content:
            text/plain: {}
  /b:
    get:
      responses: {}
servers:
  - url: /new
    description: Our server.
";
        let renewed = renewed.map_err(|found| found.to_string());
        let (text, gone) = renewed.map_or_else(
            |found| (found, String::new()),
            |renewed| (renewed.text, renewed.gone.to_string()),
        );
        assert_eq!(text, expected);
        assert_eq!(
            gone,
            "error[departure-gone]: at #/paths/~1a/get/deprecated `vendor` is nothing, not \
             `true` (departures.yaml#/1)\n1 error"
        );
    }
}
