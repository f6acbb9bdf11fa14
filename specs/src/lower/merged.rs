//! What several schema objects say together, children still by place.

use crate::Pointer;
use crate::api::{Bounds, UnionKind};
use crate::document::SchemaNode;
use indexmap::{IndexMap, IndexSet};
use serde_json::{Number, Value};
use std::rc::Rc;

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
    pub(super) const NAMES: [(&'static str, Self); 6] = [
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
    pub(super) fn both(self, other: Self) -> Option<Self> {
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
    pub(super) discriminator: Option<(Rc<openapiv3::Discriminator>, Pointer)>,
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
    pub(super) properties: IndexMap<String, IndexSet<Pointer>>,
    pub(super) required: IndexSet<String>,
    pub(super) more: Option<More>,
    pub(super) min_properties: Option<u64>,
    pub(super) max_properties: Option<u64>,
    pub(super) unions: Vec<UnionAt>,
    pub(super) loose_discriminator: Option<(Rc<openapiv3::Discriminator>, Pointer)>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) default: Option<Value>,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: bool,
    pub(super) rust_name: Option<String>,
}

impl Merged {
    /// Adds what holds for strings and numbers.
    pub(super) fn take_scalars(&mut self, node: &SchemaNode<'_>) {
        let any = &node.any;
        if any.format.is_some() {
            self.format.clone_from(&any.format);
        }
        if any.pattern.is_some() {
            self.pattern.clone_from(&any.pattern);
        }
        greater(&mut self.min_length, any.min_length);
        lesser(&mut self.max_length, any.max_length);
        let number = |key: &str| match node.map.get(key) {
            Some(Value::Number(number)) => Some(number.clone()),
            _ => None,
        };
        let bounds = &mut self.bounds;
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

    /// Adds what holds for arrays, and for documents within strings.
    pub(super) fn take_array(&mut self, node: &SchemaNode<'_>, place: &Pointer) {
        match node.map.get("items") {
            Some(Value::Object(map)) if node.map.contains_key("prefixItems") && is_never(map) => {
                self.no_more_items = true;
            }
            Some(Value::Object(_)) => self.items.push(place.join("items")),
            _ => {}
        }
        if let Some(Value::Array(prefix)) = node.map.get("prefixItems") {
            let at = place.join("prefixItems");
            self.prefix = Some((0..prefix.len()).map(|index| at.index(index)).collect());
        }
        greater(&mut self.min_items, node.any.min_items);
        lesser(&mut self.max_items, node.any.max_items);
        self.unique |= node.any.unique_items.unwrap_or_default();
        if let Some(media_type) = node.map.get("contentMediaType").and_then(Value::as_str) {
            let schema = node
                .map
                .contains_key("contentSchema")
                .then(|| place.join("contentSchema"));
            self.content = Some((media_type.to_owned(), schema));
        }
    }

    /// Adds what holds for objects.
    pub(super) fn take_object(&mut self, node: &SchemaNode<'_>, place: &Pointer) {
        let at = place.join("properties");
        for name in node.any.properties.keys() {
            let places = self.properties.entry(name.clone()).or_default();
            places.insert(at.join(name));
        }
        self.required.extend(node.any.required.iter().cloned());
        match node.map.get("additionalProperties") {
            Some(Value::Bool(false)) => self.more = Some(More::Forbidden),
            Some(Value::Bool(true) | Value::Object(_)) => {
                self.more = Some(More::Schema(place.join("additionalProperties")));
            }
            _ => {}
        }
        greater(&mut self.min_properties, node.any.min_properties);
        lesser(&mut self.max_properties, node.any.max_properties);
    }

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
            && self.min_items.is_none()
            && self.max_items.is_none()
            && !self.unique
            && self.min_properties.is_none()
            && self.max_properties.is_none()
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.more.is_none()
    }
}

/// The difference from the bound before; `None` where there was none.
fn compare(own: &Number, before: Option<&Number>) -> Option<f64> {
    Some(own.as_f64()? - before?.as_f64()?)
}

/// Whether a schema is what `false` was made into.
fn is_never(map: &serde_json::Map<String, Value>) -> bool {
    map.get("not")
        .and_then(Value::as_object)
        .is_some_and(serde_json::Map::is_empty)
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
