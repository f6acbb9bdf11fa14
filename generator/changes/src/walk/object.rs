//! Objects: properties, which of them are required, and what else they may hold.

use super::finding::{BOTH, Finding, Scope};
use super::graph::{Aspect, Spot, Walk};
use super::schema::{own_ways, ways};
use crate::code::Code;
use crate::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Additional, Api, Kind, Property, SchemaId};

const WHY_RENAMED: &str = "the names are alike and the schemas the same";

impl Walk<'_> {
    /// Two objects.
    pub(crate) fn object(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        let (
            Kind::Object {
                properties,
                additional,
                ..
            },
            Kind::Object {
                properties: new_properties,
                additional: new_additional,
                ..
            },
        ) = (old, new)
        else {
            return;
        };
        let mut removed: Vec<(&String, &Property)> = properties
            .iter()
            .filter(|(name, _)| !new_properties.contains_key(*name))
            .collect();
        let mut added: Vec<(&String, &Property)> = new_properties
            .iter()
            .filter(|(name, _)| !properties.contains_key(*name))
            .collect();
        self.renamed(spot, &mut removed, &mut added);
        for (name, property) in removed {
            let code = if property.required {
                Code::PropertyRemovedRequired
            } else {
                Code::PropertyRemoved
            };
            let ways = own_ways(self.old, property.schema);
            let place = place(self.old, spot.old, name, property.schema);
            let within = self.new.schemas[spot.new].place.clone();
            self.find(
                about(spot, code, name, ways)
                    .at(&place, &within)
                    .before(text::describe(self.old, property.schema)),
            );
        }
        for (name, property) in added {
            let code = if property.required {
                Code::PropertyAddedRequired
            } else {
                Code::PropertyAdded
            };
            let ways = own_ways(self.new, property.schema);
            let within = self.old.schemas[spot.old].place.clone();
            let place = place(self.new, spot.new, name, property.schema);
            self.find(
                about(spot, code, name, ways)
                    .at(&within, &place)
                    .after(text::describe(self.new, property.schema)),
            );
        }
        for (name, before) in properties {
            if let Some(after) = new_properties.get(name) {
                self.property(spot, name, before, after);
            }
        }
        self.additional(spot, additional, new_additional);
        self.keywords(spot, old, new);
    }

    /// Takes properties out of both lists that are one under two names.
    fn renamed<'p>(
        &mut self,
        spot: &Spot,
        removed: &mut Vec<(&'p String, &'p Property)>,
        added: &mut Vec<(&'p String, &'p Property)>,
    ) {
        let mut renamed = Vec::new();
        removed.retain(|(name, before)| {
            let mut candidates = added.iter().enumerate().filter(|(_, (other, after))| {
                before.required == after.required
                    && self.same_shape(before.schema, after.schema)
                    && text::alike(name, other)
            });
            let (Some((index, (other, after))), None) = (candidates.next(), candidates.next())
            else {
                return true;
            };
            renamed.push((*name, *before, *other, *after));
            added.remove(index);
            false
        });
        for (name, before, other, after) in renamed {
            let ways = ways(self.old, self.new, before.schema, after.schema);
            let old = place(self.old, spot.old, name, before.schema);
            let new = place(self.new, spot.new, other, after.schema);
            self.find(
                about(spot, Code::PropertyRenamed, other, ways)
                    .at(&old, &new)
                    .before(name)
                    .after(other)
                    .guess(Some(WHY_RENAMED)),
            );
            self.property(spot, other, before, after);
        }
    }

    fn property(&mut self, spot: &Spot, name: &str, old: &Property, new: &Property) {
        let ways = ways(self.old, self.new, old.schema, new.schema);
        let code = match (old.required, new.required) {
            (false, true) => Some((Code::PropertyRequired, "optional", "required")),
            (true, false) => Some((Code::PropertyOptional, "required", "optional")),
            _ => None,
        };
        if let Some((code, old_text, new_text)) = code {
            let before = place(self.old, spot.old, name, old.schema);
            let after = place(self.new, spot.new, name, new.schema);
            let finding = about(spot, code, name, ways).at(&before, &after);
            self.find(finding.before(old_text).after(new_text));
        }
        let subject = format!("{}.{name}", spot.subject);
        let schemas = (old.schema, new.schema);
        self.edge(spot.node, ways, Aspect::Annotations, schemas, &subject);
    }

    fn additional(&mut self, spot: &Spot, old: &Additional, new: &Additional) {
        let code = match (old, new) {
            (Additional::Allowed(before), Additional::Allowed(after)) => {
                let subject = format!("{}.*", spot.subject);
                self.edge(
                    spot.node,
                    BOTH,
                    Aspect::Annotations,
                    (*before, *after),
                    &subject,
                );
                return;
            }
            (Additional::Unspecified, Additional::Unspecified)
            | (Additional::Forbidden, Additional::Forbidden) => return,
            (_, Additional::Forbidden) => Code::AdditionalForbidden,
            (Additional::Forbidden, _) => Code::AdditionalAllowed,
            (Additional::Unspecified, Additional::Allowed(_)) => Code::AdditionalDeclared,
            (Additional::Allowed(_), Additional::Unspecified) => Code::AdditionalUndeclared,
        };
        let word = |api: &Api, additional: &Additional| match additional {
            Additional::Unspecified => "unsaid".to_owned(),
            Additional::Forbidden => "forbidden".to_owned(),
            Additional::Allowed(schema) => text::describe(api, *schema),
        };
        let (old_text, new_text) = (word(self.old, old), word(self.new, new));
        self.find(spot.finding(self, code).before(old_text).after(new_text));
    }
}

fn about(spot: &Spot, code: Code, name: &str, ways: u8) -> Finding {
    let subject = format!("{}.{name}", spot.subject);
    Finding::new(code, &subject, Scope::Node(spot.node, ways))
}

/// Where a property stands: where its schema does, unless that is another named one.
fn place(api: &Api, object: SchemaId, name: &str, schema: SchemaId) -> Pointer {
    let schema = &api.schemas[schema];
    let ends = Pointer::root().join("properties").join(name);
    if schema.name.is_none() && schema.place.as_str().ends_with(ends.as_str()) {
        return schema.place.clone();
    }
    api.schemas[object].place.join("properties").join(name)
}
