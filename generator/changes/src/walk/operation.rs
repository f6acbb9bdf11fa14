//! Operations: what of two documents is one operation, and what of it changed.

use super::finding::{Finding, Scope};
use super::graph::Walk;
use super::matching;
use super::pair::Pair;
use crate::code::Code;
use crate::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Callback, Operation};

/// An operation of both documents that is being compared.
#[derive(Clone, Debug)]
pub(crate) struct At<'a> {
    pub(crate) pair: usize,
    pub(crate) label: String,
    pub(crate) old: &'a Operation,
    pub(crate) new: &'a Operation,
}

impl At<'_> {
    /// A finding about the operation itself.
    pub(crate) fn finding(&self, code: Code) -> Finding {
        Finding::new(code, &self.label, Scope::Operations(vec![self.pair], None))
            .at(&self.old.place, &self.new.place)
    }
}

impl<'a> Walk<'a> {
    /// Finds the pairs of operations and compares them.
    pub(crate) fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        let matching =
            matching::operations((old, &self.old_fingerprints), (new, &self.new_fingerprints));
        for (before, after, guess) in matching.pairs {
            self.pairs.push(Pair {
                old: old.operations.get(before),
                new: new.operations.get(after),
                guess,
                flipped: false,
            });
        }
        let alone = |old, new| Pair {
            old,
            new,
            guess: None,
            flipped: false,
        };
        for index in matching.removed {
            self.pairs.push(alone(old.operations.get(index), None));
        }
        for index in matching.added {
            self.pairs.push(alone(None, new.operations.get(index)));
        }
        self.callbacks(old, new);
        for pair in 0..self.pairs.len() {
            self.pair(pair);
        }
    }

    fn callbacks(&mut self, old: &'a Api, new: &'a Api) {
        let key = |callback: &Callback| {
            let operation = &callback.operation;
            (
                callback.name.clone(),
                operation.method,
                callback.place.clone(),
            )
        };
        // The place tells apart what two operations call the same.
        let find = |callbacks: &'a [Callback], wanted: &Callback| {
            callbacks.iter().find(|own| key(own) == key(wanted))
        };
        for before in &old.callbacks {
            let after = find(&new.callbacks, before);
            self.pairs.push(Pair {
                old: Some(&before.operation),
                new: after.map(|callback| &callback.operation),
                guess: None,
                flipped: true,
            });
        }
        for after in &new.callbacks {
            if find(&old.callbacks, after).is_none() {
                self.pairs.push(Pair {
                    old: None,
                    new: Some(&after.operation),
                    guess: None,
                    flipped: true,
                });
            }
        }
    }

    fn pair(&mut self, index: usize) {
        let Some(pair) = self.pairs.get(index).copied() else {
            return;
        };
        let scope = Scope::Operations(vec![index], None);
        let label = pair.label();
        match (pair.old, pair.new) {
            (Some(old), Some(new)) => {
                let at = At {
                    pair: index,
                    label,
                    old,
                    new,
                };
                self.route(&at, pair.guess);
                self.about(&at);
                self.parameters(&at);
                self.body(&at);
                self.responses(&at);
                self.paging(&at);
            }
            (Some(old), None) => {
                let code = if pair.flipped {
                    Code::CallbackRemoved
                } else {
                    Code::OperationRemoved
                };
                self.find(
                    Finding::new(code, &label, scope)
                        .at(&old.place, &Pointer::root().join("paths"))
                        .before(format!("{} {}", old.method, old.path)),
                );
            }
            (None, Some(new)) => {
                let code = if pair.flipped {
                    Code::CallbackAdded
                } else {
                    Code::OperationAdded
                };
                self.find(
                    Finding::new(code, &label, scope)
                        .at(&Pointer::root().join("paths"), &new.place)
                        .after(format!("{} {}", new.method, new.path)),
                );
            }
            (None, None) => {}
        }
    }

    /// Its id, method and path.
    fn route(&mut self, at: &At<'a>, guess: Option<&'static str>) {
        let (old, new) = (at.old, at.new);
        match (&old.id, &new.id) {
            (Some(before), Some(after)) if before != after => self.find(
                at.finding(Code::OperationRenamed)
                    .before(before)
                    .after(after)
                    .guess(guess),
            ),
            (Some(before), None) => self.find(at.finding(Code::OperationIdRemoved).before(before)),
            (None, Some(after)) => self.find(at.finding(Code::OperationIdAdded).after(after)),
            _ => {}
        }
        if old.method != new.method {
            self.find(
                at.finding(Code::MethodChanged)
                    .before(old.method.as_str())
                    .after(new.method.as_str())
                    .guess(guess),
            );
        }
        if old.path != new.path {
            let same = matching::nameless(&old.path) == matching::nameless(&new.path);
            let code = if same {
                Code::PathParameterRenamed
            } else {
                Code::PathChanged
            };
            self.find(
                at.finding(code)
                    .before(&old.path)
                    .after(&new.path)
                    .guess(guess),
            );
        }
    }

    /// Its annotations.
    fn about(&mut self, at: &At<'a>) {
        let (old, new) = (at.old, at.new);
        match (old.deprecated, new.deprecated) {
            (false, true) => self.find(at.finding(Code::OperationDeprecated)),
            (true, false) => self.find(at.finding(Code::OperationUndeprecated)),
            _ => {}
        }
        if old.name != new.name {
            self.x_name(at.finding(Code::XNameChanged), &old.name, &new.name);
        }
        if old.tags != new.tags {
            let said = |tags: &[String]| (!tags.is_empty()).then(|| tags.join(", "));
            let mut finding = at.finding(Code::TagsChanged);
            finding.before = said(&old.tags);
            finding.after = said(&new.tags);
            self.find(finding);
        }
        if old.resource != new.resource {
            let mut finding = at.finding(Code::ResourceChanged);
            finding.before = old.resource.as_ref().map(json);
            finding.after = new.resource.as_ref().map(json);
            self.find(finding);
        }
        let urls = |operation: &Operation| {
            let urls: Vec<&str> = operation
                .servers
                .iter()
                .map(|server| server.url.as_str())
                .collect();
            urls.join(", ")
        };
        if urls(old) != urls(new) {
            let said = |urls: String| (!urls.is_empty()).then_some(urls);
            let mut finding = at.finding(Code::OperationServersChanged);
            finding.before = said(urls(old));
            finding.after = said(urls(new));
            self.find(finding);
        }
        self.prose(
            Code::SummaryChanged,
            |code| at.finding(code),
            old.summary.as_deref(),
            new.summary.as_deref(),
        );
        self.prose(
            Code::DescriptionChanged,
            |code| at.finding(code),
            old.description.as_deref(),
            new.description.as_deref(),
        );
    }

    /// A Rust name that was chosen anew.
    pub(crate) fn x_name(&mut self, finding: Finding, old: &Option<String>, new: &Option<String>) {
        let mut finding = finding;
        finding.before.clone_from(old);
        finding.after.clone_from(new);
        self.find(finding);
    }
}

/// A part of a document in few words.
pub(crate) fn json(part: &impl serde::Serialize) -> String {
    serde_json::to_value(part)
        .map(|value| text::value(&value))
        .unwrap_or_default()
}
