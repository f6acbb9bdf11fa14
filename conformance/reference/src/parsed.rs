//! What a list request asks for: a position, a size, a selection and an order.

use super::complaint::{Complaint, Matter, place_of};
use super::context::RequestContext;
use super::selection::{Want, default_order, order, wants};
use super::token::{self, Token};
use super::value::text;
use plumbline_specs::api::{
    Bounds, EmptyToken, Expression, Kind, Pagination, PaginationStyle, SortKey,
};
use serde_json::Value;

/// The size of a page where the document has neither a default nor a maximum.
const SIZE: u64 = 50;

/// Where a page begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Position {
    /// At the first item.
    Start,
    /// With the page of that number.
    Page(i64),
    /// After that many items.
    Offset(i64),
    /// Where a token says.
    Token(Token),
}

/// A list request, understood.
#[derive(Clone, Debug)]
pub(super) struct ParsedPaging {
    pub(super) position: Position,
    /// How many items; `None` gives all.
    pub(super) size: Option<u64>,
    pub(super) wants: Vec<Want>,
    pub(super) order: Vec<SortKey>,
}

/// An integer at a place of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Integer {
    Absent,
    Is(i64),
    /// An integer, but beyond 64 bits.
    Beyond,
    Unreadable,
}

impl RequestContext<'_> {
    /// The integer at a place of the request.
    pub(super) fn integer(&self, place: &Expression) -> Integer {
        let Some(value) = self.read(place) else {
            return Integer::Absent;
        };
        let own = match &value {
            // A null in a body asks for nothing.
            Value::Null => return Integer::Absent,
            Value::Number(number) => number.to_string(),
            Value::String(text) if !matches!(place, Expression::RequestBody(_)) => text.clone(),
            _ => return Integer::Unreadable,
        };
        let digits = own.strip_prefix('-').unwrap_or(&own);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Integer::Unreadable;
        }
        own.parse().map_or(Integer::Beyond, Integer::Is)
    }

    /// The place of the token that a request hands in: the profile's, or for a Link header the
    /// query parameter that the document names, `cursor` where it names none.
    pub(super) fn token_place(&self, profile: &Pagination) -> Option<Expression> {
        match &profile.style {
            PaginationStyle::Cursor { cursor, .. } => Some(cursor.clone()),
            PaginationStyle::Link { .. } => {
                const NAMES: [&str; 7] = [
                    "cursor",
                    "page_token",
                    "after",
                    "starting_after",
                    "token",
                    "page",
                    "page[cursor]",
                ];
                let named = NAMES.iter().find(|name| {
                    let place = Expression::RequestQuery((**name).to_owned());
                    place.request_schema(self.api(), self.operation).is_some()
                });
                Some(Expression::RequestQuery(
                    (*named.unwrap_or(&"cursor")).to_owned(),
                ))
            }
            PaginationStyle::Page { .. } | PaginationStyle::Offset { .. } => None,
        }
    }

    /// The integer bounds that the document gives to a place.
    fn bounds(&self, place: &Expression) -> Option<(&Bounds, Option<&str>)> {
        let api = self.api();
        let schema = place.request_schema(api, self.operation)?;
        match &api.schemas[api.schemas.resolve(schema)].kind {
            Kind::Integer { bounds, format, .. } => Some((bounds, format.as_deref())),
            Kind::Union { variants, .. } => variants.iter().find_map(|variant| {
                match &api.schemas[api.schemas.resolve(variant.schema)].kind {
                    Kind::Integer { bounds, format, .. } => Some((bounds, format.as_deref())),
                    _ => None,
                }
            }),
            _ => None,
        }
    }

    /// The default that the document gives to a place.
    fn default(&self, place: &Expression) -> Option<Value> {
        let api = self.api();
        let schema = place.request_schema(api, self.operation)?;
        let own = &api.schemas[schema];
        own.default
            .clone()
            .or_else(|| api.schemas[api.schemas.resolve(schema)].default.clone())
    }

    /// The greatest size that is answered in full.
    pub(super) fn maximum(&self, profile: &Pagination) -> Option<u64> {
        let documented = profile
            .size
            .as_ref()
            .and_then(|place| self.bounds(place))
            .and_then(|(bounds, _)| bounds.maximum.as_ref()?.as_u64());
        profile.maximum.or(documented)
    }

    /// The size of a page when none is asked for; `None` where the document has no size at all.
    pub(super) fn default_size(&self, profile: &Pagination) -> Option<u64> {
        let place = profile.size.as_ref()?;
        match self.default(place) {
            Some(Value::Null) => None,
            Some(value) => value.as_u64(),
            None => Some(self.maximum(profile).map_or(SIZE, |most| most.min(SIZE))),
        }
    }
}

/// What the profile finds wrong with the request's paging, beyond the schemas: numbers that are
/// none, that do not fit, that are below the first; tokens that this list did not give.
pub(super) fn complaints(context: &RequestContext<'_>) -> Vec<Complaint> {
    let Some(profile) = &context.operation.pagination else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut judge = |place: &Expression, least: i64| {
        let name = place_of(place);
        let name = name
            .rsplit(['.', '/'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let (matter, message) = match context.integer(place) {
            Integer::Absent => return,
            Integer::Unreadable => (Matter::Unreadable, format!("{name} must be an integer")),
            Integer::Beyond => (Matter::Unreadable, format!("{name} is out of range")),
            Integer::Is(number) => {
                let bounds = context.bounds(place);
                let most = bounds.and_then(|(bounds, _)| bounds.maximum.as_ref()?.as_i64());
                let narrow = bounds.is_some_and(|(_, format)| format == Some("int32"));
                if number < least {
                    (
                        Matter::Bounds,
                        format!("query param {name} must be greater than or equal to {least}"),
                    )
                } else if most.is_some_and(|most| number > most)
                    || (narrow && i32::try_from(number).is_err())
                {
                    (Matter::Bounds, format!("query param {name} is too great"))
                } else {
                    return;
                }
            }
        };
        found.push(Complaint {
            matter,
            place: place_of(place),
            message,
        });
    };
    match &profile.style {
        PaginationStyle::Page { number, first } => judge(number, *first),
        PaginationStyle::Offset { offset, .. } => judge(offset, 0),
        PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => {}
    }
    if let Some(size) = &profile.size {
        judge(size, 1);
    }
    if let Some(place) = context.token_place(profile)
        && let Some(text) = context.read(&place).map(|value| text(&value))
        && token::read(context, profile, &text).is_none()
        && !(text.is_empty() && profile.empty_token == Some(EmptyToken::First))
    {
        found.push(Complaint {
            matter: Matter::Cursor,
            place: place_of(&place),
            message: "the cursor is not one that this list gave".to_owned(),
        });
    }
    found
}

/// Understands a list request. Whatever is wrong with it counts as not asked.
pub(super) fn ask(context: &RequestContext<'_>) -> ParsedPaging {
    let Some(profile) = &context.operation.pagination else {
        return ParsedPaging {
            position: Position::Start,
            size: None,
            wants: Vec::new(),
            order: default_order(context, None),
        };
    };
    let number = |place: &Expression| match context.integer(place) {
        Integer::Is(number) => Some(number),
        _ => None,
    };
    let position = match &profile.style {
        PaginationStyle::Page {
            number: place,
            first,
        } => Position::Page(number(place).unwrap_or(*first)),
        PaginationStyle::Offset { offset, .. } => Position::Offset(number(offset).unwrap_or(0)),
        PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => context
            .token_place(profile)
            .and_then(|place| context.read(&place))
            .and_then(|value| token::read(context, profile, &text(&value)))
            .map_or(Position::Start, Position::Token),
    };
    let asked = profile.size.as_ref().and_then(number);
    let size = match asked {
        Some(size) => Some(u64::try_from(size).unwrap_or(0)),
        None => context.default_size(profile),
    };
    let size = match (size, profile.maximum) {
        (Some(size), Some(most)) => Some(size.min(most)),
        (None, Some(most)) => Some(most),
        (size, None) => size,
    };
    ParsedPaging {
        position,
        size,
        wants: wants(context, profile),
        order: order(context, profile),
    }
}
