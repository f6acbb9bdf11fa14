//! The target's headers: with their variables filled in, as they may be shown, and what of them
//! is secret.

use super::SessionError;
use crate::secrets::{ALWAYS, Masks, variable_for};
use crate::{Exchange, Request};

/// What the kit itself sends as wrong credentials is no secret.
pub(crate) const WRONG: &str = "plumbline-wrong-credentials";

/// The target's headers, resolved and as they may be shown, and what is to be hidden.
pub(super) struct Secrets {
    resolved: Vec<(String, String)>,
    shown: Vec<(String, String)>,
    masks: Masks,
    /// Names of secret headers, in lower case.
    names: Vec<String>,
}

impl Secrets {
    pub(super) fn resolve(headers: &[(String, String)]) -> Result<Self, SessionError> {
        let mut secrets = Self {
            resolved: Vec::new(),
            shown: Vec::new(),
            masks: Masks::default(),
            names: ALWAYS.map(str::to_owned).to_vec(),
        };
        for (name, value) in headers {
            let resolved =
                substituted(value).map_err(|variable| SessionError::MissingVariable {
                    header: name.clone(),
                    variable,
                })?;
            for variable in variables(value) {
                if let Ok(own) = std::env::var(&variable) {
                    secrets.masks.keep_back(&own, &format!("${variable}"));
                }
            }
            secrets.resolved.push((name.clone(), resolved));
            secrets.shown.push((name.clone(), value.clone()));
        }
        secrets.hide_literals();
        Ok(secrets)
    }

    pub(super) fn declare(&mut self, names: impl IntoIterator<Item = String>) {
        self.names
            .extend(names.into_iter().map(|name| name.to_ascii_lowercase()));
        self.hide_literals();
    }

    /// A secret that was given literally is shown as a variable named after its header.
    fn hide_literals(&mut self) {
        let mut found = Vec::new();
        for (name, value) in &mut self.shown {
            if !value.contains('$') && self.names.contains(&name.to_ascii_lowercase()) {
                let variable = format!("${}", variable_for(name));
                found.push((std::mem::replace(value, variable.clone()), variable));
            }
        }
        for (value, variable) in found {
            self.masks.keep_back_header(&value, &variable);
        }
    }

    /// Hides one more value; `name` is the variable that stands for it.
    pub(super) fn keep_back(&mut self, value: &str, name: &str) {
        self.masks.keep_back(value, &format!("${name}"));
    }

    pub(super) fn masks(&self) -> &Masks {
        &self.masks
    }

    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.resolved
    }

    pub(super) fn shown(&self) -> &[(String, String)] {
        &self.shown
    }

    /// A request as it may be kept.
    pub(super) fn hidden(&self, mut request: Request) -> Request {
        for (name, value) in &mut request.headers {
            let secret = self.names.contains(&name.to_ascii_lowercase());
            if secret && !value.is_empty() && !value.contains('$') && !value.contains(WRONG) {
                let shown = self.masks.text(value);
                *value = if is_masked(&shown) {
                    shown
                } else {
                    format!("${}", variable_for(name))
                };
            }
        }
        for (name, value) in &mut request.query {
            let secret = self.names.contains(&name.to_ascii_lowercase());
            if secret && !value.contains(WRONG) {
                *value = format!("${}", variable_for(name));
            }
        }
        request
    }

    /// An exchange as it may be shown: a server may repeat what it was sent.
    pub(super) fn shown_exchange(&self, exchange: &Exchange) -> Exchange {
        self.masks.exchange(exchange)
    }
}

/// Whether nothing of a credential is left but variables, schemes and the names of cookies.
fn is_masked(value: &str) -> bool {
    value.split(';').all(|part| {
        let part = part.trim();
        let value = part
            .split_once(['=', ' '])
            .map_or(part, |(_, value)| value.trim());
        value.strip_prefix('$').is_some_and(is_name)
    })
}

/// The environment variables that a value names: `$NAME` or `${NAME}`, anywhere in it.
fn variables(value: &str) -> Vec<String> {
    pieces(value)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.to_owned()),
            Piece::Text(_) => None,
        })
        .collect()
}

/// A value with its variables filled in; `Err` names one that is not set.
pub(super) fn substituted(value: &str) -> Result<String, String> {
    if !value.contains('$') {
        return Ok(value.to_owned());
    }
    let mut out = String::new();
    for piece in pieces(value) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Variable(name) => {
                out.push_str(&std::env::var(name).map_err(|_| name.to_owned())?);
            }
        }
    }
    Ok(out)
}

enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

fn pieces(value: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        pieces.push(Piece::Text(before));
        let braced = after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .filter(|(name, _)| is_name(name));
        let end = after
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
            .unwrap_or(after.len());
        let (plain, tail) = after.split_at(end);
        rest = if let Some((name, tail)) = braced {
            pieces.push(Piece::Variable(name));
            tail
        } else if is_name(plain) {
            pieces.push(Piece::Variable(plain));
            tail
        } else {
            pieces.push(Piece::Text("$"));
            after
        };
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::{Secrets, substituted};

    #[test]
    fn a_value_that_names_no_variable_is_plain() {
        assert_eq!(substituted("a $5 note"), Ok("a $5 note".to_owned()));
        assert_eq!(
            substituted("Bearer ${PLUMBLINE_NO_SUCH}"),
            Err("PLUMBLINE_NO_SUCH".to_owned())
        );
    }

    #[test]
    fn a_credential_is_shown_when_nothing_of_it_is_left() {
        for (value, masked) in [
            ("Bearer $KEY", true),
            ("$KEY", true),
            ("sid=$SID; theme=$THEME", true),
            ("sid=$SID; theme=dark", false),
            ("Bearer rest-$KEY", false),
            ("s3cret", false),
        ] {
            assert_eq!(super::is_masked(value), masked, "{value}");
        }
    }

    #[test]
    fn a_literal_secret_is_shown_nowhere() {
        let headers = [("Authorization".to_owned(), "Bearer s3cr3t-t0ken".to_owned())];
        let secrets = Secrets::resolve(&headers).unwrap();
        assert_eq!(
            secrets.shown(),
            [("Authorization".to_owned(), "$AUTHORIZATION".to_owned())]
        );
        assert_eq!(
            secrets
                .masks()
                .text("no such key: s3cr3t-t0ken; s3cr3t-t0ken!"),
            "no such key: $AUTHORIZATION; $AUTHORIZATION!"
        );
    }
}
