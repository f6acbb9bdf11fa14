//! Types of both plans, side by side: which name of one is which of the other.

use super::Planned;
use crate::walk::graph::Walk;
use plumbline_generator::rust::{Item, Module, Payload, Presence, Ty};
use plumbline_specs::Pointer;
use std::collections::{HashMap, HashSet};

/// Which place of the old document is which of the new one.
pub(super) struct Pairs {
    to_new: HashMap<Pointer, Vec<Pointer>>,
    to_old: HashMap<Pointer, Vec<Pointer>>,
}

impl Pairs {
    pub(super) fn of(walk: &Walk<'_>) -> Self {
        let mut to_new: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        let mut to_old: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        let mut seen = HashSet::new();
        for (old, new) in walk.shapes() {
            if seen.insert((old, new)) {
                let place = walk.new.schemas[new].place.clone();
                let old = walk.old.schemas[old].place.clone();
                let places = to_new.entry(old.clone()).or_default();
                if !places.contains(&place) {
                    places.push(place.clone());
                    to_old.entry(place).or_default().push(old);
                }
            }
        }
        Self { to_new, to_old }
    }

    pub(super) fn are_one(&self, old: &Pointer, new: &Pointer) -> bool {
        self.to_new
            .get(old)
            .is_some_and(|places| places.contains(new))
    }

    pub(super) fn partners_of_new(&self, new: &Pointer) -> &[Pointer] {
        self.to_old.get(new).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn partners(&self, old: &Pointer) -> &[Pointer] {
        self.to_new.get(old).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The types of both modules by name, and what became of each.
pub(super) struct Names<'m> {
    pub(super) old: HashMap<&'m str, &'m Item>,
    pub(super) new: HashMap<&'m str, &'m Item>,
    /// Old names with their new ones, the same or others.
    pub(super) matched: HashMap<&'m str, &'m str>,
}

impl<'m> Names<'m> {
    pub(super) fn new(old: &'m Planned<'_>, new: &'m Planned<'_>) -> Self {
        let by_name = |module: &'m Module| module.items.iter().map(|item| (item.name(), item));
        Self {
            old: by_name(&old.module).collect(),
            new: by_name(&new.module).collect(),
            matched: HashMap::new(),
        }
    }

    /// Whether two types are one for those who use them.
    pub(super) fn same(&self, old: &Ty, new: &Ty) -> bool {
        match (old, new) {
            (Ty::Named(one), Ty::Named(other)) => self.same_name(one, other),
            (Ty::List(one), Ty::List(other))
            | (Ty::Map(one), Ty::Map(other))
            | (Ty::Option(one), Ty::Option(other))
            | (Ty::Boxed(one), Ty::Boxed(other)) => self.same(one, other),
            (Ty::Tuple(one), Ty::Tuple(other)) => {
                let mut both = one.iter().zip(other);
                one.len() == other.len() && both.all(|(one, other)| self.same(one, other))
            }
            (Ty::Named(one), other) => match target(&self.old, one) {
                Some(target) => self.same(target, other),
                None => false,
            },
            (one, Ty::Named(other)) => match target(&self.new, other) {
                Some(target) => self.same(one, target),
                None => false,
            },
            (one, other) => one == other,
        }
    }

    /// Whether two types differ in the names of types alone that hold the same.
    pub(super) fn alike(&self, old: &Ty, new: &Ty) -> bool {
        match (old, new) {
            (Ty::Named(one), Ty::Named(other)) => {
                let one = resolved(&self.old, one);
                let other = resolved(&self.new, other);
                one.zip(other)
                    .is_some_and(|(one, other)| members(one) == members(other))
            }
            (Ty::List(one), Ty::List(other))
            | (Ty::Map(one), Ty::Map(other))
            | (Ty::Option(one), Ty::Option(other))
            | (Ty::Boxed(one), Ty::Boxed(other)) => self.alike(one, other),
            (one, other) => self.same(one, other),
        }
    }

    fn same_name(&self, old: &str, new: &str) -> bool {
        if old == new || self.matched.get(old) == Some(&new) {
            return true;
        }
        match (target(&self.old, old), target(&self.new, new)) {
            (Some(one), Some(other)) => self.same(one, other),
            (Some(one), None) => self.same(one, &Ty::Named(new.to_owned())),
            (None, Some(other)) => self.same(&Ty::Named(old.to_owned()), other),
            (None, None) => false,
        }
    }
}

/// What a name is another name for.
fn target<'m>(items: &HashMap<&str, &'m Item>, name: &str) -> Option<&'m Ty> {
    match items.get(name) {
        Some(Item::Alias(alias)) => Some(&alias.ty),
        _ => None,
    }
}

/// The type that a name stands for in the end.
pub(super) fn resolved<'m>(items: &HashMap<&str, &'m Item>, name: &str) -> Option<&'m Item> {
    let mut item = *items.get(name)?;
    for _ in 0..items.len() {
        let Item::Alias(alias) = item else {
            return Some(item);
        };
        let Ty::Named(name) = &alias.ty else {
            return Some(item);
        };
        item = *items.get(name.as_str())?;
    }
    None
}

/// The names of a type's fields or variants.
fn members(item: &Item) -> Vec<&str> {
    match item {
        Item::Struct(item) => item
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect(),
        Item::OpenEnum(item) => item
            .variants
            .iter()
            .map(|variant| variant.wire.as_str())
            .collect(),
        Item::Union(item) => item
            .variants
            .iter()
            .map(|variant| variant.name.as_str())
            .collect(),
        Item::Alias(_) => Vec::new(),
    }
}

/// A type as Rust writes it, without paths.
pub(super) fn show(ty: &Ty) -> String {
    let plain = match ty {
        Ty::Unit => "()",
        Ty::Bool => "bool",
        Ty::I32 => "i32",
        Ty::I64 => "i64",
        Ty::U64 => "u64",
        Ty::F64 => "f64",
        Ty::Number => "Number",
        Ty::String => "String",
        Ty::Uuid => "Uuid",
        Ty::DateTime => "DateTime",
        Ty::Date => "NaiveDate",
        Ty::Base64 => "Base64",
        Ty::Bytes => "Vec<u8>",
        Ty::Upload => "Upload",
        Ty::Json => "Value",
        Ty::JsonObject => "Map<String, Value>",
        Ty::Constant(name) | Ty::Named(name) => name,
        Ty::List(ty) => return format!("Vec<{}>", show(ty)),
        Ty::Map(ty) => return format!("BTreeMap<String, {}>", show(ty)),
        Ty::Option(ty) => return format!("Option<{}>", show(ty)),
        Ty::Boxed(ty) => return format!("Box<{}>", show(ty)),
        Ty::Tuple(types) if types.len() == 1 => {
            return format!("({},)", types.first().map(show).unwrap_or_default());
        }
        Ty::Tuple(types) => {
            let types: Vec<String> = types.iter().map(show).collect();
            return format!("({})", types.join(", "));
        }
    };
    plain.to_owned()
}

/// What a property's presence makes of its type: a wrapper, told apart by name.
pub(super) fn wrapper(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Required | Presence::Defaulted => None,
        Presence::Nullable | Presence::Optional => Some("Option"),
        Presence::Field => Some("Field"),
    }
}

/// A property's type with what its presence adds.
pub(super) fn show_present(ty: &Ty, presence: Presence) -> String {
    match wrapper(presence) {
        Some(wrapper) => format!("{wrapper}<{}>", show(ty)),
        None => show(ty),
    }
}

/// What an answer holds, as a type.
pub(super) fn show_payload(payload: &Payload) -> String {
    match payload {
        Payload::Empty => "()".to_owned(),
        Payload::Json(ty) => show(ty),
        Payload::JsonOrText(ty) => format!("OrText<{}>", show(ty)),
        Payload::Text => "String".to_owned(),
        Payload::Bytes => "Vec<u8>".to_owned(),
        Payload::Records { item, .. } => format!("Records<{}>", show(item)),
    }
}

impl Names<'_> {
    /// Whether two answers hold the same for those who use them.
    pub(super) fn same_payload(&self, old: &Payload, new: &Payload) -> bool {
        match (old, new) {
            (Payload::Json(one), Payload::Json(other))
            | (Payload::JsonOrText(one), Payload::JsonOrText(other)) => self.same(one, other),
            (
                Payload::Records { item, error, .. },
                Payload::Records {
                    item: new_item,
                    error: new_error,
                    ..
                },
            ) => {
                let errors = match (error, new_error) {
                    (Some(one), Some(other)) => self.same(one, other),
                    (None, None) => true,
                    _ => false,
                };
                errors && self.same(item, new_item)
            }
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}
