//! Requests that a document forbids: each a valid one with one thing wrong.

use crate::contract::{self, Values, body_value, encoded, preferred, put};
use crate::{Contract, Request, Severity};
use plumbline_specs::Pointer;
use plumbline_specs::api::{
    Bounds, Expression, Kind, Location, Operation, PaginationStyle, Parameter, SchemaId,
    Serialization,
};
use serde_json::{Number, Value, json};

/// How many are made of one operation, and how many are tried for it.
const MOST: usize = 40;
const TRIED: usize = 10 * MOST;

/// The longest wrong text, in characters: one above its bound, or one below.
const LONGEST: usize = 5000;

/// Texts that are odd and not wrong.
pub(crate) const ODD: [&str; 2] = ["Zoë ✓ 試験", "100% of a&b=c"];

/// How deep a body is gone into: a property of a property.
const DEPTH: usize = 2;

/// What a server owes to such a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedOutcome {
    /// A refusal: the document forbids the request in so many words.
    Refusal,
    /// A refusal, though many frameworks read on: an acceptance is only worth a warning.
    RefusalOrLenience,
    /// Any answer that is not a failure of the server: the request is odd, not wrong.
    Answer,
}

/// A request with one thing wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalid {
    /// What is wrong, for example "`page` below its minimum".
    pub what: String,
    /// The request.
    pub request: Request,
    /// Where the document says so.
    pub place: Pointer,
    /// What the server owes to it.
    pub owed: ExpectedOutcome,
}

/// The wrong forms of one operation's valid request, the telling ones first. Where a page's
/// size and position stand is left to the law `bounds`.
pub fn requests(
    contract: &Contract,
    operation: &Operation,
    valid: &Request,
    values: &Values,
) -> Vec<Invalid> {
    let mut found = Found {
        contract,
        operation,
        owed: Vec::new(),
        odd: Vec::new(),
        tried: 0,
    };
    for parameter in &operation.parameters {
        if !is_paging(operation, parameter) {
            parameter_forms(contract, operation, parameter, valid, &mut found);
        }
    }
    body_forms(contract, operation, valid, values, &mut found);
    // Odd ones last, so that the bound cuts those.
    let mut forms = found.owed;
    forms.extend(found.odd);
    forms.truncate(MOST);
    forms
}

/// The forms found so far, of each kind no more than are kept: a form of a large body is large.
struct Found<'a> {
    contract: &'a Contract,
    operation: &'a Operation,
    /// Those that a server has to refuse.
    owed: Vec<Invalid>,
    odd: Vec<Invalid>,
    tried: usize,
}

impl Found<'_> {
    /// Keeps a form that is wrong indeed, or odd, while there is a place for it.
    fn push(&mut self, invalid: Invalid) {
        let is_odd = invalid.owed == ExpectedOutcome::Answer;
        let kept = if is_odd { &self.odd } else { &self.owed };
        self.tried += 1;
        if self.tried > TRIED
            || kept.len() >= MOST
            || !(is_odd || self.is_forbidden(&invalid.request))
        {
            return;
        }
        let kept = if is_odd {
            &mut self.odd
        } else {
            &mut self.owed
        };
        kept.push(invalid);
    }

    /// Whether no further form would be kept.
    fn is_full(&self) -> bool {
        self.owed.len() >= MOST || self.tried >= TRIED
    }

    fn is_forbidden(&self, request: &Request) -> bool {
        self.contract
            .check_request(self.operation, request)
            .iter()
            .any(|violation| violation.severity == Severity::Failure)
    }
}

/// Whether a parameter says which page, or how large.
fn is_paging(operation: &Operation, parameter: &Parameter) -> bool {
    let Some(profile) = &operation.pagination else {
        return false;
    };
    let position = match &profile.style {
        PaginationStyle::Page { number, .. } => Some(number),
        PaginationStyle::Offset { offset, .. } => Some(offset),
        PaginationStyle::Cursor { cursor, .. } => Some(cursor),
        PaginationStyle::Link { .. } => None,
    };
    position.into_iter().chain(&profile.size).any(|expression| {
        matches!(expression, Expression::RequestQuery(name) if parameter.location == Location::Query && *name == parameter.name)
    })
}

/// A wrong or odd text for a parameter.
struct Form {
    what: &'static str,
    text: String,
    owed: ExpectedOutcome,
}

fn form(what: &'static str, text: impl Into<String>) -> Form {
    Form {
        what,
        text: text.into(),
        owed: ExpectedOutcome::Refusal,
    }
}

fn parameter_forms(
    contract: &Contract,
    operation: &Operation,
    parameter: &Parameter,
    valid: &Request,
    found: &mut Found<'_>,
) {
    let name = &parameter.name;
    if parameter.required && parameter.location != Location::Path {
        let mut request = valid.clone();
        request.query.retain(|(own, _)| own != &encoded(name));
        request
            .headers
            .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        found.push(Invalid {
            what: format!("`{name}` missing"),
            request,
            place: parameter.place.clone(),
            owed: ExpectedOutcome::Refusal,
        });
    }
    for form in texts(contract, parameter) {
        let mut request = valid.clone();
        if parameter.location == Location::Path {
            request.path = contract::with_path_value(operation, &valid.path, name, &form.text);
        } else {
            put(&mut request, &plain(parameter), &Value::String(form.text));
        }
        found.push(Invalid {
            what: format!("`{name}` {}", form.what),
            request,
            place: parameter.place.clone(),
            owed: form.owed,
        });
    }
}

/// The parameter written as one text, whatever its style.
fn plain(parameter: &Parameter) -> Parameter {
    let mut parameter = parameter.clone();
    if let Serialization::Style { explode, .. } = &mut parameter.serialization {
        *explode = true;
    }
    parameter
}

fn texts(contract: &Contract, parameter: &Parameter) -> Vec<Form> {
    let odd = |text: &str, what| Form {
        what,
        text: text.to_owned(),
        owed: ExpectedOutcome::Answer,
    };
    if matches!(parameter.serialization, Serialization::Content(_)) {
        return vec![
            form("malformed JSON", "[{"),
            form("of another type", "7"),
            form("an object where a list is due", "{\"a\":1}"),
            form("a list of another type", "[7]"),
            form("a list of objects without their members", "[{}]"),
        ];
    }
    let id = contract.api.schemas.resolve(parameter.schema);
    let mut forms = match &contract.api.schemas[id].kind {
        Kind::Boolean { .. } => vec![Form {
            what: "not a boolean",
            text: "plumbline".to_owned(),
            owed: ExpectedOutcome::RefusalOrLenience,
        }],
        Kind::Array { items, .. } => {
            let item = contract.api.schemas.resolve(*items);
            scalar_forms(contract, item)
        }
        _ => scalar_forms(contract, id),
    };
    // Where anything goes, this must go too; elsewhere it is one more malformed value.
    let free = matches!(
        contract.api.schemas[id].kind,
        Kind::String {
            values: None,
            format: None,
            pattern: None,
            ..
        } | Kind::Any
    );
    if free && parameter.location != Location::Header {
        let [letters, signs] = ODD;
        forms.push(odd(letters, "not ASCII"));
        forms.push(odd(signs, "with a percent sign"));
    }
    forms
}

/// Wrong texts for a scalar schema.
fn scalar_forms(contract: &Contract, id: SchemaId) -> Vec<Form> {
    match &contract.api.schemas[id].kind {
        Kind::Integer { bounds, values, .. } => {
            let mut forms = vec![form("not a number", "plumbline"), form("a fraction", "1.5")];
            if values.is_some() {
                forms.push(form("not one of the values", "987654321"));
            }
            forms.extend(out_of(bounds));
            forms
        }
        Kind::Number { bounds, .. } => {
            let mut forms = vec![form("not a number", "plumbline")];
            forms.extend(out_of(bounds));
            forms
        }
        Kind::String {
            values: Some(_), ..
        } => vec![form("not one of the values", "plumbline-none")],
        Kind::String {
            format,
            pattern,
            min_length,
            max_length,
            ..
        } => {
            let mut forms = Vec::new();
            match format.as_deref() {
                Some("uuid" | "uuid4" | "uuid7") => {
                    forms.push(form("a malformed UUID", "0195f0a0-zzzz"))
                }
                Some("date-time" | "date") => {
                    forms.push(form("a malformed date", "2026-13-45T99:00:00Z"))
                }
                _ => {}
            }
            if pattern.is_some() {
                forms.push(form("against its pattern", "\u{1f9ea} plumbline"));
            }
            if let Some(most) = max_length
                .and_then(|most| usize::try_from(most).ok())
                .filter(|most| *most < LONGEST)
            {
                forms.push(form("too long", "x".repeat(most + 1)));
            }
            if let Some(least) = min_length
                .and_then(|least| usize::try_from(least).ok())
                .filter(|least| *least > 1)
            {
                forms.push(form("too short", "x".repeat((least - 1).min(LONGEST))));
            }
            forms
        }
        Kind::Union { .. } => vec![form("of no alternative", "plumbline")],
        _ => Vec::new(),
    }
}

/// The nearest whole numbers beyond the bounds; an exclusive bound is one itself.
fn out_of(bounds: &Bounds) -> Vec<Form> {
    let step = |exclusive: bool, step: i64| if exclusive { 0 } else { step };
    let below = step(bounds.exclusive_minimum, -1);
    let above = step(bounds.exclusive_maximum, 1);
    let mut forms = Vec::new();
    forms.extend(beyond(bounds.minimum.as_ref(), below, "below its minimum"));
    forms.extend(beyond(bounds.maximum.as_ref(), above, "above its maximum"));
    forms
}

fn beyond(bound: Option<&Number>, step: i64, what: &'static str) -> Option<Form> {
    let bound = bound?;
    let text = match (bound.as_i64(), step) {
        (Some(bound), _) => bound.checked_add(step)?.to_string(),
        (None, 0) => bound.to_string(),
        (None, below) if below < 0 => (bound.as_f64()? - 1.0).to_string(),
        (None, _) => (bound.as_f64()? + 1.0).to_string(),
    };
    Some(form(what, text))
}

fn body_forms(
    contract: &Contract,
    operation: &Operation,
    valid: &Request,
    values: &Values,
    found: &mut Found<'_>,
) {
    let Some(body) = &operation.body else {
        return;
    };
    let Some(media) = preferred(body)
        .filter(|media| contract::media::is_json(&media.name) || media.name.contains('*'))
    else {
        return;
    };
    let mut whole = |what: &str, bytes: Option<Vec<u8>>, owed: ExpectedOutcome| {
        let mut request = valid.clone();
        request.body = bytes;
        found.push(Invalid {
            what: format!("the body {what}"),
            request,
            place: media.place.clone(),
            owed,
        });
    };
    whole(
        "malformed JSON",
        Some(b"{\"plumbline\": ".to_vec()),
        ExpectedOutcome::Refusal,
    );
    if body.required {
        whole("empty", Some(Vec::new()), ExpectedOutcome::Refusal);
    }
    whole(
        "of another type",
        Some(b"\"plumbline\"".to_vec()),
        ExpectedOutcome::Refusal,
    );
    let mut typed = valid.clone();
    for (name, value) in &mut typed.headers {
        if name.eq_ignore_ascii_case("content-type") {
            "text/plain".clone_into(value);
        }
    }
    found.push(Invalid {
        what: "the body as text/plain".to_owned(),
        request: typed,
        place: media.place.clone(),
        owed: ExpectedOutcome::RefusalOrLenience,
    });
    let Some(schema) = media.schema else {
        return;
    };
    let base = valid
        .body
        .as_deref()
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_else(|| body_value(contract, operation, media, values));
    members(
        contract,
        valid,
        &base,
        schema,
        &Pointer::root(),
        DEPTH,
        found,
    );
}

/// The properties of the object at `at`, each wrong in its ways.
fn members(
    contract: &Contract,
    valid: &Request,
    base: &Value,
    schema: SchemaId,
    at: &Pointer,
    depth: usize,
    found: &mut Found<'_>,
) {
    let id = contract.api.schemas.resolve(schema);
    let Kind::Object { properties, .. } = &contract.api.schemas[id].kind else {
        return;
    };
    for (name, property) in properties {
        if found.is_full() {
            return;
        }
        let own = &contract.api.schemas[property.schema];
        let target_id = contract.api.schemas.resolve(property.schema);
        let target = &contract.api.schemas[target_id];
        if own.read_only || target.read_only {
            continue;
        }
        let pointer = at.join(name);
        let shown = pointer.as_str();
        let mut add = |what: &str, value: Option<Value>, owed: ExpectedOutcome| {
            let mut body = base.clone();
            match value {
                Some(value) => contract::write_at(&mut body, &pointer, value),
                None => {
                    if let Some(Value::Object(members)) = body.pointer_mut(at.as_str()) {
                        members.shift_remove(name);
                    }
                }
            }
            let mut request = valid.clone();
            request.body = Some(body.to_string().into_bytes());
            found.push(Invalid {
                what: format!("`{shown}` {what}"),
                request,
                place: target.place.clone(),
                owed,
            });
        };
        if property.required {
            add("missing", None, ExpectedOutcome::Refusal);
        }
        if let Some(value) = wrong_type(&target.kind) {
            add("of another type", Some(value), ExpectedOutcome::Refusal);
        }
        for form in scalar_forms(contract, target_id) {
            if let Some(value) = wrong_value(&target.kind, &form) {
                add(form.what, Some(value), form.owed);
            }
        }
        if let Kind::Array { items, .. } = &target.kind {
            let item = contract.api.schemas.resolve(*items);
            for form in scalar_forms(contract, item).into_iter().take(1) {
                add(
                    "with an item that is wrong",
                    Some(json!([form.text])),
                    ExpectedOutcome::Refusal,
                );
            }
        }
        if matches!(
            &target.kind,
            Kind::String {
                values: None,
                format: None,
                pattern: None,
                content: None,
                ..
            }
        ) && depth == DEPTH
        {
            add(
                "not ASCII",
                Some(json!("Zoë ✓ 試験 100%")),
                ExpectedOutcome::Answer,
            );
        }
        let present = base.pointer(pointer.as_str()).is_some();
        if depth > 1 && present && matches!(target.kind, Kind::Object { .. }) {
            members(
                contract,
                valid,
                base,
                property.schema,
                &pointer,
                depth - 1,
                found,
            );
        }
    }
}

/// A value of a type that the schema has not, and that no framework turns into one it has.
fn wrong_type(kind: &Kind) -> Option<Value> {
    Some(match kind {
        Kind::String { .. } | Kind::Mixed { .. } | Kind::Array { .. } | Kind::Tuple { .. } => {
            json!({"plumbline": true})
        }
        Kind::Integer { .. } | Kind::Number { .. } | Kind::Boolean { .. } | Kind::Object { .. } => {
            json!("plumbline")
        }
        Kind::Union { .. } => json!({"plumbline": [true]}),
        Kind::Any | Kind::Never | Kind::Null | Kind::Alias(_) => return None,
    })
}

/// A wrong text as a value of the body; the type itself is tried elsewhere.
fn wrong_value(kind: &Kind, form: &Form) -> Option<Value> {
    match kind {
        Kind::Integer { .. } | Kind::Number { .. } => serde_json::from_str(&form.text).ok(),
        Kind::String { .. } => Some(Value::String(form.text.clone())),
        _ => None,
    }
}
