//! Objects whose members are data.

use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Kind, SchemaId};

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
        match api.schemas.member(schema, &token) {
            Some(inner) => schema = inner,
            None => return false,
        }
    }
    free(schema)
}
