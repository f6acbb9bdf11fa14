//! JSONPaths (RFC 9535) to what an overlay changes.

use crate::Pointer;
use crate::api::{Api, Operation};
use std::collections::HashMap;

/// The members that are lists; elsewhere a number is a name, as a status is.
const LISTS: [&str; 5] = ["parameters", "allOf", "anyOf", "oneOf", "prefixItems"];

/// The ways to the operations of a document.
pub(super) struct Paths<'a> {
    /// How many operations have an operationId.
    ids: HashMap<&'a str, usize>,
}

impl<'a> Paths<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let mut ids = HashMap::new();
        let all = api
            .operations
            .iter()
            .chain(api.callbacks.iter().map(|callback| &callback.operation));
        for id in all.filter_map(|operation| operation.id.as_deref()) {
            *ids.entry(id).or_default() += 1;
        }
        Self { ids }
    }

    /// An operation by its operationId, which outlives its path; by its place where the id is
    /// not its own or would need quoting.
    pub(super) fn operation(&self, operation: &Operation) -> String {
        let plain = |id: &&str| {
            self.ids.get(id) == Some(&1)
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        };
        match operation.id.as_deref().filter(plain) {
            Some(id) => format!("$.paths.*[?@.operationId == '{id}']"),
            None => place(&operation.place),
        }
    }
}

/// The node at a pointer.
pub(super) fn place(pointer: &Pointer) -> String {
    let mut path = "$".to_owned();
    let mut above = String::new();
    for token in pointer.tokens() {
        let listed = LISTS.contains(&above.as_str())
            && !token.is_empty()
            && token.bytes().all(|byte| byte.is_ascii_digit());
        let mut first = token.chars();
        let name = first
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && first.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if name {
            path.push('.');
            path.push_str(&token);
        } else if listed {
            path.push_str(&format!("[{token}]"));
        } else {
            path.push_str(&format!("[{}]", quoted(&token)));
        }
        above = token;
    }
    path
}

/// A string as RFC 9535 quotes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            control if control.is_control() => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::Pointer;

    #[test]
    fn a_place_is_quoted_where_it_must_be() {
        let at = Pointer::root().join("paths").join("/it's/{id}").join("get");
        assert_eq!(place(&at), r"$.paths['/it\'s/{id}'].get");
        let answer = at.join("responses").join("200");
        assert_eq!(
            place(&answer),
            r"$.paths['/it\'s/{id}'].get.responses['200']"
        );
        let at = at.join("parameters").index(2);
        assert_eq!(place(&at), r"$.paths['/it\'s/{id}'].get.parameters[2]");
    }
}
