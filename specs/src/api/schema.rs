//! Schemas: an arena of them, so that a cycle is an id met again.

use crate::Pointer;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Number, Value};
use std::ops::Index;

/// A schema's place in [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct SchemaId(pub u32);

/// All schemas of an [`Api`](super::Api).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Schemas(Vec<Schema>);

impl Schemas {
    /// Adds a schema and gives its id.
    pub fn push(&mut self, schema: Schema) -> SchemaId {
        self.0.push(schema);
        // An arena of four thousand million schemas does not fit in memory.
        SchemaId(u32::try_from(self.0.len().saturating_sub(1)).unwrap_or(u32::MAX))
    }

    /// Puts a schema in the place of another, for one that was reserved before its contents
    /// were known. An id that is not in the arena changes nothing.
    pub fn replace(&mut self, id: SchemaId, schema: Schema) {
        if let Some(slot) = self.0.get_mut(id.0 as usize) {
            *slot = schema;
        }
    }

    /// The ids and the schemas, in order.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        (0u32..).map(SchemaId).zip(&self.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Follows [`Kind::Alias`] to the schema that has contents. Lowering breaks cycles of
    /// aliases alone, so this ends.
    pub fn resolve(&self, mut id: SchemaId) -> SchemaId {
        for _ in 0..=self.0.len() {
            match &self[id].kind {
                Kind::Alias(target) => id = *target,
                _ => break,
            }
        }
        id
    }

    /// The schema of the value at a pointer within a value of a schema.
    pub fn at(&self, schema: SchemaId, pointer: &Pointer) -> Option<SchemaId> {
        pointer
            .tokens()
            .try_fold(schema, |schema, token| self.member(schema, &token))
    }

    /// The schema of one member or element of a value; in a union, of the first alternative that
    /// has it.
    pub fn member(&self, schema: SchemaId, token: &str) -> Option<SchemaId> {
        self.member_below(schema, token, 0)
    }

    fn member_below(&self, schema: SchemaId, token: &str, depth: u8) -> Option<SchemaId> {
        if depth > 8 {
            return None;
        }
        match &self[self.resolve(schema)].kind {
            Kind::Object {
                properties,
                additional,
                ..
            } => properties
                .get(token)
                .map(|property| property.schema)
                .or(match additional {
                    Additional::Allowed(schema) => Some(*schema),
                    Additional::Unspecified | Additional::Forbidden => None,
                }),
            Kind::Array { items, .. } => Some(*items),
            Kind::Union { variants, .. } => variants
                .iter()
                .find_map(|variant| self.member_below(variant.schema, token, depth + 1)),
            _ => None,
        }
    }
}

impl Index<SchemaId> for Schemas {
    type Output = Schema;

    #[expect(
        clippy::indexing_slicing,
        reason = "ids come from push of the same arena alone"
    )]
    fn index(&self, id: SchemaId) -> &Schema {
        &self.0[id.0 as usize]
    }
}

/// A schema (OpenAPI 3.0.3, Schema Object), references resolved and `allOf` merged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Schema {
    /// Where it stands.
    pub place: Pointer,
    /// The key under `components.schemas`, when it stands there itself.
    pub name: Option<String>,
    /// `x-name`: the name that its type shall have in Rust.
    pub rust_name: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// Whether null is allowed beside what `kind` says.
    pub nullable: bool,
    /// `default`.
    pub default: Option<Value>,
    /// `readOnly`.
    pub read_only: bool,
    /// `writeOnly`.
    pub write_only: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// What it allows.
    pub kind: Kind,
}

/// What a schema allows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Kind {
    /// Anything: no type, or types that nothing in the document tells apart.
    Any,
    /// Nothing (`false`, `not: {}`).
    Never,
    /// Null alone.
    Null,
    /// Another schema with this one's own description, nullability and default around it:
    /// a `$ref`, or an `allOf` of one `$ref` and annotations.
    Alias(SchemaId),
    /// A boolean.
    Boolean {
        /// `enum` or `const`.
        values: Option<Vec<bool>>,
    },
    /// An integer.
    Integer {
        /// `format`.
        format: Option<String>,
        /// `minimum`, `maximum` and their kin.
        bounds: Bounds,
        /// `enum` or `const`, without null.
        values: Option<Vec<Number>>,
    },
    /// A number.
    Number {
        /// `format`.
        format: Option<String>,
        /// `minimum`, `maximum` and their kin.
        bounds: Bounds,
        /// `enum` or `const`, without null.
        values: Option<Vec<Number>>,
    },
    /// A string.
    String {
        /// `format`.
        format: Option<String>,
        /// `pattern` (ECMA-262).
        pattern: Option<String>,
        /// `minLength`, in code points.
        min_length: Option<u64>,
        /// `maxLength`, in code points.
        max_length: Option<u64>,
        /// `enum` or `const`, without null; one value alone is a constant.
        values: Option<Vec<String>>,
        /// `contentMediaType` and `contentSchema`: a document in the string.
        content: Option<Content>,
    },
    /// An array.
    Array {
        /// `items`; anything when not said.
        items: SchemaId,
        /// `minItems`.
        min_items: Option<u64>,
        /// `maxItems`.
        max_items: Option<u64>,
        /// `uniqueItems`.
        unique: bool,
    },
    /// An array whose first items have schemas of their own (`prefixItems`).
    Tuple {
        /// The first items' schemas.
        items: Vec<SchemaId>,
        /// The schema of further items; none are allowed when `None`.
        rest: Option<SchemaId>,
    },
    /// An object.
    Object {
        /// `properties`, in document order; those of `allOf` members first.
        properties: IndexMap<String, Property>,
        /// `additionalProperties`.
        additional: Additional,
        /// `minProperties`.
        min_properties: Option<u64>,
        /// `maxProperties`.
        max_properties: Option<u64>,
    },
    /// One of several (`oneOf`) or some of several (`anyOf`); null members are in `nullable`.
    Union {
        /// Which of the two keywords.
        kind: UnionKind,
        /// The members, in document order.
        variants: Vec<Variant>,
        /// `discriminator`.
        discriminator: Option<Discriminator>,
    },
    /// One of these values, which are of several types.
    Mixed {
        /// `enum`, without null.
        values: Vec<Value>,
    },
}

/// `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum` and `multipleOf`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bounds {
    /// The least value.
    pub minimum: Option<Number>,
    /// The greatest value.
    pub maximum: Option<Number>,
    /// Whether the least value itself is not allowed.
    pub exclusive_minimum: bool,
    /// Whether the greatest value itself is not allowed.
    pub exclusive_maximum: bool,
    /// `multipleOf`.
    pub multiple_of: Option<Number>,
}

/// A document within a string (JSON Schema 2020-12 validation, section 8).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Content {
    /// `contentMediaType`.
    pub media_type: String,
    /// `contentSchema`.
    pub schema: Option<SchemaId>,
}

/// One property of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Property {
    /// Its schema.
    pub schema: SchemaId,
    /// Whether the object must have it.
    pub required: bool,
}

/// What else an object may hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Additional {
    /// The document says nothing: readers pass over it.
    Unspecified,
    /// `additionalProperties: false`.
    Forbidden,
    /// `additionalProperties: true` or a schema.
    Allowed(SchemaId),
}

/// `oneOf` or `anyOf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum UnionKind {
    OneOf,
    AnyOf,
}

/// One member of a union.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variant {
    /// Its schema.
    pub schema: SchemaId,
    /// The discriminator's values that choose it: from `mapping`, or else the schema's own
    /// name (OpenAPI 3.0.3, Discriminator Object). Empty without a discriminator.
    pub tags: Vec<String>,
}

/// `discriminator` (OpenAPI 3.0.3, Discriminator Object).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discriminator {
    /// `propertyName`.
    pub property: String,
}
