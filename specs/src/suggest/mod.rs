//! An overlay for a document that has none, from what names, types and words say.
//!
//! Each suggestion carries what speaks for it and what speaks against it. One that nothing speaks
//! against is certain; what is below that is written as a comment, for a person to judge.

mod answer;
mod dialect;
mod names;
mod paging;
mod path;
mod place;
mod print;
mod resource;
pub mod score;
mod security;
mod strings;
pub(crate) mod words;

use crate::Reading;
use crate::api::Operation;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How sure a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Something speaks for it.
    Possible,
    /// One thing alone speaks against it.
    Likely,
    /// Nothing speaks against it.
    Certain,
}

impl Confidence {
    /// The word that is printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    fn of(doubts: usize) -> Self {
        match doubts {
            0 => Self::Certain,
            1 => Self::Likely,
            _ => Self::Possible,
        }
    }
}

/// What a suggestion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What a document of 3.1 says as 3.0 does.
    Dialect,
    /// Security schemes that only prose mentions.
    Security,
    /// JSON in a string parameter.
    Strings,
    /// `x-pagination`.
    Paging,
    /// `x-resource`.
    Resources,
    /// `x-name`.
    Names,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// What it is about.
    pub kind: Kind,
    /// The operation that it is about, as [`Operation::label`] names it.
    pub operation: Option<String>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Actions of an overlay; none where only a person can say what to write.
    pub actions: Vec<Value>,
    /// What speaks for it.
    pub evidence: Vec<String>,
    /// What speaks against it.
    pub doubts: Vec<String>,
}

impl Suggestion {
    /// The suggested `x-pagination`.
    pub fn profile(&self) -> Option<&Map<String, Value>> {
        self.actions
            .first()?
            .get("update")?
            .get("x-pagination")?
            .as_object()
    }

    /// The style of the suggested `x-pagination`.
    pub fn style(&self) -> Option<&str> {
        self.profile()?.get("style")?.as_str()
    }
}

/// All that is suggested for a document, in the order in which an overlay holds it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestions {
    /// The document's title.
    pub title: String,
    /// The suggestions.
    pub list: Vec<Suggestion>,
}

impl Suggestions {
    /// How many are certain.
    pub fn certain(&self) -> usize {
        let certain = |one: &&Suggestion| one.confidence == Confidence::Certain;
        self.list.iter().filter(certain).count()
    }

    /// The suggested profiles, and operations that seem to be paged in a way that none can say.
    pub fn paging(&self) -> impl Iterator<Item = &Suggestion> {
        self.list.iter().filter(|one| one.kind == Kind::Paging)
    }

    /// An OpenAPI Overlay as YAML: what is certain in force, the rest as comments. Where nothing
    /// is certain there is no action, so the overlay cannot be applied before one is chosen.
    ///
    /// # Errors
    ///
    /// What the writer says of a scalar.
    pub fn overlay(&self) -> Result<String, String> {
        print::overlay(self)
    }
}

/// Suggests an overlay for a document that was read without one: a function of its argument.
/// What the document already says in extensions of ours is left alone.
pub fn suggest(reading: &Reading) -> Suggestions {
    let api = &reading.api;
    let paths = path::Paths::of(api);
    let mut list = Vec::new();
    list.extend(dialect::suggest(reading));
    list.extend(security::suggest(reading));
    list.extend(strings::suggest(reading));
    let mut paged = Vec::new();
    for operation in &api.operations {
        if operation.pagination.is_some() {
            continue;
        }
        match paging::paging(api, operation) {
            paging::Outcome::None => {}
            paging::Outcome::Unspecified(why) => list.push(Suggestion {
                kind: Kind::Paging,
                operation: Some(operation.label()),
                confidence: Confidence::Possible,
                actions: Vec::new(),
                evidence: Vec::new(),
                doubts: vec![why],
            }),
            paging::Outcome::Profile(found) => {
                if found.doubts.is_empty() {
                    paged.push(operation.place.clone());
                }
                list.push(profile(operation, found, &paths));
            }
        }
    }
    list.extend(resource::suggest(api, &paths, &paged));
    list.extend(names::suggest(api, &paths));
    Suggestions {
        title: api.title.clone(),
        list,
    }
}

fn profile(operation: &Operation, found: paging::Paging, paths: &path::Paths<'_>) -> Suggestion {
    Suggestion {
        kind: Kind::Paging,
        operation: Some(operation.label()),
        confidence: Confidence::of(found.doubts.len()),
        actions: vec![json!({
            "target": paths.operation(operation),
            "description": found.sentence,
            "update": {"x-pagination": found.profile},
        })],
        evidence: found.evidence,
        doubts: found.doubts,
    }
}
