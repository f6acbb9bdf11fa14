//! Overlays (OpenAPI Overlay Specification 1.0.0): named corrections of a document.
//!
//! Actions are applied in order to the document's own value, before its dialect is looked at.
//! An action whose target selects nothing is an error: a correction that no longer applies is
//! removed, not forgotten.

use crate::Pointer;
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{depth, size};
use crate::text::nearest;
use crate::{Code, codes};
use serde_json::{Map, Value};
use serde_json_path::{JsonPath, PathElement};

/// The longest target, and how deep its brackets may nest: the JSONPath parser recurs.
const MAX_TARGET: usize = 2_000;
const MAX_BRACKETS: usize = 16;

/// How many values all actions together may add.
const MAX_ADDED: usize = 200_000;

/// How deep lists and maps may nest in the outcome.
const MAX_DEPTH: usize = 200;

const INVALID: Code = codes::INVALID_OVERLAY;

/// Applies an overlay to a document in place. Findings point into the overlay.
///
/// # Errors
///
/// In the sink: `invalid-overlay`, `overlay-target`, and limits.
pub(crate) fn apply(document: &mut Value, overlay: &Value, sink: &mut Sink) {
    let root = Pointer::root();
    let Some(map) = overlay.as_object() else {
        sink.push(Diagnostic::error(INVALID, "an overlay is a map").pointer(&root));
        return;
    };
    known_keys(
        map,
        &["overlay", "info", "extends", "actions"],
        &root,
        "an overlay",
        sink,
    );
    match map.get("overlay").and_then(Value::as_str) {
        Some(version) if version == "1.0" || version.starts_with("1.0.") => {}
        Some(version) => {
            sink.push(
                Diagnostic::error(
                    codes::UNSUPPORTED_VERSION,
                    format!("Overlay `{version}` is not supported"),
                )
                .pointer(&root.join("overlay"))
                .help("write `overlay: 1.0.0`"),
            );
            return;
        }
        None => sink.push(
            Diagnostic::error(INVALID, "`overlay`, the version, is missing")
                .pointer(&root)
                .help("write `overlay: 1.0.0`"),
        ),
    }
    check_info(map, sink);
    let at = root.join("actions");
    let Some(actions) = map.get("actions").and_then(Value::as_array) else {
        sink.push(Diagnostic::error(INVALID, "`actions` is a list").pointer(&at));
        return;
    };
    if actions.is_empty() {
        sink.push(Diagnostic::error(INVALID, "`actions` has at least one action").pointer(&at));
    }
    let mut added = 0usize;
    for (index, action) in actions.iter().enumerate() {
        act(document, action, &at.index(index), &mut added, sink);
        if added > MAX_ADDED {
            return;
        }
    }
}

fn check_info(map: &Map<String, Value>, sink: &mut Sink) {
    let at = Pointer::root().join("info");
    let Some(info) = map.get("info").and_then(Value::as_object) else {
        sink.push(
            Diagnostic::error(INVALID, "`info` is missing")
                .pointer(&Pointer::root())
                .help("write `info: {title: …, version: …}`"),
        );
        return;
    };
    known_keys(info, &["title", "version"], &at, "an overlay's info", sink);
    for key in ["title", "version"] {
        if !info.get(key).is_some_and(Value::is_string) {
            sink.push(
                Diagnostic::error(INVALID, format!("`{key}` is a string that must be there"))
                    .pointer(&at),
            );
        }
    }
}

fn known_keys(map: &Map<String, Value>, known: &[&str], at: &Pointer, what: &str, sink: &mut Sink) {
    for key in map.keys() {
        if known.contains(&key.as_str()) || key.starts_with("x-") {
            continue;
        }
        let mut diagnostic = Diagnostic::error(INVALID, format!("`{key}` is not a key of {what}"))
            .pointer(&at.join(key));
        if let Some(near) = nearest(key, known.iter().copied()) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        sink.push(diagnostic);
    }
}

fn act(document: &mut Value, action: &Value, at: &Pointer, added: &mut usize, sink: &mut Sink) {
    let Some(map) = action.as_object() else {
        sink.push(Diagnostic::error(INVALID, "an action is a map").pointer(at));
        return;
    };
    known_keys(
        map,
        &["target", "description", "update", "remove"],
        at,
        "an action",
        sink,
    );
    let remove = match map.get("remove") {
        None => false,
        Some(Value::Bool(remove)) => *remove,
        Some(_) => {
            sink.push(
                Diagnostic::error(INVALID, "`remove` is true or false").pointer(&at.join("remove")),
            );
            return;
        }
    };
    let update = map.get("update");
    if update.is_none() && !remove {
        sink.push(
            Diagnostic::error(INVALID, "the action neither updates nor removes")
                .pointer(at)
                .help("write `update: …` or `remove: true`"),
        );
        return;
    }
    if remove && update.is_some() {
        sink.push(
            Diagnostic::warning(codes::IGNORED_UPDATE, "the action removes what it updates")
                .pointer(&at.join("update"))
                .help("an `update` beside `remove: true` has no effect: make them two actions"),
        );
    }
    let Some(path) = target(map, at, sink) else {
        return;
    };
    let mut places: Vec<Vec<Step>> = path
        .query_located(document)
        .locations()
        .map(|location| location.iter().map(Step::of).collect())
        .collect();
    if places.is_empty() {
        sink.push(
            Diagnostic::error(codes::OVERLAY_TARGET, "the target selects nothing")
                .pointer(&at.join("target"))
                .help("if the document was corrected meanwhile, remove the action"),
        );
        return;
    }
    if remove {
        // The last first, so that indexes before it stay true.
        places.sort();
        places.dedup();
        for place in places.iter().rev() {
            if place.is_empty() {
                sink.push(
                    Diagnostic::error(INVALID, "the whole document cannot be removed")
                        .pointer(&at.join("target")),
                );
            }
            remove_at(document, place);
        }
        return;
    }
    let Some(update) = update else { return };
    let (update_size, update_depth) = (size(update), depth(update));
    for place in &places {
        *added = added.saturating_add(update_size);
        if *added > MAX_ADDED || place.len() + update_depth > MAX_DEPTH {
            sink.push(
                Diagnostic::error(codes::TOO_LARGE, "the overlay adds too much")
                    .pointer(&at.join("update")),
            );
            return;
        }
        if let Some(node) = node_at(document, place) {
            updated(node, update, at, sink);
        }
    }
}

/// A step to a node, ordered so that of two elements of a list the later one is greater.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Index(usize),
}

impl Step {
    fn of(element: &PathElement<'_>) -> Self {
        match element {
            PathElement::Name(name) => Self::Key((*name).to_owned()),
            PathElement::Index(index) => Self::Index(*index),
        }
    }
}

fn target(map: &Map<String, Value>, at: &Pointer, sink: &mut Sink) -> Option<JsonPath> {
    let Some(text) = map.get("target").and_then(Value::as_str) else {
        sink.push(
            Diagnostic::error(INVALID, "`target`, a JSONPath, is missing")
                .pointer(at)
                .help("for example `target: $.paths['/items'].get`"),
        );
        return None;
    };
    let at = at.join("target");
    let mut open = 0usize;
    let mut deepest = 0usize;
    for character in text.chars() {
        match character {
            '[' | '(' => open += 1,
            ']' | ')' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    if text.len() > MAX_TARGET || deepest > MAX_BRACKETS || text.matches('!').count() > MAX_TARGET {
        sink.push(Diagnostic::error(INVALID, "the target is too complex").pointer(&at));
        return None;
    }
    match JsonPath::parse(text) {
        Ok(path) => Some(path),
        Err(error) => {
            sink.push(
                Diagnostic::error(INVALID, format!("the target is not a JSONPath: {error}"))
                    .pointer(&at)
                    .help("JSONPath is RFC 9535: strings stand in quotes, filters in `[?…]`"),
            );
            None
        }
    }
}

fn node_at<'v>(document: &'v mut Value, place: &[Step]) -> Option<&'v mut Value> {
    place.iter().try_fold(document, |node, step| match step {
        Step::Key(key) => node.get_mut(key.as_str()),
        Step::Index(index) => node.get_mut(*index),
    })
}

fn remove_at(document: &mut Value, place: &[Step]) {
    let Some((last, parents)) = place.split_last() else {
        return;
    };
    match (node_at(document, parents), last) {
        (Some(Value::Object(map)), Step::Key(key)) => {
            map.shift_remove(key);
        }
        (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
            items.remove(*index);
        }
        _ => {}
    }
}

/// Updates a selected node: an object is merged with, a list is appended to.
fn updated(node: &mut Value, update: &Value, at: &Pointer, sink: &mut Sink) {
    match (&mut *node, update) {
        (Value::Object(_), Value::Object(_)) => merge(node, update),
        (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
        (Value::Array(items), one) => items.push(one.clone()),
        (Value::Object(_), _) => sink.push(
            Diagnostic::error(INVALID, "the target is a map and the update is not")
                .pointer(&at.join("update")),
        ),
        (node, update) => *node = update.clone(),
    }
}

/// Merges as the specification says: maps member by member, lists by appending, anything else by
/// replacing.
fn merge(node: &mut Value, update: &Value) {
    match (node, update) {
        (Value::Object(map), Value::Object(update)) => {
            for (key, value) in update {
                match map.get_mut(key) {
                    Some(member) => merge(member, value),
                    None => {
                        map.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
        (node, update) => *node = update.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::diagnostic::Sink;
    use serde_json::{Value, json};

    fn applied(mut document: Value, actions: &Value) -> Result<Value, String> {
        let overlay = json!({
            "overlay": "1.0.0",
            "info": {"title": "t", "version": "1"},
            "actions": actions,
        });
        let mut sink = Sink::new("overlay.yaml");
        apply(&mut document, &overlay, &mut sink);
        let found = sink.into_found();
        if found.is_empty() {
            Ok(document)
        } else {
            Err(found.to_string())
        }
    }

    #[test]
    fn maps_are_merged_lists_appended_and_the_rest_replaced() {
        let document =
            json!({"info": {"title": "a", "x-list": [1], "deep": {"kept": 1, "old": 2}}});
        let update = json!({"title": "b", "x-list": [2], "deep": {"old": 3}, "new": {}});
        let outcome = applied(document, &json!([{"target": "$.info", "update": update}]));
        assert_eq!(
            outcome,
            Ok(json!({
                "info": {"title": "b", "x-list": [1, 2], "deep": {"kept": 1, "old": 3}, "new": {}}
            }))
        );
    }

    #[test]
    fn an_update_of_a_list_is_an_element() {
        let outcome = applied(
            json!({"enum": ["a"], "servers": []}),
            &json!([
                {"target": "$.enum", "update": "b"},
                {"target": "$.servers", "update": {"url": "/"}},
            ]),
        );
        assert_eq!(
            outcome,
            Ok(json!({"enum": ["a", "b"], "servers": [{"url": "/"}]}))
        );
    }

    #[test]
    fn the_root_can_be_updated() {
        let outcome = applied(
            json!({"a": 1}),
            &json!([{"target": "$", "update": {"b": 2}}]),
        );
        assert_eq!(outcome, Ok(json!({"a": 1, "b": 2})));
    }

    #[test]
    fn several_elements_of_one_list_are_removed() {
        let outcome = applied(
            json!({"list": [{"n": 1}, {"n": 2}, {"n": 3}, {"n": 2}]}),
            &json!([{"target": "$.list[?@.n == 2]", "remove": true}]),
        );
        assert_eq!(outcome, Ok(json!({"list": [{"n": 1}, {"n": 3}]})));
    }

    #[test]
    fn more_than_ten_elements_are_removed_by_number_not_by_text() {
        let list: Vec<u32> = (0..12).collect();
        let outcome = applied(
            json!({"list": list}),
            &json!([{"target": "$.list[?@ > 1]", "remove": true}]),
        );
        assert_eq!(outcome, Ok(json!({"list": [0, 1]})));
    }

    #[test]
    fn actions_see_what_those_before_them_did() {
        let outcome = applied(
            json!({"a": {"old": 1}}),
            &json!([
                {"target": "$.a", "update": {"new": 2}},
                {"target": "$.a[?@ == 2]", "update": 3},
                {"target": "$.a.old", "remove": true},
            ]),
        );
        assert_eq!(outcome, Ok(json!({"a": {"new": 3}})));
    }

    #[test]
    fn a_target_that_selects_nothing_is_an_error() {
        let outcome = applied(json!({}), &json!([{"target": "$.gone", "remove": true}]));
        assert_eq!(
            outcome,
            Err("error[overlay-target]: the target selects nothing \
                 (overlay.yaml#/actions/0/target)\n1 error"
                .to_owned())
        );
    }

    /// Each action selects what the one before it added, so that what they add doubles.
    #[test]
    fn what_actions_add_is_bounded() {
        let double = json!({"target": "$..*", "update": {"a": {}, "b": {}}});
        let outcome = applied(json!({"a": {}}), &json!(vec![double; 24])).expect_err("bounded");
        assert!(outcome.contains("error[too-large]"), "{outcome}");
    }

    #[test]
    fn an_action_does_one_thing() {
        let both = json!([{"target": "$.a", "remove": true, "update": 1}]);
        let outcome = applied(json!({"a": 1}), &both).expect_err("both");
        assert!(outcome.starts_with("warning[ignored-update]"), "{outcome}");
        let neither = json!([{"target": "$.a"}]);
        let outcome = applied(json!({"a": 1}), &neither).expect_err("neither");
        assert!(outcome.contains("neither updates nor removes"), "{outcome}");
    }
}
