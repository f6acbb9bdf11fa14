//! What the user typed: the one text in which `$NAME` is a variable of the environment.
//!
//! A value of a document, a server, a fixture or a recording never comes here, so nothing of them is
//! ever expanded.

use crate::secrets::is_name;
use std::fmt;

/// A text names an environment variable that is not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable `{0}` is not set")]
pub struct MissingVariable(pub String);

/// A text of the user's, its `$NAME` and `${NAME}` filled in when it was read. `Debug` shows the names
/// of the variables alone: the text beside them may be a secret as well.
#[derive(Clone, PartialEq, Eq)]
pub struct UserText(Vec<Piece>);

#[derive(Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable { name: String, value: String },
}

impl UserText {
    /// Reads what was typed, and fills in its variables from the environment.
    ///
    /// # Errors
    ///
    /// When a variable is not set.
    pub fn read(typed: &str) -> Result<Self, MissingVariable> {
        split(typed)
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => Ok(Piece::Text(text.to_owned())),
                Part::Variable(name) => match std::env::var(name) {
                    Ok(value) => Ok(Piece::Variable {
                        name: name.to_owned(),
                        value,
                    }),
                    Err(_) => Err(MissingVariable(name.to_owned())),
                },
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// A text in which nothing is a variable.
    pub fn literal(text: impl Into<String>) -> Self {
        Self(vec![Piece::Text(text.into())])
    }

    /// What is read where every variable has the value.
    #[cfg(test)]
    pub(crate) fn of(typed: &str, value: &str) -> Self {
        let pieces = split(typed).into_iter().map(|part| match part {
            Part::Text(text) => Piece::Text(text.to_owned()),
            Part::Variable(name) => Piece::Variable {
                name: name.to_owned(),
                value: value.to_owned(),
            },
        });
        Self(pieces.collect())
    }

    /// The text with its variables filled in: a secret, to be sent and never to be shown.
    pub fn expose(&self) -> String {
        let values = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Variable { value, .. } => value,
        });
        values.collect()
    }

    /// The text as it was typed, `$NAME` where a variable stands.
    pub fn typed(&self) -> String {
        let mut typed = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => typed.push_str(text),
                Piece::Variable { name, .. } => {
                    typed.push('$');
                    typed.push_str(name);
                }
            }
        }
        typed
    }

    /// The variables, each with its value.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Variable { name, value } => Some((name.as_str(), value.as_str())),
        })
    }
}

impl fmt::Debug for UserText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserText(")?;
        for piece in &self.0 {
            match piece {
                Piece::Text(_) => formatter.write_str("…")?,
                Piece::Variable { name, .. } => write!(formatter, "${name}")?,
            }
        }
        formatter.write_str(")")
    }
}

/// A header of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserHeader {
    /// The header's name.
    pub name: String,
    /// Its value.
    pub value: UserText,
}

impl UserHeader {
    /// A header in which nothing is a variable.
    pub fn literal(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: UserText::literal(value),
        }
    }

    /// Reads a header that was typed; `$NAME` in its value is a variable of the environment.
    ///
    /// # Errors
    ///
    /// When a variable is not set.
    pub fn read(name: impl Into<String>, typed: &str) -> Result<Self, crate::SessionError> {
        let name = name.into();
        match UserText::read(typed) {
            Ok(value) => Ok(Self { name, value }),
            Err(MissingVariable(variable)) => Err(crate::SessionError::MissingVariable {
                header: name,
                variable,
            }),
        }
    }
}

/// A part of a text that the user typed.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// The parts of a text that the user typed: `$NAME` or `${NAME}` anywhere in it is a variable.
pub(crate) fn split(typed: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut text, mut rest) = (typed, typed);
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        let Some((name, tail)) = variable(after) else {
            continue;
        };
        let before = text.len() - after.len() - 1;
        if let Some(before) = text.get(..before).filter(|before| !before.is_empty()) {
            parts.push(Part::Text(before));
        }
        parts.push(Part::Variable(name));
        (text, rest) = (tail, tail);
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    parts
}

/// The name with which a text begins, in braces or without, and what comes after it.
fn variable(text: &str) -> Option<(&str, &str)> {
    let found = match text.strip_prefix('{') {
        Some(inner) => inner.split_once('}')?,
        None => {
            let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            text.split_at(end.unwrap_or(text.len()))
        }
    };
    Some(found).filter(|(name, _)| is_name(name))
}

#[cfg(test)]
mod tests {
    use super::{MissingVariable, UserText};

    #[test]
    fn a_text_that_names_no_variable_is_plain() {
        let text = UserText::read("a $5 note, $").unwrap();
        assert_eq!(text.expose(), "a $5 note, $");
        assert_eq!(format!("{text:?}"), "UserText(…)");
        assert_eq!(
            UserText::read("Bearer ${PLUMBLINE_NO_SUCH}"),
            Err(MissingVariable("PLUMBLINE_NO_SUCH".to_owned()))
        );
    }

    #[test]
    fn a_variable_is_filled_in_and_never_shown() {
        let path = std::env::var("PATH").unwrap();
        let text = UserText::read("a${PATH}b").unwrap();
        assert_eq!(text.expose(), format!("a{path}b"));
        assert_eq!(text.typed(), "a$PATHb");
        assert_eq!(format!("{text:?}"), "UserText(…$PATH…)");
    }
}
