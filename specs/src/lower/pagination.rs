//! `x-pagination`: the profile of a list operation, read.

use super::Lowerer;
use super::extension::{Fields, parse_expression};
use crate::Pointer;
use crate::api::{
    Echo, EmptyToken, Expression, Filter, Match, NoItems, Order, Pagination, PaginationStyle,
    PastTheEnd, RequestValues, SizeEcho, Sort, SortKey, StyleKind,
};
use crate::extensions::PAGINATION;
use crate::{Code, codes};
use indexmap::IndexMap;
use serde_json::Value;

pub(super) const CODE: Code = codes::INVALID_PAGINATION;

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
        // One that is missing, or none that is known, is said below.
        let known = PAGINATION.names(Some(StyleKind::named(name).unwrap_or(StyleKind::Link)));
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
        let no_items = [("empty", NoItems::Empty), ("absent", NoItems::Absent)];
        let no_items = self.word(&fields, "no_items", &no_items);
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
            no_items,
        })
    }

    fn style(&mut self, fields: &Fields<'d>, name: &str) -> Option<PaginationStyle> {
        let next = self.expression(fields, "next");
        match StyleKind::named(name) {
            Some(StyleKind::Page) => Some(PaginationStyle::Page {
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
            Some(StyleKind::Offset) => Some(PaginationStyle::Offset {
                offset: self.needed_expression(fields, "offset")?,
                next,
            }),
            Some(StyleKind::Cursor) => {
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
            Some(StyleKind::Link) => {
                if fields.get("next").is_none() {
                    self.error(CODE, "`next` is missing", &fields.place);
                }
                Some(PaginationStyle::Link { next: next? })
            }
            None if name.is_empty() => None,
            None => {
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

    fn needed_ask(&mut self, fields: &Fields<'d>) -> Option<RequestValues> {
        if fields.get("set").is_none() {
            self.error(CODE, "`set` is missing", &fields.place);
            return None;
        }
        Some(self.ask(fields.place.join("set")))
    }

    /// A map from places in a request to values.
    fn ask(&mut self, place: Pointer) -> RequestValues {
        let document = self.document;
        let Some(map) = document.map(&place) else {
            self.error(CODE, "this is a map from expressions to values", &place);
            return RequestValues::new();
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
}
