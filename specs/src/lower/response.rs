//! Responses by status.

use super::Lowerer;
use crate::Pointer;
use crate::api::{Response, Status};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::shape::Object;

impl Lowerer<'_, '_> {
    pub(super) fn responses(&mut self, place: &Pointer) -> Vec<Response> {
        let mut responses = Vec::new();
        for key in self.keys(place) {
            if key.starts_with("x-") {
                continue;
            }
            let place = place.join(&key);
            let Some(status) = status(&key) else {
                self.sink.push(
                    Diagnostic::error(codes::INVALID_STATUS, format!("`{key}` is not a status"))
                        .pointer(&place)
                        .help("a status is a code such as 404, a range such as 4XX, or `default`"),
                );
                continue;
            };
            responses.extend(self.response(&place, status));
        }
        responses
    }

    fn response(&mut self, place: &Pointer, status: Status) -> Option<Response> {
        let place = self.follow(place)?;
        // Failures are shared by nearly all operations of a document.
        if let Some(known) = self.responses.get(&place) {
            let known = known.clone();
            let count = 1 + known.headers.len() + known.content.len();
            return self
                .spend(count, &place)
                .then_some(Response { status, ..known });
        }
        if !self.spend(1, &place) {
            return None;
        }
        let has_description = self.member(&place, "description").is_some();
        let description = if has_description {
            self.document
                .typed::<openapiv3::Response>(Object::Response, &place, self.sink)?
                .description
        } else {
            self.sink.push(
                Diagnostic::note(codes::MISSING_DESCRIPTION, "a response has a `description`")
                    .pointer(&place)
                    .help("OpenAPI asks for it; an empty one will do"),
            );
            String::new()
        };
        let response = Response {
            status,
            description,
            headers: self.headers(&place),
            content: self.content(&place),
            place: place.clone(),
        };
        self.responses.insert(place, response.clone());
        Some(response)
    }
}

/// A key of `responses`; ranges are read in either case, as many documents write `4xx`.
fn status(key: &str) -> Option<Status> {
    if key == "default" {
        return Some(Status::Default);
    }
    if let [digit @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] = key.as_bytes() {
        return Some(Status::Range(digit - b'0'));
    }
    let code: u16 = key.parse().ok()?;
    (key.len() == 3 && (100..=999).contains(&code)).then_some(Status::Code(code))
}
