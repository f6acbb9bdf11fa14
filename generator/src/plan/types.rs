//! Schemas become types and items.

mod object;

pub(super) use object::applied;

use super::docs::{docs, with_notes};
use super::forms::{Contents, Discrimination, Form, Forms};
use super::names::{Scope, pascal};
use super::notes::notes;
use super::variants::{open_variants, other, union_variants};
use crate::rust::{self, Alias, Constant, Docs, Item, OpenEnum, Ty, Union, UnionVariant};
use indexmap::IndexMap;
use plumbline_specs::api::{Kind, SchemaId};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The types of an API as they come to be.
pub(super) struct Types<'a> {
    pub(super) forms: Forms<'a>,
    pub(super) names: HashMap<SchemaId, String>,
    /// Wire value to constant.
    constants: IndexMap<String, String>,
    constant_scope: Scope,
    /// Objects that are bodies of `multipart/form-data`.
    pub(super) multipart: HashSet<SchemaId>,
    /// Objects that are sent, and objects that are received.
    pub(super) sent: HashSet<SchemaId>,
    pub(super) received: HashSet<SchemaId>,
}

impl<'a> Types<'a> {
    /// Types whose names are known.
    pub(super) fn new(forms: Forms<'a>, names: HashMap<SchemaId, String>) -> Self {
        Self {
            forms,
            names,
            constants: IndexMap::new(),
            constant_scope: Scope::default(),
            multipart: HashSet::new(),
            sent: HashSet::new(),
            received: HashSet::new(),
        }
    }

    /// The type of a schema, and whether null is allowed besides.
    pub(super) fn ty(&mut self, id: SchemaId) -> (Ty, bool) {
        let (form, nullable) = self.forms.get(id);
        let mut at = id;
        loop {
            if let Some(name) = self.names.get(&at) {
                return (Ty::Named(name.clone()), nullable);
            }
            match self.forms.schema(at).kind {
                Kind::Alias(target) if target != at => at = target,
                _ => break,
            }
        }
        (self.ty_of(&form), nullable)
    }

    /// The type of a schema where there is no other place for null.
    pub(super) fn whole(&mut self, id: SchemaId) -> Ty {
        let any = self.forms.get(id).0 == Form::Any;
        match self.ty(id) {
            (ty, true) if !any => Ty::Option(Box::new(ty)),
            (ty, _) => ty,
        }
    }

    /// The type that a form is.
    pub(super) fn ty_of(&mut self, form: &Form) -> Ty {
        match form {
            Form::Scalar(ty) => ty.clone(),
            Form::Any => Ty::Json,
            Form::Constant(value) => Ty::Constant(self.constant(value)),
            Form::List(items) => Ty::List(Box::new(self.whole(*items))),
            Form::Map(values) => {
                if self.forms.get(*values).0 == Form::Any {
                    Ty::JsonObject
                } else {
                    Ty::Map(Box::new(self.whole(*values)))
                }
            }
            Form::Tuple(items) => Ty::Tuple(items.iter().map(|id| self.whole(*id)).collect()),
            Form::Item(id) => match self.names.get(id) {
                Some(name) => Ty::Named(name.clone()),
                None => Ty::Json,
            },
        }
    }

    /// The constant of a value.
    pub(super) fn constant(&mut self, value: &str) -> String {
        if let Some(name) = self.constants.get(value) {
            return name.clone();
        }
        let name = self.constant_scope.claim(pascal(value), &[]);
        self.constants.insert(value.to_owned(), name.clone());
        name
    }

    /// All constants, in the order of their names.
    pub(super) fn constants(&self) -> Vec<Constant> {
        let mut all: Vec<Constant> = self
            .constants
            .iter()
            .map(|(wire, name)| Constant {
                name: name.clone(),
                wire: wire.clone(),
            })
            .collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// The documentation of a type.
    fn type_docs(&self, id: SchemaId) -> Docs {
        let schema = self.forms.schema(id);
        let title = schema.title.as_deref().filter(|title| {
            let name = self.names.get(&id).or(schema.name.as_ref());
            let bare = |text: &str| super::names::words(text).concat();
            title.contains(' ') && name.is_none_or(|name| bare(name) != bare(title))
        });
        docs(
            title.filter(|_| schema.description.is_none()),
            schema.description.as_deref(),
        )
    }

    /// The item that defines a schema's type; `None` when its type needs none.
    pub(super) fn item(&mut self, id: SchemaId) -> Option<Item> {
        let name = self.names.get(&id)?.clone();
        let schema = self.forms.schema(id);
        let place = schema.place.clone();
        let (form, _) = self.forms.get(id);
        if self.forms.contents(id).is_none() || !matches!(form, Form::Item(own) if own == id) {
            let ty = match schema.kind {
                Kind::Alias(target) => self.ty(target).0,
                _ => self.ty_of(&form),
            };
            // A name that another schema's type has taken over.
            if ty == Ty::Named(name.clone()) {
                return None;
            }
            let docs = with_notes(self.type_docs(id), &notes(schema, schema, true));
            return Some(Item::Alias(Alias {
                name,
                docs,
                place,
                ty,
            }));
        }
        let docs = self.type_docs(id);
        match self.forms.contents(id)?.clone() {
            Contents::Struct => Some(Item::Struct(self.object(id, name, docs))),
            Contents::Enum(values) => {
                let (variants, other) = open_variants(&values);
                let default = match &schema.default {
                    Some(Value::String(default)) => values.iter().position(|it| it == default),
                    // A value that stands alone is what it must be.
                    _ => (values.len() == 1).then_some(0),
                };
                Some(Item::OpenEnum(OpenEnum {
                    name,
                    docs,
                    place,
                    variants,
                    other,
                    default,
                }))
            }
            Contents::Union(members, told) => {
                let types: Vec<Ty> = members
                    .iter()
                    .map(|member| match self.ty(member.schema) {
                        // Members merged into one have the form of all.
                        (ty @ Ty::Named(_), _) if !matches!(member.form, Form::Scalar(_)) => ty,
                        _ => self.ty_of(&member.form),
                    })
                    .collect();
                let (names, mut scope) = union_variants(&name, &types);
                let variants = names
                    .into_iter()
                    .zip(types)
                    .zip(members)
                    .map(|((name, ty), member)| UnionVariant {
                        name,
                        tags: match told {
                            Discrimination::Tag(_) => member.tags,
                            Discrimination::Shape | Discrimination::Best => Vec::new(),
                        },
                        ty,
                    })
                    .collect();
                let tagging = match told {
                    Discrimination::Tag(property) => rust::Discrimination::Tagged {
                        property,
                        other: other(&mut scope),
                    },
                    Discrimination::Shape => rust::Discrimination::Shape,
                    Discrimination::Best => rust::Discrimination::Best,
                };
                Some(Item::Union(Union {
                    name,
                    docs,
                    place,
                    tagging,
                    variants,
                }))
            }
        }
    }
}
