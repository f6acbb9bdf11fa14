//! Parameters.

use super::finding::{Finding, REQUEST, Scope};
use super::graph::Walk;
use super::matching;
use super::operation::At;
use crate::change::Direction;
use crate::code::Code;
use crate::text;
use plumbline_specs::api::{Location, Operation, Parameter, SchemaId, Serialization};
use serde::Serialize;

/// How two parameters came to be taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Same,
    /// Another name of the same place in the path.
    Placed,
    Moved,
    /// Another name, guessed.
    Renamed,
}

const WHY_RENAMED: &str = "the names are alike and the schemas the same";

impl<'a> Walk<'a> {
    /// All parameters of an operation.
    pub(crate) fn parameters(&mut self, at: &At<'a>) {
        let mut pairs: Vec<(&Parameter, &Parameter, Match)> = Vec::new();
        let mut removed: Vec<&Parameter> = at.old.parameters.iter().collect();
        let mut added: Vec<&Parameter> = at.new.parameters.iter().collect();
        for rule in [Match::Same, Match::Placed, Match::Moved, Match::Renamed] {
            removed.retain(|before| {
                let fits = |after: &&Parameter| self.matches(at, rule, before, after);
                let mut candidates = added.iter().enumerate().filter(|(_, after)| fits(after));
                let Some((index, after)) = candidates.next() else {
                    return true;
                };
                if rule == Match::Renamed && candidates.next().is_some() {
                    return true;
                }
                pairs.push((before, after, rule));
                added.remove(index);
                false
            });
        }
        for before in removed {
            self.find(
                parameter(at, Code::ParameterRemoved, before)
                    .at(&before.place, &at.new.place)
                    .before(text::describe(self.old, before.schema)),
            );
        }
        for after in added {
            let code = if after.required {
                Code::ParameterAddedRequired
            } else {
                Code::ParameterAddedOptional
            };
            self.find(
                parameter(at, code, after)
                    .at(&at.old.place, &after.place)
                    .after(text::describe(self.new, after.schema)),
            );
        }
        self.order(at, &pairs);
        for (before, after, rule) in pairs {
            self.parameter(at, before, after, rule);
        }
    }

    fn matches(&self, at: &At<'_>, rule: Match, old: &Parameter, new: &Parameter) -> bool {
        let same_place = old.location == new.location;
        match rule {
            Match::Same => same_place && same_name(old, new),
            Match::Placed => {
                let place = |operation: &Operation, name: &str| {
                    matching::names(&operation.path)
                        .iter()
                        .position(|own| *own == name)
                };
                same_place
                    && old.location == Location::Path
                    && place(at.old, &old.name).is_some()
                    && place(at.old, &old.name) == place(at.new, &new.name)
            }
            Match::Moved => old.name.eq_ignore_ascii_case(&new.name),
            Match::Renamed => {
                same_place
                    && old.required == new.required
                    && self.same_shape(old.schema, new.schema)
                    && text::alike(&old.name, &new.name)
            }
        }
    }

    /// Whether two schemas allow the same.
    pub(crate) fn same_shape(&self, old: SchemaId, new: SchemaId) -> bool {
        self.old_fingerprints.get(old) == self.new_fingerprints.get(new)
    }

    fn parameter(&mut self, at: &At<'a>, old: &'a Parameter, new: &'a Parameter, rule: Match) {
        let finding = |code| parameter(at, code, new).at(&old.place, &new.place);
        if rule == Match::Renamed {
            self.find(
                finding(Code::ParameterRenamed)
                    .before(&old.name)
                    .after(&new.name)
                    .guess(Some(WHY_RENAMED)),
            );
        }
        if old.location != new.location {
            let finding = finding(Code::ParameterMoved);
            self.find(
                finding
                    .before(word(&old.location))
                    .after(word(&new.location)),
            );
        }
        match (old.required, new.required) {
            (false, true) => self.find(
                finding(Code::ParameterRequired)
                    .before("optional")
                    .after("required"),
            ),
            (true, false) => self.find(
                finding(Code::ParameterOptional)
                    .before("required")
                    .after("optional"),
            ),
            _ => {}
        }
        match (old.deprecated, new.deprecated) {
            (false, true) => self.find(finding(Code::ParameterDeprecated)),
            (true, false) => self.find(finding(Code::ParameterUndeprecated)),
            _ => {}
        }
        if old.rust_name != new.rust_name {
            self.x_name(finding(Code::XNameChanged), &old.rust_name, &new.rust_name);
        }
        self.serialization(&finding, old, new);
        self.prose(
            Code::DescriptionChanged,
            finding,
            old.description.as_deref(),
            new.description.as_deref(),
        );
        let subject = subject(at, new);
        self.root(at.pair, REQUEST, old.schema, new.schema, &subject);
    }

    fn serialization(
        &mut self,
        finding: &dyn Fn(Code) -> Finding,
        old: &Parameter,
        new: &Parameter,
    ) {
        match (&old.serialization, &new.serialization) {
            (
                Serialization::Style {
                    style,
                    explode,
                    allow_reserved,
                },
                Serialization::Style {
                    style: new_style,
                    explode: new_explode,
                    allow_reserved: new_reserved,
                },
            ) => {
                // A move brings another default style and `explode` along.
                let moved = old.location != new.location;
                if style != new_style && !moved {
                    let finding = finding(Code::ParameterStyleChanged);
                    self.find(finding.before(word(style)).after(word(new_style)));
                } else if explode != new_explode && !moved {
                    let finding = finding(Code::ParameterExplodeChanged);
                    self.find(
                        finding
                            .before(explode.to_string())
                            .after(new_explode.to_string()),
                    );
                }
                if allow_reserved != new_reserved {
                    let finding = finding(Code::ParameterReservedChanged);
                    let (old_text, new_text) =
                        (allow_reserved.to_string(), new_reserved.to_string());
                    self.find(finding.before(old_text).after(new_text));
                }
            }
            (before, after) if before != after => {
                let form = |form: &Serialization| match form {
                    Serialization::Style { style, .. } => word(style),
                    Serialization::Content(media_type) => media_type.clone(),
                };
                let finding = finding(Code::ParameterContentChanged);
                self.find(finding.before(form(before)).after(form(after)));
            }
            _ => {}
        }
    }

    /// Whether the required ones, which are arguments of a method, stand in another order.
    fn order(&mut self, at: &At<'a>, pairs: &[(&Parameter, &Parameter, Match)]) {
        let position = |parameters: &[Parameter], wanted: &Parameter| {
            parameters.iter().position(|own| std::ptr::eq(own, wanted))
        };
        // Those of the path come in its order, whatever the document's.
        let mut both: Vec<_> = pairs
            .iter()
            .filter(|(old, new, _)| {
                old.required
                    && new.required
                    && old.location != Location::Path
                    && new.location != Location::Path
            })
            .filter_map(|(old, new, _)| {
                let before = position(&at.old.parameters, old)?;
                Some((before, position(&at.new.parameters, new)?, *old, *new))
            })
            .collect();
        both.sort_unstable_by_key(|(before, ..)| *before);
        if both.is_sorted_by_key(|(_, after, ..)| *after) {
            return;
        }
        let old_text: Vec<&str> = both
            .iter()
            .map(|(_, _, old, _)| old.name.as_str())
            .collect();
        let old_text = old_text.join(", ");
        both.sort_unstable_by_key(|(_, after, ..)| *after);
        let new_text: Vec<&str> = both
            .iter()
            .map(|(_, _, _, new)| new.name.as_str())
            .collect();
        self.find(
            at.finding(Code::ParameterOrderChanged)
                .before(old_text)
                .after(new_text.join(", ")),
        );
    }
}

fn same_name(old: &Parameter, new: &Parameter) -> bool {
    if old.location == Location::Header {
        old.name.eq_ignore_ascii_case(&new.name)
    } else {
        old.name == new.name
    }
}

fn parameter(at: &At<'_>, code: Code, parameter: &Parameter) -> Finding {
    let scope = Scope::Operations(vec![at.pair], Some(Direction::Request));
    Finding::new(code, &subject(at, parameter), scope)
}

/// What a person calls a parameter; one that operations share is not named after one of them.
fn subject(at: &At<'_>, parameter: &Parameter) -> String {
    let name = format!("{} {}", word(&parameter.location), parameter.name);
    if parameter.place.as_str().starts_with("/components/") {
        return name;
    }
    format!("{} {name}", at.label)
}

/// The word that a document uses.
fn word(part: &impl Serialize) -> String {
    match serde_json::to_value(part) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
