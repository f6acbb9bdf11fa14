//! `allOf` merged: what several schema objects say together, children still by place.

use super::Lowerer;
use super::merged::{Choice, Merged, Recipe, Type, UnionAt};
use crate::Pointer;
use crate::api::UnionKind;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::document::{self, SchemaNode};
use crate::downgrade::TYPES;
use crate::text::nearest;
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// How deep `allOf` may nest, references counted.
const MAX_NESTING: usize = 40;

/// Schemas that list more than these are typed once; of others that is quicker than to keep them.
const FEW: usize = 32;

/// The state of gathering one recipe.
struct Absorption<'r> {
    /// The members that are taken, by the unions.
    choices: HashMap<(&'r Pointer, bool), usize>,
    /// The schemas that are being gathered, outermost first.
    way: Vec<Pointer>,
    /// The schemas that are gathered, and whether they allow null.
    done: HashMap<Pointer, bool>,
}

impl<'d> Lowerer<'d, '_> {
    /// Gathers what the parts of a recipe say.
    pub(super) fn merged(&mut self, recipe: &Recipe) -> Merged {
        let mut merged = Merged::default();
        let mut nullable = !recipe.parts.is_empty();
        let mut walk = Absorption {
            choices: chosen(&recipe.choices),
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
                Diagnostic::error(codes::REFERENCE_CYCLE, "this schema is a part of itself")
                    .pointer(&place)
                    .help("an `allOf` that leads back to its own schema has no end"),
            );
            // Said once, however many ways lead back.
            walk.done.insert(place, false);
            return false;
        }
        if walk.way.len() >= MAX_NESTING {
            self.sink.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    format!("`allOf` nests more than {MAX_NESTING} deep"),
                )
                .pointer(&place),
            );
            walk.done.insert(place, false);
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
        let weight = self.document.map(&place).map_or(1, document::weight);
        if !self.spend(weight, &place) {
            return false;
        }
        let Some(node) = self.node(&place) else {
            return false;
        };
        let node = node.as_ref();
        walk.way.push(place.clone());
        let mut of_members = None;
        for index in 0..node.any.all_of.len() {
            let member = place.join("allOf").index(index);
            let nullable = self.absorb(merged, &member, walk);
            of_members = Some(of_members.unwrap_or(true) && nullable);
        }
        let types = self.types(node, &place);
        let null_among_values = node.any.enumeration.contains(&Value::Null);
        let own_nullable = node.data.nullable || null_among_values;
        let says_type = types.is_some() || !node.any.enumeration.is_empty();
        let outer = walk.way.len() == 1;
        self.annotations(merged, node, outer);
        self.take_types(merged, types, &place, walk);
        merged.take_scalars(node);
        self.take_values(merged, &node.any.enumeration, &place);
        merged.take_array(node, &place);
        merged.take_object(node, &place);
        self.take_unions(merged, node, &place, walk);
        self.take_not(merged, node, &place);
        walk.way.pop();
        // What stands beside `allOf` is meant for the whole.
        let nullable = own_nullable || (of_members == Some(true) && !says_type);
        walk.done.insert(place, nullable);
        nullable
    }

    /// The schema object at a place, typed.
    fn node(&mut self, place: &Pointer) -> Option<Rc<SchemaNode<'d>>> {
        if let Some(known) = self.nodes.get(place) {
            return Some(Rc::clone(known));
        }
        let document = self.document;
        let node = Rc::new(document.schema(place, self.sink)?);
        let any = &node.any;
        let members = any.one_of.len() + any.any_of.len() + any.all_of.len();
        let names = any.properties.len() + any.required.len() + any.enumeration.len();
        let discriminator = node.discriminator.as_ref();
        let tags = discriminator.map_or(0, |discriminator| discriminator.mapping.len());
        if members + names + tags > FEW {
            self.nodes.insert(place.clone(), Rc::clone(&node));
        }
        Some(node)
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
            Diagnostic::error(codes::UNKNOWN_TYPE, format!("`{name}` is not a type"))
                .pointer(&place.join("type"))
                .help(help),
        );
    }

    fn take_types(
        &mut self,
        merged: &mut Merged,
        types: Option<Vec<Type>>,
        place: &Pointer,
        walk: &Absorption<'_>,
    ) {
        let Some(mut types) = types else { return };
        merged.own_types.clone_from(&types);
        if let Some(member) = walk.choices.get(&(place, true))
            && let Some(one) = types.get(*member)
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
            Diagnostic::warning(codes::CONTRADICTION, message)
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
            if let Some(member) = walk.choices.get(&(&union, false)).copied() {
                discriminator = None;
                if member != Choice::NONE {
                    let member = union.index(member);
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
            Diagnostic::warning(
                codes::IGNORED_KEYWORD,
                "`not` is not carried over into types",
            )
            .pointer(&place.join("not")),
        );
    }
}

/// The members that are taken, by the unions and whether those are lists of types.
fn chosen(choices: &[Choice]) -> HashMap<(&Pointer, bool), usize> {
    let mut chosen = HashMap::with_capacity(choices.len());
    for Choice {
        union,
        member,
        of_types,
    } in choices
    {
        chosen.entry((union, *of_types)).or_insert(*member);
    }
    chosen
}
