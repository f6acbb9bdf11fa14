//! Unions: their members, and what tells them apart.

use super::finding::{BOTH, Finding, Scope};
use super::graph::{Aspect, Spot, Walk};
use crate::code::Code;
use crate::text;
use plumbline_specs::api::{Api, Discriminator, Kind, Variant};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem::Discriminant;

/// The rules by which members of two unions are taken for one, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Name,
    Tags,
    Shape,
    /// The same type, and the only one of it, or the next.
    Type,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Old,
    New,
}

/// What a member of a union can be known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key<'v> {
    Text(&'v str),
    Shape(u64),
    Type(Discriminant<Kind>),
    Nameless(Discriminant<Kind>),
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
            // The members that are left, in their order, by what they can be known by.
            let mut known: HashMap<Key<'_>, BTreeSet<usize>> = HashMap::new();
            for (after, other) in added
                .iter()
                .filter_map(|at| Some((at, new_variants.get(*at)?)))
            {
                for key in self.keys(rule, other, Side::New) {
                    known.entry(key).or_default().insert(*after);
                }
            }
            let mut taken = HashSet::new();
            removed.retain(|before| {
                let Some(one) = variants.get(*before) else {
                    return false;
                };
                let keys = self.keys(rule, one, Side::Old).into_iter();
                let found = keys
                    .filter_map(|key| known.get(&key)?.first().copied())
                    .min();
                let Some(after) = found else { return true };
                let other = new_variants.get(after);
                for key in other.map_or_else(Vec::new, |it| self.keys(rule, it, Side::New)) {
                    if let Some(left) = known.get_mut(&key) {
                        left.remove(&after);
                    }
                }
                taken.insert(after);
                pairs.push((*before, after));
                false
            });
            added.retain(|after| !taken.contains(after));
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
            let (old_text, new_text) = (names(self.old, variants), names(self.new, new_variants));
            let finding = spot.finding(self, Code::UnionReordered);
            self.find(finding.before(old_text).after(new_text));
        }
        self.discriminators(spot, discriminator.as_ref(), new_discriminator.as_ref());
        let told_apart = discriminator.is_some() && new_discriminator.is_some();
        for (before, after) in pairs {
            if let (Some(one), Some(other)) = (variants.get(before), new_variants.get(after)) {
                self.variant(spot, one, other, told_apart);
            }
        }
    }

    /// What a member of a union can be known by: it is one with a member of the other union that
    /// has one of its keys.
    fn keys<'v>(&'v self, rule: Rule, variant: &'v Variant, side: Side) -> Vec<Key<'v>> {
        let (api, fingerprints) = match side {
            Side::Old => (self.old, &self.old_fingerprints),
            Side::New => (self.new, &self.new_fingerprints),
        };
        let id = api.schemas.resolve(variant.schema);
        let schema = &api.schemas[id];
        match rule {
            Rule::Name => schema.name.as_deref().map(Key::Text).into_iter().collect(),
            Rule::Tags => variant.tags.iter().map(|tag| Key::Text(tag)).collect(),
            Rule::Shape => vec![Key::Shape(fingerprints.get(id))],
            // One of both has no name.
            Rule::Type => {
                let kind = std::mem::discriminant(&schema.kind);
                match (side, schema.name.is_none()) {
                    (Side::New, true) => vec![Key::Type(kind), Key::Nameless(kind)],
                    (Side::New, false) | (Side::Old, true) => vec![Key::Type(kind)],
                    (Side::Old, false) => vec![Key::Nameless(kind)],
                }
            }
        }
    }

    fn gone(&mut self, spot: &Spot, variants: &[Variant], removed: &[usize]) {
        for variant in removed.iter().filter_map(|index| variants.get(*index)) {
            let old_text = text::describe(self.old, variant.schema);
            let finding = spot.finding(self, Code::UnionVariantRemoved);
            self.find(finding.before(old_text));
        }
    }

    fn come(&mut self, spot: &Spot, variants: &[Variant], added: &[usize], tagged: bool) {
        let code = if tagged {
            Code::TaggedVariantAdded
        } else {
            Code::UnionVariantAdded
        };
        for variant in added.iter().filter_map(|index| variants.get(*index)) {
            let new_text = text::describe(self.new, variant.schema);
            self.find(spot.finding(self, code).after(new_text));
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
        self.edge(spot.node, BOTH, Aspect::Annotations, schemas, &subject);
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
