//! What a document says of a list operation's paging parameters and statuses.

use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Expression, Kind, Operation, PaginationStyle, SchemaId, Status};
use serde_json::{Number, Value};

/// What a document says of a list operation's paging parameters and statuses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Documented {
    /// The operation's place.
    pub place: Pointer,
    /// The keys of `responses`.
    pub statuses: Vec<Status>,
    /// Whether callers have to say who they are.
    pub secured: bool,
    /// The page number.
    pub number: Option<Range>,
    /// The offset.
    pub offset: Option<Range>,
    /// The cursor.
    pub cursor: Option<Range>,
    /// The size.
    pub size: Option<Range>,
}

/// What a document says of one paging parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Range {
    /// Its schema's place.
    pub place: Pointer,
    /// Whether it has to be an integer.
    pub integer: bool,
    /// The least value.
    pub minimum: Option<i64>,
    /// The greatest value.
    pub maximum: Option<i64>,
    /// How many bits the format gives it.
    pub bits: Option<u32>,
    /// `default`.
    pub default: Option<Value>,
}

impl Documented {
    /// Gathers what the document says.
    pub fn new(api: &Api, operation: &Operation) -> Self {
        let mut documented = Self {
            place: operation.place.clone(),
            statuses: operation
                .responses
                .iter()
                .map(|response| response.status)
                .collect(),
            secured: !operation.security.is_empty(),
            ..Self::default()
        };
        let Some(profile) = &operation.pagination else {
            return documented;
        };
        let range = |expression: &Expression| range(api, operation, expression);
        match &profile.style {
            PaginationStyle::Page { number, .. } => documented.number = range(number),
            PaginationStyle::Offset { offset, .. } => documented.offset = range(offset),
            PaginationStyle::Cursor { cursor, .. } => documented.cursor = range(cursor),
            PaginationStyle::Link { .. } => {}
        }
        documented.size = profile.size.as_ref().and_then(range);
        documented
    }

    /// Whether this status is a documented success. A document that names no success at all
    /// leaves every 2xx open.
    pub fn succeeds(&self, status: u16) -> bool {
        let mut named = self
            .statuses
            .iter()
            .filter(|key| key.is_success())
            .peekable();
        if named.peek().is_none() {
            return (200..300).contains(&status);
        }
        named.any(|key| key.covers(status))
    }

    /// Whether this status is a documented refusal.
    pub fn refuses(&self, status: u16) -> bool {
        (400..500).contains(&status) && self.statuses.iter().any(|key| key.covers(status))
    }

    /// Whether the document lets the operation refuse a valid request so: it cannot say that one of
    /// two filters has to be there, or that a feature has to be turned on. What is refused for want
    /// of credentials is another matter: the run has to be given them.
    pub fn may_refuse(&self, status: u16) -> bool {
        let credentials = status == 401 || status == 403 && self.secured;
        self.refuses(status) && !credentials
    }

    /// Whether the document names any refusal.
    pub fn names_refusals(&self) -> bool {
        self.statuses.iter().any(|key| match key {
            Status::Code(code) => (400..500).contains(code),
            Status::Range(digit) => *digit == 4,
            Status::Default => true,
        })
    }
}

/// What the schema at a place in the request says.
fn range(api: &Api, operation: &Operation, expression: &Expression) -> Option<Range> {
    let schema = expression.request_schema(api, operation)?;
    Some(of_schema(api, schema))
}

/// What a schema says of a number. Of a union of null and a number, the number counts.
fn of_schema(api: &Api, schema: SchemaId) -> Range {
    let mut range = Range {
        place: api.schemas[schema].place.clone(),
        default: api.schemas[schema].default.clone(),
        ..Range::default()
    };
    let mut id = api.schemas.resolve(schema);
    if let Kind::Union { variants, .. } = &api.schemas[id].kind
        && let [only] = variants.as_slice()
    {
        id = api.schemas.resolve(only.schema);
    }
    let resolved = &api.schemas[id];
    range.default = range.default.or_else(|| resolved.default.clone());
    if let Kind::Integer { format, bounds, .. } = &resolved.kind {
        range.integer = true;
        range.bits = match format.as_deref() {
            Some("int32") => Some(32),
            Some("int64") => Some(64),
            _ => None,
        };
        range.minimum = bounds
            .minimum
            .as_ref()
            .and_then(whole)
            .map(|least| least.saturating_add(i64::from(bounds.exclusive_minimum)));
        range.maximum = bounds
            .maximum
            .as_ref()
            .and_then(whole)
            .map(|greatest| greatest.saturating_sub(i64::from(bounds.exclusive_maximum)));
    }
    range
}

/// A whole number, also where it is written as a string.
pub(in crate::law) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            // 57.0 is the integer 57 (JSON Schema 2020-12 core, section 6.3).
            .or_else(|| {
                number
                    .as_f64()
                    .filter(|float| float.fract() == 0.0 && float.abs() < 9.0e15)
                    .map(|float| float as i64)
            }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A bound as an integer, when it is one.
fn whole(number: &Number) -> Option<i64> {
    integer(&Value::Number(number.clone()))
}
