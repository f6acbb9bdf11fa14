//! Which objects are sent, received, or sent as the parts of a multipart body.

use super::types::Types;
use plumbline_specs::api::{Additional, Api, Kind, MediaType, SchemaId};
use std::collections::HashSet;

/// Finds out what each object is used for.
pub(super) fn reach(api: &Api, types: &mut Types<'_>) {
    let mut sent = Vec::new();
    let mut received = Vec::new();
    for operation in &api.operations {
        if let Some(body) = &operation.body {
            for media in &body.content {
                if media.essence() == "multipart/form-data"
                    && let Some(schema) = media.schema
                {
                    types.multipart.insert(api.schemas.resolve(schema));
                }
                sent.extend(schemas(media));
            }
        }
        for response in &operation.responses {
            received.extend(response.content.iter().flat_map(schemas));
        }
        sent.extend(operation.parameters.iter().map(|it| it.schema));
    }
    types.sent = within(api, sent);
    types.received = within(api, received);
}

fn schemas(media: &MediaType) -> impl Iterator<Item = SchemaId> {
    let stream = media.stream.as_ref();
    let records = stream.into_iter().flat_map(|it| [it.item, it.error]);
    media.schema.into_iter().chain(records.flatten())
}

/// The schemas that these reach, themselves included.
fn within(api: &Api, mut open: Vec<SchemaId>) -> HashSet<SchemaId> {
    let mut seen = HashSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match &api.schemas[id].kind {
            Kind::Alias(target) => open.push(*target),
            Kind::Array { items, .. } => open.push(*items),
            Kind::Tuple { items, rest } => {
                open.extend(items.iter().copied().chain(*rest));
            }
            Kind::Object {
                properties,
                additional,
                ..
            } => {
                open.extend(properties.values().map(|it| it.schema));
                if let Additional::Allowed(values) = additional {
                    open.push(*values);
                }
            }
            Kind::Union { variants, .. } => open.extend(variants.iter().map(|it| it.schema)),
            _ => {}
        }
    }
    seen
}
