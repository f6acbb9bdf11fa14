//! `allOf` merged: what several schema objects say together, children still by place.

use super::Lowerer;
use super::merged::{Choice, Merged, Recipe, Type, UnionAt};
use crate::Pointer;
use crate::api::UnionKind;
use crate::diagnostic::Diagnostic;
use crate::document::SchemaNode;
use crate::downgrade::TYPES;
use crate::text::nearest;
use serde_json::Value;
use std::collections::HashMap;

/// How deep `allOf` may nest, references counted.
const MAX_NESTING: usize = 40;

/// The state of gathering one recipe.
struct Absorption<'r> {
    choices: &'r [Choice],
    /// The schemas that are being gathered, outermost first.
    way: Vec<Pointer>,
    /// The schemas that are gathered, and whether they allow null.
    done: HashMap<Pointer, bool>,
}

impl Lowerer<'_, '_> {
    /// Gathers what the parts of a recipe say.
    pub(super) fn merged(&mut self, recipe: &Recipe) -> Merged {
        let mut merged = Merged::default();
        let mut nullable = !recipe.parts.is_empty();
        let mut walk = Absorption {
            choices: &recipe.choices,
            way: Vec::new(),
            done: HashMap::new(),
        };
        for part in &recipe.parts {
            nullable &= self.absorb(&mut merged, part, &mut walk);
        }
        merged.nullable = nullable;
        merged
    }

    /// Adds what the schema at a place says; gives whether that schema allows null.
    fn absorb(&mut self, merged: &mut Merged, place: &Pointer, walk: &mut Absorption<'_>) -> bool {
        let Some(place) = self.follow(place) else {
            return false;
        };
        // What is said twice is said: a schema met again by another way adds nothing.
        if let Some(nullable) = walk.done.get(&place) {
            return *nullable;
        }
        if walk.way.contains(&place) {
            self.sink.push(
                Diagnostic::error("reference-cycle", "this schema is a part of itself")
                    .pointer(&place)
                    .help("an `allOf` that leads back to its own schema has no end"),
            );
            return false;
        }
        if walk.way.len() >= MAX_NESTING {
            self.sink.push(
                Diagnostic::error(
                    "too-deep",
                    format!("`allOf` nests more than {MAX_NESTING} deep"),
                )
                .pointer(&place),
            );
            return false;
        }
        match self.document.get(&place) {
            Some(Value::Bool(true)) => return true,
            Some(Value::Bool(false)) => {
                merged.never = true;
                return false;
            }
            _ => {}
        }
        let document = self.document;
        let Some(node) = document.schema(&place, self.sink) else {
            return false;
        };
        if !self.spend(node.map.len() + node.any.properties.len(), &place) {
            return false;
        }
        walk.way.push(place.clone());
        let mut of_members = None;
        for index in 0..node.any.all_of.len() {
            let member = place.join("allOf").index(index);
            let nullable = self.absorb(merged, &member, walk);
            of_members = Some(of_members.unwrap_or(true) && nullable);
        }
        let types = self.types(&node, &place);
        let null_among_values = node.any.enumeration.contains(&Value::Null);
        let own_nullable = node.data.nullable || null_among_values;
        let says_type = types.is_some() || !node.any.enumeration.is_empty();
        let outer = walk.way.len() == 1;
        self.annotations(merged, &node, outer);
        self.take_types(merged, types, &place, walk.choices);
        merged.take_scalars(&node);
        self.take_values(merged, &node.any.enumeration, &place);
        merged.take_array(&node, &place);
        merged.take_object(&node, &place);
        self.take_unions(merged, &node, &place, walk);
        self.take_not(merged, &node, &place);
        walk.way.pop();
        // What stands beside `allOf` is meant for the whole.
        let nullable = own_nullable || (of_members == Some(true) && !says_type);
        walk.done.insert(place, nullable);
        nullable
    }

    fn annotations(&mut self, merged: &mut Merged, node: &SchemaNode<'_>, outer: bool) {
        merged.read_only |= node.data.read_only;
        merged.write_only |= node.data.write_only;
        if let Some(default) = &node.data.default {
            merged.default = Some(default.clone());
        }
        if outer {
            merged.deprecated |= node.data.deprecated;
            merged.title.clone_from(&node.data.title);
            merged.description.clone_from(&node.data.description);
            merged.rust_name = self.rust_name(node.map);
        }
    }

    /// The types that a schema names; null has been taken out of them.
    fn types(&mut self, node: &SchemaNode<'_>, place: &Pointer) -> Option<Vec<Type>> {
        let names: Vec<&str> = match node.map.get(TYPES).and_then(Value::as_array) {
            Some(several) => several.iter().filter_map(Value::as_str).collect(),
            None => vec![node.any.typ.as_deref()?],
        };
        let mut types = Vec::new();
        for name in names {
            match Type::parse(name) {
                Some(one) if !types.contains(&one) => types.push(one),
                Some(_) => {}
                None => self.unknown_type(name, place),
            }
        }
        // An integer is a number already.
        if types.contains(&Type::Number) {
            types.retain(|one| *one != Type::Integer);
        }
        (!types.is_empty()).then_some(types)
    }

    fn unknown_type(&mut self, name: &str, place: &Pointer) {
        let names = Type::NAMES.iter().map(|(name, _)| *name);
        let help = match (name, nearest(name, names)) {
            ("file", _) => "write `type: string, format: binary`".to_owned(),
            ("any", _) => "leave `type` out where anything is allowed".to_owned(),
            (_, Some(near)) => format!("did you mean `{near}`?"),
            (_, None) => {
                "the types are boolean, integer, number, string, array, object and null".to_owned()
            }
        };
        self.sink.push(
            Diagnostic::error("unknown-type", format!("`{name}` is not a type"))
                .pointer(&place.join("type"))
                .help(help),
        );
    }

    fn take_types(
        &mut self,
        merged: &mut Merged,
        types: Option<Vec<Type>>,
        place: &Pointer,
        choices: &[Choice],
    ) {
        let Some(mut types) = types else { return };
        merged.own_types.clone_from(&types);
        let choice = choices
            .iter()
            .find(|choice| choice.of_types && choice.union == *place);
        if let Some(choice) = choice
            && let Some(one) = types.get(choice.member)
        {
            types = vec![*one];
        }
        let Some(before) = &merged.types else {
            merged.types = Some(types);
            merged.typed_at = Some(place.clone());
            return;
        };
        let both: Vec<Type> = before
            .iter()
            .flat_map(|one| types.iter().filter_map(|two| one.both(*two)))
            .collect();
        if both.is_empty() {
            self.contradiction("the types of its parts exclude each other", place);
            merged.types = Some(types);
        } else {
            merged.types = Some(both);
        }
        merged.typed_at = Some(place.clone());
    }

    fn contradiction(&mut self, message: &str, place: &Pointer) {
        self.sink.push(
            Diagnostic::warning("contradiction", message)
                .pointer(place)
                .help("nothing satisfies it as written; the last one is read"),
        );
    }

    fn take_values(&mut self, merged: &mut Merged, values: &[Value], place: &Pointer) {
        if values.is_empty() {
            return;
        }
        let mut own: Vec<Value> = Vec::with_capacity(values.len());
        let mut seen = std::collections::HashSet::new();
        for value in values {
            if seen.insert(value.to_string()) {
                own.push(value.clone());
            }
        }
        let Some(before) = &merged.values else {
            merged.values = Some(own);
            return;
        };
        let before: std::collections::HashSet<String> =
            before.iter().map(Value::to_string).collect();
        let both: Vec<Value> = own
            .iter()
            .filter(|value| before.contains(&value.to_string()))
            .cloned()
            .collect();
        if both.is_empty() {
            self.contradiction("the values of its parts exclude each other", place);
            merged.values = Some(own);
        } else {
            merged.values = Some(both);
        }
    }

    fn take_unions(
        &mut self,
        merged: &mut Merged,
        node: &SchemaNode<'_>,
        place: &Pointer,
        walk: &mut Absorption<'_>,
    ) {
        let mut discriminator = node
            .data
            .discriminator
            .clone()
            .map(|discriminator| (discriminator, place.join("discriminator")));
        for (kind, key, members) in [
            (UnionKind::OneOf, "oneOf", node.any.one_of.len()),
            (UnionKind::AnyOf, "anyOf", node.any.any_of.len()),
        ] {
            if members == 0 {
                continue;
            }
            let union = place.join(key);
            if let Some(choice) = walk.choices.iter().find(|choice| choice.union == union) {
                discriminator = None;
                if choice.member != Choice::NONE {
                    let member = union.index(choice.member);
                    self.absorb(merged, &member, walk);
                }
                continue;
            }
            merged.unions.push(UnionAt {
                kind,
                place: union,
                members,
                discriminator: discriminator.take(),
            });
        }
        if let Some(loose) = discriminator {
            merged.loose_discriminator = Some(loose);
        }
    }

    fn take_not(&mut self, merged: &mut Merged, node: &SchemaNode<'_>, place: &Pointer) {
        let Some(not) = node.map.get("not") else {
            return;
        };
        if not.as_object().is_some_and(serde_json::Map::is_empty) || *not == Value::Bool(true) {
            merged.never = true;
            return;
        }
        self.sink.push(
            Diagnostic::warning("ignored-keyword", "`not` is not carried over into types")
                .pointer(&place.join("not")),
        );
    }
}
