//! [`read`]: from bytes to an [`Api`].

use crate::api::Api;
use crate::diagnostic::{Diagnostics, Severity, Sink};
use crate::document::{Document, SpecVersion};
use crate::downgrade::downgrade;
use crate::select::{Selector, select};
use crate::unread::Unread;
use crate::{bundle, lower, overlay, source, swagger2};
use serde_json::Value;
use std::collections::HashSet;

/// A file that was read by the caller.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What diagnostics call it; a path usually.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// How a document is read.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// An OpenAPI Overlay that corrects the document.
    pub overlay: Option<Input<'a>>,
    /// The operations to keep, with what they reach; all of them when empty.
    pub select: Vec<Selector>,
    /// The files that the document refers to, named as [`files_beside`] names them.
    pub files: Vec<Input<'a>>,
    /// The files that it refers to and that are not read; a reference to one says why.
    pub unread: Vec<Unread>,
    /// Refuse a document whose faults could be repaired (an operationId that comes twice, a
    /// path parameter that is not declared); else each repair is a warning that says what is
    /// assumed.
    pub strict: bool,
}

/// The files that a document refers to, directly or not, by their paths from its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Those that were read.
    pub files: Vec<(String, Vec<u8>)>,
    /// Those that were not.
    pub unread: Vec<Unread>,
}

impl Beside {
    /// The files that were read, as inputs.
    pub fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        self.files.iter().map(|(name, bytes)| Input { name, bytes })
    }
}

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The document in its own dialect (Swagger 2.0 as 3.0), after the overlay and the selection. Every place of the
    /// `Api` that the document has is a pointer into it.
    pub raw: Value,
    /// The version of OpenAPI that `raw` is written in.
    pub version: SpecVersion,
    /// Whether it was written in Swagger 2.0, and converted.
    pub swagger: bool,
    /// What it says.
    pub api: Api,
    /// Notes and warnings.
    pub diagnostics: Diagnostics,
}

/// Reads a file as a value, by the rules and within the limits that documents are read by.
///
/// # Errors
///
/// What is wrong with it as YAML or JSON: `invalid-utf8`, `syntax`, `too-large`, `too-deep`,
/// `empty-document`, `duplicate-key`.
pub fn value(input: Input<'_>) -> Result<Value, Diagnostics> {
    let mut sink = Sink::new(input.name);
    let value = source::parse(input.bytes, &mut sink);
    match value {
        Some(value) if sink.errors() == 0 => Ok(value),
        _ => Err(sink.into_found()),
    }
}

/// The files that a document refers to, by their path from its folder with `/` between the
/// parts. `base` is the path of the file that is asked about, so that files which refer to
/// further files can be asked in turn.
pub fn files_beside(input: Input<'_>, base: &str) -> Vec<String> {
    // Most documents are whole, and need not be parsed for that.
    let text = String::from_utf8_lossy(input.bytes);
    let outside = |(at, key): (usize, &str)| {
        let after = text.get(at + key.len()..).unwrap_or_default();
        !after
            .trim_start_matches(['"', '\'', ':', ' '])
            .starts_with('#')
    };
    if !text.match_indices("$ref").any(outside) {
        return Vec::new();
    }
    let mut sink = Sink::new(input.name);
    let value = source::parse(input.bytes, &mut sink);
    value.map_or_else(Vec::new, |value| bundle::files(&value, base))
}

/// The files that a document refers to, and those that they refer to in turn: each with what
/// `load` gives for its path from the document's folder.
pub fn gather(input: Input<'_>, mut load: impl FnMut(&str) -> Result<Vec<u8>, Unread>) -> Beside {
    let own = input.name.rsplit('/').next().unwrap_or_default();
    let mut beside = Beside::default();
    let mut known = HashSet::from([own.to_owned()]);
    let mut wanted = files_beside(input, own);
    while let Some(name) = wanted.pop() {
        if !known.insert(name.clone()) {
            continue;
        }
        match load(&name) {
            Ok(bytes) => {
                let input = Input {
                    name: &name,
                    bytes: &bytes,
                };
                wanted.extend(files_beside(input, &name));
                beside.files.push((name, bytes));
            }
            Err(unread) => beside.unread.push(unread),
        }
    }
    beside
}

/// Reads an OpenAPI document.
///
/// # Errors
///
/// All that could be found wrong in one run, notes and warnings among it; at least one is an
/// error. [`crate::codes::ALL`] lists the codes.
pub fn read(input: Input<'_>, options: &Options<'_>) -> Result<Reading, Diagnostics> {
    let mut sink = Sink::new(input.name).strict(options.strict);
    let Some(mut raw) = source::parse(input.bytes, &mut sink) else {
        return Err(sink.into_found());
    };
    let swagger = swagger2::is_swagger(&raw);
    if !swagger && SpecVersion::of(&raw, &mut sink).is_none() {
        return Err(sink.into_found());
    }
    if let Some(overlay) = &options.overlay {
        let mut own = Sink::new(overlay.name);
        if let Some(value) = source::parse(overlay.bytes, &mut own) {
            overlay::apply(&mut raw, &value, &mut own);
        }
        let failed = own.errors() > 0;
        sink.take(own);
        // What a half corrected document gets wrong is nobody's fault.
        if failed {
            return Err(sink.into_found());
        }
    }
    if swagger {
        raw = swagger2::convert(raw, &mut sink);
    }
    let Some(version) = SpecVersion::of(&raw, &mut sink) else {
        return Err(sink.into_found());
    };
    let mut unread = options.unread.clone();
    let mut files = bundle::Files::new();
    for file in &options.files {
        match fragment(*file, &mut sink) {
            Ok(value) => drop(files.insert(file.name.to_owned(), value)),
            Err(why) => unread.push(why),
        }
    }
    let own_name = input.name.rsplit('/').next().unwrap_or_default();
    let origins = bundle::bundle(&mut raw, &files, &unread, own_name);
    let mut reading = lowered(raw, version, options, &unread, sink);
    let (Ok(Reading { diagnostics, .. }) | Err(diagnostics)) = &mut reading;
    origins.restore(diagnostics);
    if swagger {
        let (Ok(Reading { diagnostics, .. }) | Err(diagnostics)) = &mut reading;
        diagnostics.move_pointers(swagger2::origin);
    }
    reading.map(|reading| Reading { swagger, ..reading })
}

/// What a file beside the document holds. What is no object is no part of a description: it is told
/// by its name alone, as it may be anybody's file, and its text nobody's business.
fn fragment(file: Input<'_>, sink: &mut Sink) -> Result<Value, Unread> {
    let mut own = Sink::new(file.name);
    let value = source::parse(file.bytes, &mut own);
    let unread = |why: String| Unread {
        file: file.name.to_owned(),
        why,
        help: "refer to a file that holds a part of a description".to_owned(),
    };
    match value {
        Some(value) if value.is_object() => {
            sink.take(own);
            Ok(value)
        }
        Some(_) => Err(unread("it holds no map, in YAML or JSON".to_owned())),
        None => {
            let found = own.into_found();
            let first = found.iter().find(|one| one.severity == Severity::Error);
            let what = first.map_or("it cannot be parsed", |one| one.message.as_str());
            let at = first.and_then(|one| one.place.position);
            Err(unread(match at {
                Some(at) => format!("line {}, column {}: {what}", at.line, at.column),
                None => what.to_owned(),
            }))
        }
    }
}

/// The rest of the way, in which the dialects are one.
fn lowered(
    mut raw: Value,
    version: SpecVersion,
    options: &Options<'_>,
    unread: &[Unread],
    mut sink: Sink,
) -> Result<Reading, Diagnostics> {
    if !options.select.is_empty() {
        let before = sink.errors();
        raw = select(&raw, &options.select, &mut sink);
        if sink.errors() > before {
            return Err(sink.into_found());
        }
    }
    let mut lowered = raw.clone();
    downgrade(&mut lowered, version, &mut sink);
    let document = Document::new(lowered);
    let api = lower::lower(&document, unread, &mut sink);
    let errors = sink.errors();
    let mut diagnostics = sink.into_found();
    diagnostics.deduplicate();
    if errors > 0 {
        return Err(diagnostics);
    }
    Ok(Reading {
        raw,
        version,
        swagger: false,
        api,
        diagnostics,
    })
}
