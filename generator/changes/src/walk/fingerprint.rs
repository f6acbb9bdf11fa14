//! Fingerprints: schemas that allow the same have the same, whatever they are called.

use plumbline_specs::api::{
    Additional, Api, Bounds, Discriminator, Kind, Schema, SchemaId, Schemas,
};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many levels of children a fingerprint covers.
const ROUNDS: usize = 6;

/// The fingerprints of all schemas of an API.
#[derive(Debug)]
pub(crate) struct Fingerprints(Vec<u64>);

impl Fingerprints {
    pub(crate) fn of(api: &Api) -> Self {
        let schemas = &api.schemas;
        let own: Vec<u64> = schemas.iter().map(|(_, schema)| alone(schema)).collect();
        let children: Vec<Vec<SchemaId>> = schemas
            .iter()
            .map(|(id, _)| children(schemas, schemas.resolve(id)))
            .collect();
        let mut fingerprints: Vec<u64> = schemas
            .iter()
            .map(|(id, schema)| {
                let mut hasher = DefaultHasher::new();
                at(&own, schemas.resolve(id)).hash(&mut hasher);
                nullable(schemas, schema).hash(&mut hasher);
                hasher.finish()
            })
            .collect();
        for _ in 0..ROUNDS {
            fingerprints = fingerprints
                .iter()
                .zip(&children)
                .map(|(fingerprint, children)| {
                    if children.is_empty() {
                        return *fingerprint;
                    }
                    let mut hasher = DefaultHasher::new();
                    fingerprint.hash(&mut hasher);
                    for child in children {
                        at(&fingerprints, *child).hash(&mut hasher);
                    }
                    hasher.finish()
                })
                .collect();
        }
        Self(fingerprints)
    }

    pub(crate) fn get(&self, id: SchemaId) -> u64 {
        at(&self.0, id)
    }
}

fn at(fingerprints: &[u64], id: SchemaId) -> u64 {
    fingerprints.get(id.0 as usize).copied().unwrap_or_default()
}

/// Whether null is allowed by a schema or by what it stands for.
pub(crate) fn nullable(schemas: &Schemas, schema: &Schema) -> bool {
    let mut at = schema;
    for _ in 0..=schemas.len() {
        if at.nullable {
            return true;
        }
        let Kind::Alias(target) = &at.kind else {
            return false;
        };
        at = &schemas[*target];
    }
    false
}

/// Every schema that a schema holds itself.
pub(crate) fn children(schemas: &Schemas, id: SchemaId) -> Vec<SchemaId> {
    match &schemas[id].kind {
        Kind::Alias(target) => vec![*target],
        Kind::String {
            content: Some(content),
            ..
        } => content.schema.into_iter().collect(),
        Kind::Array { items, .. } => vec![*items],
        Kind::Tuple { items, rest } => items.iter().chain(rest).copied().collect(),
        Kind::Object {
            properties,
            additional,
            ..
        } => {
            let more = match additional {
                Additional::Allowed(schema) => Some(*schema),
                Additional::Unspecified | Additional::Forbidden => None,
            };
            // In the order of names: the order of properties means nothing.
            let mut named: Vec<_> = properties.iter().collect();
            named.sort_unstable_by_key(|(name, _)| *name);
            let own = named.into_iter().map(|(_, property)| property.schema);
            own.chain(more).collect()
        }
        Kind::Union { variants, .. } => variants.iter().map(|variant| variant.schema).collect(),
        _ => Vec::new(),
    }
}

fn alone(schema: &Schema) -> u64 {
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(&schema.kind).hash(&mut hasher);
    match &schema.kind {
        Kind::Any | Kind::Never | Kind::Null | Kind::Alias(_) => {}
        Kind::Boolean { values } => values.hash(&mut hasher),
        Kind::Integer {
            format,
            bounds,
            values,
        }
        | Kind::Number {
            format,
            bounds,
            values,
        } => {
            format.hash(&mut hasher);
            hash_bounds(bounds, &mut hasher);
            for value in values.iter().flatten() {
                value.to_string().hash(&mut hasher);
            }
        }
        Kind::String {
            format,
            pattern,
            min_length,
            max_length,
            values,
            content,
        } => {
            (format, pattern, min_length, max_length, values).hash(&mut hasher);
            let media_type = content.as_ref().map(|content| &content.media_type);
            media_type.hash(&mut hasher);
        }
        Kind::Array {
            min_items,
            max_items,
            unique,
            ..
        } => (min_items, max_items, unique).hash(&mut hasher),
        Kind::Tuple { items, rest } => (items.len(), rest.is_some()).hash(&mut hasher),
        Kind::Object {
            properties,
            additional,
            min_properties,
            max_properties,
        } => {
            let mut names: Vec<_> = properties
                .iter()
                .map(|(name, property)| (name, property.required))
                .collect();
            names.sort_unstable();
            names.hash(&mut hasher);
            std::mem::discriminant(additional).hash(&mut hasher);
            (min_properties, max_properties).hash(&mut hasher);
        }
        Kind::Union {
            variants,
            discriminator,
            ..
        } => {
            for variant in variants {
                variant.tags.hash(&mut hasher);
            }
            let property = discriminator
                .as_ref()
                .map(|Discriminator { property }| property);
            property.hash(&mut hasher);
        }
        Kind::Mixed { values } => {
            for value in values {
                value.to_string().hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

fn hash_bounds(bounds: &Bounds, hasher: &mut DefaultHasher) {
    for number in [&bounds.minimum, &bounds.maximum, &bounds.multiple_of] {
        number.as_ref().map(ToString::to_string).hash(hasher);
    }
    (bounds.exclusive_minimum, bounds.exclusive_maximum).hash(hasher);
}
