//! Secrets in URLs, wherever a text holds one: by the names of parameters, and before a host.

use super::{Declared, Spot, Visitor, decoded, encoded_unless_variable};
use crate::contract;
use crate::secrets::variable_for;
use regex::{Captures, Regex};
use serde_json::Value;
use std::sync::LazyLock;

/// A parameter of a URL's query or fragment, within a text.
static PARAMETER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"([?&#])([\w.~%\[\]-]+)=([^&#\s"'<>;]+)"#).ok());

/// RFC 3986, section 3.2.1: a user and a password before a host.
static USER_INFO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"([A-Za-z][A-Za-z0-9+.-]*://)([^\s/?#:@"'<>]*):([^\s/?#@"'<>]+)@"#).ok()
});

/// A parameter of a path's segment (RFC 3986, section 3.3).
static MATRIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(;|%3[Bb])([\w.~%\[\]-]+?)(=|%3[Dd])([^;/?#&]+)").ok());

impl Declared<'_> {
    /// A text in which parts of URLs are secret; `None` where none are.
    pub(super) fn in_url(&self, text: &str, visitor: &mut Visitor<'_>) -> Option<String> {
        let shown = self.in_user_info(text, visitor);
        let own = shown.as_deref().unwrap_or(text);
        self.in_parameters(own, visitor).or(shown)
    }

    fn in_parameters(&self, text: &str, visitor: &mut Visitor<'_>) -> Option<String> {
        if !text.contains('=') || !text.contains(['?', '#']) {
            return None;
        }
        let after = PARAMETER
            .as_ref()?
            .replace_all(text, |found: &Captures<'_>| {
                let (name, value) = (group(found, 2), group(found, 3));
                match self.parameter_of_url(name, value, visitor) {
                    Some(after) => format!("{}{name}={after}", group(found, 1)),
                    None => group(found, 0).to_owned(),
                }
            });
        (after != text).then(|| after.into_owned())
    }

    /// A path whose segments have parameters that are secret by their names; `None` where none are.
    pub(super) fn in_matrix(&self, path: &str, visitor: &mut Visitor<'_>) -> Option<String> {
        if !path.contains([';', '%']) {
            return None;
        }
        let after = MATRIX.as_ref()?.replace_all(path, |found: &Captures<'_>| {
            let (name, value) = (group(found, 2), group(found, 4));
            match self.parameter_of_url(name, value, visitor) {
                Some(after) => format!("{}{name}{}{after}", group(found, 1), group(found, 3)),
                None => group(found, 0).to_owned(),
            }
        });
        (after != path).then(|| after.into_owned())
    }

    fn parameter_of_url(
        &self,
        name: &str,
        value: &str,
        visitor: &mut Visitor<'_>,
    ) -> Option<String> {
        let name = decoded(name);
        let spot = Spot {
            variable: variable_for(self.named_in(&name)?),
            schema: None,
            header: false,
        };
        match visitor(&spot, &decoded(value).into()) {
            Some(Value::String(after)) => Some(encoded_unless_variable(&after)),
            _ => None,
        }
    }

    fn in_user_info(&self, text: &str, visitor: &mut Visitor<'_>) -> Option<String> {
        if !text.contains("://") || !text.contains('@') {
            return None;
        }
        let after = USER_INFO
            .as_ref()?
            .replace_all(text, |found: &Captures<'_>| {
                let mut part = |variable: &str, text: &str| {
                    let spot = Spot {
                        variable: variable.to_owned(),
                        schema: None,
                        header: false,
                    };
                    match visitor(&spot, &contract::decoded(text).into()) {
                        Some(Value::String(after)) => encoded_unless_variable(&after),
                        _ => text.to_owned(),
                    }
                };
                let user = group(found, 2);
                // As a secret an ordinary word guards nothing, and it stands elsewhere too.
                let user = if user.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    user.to_owned()
                } else {
                    part("USER", user)
                };
                let password = part("PASSWORD", group(found, 3));
                format!("{}{user}:{password}@", group(found, 1))
            });
        (after != text).then(|| after.into_owned())
    }
}

fn group<'t>(found: &Captures<'t>, index: usize) -> &'t str {
    found.get(index).map_or("", |own| own.as_str())
}

#[cfg(test)]
mod tests {
    use super::Declared;
    use serde_json::Value;

    #[test]
    fn secrets_of_urls_are_found_and_the_rest_stays() {
        let declared = Declared::by_name();
        for (text, after) in [
            ("/a?access_token=x1&b=2", Some("/a?access_token=!x1&b=2")),
            ("/a?filter[password]=x1", Some("/a?filter[password]=!x1")),
            ("/a?b%5Bapi_key%5D=x1#c", Some("/a?b%5Bapi_key%5D=!x1#c")),
            (
                "<http://h/#auth.secret=x1>; a=b",
                Some("<http://h/#auth.secret=!x1>; a=b"),
            ),
            (
                "http://u1:p%401@h/?password=p2",
                Some("http://!u1:!p%401@h/?password=!p2"),
            ),
            (
                "see postgres://app:p+1@h/db",
                Some("see postgres://app:!p%2B1@h/db"),
            ),
            ("redis://:p1@h", Some("redis://:!p1@h")),
            ("https://u1@h:8080/a@b:c", None),
            ("/a?starting_token=x1&passwords[0]=2", None),
        ] {
            let found = declared.in_url(text, &mut |_, value| {
                Some(Value::from(format!("!{}", value.as_str().unwrap())))
            });
            let found = found.map(|own| own.replace("%21", "!"));
            assert_eq!(found.as_deref(), after, "{text}");
        }
        for (path, after) in [
            ("/a;access_token=x1/b", Some("/a;access_token=!x1/b")),
            ("/a;v=1;secret=x1;w=2", Some("/a;v=1;secret=!x1;w=2")),
            ("/a%3Bapi_key%3Dx1/b", Some("/a%3Bapi_key%3D!x1/b")),
            ("/a;page=1", None),
            ("/a%20b", None),
        ] {
            let found = declared.in_matrix(path, &mut |_, value| {
                Some(Value::from(format!("!{}", value.as_str().unwrap())))
            });
            let found = found.map(|own| own.replace("%21", "!"));
            assert_eq!(found.as_deref(), after, "{path}");
        }
    }
}
