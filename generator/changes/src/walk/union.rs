//! Unions: their members, and what tells them apart.

use super::finding::{BOTH, Finding, Scope};
use super::graph::{Aspect, Spot, Walk};
use crate::code::Code;
use crate::text;
use plumbline_specs::api::{Api, Discriminator, Kind, Variant};
use std::collections::BTreeSet;

/// The rules by which members of two unions are taken for one, surest first.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Name,
    Tags,
    Shape,
    /// The same type, and the only one of it, or the next.
    Type,
}

impl Walk<'_> {
    /// Two unions.
    pub(crate) fn union(&mut self, spot: &Spot, old: &Kind, new: &Kind) {
        let (
            Kind::Union {
                kind,
                variants,
                discriminator,
            },
            Kind::Union {
                kind: new_kind,
                variants: new_variants,
                discriminator: new_discriminator,
            },
        ) = (old, new)
        else {
            return;
        };
        if kind != new_kind {
            let word = |kind| super::operation::json(kind).trim_matches('"').to_owned();
            let finding = spot.finding(self, Code::UnionKindChanged);
            self.find(finding.before(word(kind)).after(word(new_kind)));
        }
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let mut removed: Vec<usize> = (0..variants.len()).collect();
        let mut added: Vec<usize> = (0..new_variants.len()).collect();
        for rule in [Rule::Name, Rule::Tags, Rule::Shape, Rule::Type] {
            removed.retain(|before| {
                let Some(one) = variants.get(*before) else {
                    return false;
                };
                let found = added.iter().position(|after| {
                    new_variants
                        .get(*after)
                        .is_some_and(|other| self.is_one(rule, one, other))
                });
                let Some(position) = found else { return true };
                pairs.push((*before, added.remove(position)));
                false
            });
        }
        let tagged = new_discriminator.is_some() || has_tag(self.new, new_variants);
        self.gone(spot, variants, &removed);
        self.come(spot, new_variants, &added, tagged);
        pairs.sort_unstable();
        if !tagged && !pairs.is_sorted_by_key(|(_, after)| *after) {
            let names = |api: &Api, variants: &[Variant]| {
                let names: Vec<String> = variants
                    .iter()
                    .map(|variant| text::describe(api, variant.schema))
                    .collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                text::list(&names)
            };
            let (was, is) = (names(self.old, variants), names(self.new, new_variants));
            let finding = spot.finding(self, Code::UnionReordered);
            self.find(finding.before(was).after(is));
        }
        self.discriminators(spot, discriminator.as_ref(), new_discriminator.as_ref());
        let told_apart = discriminator.is_some() && new_discriminator.is_some();
        for (before, after) in pairs {
            if let (Some(one), Some(other)) = (variants.get(before), new_variants.get(after)) {
                self.variant(spot, one, other, told_apart);
            }
        }
    }

    fn is_one(&self, rule: Rule, old: &Variant, new: &Variant) -> bool {
        let before = self.old.schemas.resolve(old.schema);
        let after = self.new.schemas.resolve(new.schema);
        let (one, other) = (&self.old.schemas[before], &self.new.schemas[after]);
        match rule {
            Rule::Name => one.name.is_some() && one.name == other.name,
            Rule::Tags => old.tags.iter().any(|tag| new.tags.contains(tag)),
            Rule::Shape => self.same_shape(before, after),
            Rule::Type => {
                (one.name.is_none() || other.name.is_none())
                    && std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind)
            }
        }
    }

    fn gone(&mut self, spot: &Spot, variants: &[Variant], removed: &[usize]) {
        for variant in removed.iter().filter_map(|index| variants.get(*index)) {
            let was = text::describe(self.old, variant.schema);
            let finding = spot.finding(self, Code::UnionVariantRemoved);
            self.find(finding.before(was));
        }
    }

    fn come(&mut self, spot: &Spot, variants: &[Variant], added: &[usize], tagged: bool) {
        let code = if tagged {
            Code::TaggedVariantAdded
        } else {
            Code::UnionVariantAdded
        };
        for variant in added.iter().filter_map(|index| variants.get(*index)) {
            let is = text::describe(self.new, variant.schema);
            self.find(spot.finding(self, code).after(is));
        }
    }

    fn discriminators(
        &mut self,
        spot: &Spot,
        old: Option<&Discriminator>,
        new: Option<&Discriminator>,
    ) {
        match (old, new) {
            (None, Some(after)) => {
                let finding = spot.finding(self, Code::DiscriminatorAdded);
                self.find(finding.after(&after.property));
            }
            (Some(before), None) => {
                let finding = spot.finding(self, Code::DiscriminatorRemoved);
                self.find(finding.before(&before.property));
            }
            (Some(before), Some(after)) if before.property != after.property => {
                let finding = spot.finding(self, Code::DiscriminatorChanged);
                self.find(finding.before(&before.property).after(&after.property));
            }
            _ => {}
        }
    }

    fn variant(&mut self, spot: &Spot, old: &Variant, new: &Variant, told_apart: bool) {
        let name = text::describe(self.new, new.schema);
        let subject = format!("{} as {name}", spot.subject);
        if told_apart {
            let set = |tags: &[String]| tags.iter().cloned().collect::<BTreeSet<String>>();
            if set(&old.tags) != set(&new.tags) {
                let scope = Scope::Node(spot.node, BOTH);
                self.find(
                    Finding::new(Code::DiscriminatorValuesChanged, &subject, scope)
                        .at(
                            &self.old.schemas[spot.old].place,
                            &self.new.schemas[spot.new].place,
                        )
                        .before(old.tags.join(", "))
                        .after(new.tags.join(", ")),
                );
            }
        }
        let schemas = (old.schema, new.schema);
        self.edge(spot.node, BOTH, Aspect::Notes, schemas, &subject);
    }
}

/// Whether the members are objects that a constant property tells apart.
fn has_tag(api: &Api, variants: &[Variant]) -> bool {
    let constants = |variant: &Variant| -> Option<BTreeSet<String>> {
        let Kind::Object { properties, .. } =
            &api.schemas[api.schemas.resolve(variant.schema)].kind
        else {
            return None;
        };
        let constant = |(name, property): (&String, &plumbline_specs::api::Property)| {
            let id = api.schemas.resolve(property.schema);
            match &api.schemas[id].kind {
                Kind::String {
                    values: Some(values),
                    ..
                } if values.len() == 1 => Some(name.clone()),
                _ => None,
            }
        };
        Some(properties.iter().filter_map(constant).collect())
    };
    let mut shared: Option<BTreeSet<String>> = None;
    for variant in variants {
        let Some(own) = constants(variant) else {
            return false;
        };
        shared = Some(match shared {
            None => own,
            Some(shared) => shared.intersection(&own).cloned().collect(),
        });
    }
    shared.is_some_and(|shared| !shared.is_empty())
}
