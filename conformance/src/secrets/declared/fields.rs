//! The fields of forms: what in them is secret.

use super::{Declared, Spot, Visitor, credential};
use crate::Direction;
use crate::secrets::{Place, names, variable_for};
use memchr::memmem;
use plumbline_specs::api::{Kind, SchemaId};
use serde_json::Value;
use std::ops::Range;

impl<'a> Declared<'a> {
    pub(super) fn form(
        &self,
        body: &mut Vec<u8>,
        schema: Option<SchemaId>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) {
        let mut fields: Vec<(String, String)> =
            url::form_urlencoded::parse(body).into_owned().collect();
        if self.fields(&mut fields, schema, direction, visitor) {
            *body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish()
                .into_bytes();
        }
    }

    pub(super) fn multipart(
        &self,
        body: &mut Vec<u8>,
        kind: &str,
        schema: Option<SchemaId>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) {
        let places = parts(body, kind);
        let text = |place: &Range<usize>| {
            let bytes = body.get(place.clone()).unwrap_or_default();
            String::from_utf8(bytes.to_vec()).ok()
        };
        // A part that is no text is a file.
        let (places, mut fields): (Vec<_>, Vec<_>) = places
            .into_iter()
            .filter_map(|(name, place)| Some((place.clone(), (name, text(&place)?))))
            .unzip();
        if !self.fields(&mut fields, schema, direction, visitor) {
            return;
        }
        let mut after = Vec::with_capacity(body.len());
        let mut done = 0;
        for (place, (_, value)) in places.into_iter().zip(fields) {
            after.extend_from_slice(body.get(done..place.start).unwrap_or_default());
            after.extend_from_slice(value.as_bytes());
            done = place.end;
        }
        after.extend_from_slice(body.get(done..).unwrap_or_default());
        *body = after;
    }

    /// Shows the secrets among fields; whether one of them was replaced.
    fn fields(
        &self,
        fields: &mut [(String, String)],
        schema: Option<SchemaId>,
        direction: Direction,
        visitor: &mut Visitor<'_>,
    ) -> bool {
        let chosen = self.chosen(fields);
        let mut changed = false;
        for (index, (name, value)) in fields.iter_mut().enumerate() {
            let own = self.field(schema, name);
            let declared = own.is_some_and(|own| self.is_secret(own));
            let named = self.named_in(name);
            let after = if declared || chosen.contains(&index) || named.is_some() {
                let name = named.unwrap_or(name);
                let spot = Spot {
                    variable: variable_for(name),
                    schema: own.and_then(|own| self.placed(own, direction)),
                    header: names::are_same(name, "authorization"),
                };
                credential(&spot, value, visitor)
            } else {
                self.in_text(value, own, direction, visitor)
            };
            if let Some(after) = after {
                *value = after;
                changed = true;
            }
        }
        changed
    }

    /// The fields that the user's JSON Paths select: fields are the members of an object, and
    /// those of one name its list.
    fn chosen(&self, fields: &[(String, String)]) -> Vec<usize> {
        let mut members = serde_json::Map::new();
        let mut indices: Vec<(String, usize)> = Vec::new();
        for (index, (name, value)) in fields.iter().enumerate() {
            let value = Value::from(value.as_str());
            let name_alone = name.replace('~', "~0").replace('/', "~1");
            let pointer = match members.get_mut(name) {
                None => {
                    members.insert(name.clone(), value);
                    format!("/{name_alone}")
                }
                Some(Value::Array(values)) => {
                    values.push(value);
                    format!("/{name_alone}/{}", values.len() - 1)
                }
                Some(first) => {
                    let list = vec![first.take(), value];
                    *first = Value::Array(list);
                    let alone = format!("/{name_alone}");
                    if let Some((own, _)) = indices.iter_mut().find(|(own, _)| *own == alone) {
                        own.push_str("/0");
                    }
                    format!("/{name_alone}/1")
                }
            };
            indices.push((pointer, index));
        }
        let object = Value::Object(members);
        let mut chosen = Vec::new();
        for (place, met) in self.places.iter().zip(&self.met) {
            let Place::Body(path) = place else {
                continue;
            };
            for node in path.query_located(&object) {
                met.set(true);
                let found = node.location().to_json_pointer();
                let below = format!("{found}/");
                chosen.extend(
                    indices
                        .iter()
                        .filter(|(own, _)| *own == found || own.starts_with(&below))
                        .map(|(_, index)| *index),
                );
            }
        }
        chosen
    }

    /// The schema of a field: that of its name, or of the member that the name leads to.
    fn field(&self, schema: Option<SchemaId>, name: &str) -> Option<SchemaId> {
        self.member(schema, name).or_else(|| {
            names::members(name).try_fold(schema?, |schema, member| {
                // `items[0][name]` has left out the place in the list.
                let object = self.item(Some(schema)).unwrap_or(schema);
                self.member(Some(object), member)
            })
        })
    }

    /// The schema of an object's member; of a union the first that has one.
    pub(super) fn member(&self, schema: Option<SchemaId>, name: &str) -> Option<SchemaId> {
        self.member_at(schema?, name, 0)
    }

    fn member_at(&self, schema: SchemaId, name: &str, depth: usize) -> Option<SchemaId> {
        let schemas = &self.contract?.api.schemas;
        match &schemas[schemas.resolve(schema)].kind {
            Kind::Object { properties, .. } => Some(properties.get(name)?.schema),
            Kind::Union { variants, .. } if depth < super::DEPTH => variants
                .iter()
                .find_map(|own| self.member_at(own.schema, name, depth + 1)),
            _ => None,
        }
    }
}

/// The names of a multipart body's parts (RFC 7578), each with the place of its content.
fn parts(body: &[u8], kind: &str) -> Vec<(String, Range<usize>)> {
    let boundary = parameter(kind, "boundary").filter(|boundary| !boundary.is_empty());
    let Some(boundary) = boundary else {
        return Vec::new();
    };
    let delimiter = format!("--{boundary}");
    let starts: Vec<usize> = memmem::find_iter(body, delimiter.as_bytes()).collect();
    starts
        .iter()
        .zip(starts.iter().skip(1))
        .filter_map(|(start, end)| {
            let start = start + delimiter.len();
            let part = body.get(start..*end)?;
            let (head, blank) = [&b"\r\n\r\n"[..], b"\n\n"]
                .into_iter()
                .find_map(|blank| Some((memmem::find(part, blank)?, blank.len())))?;
            let name = name(&String::from_utf8_lossy(part.get(..head)?))?;
            let content = part.get(head + blank..)?;
            let content = content.strip_suffix(b"\n").unwrap_or(content);
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            let start = start + head + blank;
            Some((name, start..start + content.len()))
        })
        .collect()
}

/// The name in a part's `Content-Disposition`.
fn name(head: &str) -> Option<String> {
    // A line that begins with a space goes on with the one before.
    let head = head
        .replace("\r\n", "\n")
        .replace("\n ", " ")
        .replace("\n\t", " ");
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is = name.trim().eq_ignore_ascii_case("content-disposition");
        is.then_some(value)
    })?;
    // RFC 8187: `name*=utf-8''…` is percent-encoded.
    let extended = parameter(value, "name*").map(|text| {
        let text = text.rsplit('\'').next().unwrap_or_default();
        crate::contract::decoded(text)
    });
    extended
        .or_else(|| parameter(value, "name"))
        // Browsers write a backslash in a file's name as it is, at its end too.
        .or_else(|| parameter(&value.replace('\\', "/"), "name"))
}

/// A parameter of a header's value (RFC 9110, section 5.6.6): in a quoted one semicolons are
/// letters, and a backslash stands before any of them.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut parts = vec![String::new()];
    let (mut within, mut escaped) = (false, false);
    for letter in value.chars() {
        if letter == ';' && !within {
            parts.push(String::new());
            continue;
        }
        if escaped {
            escaped = false;
        } else if within && letter == '\\' {
            escaped = true;
            continue;
        } else if letter == '"' {
            within = !within;
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts.iter().skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is = name.trim().eq_ignore_ascii_case(wanted);
        is.then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_are_found_by_name() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b\r\n\
                    content-disposition: form-data; filename=\"x\"; name=c\r\n\r\n\r\n--b--\r\n";
        let found: Vec<(String, &str)> =
            super::parts(body.as_bytes(), "multipart/form-data; boundary=\"b\"")
                .into_iter()
                .map(|(name, place)| (name, &body[place]))
                .collect();
        assert_eq!(found, [("a".to_owned(), "1"), ("c".to_owned(), "")]);
        assert!(super::parts(body.as_bytes(), "multipart/form-data").is_empty());
    }

    #[test]
    fn a_name_is_read_as_headers_write_it() {
        for (head, expected) in [
            (
                r#"form-data; filename="a;name=x"; name="password""#,
                Some("password"),
            ),
            (
                r#"form-data; filename="a\"; name=x"; name="password""#,
                Some("password"),
            ),
            (r#"form-data; name="pass\word""#, Some("password")),
            (
                r#"form-data; filename="a\"; name="password""#,
                Some("password"),
            ),
            ("form-data; NAME = password ; a=b", Some("password")),
            ("form-data;\r\n name=password", Some("password")),
            (
                "form-data; name=x; name*=utf-8''pass%77ord",
                Some("password"),
            ),
            ("form-data; filename=password", None),
            ("name=password", None),
        ] {
            let head = format!("\r\nContent-Type: a; name=b\r\nContent-Disposition: {head}");
            assert_eq!(super::name(&head).as_deref(), expected, "{head}");
        }
    }

    #[test]
    fn a_boundary_may_hold_a_semicolon() {
        let body = "--a;b\r\nContent-Disposition: form-data; name=c\r\n\r\n1\r\n--a;b--\r\n";
        let found = super::parts(body.as_bytes(), "multipart/form-data; boundary=\"a;b\"");
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
