//! Unions: which members there are, and how a reader tells them apart.

use super::{Contents, Form, Forms};
use crate::codes;
use crate::plan::report::Report;
use crate::rust::Ty;
use plumbline_specs::api::{Discriminator, Kind, SchemaId, Variant};
use std::collections::HashSet;
use std::rc::Rc;

/// A member of a union.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::plan) struct Member {
    /// Its schema.
    pub(in crate::plan) schema: SchemaId,
    /// Its form.
    pub(in crate::plan) form: Form,
    /// The tags that choose it.
    pub(in crate::plan) tags: Vec<String>,
}

/// How a reader tells the members of a union apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Discrimination {
    /// By the value of this property.
    Tag(String),
    /// By the JSON type.
    Shape,
    /// By trying.
    Best,
}

impl<'a> Forms<'a> {
    /// The form of a union and whether one of its members allows null.
    pub(super) fn union(
        &mut self,
        id: SchemaId,
        variants: &[Variant],
        discriminator: Option<&Discriminator>,
        report: &mut Report,
    ) -> (Form, bool) {
        let mut flat = Vec::new();
        let mut nullable = false;
        self.flatten(variants, &mut flat, &mut nullable, &mut HashSet::from([id]));
        let mut members = Vec::new();
        for (schema, tags) in flat {
            let (form, inner) = self.find(schema, report);
            nullable |= inner;
            self.reach(&form, report);
            members.push(Member { schema, form, tags });
        }
        if members.is_empty() {
            return (Form::Any, nullable);
        }
        if members.iter().any(|member| member.form == Form::Any) {
            report.note(
                codes::UNION_WITH_ANY,
                &self.schema(id).place,
                "a union with a member that allows anything is read as any JSON".to_owned(),
            );
            return (Form::Any, nullable);
        }
        if members
            .iter()
            .any(|member| member.form == Form::Scalar(Ty::Json))
        {
            return (Form::Scalar(Ty::Json), nullable);
        }
        let members = self.strings(id, numbers(members));
        let members = self.distinct(self.number_lists(members));
        if let [only] = members.as_slice() {
            return (only.form.clone(), nullable);
        }
        let (members, told) = self.tell(id, members, discriminator, report);
        let kinds = members
            .iter()
            .fold(0, |all, member| all | self.json_kinds(&member.form));
        self.kinds.insert(id, kinds);
        self.contents.insert(id, Contents::Union(members, told));
        (Form::Item(id), nullable)
    }

    /// Finds the forms that two lists or maps are compared by.
    fn reach(&mut self, form: &Form, report: &mut Report) {
        let mut form = form.clone();
        for _ in 0..3 {
            match form {
                Form::List(inner) | Form::Map(inner) => form = self.find(inner, report).0,
                _ => break,
            }
        }
    }

    /// Members of unions within, as far as these have neither a name nor a discriminator.
    fn flatten(
        &self,
        variants: &[Variant],
        flat: &mut Vec<(SchemaId, Vec<String>)>,
        nullable: &mut bool,
        within: &mut HashSet<SchemaId>,
    ) {
        for variant in variants {
            let (target, inner) = self.follow_unnamed(variant.schema);
            let schema = self.schema(target);
            match &schema.kind {
                Kind::Union {
                    variants,
                    discriminator: None,
                    ..
                } if schema.name.is_none()
                    && schema.rust_name.is_none()
                    && variant.tags.is_empty()
                    && within.insert(target) =>
                {
                    *nullable |= inner;
                    self.flatten(variants, flat, nullable, within);
                }
                Kind::Null => *nullable = true,
                _ => flat.push((variant.schema, variant.tags.clone())),
            }
        }
    }

    /// The end of a chain of references, or the first named schema on it.
    fn follow_unnamed(&self, id: SchemaId) -> (SchemaId, bool) {
        let mut nullable = false;
        let mut at = id;
        for _ in 0..=self.api.schemas.len() {
            let schema = self.schema(at);
            nullable |= schema.nullable;
            match schema.kind {
                Kind::Alias(target) if schema.name.is_none() => at = target,
                _ => break,
            }
        }
        (at, nullable)
    }

    /// Makes one member of all strings: an enum of all values where there is one, for an open
    /// enum keeps every string; else plain text.
    fn strings(&mut self, id: SchemaId, members: Vec<Member>) -> Vec<Member> {
        let texts: Vec<&Member> = members
            .iter()
            .filter(|member| self.is_text(&member.form))
            .collect();
        let Some(first) = texts.first() else {
            return members;
        };
        if texts.iter().all(|text| text.form == first.form) {
            return members;
        }
        let mut values: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        let mut enums = Vec::new();
        for text in &texts {
            let own = self.text_values(&text.form);
            if !own.is_empty() {
                enums.push(text.form.clone());
            }
            values.extend(own.into_iter().filter(|value| seen.insert(value.clone())));
        }
        let form = match enums.as_slice() {
            [] => Form::Scalar(Ty::String),
            [Form::Item(only)] => Form::Item(*only),
            _ => {
                // The enum belongs to the union when nothing else is in it, else to the member.
                let owner = if texts.len() == members.len() {
                    id
                } else {
                    first.schema
                };
                self.contents.insert(owner, Contents::Enum(values));
                Form::Item(owner)
            }
        };
        let schema = match &form {
            Form::Item(owner) => *owner,
            _ => first.schema,
        };
        let mut merged = Some(Member {
            schema,
            form,
            tags: Vec::new(),
        });
        let mut all = Vec::new();
        for member in members {
            if !self.is_text(&member.form) {
                all.push(member);
            } else if let Some(merged) = merged.take() {
                all.push(merged);
            }
        }
        all
    }

    fn is_text(&self, form: &Form) -> bool {
        match form {
            Form::Constant(_)
            | Form::Scalar(Ty::String | Ty::Uuid | Ty::DateTime | Ty::Date | Ty::Base64) => true,
            Form::Item(id) => matches!(self.contents.get(id), Some(Contents::Enum(_))),
            _ => false,
        }
    }

    fn text_values(&self, form: &Form) -> Vec<String> {
        match form {
            Form::Constant(value) => vec![value.clone()],
            Form::Item(id) => match self.contents.get(id) {
                Some(Contents::Enum(values)) => values.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A list of integers is a list of numbers where there is one.
    fn number_lists(&self, members: Vec<Member>) -> Vec<Member> {
        let items = |member: &Member| match &member.form {
            Form::List(items) => self.forms.get(items).cloned(),
            _ => None,
        };
        let numbers = members
            .iter()
            .filter_map(items)
            .find(|items| items.0 == Form::Scalar(Ty::F64));
        let Some((_, nullable)) = numbers else {
            return members;
        };
        members
            .into_iter()
            .filter(|member| {
                !matches!(
                    items(member),
                    Some((Form::Scalar(Ty::I32 | Ty::I64), own)) if own == nullable
                )
            })
            .collect()
    }

    /// Two members that would be the same Rust type are one.
    fn distinct(&self, members: Vec<Member>) -> Vec<Member> {
        let mut all: Vec<Member> = Vec::new();
        let mut items = HashSet::new();
        for member in members {
            let known = match &member.form {
                Form::Item(id) => (!items.insert(*id))
                    .then(|| all.iter().position(|other| other.form == member.form))
                    .flatten(),
                form => all.iter().position(|other| self.same(&other.form, form, 0)),
            };
            match known.and_then(|index| all.get_mut(index)) {
                Some(other) => other.tags.extend(member.tags),
                None => all.push(member),
            }
        }
        all
    }

    /// Whether two forms are the same Rust type for certain.
    fn same(&self, one: &Form, other: &Form, depth: usize) -> bool {
        if one == other {
            return true;
        }
        match (one, other) {
            (Form::List(one), Form::List(other)) | (Form::Map(one), Form::Map(other)) => {
                let (Some(one), Some(other)) = (self.forms.get(one), self.forms.get(other)) else {
                    return false;
                };
                depth < 3 && one.1 == other.1 && self.same(&one.0, &other.0, depth + 1)
            }
            _ => false,
        }
    }

    fn tell(
        &mut self,
        id: SchemaId,
        members: Vec<Member>,
        discriminator: Option<&Discriminator>,
        report: &mut Report,
    ) -> (Vec<Member>, Discrimination) {
        if let Some(discriminator) = discriminator {
            let property = &discriminator.property;
            match self.by_discriminator(&members, property) {
                Ok(tagged) => {
                    self.add_missing(&tagged, property, report);
                    return (tagged, Discrimination::Tag(property.clone()));
                }
                Err(reason) => report.warning(
                    codes::DISCRIMINATOR_DROPPED,
                    &self.schema(id).place,
                    format!("the discriminator `{property}` is not used, as {reason}"),
                    "give each member a value of its own in an overlay",
                ),
            }
        }
        if let Some((tagged, property)) = self.by_constant(&members) {
            return (tagged, Discrimination::Tag(property));
        }
        let mut kinds = 0u8;
        let disjoint = members.iter().all(|member| {
            let own = self.json_kinds(&member.form);
            let free = kinds & own == 0;
            kinds |= own;
            free
        });
        if disjoint {
            return (in_one_order(members), Discrimination::Shape);
        }
        report.note(
            codes::UNION_UNTAGGED,
            &self.schema(id).place,
            "nothing but what they hold tells the members of the union apart: the first that \
             keeps all of it is taken"
                .to_owned(),
        );
        (self.most_specific_first(members), Discrimination::Best)
    }

    fn by_discriminator(&self, members: &[Member], property: &str) -> Result<Vec<Member>, String> {
        let mut tagged = Vec::new();
        let mut seen = HashSet::new();
        for member in members {
            if self.json_kinds(&member.form) != OBJECT {
                return Err("a member is no object".to_owned());
            }
            let own = self.tags(&member.form, property, 0).unwrap_or_default();
            let mut tags = member.tags.clone();
            // What the property may hold says more than a mapping that contradicts it.
            if !own.is_empty() && !tags.iter().any(|tag| own.contains(tag)) {
                tags.clear();
            }
            let known: HashSet<String> = tags.iter().cloned().collect();
            tags.extend(own.into_iter().filter(|tag| !known.contains(tag)));
            if tags.is_empty() {
                return Err("a member has no value".to_owned());
            }
            if let Some(twice) = tags.iter().find(|tag| !seen.insert((*tag).clone())) {
                return Err(format!("`{twice}` chooses two members"));
            }
            tagged.push(Member {
                tags,
                ..member.clone()
            });
        }
        Ok(tagged)
    }

    /// A discriminator is a property of each member (OpenAPI 3.0.3, Discriminator Object); one
    /// that a member does not name is added to it, or it would be lost on the way back.
    fn add_missing(&mut self, members: &[Member], property: &str, report: &mut Report) {
        for member in members {
            let Form::Item(id) = member.form else {
                continue;
            };
            if self.contents.get(&id) != Some(&Contents::Struct) {
                continue;
            }
            let schema = self.schema(id);
            let Kind::Object { properties, .. } = &schema.kind else {
                continue;
            };
            if properties.contains_key(property) {
                continue;
            }
            let added = self.added.entry(id).or_default();
            match added.iter_mut().find(|(name, _)| name == property) {
                Some((_, tags)) => tags.extend(member.tags.iter().cloned()),
                None => added.push((property.to_owned(), member.tags.clone())),
            }
            report.note(
                codes::DISCRIMINATOR_ADDED,
                &schema.place,
                format!("the object does not name the discriminator `{property}`: it is added"),
            );
        }
    }

    /// The first property of the first member that has a value of its own in each member.
    fn by_constant(&self, members: &[Member]) -> Option<(Vec<Member>, String)> {
        let first = members.first()?;
        let Form::Item(id) = first.form else {
            return None;
        };
        // Nothing but an object has properties, and each member needs one.
        if !members
            .iter()
            .all(|member| matches!(member.form, Form::Item(_)))
        {
            return None;
        }
        self.constant_properties(id).iter().find_map(|&property| {
            let mut seen = HashSet::new();
            let tagged: Option<Vec<Member>> = members
                .iter()
                .map(|member| {
                    let tags = self.tags(&member.form, property, 0)?;
                    let own = !tags.is_empty() && tags.iter().all(|tag| seen.insert(tag.clone()));
                    own.then(|| Member {
                        tags,
                        ..member.clone()
                    })
                })
                .collect();
            tagged.map(|tagged| (tagged, property.to_owned()))
        })
    }

    /// The properties of an object whose values the document lists. They are looked for once: an
    /// object may be a member of many unions.
    fn constant_properties(&self, id: SchemaId) -> Rc<[&'a str]> {
        if let Some(known) = self.constants.borrow().get(&id) {
            return Rc::clone(known);
        }
        let api = self.api;
        let found: Rc<[&str]> = match &api.schemas[id].kind {
            Kind::Object { properties, .. } => {
                let names = properties.keys().map(String::as_str);
                let names = names.filter(|name| self.tags(&Form::Item(id), name, 0).is_some());
                names.collect()
            }
            _ => Rc::default(),
        };
        self.constants.borrow_mut().insert(id, Rc::clone(&found));
        found
    }

    /// The values that a property may hold, when the document says them.
    fn tags(&self, form: &Form, property: &str, depth: usize) -> Option<Vec<String>> {
        let Form::Item(id) = form else {
            return None;
        };
        if let Some(Contents::Union(members, _)) = self.contents.get(id) {
            // Deeper nesting of tagged unions is not told by the outer tag.
            if depth > 1 {
                return None;
            }
            let all: Option<Vec<Vec<String>>> = members
                .iter()
                .map(|member| self.tags(&member.form, property, depth + 1))
                .collect();
            return all.map(|all| all.concat());
        }
        let Kind::Object { properties, .. } = &self.schema(*id).kind else {
            return None;
        };
        let value = properties.get(property)?;
        let (target, nullable) = self.follow(value.schema);
        match &self.schema(target).kind {
            Kind::String {
                values: Some(values),
                ..
            } if !nullable => Some(values.clone()),
            _ => None,
        }
    }

    /// The JSON types that a form allows, as bits.
    fn json_kinds(&self, form: &Form) -> u8 {
        match form {
            Form::Scalar(ty) => match ty {
                Ty::Bool => BOOLEAN,
                Ty::I32 | Ty::I64 | Ty::U64 | Ty::F64 | Ty::Number => NUMBER,
                Ty::JsonObject => OBJECT,
                Ty::Json => EVERY,
                _ => STRING,
            },
            Form::Any => EVERY,
            Form::Constant(_) => STRING,
            Form::List(_) | Form::Tuple(_) => ARRAY,
            Form::Map(_) => OBJECT,
            Form::Item(id) => match self.contents.get(id) {
                Some(Contents::Struct) => OBJECT,
                Some(Contents::Enum(_)) => STRING,
                // A union that is not known yet may be anything.
                Some(Contents::Union(..)) => self.kinds.get(id).copied().unwrap_or(EVERY),
                None => EVERY,
            },
        }
    }

    /// Objects that need most come first; what keeps everything comes last.
    fn most_specific_first(&self, mut members: Vec<Member>) -> Vec<Member> {
        members.sort_by_key(|member| match &member.form {
            Form::Item(id) => match &self.schema(*id).kind {
                Kind::Object { properties, .. } => {
                    let required = properties.values().filter(|it| it.required).count();
                    (0, usize::MAX - required, usize::MAX - properties.len())
                }
                _ => (1, 0, 0),
            },
            Form::Scalar(Ty::JsonObject) => (3, 1, 0),
            Form::Map(_) => (3, 0, 0),
            Form::List(items) => (2, usize::from(self.get(*items).0 == Form::Any), 0),
            _ => (2, 0, 0),
        });
        members
    }
}

const BOOLEAN: u8 = 1;
const NUMBER: u8 = 2;
const STRING: u8 = 4;
const ARRAY: u8 = 8;
const OBJECT: u8 = 16;
const EVERY: u8 = 31;

/// Where no member has a name, their order says nothing: `integer` or `string` and `string` or
/// `integer` are the same type.
fn in_one_order(mut members: Vec<Member>) -> Vec<Member> {
    let rank = |member: &Member| match &member.form {
        Form::Item(_) => None,
        Form::Scalar(Ty::Bool) => Some(2),
        Form::Scalar(Ty::I32 | Ty::I64 | Ty::U64 | Ty::F64 | Ty::Number) => Some(1),
        Form::Scalar(Ty::JsonObject) | Form::Map(_) => Some(4),
        Form::List(_) | Form::Tuple(_) => Some(3),
        _ => Some(0),
    };
    if members.iter().all(|member| rank(member).is_some()) {
        members.sort_by_key(rank);
    }
    members
}

/// Makes one member of all numbers: the one that holds the values of all.
fn numbers(members: Vec<Member>) -> Vec<Member> {
    let number = |form: &Form| match form {
        Form::Scalar(ty @ (Ty::I32 | Ty::I64 | Ty::U64 | Ty::F64 | Ty::Number)) => Some(ty.clone()),
        _ => None,
    };
    let all: HashSet<Ty> = members.iter().filter_map(|it| number(&it.form)).collect();
    if all.len() < 2 {
        return members;
    }
    let widest = if all.contains(&Ty::F64) {
        Ty::F64
    } else if all.contains(&Ty::Number) || all.contains(&Ty::U64) {
        Ty::Number
    } else {
        Ty::I64
    };
    let mut met = false;
    members
        .into_iter()
        .filter_map(|member| match number(&member.form) {
            None => Some(member),
            Some(_) if met => None,
            Some(_) => {
                met = true;
                Some(Member {
                    form: Form::Scalar(widest.clone()),
                    ..member
                })
            }
        })
        .collect()
}
