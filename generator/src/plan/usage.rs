//! Which objects are sent, received, or sent as the parts of a multipart body.

use super::types::Types;
use plumbline_specs::api::Api;

/// Finds out what each object is used for.
pub(super) fn find_usage(api: &Api, types: &mut Types<'_>) {
    let bodies = api.operations.iter().filter_map(|it| it.body.as_ref());
    for media in bodies.flat_map(|body| &body.content) {
        if media.essence() == "multipart/form-data"
            && let Some(schema) = media.schema
        {
            types.multipart.insert(api.schemas.resolve(schema));
        }
    }
    let usage = api.schema_usage();
    types.sent = usage.in_requests;
    types.received = usage.in_responses;
}
