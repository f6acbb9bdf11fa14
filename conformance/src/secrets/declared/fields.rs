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
            let own = self.member(schema, name);
            let declared = own.is_some_and(|own| self.is_secret(own));
            let after = if declared || chosen.contains(&index) || self.is_named(name) {
                let spot = Spot {
                    variable: variable_for(name),
                    schema: own.map(|own| self.placed(own, direction)),
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

    /// The schema of an object's member; of a union the first that has one.
    pub(super) fn member(&self, schema: Option<SchemaId>, name: &str) -> Option<SchemaId> {
        self.member_at(schema?, name, 0)
    }

    fn member_at(&self, schema: SchemaId, name: &str, depth: usize) -> Option<SchemaId> {
        let schemas = &self.contract.api.schemas;
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
    let boundary = kind.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary")
            .then(|| value.trim_matches('"').to_owned())
    });
    let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else {
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
    let line = head.lines().find(|line| {
        line.split_once(':')
            .is_some_and(|(name, _)| name.eq_ignore_ascii_case("content-disposition"))
    })?;
    line.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("name")
            .then(|| value.trim_matches('"').to_owned())
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
}
