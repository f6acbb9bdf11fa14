//! `Cargo.toml`: what is generated goes into it, and what its owner changed stays.
//!
//! Three manifests are held against each other, key by key: as it was written, as it is, and as it
//! would be written now. A key that is as it was written takes its new value; any other is its
//! owner's. Lists are merged item by item, so that a feature may hold items of both.

use std::collections::BTreeSet;
use toml_edit::{Array, DocumentMut, Item, TableLike, TomlError, Value};

/// The keys of `[package]` that are the generator's where it is not known what it wrote.
const OURS: &[&str] = &["name", "edition", "rust-version"];

/// A manifest as it should be.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) text: String,
    /// What stays though another value would be written.
    pub(super) notes: Vec<String>,
}

impl From<&str> for Merged {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            notes: Vec::new(),
        }
    }
}

/// Merges a manifest; `written` is what was written before, where that is known.
///
/// # Errors
///
/// When the manifest as it is cannot be parsed.
pub(super) fn merged(written: Option<&str>, now: &str, new: &str) -> Result<Merged, TomlError> {
    if written == Some(now) || now == new {
        return Ok(Merged::from(new));
    }
    let mut now: DocumentMut = now.parse()?;
    let new_text = new;
    let new: DocumentMut = new.parse()?;
    let written = match written.and_then(|text| text.parse().ok()) {
        Some(written) => written,
        None => assumed(&now, &new),
    };
    let mut notes = Vec::new();
    let mut names: Vec<&str> = new.iter().map(|(name, _)| name).collect();
    names.extend(written.iter().map(|(name, _)| name));
    for name in unique(names) {
        let before = written.get(name).and_then(Item::as_table_like);
        let after = new.get(name);
        match now.get_mut(name) {
            Some(item) => {
                if let Some(table) = item.as_table_like_mut() {
                    let after = after.and_then(Item::as_table_like);
                    merge(name, before, table, after, &mut notes);
                }
            }
            // A table that its owner removed stays away.
            None if before.is_some() => {}
            None => {
                if let Some(item) = after {
                    now.insert(name, item.clone());
                }
            }
        }
    }
    // A table that nothing is left in was ours.
    for (name, before) in written.iter() {
        let empty = |item: &Item| item.as_table_like().is_some_and(|own| own.is_empty());
        if before.is_table() && !new.contains_key(name) && now.get(name).is_some_and(empty) {
            now.remove(name);
        }
    }
    let text = with_header(&now.to_string(), new_text);
    Ok(Merged { text, notes })
}

/// What was written, of a manifest that was generated before it was kept: features, dependencies
/// and the package's name as they are, the rest as it is written now.
fn assumed(now: &DocumentMut, new: &DocumentMut) -> DocumentMut {
    let mut written = new.clone();
    for (name, item) in written.iter_mut() {
        let Some(table) = item.as_table_like_mut() else {
            continue;
        };
        let ours = |key: &str| match name.get() {
            "package" => OURS.contains(&key),
            "features" | "dependencies" => true,
            _ => false,
        };
        for (key, item) in table.iter_mut() {
            let there = now.get(name.get()).and_then(|own| own.get(key.get()));
            if let Some(there) = there.filter(|_| ours(key.get())) {
                *item = there.clone();
            }
        }
    }
    written
}

fn merge(
    name: &str,
    written: Option<&dyn TableLike>,
    now: &mut dyn TableLike,
    new: Option<&dyn TableLike>,
    notes: &mut Vec<String>,
) {
    let keys = [new, written].into_iter().flatten();
    let keys: Vec<&str> = keys
        .flat_map(|table| table.iter().map(|(key, _)| key))
        .collect();
    for key in unique(keys) {
        let before = written.and_then(|table| table.get(key));
        let after = new.and_then(|table| table.get_key_value(key));
        let plain_after = after.map(|(_, item)| plain(item));
        let there = now.get(key).map(plain);
        if there == plain_after || before.map(plain) == plain_after {
            continue;
        }
        if there == before.map(plain) {
            match after {
                None => drop(now.remove(key)),
                Some((own, item)) => match now.get_mut(key) {
                    Some(place) => *place = item.clone(),
                    None => drop(now.entry_format(own).or_insert(item.clone())),
                },
            }
            continue;
        }
        let list =
            |item: Option<&Item>| item.map_or(Some(Array::new()), |it| it.as_array().cloned());
        let after = after.map(|(_, item)| item);
        if let (Some(before), Some(after)) = (list(before), list(after))
            && let Some(place) = now.get_mut(key).and_then(Item::as_array_mut)
        {
            merge_lists(&before, place, &after);
            continue;
        }
        notes.push(match after.and_then(Item::as_value) {
            Some(value) => format!(
                "Cargo.toml: {name}.{key} stays as it is; it would be {} now",
                value.to_string().trim()
            ),
            None => format!("Cargo.toml: {name}.{key} stays as it is; it is needed no more"),
        });
    }
}

fn merge_lists(written: &Array, now: &mut Array, new: &Array) {
    let plains = |array: &Array| array.iter().map(plain_value).collect::<BTreeSet<_>>();
    let (before, after) = (plains(written), plains(new));
    now.retain(|item| {
        let item = plain_value(item);
        after.contains(&item) || !before.contains(&item)
    });
    let there = plains(now);
    for item in new {
        let own = plain_value(item);
        if !before.contains(&own) && !there.contains(&own) {
            now.push(item.clone());
        }
    }
}

fn unique(names: Vec<&str>) -> Vec<&str> {
    let mut known = BTreeSet::new();
    let fresh = names.into_iter().filter(|name| known.insert(*name));
    fresh.collect()
}

/// A manifest whose first line names the command of another one, where it is such a line.
fn with_header(text: &str, other: &str) -> String {
    let own = |text: &str| {
        let line = text.split_inclusive('\n').next().unwrap_or_default();
        line.starts_with("# Generated by").then_some(line.len())
    };
    match (own(text), own(other)) {
        (Some(old), Some(new)) => {
            let header = other.get(..new).unwrap_or_default();
            format!("{header}{}", text.get(old..).unwrap_or_default())
        }
        _ => text.to_owned(),
    }
}

/// An item's value, however it is written.
fn plain(item: &Item) -> String {
    match item {
        Item::None => String::new(),
        Item::Value(value) => plain_value(value),
        Item::Table(table) => plain_table(table),
        Item::ArrayOfTables(tables) => {
            let tables: Vec<String> = tables.iter().map(|table| plain_table(table)).collect();
            format!("[{}]", tables.join(","))
        }
    }
}

fn plain_value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => number.value().to_string(),
        Value::Boolean(truth) => truth.value().to_string(),
        Value::Datetime(time) => time.value().to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain_value).collect();
            format!("[{}]", items.join(","))
        }
        Value::InlineTable(table) => plain_table(table),
    }
}

fn plain_table(table: &dyn TableLike) -> String {
    let mut entries: Vec<String> = table
        .iter()
        .map(|(key, item)| format!("{key}={}", plain(item)))
        .collect();
    entries.sort();
    format!("{{{}}}", entries.join(","))
}
