//! Which schemas requests hold, and which answers.

use super::{Additional, Api, Kind, MediaType, SchemaId};
use std::collections::HashSet;

/// Which way schemas travel. What neither requests nor answers reach is in neither set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaUsage {
    /// In requests: bodies and parameters.
    pub in_requests: HashSet<SchemaId>,
    /// In answers.
    pub in_responses: HashSet<SchemaId>,
}

impl Api {
    /// Finds out which way each schema travels.
    pub fn schema_usage(&self) -> SchemaUsage {
        let mut sent = Vec::new();
        let mut received = Vec::new();
        for operation in &self.operations {
            let content = operation.body.iter().flat_map(|body| &body.content);
            sent.extend(content.flat_map(schemas));
            for response in &operation.responses {
                received.extend(response.content.iter().flat_map(schemas));
            }
            sent.extend(operation.parameters.iter().map(|it| it.schema));
        }
        SchemaUsage {
            in_requests: within(self, sent),
            in_responses: within(self, received),
        }
    }
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
