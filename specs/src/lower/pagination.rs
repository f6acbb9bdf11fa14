//! `x-pagination`: the profile of a list operation, read and checked against the operation.

use super::Lowerer;
use super::extension::{Fields, parse_expression};
use crate::Pointer;
use crate::api::{
    Additional, Ask, Echo, EmptyToken, Expression, Filter, Kind, Location, Match, Operation, Order,
    Pagination, PaginationStyle, PastTheEnd, SchemaId, SizeEcho, Sort, SortKey,
};
use crate::diagnostic::Diagnostic;
use crate::text::nearest;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

const CODE: &str = "invalid-pagination";

/// What all styles know.
const COMMON: [&str; 17] = [
    "style",
    "items",
    "key",
    "total",
    "more",
    "echo",
    "sort",
    "filter",
    "presentation",
    "same_collection",
    "get",
    "maximum",
    "default_sort",
    "size_echo",
    "past_the_end",
    "short_pages",
    "empty_token",
];

impl<'d> Lowerer<'d, '_> {
    /// The profile of the operation at a place.
    ///
    /// # Errors
    ///
    /// `None` with `invalid-pagination` in the sink.
    pub(super) fn pagination(&mut self, operation: &Pointer) -> Option<Pagination> {
        self.member(operation, "x-pagination")?;
        let place = operation.join("x-pagination");
        let document = self.document;
        let name = document
            .map(&place)
            .and_then(|map| map.get("style"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let own: &[&str] = match name {
            "page" => &["number", "size", "first"],
            "offset" => &["offset", "limit", "size", "next"],
            "cursor" => &["cursor", "limit", "size", "next", "previous"],
            _ => &["next", "limit", "size"],
        };
        let mut known = COMMON.to_vec();
        known.extend_from_slice(own);
        let fields = self.fields(place.clone(), CODE, &known)?;
        self.needed(&fields, "style");
        let style = self.style(&fields, name);
        let size = match self.expression(&fields, "size") {
            Some(size) => Some(size),
            None => self.expression(&fields, "limit"),
        };
        let items = self.needed_expression(&fields, "items");
        let key = self.pointer(&fields, "key");
        let total = self.expression(&fields, "total");
        let more = self.expression(&fields, "more");
        let echo = self.echo(&fields);
        let sort = self.list(&fields, "sort", Self::sort);
        let filter = self.list(&fields, "filter", Self::filter);
        let presentation = self.list(&fields, "presentation", |lowerer, fields| {
            Some(lowerer.ask(fields.place.clone()))
        });
        let default_sort = self.list(&fields, "default_sort", Self::sort_key);
        let same_collection = self.text(&fields, "same_collection").map(str::to_owned);
        let get = self.text(&fields, "get").map(str::to_owned);
        let maximum = self.count(&fields, "maximum");
        let size_echo = [("asked", SizeEcho::Asked), ("items", SizeEcho::Items)];
        let size_echo = self.word(&fields, "size_echo", &size_echo);
        let short_pages = [("never", false), ("allowed", true)];
        let short_pages = self.word(&fields, "short_pages", &short_pages);
        let empty_token = [("end", EmptyToken::End), ("first", EmptyToken::First)];
        let empty_token = self.word(&fields, "empty_token", &empty_token);
        let past_the_end = self.past_the_end(&fields);
        Some(Pagination {
            place,
            style: style?,
            size,
            items: items?,
            key,
            total,
            more,
            echo,
            sort,
            filter,
            presentation,
            same_collection,
            get,
            maximum,
            default_sort,
            size_echo,
            past_the_end,
            short_pages,
            empty_token,
        })
    }

    fn style(&mut self, fields: &Fields<'d>, name: &str) -> Option<PaginationStyle> {
        let next = self.expression(fields, "next");
        match name {
            "page" => Some(PaginationStyle::Page {
                number: self.needed_expression(fields, "number")?,
                first: match fields.get("first") {
                    None => 1,
                    Some(value) => match value.as_i64() {
                        Some(first) => first,
                        None => {
                            self.wrong(fields, "first", "a whole number");
                            return None;
                        }
                    },
                },
            }),
            "offset" => Some(PaginationStyle::Offset {
                offset: self.needed_expression(fields, "offset")?,
                next,
            }),
            "cursor" => {
                let cursor = self.needed_expression(fields, "cursor");
                let previous = self.expression(fields, "previous");
                if fields.get("next").is_none() {
                    self.error(CODE, "`next` is missing", &fields.place);
                }
                Some(PaginationStyle::Cursor {
                    cursor: cursor?,
                    next: next?,
                    previous,
                })
            }
            "link" => {
                if fields.get("next").is_none() {
                    self.error(CODE, "`next` is missing", &fields.place);
                }
                Some(PaginationStyle::Link { next: next? })
            }
            "" => None,
            _ => {
                self.wrong(fields, "style", "one of page, offset, cursor, link");
                None
            }
        }
    }

    fn echo(&mut self, fields: &Fields<'d>) -> Echo {
        if fields.get("echo").is_none() {
            return Echo::default();
        }
        let at = fields.place.join("echo");
        let Some(echo) = self.fields(at, CODE, &["number", "size", "limit", "offset"]) else {
            return Echo::default();
        };
        Echo {
            number: self.expression(&echo, "number"),
            size: match self.expression(&echo, "size") {
                Some(size) => Some(size),
                None => self.expression(&echo, "limit"),
            },
            offset: self.expression(&echo, "offset"),
        }
    }

    fn past_the_end(&mut self, fields: &Fields<'d>) -> Option<PastTheEnd> {
        let value = fields.get("past_the_end")?;
        let status = value
            .as_u64()
            .or_else(|| value.as_str()?.parse().ok())
            .and_then(|status| u16::try_from(status).ok())
            .filter(|status| (100..=999).contains(status));
        let found = match (value.as_str(), status) {
            (Some("empty"), _) => Some(PastTheEnd::Empty),
            (_, Some(status)) => Some(PastTheEnd::Status(status)),
            _ => None,
        };
        if found.is_none() {
            self.wrong(fields, "past_the_end", "`empty` or a status");
        }
        found
    }

    /// The maps of a list, each read by a function.
    fn list<T>(
        &mut self,
        fields: &Fields<'d>,
        key: &'static str,
        read: impl Fn(&mut Self, &Fields<'d>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = fields.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.as_array() else {
            self.wrong(fields, key, "a list");
            return Vec::new();
        };
        let known: &[&str] = match key {
            "sort" => &["set", "reverse", "by"],
            "filter" => &["set", "item", "match"],
            "by" | "default_sort" => &["item", "order"],
            // The keys of an ask are expressions.
            _ => &[],
        };
        let at = fields.place.join(key);
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = at.index(index);
            let own: Vec<&str> = match item.as_object() {
                Some(map) if known.is_empty() => map.keys().map(String::as_str).collect(),
                _ => known.to_vec(),
            };
            if let Some(fields) = self.fields(place, CODE, &own) {
                list.extend(read(self, &fields));
            }
        }
        list
    }

    fn sort(&mut self, fields: &Fields<'d>) -> Option<Sort> {
        let set = self.needed_ask(fields);
        let reverse = fields
            .get("reverse")
            .map(|_| self.ask(fields.place.join("reverse")));
        let by = self.list(fields, "by", Self::sort_key);
        if by.is_empty() {
            self.error(CODE, "`by` says how items show the order", &fields.place);
        }
        Some(Sort {
            set: set?,
            reverse,
            by,
        })
    }

    fn sort_key(&mut self, fields: &Fields<'d>) -> Option<SortKey> {
        self.needed(fields, "item");
        let item = self.pointer(fields, "item");
        let orders = [
            ("ascending", Order::Ascending),
            ("descending", Order::Descending),
        ];
        self.needed(fields, "order");
        let order = self.word(fields, "order", &orders);
        Some(SortKey {
            item: item?,
            order: order?,
        })
    }

    fn filter(&mut self, fields: &Fields<'d>) -> Option<Filter> {
        let set = self.needed_ask(fields);
        self.needed(fields, "item");
        let item = self.pointer(fields, "item");
        let matches = [
            ("equals", Match::Equals),
            ("one-of", Match::OneOf),
            ("contains", Match::Contains),
            ("contains-ignoring-case", Match::ContainsIgnoringCase),
            ("before", Match::Before),
            ("after", Match::After),
        ];
        self.needed(fields, "match");
        let matches = self.word(fields, "match", &matches);
        Some(Filter {
            set: set?,
            item: item?,
            matches: matches?,
        })
    }

    fn needed_ask(&mut self, fields: &Fields<'d>) -> Option<Ask> {
        if fields.get("set").is_none() {
            self.error(CODE, "`set` is missing", &fields.place);
            return None;
        }
        Some(self.ask(fields.place.join("set")))
    }

    /// A map from places in a request to values.
    fn ask(&mut self, place: Pointer) -> Ask {
        let document = self.document;
        let Some(map) = document.map(&place) else {
            self.error(CODE, "this is a map from expressions to values", &place);
            return Ask::new();
        };
        let mut ask = IndexMap::with_capacity(map.len());
        for (key, value) in map {
            let asked = parse_expression(key).filter(|expression| {
                !matches!(
                    expression,
                    Expression::ResponseHeader(_) | Expression::ResponseBody(_)
                )
            });
            match asked {
                Some(expression) => {
                    ask.insert(expression, value.clone());
                }
                None => self.not_an_expression(CODE, key, &place.join(key)),
            }
        }
        ask
    }

    /// What profiles name must exist: parameters, operations and, as far as schemas tell, places
    /// in bodies.
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
                "pagination-operation",
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
        let (location, name) = match expression {
            Expression::RequestPath(name) => (Location::Path, name),
            Expression::RequestQuery(name) => (Location::Query, name),
            Expression::RequestHeader(name) => (Location::Header, name),
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
            Expression::ResponseHeader(_) => return,
        };
        let exists = operation.parameters.iter().any(|parameter| {
            parameter.location == location
                && (parameter.name == *name
                    || (location == Location::Header && parameter.name.eq_ignore_ascii_case(name)))
        });
        if exists {
            return;
        }
        let names = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.location == location)
            .map(|parameter| parameter.name.as_str());
        let mut diagnostic = Diagnostic::error(
            "pagination-parameter",
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
                    "pagination-pointer",
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
                    "pagination-pointer",
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
                Diagnostic::error("pagination-pointer", "the items are not a list")
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
                        "pagination-pointer",
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
fn asks(pagination: &Pagination) -> Vec<(&Ask, Pointer)> {
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
