//! `allOf` merged: what several schema objects say together, children still by place.

use super::Lowerer;
use crate::Pointer;
use crate::api::{Bounds, UnionKind};
use crate::diagnostic::Diagnostic;
use crate::document::SchemaNode;
use crate::downgrade::TYPES;
use crate::text::nearest;
use indexmap::{IndexMap, IndexSet};
use serde_json::{Number, Value};
use std::collections::HashMap;

/// How deep `allOf` may nest, references counted.
const MAX_NESTING: usize = 100;

/// What a schema is lowered from: the places whose schemas hold all together, and for unions
/// among them the member that is taken. Nearly always one place and no choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Recipe {
    pub(super) parts: Vec<Pointer>,
    pub(super) choices: Vec<Choice>,
}

/// The member that is taken of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Choice {
    /// Where the keyword stands; the place of the schema for a list of types.
    pub(super) union: Pointer,
    pub(super) member: usize,
    /// Whether the members are types.
    pub(super) of_types: bool,
}

impl Choice {
    /// Stands for a union that is passed over.
    pub(super) const NONE: usize = usize::MAX;
}

impl Recipe {
    pub(super) fn of(place: Pointer) -> Self {
        Self {
            parts: vec![place],
            choices: Vec::new(),
        }
    }

    /// The place that a schema of this recipe is said to stand at: the last part, or the last
    /// member chosen.
    pub(super) fn place(&self) -> Pointer {
        match self.choices.last() {
            Some(choice) if choice.of_types => choice.union.clone(),
            Some(choice) if choice.member == Choice::NONE => choice.union.clone(),
            Some(choice) => choice.union.index(choice.member),
            None => self.parts.last().cloned().unwrap_or_default(),
        }
    }
}

/// A value of `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Type {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    const NAMES: [(&'static str, Self); 6] = [
        ("boolean", Self::Boolean),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("string", Self::String),
        ("array", Self::Array),
        ("object", Self::Object),
    ];

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, kind)| *kind)
    }

    /// What both allow.
    fn both(self, other: Self) -> Option<Self> {
        match (self, other) {
            (one, two) if one == two => Some(one),
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Some(Self::Integer),
            _ => None,
        }
    }

    /// The type of a value.
    pub(super) fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        })
    }
}

/// What `additionalProperties` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum More {
    Forbidden,
    Schema(Pointer),
}

/// A `oneOf` or `anyOf`.
#[derive(Clone, Debug)]
pub(super) struct UnionAt {
    pub(super) kind: UnionKind,
    /// Where the keyword stands.
    pub(super) place: Pointer,
    pub(super) members: usize,
    pub(super) discriminator: Option<(openapiv3::Discriminator, Pointer)>,
}

/// What all parts say together.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) types: Option<Vec<Type>>,
    /// Where types were said last.
    pub(super) typed_at: Option<Pointer>,
    /// Which types were said there.
    pub(super) own_types: Vec<Type>,
    pub(super) nullable: bool,
    pub(super) never: bool,
    pub(super) format: Option<String>,
    pub(super) pattern: Option<String>,
    pub(super) min_length: Option<u64>,
    pub(super) max_length: Option<u64>,
    pub(super) bounds: Bounds,
    pub(super) values: Option<Vec<Value>>,
    pub(super) content: Option<(String, Option<Pointer>)>,
    pub(super) items: Vec<Pointer>,
    pub(super) prefix: Option<Vec<Pointer>>,
    pub(super) no_more_items: bool,
    pub(super) min_items: Option<u64>,
    pub(super) max_items: Option<u64>,
    pub(super) unique: bool,
    pub(super) properties: IndexMap<String, Vec<Pointer>>,
    pub(super) required: IndexSet<String>,
    pub(super) more: Option<More>,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,
    pub(super) unions: Vec<UnionAt>,
    pub(super) loose_discriminator: Option<(openapiv3::Discriminator, Pointer)>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) default: Option<Value>,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: bool,
    pub(super) rust_name: Option<String>,
}

impl Merged {
    /// Whether it says something that a union beside it must be merged with; its types apart.
    pub(super) fn is_bare(&self) -> bool {
        self.format.is_none()
            && self.pattern.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
            && self.bounds == Bounds::default()
            && self.values.is_none()
            && self.content.is_none()
            && self.items.is_empty()
            && self.prefix.is_none()
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.more.is_none()
    }
}

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
        take_scalars(merged, &node);
        self.take_values(merged, &node.any.enumeration, &place);
        take_array(merged, &node, &place);
        take_object(merged, &node, &place);
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

fn take_scalars(merged: &mut Merged, node: &SchemaNode<'_>) {
    let any = &node.any;
    if any.format.is_some() {
        merged.format.clone_from(&any.format);
    }
    if any.pattern.is_some() {
        merged.pattern.clone_from(&any.pattern);
    }
    greater(&mut merged.min_length, any.min_length);
    lesser(&mut merged.max_length, any.max_length);
    let number = |key: &str| match node.map.get(key) {
        Some(Value::Number(number)) => Some(number.clone()),
        _ => None,
    };
    let bounds = &mut merged.bounds;
    if let Some(minimum) = number("minimum") {
        let exclusive = any.exclusive_minimum.unwrap_or_default();
        let order = compare(&minimum, bounds.minimum.as_ref());
        if order.is_none_or(|order| order > 0.0 || (order == 0.0 && exclusive)) {
            bounds.minimum = Some(minimum);
            bounds.exclusive_minimum = exclusive;
        }
    }
    if let Some(maximum) = number("maximum") {
        let exclusive = any.exclusive_maximum.unwrap_or_default();
        let order = compare(&maximum, bounds.maximum.as_ref());
        if order.is_none_or(|order| order < 0.0 || (order == 0.0 && exclusive)) {
            bounds.maximum = Some(maximum);
            bounds.exclusive_maximum = exclusive;
        }
    }
    if let Some(multiple) = number("multipleOf") {
        bounds.multiple_of = Some(multiple);
    }
}

/// The difference from the bound before; `None` where there was none.
fn compare(own: &Number, before: Option<&Number>) -> Option<f64> {
    Some(own.as_f64()? - before?.as_f64()?)
}

fn take_array(merged: &mut Merged, node: &SchemaNode<'_>, place: &Pointer) {
    match node.map.get("items") {
        Some(Value::Object(map)) if node.map.contains_key("prefixItems") && is_never(map) => {
            merged.no_more_items = true;
        }
        Some(Value::Object(_)) => merged.items.push(place.join("items")),
        _ => {}
    }
    if let Some(Value::Array(prefix)) = node.map.get("prefixItems") {
        let at = place.join("prefixItems");
        merged.prefix = Some((0..prefix.len()).map(|index| at.index(index)).collect());
    }
    greater(&mut merged.min_items, node.any.min_items);
    lesser(&mut merged.max_items, node.any.max_items);
    merged.unique |= node.any.unique_items.unwrap_or_default();
    if let Some(media_type) = node.map.get("contentMediaType").and_then(Value::as_str) {
        let schema = node
            .map
            .contains_key("contentSchema")
            .then(|| place.join("contentSchema"));
        merged.content = Some((media_type.to_owned(), schema));
    }
}

/// Whether a schema is what `false` was made into.
fn is_never(map: &serde_json::Map<String, Value>) -> bool {
    map.get("not")
        .and_then(Value::as_object)
        .is_some_and(serde_json::Map::is_empty)
}

fn take_object(merged: &mut Merged, node: &SchemaNode<'_>, place: &Pointer) {
    let at = place.join("properties");
    for name in node.any.properties.keys() {
        let places = merged.properties.entry(name.clone()).or_default();
        let own = at.join(name);
        if !places.contains(&own) {
            places.push(own);
        }
    }
    merged.required.extend(node.any.required.iter().cloned());
    match node.map.get("additionalProperties") {
        Some(Value::Bool(false)) => merged.more = Some(More::Forbidden),
        Some(Value::Bool(true) | Value::Object(_)) => {
            merged.more = Some(More::Schema(place.join("additionalProperties")));
        }
        _ => {}
    }
    greater(&mut merged.min_properties, node.any.min_properties);
    lesser(&mut merged.max_properties, node.any.max_properties);
}

fn greater(slot: &mut Option<u64>, own: Option<usize>) {
    if let Some(own) = own {
        let own = own as u64;
        *slot = Some(slot.map_or(own, |before| before.max(own)));
    }
}

fn lesser(slot: &mut Option<u64>, own: Option<usize>) {
    if let Some(own) = own {
        let own = own as u64;
        *slot = Some(slot.map_or(own, |before| before.min(own)));
    }
}
