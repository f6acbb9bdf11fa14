//! Schemas that lie inside of others, by where their values stand.

use plumbline_specs::Pointer;
use plumbline_specs::api::{Additional, Api, Kind, SchemaId};

/// The schema that a pointer leads to.
pub(crate) fn walk(api: &Api, schema: SchemaId, pointer: &Pointer) -> Option<SchemaId> {
    pointer
        .tokens()
        .try_fold(schema, |schema, token| member(api, schema, &token, 0))
}

/// The schema of one member or element; in a union, of the first alternative that has it.
fn member(api: &Api, schema: SchemaId, token: &str, depth: u8) -> Option<SchemaId> {
    if depth > 8 {
        return None;
    }
    match &api.schemas[api.schemas.resolve(schema)].kind {
        Kind::Object {
            properties,
            additional,
            ..
        } => properties
            .get(token)
            .map(|property| property.schema)
            .or(match additional {
                Additional::Allowed(schema) => Some(*schema),
                Additional::Unsaid | Additional::Forbidden => None,
            }),
        Kind::Array { items, .. } => Some(*items),
        Kind::Union { variants, .. } => variants
            .iter()
            .find_map(|variant| member(api, variant.schema, token, depth + 1)),
        _ => None,
    }
}

/// Whether an object that stands there names its own members, so that they are data and no part of
/// its form: the document declares none, or it lies inside of one that is so.
pub(crate) fn is_map(api: &Api, schema: SchemaId, pointer: &Pointer) -> bool {
    let free = |schema: SchemaId| match &api.schemas[api.schemas.resolve(schema)].kind {
        Kind::Object { properties, .. } => properties.is_empty(),
        Kind::Any => true,
        _ => false,
    };
    let mut schema = schema;
    for token in pointer.tokens() {
        if free(schema) {
            return true;
        }
        match member(api, schema, &token, 0) {
            Some(inner) => schema = inner,
            None => return false,
        }
    }
    free(schema)
}
