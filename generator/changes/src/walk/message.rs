//! Bodies, responses, headers and media types.

use super::finding::{Finding, REQUEST, RESPONSE, Scope};
use super::graph::Walk;
use super::operation::{At, json};
use crate::change::Direction;
use crate::code::Code;
use crate::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Encoding, Header, MediaType, Response, SchemaId, Status, Stream};
use std::collections::BTreeSet;

/// A body or a response that is being compared.
struct Message<'s, 'a> {
    at: &'s At<'a>,
    way: u8,
    subject: String,
}

impl Message<'_, '_> {
    fn finding(&self, code: Code) -> Finding {
        finding(self.at, self.way, code, &self.subject)
    }
}

fn finding(at: &At<'_>, way: u8, code: Code, subject: &str) -> Finding {
    let direction = if way == REQUEST {
        Direction::Request
    } else {
        Direction::Response
    };
    Finding::new(
        code,
        subject,
        Scope::Operations(vec![at.pair], Some(direction)),
    )
}

impl<'a> Walk<'a> {
    /// The request body.
    pub(crate) fn body(&mut self, at: &At<'a>) {
        let message = Message {
            at,
            way: REQUEST,
            subject: format!("{} body", at.label),
        };
        match (&at.old.body, &at.new.body) {
            (None, Some(new)) => {
                let code = if new.required {
                    Code::BodyAddedRequired
                } else {
                    Code::BodyAddedOptional
                };
                self.find(
                    message
                        .finding(code)
                        .at(&at.old.place, &new.place)
                        .after(self.contents(&new.content, false)),
                );
            }
            (Some(old), None) => self.find(
                message
                    .finding(Code::BodyRemoved)
                    .at(&old.place, &at.new.place)
                    .before(self.contents(&old.content, true)),
            ),
            (Some(old), Some(new)) => {
                let finding = |code| message.finding(code).at(&old.place, &new.place);
                match (old.required, new.required) {
                    (false, true) => {
                        self.find(
                            finding(Code::BodyRequired)
                                .before("optional")
                                .after("required"),
                        );
                    }
                    (true, false) => {
                        self.find(
                            finding(Code::BodyOptional)
                                .before("required")
                                .after("optional"),
                        );
                    }
                    _ => {}
                }
                self.prose(
                    Code::DescriptionChanged,
                    finding,
                    old.description.as_deref(),
                    new.description.as_deref(),
                );
                let places = (&old.place, &new.place);
                self.media_types(&message, places, &old.content, &new.content);
            }
            (None, None) => {}
        }
    }

    fn contents(&self, content: &[MediaType], old: bool) -> String {
        let api = if old { self.old } else { self.new };
        let Some(first) = content.first() else {
            return "nothing".to_owned();
        };
        match first.schema {
            Some(schema) => format!("{}, {}", first.name, text::describe(api, schema)),
            None => first.name.clone(),
        }
    }

    /// All responses.
    pub(crate) fn responses(&mut self, at: &At<'a>) {
        let alone = |one: &'a [Response], other: &[Response]| -> Vec<&'a Response> {
            one.iter()
                .filter(|own| !other.iter().any(|other| other.status == own.status))
                .collect()
        };
        let mut removed = alone(&at.old.responses, &at.new.responses);
        let mut added = alone(&at.new.responses, &at.old.responses);
        let success = |responses: &[&'a Response]| -> Vec<&'a Response> {
            let all = responses.iter().copied();
            all.filter(|response| response.status.is_success())
                .collect()
        };
        if let ([before], [after]) = (success(&removed).as_slice(), success(&added).as_slice()) {
            let subject = format!("{} {}", at.label, after.status);
            self.find(
                finding(at, RESPONSE, Code::ResponseSuccessChanged, &subject)
                    .at(&before.place, &after.place)
                    .before(before.status.to_string())
                    .after(after.status.to_string()),
            );
            removed.retain(|own| own.status != before.status);
            added.retain(|own| own.status != after.status);
            self.response(at, before, after);
        }
        for before in &removed {
            let code = match before.status {
                Status::Default => Code::ResponseDefaultRemoved,
                status if status.is_success() => Code::ResponseSuccessRemoved,
                _ => Code::ResponseErrorRemoved,
            };
            let subject = format!("{} {}", at.label, before.status);
            let old_text = self.contents(&before.content, true);
            self.find(
                finding(at, RESPONSE, code, &subject)
                    .at(&before.place, &at.new.place.join("responses"))
                    .before(old_text),
            );
        }
        for after in &added {
            let code = match after.status {
                Status::Default => Code::ResponseDefaultAdded,
                status if status.is_success() => Code::ResponseSuccessAdded,
                _ => Code::ResponseErrorAdded,
            };
            let subject = format!("{} {}", at.label, after.status);
            let new_text = self.contents(&after.content, false);
            self.find(
                finding(at, RESPONSE, code, &subject)
                    .at(&at.old.place.join("responses"), &after.place)
                    .after(new_text),
            );
        }
        for before in &at.old.responses {
            let same = |own: &&Response| own.status == before.status;
            if let Some(after) = at.new.responses.iter().find(same) {
                self.response(at, before, after);
            }
        }
    }

    fn response(&mut self, at: &At<'a>, old: &'a Response, new: &'a Response) {
        let message = Message {
            at,
            way: RESPONSE,
            subject: format!("{} {}", at.label, new.status),
        };
        let finding = |code| message.finding(code).at(&old.place, &new.place);
        match (old.content.is_empty(), new.content.is_empty()) {
            (true, false) => {
                let new_text = self.contents(&new.content, false);
                self.find(finding(Code::ResponseBodyAdded).after(new_text));
            }
            (false, true) => {
                let old_text = self.contents(&old.content, true);
                self.find(finding(Code::ResponseBodyRemoved).before(old_text));
            }
            _ => {
                let places = (&old.place, &new.place);
                self.media_types(&message, places, &old.content, &new.content);
            }
        }
        self.prose(
            Code::DescriptionChanged,
            finding,
            Some(&old.description),
            Some(&new.description),
        );
        self.headers(&message, old, new);
    }

    fn headers(&mut self, message: &Message<'_, 'a>, old: &'a Response, new: &'a Response) {
        let find = |headers: &'a [Header], name: &str| {
            headers
                .iter()
                .find(|own| own.name.eq_ignore_ascii_case(name))
        };
        let subject = |name: &str| format!("{} header {name}", message.subject);
        for before in &old.headers {
            if find(&new.headers, &before.name).is_none() {
                let subject = subject(&before.name);
                let finding = finding(message.at, message.way, Code::HeaderRemoved, &subject);
                self.find(finding.at(&before.place, &new.place));
            }
        }
        for after in &new.headers {
            let subject = subject(&after.name);
            let about = |code| finding(message.at, message.way, code, &subject);
            let Some(before) = find(&old.headers, &after.name) else {
                let code = if after.required {
                    Code::HeaderAddedRequired
                } else {
                    Code::HeaderAdded
                };
                self.find(about(code).at(&old.place, &after.place));
                continue;
            };
            let about = |code| about(code).at(&before.place, &after.place);
            match (before.required, after.required) {
                (false, true) => {
                    self.find(
                        about(Code::HeaderRequired)
                            .before("optional")
                            .after("required"),
                    );
                }
                (true, false) => {
                    self.find(
                        about(Code::HeaderOptional)
                            .before("required")
                            .after("optional"),
                    );
                }
                _ => {}
            }
            match (before.deprecated, after.deprecated) {
                (false, true) => self.find(about(Code::HeaderDeprecated)),
                (true, false) => self.find(about(Code::HeaderUndeprecated)),
                _ => {}
            }
            self.prose(
                Code::DescriptionChanged,
                about,
                before.description.as_deref(),
                after.description.as_deref(),
            );
            self.maybe_schemas(message, &about, before.schema, after.schema, &subject);
        }
    }

    fn media_types(
        &mut self,
        message: &Message<'_, 'a>,
        places: (&Pointer, &Pointer),
        old: &'a [MediaType],
        new: &'a [MediaType],
    ) {
        let request = message.way == REQUEST;
        let find = |all: &'a [MediaType], wanted: &MediaType| {
            all.iter()
                .find(|own| own.name.eq_ignore_ascii_case(&wanted.name))
        };
        for before in old {
            if find(new, before).is_none() {
                let code = if request {
                    Code::BodyMediaTypeRemoved
                } else {
                    Code::ResponseMediaTypeRemoved
                };
                let finding = message.finding(code).at(&before.place, places.1);
                self.find(finding.before(&before.name));
            }
        }
        for after in new {
            let Some(before) = find(old, after) else {
                let code = if request {
                    Code::BodyMediaTypeAdded
                } else {
                    Code::ResponseMediaTypeAdded
                };
                let finding = message.finding(code).at(places.0, &after.place);
                self.find(finding.after(&after.name));
                continue;
            };
            self.media_type(message, before, after, new.len() > 1);
        }
    }

    fn media_type(
        &mut self,
        message: &Message<'_, 'a>,
        old: &'a MediaType,
        new: &'a MediaType,
        several: bool,
    ) {
        let subject = if several {
            format!("{} {}", message.subject, new.name)
        } else {
            message.subject.clone()
        };
        let about =
            |code| finding(message.at, message.way, code, &subject).at(&old.place, &new.place);
        let names: BTreeSet<&String> = old.encoding.keys().chain(new.encoding.keys()).collect();
        for name in names {
            let before = old.encoding.get(name).map(encoding);
            let after = new.encoding.get(name).map(encoding);
            if before != after {
                let mut finding = about(Code::EncodingChanged);
                finding.subject = format!("{subject} part {name}");
                finding.before = before;
                finding.after = after;
                self.find(finding);
            }
        }
        match (&old.stream, &new.stream) {
            (None, Some(stream)) => self.find(about(Code::StreamAdded).after(framing(stream))),
            (Some(stream), None) => self.find(about(Code::StreamRemoved).before(framing(stream))),
            (Some(before), Some(after)) => {
                if framing(before) != framing(after) {
                    let finding = about(Code::StreamFramingChanged);
                    self.find(finding.before(framing(before)).after(framing(after)));
                }
                let record = format!("{subject} record");
                self.maybe_schemas(message, &about, before.item, after.item, &record);
                let record = format!("{subject} error record");
                self.maybe_schemas(message, &about, before.error, after.error, &record);
            }
            (None, None) => {}
        }
        self.maybe_schemas(message, &about, old.schema, new.schema, &subject);
    }

    /// Schemas that may not be there.
    fn maybe_schemas(
        &mut self,
        message: &Message<'_, 'a>,
        finding: &dyn Fn(Code) -> Finding,
        old: Option<SchemaId>,
        new: Option<SchemaId>,
        subject: &str,
    ) {
        match (old, new) {
            (Some(old), Some(new)) => self.root(message.at.pair, message.way, old, new, subject),
            (Some(old), None) => {
                let old_text = text::describe(self.old, old);
                self.find(finding(Code::SchemaUnset).before(old_text));
            }
            (None, Some(new)) => {
                let new_text = text::describe(self.new, new);
                self.find(finding(Code::SchemaSet).after(new_text));
            }
            (None, None) => {}
        }
    }
}

/// An encoding in few words; schemas of its headers aside.
fn encoding(encoding: &Encoding) -> String {
    let headers: Vec<&str> = encoding
        .headers
        .iter()
        .map(|header| header.name.as_str())
        .collect();
    let parts = [
        encoding.content_type.clone(),
        encoding
            .style
            .as_ref()
            .map(|style| format!("style {}", json(style))),
        encoding.explode.map(|explode| format!("explode {explode}")),
        encoding.allow_reserved.then(|| "allowReserved".to_owned()),
        (!headers.is_empty()).then(|| format!("headers {}", headers.join(", "))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn framing(stream: &Stream) -> String {
    format!(
        "{} ended by {:?}",
        json(&stream.framing).trim_matches('"'),
        stream.delimiter
    )
}
