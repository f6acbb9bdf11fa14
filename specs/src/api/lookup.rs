//! What a runtime expression names in an operation.

use super::{Api, Expression, Operation, Parameter, SchemaId};

impl Expression {
    /// The parameter of an operation that the expression names.
    pub fn parameter<'o>(&self, operation: &'o Operation) -> Option<&'o Parameter> {
        let (location, name) = self.parameter_name()?;
        operation.parameter(location, name)
    }

    /// The schema that the document gives to this place in an operation's request: that of the
    /// parameter, or of the node of the JSON body (of the first body where none is JSON).
    pub fn request_schema(&self, api: &Api, operation: &Operation) -> Option<SchemaId> {
        let Self::RequestBody(pointer) = self else {
            return self.parameter(operation).map(|parameter| parameter.schema);
        };
        let content = &operation.body.as_ref()?.content;
        let media = content
            .iter()
            .find(|media| media.is_json())
            .or_else(|| content.first())?;
        api.schemas.at(media.schema?, pointer)
    }
}
