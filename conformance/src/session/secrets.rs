//! The target's headers as they may be shown, and what of them is secret.

use crate::secrets::{ALWAYS, Masks, is_name, variable_for};
use crate::{Exchange, Request, UserHeader};

/// What the kit itself sends as wrong credentials is no secret.
pub(crate) const WRONG: &str = "plumbline-wrong-credentials";

/// The target's headers as they may be shown, and what is to be hidden.
pub(super) struct Secrets {
    shown: Vec<(String, String)>,
    masks: Masks,
    /// Names of secret headers, in lower case.
    names: Vec<String>,
    /// The headers whose values were typed as they are, by their place.
    literal: Vec<bool>,
}

impl Secrets {
    pub(super) fn new(headers: &[UserHeader]) -> Self {
        let mut secrets = Self {
            shown: Vec::new(),
            masks: Masks::default(),
            names: ALWAYS.map(str::to_owned).to_vec(),
            literal: Vec::new(),
        };
        for header in headers {
            let mut literal = true;
            for (name, value) in header.value.variables() {
                secrets.masks.keep_back(value, &format!("${name}"));
                literal = false;
            }
            let shown = (header.name.clone(), header.value.typed());
            secrets.shown.push(shown);
            secrets.literal.push(literal);
        }
        secrets.hide_literals();
        secrets
    }

    pub(super) fn declare(&mut self, names: impl IntoIterator<Item = String>) {
        self.names
            .extend(names.into_iter().map(|name| name.to_ascii_lowercase()));
        self.hide_literals();
    }

    /// A secret that was typed as it is is shown as a variable named after its header.
    fn hide_literals(&mut self) {
        for ((name, value), literal) in self.shown.iter_mut().zip(&mut self.literal) {
            if *literal && self.names.contains(&name.to_ascii_lowercase()) {
                let variable = format!("${}", variable_for(name));
                let secret = std::mem::replace(value, variable.clone());
                self.masks.keep_back_header(&secret, &variable);
                *literal = false;
            }
        }
    }

    /// Hides one more value; `name` is the variable that stands for it.
    pub(super) fn keep_back(&mut self, value: &str, name: &str) {
        self.masks.keep_back(value, &format!("${name}"));
    }

    pub(super) fn masks(&self) -> &Masks {
        &self.masks
    }

    pub(super) fn shown(&self) -> &[(String, String)] {
        &self.shown
    }

    /// A request as it may be kept. Where the value of a credential is nothing that the user gave,
    /// the name of the place stands for it, and is no variable.
    pub(super) fn hidden(&self, mut request: Request) -> Request {
        let is_secret = |name: &str| self.names.contains(&name.to_ascii_lowercase());
        let masked = |name: &str, value: &str| {
            let shown = self.masks.text(value);
            if is_masked(&shown) {
                shown
            } else {
                format!("${}", variable_for(name))
            }
        };
        if !request
            .headers
            .iter()
            .chain(&request.query)
            .any(|(name, _)| is_secret(name))
        {
            return request;
        }
        let before = request.clone();
        for (name, value) in request.headers.iter_mut().chain(&mut request.query) {
            if is_secret(name) && !value.is_empty() && !value.contains(WRONG) {
                *value = masked(name, value);
            }
        }
        self.masks.name_variables(&before, &mut request);
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

#[cfg(test)]
mod tests {
    use super::Secrets;
    use crate::UserHeader;

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
        let header = UserHeader::read("Authorization", "Bearer s3cr3t-t0ken").unwrap();
        let secrets = Secrets::new(&[header]);
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
