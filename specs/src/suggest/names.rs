//! `x-name`: short names for operations whose ids spell out how the server is made.

use super::path::Paths;
use super::words::joined;
use super::{Confidence, Kind, Suggestion};
use crate::api::{Api, Operation};
use crate::effect::words;
use serde_json::json;
use std::collections::HashMap;

/// How long an operation's name may be, in characters, before a shorter one is looked for.
const LONG: usize = 36;

/// What frameworks call the class that an operation is a method of.
const CLASSES: [&str; 5] = ["Controller", "Service", "Resource", "Handler", "Api"];

/// A shorter name for each operation that has a long one and none of its own.
pub(super) fn suggest(api: &Api, paths: &Paths<'_>) -> Vec<Suggestion> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut wanted = Vec::new();
    for operation in &api.operations {
        let own = operation.id.as_deref().map(words).unwrap_or_default();
        *taken.entry(own.join("_")).or_default() += 1;
        if operation.name.is_none()
            && own.join("_").chars().count() > LONG
            && !made_of_path(operation)
            && let Some(found) = shorter(operation, &own)
        {
            wanted.push((operation, own.join("_"), found));
        }
    }
    for (_, _, found) in &wanted {
        *taken.entry(found.name.clone()).or_default() += 1;
    }
    let mut list = Vec::new();
    for (operation, own, found) in wanted {
        if taken.get(&found.name) != Some(&1) {
            continue;
        }
        let confidence = if found.doubt.is_none() {
            Confidence::Certain
        } else {
            Confidence::Likely
        };
        list.push(Suggestion {
            kind: Kind::Names,
            operation: Some(operation.label()),
            confidence,
            actions: vec![json!({
                "target": paths.operation(operation),
                "description": found.description,
                "update": {"x-name": found.name},
            })],
            evidence: vec![format!(
                "`{own}` has {} characters, and nothing else is called `{}`",
                own.chars().count(),
                found.name
            )],
            doubts: found.doubt.into_iter().collect(),
        });
    }
    list
}

struct Short {
    name: String,
    description: &'static str,
    doubt: Option<String>,
}

/// An id of FastAPI: function, path and method. The generator cuts those down by itself.
fn made_of_path(operation: &Operation) -> bool {
    let id = joined(operation.id.as_deref().unwrap_or_default());
    let end = format!(
        "{}{}",
        joined(&operation.path),
        operation.method.as_str().to_ascii_lowercase()
    );
    id.ends_with(&end)
}

fn shorter(operation: &Operation, own: &[String]) -> Option<Short> {
    let id = operation.id.as_deref()?;
    let class = id
        .split_once(['_', '.', '-', '/'])
        .filter(|(class, _)| CLASSES.iter().any(|ending| class.ends_with(ending)));
    if let Some((_, method)) = class {
        let method = words(method);
        if method.len() > 1 {
            return Some(Short {
                name: method.join("_"),
                description: "The id begins with the class that implements the operation.",
                doubt: None,
            });
        }
    }
    let mut kept: Vec<&String> = Vec::new();
    for word in own {
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    // A word less is not worth a name of its own.
    (kept.len() + 1 < own.len()).then(|| Short {
        name: kept
            .iter()
            .map(|word| word.as_str())
            .collect::<Vec<_>>()
            .join("_"),
        description: "The id says some words twice.",
        doubt: Some("whether it reads well without them is a matter of taste".to_owned()),
    })
}
