//! `oneOf` and `anyOf`: null folded away, single members resolved, what stands beside them
//! distributed over their members, and the tags of discriminators.

use super::Lowerer;
use super::merged::{Choice, Merged, Recipe, Type, UnionAt};
use super::reference::MAX_CHAIN;
use super::schema::{component_name, is_annotation};
use crate::Pointer;
use crate::api::{Discriminator, Kind, SchemaId, Variant};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::fragment::fragment;
use indexmap::IndexSet;
use serde_json::Value;
use std::collections::HashMap;

/// How many members the product of several unions beside one another may have.
const MAX_PRODUCT: usize = 64;

/// How many choices may lie within one another.
const MAX_WITHIN: usize = 4;

/// How much work it is to write a member out with what stands beside the union.
const WRITTEN_OUT: usize = 3;

/// A union after null and members that say nothing of types are taken out.
struct Left {
    union: UnionAt,
    members: Vec<usize>,
}

impl Lowerer<'_, '_> {
    /// What a merged schema allows.
    ///
    /// # Errors
    ///
    /// The choices that must be taken first, where unions have one member left and something
    /// stands beside them.
    pub(super) fn contents(
        &mut self,
        mut merged: Merged,
        recipe: &Recipe,
        nullable: &mut bool,
    ) -> Result<Kind, Vec<Choice>> {
        let mut unions = Vec::new();
        let mut only_null = false;
        for union in std::mem::take(&mut merged.unions) {
            let all = union.members;
            // All of them are looked at, however often the union is met.
            if !self.spend(all, &union.place) {
                return Ok(Kind::Any);
            }
            let members: Vec<usize> = (0..all)
                .filter(|member| !self.is_null(&union.place.index(*member)))
                .collect();
            *nullable |= members.len() < all;
            only_null |= members.is_empty();
            if !members.is_empty() && !self.is_about_presence(&union, &members) {
                unions.push(Left { union, members });
            }
        }
        if unions.is_empty() {
            if only_null && merged.is_bare() && merged.types.is_none() {
                return Ok(Kind::Null);
            }
            self.check_discriminator(&merged, recipe);
            return Ok(self.kind(merged, recipe));
        }
        if let [only] = unions.as_mut_slice()
            && only.union.discriminator.is_none()
        {
            only.union.discriminator = merged.loose_discriminator.take();
        }
        if let [only] = unions.as_slice()
            && self.stands_alone(&merged, only, recipe)
        {
            return Ok(self.plain(only));
        }
        // Each member is merged with what stands beside the union.
        let single = |left: &Left| match left.members.as_slice() {
            [member] => Some(Choice {
                union: left.union.place.clone(),
                member: *member,
                of_types: false,
            }),
            _ => None,
        };
        let singles: Vec<Choice> = unions.iter().filter_map(single).collect();
        if !singles.is_empty() {
            return Err(singles);
        }
        let product = unions.iter().fold(1usize, |product, left| {
            product.saturating_mul(left.members.len())
        });
        let too_many = unions.len() > 1 && product > MAX_PRODUCT;
        let too_deep = recipe.choices.len() >= MAX_WITHIN;
        if too_many || too_deep {
            let dropped = unions.last().map(|left| left.union.place.clone());
            let dropped = dropped.unwrap_or_default();
            self.sink.push(
                Diagnostic::warning(
                    codes::IGNORED_KEYWORD,
                    "this union is not carried over: with those beside it there are too many cases",
                )
                .pointer(&dropped),
            );
            return Err(vec![Choice {
                union: dropped,
                member: Choice::NONE,
                of_types: false,
            }]);
        }
        let Some(first) = unions.into_iter().next() else {
            return Ok(Kind::Any);
        };
        Ok(self.distributed(&first, recipe))
    }

    /// A union with nothing beside it.
    fn plain(&mut self, left: &Left) -> Kind {
        let places: Vec<Pointer> = left
            .members
            .iter()
            .map(|member| left.union.place.index(*member))
            .collect();
        if let [one] = places.as_slice() {
            return Kind::Alias(self.schema(one.clone()));
        }
        let schemas = places.iter().map(|place| self.schema(place.clone()));
        let schemas: Vec<SchemaId> = schemas.collect();
        self.tagged(&left.union, &places, schemas)
    }

    /// A union whose members are merged with what stands beside it.
    fn distributed(&mut self, left: &Left, recipe: &Recipe) -> Kind {
        let mut places = Vec::new();
        let mut schemas = Vec::new();
        // Each becomes a schema of its own, here and wherever the union is met again.
        let cost = left.members.len() * (WRITTEN_OUT + recipe.choices.len());
        if !self.spend(cost, &left.union.place) {
            return Kind::Any;
        }
        for member in &left.members {
            let mut recipe = recipe.clone();
            recipe.choices.push(Choice {
                union: left.union.place.clone(),
                member: *member,
                of_types: false,
            });
            schemas.push(self.id(recipe));
            places.push(left.union.place.index(*member));
        }
        self.tagged(&left.union, &places, schemas)
    }

    fn tagged(&mut self, union: &UnionAt, places: &[Pointer], schemas: Vec<SchemaId>) -> Kind {
        let mut tags = self.tags(union, places).into_iter();
        Kind::Union {
            kind: union.kind,
            variants: schemas
                .into_iter()
                .map(|schema| Variant {
                    schema,
                    tags: tags.next().unwrap_or_default(),
                })
                .collect(),
            discriminator: union.discriminator.as_ref().map(|(own, _)| Discriminator {
                property: own.property_name.clone(),
            }),
        }
    }

    /// The discriminator's values of each member: from `mapping`, or else the name of the
    /// component, or else the constant that an inline member gives to the property.
    fn tags(&mut self, union: &UnionAt, places: &[Pointer]) -> Vec<Vec<String>> {
        let mut tags = vec![Vec::new(); places.len()];
        let Some((discriminator, at)) = &union.discriminator else {
            return tags;
        };
        let targets: Vec<Pointer> = places
            .iter()
            .map(|place| self.follow(place).unwrap_or_else(|| place.clone()))
            .collect();
        // Where a member is a reference to a reference, the mapping may name either.
        let named: Vec<Option<Pointer>> = places
            .iter()
            .map(|place| self.reference_at(place).and_then(fragment))
            .collect();
        let mut members: HashMap<&Pointer, usize> = HashMap::new();
        let by_name = named.iter().enumerate();
        let by_name = by_name.filter_map(|(index, named)| Some((named.as_ref()?, index)));
        for (place, index) in by_name.chain(targets.iter().zip(0..)) {
            members.entry(place).or_insert(index);
        }
        if !self.spend(discriminator.mapping.len(), at) {
            return tags;
        }
        for (value, reference) in &discriminator.mapping {
            let place = at.join("mapping").join(value);
            let by_name = Pointer::root()
                .join("components")
                .join("schemas")
                .join(reference);
            let target = if self.document.get(&by_name).is_some() {
                Some(by_name)
            } else if reference.starts_with('#') {
                self.target(reference, &place)
            } else {
                self.sink.push(
                    Diagnostic::warning(
                        codes::DISCRIMINATOR_MAPPING,
                        format!("`{reference}` names no schema of this document"),
                    )
                    .pointer(&place),
                );
                None
            };
            let Some(target) = target else { continue };
            let member = members.get(&target).copied();
            match member.and_then(|member| tags.get_mut(member)) {
                Some(tags) => tags.push(value.clone()),
                None => self.sink.push(
                    Diagnostic::warning(
                        codes::DISCRIMINATOR_MAPPING,
                        format!("`{reference}` is not a member of the union"),
                    )
                    .pointer(&place),
                ),
            }
        }
        for ((tags, place), target) in tags.iter_mut().zip(&named).zip(&targets) {
            if !tags.is_empty() {
                continue;
            }
            let name = place.as_ref().and_then(component_name);
            match name {
                Some(name) => tags.push(name),
                None => tags.extend(self.constants(target, &discriminator.property_name)),
            }
        }
        tags
    }

    /// The strings that a schema allows in one of its properties, when it lists them.
    fn constants(&mut self, place: &Pointer, property: &str) -> Vec<String> {
        let property = place.join("properties").join(property).join("enum");
        match self.document.get(&property) {
            Some(Value::Array(values)) if self.spend(values.len(), &property) => values
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether what stands beside a union says nothing that its members do not.
    fn stands_alone(&mut self, merged: &Merged, left: &Left, recipe: &Recipe) -> bool {
        if !merged.is_bare() {
            return false;
        }
        let Some(types) = &merged.types else {
            return true;
        };
        let mut contradicts = false;
        for member in &left.members {
            match self.type_of(&left.union.place.index(*member)) {
                None => return false,
                Some(own) => contradicts |= !types.contains(&own),
            }
        }
        if contradicts {
            self.sink.push(
                Diagnostic::warning(
                    codes::CONTRADICTION,
                    "`type` excludes members of the union beside it",
                )
                .pointer(&merged.typed_at.clone().unwrap_or_else(|| recipe.place()))
                .help("the members are read, the type is not"),
            );
        }
        true
    }

    /// The type that the schema at a place names itself, or shows by `properties`.
    fn type_of(&mut self, place: &Pointer) -> Option<Type> {
        let place = self.follow(place)?;
        let map = self.document.map(&place)?;
        match map.get("type").and_then(Value::as_str) {
            Some(name) => Type::parse(name),
            None if map.contains_key("properties") => Some(Type::Object),
            None => match map.get("enum").and_then(Value::as_array)?.first() {
                Some(value) => Type::of(value),
                None => None,
            },
        }
    }

    /// Whether the schema at a place allows null and nothing else.
    fn is_null(&self, place: &Pointer) -> bool {
        let mut at = place.clone();
        for _ in 0..MAX_CHAIN {
            let Some(target) = self.reference_at(&at).and_then(fragment) else {
                break;
            };
            at = target;
        }
        self.document.map(&at).is_some_and(|map| {
            map.get("enum")
                .and_then(Value::as_array)
                .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
        })
    }

    /// Whether the members only say which properties must be there. No type says that; the
    /// union is passed over with a note.
    fn is_about_presence(&mut self, union: &UnionAt, members: &[usize]) -> bool {
        let about = members.iter().all(|member| {
            self.document
                .map(&union.place.index(*member))
                .is_some_and(|map| {
                    map.contains_key("required")
                        && map
                            .keys()
                            .all(|key| key == "required" || key == "not" || is_annotation(key))
                })
        });
        if about {
            self.sink.push(
                Diagnostic::note(
                    codes::IGNORED_KEYWORD,
                    "which properties must come together is not carried over into types",
                )
                .pointer(&union.place),
            );
        }
        about
    }

    /// A discriminator beside no union: what it says of schemas that include this one in their
    /// `allOf` is not carried over.
    fn check_discriminator(&mut self, merged: &Merged, recipe: &Recipe) {
        let Some((_, place)) = &merged.loose_discriminator else {
            return;
        };
        if place.parent().as_ref() == recipe.parts.last() && recipe.choices.is_empty() {
            self.sink.push(
                Diagnostic::note(
                    codes::IGNORED_KEYWORD,
                    "a discriminator without `oneOf` or `anyOf` is not carried over",
                )
                .pointer(place)
                .help("list the schemas that it chooses among under `oneOf`"),
            );
        }
    }

    /// An error for aliases and unions that lead back to themselves without a property, an item
    /// or another value between: no value can be told to be of such a type.
    pub(super) fn check_cycles(&mut self) {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let count = self.api.schemas.len();
        let mut marks = vec![Mark::New; count];
        let edges = |schemas: &crate::api::Schemas, id: SchemaId| -> Vec<SchemaId> {
            match &schemas[id].kind {
                Kind::Alias(target) => vec![*target],
                Kind::Union { variants, .. } => {
                    variants.iter().map(|variant| variant.schema).collect()
                }
                _ => Vec::new(),
            }
        };
        let mut found = IndexSet::new();
        let starts: Vec<SchemaId> = self.api.schemas.iter().map(|(id, _)| id).collect();
        for start in starts {
            let mut stack = vec![(start, false)];
            while let Some((id, leaving)) = stack.pop() {
                let Some(mark) = marks.get_mut(id.0 as usize) else {
                    continue;
                };
                if leaving {
                    *mark = Mark::Done;
                    continue;
                }
                match mark {
                    Mark::Done => continue,
                    Mark::Open => {
                        found.insert(id);
                        continue;
                    }
                    Mark::New => *mark = Mark::Open,
                }
                stack.push((id, true));
                for next in edges(&self.api.schemas, id) {
                    stack.push((next, false));
                }
            }
        }
        for id in found {
            let place = self.api.schemas[id].place.clone();
            self.sink.push(
                Diagnostic::error(codes::REFERENCE_CYCLE, "this schema leads back to itself")
                    .pointer(&place)
                    .help("a type needs a property or an item between itself and itself"),
            );
        }
    }
}
