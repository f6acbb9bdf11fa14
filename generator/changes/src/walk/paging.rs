//! Paging profiles.

use super::graph::Walk;
use super::operation::At;
use crate::code::Code;
use crate::text;
use plumbline_specs::api::Pagination;
use serde_json::{Map, Value};

/// The keys of a profile that belong together, and the code of a change in them.
const GROUPS: [(Code, &[&str]); 3] = [
    (
        Code::PagingPlacesChanged,
        &["style", "size", "items", "key", "total", "more", "echo"],
    ),
    (
        Code::PagingPromiseChanged,
        &[
            "maximum",
            "default_sort",
            "size_echo",
            "past_the_end",
            "short_pages",
            "empty_token",
            "no_items",
            "same_collection",
            "get",
        ],
    ),
    (Code::PagingAsksChanged, &["sort", "filter", "presentation"]),
];

impl Walk<'_> {
    /// How a list hands out its pages.
    pub(crate) fn paging(&mut self, at: &At<'_>) {
        match (&at.old.pagination, &at.new.pagination) {
            (None, Some(new)) => self.find(
                at.finding(Code::PagingAdded)
                    .new_at(&new.place)
                    .after(new.style.name()),
            ),
            (Some(old), None) => self.find(
                at.finding(Code::PagingRemoved)
                    .old_at(&old.place)
                    .before(old.style.name()),
            ),
            (Some(old), Some(new)) if old.style.kind() != new.style.kind() => self.find(
                at.finding(Code::PagingStyleChanged)
                    .at(&old.place, &new.place)
                    .before(old.style.name())
                    .after(new.style.name()),
            ),
            (Some(old), Some(new)) => {
                let (before, after) = (flat(old), flat(new));
                for (code, keys) in GROUPS {
                    let changed: Vec<&str> = keys
                        .iter()
                        .copied()
                        .filter(|key| before.get(*key) != after.get(*key))
                        .collect();
                    if !changed.is_empty() {
                        let finding = at.finding(code).at(&old.place, &new.place);
                        let old_text = join_members(&before, &after, &changed);
                        self.find(
                            finding
                                .before(old_text)
                                .after(join_members(&after, &before, &changed)),
                        );
                    }
                }
            }
            (None, None) => {}
        }
    }
}

fn flat(pagination: &Pagination) -> Map<String, Value> {
    match serde_json::to_value(pagination) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// What some keys say where the other profile says something else.
fn join_members(own: &Map<String, Value>, other: &Map<String, Value>, keys: &[&str]) -> String {
    let mut parts = Vec::new();
    for key in keys {
        match (own.get(*key), other.get(*key)) {
            (Some(Value::Object(members)), Some(Value::Object(others))) => {
                for (name, value) in members {
                    if others.get(name) != Some(value) {
                        parts.push(format!("{name} {}", bare(value)));
                    }
                }
            }
            (Some(value), _) => parts.push(format!("{key} {}", bare(value))),
            (None, _) => {}
        }
    }
    parts.join(", ")
}

fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "unsaid".to_owned(),
        other => text::value(other),
    }
}
