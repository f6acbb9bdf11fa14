//! Places that a user declares secret.

use serde_json_path::JsonPath;
use std::fmt;
use std::str::FromStr;

/// A place that a user declares secret.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A query parameter, by name.
    Query(String),
    /// A header of requests and answers, by name.
    Header(String),
    /// What a JSON Path (RFC 9535) selects in bodies that are JSON, and among the fields of forms.
    Body(JsonPath),
}

impl FromStr for Place {
    type Err = String;

    /// Reads `query:NAME`, `header:NAME` or a JSON Path, which begins with `$`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |prefix: &str| {
            text.strip_prefix(prefix)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
        };
        if let Some(name) = named("query:") {
            return Ok(Self::Query(name));
        }
        if let Some(name) = named("header:") {
            return Ok(Self::Header(name));
        }
        if text.starts_with('$') {
            return JsonPath::parse(text)
                .map(Self::Body)
                .map_err(|error| format!("this is no JSON Path: {error}"));
        }
        Err("expected query:NAME, header:NAME or a JSON Path".to_owned())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(name) => write!(formatter, "query:{name}"),
            Self::Header(name) => write!(formatter, "header:{name}"),
            Self::Body(path) => write!(formatter, "{path}"),
        }
    }
}

/// A header and the environment variable that its value becomes in fixtures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// The header's name.
    pub header: String,
    /// The variable's name, without the dollar sign.
    pub variable: String,
}

impl FromStr for Map {
    type Err = String;

    /// Reads `HEADER=$VAR`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (header, variable) = text
            .split_once("=$")
            .filter(|(header, variable)| !header.is_empty() && is_name(variable))
            // What was typed is not repeated: it may be the secret itself.
            .ok_or("expected HEADER=$VARIABLE; a shell needs it in single quotes")?;
        Ok(Self {
            header: header.to_owned(),
            variable: variable.to_owned(),
        })
    }
}

/// Whether a text can be an environment variable's name.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

impl fmt::Display for Map {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}=${}", self.header, self.variable)
    }
}

/// `X-Api-Key` becomes `X_API_KEY`.
pub(crate) fn variable_for(name: &str) -> String {
    let mut variable: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if !variable.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        variable.insert(0, '_');
    }
    variable
}

#[cfg(test)]
mod tests {
    use super::{Map, Place, variable_for};

    #[test]
    fn places_are_read() {
        assert!(matches!("query:key".parse(), Ok(Place::Query(name)) if name == "key"));
        assert!(matches!("header:X-Key".parse(), Ok(Place::Header(name)) if name == "X-Key"));
        assert!(matches!("$.a[*].b".parse(), Ok(Place::Body(_))));
        for wrong in ["query:", "cookie:a", "$[", "", "a.b"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
        let map: Map = "X-Key=$KEY".parse().unwrap();
        assert_eq!(map.to_string(), "X-Key=$KEY");
        assert!(
            !"X-Key=hunter22"
                .parse::<Map>()
                .unwrap_err()
                .contains("hunter")
        );
        assert_eq!(variable_for("2-x"), "_2_X");
    }
}
