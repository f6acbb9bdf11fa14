//! Compiled validators, one for each schema asked about, and their errors in our words.

use super::usable::{Usable, options};
use super::{Direction, Violation, branching, explain, schema};
use crate::rule;
use jsonschema::{Keyword, Registry, ValidationError, Validator};
use plumbline_specs::Pointer;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// How many faults of one value are told; the rest is like them.
const FAULTS: usize = 20;

/// The validators of one document, both ways.
pub(super) struct Validators {
    request: Side,
    response: Side,
}

/// The validators of one direction, compiled when first needed.
struct Side {
    registry: Arc<Registry<'static>>,
    compiled: RwLock<HashMap<Pointer, Slot>>,
}

/// A validator, or why there is none.
type Slot = Arc<OnceLock<Result<Compiled, String>>>;

/// A validator of one schema.
struct Compiled {
    validator: Validator,
    /// Whether it may look at a value too often.
    branches: bool,
}

impl Compiled {
    /// Whether this value can be validated in time.
    fn takes(&self, raw: &Value, place: &Pointer, value: &Value) -> bool {
        !self.branches
            || raw
                .pointer(place.as_str())
                .is_none_or(|schema| branching::is_bounded(raw, schema, value))
    }
}

/// So many schemas may stand within one another, references followed: a validator takes time that is
/// quadratic in that to be made.
const DEPTH: usize = 2_000;

impl Validators {
    /// Takes the document in; `Err` says what its references or ids lack. What of it cannot be used
    /// is given besides: the place of each keyword, and why.
    pub(super) fn new(raw: &Value) -> Result<(Self, Vec<(String, String)>), String> {
        let usable = Usable::default();
        let request = Side::new(raw, Direction::Request, &usable)?;
        let found = usable.found();
        // What cannot be used is the same both ways.
        let response = Side::new(raw, Direction::Response, &Usable::default())?;
        Ok((Self { request, response }, found))
    }

    /// The faults of `value` by the schema at `place`.
    pub(super) fn validate(
        &self,
        raw: &Value,
        place: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> Vec<Violation> {
        let side = match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        };
        let slot = side.slot(place);
        match slot.get_or_init(|| side.compile(raw, place)) {
            Ok(compiled) if !compiled.takes(raw, place, value) => vec![
                Violation::new(
                    rule::check::BODY_SCHEMA,
                    format!(
                        "the value cannot be judged: the schema branches so often that it would be looked at more than {} times",
                        branching::MOST
                    ),
                )
                .expected("a schema that can be decided")
                .actual(explain::rendered(value))
                .at("")
                .at_place(place),
            ],
            Ok(compiled) if compiled.validator.is_valid(value) => Vec::new(),
            Ok(compiled) => {
                let errors = compiled.validator.iter_errors(value);
                explain::violations(raw, place, errors.take(FAULTS).collect())
            }
            Err(reason) => vec![
                Violation::new(
                    rule::check::BODY_SCHEMA,
                    format!("the schema cannot be used: {reason}"),
                )
                .expected("a schema of JSON Schema")
                .at_place(place)
                .warning(),
            ],
        }
    }

    /// Whether `value` is valid, for callers that need no reasons.
    pub(super) fn is_valid(
        &self,
        raw: &Value,
        place: &Pointer,
        direction: Direction,
        value: &Value,
    ) -> bool {
        let side = match direction {
            Direction::Request => &self.request,
            Direction::Response => &self.response,
        };
        side.slot(place)
            .get_or_init(|| side.compile(raw, place))
            .as_ref()
            .is_ok_and(|compiled| {
                compiled.takes(raw, place, value) && compiled.validator.is_valid(value)
            })
    }
}

impl Side {
    fn new(raw: &Value, direction: Direction, usable: &Usable) -> Result<Self, String> {
        let registry = Registry::new()
            .draft(jsonschema::Draft::Draft202012)
            .add(schema::DOCUMENT, schema::translate(raw, direction, usable))
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            registry: Arc::new(registry),
            compiled: RwLock::default(),
        })
    }

    fn slot(&self, place: &Pointer) -> Slot {
        let read = self.compiled.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = read.get(place) {
            return Arc::clone(slot);
        }
        drop(read);
        let mut write = self
            .compiled
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(write.entry(place.clone()).or_default())
    }

    fn compile(&self, raw: &Value, place: &Pointer) -> Result<Compiled, String> {
        let reach = raw
            .pointer(place.as_str())
            .map(|schema| branching::reach(raw, schema))
            .unwrap_or_default();
        if reach.depth > DEPTH {
            return Err(format!(
                "more than {DEPTH} schemas stand within one another"
            ));
        }
        let reference = format!("{}#{}", schema::DOCUMENT, fragment(place));
        Ok(Compiled {
            validator: build(&self.registry, &json!({"$ref": reference}))?,
            branches: reach.branches,
        })
    }
}

/// Builds a validator against a document's registry.
fn build(registry: &Arc<Registry<'static>>, schema: &Value) -> Result<Validator, String> {
    let nested = Arc::clone(registry);
    options()
        .with_registry(registry)
        .should_validate_formats(true)
        .with_format("uuid4", |text| is_uuid(text, Some(4)))
        .with_format("uuid7", |text| is_uuid(text, Some(7)))
        .with_format("byte", is_base64)
        .with_keyword("contentSchema", move |_, value, _| {
            Ok(Box::new(Embedded {
                registry: Arc::clone(&nested),
                schema: value.clone(),
                validator: OnceLock::new(),
            }))
        })
        .build(schema)
        .map_err(|error| error.to_string())
}

/// A pointer as a URI's fragment.
fn fragment(place: &Pointer) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const SET: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(place.as_str(), SET).to_string()
}

fn is_uuid(text: &str, version: Option<usize>) -> bool {
    text.len() == 36
        && uuid::Uuid::try_parse(text)
            .is_ok_and(|uuid| version.is_none_or(|version| uuid.get_version_num() == version))
}

fn is_base64(text: &str) -> bool {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .is_ok()
}

/// A JSON text in a string, by `contentSchema`. It is compiled when first met: a schema may
/// hold itself that way.
struct Embedded {
    registry: Arc<Registry<'static>>,
    schema: Value,
    validator: OnceLock<Result<Validator, String>>,
}

impl Embedded {
    fn fault(&self, text: &str) -> Option<String> {
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => return Some(format!("the string does not hold JSON: {error}")),
        };
        match self
            .validator
            .get_or_init(|| build(&self.registry, &self.schema))
        {
            Ok(validator) => validator.validate(&value).err().map(|error| {
                format!(
                    "the JSON in the string, at `{}`: {error}",
                    error.instance_path()
                )
            }),
            // The schema itself is at fault, not the value.
            Err(_) => None,
        }
    }
}

impl<'i> Keyword<'i> for Embedded {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match instance.as_str().and_then(|text| self.fault(text)) {
            Some(fault) => Err(ValidationError::custom(crate::shorten::shorten(
                &fault, 400,
            ))),
            None => Ok(()),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance
            .as_str()
            .is_none_or(|text| self.fault(text).is_none())
    }
}
