//! References into files beside the document: what they name is taken in under `components`,
//! once, and the references lead there.

use crate::Pointer;
use crate::diagnostic::Diagnostics;
use crate::fragment::{fragment, percent_decoded};
use crate::shape::{Object, Path, Walk, walk_mut};
use crate::unread::Unread;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Files by their path from the document's folder, with `/` between its parts.
pub(crate) type Files = HashMap<String, Value>;

/// Where what was taken in comes from.
#[derive(Debug, Default)]
pub(crate) struct Origins(Vec<(Pointer, String, Pointer)>);

impl Origins {
    /// Lets diagnostics speak of the files themselves.
    pub(crate) fn restore(&self, diagnostics: &mut Diagnostics) {
        diagnostics.move_places(|place| {
            let pointer = place.pointer.as_ref()?;
            self.0.iter().find_map(|(new, file, old)| {
                let rest = pointer.as_str().strip_prefix(new.as_str())?;
                if !rest.is_empty() && !rest.starts_with('/') {
                    return None;
                }
                let old = Pointer::parse(&format!("{old}{rest}"))?;
                Some((file.clone(), old))
            })
        });
    }
}

/// The files that a document or a file beside it refers to, by their path from the document's
/// folder; `base` is its own path from there.
pub(crate) fn files(value: &Value, base: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, base, &mut HashSet::new(), &mut found);
    found
}

fn collect(value: &Value, base: &str, known: &mut HashSet<String>, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref")
                && let Some((file, _)) = target(reference, base)
                && known.insert(file.clone())
            {
                found.push(file);
            }
            for value in map.values() {
                collect(value, base, known, found);
            }
        }
        Value::Array(items) => {
            for value in items {
                collect(value, base, known, found);
            }
        }
        _ => {}
    }
}

/// Takes in what the document refers to in other files. `own` is the document's own name: a
/// reference to it leads back. What is not there stays, and lowering says so; what is not read is
/// named by its path from the document's folder, by which lowering knows it.
pub(crate) fn bundle(value: &mut Value, files: &Files, unread: &[Unread], own: &str) -> Origins {
    let mut bundler = Bundler {
        files,
        unread: unread.iter().map(|it| it.file.as_str()).collect(),
        own,
        taken: HashMap::new(),
        names: HashMap::new(),
        pending: Vec::new(),
        origins: Origins::default(),
    };
    for section in [
        "schemas",
        "parameters",
        "responses",
        "requestBodies",
        "headers",
        "pathItems",
    ] {
        let there = value.pointer(&format!("/components/{section}"));
        let keys = there
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys);
        let names = bundler.names.entry(section).or_default();
        names.extend(keys.cloned());
    }
    bundler.rewrite(value, Object::Document, own);
    let mut done = Vec::new();
    while let Some(one) = bundler.pending.pop() {
        let mut fragment = one.fragment;
        bundler.rewrite(&mut fragment, one.object, &one.file);
        done.push((one.section, one.name, fragment));
    }
    for (section, name, fragment) in done.into_iter().rev() {
        let Value::Object(root) = &mut *value else {
            break;
        };
        let components = root
            .entry("components")
            .or_insert_with(|| Map::new().into());
        let Value::Object(components) = components else {
            break;
        };
        let section = components
            .entry(section)
            .or_insert_with(|| Map::new().into());
        if let Value::Object(section) = section {
            section.insert(name, fragment);
        }
    }
    bundler.origins
}

struct Pending {
    section: &'static str,
    name: String,
    object: Object,
    file: String,
    fragment: Value,
}

struct Bundler<'f> {
    files: &'f Files,
    unread: HashSet<&'f str>,
    own: &'f str,
    /// The new references by file and pointer.
    taken: HashMap<(String, String), String>,
    /// The names that are taken in each section.
    names: HashMap<&'static str, Vec<String>>,
    pending: Vec<Pending>,
    origins: Origins,
}

impl Bundler<'_> {
    /// Lets every reference below a value of that file lead into the document.
    fn rewrite(&mut self, value: &mut Value, object: Object, file: &str) {
        walk_mut(value, object, &Path::ROOT, &mut |object, value, _| {
            let Value::Object(map) = value else {
                return Walk::Over;
            };
            if let Some(Value::String(reference)) = map.get("$ref")
                && let Some(new) = self.lead(reference, object, file)
            {
                map.insert("$ref".to_owned(), Value::from(new));
            }
            if object == Object::Discriminator
                && let Some(Value::Object(mapping)) = map.get_mut("mapping")
            {
                for value in mapping.values_mut() {
                    // A plain name is one of the document's own schemas.
                    if let Value::String(reference) = &*value
                        && (reference.contains(".yaml") || reference.contains(".json"))
                        && let Some(new) = self.lead(reference, Object::Schema, file)
                    {
                        *value = Value::from(new);
                    }
                }
            }
            Walk::Into
        });
    }

    /// Where a reference of that file leads in the document; `None` where it can stay.
    fn lead(&mut self, reference: &str, object: Object, file: &str) -> Option<String> {
        let (target, pointer) = match reference.strip_prefix('#') {
            Some(_) if file == self.own => return None,
            Some(_) => (file.to_owned(), fragment(reference)?),
            None => target(reference, file)?,
        };
        if target == self.own {
            return Some(format!("#{pointer}"));
        }
        if self.unread.contains(target.as_str()) {
            return Some(format!("{target}#{pointer}"));
        }
        let key = (target, pointer.as_str().to_owned());
        if let Some(known) = self.taken.get(&key) {
            return Some(known.clone());
        }
        let (target, _) = &key;
        let fragment = self.files.get(target)?.pointer(pointer.as_str())?.clone();
        let section = section(object)?;
        let name = self.name(section, &pointer, target);
        let place = Pointer::root().join("components").join(section).join(&name);
        let new = format!("#{place}");
        self.origins.0.push((place, target.clone(), pointer));
        self.pending.push(Pending {
            section,
            name,
            object,
            file: target.clone(),
            fragment,
        });
        self.taken.insert(key, new.clone());
        Some(new)
    }

    /// A name after the last token of the pointer, or after the file.
    fn name(&mut self, section: &'static str, pointer: &Pointer, file: &str) -> String {
        let last = pointer.tokens().last().map(|token| token.to_string());
        let stem = file.rsplit('/').next().unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default().to_owned();
        let base = last.filter(|last| !last.is_empty()).unwrap_or(stem);
        let names = self.names.entry(section).or_default();
        let mut name = base.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{base}{number}");
            number += 1;
        }
        names.push(name.clone());
        name
    }
}

/// The section of `components` for an object.
fn section(object: Object) -> Option<&'static str> {
    Some(match object {
        Object::Schema => "schemas",
        Object::Parameter => "parameters",
        Object::Response => "responses",
        Object::RequestBody => "requestBodies",
        Object::Header => "headers",
        Object::PathItem => "pathItems",
        _ => return None,
    })
}

/// The file and the pointer that a reference names from a file; `None` for one within the file,
/// or into the world. A path that begins at the system's root keeps its `/`: nobody reads it.
fn target(reference: &str, from: &str) -> Option<(String, Pointer)> {
    let (file, fragment_text) = reference.split_once('#').unwrap_or((reference, ""));
    if file.is_empty() || file.starts_with("//") || has_scheme(file) {
        return None;
    }
    let file = percent_decoded(file)?;
    let mut parts: Vec<&str> = match file.starts_with('/') {
        true => vec!["", ""],
        false => from.split('/').collect(),
    };
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." if parts == [""] => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    let pointer = match fragment_text {
        "" => Pointer::root(),
        text => fragment(&format!("#{text}"))?,
    };
    Some((parts.join("/"), pointer))
}

/// Whether a reference names a scheme (RFC 3986, section 3.1).
fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
    })
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn a_reference_is_taken_from_the_file_that_holds_it() {
        let at = |reference: &str, from: &str| {
            target(reference, from).map(|(file, pointer)| format!("{file} {pointer}"))
        };
        assert_eq!(
            at("a.yaml#/B", "openapi.yaml").as_deref(),
            Some("a.yaml /B")
        );
        assert_eq!(at("./a.yaml", "x/y.yaml").as_deref(), Some("x/a.yaml "));
        assert_eq!(
            at("../a.yaml#/B~1C", "x/y.yaml").as_deref(),
            Some("a.yaml /B~1C")
        );
        assert_eq!(
            at("../../a.yaml", "x/y.yaml").as_deref(),
            Some("../a.yaml ")
        );
        assert_eq!(at("#/B", "x/y.yaml"), None);
        for world in [
            "https://example.com/a.yaml",
            "file:/etc/passwd",
            "//example.com/a.yaml",
        ] {
            assert_eq!(at(world, "y.yaml"), None);
        }
        for (reference, file) in [
            ("%2e%2e/%2e%2e%2fa.yaml", "../a.yaml "),
            ("/etc/passwd", "/etc/passwd "),
            ("/../etc/./passwd", "/etc/passwd "),
            ("a%20b.yaml", "x/a b.yaml "),
        ] {
            assert_eq!(at(reference, "x/y.yaml").as_deref(), Some(file));
        }
    }
}
