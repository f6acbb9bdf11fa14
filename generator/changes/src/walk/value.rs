//! Scalars and lists: the values of an enumeration, the items of a list.

use super::finding::BOTH;
use super::graph::{Aspect, Spot, Walk};
use crate::code::Code;
use crate::text;
use plumbline_specs::api::Kind;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeSet;

impl Walk<'_> {
    /// Two scalars of one type, or an integer and a number.
    pub(crate) fn scalar(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        self.keywords(spot, old, new);
        self.values(spot, values(old).as_deref(), values(new).as_deref());
        let (
            Kind::String { content, .. },
            Kind::String {
                content: new_content,
                ..
            },
        ) = (old, new)
        else {
            return;
        };
        if let (Some(before), Some(after)) = (content, new_content)
            && let (Some(before), Some(after)) = (before.schema, after.schema)
        {
            let subject = format!("{} content", spot.subject);
            self.edge(
                spot.node,
                BOTH,
                Aspect::Annotations,
                (before, after),
                &subject,
            );
        }
    }

    /// Two lists of one kind.
    pub(crate) fn list(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        self.keywords(spot, old, new);
        match (old, new) {
            (
                Kind::Array { items, .. },
                Kind::Array {
                    items: new_items, ..
                },
            ) => {
                let subject = format!("{}[]", spot.subject);
                self.edge(
                    spot.node,
                    BOTH,
                    Aspect::Annotations,
                    (*items, *new_items),
                    &subject,
                );
            }
            (
                Kind::Tuple { items, rest },
                Kind::Tuple {
                    items: new_items,
                    rest: new_rest,
                },
            ) => {
                let (before, after) = (items.len(), new_items.len());
                let code = match before.cmp(&after) {
                    Ordering::Less => Some(Code::TupleItemsAdded),
                    Ordering::Greater => Some(Code::TupleItemsRemoved),
                    Ordering::Equal => None,
                };
                if let Some(code) = code {
                    let finding = spot.finding(self, code);
                    self.find(finding.before(before.to_string()).after(after.to_string()));
                }
                match (rest, new_rest) {
                    (Some(_), None) => self.find(spot.finding(self, Code::TupleClosed)),
                    (None, Some(_)) => self.find(spot.finding(self, Code::TupleOpened)),
                    (Some(before), Some(after)) => {
                        let subject = format!("{}[]", spot.subject);
                        self.edge(
                            spot.node,
                            BOTH,
                            Aspect::Annotations,
                            (*before, *after),
                            &subject,
                        );
                    }
                    (None, None) => {}
                }
                for (index, (before, after)) in items.iter().zip(new_items).enumerate() {
                    let subject = format!("{}[{index}]", spot.subject);
                    self.edge(
                        spot.node,
                        BOTH,
                        Aspect::Annotations,
                        (*before, *after),
                        &subject,
                    );
                }
            }
            _ => {}
        }
    }

    fn values(&mut self, spot: &Spot, old: Option<&[Value]>, new: Option<&[Value]>) {
        match (old, new) {
            (None, Some(after)) => {
                self.find(
                    spot.finding(self, Code::EnumAdded)
                        .after(join_values(after)),
                );
            }
            (Some(before), None) => {
                self.find(
                    spot.finding(self, Code::EnumRemoved)
                        .before(join_values(before)),
                );
            }
            (Some([before]), Some([after])) if before != after => self.find(
                spot.finding(self, Code::ConstantChanged)
                    .before(text::value(before))
                    .after(text::value(after)),
            ),
            (Some(before), Some(after)) => {
                let set = |values: &[Value]| -> BTreeSet<String> {
                    values.iter().map(ToString::to_string).collect()
                };
                let (one, other) = (set(before), set(after));
                for value in before {
                    if !other.contains(&value.to_string()) {
                        let finding = spot.finding(self, Code::EnumValueRemoved);
                        self.find(finding.before(text::value(value)));
                    }
                }
                for value in after {
                    if !one.contains(&value.to_string()) {
                        let finding = spot.finding(self, Code::EnumValueAdded);
                        self.find(finding.after(text::value(value)));
                    }
                }
            }
            (None, None) => {}
        }
    }
}

fn join_values(values: &[Value]) -> String {
    let values: Vec<String> = values.iter().map(text::value).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    text::list(&values)
}

fn values(kind: &Kind) -> Option<Vec<Value>> {
    match kind {
        Kind::Boolean { values } => values
            .as_ref()
            .map(|values| values.iter().copied().map(Value::Bool).collect()),
        Kind::Integer { values, .. } | Kind::Number { values, .. } => values
            .as_ref()
            .map(|values| values.iter().cloned().map(Value::Number).collect()),
        Kind::String { values, .. } => values
            .as_ref()
            .map(|values| values.iter().cloned().map(Value::String).collect()),
        Kind::Mixed { values } => Some(values.clone()),
        _ => None,
    }
}
