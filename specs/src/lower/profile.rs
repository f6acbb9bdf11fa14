//! What `x-pagination` and `x-resource` name must be there: parameters, operations, and, as far
//! as schemas tell, places in bodies.

use super::Lowerer;
use super::pagination::CODE;
use crate::Pointer;
use crate::api::{
    Additional, Expression, Kind, MemberValue, Operation, Pagination, PaginationStyle,
    RequestValues, SchemaId, SortKey,
};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::text::nearest;
use std::collections::{HashMap, HashSet};

impl Lowerer<'_, '_> {
    /// Checks all operations; `ids` are where each operationId stands.
    pub(super) fn check_pagination(&mut self, ids: &HashMap<String, Pointer>) {
        let operations = std::mem::take(&mut self.api.operations);
        for operation in &operations {
            if let Some(pagination) = &operation.pagination {
                self.check_profile(operation, pagination, ids);
            }
            if let Some(resource) = &operation.resource {
                let at = operation.place.join("x-resource");
                let parent = resource.parent.as_ref().map(|parent| &parent.id);
                for (expression, place) in [
                    (resource.id.as_ref(), at.join("id")),
                    (resource.ids.as_ref(), at.join("ids")),
                    (parent, at.join("parent").join("id")),
                    (resource.chosen.as_ref(), at.join("chosen")),
                    (resource.input.as_ref(), at.join("input")),
                    (resource.output.as_ref(), at.join("output")),
                    (resource.after.as_ref(), at.join("after")),
                    (resource.limit.as_ref(), at.join("limit")),
                ] {
                    if let Some(expression) = expression {
                        self.check_expression(operation, expression, &place);
                    }
                }
                for (pointer, set) in &resource.sets {
                    if let MemberValue::Given(expression) = set {
                        let place = at.join("sets").join(pointer.as_str());
                        self.check_expression(operation, expression, &place);
                    }
                }
            }
        }
        self.api.operations = operations;
    }

    fn check_profile(
        &mut self,
        operation: &Operation,
        pagination: &Pagination,
        ids: &HashMap<String, Pointer>,
    ) {
        let at = &pagination.place;
        let mut named: Vec<(&Expression, Pointer)> = Vec::new();
        match &pagination.style {
            PaginationStyle::Page { number, .. } => named.push((number, at.join("number"))),
            PaginationStyle::Offset { offset, next } => {
                named.push((offset, at.join("offset")));
                named.extend(next.iter().map(|next| (next, at.join("next"))));
            }
            PaginationStyle::Cursor {
                cursor,
                next,
                previous,
            } => {
                named.push((cursor, at.join("cursor")));
                named.push((next, at.join("next")));
                named.extend(previous.iter().map(|own| (own, at.join("previous"))));
            }
            PaginationStyle::Link { next } => named.push((next, at.join("next"))),
        }
        let echo = at.join("echo");
        let size_key = |place: &Pointer| {
            let size = place.join("size");
            if self.document.get(&size).is_some() {
                size
            } else {
                place.join("limit")
            }
        };
        let (size, echo_size) = (size_key(at), size_key(&echo));
        for (expression, place) in [
            (pagination.size.as_ref(), size),
            (Some(&pagination.items), at.join("items")),
            (pagination.total.as_ref(), at.join("total")),
            (pagination.more.as_ref(), at.join("more")),
            (pagination.echo.number.as_ref(), echo.join("number")),
            (pagination.echo.size.as_ref(), echo_size),
            (pagination.echo.offset.as_ref(), echo.join("offset")),
        ] {
            named.extend(expression.map(|expression| (expression, place)));
        }
        let asks = asks(pagination);
        for (ask, place) in &asks {
            named.extend(
                ask.keys()
                    .map(|expression| (expression, place.join(&expression.to_string()))),
            );
        }
        for (expression, place) in named {
            self.check_expression(operation, expression, &place);
        }
        self.check_items(operation, pagination);
        for (key, id) in [
            ("same_collection", &pagination.same_collection),
            ("get", &pagination.get),
        ] {
            let Some(id) = id else { continue };
            if ids.contains_key(id) {
                continue;
            }
            let mut diagnostic = Diagnostic::error(
                codes::PAGINATION_OPERATION,
                format!("no operation has the operationId `{id}`"),
            )
            .pointer(&at.join(key));
            if let Some(near) = nearest(id, ids.keys().map(String::as_str)) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            self.sink.push(diagnostic);
        }
    }

    fn check_expression(
        &mut self,
        operation: &Operation,
        expression: &Expression,
        place: &Pointer,
    ) {
        match expression {
            Expression::RequestBody(pointer) => {
                let bodies = operation.body.iter().flat_map(|body| &body.content);
                let schemas: Vec<SchemaId> = bodies.filter_map(|media| media.schema).collect();
                self.check_body(&schemas, pointer, "request", place);
                return;
            }
            Expression::ResponseBody(pointer) => {
                let schemas = success_schemas(operation);
                self.check_body(&schemas, pointer, "response", place);
                return;
            }
            _ => {}
        }
        let Some((location, name)) = expression.parameter_name() else {
            return;
        };
        if expression.parameter(operation).is_some() {
            return;
        }
        let names = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == location)
            .map(|parameter| parameter.name.as_str());
        let mut diagnostic = Diagnostic::error(
            codes::PAGINATION_PARAMETER,
            format!("`{expression}` names no parameter of {}", operation.label()),
        )
        .pointer(place);
        if let Some(near) = nearest(name, names) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        self.sink.push(diagnostic);
    }

    fn check_body(&mut self, schemas: &[SchemaId], pointer: &Pointer, of: &str, place: &Pointer) {
        if schemas.is_empty() {
            self.sink.push(
                Diagnostic::error(
                    codes::PAGINATION_POINTER,
                    format!("the operation has no {of} body with a schema"),
                )
                .pointer(place),
            );
            return;
        }
        let found = schemas
            .iter()
            .any(|schema| !self.reached(*schema, pointer).is_empty());
        if !found {
            self.sink.push(
                Diagnostic::error(
                    codes::PAGINATION_POINTER,
                    format!("the {of} schema has nothing at `#{pointer}`"),
                )
                .pointer(place),
            );
        }
    }

    /// Pointers within items must lead somewhere.
    fn check_items(&mut self, operation: &Operation, pagination: &Pagination) {
        let Expression::ResponseBody(items) = &pagination.items else {
            self.error(
                CODE,
                "`items` stand in the response body",
                &pagination.place.join("items"),
            );
            return;
        };
        let mut lists = Vec::new();
        for schema in success_schemas(operation) {
            lists.extend(self.reached(schema, items));
        }
        let elements: Vec<SchemaId> = lists
            .iter()
            .filter_map(|list| match &self.api.schemas[*list].kind {
                Kind::Array { items, .. } => Some(*items),
                _ => None,
            })
            .collect();
        let free = lists
            .iter()
            .any(|list| matches!(self.api.schemas[*list].kind, Kind::Any));
        if !lists.is_empty() && elements.is_empty() && !free {
            self.sink.push(
                Diagnostic::error(codes::PAGINATION_POINTER, "the items are not a list")
                    .pointer(&pagination.place.join("items")),
            );
            return;
        }
        let at = &pagination.place;
        let mut within: Vec<(&Pointer, Pointer)> = Vec::new();
        within.extend(pagination.key.iter().map(|key| (key, at.join("key"))));
        let keys = |keys: &'_ [SortKey], at: Pointer| -> Vec<(Pointer, Pointer)> {
            keys.iter()
                .enumerate()
                .map(|(index, key)| (key.item.clone(), at.index(index).join("item")))
                .collect()
        };
        let mut sorts = keys(&pagination.default_sort, at.join("default_sort"));
        for (index, sort) in pagination.sort.iter().enumerate() {
            sorts.extend(keys(&sort.by, at.join("sort").index(index).join("by")));
        }
        within.extend(sorts.iter().map(|(item, place)| (item, place.clone())));
        for (index, filter) in pagination.filter.iter().enumerate() {
            within.push((&filter.item, at.join("filter").index(index).join("item")));
        }
        if free || elements.is_empty() {
            return;
        }
        for (pointer, place) in within {
            let found = elements
                .iter()
                .any(|element| !self.reached(*element, pointer).is_empty());
            if !found {
                self.sink.push(
                    Diagnostic::error(
                        codes::PAGINATION_POINTER,
                        format!("an item has nothing at `{pointer}`"),
                    )
                    .pointer(&place),
                );
            }
        }
    }

    /// The schemas that a pointer into a value of a schema can lead to; empty where the schema
    /// has nothing there.
    fn reached(&self, schema: SchemaId, pointer: &Pointer) -> Vec<SchemaId> {
        let mut at = vec![schema];
        for token in pointer.tokens() {
            let mut next = Vec::new();
            for schema in self.concrete(&at) {
                match &self.api.schemas[schema].kind {
                    Kind::Any => next.push(schema),
                    Kind::Object {
                        properties,
                        additional,
                        ..
                    } => match (properties.get(&token), additional) {
                        (Some(property), _) => next.push(property.schema),
                        (None, Additional::Allowed(schema)) => next.push(*schema),
                        (None, _) => {}
                    },
                    Kind::Array { items, .. } if token.parse::<usize>().is_ok() => {
                        next.push(*items);
                    }
                    _ => {}
                }
            }
            at = next;
        }
        self.concrete(&at)
    }

    /// The schemas behind aliases and in unions.
    fn concrete(&self, schemas: &[SchemaId]) -> Vec<SchemaId> {
        let mut met = HashSet::new();
        let mut stack = schemas.to_vec();
        let mut concrete = Vec::new();
        while let Some(schema) = stack.pop() {
            if !met.insert(schema) {
                continue;
            }
            match &self.api.schemas[schema].kind {
                Kind::Alias(target) => stack.push(*target),
                Kind::Union { variants, .. } => {
                    stack.extend(variants.iter().map(|variant| variant.schema));
                }
                _ => concrete.push(schema),
            }
        }
        concrete
    }
}

/// The requests that a profile makes, with where they stand.
fn asks(pagination: &Pagination) -> Vec<(&RequestValues, Pointer)> {
    let at = &pagination.place;
    let mut asks = Vec::new();
    for (index, sort) in pagination.sort.iter().enumerate() {
        let at = at.join("sort").index(index);
        asks.push((&sort.set, at.join("set")));
        asks.extend(sort.reverse.iter().map(|ask| (ask, at.join("reverse"))));
    }
    for (index, filter) in pagination.filter.iter().enumerate() {
        asks.push((&filter.set, at.join("filter").index(index).join("set")));
    }
    for (index, ask) in pagination.presentation.iter().enumerate() {
        asks.push((ask, at.join("presentation").index(index)));
    }
    asks
}

/// The schemas of what a success answers.
fn success_schemas(operation: &Operation) -> Vec<SchemaId> {
    operation
        .responses
        .iter()
        .filter(|response| response.status.is_success())
        .flat_map(|response| &response.content)
        .filter_map(|media| media.schema)
        .collect()
}
