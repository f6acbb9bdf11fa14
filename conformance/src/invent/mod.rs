//! Values invented from schemas: valid, plausible, and the same for the same seed.

pub mod audit;
mod chance;
mod height;
pub mod invalid;
mod pattern;
mod text;

use crate::Direction;
use chance::Chance;
use plumbline_specs::api::{
    Additional, Api, Bounds, Discriminator, Kind, Property, Schema, SchemaId, Variant,
};
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::OnceLock;

/// From here on what is optional is left out, so that a recursive schema comes to an end.
const SOFT: usize = 5;

/// A schema that demands itself has no value; what stands here then is null.
const HARD: usize = 40;

/// How large one value may become: its texts in bytes, and [`NODE`] for each of its nodes.
const ROOM: usize = 1 << 20;

/// What a node counts beside its text.
const NODE: usize = 48;

/// What one value is made with.
struct Making {
    chance: Chance,
    /// What is left of [`ROOM`]. Bounds of a document that multiply, a thousand items of a thousand
    /// items or an object that demands two of itself, use it up; from there on values are null.
    room: usize,
}

impl Making {
    fn new(seed: u64, index: u64) -> Self {
        Self {
            chance: Chance::new(seed, index),
            room: ROOM,
        }
    }

    /// Takes some of the room; false, and nothing is left, where there is not as much.
    fn spend(&mut self, size: usize) -> bool {
        let left = self.room.checked_sub(size);
        self.room = left.unwrap_or(0);
        left.is_some()
    }

    /// A text as a value.
    fn text(&mut self, text: String) -> Value {
        if self.spend(text.len()) {
            Value::String(text)
        } else {
            Value::Null
        }
    }
}

/// A valid value of a schema, everything optional present.
///
/// The same arguments always give the same value.
pub fn value(api: &Api, schema: SchemaId, seed: u64, direction: Direction) -> Value {
    Inventor::new(api, direction).seed(seed).value(schema)
}

/// Whether a schema allows only values that it lists, so that any of them is as good as known.
pub fn has_few_values(api: &Api, schema: SchemaId) -> bool {
    match &api.schemas[api.schemas.resolve(schema)].kind {
        Kind::String { values, .. } => values.is_some(),
        Kind::Integer { values, .. } | Kind::Number { values, .. } => values.is_some(),
        Kind::Boolean { .. } | Kind::Mixed { .. } | Kind::Null => true,
        _ => false,
    }
}

/// What becomes of optional members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Optional {
    Present,
    Absent,
    /// As the seed has it; a nullable one is null at times.
    Mixed,
}

/// Makes values of an Api's schemas.
#[derive(Debug)]
pub struct Inventor<'a> {
    api: &'a Api,
    direction: Direction,
    seed: u64,
    index: u64,
    optional: Optional,
    variant: Option<usize>,
    document: Option<&'a Value>,
    heights: OnceLock<HashMap<SchemaId, usize>>,
}

impl<'a> Inventor<'a> {
    /// An inventor with seed 0, everything optional present.
    pub fn new(api: &'a Api, direction: Direction) -> Self {
        Self {
            api,
            direction,
            seed: 0,
            index: 0,
            optional: Optional::Present,
            variant: None,
            document: None,
            heights: OnceLock::new(),
        }
    }

    /// With the document that the Api was read from, where `propertyNames` stands, which the Api
    /// leaves out: only then are members invented that a schema allows but does not name.
    #[must_use]
    pub fn document(mut self, raw: &'a Value) -> Self {
        self.document = Some(raw);
        self
    }

    /// Another seed gives other values.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The number of the item in its collection: later ones have later dates and ids.
    #[must_use]
    pub fn index(mut self, index: u64) -> Self {
        self.index = index;
        self
    }

    /// Leaves everything optional out.
    #[must_use]
    pub fn required_only(mut self) -> Self {
        self.optional = Optional::Absent;
        self
    }

    /// Leaves what is optional out, or null, as the seed has it.
    #[must_use]
    pub fn mixed(mut self) -> Self {
        self.optional = Optional::Mixed;
        self
    }

    /// Takes this member of every union instead of the seed's choice (counted round).
    #[must_use]
    pub fn variant(mut self, variant: usize) -> Self {
        self.variant = Some(variant);
        self
    }

    /// A valid value of the schema, as far as it has one and its pattern can be followed.
    pub fn value(&self, schema: SchemaId) -> Value {
        let mut making = Making::new(self.seed, self.index);
        self.make(schema, "", 0, &mut making)
    }

    /// The value for a member of that name: names, dates and ids are made to look like it.
    pub fn named(&self, name: &str, schema: SchemaId) -> Value {
        let mut making = Making::new(self.seed ^ chance::hash(name), self.index);
        self.make(schema, name, 0, &mut making)
    }

    fn make(&self, id: SchemaId, name: &str, depth: usize, making: &mut Making) -> Value {
        let nullable = self.api.schemas[id].nullable;
        let id = self.api.schemas.resolve(id);
        let schema = &self.api.schemas[id];
        let nullable = nullable || schema.nullable;
        if depth > HARD || !making.spend(NODE) {
            return Value::Null;
        }
        let deep = depth > SOFT && !matches!(schema.kind, Kind::String { .. });
        let at_random = self.optional == Optional::Mixed && depth > 0 && making.chance.one_in(6);
        if nullable && (deep || at_random) {
            return Value::Null;
        }
        match &schema.kind {
            Kind::Any => Value::String(text::words(&mut making.chance, 2)),
            Kind::Never | Kind::Null | Kind::Alias(_) => Value::Null,
            Kind::Boolean { values } => match values {
                Some(values) => making
                    .chance
                    .pick(values)
                    .copied()
                    .unwrap_or_default()
                    .into(),
                None => making.chance.one_in(2).into(),
            },
            Kind::Integer {
                bounds,
                values,
                format,
            } => match values {
                Some(values) => number(making.chance.pick(values)),
                None => integer(bounds, format.as_deref(), &mut making.chance),
            },
            Kind::Number { bounds, values, .. } => match values {
                Some(values) => number(making.chance.pick(values)),
                None => real(bounds, &mut making.chance),
            },
            Kind::String {
                values: Some(values),
                ..
            } => {
                let chosen = making.chance.pick(values).cloned();
                making.text(chosen.unwrap_or_default())
            }
            Kind::String {
                content: Some(content),
                ..
            } => {
                let inner = content.schema.map_or_else(
                    || Value::Array(Vec::new()),
                    |schema| self.make(schema, name, depth + 1, making),
                );
                making.text(inner.to_string())
            }
            Kind::String {
                format,
                pattern,
                min_length,
                max_length,
                ..
            } => {
                let ask = text::TextHint {
                    name,
                    format: format.as_deref(),
                    pattern: pattern.as_deref(),
                    least: *min_length,
                    most: *max_length,
                    index: self.index,
                };
                let text = text::string(&ask, &mut making.chance);
                making.text(text)
            }
            Kind::Array {
                items,
                min_items,
                max_items,
                unique,
            } => self.array(
                *items,
                (*min_items, *max_items, *unique),
                name,
                depth,
                making,
            ),
            Kind::Tuple { items, .. } => items
                .iter()
                .map(|item| self.make(*item, name, depth + 1, making))
                .collect(),
            Kind::Object { .. } => self.object(schema, depth, making),
            Kind::Union {
                variants,
                discriminator,
                ..
            } => self.union(variants, discriminator.as_ref(), name, depth, making),
            Kind::Mixed { values } => match making.chance.pick(values) {
                Some(value) if making.spend(value.to_string().len()) => value.clone(),
                _ => Value::Null,
            },
        }
    }

    fn array(
        &self,
        items: SchemaId,
        (least, most, unique): (Option<u64>, Option<u64>, bool),
        name: &str,
        depth: usize,
        making: &mut Making,
    ) -> Value {
        let least = usize::try_from(least.unwrap_or(0))
            .unwrap_or(usize::MAX)
            .min(1000);
        let most = usize::try_from(most.unwrap_or(3))
            .unwrap_or(usize::MAX)
            .max(least);
        let wanted = match self.optional {
            _ if depth > SOFT => least,
            Optional::Absent => least,
            Optional::Present => 2.clamp(least, most),
            Optional::Mixed => making.chance.below(4).clamp(least, most),
        };
        let singular = name.strip_suffix('s').unwrap_or(name);
        let mut found: Vec<Value> = Vec::new();
        // A list of three colours has no fourth: the tries are bounded.
        for _ in 0..wanted.saturating_mul(8) {
            if found.len() == wanted || making.room == 0 {
                break;
            }
            let item = self.make(items, singular, depth + 1, making);
            if !unique || !found.contains(&item) {
                found.push(item);
            }
        }
        Value::Array(found)
    }

    fn object(&self, schema: &Schema, depth: usize, making: &mut Making) -> Value {
        let Kind::Object {
            properties,
            additional,
            min_properties,
            max_properties,
        } = &schema.kind
        else {
            return Value::Null;
        };
        let least = usize::try_from(min_properties.unwrap_or(0))
            .unwrap_or(0)
            .min(100);
        let most = max_properties.map_or(usize::MAX, |most| {
            usize::try_from(most).unwrap_or(usize::MAX)
        });
        let mut required = 0;
        let chosen: Vec<(&String, &Property)> = properties
            .iter()
            .filter(|(_, property)| self.schema_usage(property.schema))
            .filter(|(_, property)| {
                required += usize::from(property.required);
                property.required
                    || match self.optional {
                        _ if depth > SOFT => false,
                        Optional::Present => true,
                        Optional::Absent => false,
                        Optional::Mixed => !making.chance.one_in(4),
                    }
            })
            .collect();
        let mut spare = most.saturating_sub(required);
        let mut members = Map::new();
        for (name, property) in chosen {
            if !property.required {
                if spare == 0 {
                    continue;
                }
                spare -= 1;
            }
            if !making.spend(name.len()) {
                break;
            }
            members.insert(
                name.clone(),
                self.make(property.schema, name, depth + 1, making),
            );
        }
        for (name, property) in properties {
            if members.len() >= least {
                break;
            }
            if !members.contains_key(name) && self.schema_usage(property.schema) {
                if !making.spend(name.len()) {
                    break;
                }
                members.insert(
                    name.clone(),
                    self.make(property.schema, name, depth + 1, making),
                );
            }
        }
        let extra = match additional {
            Additional::Allowed(schema) => Some(*schema),
            Additional::Unspecified | Additional::Forbidden => None,
        };
        let generous = properties.is_empty()
            && extra.is_some()
            && self.document.is_some()
            && depth <= SOFT
            && self.optional != Optional::Absent
            && most > 0;
        let wanted = least.max(usize::from(generous));
        let names = self.names(schema);
        let mut number = 0;
        while members.len() < wanted && number < 200 && *additional != Additional::Forbidden {
            number += 1;
            let Some(name) = self.extra_name(names, number, making) else {
                break;
            };
            if !making.spend(name.len()) {
                break;
            }
            let value = match extra {
                Some(schema) => self.make(schema, &name, depth + 1, making),
                None => Value::String(text::words(&mut making.chance, 2)),
            };
            members.insert(name, value);
        }
        Value::Object(members)
    }

    /// `propertyNames`, its references followed.
    fn names(&self, schema: &Schema) -> Option<&'a Value> {
        let document = self.document?;
        let mut names = document.pointer(&format!("{}/propertyNames", schema.place))?;
        for _ in 0..8 {
            let reference = names
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| reference.strip_prefix('#'));
            match reference {
                Some(pointer) => names = document.pointer(pointer)?,
                None => break,
            }
        }
        Some(names)
    }

    /// The name of a member that the schema does not name, the `number`th from 1; `None` when
    /// all are used up.
    fn extra_name(
        &self,
        names: Option<&Value>,
        number: usize,
        making: &mut Making,
    ) -> Option<String> {
        let Some(names) = names else {
            return Some(format!("{}_{number}", text::words(&mut making.chance, 1)));
        };
        if let Some(listed) = names.get("enum").and_then(Value::as_array) {
            return listed.get(number - 1)?.as_str().map(str::to_owned);
        }
        let word = |keyword: &str| names.get(keyword).and_then(Value::as_str);
        let length = |keyword: &str| names.get(keyword).and_then(Value::as_u64);
        let ask = text::TextHint {
            name: "",
            format: word("format"),
            pattern: word("pattern"),
            least: length("minLength"),
            most: length("maxLength"),
            index: self.index,
        };
        Some(text::string(&ask, &mut making.chance))
    }

    /// Whether a property goes this way at all.
    fn schema_usage(&self, id: SchemaId) -> bool {
        let own = &self.api.schemas[id];
        let target = &self.api.schemas[self.api.schemas.resolve(id)];
        match self.direction {
            Direction::Request => !own.read_only && !target.read_only,
            Direction::Response => !own.write_only && !target.write_only,
        }
    }

    fn union(
        &self,
        variants: &[Variant],
        discriminator: Option<&Discriminator>,
        name: &str,
        depth: usize,
        making: &mut Making,
    ) -> Value {
        let variant = if depth > SOFT {
            variants
                .iter()
                .min_by_key(|variant| self.height(variant.schema))
        } else if let Some(index) = self.variant {
            index
                .checked_rem(variants.len())
                .and_then(|index| variants.get(index))
        } else {
            making.chance.pick(variants)
        };
        let Some(variant) = variant else {
            return Value::Null;
        };
        let mut value = self.make(variant.schema, name, depth + 1, making);
        if let (Some(discriminator), Some(tag), Value::Object(members)) =
            (discriminator, variant.tags.first(), &mut value)
        {
            let fits = members
                .get(&discriminator.property)
                .and_then(Value::as_str)
                .is_some_and(|own| variant.tags.iter().any(|tag| tag == own));
            if !fits {
                members.insert(discriminator.property.clone(), Value::String(tag.clone()));
            }
        }
        value
    }

    /// How deep a schema's least value goes; `usize::MAX` where it has no end.
    fn height(&self, id: SchemaId) -> usize {
        self.heights
            .get_or_init(|| height::heights(self.api))
            .get(&id)
            .copied()
            .unwrap_or(usize::MAX)
    }
}

fn number(value: Option<&Number>) -> Value {
    value.cloned().map_or(Value::Null, Value::Number)
}

/// A bound as an integer, rounded into the range.
fn whole(bound: Option<&Number>, up: bool) -> Option<i64> {
    let bound = bound?;
    bound.as_i64().or_else(|| {
        let bound = bound.as_f64()?;
        let rounded = if up { bound.ceil() } else { bound.floor() };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast from float saturates"
        )]
        let rounded = rounded as i64;
        Some(rounded)
    })
}

fn integer(bounds: &Bounds, format: Option<&str>, chance: &mut Chance) -> Value {
    let limit = if format == Some("int32") {
        i64::from(i32::MAX)
    } else {
        i64::MAX
    };
    let least = whole(bounds.minimum.as_ref(), true)
        .map(|least| least.saturating_add(i64::from(bounds.exclusive_minimum)));
    let most = whole(bounds.maximum.as_ref(), false)
        .map(|most| most.saturating_sub(i64::from(bounds.exclusive_maximum)));
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most.max(least)),
        (Some(least), None) => (least, least.saturating_add(100).min(limit)),
        (None, Some(most)) => (most.saturating_sub(100).max(0).min(most), most),
        (None, None) => (0, 100),
    };
    let span = most.saturating_sub(least).saturating_add(1).max(1);
    let step = whole(bounds.multiple_of.as_ref(), true).filter(|step| *step > 0);
    let drawn = least.saturating_add(chance.within(span.min(1_000)));
    let value = match step {
        None => drawn,
        Some(step) => {
            let over = drawn.rem_euclid(step);
            let down = drawn.saturating_sub(over);
            if down >= least {
                down
            } else {
                down.saturating_add(step)
            }
        }
    };
    Value::from(value)
}

fn real(bounds: &Bounds, chance: &mut Chance) -> Value {
    let least = bounds.minimum.as_ref().and_then(Number::as_f64);
    let most = bounds.maximum.as_ref().and_then(Number::as_f64);
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + 1.0),
        (None, Some(most)) => (most - 1.0, most),
        (None, None) => (0.0, 1.0),
    };
    // Thousandths away from both ends, so that an exclusive bound is kept too.
    #[expect(clippy::cast_precision_loss, reason = "below a thousand")]
    let part = (1 + chance.within(998)) as f64 / 1000.0;
    let mut value = least + (most - least) * part;
    if let Some(step) = bounds.multiple_of.as_ref().and_then(Number::as_f64)
        && step > 0.0
    {
        value = (value / step).floor() * step;
        if value < least || (bounds.exclusive_minimum && value <= least) {
            value += step;
        }
    } else if most - least >= 0.01 {
        value = (value * 1e6).round() / 1e6;
    }
    Number::from_f64(value).map_or(Value::from(0), Value::Number)
}
