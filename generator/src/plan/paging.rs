//! `x-pagination`: runtime expressions become ways through the planned types.

use super::report::Report;
use super::types::Types;
use crate::codes;
use crate::rust::{Access, Item, Output, Paging, PagingStyle, Part, Payload, Struct, Ty};
use plumbline_specs::Pointer;
use plumbline_specs::api::{EmptyToken, Expression, Operation, Pagination, PaginationStyle};
use std::collections::HashMap;

/// Plans how an operation hands out pages; a profile that cannot be followed is a diagnostic.
pub(super) fn paging(
    operation: &Operation,
    output: &Output,
    types: &mut Types<'_>,
    items: &HashMap<String, Item>,
    report: &mut Report,
) -> Option<Paging> {
    let profile = operation.pagination.as_ref()?;
    let body = operation.body.as_ref().and_then(|body| {
        body.content
            .iter()
            .find(|media| media.is_json() || media.essence() == "*/*")
            .and_then(|media| media.schema)
    });
    let ways = Ways {
        operation,
        body: body.map(|body| types.ty(body).0),
        items,
    };
    match ways.plan(profile, output) {
        Ok(paging) => Some(paging),
        Err(reason) => {
            report.warning(
                codes::PAGINATION_UNRESOLVED,
                &profile.place,
                format!("{} has no pages, as {reason}", operation.label()),
                "name a place that the operation's schemas have",
            );
            None
        }
    }
}

struct Ways<'w> {
    operation: &'w Operation,
    /// The type of the JSON body that it sends.
    body: Option<Ty>,
    items: &'w HashMap<String, Item>,
}

impl Ways<'_> {
    fn plan(&self, profile: &Pagination, output: &Output) -> Result<Paging, String> {
        let Output::One(_, Payload::Json(page)) = output else {
            return Err("its success is not one JSON body".to_owned());
        };
        let (items, list) = self.response(page, &profile.items)?;
        let Ty::List(item) = self.plain(&list) else {
            return Err(format!("`{}` is no list", profile.items));
        };
        let optional = |expression: Option<&Expression>| match expression {
            Some(expression) => self.response(page, expression).map(|(way, _)| way),
            None => Ok(Vec::new()),
        };
        let (style, next, echo) = match &profile.style {
            PaginationStyle::Page { number, first } => {
                let style = PagingStyle::Page {
                    number: self.request(number)?,
                    first: *first,
                };
                (style, None, profile.echo.number.as_ref())
            }
            PaginationStyle::Offset { offset, next } => {
                let style = PagingStyle::Offset {
                    offset: self.request(offset)?,
                };
                (style, next.as_ref(), profile.echo.offset.as_ref())
            }
            PaginationStyle::Cursor { cursor, next, .. } => {
                let style = PagingStyle::Cursor {
                    cursor: self.request(cursor)?,
                };
                (style, Some(next), None)
            }
            PaginationStyle::Link { next } => {
                match next {
                    Expression::ResponseHeader(name) if name.eq_ignore_ascii_case("link") => {}
                    other => return Err(format!("`{other}` is no Link header")),
                }
                (PagingStyle::Link, None, None)
            }
        };
        let size = match &profile.size {
            Some(size) => Some(self.request(size)?),
            None => None,
        };
        Ok(Paging {
            style,
            item: *item,
            items,
            next: optional(next)?,
            total: optional(profile.total.as_ref())?,
            more: optional(profile.more.as_ref())?,
            echo: optional(echo)?,
            size,
            short_page_ends: profile.short_pages == Some(false),
            empty_token_ends: profile.empty_token != Some(EmptyToken::First),
        })
    }

    /// The place in the request that an expression names.
    fn request(&self, expression: &Expression) -> Result<Part, String> {
        let declared = expression.parameter(self.operation).is_some();
        match expression {
            Expression::RequestQuery(name) if declared => Ok(Part::Query(name.clone())),
            Expression::RequestHeader(name) if declared => Ok(Part::Header(name.clone())),
            Expression::RequestBody(pointer) => {
                self.in_body(pointer)?;
                Ok(Part::Body(pointer.clone()))
            }
            other => Err(format!("`{other}` is no place in the request")),
        }
    }

    fn in_body(&self, pointer: &Pointer) -> Result<(), String> {
        let missing = || format!("`$request.body#{pointer}` is no place in the request");
        let ty = self.body.as_ref().ok_or_else(missing)?;
        let mut way = Vec::new();
        self.follow(ty, pointer, &mut way).ok_or_else(missing)?;
        Ok(())
    }

    /// The way from a page to the place that an expression names, and the type there.
    fn response(&self, page: &Ty, expression: &Expression) -> Result<(Vec<Access>, Ty), String> {
        let missing = || format!("`{expression}` is no place in the response");
        let Expression::ResponseBody(pointer) = expression else {
            return Err(missing());
        };
        let mut way = Vec::new();
        let ty = self.follow(page, pointer, &mut way).ok_or_else(missing)?;
        Ok((way, ty))
    }

    fn follow(&self, from: &Ty, pointer: &Pointer, way: &mut Vec<Access>) -> Option<Ty> {
        let mut ty = from.clone();
        for token in pointer.tokens() {
            let Ty::Named(name) = self.plain(&ty) else {
                return None;
            };
            let Some(Item::Struct(item)) = self.items.get(&name) else {
                return None;
            };
            let field = item
                .fields
                .iter()
                .find(|field| wire(item, field) == token)?;
            let (inner, boxed) = match &field.ty {
                Ty::Boxed(inner) => (inner.as_ref().clone(), true),
                other => (other.clone(), false),
            };
            way.push(Access {
                field: field.name.clone(),
                presence: field.presence,
                boxed,
            });
            ty = inner;
        }
        Some(ty)
    }

    /// A type, aliases and what stands for null seen through.
    fn plain(&self, ty: &Ty) -> Ty {
        let mut ty = ty.clone();
        for _ in 0..=self.items.len() {
            ty = match &ty {
                Ty::Named(name) => match self.items.get(name) {
                    Some(Item::Alias(alias)) => alias.ty.clone(),
                    _ => break,
                },
                _ => break,
            };
        }
        ty
    }
}

/// A field's name on the wire.
fn wire(item: &Struct, field: &crate::rust::Field) -> String {
    match &field.rename {
        Some(wire) => wire.clone(),
        None => super::types::applied(item.rename_all, &field.name),
    }
}
