//! A whole profile: what every style has, and the sentence that goes with it.

use super::{Attempt, Paging, Places, Position};
use crate::Pointer;
use crate::api::Expression;
use crate::suggest::place::{Found, Shape, default, properties, shape};
use crate::suggest::words::{MORE, PERHAPS_SIZE, SIZE, TOTAL_OF, joined, singular};
use serde_json::{Map, Value};

impl Places<'_> {
    /// Where the size of a page is asked for, and whether its name says so.
    pub(super) fn size(&self) -> Option<(&Found<'_>, bool)> {
        let plain = self.asked(&SIZE, Shape::Number).map(|size| (size, true));
        plain.or_else(|| {
            let perhaps = self.asked(&PERHAPS_SIZE, Shape::Number)?;
            let schemas = &self.api.schemas;
            let text = perhaps.description.unwrap_or_default().to_lowercase();
            let told = default(schemas, perhaps.schema).is_some()
                || text.contains("page")
                || text.contains("number of");
            Some((perhaps, told))
        })
    }

    pub(super) fn size_for(&self, attempt: &mut Attempt) {
        let Some((size, plain)) = self.size() else {
            return;
        };
        let key = match attempt.style {
            "page" | "link" => "size",
            _ => "limit",
        };
        attempt.own(key, &size.expression);
        attempt.evidence(format!("`{}` bounds a page", size.name));
        let other = self
            .asked(&PERHAPS_SIZE, Shape::Number)
            .filter(|other| other.joined != size.joined);
        if let Some(other) = other {
            let doubt = format!("so may `{}`", other.name);
            attempt.doubts.push(doubt);
        }
        if !plain {
            let doubt = format!("`{}` may be something else than a size", size.name);
            attempt.doubts.push(doubt);
        }
    }

    /// The number of all items.
    pub(super) fn total(&self) -> Option<&Found<'_>> {
        let items = joined(self.page.name);
        let numbers = || {
            self.page
                .members
                .iter()
                .filter(|member| member.shape == Shape::Number)
        };
        let named = TOTAL_OF.iter().copied().chain([items.as_str()]);
        let total = named
            .map(|of| format!("total{of}"))
            .find_map(|name| numbers().find(|member| member.joined == name));
        // Django's `count` beside `next` and `previous`; alone it may be the page's own.
        let chained = ["next", "previous"].iter().all(|name| {
            self.page
                .members
                .iter()
                .any(|member| member.joined == *name)
        });
        total.or_else(|| numbers().find(|member| chained && member.joined == "count"))
    }

    /// The flag that more follows.
    pub(super) fn more(&self) -> Option<&Found<'_>> {
        self.page
            .members
            .iter()
            .find(|member| member.shape == Shape::Flag && MORE.contains(&member.joined.as_str()))
    }

    /// A whole profile.
    pub(super) fn profile(&self, mut attempt: Attempt) -> Paging {
        let mut profile = Map::new();
        let mut put = |key: &str, expression: &Expression| {
            profile.insert(key.to_owned(), Value::String(expression.to_string()));
        };
        let text = |expression: &Expression| Value::String(expression.to_string());
        let mut echo = Map::new();
        let repeated = |name: &str| {
            self.page
                .members
                .iter()
                .find(|member| member.shape == Shape::Number && member.joined == name)
        };
        put("items", &self.page.items);
        if let Some(total) = self.total() {
            put("total", &total.expression);
            attempt.evidence(format!("`{}` is the number of all", total.name));
        }
        if let Some(more) = self.more().filter(|_| attempt.style != "link") {
            put("more", &more.expression);
            attempt.evidence(format!("`{}` says whether more follows", more.name));
        }
        if let Some(position) = &attempt.position
            && let Some(member) = repeated(&position.joined)
        {
            let key = match attempt.style {
                "page" => Some("number"),
                "offset" => Some("offset"),
                _ => None,
            };
            if let Some(key) = key {
                echo.insert(key.to_owned(), text(&member.expression));
            }
        }
        if let Some((size, _)) = self.size()
            && let Some(member) = repeated(&size.joined)
            && matches!(attempt.style, "page" | "offset")
        {
            let key = if attempt.style == "page" {
                "size"
            } else {
                "limit"
            };
            echo.insert(key.to_owned(), text(&member.expression));
        }
        let mut whole = Map::new();
        whole.insert("style".to_owned(), Value::String(attempt.style.to_owned()));
        whole.extend(
            attempt
                .own
                .drain(..)
                .map(|(key, value)| (key.to_owned(), value)),
        );
        for key in ["items", "total", "more"] {
            whole.extend(profile.shift_remove_entry(key));
            if key == "items"
                && let Some(key) = self.key()
            {
                whole.insert("key".to_owned(), Value::String(key.to_string()));
            }
        }
        if !echo.is_empty() {
            whole.insert("echo".to_owned(), Value::Object(echo));
        }
        match &self.page.chosen {
            Ok(why) => attempt.evidence.extend(why.clone()),
            Err(doubt) => attempt.doubts.push(doubt.clone()),
        }
        Paging {
            sentence: attempt.sentence(),
            profile: whole,
            evidence: attempt.evidence,
            doubts: attempt.doubts,
        }
    }

    /// What identifies an item.
    fn key(&self) -> Option<Pointer> {
        let schemas = &self.api.schemas;
        let members = properties(schemas, self.page.element)?;
        let own = format!("{}id", singular(&joined(self.page.name)));
        ["id", "uuid", own.as_str()].into_iter().find_map(|wanted| {
            let (name, _) = members.iter().find(|(name, property)| {
                joined(name) == wanted
                    && matches!(shape(schemas, property.schema), Shape::Text | Shape::Number)
            })?;
            Some(Pointer::root().join(name))
        })
    }
}

impl Attempt {
    /// How it is walked, in one sentence.
    fn sentence(&self) -> String {
        let by = match self.style {
            "page" => "page number",
            "offset" => "offset",
            "link" => return "Walked by the Link header.".to_owned(),
            _ => "cursor",
        };
        match &self.position {
            Some(Position { name, place, .. }) => {
                format!("Walked by {by}, `{name}` in the {place}.")
            }
            None => format!("Walked by {by}."),
        }
    }
}
