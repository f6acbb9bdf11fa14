//! What must not be shown: values of credentials, wherever they turn up.

use super::SessionError;
use crate::Request;

/// Headers whose values are secret whatever a document says.
const ALWAYS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "api-key",
];

/// What the kit itself sends as wrong credentials is no secret.
pub(crate) const WRONG: &str = "plumbline-wrong-credentials";

/// The target's headers, resolved and as they may be shown, and the values to keep back.
pub(super) struct Secrets {
    resolved: Vec<(String, String)>,
    shown: Vec<(String, String)>,
    /// Secret value and the name that stands for it.
    values: Vec<(String, String)>,
    /// Names of secret headers, in lower case.
    names: Vec<String>,
}

impl Secrets {
    pub(super) fn resolve(headers: &[(String, String)]) -> Result<Self, SessionError> {
        let mut secrets = Self {
            resolved: Vec::new(),
            shown: Vec::new(),
            values: Vec::new(),
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
                    secrets.keep_back(own, format!("${variable}"));
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
                let variable = variable_for(name);
                found.push((std::mem::replace(value, variable.clone()), variable));
            }
        }
        for (value, variable) in found {
            // Without the scheme, which an answer may repeat without harm.
            let bare = value.rsplit(' ').next().unwrap_or_default().to_owned();
            self.keep_back(bare, variable.clone());
            self.keep_back(value, variable);
        }
    }

    fn keep_back(&mut self, value: String, name: String) {
        // A short value, or an ordinary word (`default` names a workspace), would rewrite what a
        // body says before it is judged; as a secret it guards nothing.
        let word = value.len() < 8 && value.chars().all(|letter| letter.is_ascii_lowercase());
        if value.len() >= 4 && !word && !self.values.iter().any(|(own, _)| *own == value) {
            self.values.push((value, name));
            // The longest first: one secret may hold another.
            self.values
                .sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        }
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
                *value = variable_for(name);
            }
        }
        for (name, value) in &mut request.query {
            let secret = self.names.contains(&name.to_ascii_lowercase());
            if secret && !value.contains(WRONG) {
                *value = variable_for(name);
            }
        }
        request
    }

    /// A response header as it may be kept.
    pub(super) fn masked(&self, name: &str, value: &str) -> String {
        if name.eq_ignore_ascii_case("set-cookie") {
            return "[taken out: response header set-cookie]".to_owned();
        }
        self.values
            .iter()
            .fold(value.to_owned(), |text, (secret, variable)| {
                if text.contains(secret.as_str()) {
                    text.replace(secret.as_str(), variable)
                } else {
                    text
                }
            })
    }

    /// A body as it may be kept: a server may repeat what it was sent.
    pub(super) fn masked_body(&self, mut body: Vec<u8>) -> Vec<u8> {
        for (secret, variable) in &self.values {
            let finder = memchr::memmem::Finder::new(secret.as_bytes());
            if finder.find(&body).is_none() {
                continue;
            }
            let mut out = Vec::with_capacity(body.len());
            let mut rest = body.as_slice();
            while let Some(at) = finder.find(rest) {
                let (before, from) = rest.split_at(at);
                out.extend_from_slice(before);
                out.extend_from_slice(variable.as_bytes());
                rest = from.get(secret.len()..).unwrap_or_default();
            }
            out.extend_from_slice(rest);
            body = out;
        }
        body
    }
}

/// `X-Api-Key` becomes `$X_API_KEY`.
fn variable_for(header: &str) -> String {
    let name: String = header
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("${name}")
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
    use super::{Secrets, substituted, variable_for};

    #[test]
    fn a_value_that_names_no_variable_is_plain() {
        assert_eq!(substituted("a $5 note"), Ok("a $5 note".to_owned()));
        assert_eq!(
            substituted("Bearer ${PLUMBLINE_NO_SUCH}"),
            Err("PLUMBLINE_NO_SUCH".to_owned())
        );
        assert_eq!(variable_for("X-Api-Key"), "$X_API_KEY");
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
            secrets.masked_body(b"no such key: s3cr3t-t0ken; s3cr3t-t0ken!".to_vec()),
            b"no such key: $AUTHORIZATION; $AUTHORIZATION!"
        );
        assert!(!secrets.masked("set-cookie", "sid=1").contains("sid"));
    }
}
