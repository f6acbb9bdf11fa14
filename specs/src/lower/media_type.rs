//! Request bodies, media types and encodings.

use super::Lowerer;
use super::parameter::query_style;
use crate::Pointer;
use crate::api::{Encoding, MediaType, RequestBody};
use crate::shape::Object;
use indexmap::IndexMap;
use serde_json::Value;

impl Lowerer<'_, '_> {
    pub(super) fn request_body(&mut self, place: &Pointer) -> Option<RequestBody> {
        let place = self.follow(place)?;
        let typed = self.document.typed::<openapiv3::RequestBody>(
            Object::RequestBody,
            &place,
            self.sink,
        )?;
        Some(RequestBody {
            description: typed.description,
            required: typed.required,
            content: self.content(&place),
            place,
        })
    }

    /// The media types under `content` of a place.
    pub(super) fn content(&mut self, place: &Pointer) -> Vec<MediaType> {
        let place = place.join("content");
        let mut content = Vec::new();
        for name in self.keys(&place) {
            content.extend(self.media_type(place.join(&name), name));
        }
        content
    }

    fn media_type(&mut self, place: Pointer, name: String) -> Option<MediaType> {
        if !self.spend(1, &place) {
            return None;
        }
        let typed =
            self.document
                .typed::<openapiv3::MediaType>(Object::MediaType, &place, self.sink)?;
        let schema = typed
            .schema
            .is_some()
            .then(|| self.schema(place.join("schema")));
        let at = place.join("encoding");
        let mut encoding = IndexMap::new();
        for property in typed.encoding.keys() {
            if let Some(own) = self.encoding(&at.join(property)) {
                encoding.insert(property.clone(), own);
            }
        }
        Some(MediaType {
            stream: self.stream(&place, &name),
            place,
            name,
            schema,
            encoding,
        })
    }

    fn encoding(&mut self, place: &Pointer) -> Option<Encoding> {
        let typed =
            self.document
                .typed::<openapiv3::Encoding>(Object::Encoding, place, self.sink)?;
        Some(Encoding {
            content_type: typed.content_type,
            style: typed.style.as_ref().map(query_style),
            // `openapiv3` cannot tell false from absent, and the default depends on the style.
            explode: self.member(place, "explode").and_then(Value::as_bool),
            allow_reserved: typed.allow_reserved,
            headers: self.headers(place),
        })
    }
}
