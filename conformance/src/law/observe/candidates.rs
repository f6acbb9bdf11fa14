//! Values of a filter that are worth asking for.

use crate::law::compare::selects;
use crate::law::observations::Item;
use plumbline_specs::api::{Filter, Match};
use serde_json::Value;

/// Values of a filter that are worth asking for, taken from items: at most `limit`, those
/// first that select some of the items and leave some out.
pub(super) fn candidates(filter: &Filter, items: &[&Item], limit: usize) -> Vec<Value> {
    const LOOKED_AT: usize = 200;
    let mut values: Vec<Value> = Vec::new();
    let mut offer = |value: Value| {
        if values.len() < LOOKED_AT && !values.contains(&value) {
            values.push(value);
        }
    };
    for item in items {
        match item.value.pointer(filter.item.as_str()) {
            None | Some(Value::Null | Value::Object(_)) => {}
            Some(Value::Array(members)) if filter.matches == Match::OneOf => {
                for member in members.iter().filter(|member| !member.is_null()) {
                    offer(member.clone());
                }
            }
            Some(Value::Array(_)) => {}
            Some(Value::String(text)) => {
                let ignoring = filter.matches == Match::ContainsIgnoringCase;
                if ignoring || filter.matches == Match::Contains {
                    // Words select more than one item; upper case shows that case is ignored.
                    for word in text
                        .split(|character: char| !character.is_ascii_alphanumeric())
                        .filter(|word| word.len() > 1)
                    {
                        offer(Value::String(if ignoring {
                            swap_case(word)
                        } else {
                            word.to_owned()
                        }));
                    }
                }
                if !text.is_empty() {
                    offer(Value::String(text.clone()));
                }
            }
            Some(value) => offer(value.clone()),
        }
    }
    let mut ranked: Vec<(usize, Value)> = values
        .into_iter()
        .map(|value| {
            let count = items
                .iter()
                .filter(|item| selects(filter, &value, item) == Some(true))
                .count();
            (count, value)
        })
        .filter(|(count, _)| *count > 0 || matches!(filter.matches, Match::Before | Match::After))
        .collect();
    // A third of the items gives pages before, within and after; all or one give little.
    ranked.sort_by_key(|(count, _)| {
        let everything = usize::from(*count == items.len());
        (everything, count.saturating_mul(3).abs_diff(items.len()))
    });
    ranked
        .into_iter()
        .map(|(_, value)| value)
        .take(limit)
        .collect()
}

fn swap_case(word: &str) -> String {
    word.chars()
        .map(|character| {
            if character.is_ascii_lowercase() {
                character.to_ascii_uppercase()
            } else {
                character.to_ascii_lowercase()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_specs::Pointer;
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn values_that_tell_items_apart_come_first() {
        let names = ["qa nightly", "qa weekly", "dev nightly", "qa", "dev", "ops"];
        let items: Vec<Item> = names
            .iter()
            .map(|name| Item {
                key: (*name).into(),
                value: Arc::new(json!({ "name": name })),
            })
            .collect();
        let items: Vec<&Item> = items.iter().collect();
        for (matches, expected) in [
            (Match::Equals, vec![json!("qa nightly")]),
            (Match::Contains, vec![json!("nightly")]),
            (Match::ContainsIgnoringCase, vec![json!("NIGHTLY")]),
        ] {
            let filter = Filter {
                set: Default::default(),
                item: Pointer::parse("/name").unwrap(),
                matches,
            };
            assert_eq!(candidates(&filter, &items, 1), expected, "{matches:?}");
        }
    }
}
