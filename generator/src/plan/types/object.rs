//! Objects become structs.

use super::Types;
use crate::plan::docs::{docs, with_notes};
use crate::plan::forms::Form;
use crate::plan::names::{Scope, snake};
use crate::plan::notes::notes;
use crate::rust::{Docs, Field, Presence, Rename, Struct, Ty};
use plumbline_specs::api::{Additional, Kind, Property, SchemaId};
use serde_json::Value;
use std::collections::HashMap;

impl Types<'_> {
    /// The struct of an object.
    pub(super) fn object(&mut self, id: SchemaId, name: String, docs: Docs) -> Struct {
        let schema = self.forms.schema(id);
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        let mut wires = Vec::new();
        for (wire, tags) in self.forms.added(id).to_vec() {
            fields.push(self.added_tag(&wire, &tags, &mut scope));
            wires.push(wire);
        }
        let mut rest = None;
        if let Kind::Object {
            properties,
            additional,
            ..
        } = &schema.kind
        {
            let mut names = names(properties.keys(), &mut scope);
            for (wire, property) in properties {
                let name = names.remove(wire.as_str()).unwrap_or_default();
                fields.push(self.field(id, name, property));
                wires.push(wire.clone());
            }
            if let Additional::Allowed(values) = additional {
                let name = scope.claim(
                    "rest".to_owned(),
                    &["additional".to_owned(), "additional_properties".to_owned()],
                );
                let values = match self.forms.get(*values).0 {
                    Form::Any => Ty::Json,
                    _ => self.whole(*values),
                };
                rest = Some((name, Ty::Map(Box::new(values))));
            }
        }
        let rename_all = rename_all(&fields, &wires);
        for (field, wire) in fields.iter_mut().zip(wires) {
            if applied(rename_all, &field.name) != wire {
                field.rename = Some(wire);
            }
        }
        Struct {
            name,
            docs,
            place: schema.place.clone(),
            rename_all,
            fields,
            rest,
            required_fields: Vec::new(),
            default: false,
        }
    }

    /// A tag that the document's discriminator asks for and the object does not name.
    fn added_tag(&mut self, wire: &str, tags: &[String], scope: &mut Scope) -> Field {
        let (ty, presence) = match tags {
            [only] => (Ty::Constant(self.constant(only)), Presence::Defaulted),
            _ => (Ty::String, Presence::Optional),
        };
        Field {
            name: scope.claim(snake(wire), &[]),
            rename: None,
            docs: docs(None, Some("The discriminator's value.")),
            deprecated: false,
            ty,
            presence,
        }
    }

    fn field(&mut self, owner: SchemaId, name: String, property: &Property) -> Field {
        let schema = self.forms.schema(property.schema);
        let resolved = self.forms.resolve(property.schema);
        let target = self.forms.schema(resolved);
        let (form, _) = self.forms.get(property.schema);
        let (mut ty, nullable) = self.ty(property.schema);
        if self.multipart.contains(&owner) {
            ty = self.upload(property.schema).unwrap_or(ty);
        }
        // What the one side must send, the other side does not (OpenAPI 3.0.3, readOnly).
        let one_way = (schema.read_only || target.read_only) && self.sent.contains(&owner)
            || (schema.write_only || target.write_only) && self.received.contains(&owner);
        let default = schema.default.as_ref().or(target.default.as_ref());
        let required = property.required && !one_way;
        let presence = match (&form, required, nullable) {
            (Form::Any, true, _) => Presence::Required,
            (Form::Any, false, _) => Presence::Field,
            (Form::Constant(value), false, false)
                if default.and_then(Value::as_str) == Some(value) =>
            {
                Presence::Defaulted
            }
            (_, true, false) => Presence::Required,
            (_, true, true) => Presence::Nullable,
            (_, false, false) => Presence::Optional,
            (_, false, true) => Presence::Field,
        };
        let named = schema.name.is_some();
        let text = docs(
            None,
            schema
                .description
                .as_deref()
                .filter(|_| !named)
                .or_else(|| {
                    // A type without a name cannot say it itself.
                    (target.name.is_none() && resolved != property.schema)
                        .then_some(target.description.as_deref())
                        .flatten()
                }),
        );
        let mut said = if named {
            Vec::new()
        } else {
            notes(schema, target, presence != Presence::Defaulted)
        };
        // In what goes one way only, it says nothing.
        let both = self.sent.contains(&owner) && self.received.contains(&owner);
        if both && (schema.read_only || target.read_only) {
            said.push("Read-only.".to_owned());
        }
        if both && (schema.write_only || target.write_only) {
            said.push("Write-only.".to_owned());
        }
        Field {
            name,
            rename: None,
            docs: with_notes(text, &said),
            deprecated: schema.deprecated || target.deprecated,
            ty,
            presence,
        }
    }

    /// The type of a part of a multipart body that is a file, or a list of files.
    fn upload(&self, id: SchemaId) -> Option<Ty> {
        match &self.forms.schema(self.forms.resolve(id)).kind {
            Kind::String { .. } if self.forms.is_binary(id) => Some(Ty::Upload),
            Kind::Array { items, .. } if self.forms.is_binary(*items) => {
                Some(Ty::List(Box::new(Ty::Upload)))
            }
            // `anyOf` of a file and null, or of a file and its name.
            Kind::Union { variants, .. } => variants
                .iter()
                .find_map(|variant| self.upload(variant.schema)),
            _ => None,
        }
    }
}

/// What properties are called. Those that are called so on the wire come first: beside a
/// `sortableBy`, a `sortable_by` keeps its name.
fn names<'a>(
    wires: impl Iterator<Item = &'a String> + Clone,
    scope: &mut Scope,
) -> HashMap<&'a str, String> {
    let named = wires.map(|wire| (wire.as_str(), snake(wire)));
    let is_own = |(wire, name): &(&str, String)| name.trim_start_matches("r#") == *wire;
    let own = named.clone().filter(is_own);
    let others = named.filter(|one| !is_own(one));
    own.chain(others)
        .map(|(wire, name)| (wire, scope.claim(name, &[])))
        .collect()
}

/// The rule that gives most wire names, when it gives more than the fields' own names do.
fn rename_all(fields: &[Field], wires: &[String]) -> Option<Rename> {
    let given = |rule: Option<Rename>| {
        fields
            .iter()
            .zip(wires)
            .filter(|(field, wire)| applied(rule, &field.name) == **wire)
            .count()
    };
    let own = given(None);
    [
        Rename::CamelCase,
        Rename::PascalCase,
        Rename::KebabCase,
        Rename::ScreamingSnakeCase,
    ]
    .into_iter()
    .map(|rule| (given(Some(rule)), rule))
    .rev()
    .max_by_key(|(count, _)| *count)
    .filter(|(count, _)| *count > own)
    .map(|(_, rule)| rule)
}

/// A field's name under a rule, as serde applies it.
pub(in crate::plan) fn applied(rule: Option<Rename>, field: &str) -> String {
    let field = field.strip_prefix("r#").unwrap_or(field);
    let pascal = || {
        let mut text = String::with_capacity(field.len());
        let mut capital = true;
        for character in field.chars() {
            if character == '_' {
                capital = true;
            } else if capital {
                text.push(character.to_ascii_uppercase());
                capital = false;
            } else {
                text.push(character);
            }
        }
        text
    };
    match rule {
        None | Some(Rename::Lowercase | Rename::SnakeCase) => field.to_owned(),
        Some(Rename::Uppercase | Rename::ScreamingSnakeCase) => field.to_ascii_uppercase(),
        Some(Rename::KebabCase) => field.replace('_', "-"),
        Some(Rename::PascalCase) => pascal(),
        Some(Rename::CamelCase) => {
            let pascal = pascal();
            let mut characters = pascal.chars();
            match characters.next() {
                Some(first) => format!("{}{}", first.to_ascii_lowercase(), characters.as_str()),
                None => pascal,
            }
        }
    }
}
