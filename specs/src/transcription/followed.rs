//! What of a vendor's document we follow, and where it is published.

use crate::diagnostic::{Diagnostic, Diagnostics, Sink};
use crate::read::Input;
use crate::select::Selector;
use crate::{Code, codes};
use crate::{Pointer, source};
use serde_json::Value;

/// Whose sentences our document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prose {
    /// Our own.
    Ours,
    /// The document's.
    Theirs,
}

/// A `followed.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Where the vendor publishes the document.
    pub document: String,
    /// The date, or the version, of the document that ours is from.
    pub dated: String,
    /// Whose sentences ours has.
    pub prose: Prose,
    /// The operations that we follow, as a person writes them; all where there is none.
    pub select: Vec<String>,
}

const INVALID: Code = codes::INVALID_FOLLOWED;

impl Followed {
    /// Reads a `followed.yaml`.
    ///
    /// # Errors
    ///
    /// `invalid-followed` for each member that is missing, unknown or of the wrong kind.
    pub fn read(input: Input<'_>) -> Result<Self, Diagnostics> {
        let mut sink = Sink::new(input.name);
        let Some(value) = source::parse(input.bytes, &mut sink) else {
            return Err(sink.into_found());
        };
        let root = Pointer::root();
        let mut wrong = |at: &Pointer, message: &str| {
            sink.push(Diagnostic::error(INVALID, message).pointer(at));
        };
        for key in value.as_object().into_iter().flat_map(|map| map.keys()) {
            if !["document", "dated", "prose", "select"].contains(&key.as_str()) {
                wrong(
                    &root.join(key),
                    "`document`, `dated`, `prose` and `select` are all there is",
                );
            }
        }
        let mut text = |key: &str| match value.get(key).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => {
                wrong(
                    &root.join(key),
                    &format!("`{key}` is a string that must be there"),
                );
                String::new()
            }
        };
        let (document, dated, prose) = (text("document"), text("dated"), text("prose"));
        let prose = match prose.as_str() {
            "ours" => Prose::Ours,
            "theirs" => Prose::Theirs,
            _ => {
                wrong(&root.join("prose"), "`prose` is `ours` or `theirs`");
                Prose::Theirs
            }
        };
        let select = match value.get("select") {
            None => Vec::new(),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => items
                .iter()
                .filter_map(|item| Some(item.as_str()?.to_owned()))
                .collect(),
            Some(_) => {
                wrong(&root.join("select"), "`select` is a list of strings");
                Vec::new()
            }
        };
        if sink.errors() > 0 {
            return Err(sink.into_found());
        }
        Ok(Self {
            document,
            dated,
            prose,
            select,
        })
    }

    /// The operations that we follow.
    pub fn selectors(&self) -> Vec<Selector> {
        self.select
            .iter()
            .map(|text| Selector::parse(text))
            .collect()
    }
}
